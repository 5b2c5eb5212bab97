/**
 * What was seen when the published gateway was run against a scripted lond (vectors/observations.json): each of its ten schedules
 * is a scenario. As written clients hear the same bytes, and what was observed happens; corrected, what the authors meant.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planOf, runPlan } from '../../../src/check/run.ts';
import type { Profile, Scenario } from '../../../src/check/scenario.ts';
import { textOf } from '../../../src/host/bytes.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { scenarioNamed } from '../../support/protocols.ts';

interface Observation {
  readonly id: string;
  readonly title: string;
  /** What each client heard: bytes with `\n` for an end of line, and after the last of them a remark. */
  readonly clients?: Readonly<Record<string, string>>;
  readonly observed?: readonly string[];
}

// A file of ours: the tests below fail if it is anything else.
const { cases } = JSON.parse(readFileSync(new URL('vectors/observations.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Observation[];
};

/** What the README says of them. */
const README = readFileSync(new URL('../../../scenarios/lonc/README.md', import.meta.url), 'utf8');
const SCENARIOS = Object.fromEntries([...README.matchAll(/^\| (L-[0-9]+) \| `([a-z-]+)` \|/gm)].map(([, id, name]) => [id, name]));

function observation(id: string): Observation {
  const found = cases.find(each => each.id === id);
  if (found === undefined) throw new Error(`there is no observation ${id}`);
  return found;
}

/** Events of the scenario; `values`: of its plan. */
function events(id: string, profile: Profile, seed: number, values: object = {}): readonly TraceEvent[] {
  const scenario: Scenario | undefined = scenarioNamed(`lonc/${SCENARIOS[id]}`);
  if (scenario === undefined) throw new Error(`there is no scenario for ${id}`);
  return runPlan(scenario, { ...planOf(scenario, seed, profile), ...values }, seed, { keep: true }).events ?? [];
}

test('each schedule is a scenario', () => {
  expect(Object.keys(SCENARIOS)).toEqual(cases.map(({ id }) => id));
});

// ── what clients heard ──────────────────────────────────────────────────────────────────────────────────────────────

const EOF = 'EOF';

/** What each client has heard, in the order of their pids; EOF where the child has ended first. */
function heard(all: readonly TraceEvent[]): readonly string[] {
  const texts = new Map<string, string>();
  for (const { process, kind, bytes, data } of all) {
    if (!process.startsWith('h1/lonc-client.')) continue;
    if (kind === 'start') texts.set(process, '');
    if (kind === 'recv' && bytes !== undefined) texts.set(process, `${texts.get(process)}${textOf(bytes)}`);
    // Requests that the child had not read turn its end into a reset.
    if (kind === 'eof' || (kind === 'close' && data?.['error'] !== undefined)) texts.set(process, `${texts.get(process)}${EOF}`);
  }
  return [...texts].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
}

/** The bytes of what a client heard, without the remark. */
function bytesOf(id: string, client: string): string {
  const text = observation(id).clients?.[client] ?? '';
  return text.slice(0, text.lastIndexOf('\\n') + 2).replaceAll('\\n', '\n');
}

describe.each([
  ['L-01', [bytesOf('L-01', 'A'), bytesOf('L-01', 'B')], ['con_lost\n', 'srv1\n']],
  ['L-02', [bytesOf('L-02', 'A'), bytesOf('L-02', 'B')], ['con_lost\n', 'srv1\n']],
  ['L-04', [`${bytesOf('L-04', 'A')}${EOF}`], ['con_lost\nsrv1\nsrv1\n']],
  ['L-05', [bytesOf('L-05', 'A') + bytesOf('L-05', 'A later ping')], ['con_lost\nsrv1\nok\nsrv1\n']],
  // As the remark says, the first ping has the reply to the empty line, and the next one that to the first.
  ['L-06', [bytesOf('L-06', 'next ping') + bytesOf('L-06', 'next')], ['srv1\nsrv1\n']],
] as const)('%s', (id, observed, meant) => {
  test.each([0, 1, 2])(`${observation(id).title}, seed %i`, seed => {
    expect(heard(events(id, 'as-written', seed))).toEqual(observed);
    expect(heard(events(id, 'corrected', seed))).toEqual(meant);
  });
});

test.each([0, 1, 2])('L-03 con_lost repeats while client stays connected, seed %i', seed => {
  const told = bytesOf('L-03', 'A');
  expect(told).toBe('con_lost\n');
  const all = events('L-03', 'as-written', seed, { count: 1 });
  const [lines = ''] = heard(all);
  // Once per reconnect cycle: init, challenge, pause, pong, ekey.
  const dialogues = all.filter(({ kind, data }) => kind === 'log' && data?.['event'] === 'cipher-ready').length;
  expect(dialogues).toBeGreaterThan(5);
  expect(lines).toBe(told.repeat(dialogues));
  expect(heard(events('L-03', 'corrected', seed, { count: 1 }))).toEqual([told]);
});

// ── what else was observed ──────────────────────────────────────────────────────────────────────────────────────────

type Check = (events: readonly TraceEvent[]) => boolean;

const CHILD = /^h1\/gateway-child\./;
const isLog = ({ kind, data }: TraceEvent, slug: string): boolean => kind === 'log' && data?.['event'] === slug;
const client = (pid: number): string => `h1/lonc-client.${pid}`;
const timeOf = (all: readonly TraceEvent[], is: (event: TraceEvent) => boolean): number => all.find(is)?.time ?? Number.NaN;
const logged = (all: readonly TraceEvent[], slug: string): readonly string[] =>
  all.filter(event => event.process.startsWith('h1/gateway.') && isLog(event, slug)).map(({ data }) => String(data?.['text']));
/** When the third client of L-07 connects; the first one is idle, the second has asked meanwhile. */
const newcomer = (all: readonly TraceEvent[]): number => timeOf(all, ({ process, kind }) => process === client(104) && kind === 'connect');

const silentUntil: Check = all => {
  const signalled = timeOf(all, ({ process, kind }) => CHILD.test(process) && kind === 'signal');
  const between = all.filter(
    ({ process, kind, time }) => CHILD.test(process) && kind === 'send' && time > signalled && time < newcomer(all),
  );
  return signalled > 0 && between.length === 0;
};
const bothChildren = (all: readonly TraceEvent[]): boolean => {
  const alive = new Set<string>();
  return all.some(({ process, kind }) => {
    if (CHILD.test(process) && kind === 'start') alive.add(process);
    if (kind === 'exit') alive.delete(process);
    return alive.size > 1;
  });
};
const lastListener = (all: readonly TraceEvent[]): string | undefined =>
  all.findLast(({ process, kind }) => CHILD.test(process) && kind === 'listen')?.process;

const OBSERVED: Readonly<Record<string, readonly (readonly [sentence: string, check: Check])[]>> = {
  'L-07': [
    ['child leaves select with -1, treats all descriptors ready, blocks in accept', silentUntil],
    [
      'connected idle clients are closed (EOF) when a new client connects',
      all => timeOf(all, ({ process, kind }) => process === client(102) && kind === 'eof') >= newcomer(all),
    ],
    [
      'client with unread request in its socket is still served after the next connect',
      all => timeOf(all, ({ process, kind }) => process === client(103) && kind === 'recv') >= newcomer(all),
    ],
  ],
  'L-08': [
    [
      'second child for same host; socket path now owned by new child',
      all =>
        bothChildren(all) &&
        all.filter(({ process, kind }) => CHILD.test(process) && kind === 'start').at(-1)?.process === lastListener(all),
    ],
    ['old child stuck in accept on an unlinked socket: its clients hang', all => heard(all).join('') === ''],
  ],
  'L-09': [
    [
      "runs the parent's shutdown routine: other children get 'exit' + SIGINT, pid file removed; real parent then restarts them",
      all => {
        const told = all.some(({ process, kind, bytes }) => CHILD.test(process) && kind === 'send' && textOf(bytes ?? NONE) === 'exit\n');
        const killed = all.findIndex(({ process, kind, data }) => CHILD.test(process) && kind === 'kill' && data?.['signal'] === 'SIGINT');
        const removed = all.some(
          ({ process, kind, data }) => CHILD.test(process) && kind === 'unlink' && data?.['path'] === '/d/logs/lonc.pid',
        );
        const again = logged(all.slice(killed), 'restarting-child').some(text => text.includes('for h1 '));
        return told && killed > 0 && removed && again;
      },
    ],
  ],
  'L-10': [
    [
      '5 restarts logged (1..5 of 5), then Skipped; USR1 to parent revives it',
      all => {
        const numbers = logged(all, 'restarting-child').map(text => /\((.*) attempts\)/.exec(text)?.[1]);
        const skipped = logged(all, 'skipped');
        const revived = all
          .slice(all.findIndex(event => isLog(event, 'rearmed')))
          .some(event => CHILD.test(event.process) && isLog(event, 'online'));
        return numbers.join() === '1 of 5,2 of 5,3 of 5,4 of 5,5 of 5' && skipped.length === 1 && revived;
      },
    ],
  ],
};
const NONE = new Uint8Array(0);
/** L-08 is about the last attempt. */
const VALUES: Readonly<Record<string, object>> = { 'L-08': { count: 5 } };

describe.each(Object.entries(OBSERVED))('%s', (id, checks) => {
  test('every sentence is looked at', () => {
    expect(observation(id).observed).toEqual(checks.map(([sentence]) => sentence));
  });

  test.each(checks)('%s', (_sentence, check) => {
    for (const seed of [0, 1, 2]) {
      expect(check(events(id, 'as-written', seed, VALUES[id]))).toBe(true);
      expect(check(events(id, 'corrected', seed, VALUES[id]))).toBe(false);
    }
  });
});
