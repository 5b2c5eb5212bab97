/**
 * Callers that are not ours ask a lond of ours, over connections that are reset, while it is killed, its machine loses power, and its disk is full,
 * slow or broken. What it has promised is there, and what it says is in its store is: the model knows. In between, callers come in crowds, say
 * nothing, or say as much as may be said and a little more.
 * The budget: a lond is started again by its parent, which is spared; of a disk that fails a caller is told.
 */
import fc from 'fast-check';
import type { Aim, FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { locals, PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo, object, oneOf } from '../../src/check/shape.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { latin1Of } from '../../src/impl/lonc/latin1.ts';
import { londChild } from '../../src/impl/lonc/lond-child.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import type { Fault } from '../../src/sim/fault.ts';
import { oneRefusal } from '../one-refusal.ts';
import { ANSWERING, CALLER } from './daemons/names.ts';
import { refused, unseen } from './daemons/refused.ts';
import { addressOf, buildNetwork, CASTING, LOND, LOND_CHILD, moreAddressOf } from './parts/network.ts';
import { USERS } from './parts/places.ts';
import { programOf } from './parts/processes.ts';
import { deathsTold } from './properties/deaths.ts';

interface Call {
  /** When it begins, in seconds. */
  readonly at: number;
  /** What is asked, one after the other: numbers of ASKS, each with a number of its own. */
  readonly asks: readonly Ask[];
}
interface Ask {
  readonly what: number;
  readonly key: number;
  readonly size: number;
}

export interface StoreWorkload {
  readonly calls: readonly Call[];
  /** How many callers come at once. */
  readonly crowd: number;
  /** What one says who then says nothing more: a number of MUTES. */
  readonly mute: number;
  /** How lond is told who its callers are: a number of PONGS. */
  readonly pong: number;
  /** What its command line says: a number of TOLD. */
  readonly told: number;
  /** Milliseconds that one reads nothing who asks for much; 0: there is none. */
  readonly lazy: number;
  /** How many come from many hosts at once, beside as many as are taken; 0: they do not. */
  readonly throng: number;
  /** Which call the disk refuses each lond that serves, of those in its store; 0: none. Beyond REFUSALS_MAX: from which look at a user on, all. */
  readonly refuses: number;
}
export type StorePlan = CommonPlan & StoreWorkload;

const CHAOS_SECONDS = 120;
const CALLS_MAX = 8;
const ASKS_MAX = 6;
const KEYS_MAX = 5;
const SIZE_MAX = 40;

// The limits of a lond (README.md of lonc), which are tried with one byte less, none, and one more.
const AROUND = [-1, 0, 1];
const LINE_MAX = 4_096;
const REQUEST_MAX = 2_097_216;
const PAIRS_MAX = 4_096;
const WORD_MAX = 64;
const PER_HOST = 16;
const WAITING_MAX = 16;
const PONG_MAX = 200;

const place = (key: number): string => `net:u${key % 2}:n${key}`;
const around = (limit: number, size: number): number => limit + (AROUND[size % AROUND.length] ?? 0);
const repeated = (count: number, text: string, between: string): string => Array.from({ length: count }, () => text).join(between);
const LONG = 'log:net:u0:';

/** What may be asked, by a key and a size; what makes much work is last, and rare. */
const ASKS: readonly ((key: number, size: number) => string)[] = [
  (key, size) => `put:${place(key)}:k${size % 3}={${size}}`,
  key => `get:${place(key)}:k0&k1&k2&k9`,
  (key, size) => `del:${place(key)}:k${size % 3}&k9`,
  key => `dump:${place(key)}`,
  key => `keys:${place(key)}`,
  (key, size) => `put:${place(key)}:k0={${size}}&k1&k2=a=b;get:${place(key)}:k0&k1&k2;load;ping`,
  (key, size) => `ekey|encrypt:put:${place(key)}:k1={${size}}|eget:${place(key)}:k1|encrypt:get:${place(key)}:k1`,
  (_, size) => `ekey|encrypt:{${size}}|encrypt:load`,
  key => `eget:${place(key)}:k0&k1`,
  (key, size) => `log:net:u${key % 2}:a:b:{${size}}`,
  key => `home:net:u${key % 2};home:net:nobody;load`,
  (key, size) =>
    repeated(around(WAITING_MAX, size) + 1, 'ping', ';')
      .replace('ping', 'pong')
      .replace('ping', key % 2 === 0 ? 'pong' : 'load'),
  key => `passwd:net:u${key % 2}:a;frobnicate;put:net:u0:roles:a=b;put:net:u0:n0`,
  key => `put:${place(key)}:k0=odd:more;get:${place(key)}:k0:more;keys:${place(key)}:::;keys:${place(key)}:`,
  key => `home:odd:u${key % 2};get:odd:u${key % 2}:n0:k0&k1;dump:odd:u${key % 2}:n0`,
  (_, size) => `put:net:${repeated(around(WORD_MAX, size), 'u', '')}:n0:k0=1`,
  key => `dump:${place(key)}|exit`,
  (_, size) => `put:net:u1:many:${repeated(around(PAIRS_MAX, size), 'a', '&')}`,
  (_, size) => `${LONG}{${around(REQUEST_MAX, size) - LONG.length}}`,
];
const MUTES: readonly string[] = ['', 'init', ...AROUND.map(more => `init{${LINE_MAX + more - 4}}`), 'hello', 'init;init', '{5000}'];
const CROWDS: readonly number[] = [0, ...AROUND.map(more => PER_HOST + more), 2 * PER_HOST];

/** How the socket of the gateway child for h2 answers, and what. */
const PONGS: readonly (readonly [answers: string, says: string])[] = [
  ['nobody', 'h2'],
  ['nobody', 'h2'],
  ['0', 'h2'],
  ['100', 'h2'],
  ['closes', 'h2'],
  ['half', 'h2'],
  ['never', 'h2'],
  ['4000', 'h2'],
  ['9900', 'h2'],
  ['10100', 'h2'],
  ...AROUND.map(more => ['0', `{${PONG_MAX + more}}`] as const),
];
/** Before 10 s, and after it. */
const TOLD: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['--request-timeout=3'],
  ['--request-timeout=15'],
  ['--encrypted-only=get,home'],
  ['--listen=10.0.0.1'],
];
/** What stands where a domain would. */
const NO_DOMAIN = { [`${USERS}/odd`]: 'k0=v\n' };
const LAZIES = [...Array.from({ length: 9 }, () => 0), 2_000, 30_000];
/** More than the kernels hold, and more than a lond lets wait. */
const LAZY = ['ping', ...Array.from({ length: 12 }, () => 'get:net:u1:lazy:k0'), 'pong', 'load'].join(';');
const LAZY_VALUE = 150_000;
const THRONGS = [...Array.from({ length: 17 }, () => 0), 1, 2];
/** Of a change: the reading of what there is, directories, the draft, its syncs, its renaming. */
const REFUSALS_MAX = 14;
/** Of the first of all: those of the directories that it makes. */
const SYNCS = [3, 5];
const LOOKS_MAX = 3;
const REFUSALS = [
  ...Array.from({ length: 4 }, () => 0),
  ...Array.from({ length: 2 * LOOKS_MAX }, (_, index) => REFUSALS_MAX + 1 + (index % LOOKS_MAX)),
  ...Array.from({ length: REFUSALS_MAX }, (_, index) => index + 1),
  ...[...SYNCS, ...SYNCS, ...SYNCS],
];
/** So many hosts fill a lond. */
const THRONG_HOSTS = 64;

/** By then lond listens. */
const UP = millis(500);
const BUDGET: FaultBudget = {
  kinds: { kill: 2, 'power-cut': 1, reset: 1, 'disk-full': 1, 'disk-error': 1, 'slow-sync': 1, 'clock-step': 1 },
  total: 3,
  longest: seconds(60),
  from: UP,
  programs: [LOND_CHILD],
  machines: ['h1'],
  severity: { call: 40, extra: seconds(2), step: seconds(100) },
};

/** What there is none left of, for a while or for a few calls; and the power is cut. */
const SHORT: FaultBudget = {
  ...BUDGET,
  kinds: { 'power-cut': 2, 'disk-full': 2, 'disk-error': 2, 'no-descriptors': 2, 'no-memory': 2 },
  programs: [LOND, LOND_CHILD],
  severity: { refusals: 3 },
};

const durable: SometimesProperty = sometimes(
  'stored',
  'A change is answered with ok.',
  () => ({ see: ({ process, bytes }) => programOf(process) === LOND_CHILD && bytes !== undefined && latin1Of(bytes) === 'ok\n' }),
  ['send'],
);

/** A power cut, most of which take what was not synced. */
const CUT: FaultBudget = { ...SHORT, kinds: { 'power-cut': 1 }, severity: { unsynced: ['lost', 'lost', 'torn'] } };

const AIM: Aim = { until: seconds(CHAOS_SECONDS), timeouts: [seconds(15), seconds(30)] };

const ANY_ASK: readonly number[] = [...ASKS.keys(), ...Array.from({ length: 2 * ASKS.length }, (_, index) => index % (ASKS.length - 2))];
/** A put, a read, a removal, and a line of a log. */
const CHANGING: readonly number[] = [0, 0, 1, 2, 5, 9];

const plansIn = (drawn: fc.Arbitrary<readonly Fault[]>, asked = ANY_ASK): Scenario<StorePlan>['plans'] => {
  return profile => {
    const ask = fc.record(
      {
        what: pick(asked),
        key: fc.integer({ min: 0, max: KEYS_MAX }),
        size: fc.noBias(fc.integer({ min: 0, max: SIZE_MAX })),
      },
      PLAIN,
    );
    const call = fc.record(
      { at: fc.noBias(fc.integer({ min: 1, max: CHAOS_SECONDS })), asks: fc.array(ask, { minLength: 1, maxLength: ASKS_MAX }) },
      PLAIN,
    );
    return plans<StoreWorkload>(
      profile,
      {
        faults: drawn,
        link: pick([LINK_DEFAULTS]),
        local: locals({ reads: [16_384, 65_536] }),
      },
      {
        calls: fc.array(call, { maxLength: CALLS_MAX, size: 'max' }),
        crowd: pick(CROWDS),
        mute: pick([...MUTES.keys()]),
        pong: pick([...PONGS.keys()]),
        told: pick([...TOLD.keys()]),
        lazy: pick(LAZIES),
        throng: pick(THRONGS),
        refuses: pick(REFUSALS),
      },
    );
  };
};

export const store: Scenario<StorePlan> = defineScenario<StorePlan>({
  name: 'lonc/store',
  protocol: 'lonc',
  title: 'What a lond has answered with ok is in its store, whatever happens to it and its disk; and it answers what was asked.',
  programs: () => CASTING,
  plans: plansIn(faults(BUDGET, AIM)),
  workload: {
    calls: listUpTo(
      CALLS_MAX,
      object({
        at: integerFrom(1, CHAOS_SECONDS),
        asks: listUpTo(
          ASKS_MAX,
          object({ what: integerFrom(0, ASKS.length - 1), key: integerFrom(0, KEYS_MAX), size: integerFrom(0, SIZE_MAX) }),
        ),
      }),
    ),
    crowd: oneOf(...CROWDS),
    mute: integerFrom(0, MUTES.length - 1),
    pong: integerFrom(0, PONGS.length - 1),
    told: integerFrom(0, TOLD.length - 1),
    lazy: oneOf(...LAZIES),
    throng: oneOf(...THRONGS),
    refuses: integerFrom(0, REFUSALS_MAX + LOOKS_MAX),
  },
  build: (world, { calls, crowd, mute, pong, told, lazy, throng }) => {
    const others = [...calls.map(({ at, asks }) => `--call=${at * 1_000}:${asks.map(stepOf).join('|')}`), ...LAST];
    if (crowd > 0) others.push(`--crowd=2000:${crowd}`);
    others.push(`--mute=3000:${MUTES[mute] ?? ''}`);
    if (lazy > 0) others.push(`--call=3000:put:net:u1:lazy:k0={${LAZY_VALUE}}`, `--lazy=5000:${lazy}:${LAZY}`);
    const hosts = throng === 0 ? 0 : THRONG_HOSTS + 1;
    if (throng > 0)
      others.push(
        `--throng=${(CHAOS_SECONDS + 1) * 1_000}:${PER_HOST},${throng}:${Array.from({ length: hosts }, (_, each) => moreAddressOf(each)).join()}`,
      );
    const [answers = '', says = ''] = PONGS[pong] ?? [];
    const socket = answers === 'nobody' ? [] : [[ANSWERING, '--at=h2', `--answers=${answers}`, `--says=${says}`]];
    const ends = (client: string): readonly string[] => [CALLER, `--to=${addressOf(0)}`, '--server=h1', `--client=${client}`];
    buildNetwork(world, [
      { id: 'h1', knows: ['h1', 'h2'], files: NO_DOMAIN, daemons: [[LOND, ...(TOLD[told] ?? [])]], others: socket },
      { id: 'h2', alias: 'h0', more: hosts, daemons: [], others: [[...ends('h2'), ...others]] },
      // Nobody knows it.
      { id: 'h3', daemons: [], others: [[...ends('h3'), '--call=1500:load']] },
    ]);
  },
  properties: [deathsTold, durable],
  chaos: seconds(CHAOS_SECONDS),
  liveness: seconds(100),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});

export const starvedStore: Scenario<StorePlan> = defineScenario<StorePlan>({
  ...store,
  name: 'lonc/store-starved',
  title: 'Where descriptors, memory, room or power run out, what a lond has answered with ok is in its store all the same.',
  programs: ({ refuses }) => ({
    ...CASTING,
    [LOND_CHILD]: refuses > REFUSALS_MAX ? unseen(londChild, USERS, refuses - REFUSALS_MAX) : refused(londChild, USERS, refuses),
  }),
  exempt: { 'durable-before-told': 'a sync that is refused never comes to the disk, and is no call of the process' },
  plans: plansIn(
    fc.oneof(
      faults(SHORT, AIM),
      faults(CUT, AIM).filter(list => list.length > 0),
    ),
  ),
  budget: SHORT,
});

/** The disk refuses one call, of those that the first changes take; or a lond is killed among them. */
const REFUSED: FaultBudget = {
  ...BUDGET,
  kinds: { 'disk-error': 1, kill: 1 },
  total: 1,
  longest: seconds(100),
  // Whoever comes in a crowd, or says nothing, has come.
  from: seconds(4),
  severity: { call: 40, refusals: 1 },
};
/** Of whoever comes first: a line of the log, then a directory and its sync, and those of one in it. */
const SPARED: readonly number[] = [2, 4, 2, 4, ...Array.from({ length: 9 }, (_, index) => index + 1)];
const REFUSAL = oneRefusal({
  machine: 'h1',
  at: { min: seconds(4), max: seconds(20) },
  duration: { min: seconds(60), max: seconds(100) },
  spares: SPARED,
});

export const refusedStore: Scenario<StorePlan> = defineScenario<StorePlan>({
  ...store,
  name: 'lonc/store-refused',
  title: 'What one change has left unsynced, since it was refused or its lond killed, the next one that is answered with ok has synced.',
  plans: plansIn(
    fc.oneof({ weight: 3, arbitrary: REFUSAL }, { weight: 1, arbitrary: faults({ ...REFUSED, kinds: { kill: 1 } }, AIM) }),
    CHANGING,
  ),
  budget: REFUSED,
});

const stepOf = ({ what, key, size }: Ask): string => ASKS[what]?.(key, size) ?? 'ping';

/** After healing all that was ever stored is asked for. */
const LAST: readonly string[] = [
  `--call=${(CHAOS_SECONDS + 10) * 1_000}:${Array.from({ length: KEYS_MAX + 1 }, (_, key) => `dump:${place(key)}`).join('|')}|home:net:u0;home:net:u1`,
];
