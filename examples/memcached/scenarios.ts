/**
 * What can happen to a cache and its clients, and what must hold all the same. A scenario is a value: the machines, what may go wrong,
 * and properties over the trace. The same seed is the same run.
 */
import { always, defineScenario, eventually, integer, seconds, sometimes, type TraceEvent } from 'slipway';
import { Cache } from './cache.ts';
import { type Asked, askedIn, client } from './client.ts';
import { serve } from './server.ts';

const PORT = '11211';
const SERVER = '10.0.0.1'; // The first machine of a world.

export const daemons = {
  'memcached-server': serve(Cache),
  /** Words: how many values it stores, each read back. */
  'memcached-writer': client(([key = 'k', times = '1']) =>
    Array.from({ length: Number(times) }, (_, index) => [['set', key, `v${index}`] as const, ['get', key] as const]).flat(),
  ),
  /** Words: how often it counts. */
  'memcached-counter': client(([times = '1']) => [
    ['add', 'visits', '0'] as const, // Whoever comes second is told NOT_STORED: it is safe for all to do.
    ...Array.from({ length: Number(times) }, () => ['incr', 'visits'] as const),
    ['get', 'visits'] as const,
  ]),
};

/** A monitor of what clients asked. */
const watching = (see: (asked: Asked) => string | undefined) => ({
  see: (event: TraceEvent) => {
    const asked = askedIn(event);
    return asked === undefined ? undefined : see(asked);
  },
});

const allDone = eventually('all-are-answered', 'Every client comes to its end.', { within: seconds(30) }, () => {
  let left = 0;
  return {
    see: ({ kind, data }) => {
      if (kind === 'log' && data?.['event'] === 'begins') left += 1;
      if (kind === 'log' && data?.['event'] === 'done') left -= 1;
      return left === 0;
    },
    missing: () => `${left} are not answered`,
  };
});

const someAreLost = sometimes('an-answer-is-lost', 'A connection breaks between a question and its answer.', () => ({
  see: event => askedIn(event)?.answer === 'lost',
}));

/** Each writer has a key of its own: it reads what it stored, or what it may have stored when an answer was lost. */
const readsItsWrites = always('reads-its-writes', 'A client reads what it stored last, or what it tried to store since.', () => {
  const possible = new Map<string, readonly string[]>();
  return watching(({ key, verb, value, answer }) => {
    const before = possible.get(key) ?? [''];
    if (answer === undefined || verb === 'incr' || verb === 'add') return undefined;
    if (verb === 'set') possible.set(key, answer === 'STORED' ? [value] : [...before, value]);
    else if (answer !== 'lost' && !before.includes(answer)) return `${key} is '${answer}', and was stored as ${before.join(' or ')}`;
    return undefined;
  });
});

export const exchange = defineScenario({
  name: 'memcached/exchange',
  title: 'Clients store and read values while connections break and bytes come in pieces.',
  programs: daemons,
  workload: { clients: integer(1, 3), times: integer(1, 8) },
  build: (world, { clients, times }) => {
    world.machine('cache').start('memcached-server', [PORT, SERVER]);
    for (let each = 0; each < clients; each++)
      world.machine(`client-${each}`).start('memcached-writer', [SERVER, PORT, `key-${each}`, String(times)]);
  },
  properties: [readsItsWrites, allDone, someAreLost],
  faults: { kinds: { latency: 1, segmentation: 1, reset: 3 }, longest: seconds(1), programs: ['memcached-server'] },
  chaos: seconds(2),
});

/** incr is not safe to repeat: what is known of the sum is a range. */
const countsOnce = always('counts-once', 'A counter is more than what was answered before, and at most what was asked.', () => {
  let asked = 0;
  let answered = 0;
  /** Of each client that waits: how many had been answered when it asked. */
  const before = new Map<string, number>();
  return watching(({ process, verb, answer }) => {
    if (verb !== 'incr') return undefined;
    if (answer === undefined) {
      asked += 1;
      before.set(process, answered);
    } else if (answer !== 'lost') {
      answered += 1;
      const least = (before.get(process) ?? 0) + 1;
      if (!(Number(answer) >= least && Number(answer) <= asked)) return `${answer} is not from ${least} to ${asked}`;
    }
    return undefined;
  });
});

export const counter = defineScenario({
  name: 'memcached/counter',
  title: 'Two clients count the same visits.',
  programs: daemons,
  workload: { times: integer(1, 8) },
  build: (world, { times }) => {
    world.machine('cache').start('memcached-server', [PORT, SERVER]);
    for (const name of ['left', 'right']) world.machine(name).start('memcached-counter', [SERVER, PORT, String(times)]);
  },
  properties: [countsOnce, allDone, someAreLost],
  faults: { kinds: { latency: 1, segmentation: 1, reset: 3 }, longest: seconds(1), programs: ['memcached-server'] },
  chaos: seconds(2),
});
