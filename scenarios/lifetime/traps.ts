/**
 * The traps DC-01 to DC-29 that two daemons can play, one row each, in the order of their numbers (src/impl/lifetime/quirks.ts).
 * As written a row with a quirk has that one on and no other, so that a finding has one cause; one without has all.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { hex, utf8 } from '../../src/host/bytes.ts';
import { millis } from '../../src/host/time.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import { LIFETIME_EVENT } from '../../src/impl/lifetime/wire.ts';
import { HOSTILE_CHILD, OTHER_PARENT } from './daemons/names.ts';
import { PARENT, type PairSpec, pair, reads } from './pair.ts';
import { askedIsSuccess, badDescriptorIsUsage, listenersAllBound, survivesItsReader } from './properties/child.ts';
import { noOrphan, parentEnds, startUpCompletes, stopsOnEof, stopsOnSignal } from './properties/ends.ts';
import {
  memoryIsBounded,
  nothingUnread,
  noViolation,
  observedAsSent,
  parentReaps,
  statusIsTrue,
  violationIsReported,
} from './properties/parent.ts';
import {
  cleanStop,
  escalated,
  findsBadDescriptor,
  hugePayload,
  leavesMidFrame,
  listenFailed,
  lossIsTold,
  orphaned,
  pipeFull,
  readerGone,
  readsPartialFrame,
  readsSeveralFrames,
  requestRefused,
  stopInStartUp,
  stopsUnread,
} from './properties/reach.ts';
import { footerIsLast, framesWellFormed, legalOrder, stopIsAnnounced, wholeFrames } from './properties/wire.ts';

const CHAOS = millis(60);
const KILL_PARENT: FaultBudget = { kinds: { kill: 1 }, total: 1, longest: CHAOS, programs: [PARENT], severity: { call: 12 } };

/** More than the buffer of 4096 bytes through which the published writer sends. */
const HALF = utf8('.'.repeat(4_200));
/** 300 bytes, whose length in one byte is 44. */
const LONG_TYPE = 'note-'.repeat(60);
/** 01, length of the type, type, ffffffff: four gigabytes of an event follow. */
const HUGE = `010d${hex(utf8(LIFETIME_EVENT))}ffffffff`;

const TABLE: readonly PairSpec[] = [
  {
    // DC-01: the comment of the published source gives P2P events the id of a ticket database, the constants do not.
    slug: 'event-ids',
    title: 'A parent names the events of its child by the constants.',
    quirk: QUIRK.COMMENT_IDS,
    properties: [observedAsSent, noViolation, cleanStop],
    fails: ['observed-as-sent'],
  },
  {
    // DC-03: since 2020 it says so when it has stopped it. It still says it before 2,0, so a parent cannot tell; the child’s log can.
    slug: 'late-stop-event',
    title: 'A child says that it is about to stop its server, and then stops it.',
    quirk: QUIRK.STOP_SERVER_LATE,
    ranges: { openDelay: [0, 3] },
    properties: [stopIsAnnounced, legalOrder, cleanStop],
    fails: ['stop-is-announced'],
  },
  {
    // DC-04: a request that comes before the child listens for one is dropped, and nobody repeats it; the child runs on until its
    // parent sends SIGTERM, five seconds later.
    slug: 'lost-shutdown',
    title: 'A parent closes the control pipe while its child starts, and the child stops.',
    quirk: QUIRK.LOSE_REQUEST,
    ranges: { stopAfter: [0, 1], openDelay: [0, 2] },
    properties: [stopsOnEof, askedIsSuccess, legalOrder, parentEnds, stopInStartUp],
    fails: ['stops-on-eof'],
  },
  {
    // DC-05: the event code alone, without the writer and without the drain that main starts when there is no pipe. It reads no control
    // pipe either, so SIGTERM stops it.
    slug: 'no-writer',
    title: 'A child that has neither writer nor drain starts, and stops at SIGTERM.',
    quirk: QUIRK.NOTIFY_WITHOUT_WRITER,
    parentArgs: ['--grace=100'],
    childArgs: ['--ipc-only'],
    properties: [startUpCompletes, stopsOnSignal, parentEnds, escalated],
    fails: ['start-up-completes'],
    mayFail: ['stops-on-signal'],
  },
  {
    // DC-06: the event pipe is full before the child starts, and nobody reads. One whose every event waits for the writer hangs in its
    // start-up and hears neither the end of the control pipe nor a signal.
    slug: 'deaf-parent',
    title: 'A child whose event pipe is full starts and stops as if somebody read it.',
    quirk: QUIRK.BLOCKING_NOTIFY,
    parent: OTHER_PARENT,
    parentArgs: ['--deaf', '--prefill'],
    properties: [startUpCompletes, stopsOnEof, footerIsLast, pipeFull, stopsUnread],
    fails: ['start-up-completes', 'stops-on-eof'],
  },
  {
    // Whoever waits for room is let go on, and 1,0 or 2,0 will never arrive. This is where a child whose senders wait (DC-06)
    // recovers, so both profiles hold.
    slug: 'full-pipe-closed',
    title: 'A child whose events wait for a parent that closes the pipe goes on without them.',
    quirk: QUIRK.BLOCKING_NOTIFY,
    parent: OTHER_PARENT,
    parentArgs: ['--deaf', '--prefill', '--closes-at=10'],
    ranges: { stopAfter: [20, 60], openDelay: [0, 4] },
    properties: [startUpCompletes, stopsOnEof, askedIsSuccess, survivesItsReader, footerIsLast, pipeFull, readerGone, lossIsTold],
    fails: [],
  },
  {
    // DC-07: a parent closes its end of the event pipe after some bytes, in the middle of a frame as often as not. Senders wait for a
    // writer that is about to find out, are let go on, and nobody is told: it takes all quirks.
    slug: 'parent-closes-early',
    title: 'A child whose parent no longer reads its events runs and stops as if it did, and says what was lost.',
    parent: OTHER_PARENT,
    parentArgs: ['--closes-after=30'],
    ranges: { stopAfter: [5, 40], openDelay: [0, 4] },
    properties: [
      startUpCompletes,
      stopsOnEof,
      askedIsSuccess,
      survivesItsReader,
      framesWellFormed,
      footerIsLast,
      readerGone,
      leavesMidFrame,
      lossIsTold,
    ],
    fails: ['footer-is-last'],
    mayFail: ['stops-on-eof', 'asked-is-success'],
  },
  {
    // DC-08: two files make one payload, and the second is not there: the first 4096 bytes are in the pipe by then, and stay there. A
    // child that reads a payload whole before it sends the first byte drops the message and goes on.
    slug: 'partial-frame',
    title: 'A child whose payload cannot be read to its end sends whole frames or nothing.',
    quirk: QUIRK.PARTIAL_FRAME,
    files: { '/var/half': HALF },
    childArgs: ['--blob=note:/var/half,/var/other-half'],
    ranges: { stopAfter: [10, 60], extras: [0, 1] },
    properties: [wholeFrames, footerIsLast, noViolation, observedAsSent, requestRefused, cleanStop],
    fails: ['whole-frames', 'no-violation'],
  },
  {
    // DC-10: the whole of it follows its length of one byte, and every reader takes the rest for a length and a payload.
    slug: 'type-too-long',
    title: 'A child does not send a type of more than 255 bytes.',
    quirk: QUIRK.WRAP_TYPE,
    childArgs: [`--message=${LONG_TYPE}:00`],
    ranges: { stopAfter: [10, 60], extras: [0, 1] },
    properties: [framesWellFormed, legalOrder, footerIsLast, noViolation, requestRefused, cleanStop],
    fails: ['frames-well-formed', 'no-violation'],
  },
  {
    // DC-11: a header says five bytes and two follow, or two and five. Either way the reader is out of step for good.
    slug: 'size-mismatch',
    title: 'A child sends no payload of another size than its header says.',
    quirk: QUIRK.TRUST_SIZE,
    childArgs: ['--message=note:6162:5', '--message=note:6162636465:2'],
    ranges: { stopAfter: [10, 60], extras: [0, 1] },
    properties: [framesWellFormed, legalOrder, wholeFrames, footerIsLast, noViolation, requestRefused, cleanStop],
    fails: ['frames-well-formed', 'no-violation'],
    mayFail: ['legal-order'],
  },
  {
    // DC-12: the log of the child goes to descriptor 1 as well; and once its reader is gone, a write to a standard descriptor raises
    // SIGPIPE, which is fatal there and nowhere else.
    slug: 'standard-descriptors',
    title: 'A child whose events go to descriptor 1 sends frames and nothing else, and survives its reader.',
    quirk: QUIRK.STANDARD_DESCRIPTORS,
    parent: OTHER_PARENT,
    parentArgs: ['--events=1', '--closes-after=50'],
    properties: [framesWellFormed, survivesItsReader, stopsOnEof, readerGone],
    fails: ['frames-well-formed', 'survives-its-reader'],
  },
  {
    // DC-13: zero means that a pipe is off, although zero is a descriptor.
    slug: 'descriptor-zero',
    title: 'A child whose control pipe is descriptor 0 stops when it is closed.',
    quirk: QUIRK.ZERO_IS_OFF,
    parent: OTHER_PARENT,
    parentArgs: ['--control=0'],
    properties: [stopsOnEof, askedIsSuccess, footerIsLast, cleanStop],
    fails: ['stops-on-eof'],
  },
  {
    // DC-14: a bad --pipetx loses all events without a word, and the child runs.
    slug: 'bad-descriptor',
    title: 'A child that is told of a descriptor that is not open refuses to start.',
    quirk: QUIRK.BAD_DESCRIPTORS,
    parent: OTHER_PARENT,
    parentArgs: ['--lies'],
    properties: [badDescriptorIsUsage, parentEnds, findsBadDescriptor],
    fails: ['bad-descriptor-is-usage'],
  },
  {
    // DC-16: a copy of the control pipe’s write end in the child itself. There is no end of file then, whoever closes what, and not even
    // the death of the parent is seen.
    slug: 'leaked-write-end',
    title: 'A child ends when its parent closes the control pipe or is killed.',
    quirk: QUIRK.LEAK_CONTROL,
    budget: KILL_PARENT,
    faults: faults(KILL_PARENT, { until: CHAOS, timeouts: [CHAOS] }),
    chaos: CHAOS,
    ranges: { openDelay: [0, 3] },
    properties: [stopsOnEof, noOrphan, orphaned, cleanStop],
    fails: ['stops-on-eof', 'no-orphan'],
  },
  {
    // DC-18: a sender goes on once the writer has taken its message. If the writer was not scheduled before the exit, 2,0 is never
    // written and nobody knows.
    slug: 'last-frame-lost',
    title: 'A child that exits has sent its last frame.',
    quirk: QUIRK.EXIT_UNFLUSHED,
    ranges: { openDelay: [0, 2] },
    properties: [footerIsLast, nothingUnread, legalOrder, cleanStop],
    fails: ['footer-is-last'],
  },
  {
    // DC-19: a parent without a limit would take them all into its memory; ours says what is wrong as soon as it has seen the length.
    slug: 'payload-too-long',
    title: 'A parent whose child announces four gigabytes does not wait for them.',
    quirk: QUIRK.NO_PAYLOAD_LIMIT,
    // Half of what memoryIsBounded allows, so that the read with the header in it may bring as much again.
    local: reads(1_000, 4_096),
    child: HOSTILE_CHILD,
    childArgs: [`--send=${HUGE}`, '--filler=20000', '--then=close'],
    properties: [memoryIsBounded, violationIsReported, statusIsTrue, parentReaps, parentEnds, hugePayload],
    fails: ['memory-is-bounded'],
  },
  {
    // DC-20: a frame cut inside its header is lost, one cut inside its payload is taken for a shorter one: an address without its last
    // digit is an address.
    slug: 'whole-frame-per-chunk',
    title: 'A parent puts together what arrives in pieces.',
    quirk: QUIRK.FRAME_PER_CHUNK,
    local: reads(1, 40),
    properties: [observedAsSent, noViolation, readsPartialFrame],
    fails: ['observed-as-sent'],
    mayFail: ['no-violation'],
  },
  {
    // DC-21: a new buffered reader for each message throws away what the last one had read ahead: of three frames it sees the first.
    slug: 'coalesced-frames',
    title: 'A parent takes apart what arrives together.',
    quirk: QUIRK.READER_PER_MESSAGE,
    local: reads(2_000, 65_536),
    ranges: { stopAfter: [0, 10], openDelay: [0, 0], p2p: [1, 2], rpc: [1, 2] },
    properties: [observedAsSent, nothingUnread, readsSeveralFrames],
    fails: ['observed-as-sent', 'nothing-unread'],
  },
  {
    // DC-22: one that has both addresses misses the end of start-up and everything after it.
    slug: 'stops-reading',
    title: 'A parent reads to the end.',
    quirk: QUIRK.STOP_READING,
    ranges: { stopAfter: [5, 60], p2p: [1, 2], rpc: [1, 2] },
    properties: [nothingUnread, observedAsSent, parentEnds, cleanStop],
    fails: ['nothing-unread'],
  },
  {
    // DC-23: while it creates its server it exits with status 1, and one step earlier or later with status 0.
    slug: 'start-up-interrupt',
    title: 'A child that is asked to stop while it starts exits with status 0.',
    quirk: QUIRK.START_UP_STATUS,
    ranges: { stopAfter: [0, 20], openDelay: [2, 6] },
    properties: [askedIsSuccess, statusIsTrue, legalOrder, stopInStartUp],
    fails: ['asked-is-success'],
  },
  {
    // DC-28: nobody looks at the id before it is sent.
    slug: 'undefined-ids',
    title: 'A child does not send an event whose id is not defined.',
    quirk: QUIRK.UNDEFINED_IDS,
    childArgs: ['--event=0,255'],
    ranges: { stopAfter: [10, 60], extras: [0, 1] },
    properties: [legalOrder, framesWellFormed, requestRefused, cleanStop],
    fails: ['legal-order'],
  },
  {
    // DC-29: of two listeners on one port the second cannot be bound. That is a line in the log, and the parent is told that start-up
    // is complete.
    slug: 'listener-fails',
    title: 'A child one of whose listeners cannot be bound does not run.',
    quirk: QUIRK.LISTENER_MAY_FAIL,
    childArgs: ['--listen=127.0.0.1:9108', '--listen=127.0.0.1:9108'],
    ranges: { stopAfter: [20, 60], openDelay: [0, 2], p2p: [1, 2] },
    properties: [listenersAllBound, legalOrder, footerIsLast, noViolation, statusIsTrue, listenFailed],
    fails: ['listeners-all-bound'],
    mayFail: ['status-is-true'],
  },
];

export const traps: readonly Scenario[] = TABLE.map(pair);
