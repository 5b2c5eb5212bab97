/**
 * The traps RW-01 to RW-63 that a daemon can play, one row each, in the order of their numbers (src/impl/rwho/quirks.ts).
 * Missing: RW-46, since machines here have one address an interface; test/impl/rwho shows it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import type { TrapPlan } from '../../src/check/trap.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/rwho/quirks.ts';
import type { AddressOptions } from '../../src/sim/machine.ts';
import { FORGER, READER } from './daemons/names.ts';
import { forged, say } from './parts/forged.ts';
import { type MachineSpec, onLan, people } from './parts/network.ts';
import { type RwhoTrap, trap } from './parts/trap.ts';
import {
  insideTheSpool,
  nameIsOne,
  newestStands,
  oneTwinStands,
  ownRecordIsOwn,
  recordsWereReported,
  spoolBounded,
  wholeRecords,
} from './properties/records.ts';
import {
  clockMet,
  daemonSurvives,
  everybodyCounts,
  everybodyIdle,
  hearsAndTells,
  idleIsTime,
  logBounded,
  nameEnds,
  newcomerIsTold,
  notTooOften,
  passedOn,
  refusedMet,
  relayedMet,
  reportsSpread,
  sentOnce,
  toldWhileAlive,
  unsaidIsZero,
  whoPort,
} from './properties/reports.ts';
import { downMeansSilent, seenUp, stepForgiven, wholeWhenRead } from './properties/verdicts.ts';

/** A whole report of `name`, sent when it says. */
const tell = (at: number, name: string, more: Parameters<typeof forged>[1] = {}): string =>
  say(at, forged(name, { sent: Math.floor(at / 1_000), ...more }));
const cut = (bytes: Uint8Array, length: number): Uint8Array => bytes.slice(0, length);
const reader = (...args: readonly string[]): readonly string[] => [READER, ...args];
/** Longer than four intervals. */
const LONG = { chaos: 800, liveness: 100 } as const;
const OTHER_LAN: AddressOptions = { address: '10.0.1.1', netmask: '255.255.255.0' };

function wrongVersion({ first, turn }: TrapPlan): string {
  const bytes = forged('x', { sent: 1 });
  bytes[turn] = 9;
  return say(first, bytes);
}

/** 32 bytes of name without an end, and load behind them; longer ones end what reads them. */
function unterminated({ first, turn }: TrapPlan): string {
  const bytes = new Uint8Array(turn === 0 ? 60 : 1_068).fill(0x61);
  bytes.set(forged('x').subarray(0, 12));
  if (turn === 0) bytes.fill(0, 50);
  return say(first, bytes);
}

/** A name of 40 bytes says more than its field holds. */
const longNamed: Partial<MachineSpec> = { status: { hostName: `a${'b'.repeat(39)}` } };

const TABLE: readonly RwhoTrap[] = [
  {
    quirk: QUIRK.STORE_SHORT,
    title: 'Less than a header is no report, and destroys no record.',
    properties: [wholeRecords, refusedMet],
    cast: ({ first, gap, count }) => ({
      forger: [tell(first, 'x'), say(first + gap, cut(forged('x'), 13 + 15 * count))],
    }),
  },
  {
    quirk: QUIRK.KEEP_BUFFER,
    title: 'A short report is not completed by the bytes of the one before it.',
    together: [QUIRK.STORE_SHORT],
    properties: [recordsWereReported, refusedMet],
    cast: ({ first, gap, count }) => ({
      forger: [tell(first, 'charlie'), say(first + gap, cut(forged('homer'), 12 + count))],
    }),
  },
  {
    quirk: QUIRK.DIE_OF_UNDERFLOW,
    title: 'A count of entries is never negative.',
    properties: [daemonSurvives, refusedMet],
    cast: ({ first, count }) => ({ forger: [say(first, cut(forged('x'), 13 + 15 * count))] }),
  },
  {
    quirk: QUIRK.ANY_VERSION,
    title: 'Other versions and types are not for us.',
    properties: [recordsWereReported, refusedMet],
    cast: plan => ({ forger: [wrongVersion(plan)] }),
  },
  {
    quirk: QUIRK.OPEN_NAME,
    title: 'A name ends in its field.',
    properties: [recordsWereReported, daemonSurvives],
    cast: plan => ({ forger: [unterminated(plan)] }),
  },
  {
    quirk: QUIRK.TAKE_SLASH,
    title: 'No name leads out of the spool.',
    properties: [insideTheSpool, refusedMet],
    cast: ({ first, turn }) => ({ forger: [tell(first, turn === 0 ? 'x/y' : 'x/../../../../etc/f')] }),
  },
  {
    quirk: QUIRK.WRITE_IN_PLACE,
    title: 'A reader meets a whole record or none.',
    properties: [wholeWhenRead],
    ranges: { first: [2_000, 3_000], gap: [900, 1_999], count: [1, 90] },
    cast: ({ first, gap, count }) => ({
      machine: { others: [reader(`--from=${first}`, `--until=${first + count * 2}`, `--every=${gap}`)] },
      forger: Array.from({ length: count }, (_, index) => tell(first + index * 2, 'x', { sent: index })),
    }),
    chaos: 8,
    liveness: 2,
  },
  {
    quirk: QUIRK.IGNORE_BIND,
    title: 'Who cannot have the port says so and ends.',
    properties: [whoPort],
    cast: ({ first }) => ({ machine: { after: first / 1_000, others: [[FORGER, '--hold']] } }),
  },
  {
    quirk: QUIRK.OVERRUN_STAMP,
    title: 'A stamp leaves the name alone.',
    properties: [recordsWereReported],
    cast: ({ first }) => ({ forger: [tell(first, 'x')] }),
  },
  {
    slug: 'after-2038',
    title: 'Who reported a moment ago is up, also after 2038.',
    properties: [downMeansSilent, seenUp],
    ranges: { first: [1, 70], gap: [0, 31_000_000] },
    cast: ({ profile, turn, first, gap }) => {
      const variant = profile === 'corrected' ? 'corrected' : turn === 0 ? 'debian' : 'bsd44-lp64';
      const later = seconds(12 * 31_557_600 + first * 3_155_760 + gap);
      return {
        machine: { others: [reader(`--variant=${variant}`, '--every=10000000', '--from=1000')] },
        others: [{ name: 'b', addresses: [onLan(2)], rwhod: [] }],
        act: (_world, machine) => machine.clock.step(later),
      };
    },
    chaos: 60,
  },
  {
    quirk: QUIRK.ALARM_ONCE,
    title: 'The timer goes off for ever.',
    properties: [daemonSurvives],
    cast: () => ({}),
    ...LONG,
  },
  {
    quirk: QUIRK.FORGET_ALARM,
    title: 'Logins that cannot be read once silence nobody.',
    properties: [hearsAndTells],
    ranges: { first: [10_000, 150_000] },
    cast: ({ first }) => ({
      others: [{ name: 'b', addresses: [onLan(2)], rwhod: [] }],
      act: (world, { status }) => {
        world.at(instantOf(first * 1_000), () => Object.assign(status, { accounting: 'unreadable' }));
        world.at(instantOf((first + 200_000) * 1_000), () => Object.assign(status, { accounting: 'kept' }));
      },
    }),
    ...LONG,
  },
  {
    quirk: QUIRK.SPLIT_IN_TWO,
    title: 'Who hears also tells.',
    properties: [hearsAndTells],
    ranges: { first: [2_000, 600_000] },
    cast: ({ first, profile }) => ({
      // The sender is the younger of the two; corrected there is one.
      machine: { others: [[FORGER, `--kill=${first}:SIGKILL:${profile === 'corrected' ? 100 : 102}`]] },
      others: [{ name: 'b', addresses: [onLan(2)], rwhod: [] }],
    }),
    ...LONG,
  },
  {
    // Debian's sender goes on without its receiver, and is told of as if somebody heard there.
    quirk: QUIRK.SPLIT_IN_TWO,
    slug: 'sender-alone',
    title: 'While a server of it lives, a machine is told of.',
    properties: [toldWhileAlive],
    fails: [],
    ranges: { first: [2_000, 300_000] },
    cast: ({ first }) => ({
      machine: { others: [[FORGER, `--kill=${first}:SIGKILL:100`]] },
      others: [{ name: 'b', addresses: [onLan(2)], rwhod: [] }],
    }),
    chaos: 1_200,
    liveness: 20,
  },
  {
    quirk: QUIRK.LONG_NAME_ENDS,
    title: 'A long name is cut, and sent.',
    properties: [hearsAndTells],
    cast: ({ count }) => ({
      machine: { status: { hostName: `a${'b'.repeat(61 + count)}` } },
      others: [{ name: 'b', addresses: [onLan(2)], rwhod: [] }],
    }),
    chaos: 400,
  },
  {
    quirk: QUIRK.LEAK_STACK,
    title: 'What is not said is zero.',
    properties: [unsaidIsZero],
    cast: () => ({}),
  },
  {
    quirk: QUIRK.SPILL_NAME,
    title: 'A long name is cut.',
    properties: [nameEnds],
    cast: () => ({ machine: longNamed }),
  },
  {
    quirk: QUIRK.IDLE_OF_NAME,
    title: 'Who has no terminal has no idle time.',
    properties: [idleIsTime],
    cast: ({ count }) => ({
      machine: { status: { sessions: people(count).map(each => ({ ...each, user: 'longusername12', lastInput: undefined })) } },
    }),
  },
  {
    quirk: QUIRK.SKIP_LAST_SLOT,
    title: 'A report has room for 42 people.',
    properties: [everybodyCounts],
    cast: ({ count }) => ({ machine: { status: { sessions: people(40 + 2 * count) } } }),
  },
  {
    quirk: QUIRK.STORE_HALF,
    title: 'Half an entry is not stored.',
    properties: [wholeRecords],
    cast: ({ first, count }) => ({ forger: [say(first, cut(forged('x', { users: 3 }), 60 + 23 * count))] }),
  },
  {
    quirk: QUIRK.TRUST_WALL_CLOCK,
    title: 'A clock that is set makes nobody down.',
    properties: [stepForgiven(seconds(25)), clockMet],
    ranges: { first: [30_000, 200_000], gap: [661, 90_000] },
    cast: ({ first, gap }) => ({
      args: ['--interval=10'],
      machine: { others: [reader('--every=2000000')] },
      others: [{ name: 'b', addresses: [onLan(2)], rwhod: ['--interval=300'] }],
      act: (world, machine) => world.at(instantOf(first * 1_000), () => machine.clock.step(seconds(gap))),
    }),
    // What is promised within a time is counted from the healing on.
    chaos: 1,
    liveness: 460,
  },
  {
    quirk: QUIRK.LAST_TWIN_WINS,
    title: 'Of two hosts of one name one has the record.',
    properties: [oneTwinStands, refusedMet],
    cast: ({ first, gap, count }) => ({
      forger: [tell(first, 'x', { booted: 0 }), tell(first + gap + 1_000, 'x', { booted: -100 * count })],
    }),
  },
  {
    quirk: QUIRK.TRUST_NAME,
    title: 'Nobody else reports for this machine.',
    properties: [ownRecordIsOwn, refusedMet],
    cast: ({ first }) => ({ forger: [tell(first, 'a', { booted: 10 })] }),
  },
  {
    quirk: QUIRK.UNBOUNDED,
    title: 'Invented names do not fill the disk.',
    properties: [spoolBounded, refusedMet],
    cast: ({ first, count }) => ({ args: ['--records=8'], forger: [`--flood=${first}:${8 * count}:5`] }),
  },
  {
    quirk: QUIRK.RELAY_UNCHECKED,
    title: 'What is not taken is not passed on.',
    properties: [nameIsOne],
    cast: ({ first, turn }) => ({
      args: ['--forward', '--neighbour=10.0.1.9'],
      forger: [tell(first, turn === 0 ? 'bad/name' : 'bad name')],
    }),
  },
  {
    quirk: QUIRK.RELAY_LOOPS,
    title: 'What comes round is not passed on again.',
    properties: [sentOnce, relayedMet],
    cast: ({ first, profile }) => {
      const loops = profile === 'corrected' ? [] : [`--quirk=${QUIRK.RELAY_LOOPS}`];
      const status = { sessions: [] };
      const both = (number: number): readonly AddressOptions[] => [onLan(number), { ...OTHER_LAN, address: `10.0.1.${number}` }];
      return {
        args: ['--forward'],
        machine: { addresses: both(1), status },
        others: [
          { name: 'b', addresses: both(2), rwhod: ['--forward', ...loops], status },
          { name: 'c', addresses: [onLan(3)], rwhod: [], after: Math.floor(first / 1_000), status },
        ],
      };
    },
    fails: ['sent-once', 'event-limit'],
    chaos: 12,
    liveness: 1,
    maxEvents: 240,
  },
  {
    quirk: QUIRK.BREAKER_STAYS,
    title: 'A flood does not end forwarding for ever.',
    properties: [passedOn, relayedMet],
    cast: ({ first, count }) => ({
      args: ['--forward', '--neighbour=10.0.1.9'],
      forger: [`--flood=${first}:${190 + count}:5`],
    }),
  },
  {
    quirk: QUIRK.HUP_SENDS,
    title: 'SIGHUP looks at the interfaces again, and that is all.',
    properties: [notTooOften],
    cast: ({ first }) => ({ machine: { others: [[FORGER, `--kill=${first}:SIGHUP:100`]] } }),
  },
  {
    quirk: QUIRK.NO_JITTER,
    title: 'Machines started together do not report together for ever.',
    properties: [reportsSpread],
    cast: () => ({}),
    ...LONG,
    chaos: 1_000,
  },
  {
    quirk: QUIRK.BLIND_START,
    title: 'A newcomer is told soon.',
    properties: [newcomerIsTold],
    ranges: { first: [3_000, 60_000] },
    cast: ({ first }) => ({ others: [{ name: 'late', addresses: [onLan(2)], rwhod: [], after: Math.floor(first / 1_000) }] }),
    chaos: 1,
    liveness: 90,
  },
  {
    quirk: QUIRK.LATE_WINS,
    title: 'A report that was overtaken does not replace a newer one.',
    properties: [newestStands],
    cast: ({ first, gap, count }) => ({ forger: [tell(first, 'x'), tell(first + gap, 'x', { sent: -count })] }),
  },
  {
    quirk: QUIRK.LOG_EVERYTHING,
    title: 'A hostile network does not fill the log.',
    properties: [logBounded, refusedMet],
    ranges: { count: [15, 30] },
    cast: ({ first, count, turn }) => ({
      forger: Array.from({ length: count }, (_, index) => say(first + index, forged('x'), turn === 0 ? 5_130 : 514 + index)),
    }),
  },
  {
    quirk: QUIRK.IDLE_OF_EVERY_SECOND,
    title: 'Everybody has an idle time.',
    properties: [everybodyIdle],
    cast: ({ count }) => ({ machine: { status: { sessions: people(1 + count) } } }),
  },
  {
    quirk: QUIRK.FORGET_USERS,
    title: 'Logins that have not changed are told all the same.',
    properties: [everybodyCounts],
    cast: ({ count }) => ({ machine: { status: { sessions: people(count) } } }),
  },
];

export const traps: readonly Scenario[] = TABLE.map(trap);
