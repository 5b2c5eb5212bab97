/**
 * A server, and somebody who keeps to every limit of the protocol by a hair, or does not: one less, as much, one more. Lengths, names,
 * versions, times of sending, starts, silences, the number of people, their names, their idle times, and the room for records. What is
 * said is made of bytes by the model (model/layout.ts), and not by the code that is looked at.
 */
import fc from 'fast-check';
import { type FaultBudget, NO_FAULTS } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, evenly, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS, type LinkParameters } from '../../src/sim/core/options.ts';
import type { Session } from '../../src/sim/system.ts';
import type { World } from '../../src/sim/world.ts';
import { FORGER, READER, WITNESS } from './daemons/names.ts';
import { bytesOf } from './model/layout.ts';
import { EPOCH, say } from './parts/forged.ts';
import { addMachine, CASTING, onLan, RWHOD } from './parts/network.ts';
import { clockMet, diskMet, refusedMet } from './properties/reports.ts';
import { seenUp, wholeWhenRead } from './properties/verdicts.ts';

/** Where a report says when it was sent, and since when its host runs. */
const SENT_AT = 4;
const BOOTED_AT = 56;
/** Of a datagram that is right but for what it says, and what is wrong with the others. */
const NAMES: readonly string[] = ['x', 'x', 'x', 'x', 'x', 'x', 'y', 'z', 'a', 'x'.repeat(30), 'x'.repeat(31), '!', '~', '0', 'a.b'];
const ODD_NAMES: readonly string[] = ['x'.repeat(32), '', ' ', 'a b', '\x0f', 'a\tb', '\x7f', '\x80', 'x/y', '/'];
const ODD = [
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'name',
  'length',
  'version',
  'type',
  'port',
] as const;
/** A header, an entry, two, all, and what is cut off. */
const LENGTHS: readonly number[] = [0, 1, 59, 60, 61, 83, 84, 85, 1_067, 1_068, 1_069, 1_092];
/** Milliseconds from one datagram to the next: shorter than an interval, and up to the two silences that mean something. */
const PAUSES: readonly number[] = [
  1, 900, 1_000, 4_000, 30_000, 1, 900, 1_000, 4_000, 30_000, 449_999, 450_000, 450_001, 659_000, 659_999, 660_000, 660_001, 661_000,
];
/** Seconds by which a start differs from that of others; five are nothing. */
const STARTS: readonly number[] = [0, 0, 4, 5, 6, -4, -5, -6, -100, 100];
const SENT: readonly number[] = [0, 0, 0, 0, 1, -1, 2, -10, 2_000];
/** What the server says of itself comes back: as it was, or sent or started so many seconds later; '': it does not. */
const ECHOES: readonly string[] = [
  ...Array.from({ length: 6 }, () => ''),
  ...[0, 1, -1].map(seconds => `${SENT_AT}:${seconds}`),
  ...[1, 5, 6, -5, -6, 100].map(seconds => `${BOOTED_AT}:${seconds}`),
];
const PEOPLE: readonly number[] = [0, 1, 2, 41, 42, 43];
const TEXTS: readonly number[] = [1, 7, 8, 9, 32];
/** Seconds since somebody typed; below zero where a clock was set back, 999,999 for nobody knows. */
const IDLE: readonly number[] = [0, 1, 59, 60, 61, 3_598, 3_599, 3_600, 3_601, 35_999, 36_000, 359_939, 359_940, 360_060, -5, 999_999];
const NOBODY_KNOWS = 999_999;
const LOADS: readonly number[] = [0, 1, 99, 100, 999, 1_000, 99_999, 2_147_483_647];
const HOST_NAMES: readonly string[] = [
  'a',
  'a.example.org',
  'h'.repeat(30),
  'h'.repeat(31),
  'h'.repeat(32),
  'h'.repeat(64),
  '.example.org',
  'a b',
];
/** Seconds that the clock is ahead: nothing, shortly before 2038, and shortly before 2106. */
const CLOCKS: readonly number[] = [0, 0, 0, 2 ** 31 - EPOCH - 300, 2 ** 32 - EPOCH - 300];
const RECORDS: readonly number[] = [1, 2, 3, 4, 4_096];
/** Seconds after which the server is stopped, and started again with other room; 0 for not at all. */
const RESTARTS: readonly number[] = [0, 0, 100, 400, 900];

interface Said {
  readonly pause: number;
  readonly odd: (typeof ODD)[number];
  readonly name: string;
  readonly oddName: string;
  readonly length: number;
  readonly version: number;
  readonly type: number;
  readonly port: number;
  readonly sent: number;
  readonly start: number;
  readonly people: number;
  readonly idle: number;
  readonly load: number;
}
interface Limits {
  readonly said: readonly Said[];
  readonly hostName: string;
  readonly people: number;
  readonly text: number;
  readonly idle: number;
  readonly load: number;
  readonly clock: number;
  readonly records: number;
  readonly restart: number;
  readonly recordsThen: number;
  /** Second of the day at which people came. */
  readonly since: number;
  /** Of ECHOES. */
  readonly echo: string;
}
export type LimitsPlan = CommonPlan & Limits;

const SAID = workloads<Said>({
  pause: choice(...PAUSES),
  odd: choice(...ODD),
  name: choice(...NAMES),
  oddName: choice(...ODD_NAMES),
  length: choice(...LENGTHS),
  version: choice(0, 2, -1),
  type: choice(0, 2, -1),
  port: choice(512, 514),
  sent: choice(...SENT),
  start: choice(...STARTS),
  people: choice(...PEOPLE),
  idle: choice(...IDLE),
  load: choice(...LOADS),
});
const WORKLOAD = workloads<Limits>({
  said: list({ arbitrary: fc.record(SAID.arbitraries, PLAIN), shape: object(SAID.shapes) }, 20, 4),
  hostName: choice(...HOST_NAMES),
  people: choice(...PEOPLE),
  text: choice(...TEXTS),
  idle: choice(...IDLE),
  load: choice(...LOADS),
  clock: choice(...CLOCKS),
  records: choice(...RECORDS),
  restart: choice(...RESTARTS),
  recordsThen: choice(...RECORDS),
  since: evenly(-40_000_000, 0),
  echo: choice(...ECHOES),
});

/** Whatever is said arrives after the same time, so that a silence can be as long as a limit, to the microsecond. */
const steady: fc.Arbitrary<LinkParameters> = fc.record(
  {
    latencyMin: fc.constant(LINK_DEFAULTS.latencyMin),
    latencyMax: fc.constant(LINK_DEFAULTS.latencyMin),
    readMax: fc.constant(LINK_DEFAULTS.readMax),
    loss: fc.constant(0),
    duplicate: fc.constant(0),
    reorder: fc.constant(0),
  },
  PLAIN,
);

const FIRST = 2_000;
/** Most of what is drawn is said by then. */
const CHAOS = seconds(2_400);

export const limits: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  name: 'rwho/limits',
  protocol: 'rwho',
  title: 'On both sides of every limit, a server keeps, refuses, tells and shows what it has to.',
  programs: () => CASTING,
  plans: profile => plans<Limits>(profile, { link: steady }, WORKLOAD.arbitraries),
  workload: WORKLOAD.shapes,
  build: worldOf,
  properties: [refusedMet, seenUp],
  chaos: CHAOS,
  liveness: seconds(10),
  maxEvents: 60_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});

const BUDGET: FaultBudget = {
  kinds: { kill: 1, pause: 1, 'power-cut': 1, 'disk-full': 1, 'disk-error': 1, 'slow-sync': 1, 'clock-step': 2 },
  total: 3,
  longest: seconds(700),
  programs: [RWHOD],
  machines: ['a'],
  severity: { call: 80, step: seconds(90_000) },
};
const AIM = {
  until: seconds(2_000),
  timeouts: [seconds(180), seconds(660)],
  steps: [seconds(1), seconds(5), seconds(660), seconds(86_400)],
};

export const worn: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  ...limits,
  name: 'rwho/worn',
  title: 'On both sides of every limit, and on a machine that fails, a server keeps, refuses, tells and shows what it has to.',
  plans: profile => plans<Limits>(profile, { link: steady, faults: faults(BUDGET, AIM) }, WORKLOAD.arbitraries),
  properties: [wholeWhenRead, clockMet, diskMet],
  budget: BUDGET,
});

/** What there is none left of, for a while or for a few calls: a server that could not write a record, or open its socket, does so later. */
const SHORT: FaultBudget = {
  kinds: { 'power-cut': 1, 'disk-full': 1, 'disk-error': 1, 'no-descriptors': 2, 'no-memory': 2 },
  total: 3,
  longest: seconds(700),
  programs: [RWHOD],
  machines: ['a'],
  severity: { refusals: 3 },
};

export const starved: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  ...worn,
  name: 'rwho/starved',
  title: 'Where descriptors, memory or room run out, a server keeps, refuses, tells and shows what it can, and all of it later.',
  plans: profile => plans<Limits>(profile, { link: steady, faults: faults(SHORT, AIM) }, WORKLOAD.arbitraries),
  properties: [wholeWhenRead, diskMet],
  budget: SHORT,
});

function worldOf(world: World, plan: LimitsPlan): void {
  const { said, hostName, people, text, idle, load, clock, records, restart, recordsThen, since, echo } = plan;
  const args = (room: number): readonly string[] => [`--records=${room}`, '--forward', '--neighbour=10.0.0.8'];
  const machine = addMachine(world, {
    name: 'a',
    addresses: [onLan(1)],
    rwhod: args(records),
    others: [[READER, '--every=47000000', '--lines'], [WITNESS]],
    status: { hostName, load: [load, 1_000, 5], sessions: sessions(people, text, idle, EPOCH + since) },
  });
  machine.clock.step(seconds(clock));
  if (restart > 0) {
    world.at(instantOf(seconds(restart)), () => void machine.start(FORGER, ['--kill=0:SIGTERM:100', '--kill=20000:SIGHUP:104']));
    world.at(instantOf(seconds(restart + 1)), () => void machine.start(RWHOD, args(recordsThen)));
  }
  const lines = said.reduce<{ at: number; readonly lines: string[] }>(
    ({ at, lines }, each) => ({
      at: at + each.pause,
      lines: [...lines, say(at + each.pause, datagram(each, at + each.pause), each.odd === 'port' ? each.port : 513)],
    }),
    { at: FIRST, lines: [] },
  );
  addMachine(world, { name: 'f', addresses: [onLan(9)], others: [[FORGER, ...lines.lines, ...(echo === '' ? [] : [`--echo=3:${echo}`])]] });
}

function sessions(count: number, text: number, idle: number, since: number): readonly Session[] {
  const at = (second: number) => instantOf(second * 1_000_000);
  return Array.from({ length: count }, (_, index) => ({
    line: `pts/${index}`.padEnd(text, 't').slice(0, text),
    user: `u${index}`.padEnd(text, 'v').slice(0, text),
    since: at(since + index * 977),
    lastInput: idle === NOBODY_KNOWS ? undefined : at(EPOCH - idle),
  }));
}

function datagram(said: Said, at: number): Uint8Array {
  const { odd, length, version, type, sent, start, people, idle, load } = said;
  const host = odd === 'name' ? said.oddName : said.name;
  const whole = bytesOf(
    {
      version: 1,
      type: 1,
      sent: (EPOCH + Math.floor(at / 1_000) + sent) | 0,
      stamp: 77,
      host,
      loads: [load, 5, 1_000],
      booted: EPOCH - 1_000 + start,
      people: Array.from({ length: people }, (_, index) => ({
        line: `tty${index}`,
        user: `w${index}`,
        since: EPOCH - 86_400 * index,
        idle: idle - index,
      })),
    },
    'wire',
  );
  const bytes = new Uint8Array(odd === 'length' ? length : whole.length);
  bytes.set(whole.subarray(0, bytes.length));
  if (odd === 'version') bytes[0] = version;
  if (odd === 'type') bytes[1] = type;
  // A name without an end, which the layout has cut.
  if (host.length === 32) bytes[43] = host.charCodeAt(31);
  return bytes;
}
