/**
 * What must hold whatever goes wrong: nobody gets the reply of another; no host has two children; what critical() has taken is
 * done in the end; when it is over the network is whole again. Two machines, faults drawn from a seed.
 */
import { describe, expect, test } from 'vitest';
import { micros, seconds } from '../../../src/host/time.ts';
import { quirksOf } from '../../../src/impl/command-line/traps.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import { QUIRK, TRAPS } from '../../../src/impl/lonc/quirks.ts';
import { Prng } from '../../../src/sim/core/prng.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import type { Act, Acts, Run } from './bench.ts';
import { run } from './bench.ts';

const CHAOS_END = 1_500;
/** Long enough for a back-off, an attempt, and a look at the delayed messages. */
const LIVE_AT = 3_200;
const CLIENTS = [1, 2, 3, 4];

function faultsOf(prng: Prng): readonly Fault[] {
  return Array.from({ length: 2 + prng.below(5) }, (): Fault => {
    const at = seconds(20 + prng.below(CHAOS_END - 600));
    const duration = seconds(1 + prng.below(500));
    const program = prng.below(2) === 0 ? 'gateway-child' : 'lond-child';
    switch (prng.below(7)) {
      case 0:
        return { kind: 'partition', at, duration, shape: 'symmetric', machines: ['a', 'b'] };
      case 1:
        return { kind: 'partition', at, duration, shape: 'one-way', machines: prng.below(2) === 0 ? ['a', 'b'] : ['b', 'a'] };
      case 2:
        return { kind: 'kill', at, program, call: 1 + prng.below(50) };
      case 3:
        return { kind: 'reset', at, program };
      case 4:
        return { kind: 'half-open', at, program };
      case 5:
        return { kind: 'segmentation', at, duration, most: 1 + prng.below(5) };
      default:
        return { kind: 'latency', at, duration, extra: micros(1 + prng.below(3_000_000)) };
    }
  });
}

/** Every client asks for a value of its own, again and again, two requests at a time; now and then there is something critical. */
function chaos(seed: string, quirks: Iterable<Quirk> = []): Run {
  const prng = new Prng(`chaos/${seed}`);
  const faults = faultsOf(prng);
  const acts: (readonly [number, Act])[] = CLIENTS.map(n => [8, t => t.ask(`set${n}`, `put:dom:u${n}:env:k=v${n}`)]);
  for (let time = 15; time < CHAOS_END; time += 1 + prng.below(60)) {
    const n = CLIENTS[prng.below(CLIENTS.length)] ?? 1;
    acts.push([time, t => t.client(`c${n}`).send(`get:dom:u${n}:env:k\nget:dom:u${n}:env:k\n`)]);
    if (prng.below(4) === 0) acts.push([time, t => t.critical(`critical${time}`, `put:dom:all:env:t${time}=1`)]);
  }
  acts.push([LIVE_AT - 1_500, t => t.kill('gateway', 'SIGUSR1')]);
  acts.push([LIVE_AT, t => t.ask('live', 'ping')], [LIVE_AT + 1, t => t.ask('all', 'keys:dom:all:env')]);
  return run({ seed, acts: acts satisfies Acts, faults, until: LIVE_AT + 100, args: [...quirks].map(slug => `--quirk=${slug}`) });
}

/** Replies that are neither the client's own nor con_lost. */
const strangers = ({ heard }: Run): readonly string[] =>
  heard.filter(line => {
    const [, name = '', reply = ''] = line.split(' ');
    return (
      name.startsWith('c') &&
      !name.startsWith('critical') &&
      ![`v${name.slice(1)}`, 'con_lost', 'EOF', 'ENOENT', 'ECONNREFUSED'].includes(reply)
    );
  });

function twins({ trace }: Run): number {
  const living = new Map<string, string>();
  let most = 0;
  for (const event of trace) {
    if (!event.process.includes('/gateway-child.')) continue;
    const machine = event.process[0];
    if (event.kind === 'start') living.set(event.process, `${machine}${/--peer=(\S+)/.exec(String(event.data?.['args']))?.[1]}`);
    if (event.kind === 'exit') living.delete(event.process);
    for (const peer of living.values()) most = Math.max(most, [...living.values()].filter(other => other === peer).length);
  }
  return most;
}

const SEEDS = Array.from({ length: 40 }, (_, index) => `seed ${index}`);

describe('corrected', () => {
  test.each(SEEDS)('%s', seed => {
    const result = chaos(seed);
    expect(strangers(result)).toEqual([]);
    expect(twins(result)).toBe(1);
    expect(result.heard).toContain(`${LIVE_AT} live b`);
    const taken = result.heard
      .filter(line => / critical[0-9]+ (ok|con_delayed)$/.test(line))
      .map(line => /critical([0-9]+)/.exec(line)?.[1]);
    const kept = new Set(
      result.heard
        .find(line => line.startsWith(`${LIVE_AT + 1} all`))
        ?.split(' ')[2]
        ?.split('&'),
    );
    expect(taken.filter(time => !kept.has(`t${time}`))).toEqual([]);
    expect(result.list('/s/delayed')).toEqual([]);
  });
});

test('as written somebody gets the reply of another, in some run', () => {
  const found = SEEDS.some(seed => strangers(chaos(seed, ['reconnect-deferred', 'late-reply-kept'])).length > 0);
  expect(found).toBe(true);
});

test.each(SEEDS.slice(0, 20))('as written, no daemon throws: %s', seed => {
  const { heard } = chaos(seed, quirksOf(TRAPS, 'as-written', [QUIRK.TOGGLE_MASK]));
  expect(heard.length).toBeGreaterThan(0);
});

test('the runs meet what they are about: lost connections, delayed messages, restarts', () => {
  const all = SEEDS.slice(0, 10).map(seed => chaos(seed));
  for (const slug of ['connection-lost', 'delayed-sent', 'back-off', 'timeout']) {
    expect([slug, all.some(result => result.slugs('gateway-child').includes(slug))]).toEqual([slug, true]);
  }
  expect(all.some(result => result.slugs('gateway').includes('restarting-child'))).toBe(true);
});
