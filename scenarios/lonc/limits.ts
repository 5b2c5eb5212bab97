/**
 * What a gateway child takes and passes on, at its limits: one byte less, just as much, and one more, and encrypted texts of every length, with
 * a lond that is not ours. No faults: the model knows what is within a limit.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { locals, PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo, object, oneOf } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { gatewayChild } from '../../src/impl/lonc/programs.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { CLIENT, OPERATOR, OTHER_LOND } from './daemons/names.ts';
import { refused } from './daemons/refused.ts';
import { sealedAsk, sizeAsk, wordAsk } from './parts/asks.ts';
import { LATER } from './parts/link.ts';
import { addressOf, buildNetwork, CASTING, GATEWAY_CHILD, LOND_CHILD } from './parts/network.ts';
import { SPOOL } from './parts/places.ts';
import { replyMet } from './properties/answers.ts';
import { backOffMet } from './properties/links.ts';

interface Ask {
  readonly what: number;
  readonly size: number;
  /** Milliseconds after which the client leaves, answered or not; 0: it stays. */
  readonly leaves: number;
  /** Milliseconds that it reads nothing. */
  readonly lazy: number;
}
export interface LimitsWorkload {
  /** The answer of the dialogue that is long; '': none is. */
  readonly step: string;
  /** Beside its limit. */
  readonly more: number;
  /** Characters of the build key: of a short one the key of the cipher has gaps. */
  readonly key: number;
  /** Of IDS: what both hosts are called, which is in the key as well. */
  readonly ids: number;
  /** Messages that are kept from before: of KEPT. */
  readonly kept: readonly number[];
  /** Which call the disk refuses the child, of those that read or set aside what is kept; 0: none. */
  readonly refuses: number;
  /** Each by a client of its own. */
  readonly asks: readonly Ask[];
  /** Of TOLD. */
  readonly told: number;
  /** Milliseconds that one reads nothing who asks for much; 0: there is none. */
  readonly slow: number;
  /** Clients, all together; 0: no more than ask. */
  readonly crowd: number;
  /** Lines behind the first reply that answer nothing, in one piece with it. */
  readonly strays: number;
}
export type LimitsPlan = CommonPlan & LimitsWorkload;

// The limits of a gateway child (README.md of lonc).
const DIALOGUE_MAX = 4_096;
const REQUEST_MAX = 1_048_576;
const REPLY_MAX = 8_388_608;
const CLIENTS_MAX = 256;
const QUEUE_MAX = 64;

const AROUND = [-1, 0, 1];
const STEPS = ['', 'init', 'pong', 'ekey'];
const ASKS_MAX = 4;
const SIZE_MAX = 40;
const LEAVES = [0, 0, 0, 1, 20];
const LAZIES = [0, 0, 0, 3_000];
const SLOWS = [0, 0, 0, 0, 0, 2_000];
/** The first request is answered so late that others wait, and some of those who wait leave. */
const LATE = '--do=1:late:500';
const around = (limit: number, size: number): number => limit + (AROUND[size % AROUND.length] ?? 0);
const WORD = wordAsk('');
const ENCRYPTED = `encrypt:${WORD}`;

/** Lines of a client, by a size; what makes much work is last, and rare. */
const ASKS: readonly ((size: number) => readonly string[])[] = [
  size => [wordAsk(`{${size}}`)],
  size => [`${ENCRYPTED}{${size}}`],
  size => [sealedAsk(`{${size}}`)],
  size => [`${ENCRYPTED}{${8 * size}}`, sealedAsk(`{${8 * size}}`)],
  // One of them is being asked.
  size => Array.from({ length: around(QUEUE_MAX, size) + 1 }, (_, index) => wordAsk(String(index))),
  size => Array.from({ length: 2 * QUEUE_MAX + size }, (_, index) => wordAsk(String(index))),
  size => [`${WORD}{${around(REQUEST_MAX, size) - WORD.length}}`, wordAsk('after')],
  size => [sizeAsk(around(REPLY_MAX, size)), wordAsk('after')],
];
/** More than the kernel holds, and more than waits for who does not read; and what is asked beside. */
const MUCH = [...Array.from({ length: 7 }, () => sizeAsk(200_000)), ...Array.from({ length: 5 }, (_, index) => wordAsk(`beside${index}`))];
/** Letters at both ends of the alphabet, of the digits among them, and of what stands for one. */
const IDS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['h1', 'h2'],
  ['az', 'AZ'],
  ['fgFG', 'pqPQ'],
  ['m-0.9', 'zZaAgGqQ'],
  ['abcdefghijklmnopq', 'rstuvwxyzABCDEFGHIJ'],
];
/** A message has one line, which is not empty and has its end. */
const KEPT = ['put:one\n', 'put:two\n', 'put:three\nmore\n', 'put:four\nmore', 'put:five', '\n', '\n\n', 'put:six\n\n'];
const KEPT_MAX = 3;
const REFUSES_MAX = 3;
const REFUSES = [0, 0, 0, ...Array.from({ length: REFUSES_MAX }, (_, index) => index + 1)];
const KEY = '48213AC7B9E0F0B29A7D51200000000FEDCBA987';
/** When the child is told to end, in milliseconds; 0: it is not. By 7,100 it waits for the first answer. */
const TOLD = [0, 0, 0, 7_100, 8_000];
const CROWDS = [0, 0, 0, ...AROUND.map(more => CLIENTS_MAX + more)];
const STRAYS = [0, 0, 0, 0, 1, 2, 3];

export const limits: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  name: 'lonc/limits',
  protocol: 'lonc',
  title: 'A gateway child takes as much as it says, and no more, and passes on every byte.',
  exempt: { 'durable-before-told': 'A message that is set aside may be looked at again after a power cut.' },
  programs: ({ refuses }) => ({ ...CASTING, [GATEWAY_CHILD]: refused(gatewayChild, SPOOL, refuses) }),
  plans: profile => {
    const what = pick([
      ...ASKS.keys(),
      ASKS.length - 1,
      ...Array.from({ length: 3 * ASKS.length }, (_, index) => index % (ASKS.length - 2)),
    ]);
    const ask = fc.record(
      { what, size: fc.noBias(fc.integer({ min: 0, max: SIZE_MAX })), leaves: pick(LEAVES), lazy: pick(LAZIES) },
      PLAIN,
    );
    return plans<LimitsWorkload>(
      profile,
      { link: pick([LINK_DEFAULTS]), local: locals({ reads: [16_384, 65_536] }) },
      {
        step: pick(STEPS),
        more: pick(AROUND),
        key: fc.noBias(fc.integer({ min: 1, max: KEY.length })),
        ids: fc.noBias(fc.integer({ min: 0, max: IDS.length - 1 })),
        kept: fc.array(fc.noBias(fc.integer({ min: 0, max: KEPT.length - 1 })), { maxLength: KEPT_MAX }),
        refuses: pick(REFUSES),
        asks: fc.array(ask, { maxLength: ASKS_MAX, size: 'max' }),
        told: pick(TOLD),
        slow: pick(SLOWS),
        crowd: pick(CROWDS),
        strays: pick(STRAYS),
      },
    );
  },
  workload: {
    step: oneOf(...STEPS),
    more: integerFrom(-1, 1),
    key: integerFrom(1, KEY.length),
    ids: integerFrom(0, IDS.length - 1),
    kept: listUpTo(KEPT_MAX, integerFrom(0, KEPT.length - 1)),
    refuses: integerFrom(0, REFUSES_MAX),
    asks: listUpTo(
      ASKS_MAX,
      object({ what: integerFrom(0, ASKS.length - 1), size: integerFrom(0, SIZE_MAX), leaves: oneOf(...LEAVES), lazy: oneOf(...LAZIES) }),
    ),
    told: oneOf(...TOLD),
    slow: oneOf(...SLOWS),
    crowd: oneOf(...CROWDS),
    strays: oneOf(...STRAYS),
  },
  build: (world, { step, more, key, ids, kept, asks, told, slow, crowd, strays }) => {
    const [own, peer] = IDS[ids] ?? IDS[0];
    const long = step === '' ? [] : [`--long=${step}:${DIALOGUE_MAX + more}`];
    const clients = asks.map(({ what, size, leaves, lazy }, index) => [
      CLIENT,
      `--peer=${peer}`,
      `--say=${7_000 + index}:${(ASKS[what]?.(size) ?? []).join('|')}`,
      // Of whom as many wait as may, while the first is answered late.
      ...(leaves === 0 ? [`--say=${7_300 + index}:${wordAsk('more')}`] : []),
      ...(lazy === 0 ? [] : [`--lazy=${lazy}`]),
      ...(leaves === 0 ? [] : [`--leave=${7_000 + index + leaves}`]),
    ]);
    const silent = Array.from({ length: Math.max(0, crowd - asks.length) }, () => [CLIENT, `--peer=${peer}`, '--open=6500']);
    if (slow > 0) clients.push([CLIENT, `--peer=${peer}`, `--say=6900:${MUCH.join('|')}`, `--lazy=${slow}`]);
    const order = told === 0 ? [] : [[OPERATOR, `--send=${told}:SIGTERM:${peer}`]];
    buildNetwork(world, [
      {
        id: own,
        after: LATER,
        knows: [peer],
        delayed: Object.fromEntries(kept.map((each, index) => [`${1_000 + index}.put.${peer}`, KEPT[each] ?? ''])),
        daemons: [[GATEWAY_CHILD, `--peer=${peer}`, `--address=${addressOf(1)}`]],
        others: [...silent, ...clients, ...order],
      },
      {
        id: peer, // Its port is taken.
        daemons: [[LOND_CHILD]],
        others: [
          [
            OTHER_LOND,
            `--id=${peer}`,
            `--client=${own}`,
            `--key=${KEY.slice(0, key)}`,
            strays > 0 ? `--do=1:more:${strays}` : LATE,
            ...long,
          ],
        ],
      },
    ]);
  },
  properties: [replyMet, backOffMet],
  chaos: seconds(20),
  liveness: seconds(20),
  maxEvents: 10_000,
  busyLoop: 6_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
