/**
 * On both sides of every limit of a frame: a parent that reads what somebody writes who is not ours, and a child of ours that is told to say
 * as much as there is room for, or more, and is stopped by an operator.
 */
import { choice, evenly, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { concat, hex, utf8 } from '../../src/host/bytes.ts';
import { ENDINGS, type HostileEnding } from './daemons/hostile-child.ts';
import { HOSTILE_CHILD, OTHER_PARENT, SETUP, SIGNALLER } from './daemons/names.ts';
import { NO_CHILD_OF_OURS } from './housekeeping.ts';
import { childArgs, type Lifecycle, lifecycles, RANGES } from './lifecycle.ts';
import { CHILD, MACHINE, PARENT, pair, reads } from './pair.ts';
import { parentEnds, stopsOnEof } from './properties/ends.ts';
import { parentReaps } from './properties/parent.ts';
import { cleanStop, lossIsTold, requestRefused, stopsUnread, unknownSkipped, violationSeen } from './properties/reach.ts';

const LIMITED = pair({ slug: 'frame-limits', title: 'A parent reads frames on both sides of every limit.', properties: [] });

// ── what a parent reads ─────────────────────────────────────────────────────────────────────────────────────────────

/** A frame, made of bytes here and not by the code that is looked at. */
function frame(type: string | Uint8Array, payload: Uint8Array): Uint8Array {
  const name = typeof type === 'string' ? utf8(type) : type;
  const length = payload.length;
  return concat([Uint8Array.of(1, name.length), name, Uint8Array.of(length & 255, (length >> 8) & 255, length >> 16, 0), payload]);
}
const event = (...payload: readonly number[]): Uint8Array => frame('lifetimeevent', Uint8Array.from(payload));
const address = (text: string, type = 'p2plistenaddr'): Uint8Array => frame(type, utf8(text));
/** Of so many bytes. */
const long = (length: number): Uint8Array => address(`${'h'.repeat(length - 6)}:65535`);
/** The same, of letters that have two bytes each; one more makes it odd. */
const wide = (length: number): Uint8Array => address(`${'h'.repeat(length % 2)}${'\u00e4'.repeat(Math.floor(length / 2) - 3)}:65535`);

/** What a child says that stops when it is asked to. */
const COURSE: readonly Uint8Array[] = [
  event(0, 0),
  event(0, 1),
  address('127.0.0.1:9108'),
  address('[::1]:9109', 'rpclistenaddr'),
  event(1, 0),
  event(2, 1),
  event(2, 0),
];
const ODD: readonly Uint8Array[] = [
  ...[0, 1, 254, 255].map(length => frame('t'.repeat(length), utf8('x'))),
  ...[0, 1, 255, 256, 65_535, 65_536].map(length => frame('note', new Uint8Array(length))),
  ...[16, 20, 21, 22, 299, 300, 301].map(long),
  ...[300, 301, 302, 598].map(wide),
  ...[':0', ':1', 'h:0', 'h:65535', 'h:65536', 'h:99999', 'h:100000', 'h:', 'h', '::1:80', '[::1]:80', '[::1:80', 'h h:1', ''].map(text =>
    address(text),
  ),
  ...[[], [0], [0, 0, 0], [1, 7], [2, 2], [3, 0], [0, 2], [0, 255], [255, 0], [2, 1], [1, 0]].map(payload => event(...payload)),
  frame(Uint8Array.of(0xff), utf8('x')),
  frame('rpclistenaddr', Uint8Array.of(0x68, 0xff, 0x3a, 0x31)),
  Uint8Array.of(0),
  Uint8Array.of(2),
];

/** As long as a type that is known, and another; nothing in most runs. */
const NEAR: readonly string[] = [
  ...Array.from({ length: 8 }, () => ''),
  ...[
    'Lifetimeevent',
    'lifetimeevenT',
    'lifetimeevents',
    'rifetimeevent',
    'q2plistenaddr',
    'p2plistenadds',
    'rpclistenaddR',
    'p2plistenadd',
  ],
];

interface Written extends Lifecycle {
  readonly payloadLimit: number;
  /** Frames of the course before the odd ones; the others come behind. */
  readonly before: number;
  readonly odd: readonly number[];
  /** A type that is none of those that are known. */
  readonly near: string;
  /** Bytes that are left out at the end. */
  readonly cut: number;
  readonly ending: HostileEnding;
}
const WRITTEN = workloads<Written>({
  ...lifecycles({ ...RANGES, stopAfter: [0, 200], openDelay: [0, 0], p2p: [0, 0], rpc: [0, 0], extras: [0, 0] }),
  payloadLimit: choice(1_000, 1, 2, 3, 14, 20, 21),
  before: integer(0, COURSE.length),
  odd: list(evenly(0, ODD.length - 1), 2),
  near: choice(...NEAR),
  cut: choice(0, 0, 0, 1, 2, 20, 21, 22),
  ending: choice(...ENDINGS),
});

export const frameLimits: Scenario<CommonPlan & Written> = defineScenario<CommonPlan & Written>({
  ...LIMITED,
  exempt: NO_CHILD_OF_OURS,
  programs: plan => LIMITED.programs(plan),
  plans: profile => plans<Written>(profile, { local: reads(1, 4_096) }, WRITTEN.arbitraries),
  workload: WRITTEN.shapes,
  build: (world, { stopAfter, payloadLimit, before, odd, near, cut, ending }) => {
    const nearly = near === '' ? [] : [frame(near, Uint8Array.of(0, 0))];
    const bytes = concat([...COURSE.slice(0, before), ...nearly, ...odd.map(each => ODD[each] ?? event()), ...COURSE.slice(before)]);
    const send = hex(bytes.subarray(0, Math.max(0, bytes.length - cut)));
    const own = [`--stop-after=${stopAfter}`, '--grace=100', '--kill-after=150', `--payload-limit=${payloadLimit}`];
    world.machine(MACHINE).start(PARENT, [...own, '--', HOSTILE_CHILD, `--send=${send}`, `--then=${ending}`]);
  },
  properties: [parentReaps, parentEnds, violationSeen, unknownSkipped],
  // What is read byte by byte.
  maxEvents: 200_000,
  busyLoop: 150_000,
});

// ── what a child says ───────────────────────────────────────────────────────────────────────────────────────────────

interface Asked extends Lifecycle {
  /** Bytes of a type, and of a payload; and how many the header is to declare beside them. */
  readonly typeLength: number;
  readonly length: number;
  readonly more: number;
  /** Bytes of files that are sent as one, and how many more are declared. */
  readonly blob: number;
  readonly blobToo: number;
  readonly blobMore: number;
  /** KIND,ID that is sent beside. */
  readonly event: string;
  readonly rounds: number;
  readonly ids: 'constants' | 'comment';
  readonly signal: 'SIGINT' | 'SIGTERM';
  readonly at: number;
  readonly whom: 'nobody' | 'parent' | 'child' | 'both';
}
/** As long as a payload may be (1 MiB), and one more, is seldom: it takes long. */
const BLOBS: readonly number[] = [
  ...Array.from({ length: 48 }, () => 0),
  ...[1, 4_095, 4_096, 65_535, 65_536].flatMap(each => [each, each, each]),
  1_048_576,
  1_048_577,
];
/** A path for each length. */
const blobAt = (length: number): string => (length < 0 ? '/var/none' : `/var/blob.${length}`);

const ASKED = workloads<Asked>({
  ...lifecycles({ ...RANGES, stopAfter: [0, 200] }),
  typeLength: choice(4, 0, 1, 254, 255, 256, 300),
  length: choice(0, 1, 2, 255, 256, 4_095, 4_096, 4_097),
  more: choice(0, 0, 0, 1, -1),
  blob: choice(...BLOBS),
  blobToo: choice(0, 0, 0, 0, 1, 4_096, -1),
  blobMore: choice(0, 0, 0, 0, 0, 1, -1),
  event: choice('', '', '', '1,0', '1,255', '2,1', '0,2', '2,2', '3,0', '255,255', '2,255'),
  rounds: choice(1, 1, 1, 0, 2, 3),
  ids: choice('constants', 'constants', 'comment'),
  signal: choice('SIGINT', 'SIGTERM'),
  at: integer(0, 200),
  whom: choice('nobody', 'parent', 'child', 'both'),
});
/** The first process of a machine, the one started beside it, and the child. */
const PIDS = { nobody: [], parent: [100], child: [102], both: [100, 102] } as const;

export const asked: Scenario<CommonPlan & Asked> = defineScenario<CommonPlan & Asked>({
  ...LIMITED,
  name: 'lifetime/asked',
  title: 'A child says what there is room for and nothing else, and whoever asks it or its parent to stop, both do.',
  programs: plan => LIMITED.programs(plan),
  plans: profile => plans<Asked>(profile, { local: reads(1_000, 65_536) }, ASKED.arbitraries),
  workload: ASKED.shapes,
  build: (world, plan) => {
    const { stopAfter, typeLength, length, more, signal, at, whom, event: said, rounds, ids } = plan;
    const machine = world.machine(MACHINE, { directories: ['/var'] });
    const size = Math.max(0, length + more);
    const extras = [
      `--message=${'t'.repeat(typeLength)}:${'61'.repeat(length)}:${size}`,
      ...(said === '' ? [] : [`--event=${said}`]),
      ...blobArgs(plan),
      `--repeat=${rounds}`,
      `--event-ids=${ids}`,
    ];
    const own = [`--stop-after=${stopAfter}`, '--grace=100', '--kill-after=150'];
    machine.start(SETUP, [...filesOf(plan), PARENT, ...own, '--', CHILD, ...childArgs({ ...plan, extras: 0 }), ...extras]);
    machine.start(SIGNALLER, [`--at=${at}`, `--signal=${signal}`, ...PIDS[whom].map(pid => `--pid=${pid}`)]);
  },
  properties: [parentReaps, parentEnds, cleanStop, requestRefused],
});

const lengthsOf = ({ blob, blobToo }: Asked): readonly number[] => (blob === 0 ? [] : [blob, ...(blobToo === 0 ? [] : [blobToo])]);
const filesOf = (plan: Asked): readonly string[] => lengthsOf(plan).flatMap(each => (each < 0 ? [] : [`--file=${blobAt(each)}:${each}`]));
function blobArgs(plan: Asked): readonly string[] {
  const lengths = lengthsOf(plan);
  const sum = lengths.reduce((total, each) => total + Math.max(0, each), plan.blobMore);
  return lengths.length === 0 ? [] : [`--blob=note:${lengths.map(blobAt).join(',')}${plan.blobMore === 0 ? '' : `:${sum}`}`];
}

// ── what waits in a child ───────────────────────────────────────────────────────────────────────────────────────────

interface Flooded extends Lifecycle {
  /** Bytes by which what waits is more than there is room for. */
  readonly beyond: number;
  /** The pipe is full before anything is said, or in the middle of the first long frame. */
  readonly full: 'before' | 'within';
}
const FLOODED = workloads<Flooded>({
  ...lifecycles({ ...RANGES, stopAfter: [150, 250], openDelay: [0, 3], p2p: [0, 0], rpc: [0, 0], extras: [0, 0] }),
  beyond: choice(0, 1, -1, 2, -1_000, 500),
  full: choice('before', 'before', 'within'),
});
/** What may wait (README: QUEUE_LIMIT); two events; two frames of a type of one byte, the first as long as may be. */
const ROOM = 2_097_152;
const BEFORE = 2 * 21 + 2 * (6 + 1);
const FIRST = 1_048_576;

export const flooded: Scenario<CommonPlan & Flooded> = defineScenario<CommonPlan & Flooded>({
  ...LIMITED,
  name: 'lifetime/flooded',
  title: 'What waits in a child whose parent does not read has a limit, and is told where it is passed.',
  programs: plan => LIMITED.programs(plan),
  plans: profile => plans<Flooded>(profile, {}, FLOODED.arbitraries),
  workload: FLOODED.shapes,
  build: (world, plan) => {
    const lengths = [FIRST, ROOM - BEFORE - FIRST + plan.beyond];
    const files = lengths.map(each => `--file=${blobAt(each)}:${each}`);
    const deaf = ['--deaf', ...(plan.full === 'before' ? ['--prefill'] : [])];
    const parent = [OTHER_PARENT, ...deaf, `--stop-after=${plan.stopAfter}`, '--'];
    const machine = world.machine(MACHINE, { directories: ['/var'] });
    machine.start(SETUP, [...files, ...parent, CHILD, ...childArgs(plan), ...lengths.map(each => `--blob=x:${blobAt(each)}`)]);
  },
  properties: [stopsOnEof, lossIsTold, stopsUnread],
});
