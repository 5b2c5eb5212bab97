/**
 * What the lifetime protocol requires of a child and of its parent. Clauses are those of src/impl/lifetime/README.md; the
 * published source has no words of RFC 2119, so the levels are ours: MUST where a peer cannot work without it, SHOULD
 * where a peer is worse off, MAY where the sources differ.
 */
import type { Requirement } from '../case.ts';
import { requirementOf } from '../requirement.ts';
import { PARENT_REQUIREMENTS } from './requirements-parent.ts';

const child = requirementOf('lifetime', 'child');

const CHILD_REQUIREMENTS: readonly Requirement[] = [
  // ── C1 options ────────────────────────────────────────────────────────────────────────────────────────────────────
  child(
    'options-accepted',
    'C1',
    'MUST',
    'A child MUST accept --pipetx=N, --piperx=N, --lifetimeevents and --boundaddrevents after its own options.',
  ),
  child('lifetimeevents-option', 'C1', 'MUST', 'A child MUST send lifetime events only with --lifetimeevents.'),
  child('boundaddrevents-option', 'C1', 'MUST', 'A child MUST send addresses only with --boundaddrevents.'),
  child(
    'no-events-without-options',
    'C1',
    'MUST',
    'A child with pipes and neither event option MUST send nothing, and MUST still stop at the end of its control pipe.',
  ),
  child('pipetx-off', 'C1', 'MUST', 'A child without --pipetx MUST run with its events switched on, and write none of them anywhere.'),
  child('piperx-off', 'C1', 'MUST', 'A child without --piperx MUST NOT stop because some pipe it inherited has ended.'),
  child('descriptor-zero', 'C1, DC-13', 'MAY', 'A child MAY take descriptor 0 to mean that the pipe is off.', {
    untestable: 'the published child does, others use it as a descriptor; both are right, so nothing would follow from seeing it',
  }),
  child('bad-descriptor', 'C5, DC-14', 'MAY', 'A child MAY refuse to start when the descriptor of a pipe is not open.', {
    untestable: 'the published child stops at once for a bad control pipe and runs for a bad event pipe; no rule can be read from that',
  }),
  // ── C2 frames ─────────────────────────────────────────────────────────────────────────────────────────────────────
  child(
    'frame-format',
    'C2',
    'MUST',
    'Everything a child writes to the event pipe MUST be frames: version 1, length of type, type in UTF-8, length of payload in little endian, payload.',
    { quote: 'Messages sent over a pipe are encoded using a simple binary message format' },
  ),
  child('event-payload', 'C2', 'MUST', 'The payload of a lifetimeevent MUST be two bytes: a kind of 0, 1 or 2, and an id.'),
  child('ids-constants', 'C2, C6', 'MUST', 'The id of a lifetime event MUST be 0 for the block database or 1 for the P2P server.'),
  child('complete-id-zero', 'C2', 'SHOULD', 'The id of the completion of start-up SHOULD be 0; readers ignore it.'),
  child('one-write', 'C3', 'SHOULD', 'A child SHOULD write a frame of up to 4096 bytes with one call, so that it enters the pipe whole.', {
    untestable:
      'a pipe keeps no boundaries of writes; only the end of the pipe inside a frame would show it, and that needs a death at the right instant',
  }),
  // ── C4 control ────────────────────────────────────────────────────────────────────────────────────────────────────
  child('stop-on-control-eof', 'C4', 'MUST', 'A child MUST stop when its control pipe reaches end of file.', {
    quote: 'When the pipe is closed or any other errors occur reading the control message, shutdown begins.',
  }),
  child(
    'control-data-ignored',
    'C4, DC-15',
    'MUST',
    'A child MUST ignore everything it reads from its control pipe before the end of file.',
    {
      quote: 'No control messages are currently defined and the only use for the pipe is to start clean shutdown when the pipe is closed.',
    },
  ),
  child('stop-during-start', 'C5, DC-04', 'MUST', 'A child whose control pipe ends while it starts MUST stop, with status 0 or 1 (DC-23).'),
  child(
    'stop-before-start',
    'C5, DC-04',
    'MUST',
    'A child whose control pipe has ended before it starts MUST stop, with status 0 or 1 (DC-23).',
  ),
  // ── C5 sequences ──────────────────────────────────────────────────────────────────────────────────────────────────
  child('start-db-first', 'C5', 'MUST', 'The first frame of a child MUST be 0,0: about to start the block database.'),
  child(
    'start-p2p-after-db',
    'C5',
    'MUST',
    'A child MUST announce the start of its P2P server after that of the block database and before 1,0.',
  ),
  child('complete-once', 'C5', 'MUST', 'A child that has started MUST send 1,0 exactly once.'),
  child(
    'address-announced',
    'C1, C5',
    'MUST',
    'A child that was given --boundaddrevents MUST announce the address of each listener it has bound.',
  ),
  child('address-between', 'C5', 'MUST', 'A child MUST send every address after the start of its P2P server and before 1,0.'),
  child('address-form', 'C2', 'MUST', 'The payload of an address MUST be the text host:port, with the number of the port that was bound.'),
  child('address-listening', 'C2', 'MUST', 'A child MUST listen at an address it has announced.'),
  child('address-rpc-last', 'C5', 'SHOULD', 'A child SHOULD announce its P2P listeners before its RPC listeners.'),
  child(
    'stop-p2p-before-db',
    'C5',
    'MUST',
    'A child that has sent 1,0 MUST announce the stop of its P2P server before that of the block database.',
  ),
  child('stop-db-last', 'C5', 'MUST', 'The last frame of a child that was told to stop MUST be 2,0, followed by the end of the pipe.'),
  child('stop-p2p-after-complete', 'C5', 'SHOULD', 'A child SHOULD send 2,1 only after 1,0.'),
  child('stop-announced-first', 'C6, DC-03', 'SHOULD', 'A child SHOULD announce the stop of its P2P server before the server stops.', {
    untestable: 'the two are microseconds apart, and a refused connection cannot be told from one that came late',
  }),
  child('exit-zero', 'C5', 'MUST', 'A child that had started and was told to stop MUST exit with status 0.'),
  child(
    'stop-on-sigterm',
    'C5',
    'MUST',
    'A child MUST stop on SIGTERM with the same frames and the same status as at the end of its control pipe.',
  ),
  child(
    'stop-on-sigint',
    'C5',
    'MUST',
    'A child MUST stop on SIGINT with the same frames and the same status as at the end of its control pipe.',
  ),
  child(
    'stop-once',
    'C5',
    'MUST',
    'A child that is told to stop twice MUST announce its stops once, and exit as if it had been told once.',
  ),
  child(
    'eof-on-death',
    'C5, DC-16',
    'MUST',
    'The event pipe MUST end when the child dies: no other process may hold a copy of its write end.',
  ),
  child('survives-closed-events', 'C5, DC-07', 'MUST', 'A child whose parent has closed the event pipe MUST run on, and stop normally.'),
  child('whole-to-slow-reader', 'C3', 'MUST', 'A child MUST NOT drop or reorder frames because its parent reads late.'),
  child('start-with-full-pipe', 'C5, DC-06', 'SHOULD', 'A child SHOULD start and stop when the event pipe is full and nobody reads it.'),
  child('failed-start', 'C5, DC-17', 'MUST', 'A child that cannot bind a listener MUST send 2,0 and exit with status 1.', {
    untestable: 'how a listener is made to fail depends on options of the implementation that this protocol does not define',
  }),
  child('liveness', 'DC-25', 'MAY', 'A child MAY be stopped for any time: its parent cannot tell it from an idle one.', {
    untestable: 'no message says that a child is alive',
  }),
];

export const REQUIREMENTS: readonly Requirement[] = [...CHILD_REQUIREMENTS, ...PARENT_REQUIREMENTS];
