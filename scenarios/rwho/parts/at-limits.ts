/**
 * What is said to a server at every limit of the protocol, by a hair within it or beyond: lengths, names, versions, times of sending, starts, silences,
 * the number of people, their names, their idle times, and the room for records. It is made of bytes by the model (model/layout.ts), and not by
 * the code that is looked at.
 */
import fc from 'fast-check';
import { choice, evenly, list } from '../../../src/check/fields.ts';
import { PLAIN } from '../../../src/check/plans.ts';
import type { CommonPlan } from '../../../src/check/scenario.ts';
import { object } from '../../../src/check/shape.ts';
import { type Workloads, workloads } from '../../../src/check/workload.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { LINK_DEFAULTS, type LinkParameters } from '../../../src/sim/core/options.ts';
import type { Session } from '../../../src/sim/system.ts';
import type { World } from '../../../src/sim/world.ts';
import { FORGER, READER, WITNESS } from '../daemons/names.ts';
import { bytesOf } from '../model/layout.ts';
import { EPOCH, say } from './forged.ts';
import { addMachine, onLan, RWHOD } from './network.ts';

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
/** What the machine is called later on, which may be the name of somebody else; '': as before. */
const RENAMED: readonly string[] = ['', '', 'x', 'b'];
const RENAMED_AT = seconds(200);
/** Seconds that the clock is ahead: nothing, shortly before 2038, and shortly before 2106. */
const CLOCKS: readonly number[] = [0, 0, 0, 2 ** 31 - EPOCH - 300, 2 ** 32 - EPOCH - 300];
const RECORDS: readonly number[] = [1, 2, 3, 4, 4_096];
/** Seconds after which the server is stopped, and started again with other room; 0 for not at all. */
const RESTARTS: readonly number[] = [0, 0, 100, 400, 900];

/** Reports of one host that are passed on in an interval. */
const PASSED_MOST = 4;
const AROUND = [-1, 0, 1];
/** Milliseconds: as those of PAUSES that mean something. */
const SILENCES: readonly number[] = AROUND.flatMap(more => [450_000 + more, 660_000 + more]);
/** As the last one before, or sent before that, or of a start before that. */
const AGAIN = { 'the same': {}, older: { sent: -10 }, 'of an earlier start': { start: -100 } } as const;

export interface Said {
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
export interface Limits {
  readonly said: readonly Said[];
  readonly hostName: string;
  /** Of RENAMED. */
  readonly renamed: string;
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
  /** So many reports of one host, a second apart; and of the same host one more, after so many milliseconds. */
  readonly burst: number;
  readonly silence: number;
  /** Of AGAIN: which. */
  readonly again: keyof typeof AGAIN;
}
export type LimitsPlan = CommonPlan & Limits;

export const SAID: Workloads<Said> = workloads<Said>({
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
export const WORKLOAD: Workloads<Limits> = workloads<Limits>({
  said: list({ arbitrary: fc.record(SAID.arbitraries, PLAIN), shape: object(SAID.shapes) }, 20, 4),
  hostName: choice(...HOST_NAMES),
  renamed: choice(...RENAMED),
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
  burst: choice(0, 0, 0, ...AROUND.map(more => PASSED_MOST + more)),
  silence: choice(...SILENCES),
  again: choice('the same', 'older', 'of an earlier start'),
});

/** Whatever is said arrives after the same time, so that a silence can be as long as a limit, to the microsecond. */
export const steady: fc.Arbitrary<LinkParameters> = fc.record(
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

export function worldOf(world: World, plan: LimitsPlan): void {
  const { said, hostName, renamed, people, text, idle, load, clock, records, restart, recordsThen, since, echo, burst, silence, again } =
    plan;
  const args = (room: number): readonly string[] => [`--records=${room}`, '--forward', '--neighbour=10.0.0.8'];
  const machine = addMachine(world, {
    name: 'a',
    addresses: [onLan(1)],
    rwhod: args(records),
    others: [[READER, '--every=47000000', '--lines'], [WITNESS]],
    status: { hostName, load: [load, 1_000, 5], sessions: sessions(people, text, idle, EPOCH + since) },
  });
  machine.clock.step(seconds(clock));
  if (renamed !== '')
    world.at(instantOf(RENAMED_AT), () => {
      machine.status.hostName = renamed;
    });
  if (restart > 0) {
    world.at(instantOf(seconds(restart)), () => void machine.start(FORGER, ['--kill=0:SIGTERM:100', '--kill=20000:SIGHUP:104']));
    world.at(instantOf(seconds(restart + 1)), () => void machine.start(RWHOD, args(recordsThen)));
  }
  const first = burstOf(burst, silence, again);
  const lines = said.reduce<{ at: number; readonly lines: readonly string[] }>(
    ({ at, lines }, each) => ({
      at: at + each.pause,
      lines: [...lines, say(at + each.pause, datagram(each, at + each.pause), each.odd === 'port' ? each.port : 513)],
    }),
    first,
  );
  addMachine(world, { name: 'f', addresses: [onLan(9)], others: [[FORGER, ...lines.lines, ...(echo === '' ? [] : [`--echo=3:${echo}`])]] });
}

/** What is said first of all, and until when. */
function burstOf(count: number, silence: number, again: keyof typeof AGAIN): { readonly at: number; readonly lines: readonly string[] } {
  if (count === 0) return { at: FIRST, lines: [] };
  const times = Array.from({ length: count }, (_, index) => FIRST + 1_000 * index);
  const last = times.at(-1) ?? FIRST;
  const at = last + silence;
  const reports = times.map(each => say(each, datagram(PLAIN_REPORT, each), 513));
  return { at, lines: [...reports, say(at, datagram({ ...PLAIN_REPORT, ...AGAIN[again] }, last), 513)] };
}
const PLAIN_REPORT: Said = {
  ...{ pause: 0, odd: 'nothing', name: 'q', oddName: '', length: 0, version: 1, type: 1, port: 513 },
  ...{ sent: 0, start: 0, people: 1, idle: 0, load: 1 },
};

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
