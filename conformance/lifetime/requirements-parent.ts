/**
 * What the lifetime protocol requires of a parent: how it starts, reads and stops a child. Levels as in requirements.ts.
 */
import type { Requirement } from '../case.ts';
import { requirementOf } from '../requirement.ts';

const parent = requirementOf('lifetime', 'parent');

export const PARENT_REQUIREMENTS: readonly Requirement[] = [
  // ── C1 options ────────────────────────────────────────────────────────────────────────────────────────────────────
  parent(
    'starts-child',
    'C1',
    'MUST',
    'A parent MUST start its child with --pipetx and --piperx naming descriptors that are open, and with --lifetimeevents and --boundaddrevents.',
  ),
  // ── C2 frames ─────────────────────────────────────────────────────────────────────────────────────────────────────
  parent('reads-events', 'C2', 'MUST', 'A parent MUST read lifetime events in the order they were sent.'),
  parent('reads-addresses', 'C2', 'MUST', 'A parent MUST read p2plistenaddr and rpclistenaddr with their text unchanged.'),
  parent(
    'ids-constants',
    'C2, DC-01',
    'MUST',
    'A parent MUST take id 1 for the P2P server: one that names subsystems has the name p2p-server for it.',
  ),
  parent('stops-at-version', 'C2', 'MUST', 'A parent MUST stop reading at a frame whose version is not 1, and keep what it read before.', {
    quote: 'Protocol version (1 byte, currently 1)',
  }),
  parent('skips-unknown', 'C2', 'MUST', 'A parent MUST skip a frame of unknown type by the length of its payload, and read on.'),
  parent('type-lengths', 'C2', 'MUST', 'A parent MUST read types of 0 to 255 bytes.', {
    quote: 'Message type string (encoded as UTF8, no longer than 255 bytes)',
  }),
  parent('type-utf8', 'C2', 'MUST', 'A parent MUST NOT take a type that is not UTF-8 for one it knows.'),
  parent('event-length', 'C2, DC-11', 'MUST', 'A parent MUST NOT make an event of a lifetimeevent whose payload is not two bytes.'),
  parent(
    'payload-limit',
    'C2, DC-19',
    'SHOULD',
    'A parent SHOULD refuse a payload that is far longer than its type can have, and say that it is a violation, without waiting for it.',
    {
      quote: 'Message payload bytes (no longer than 2^32 - 1 bytes)',
    },
  ),
  parent('whole-frames', 'C2', 'MUST', 'A parent MUST NOT make a message of a frame that breaks off.'),
  parent('reports-violation', 'C2', 'SHOULD', 'A parent SHOULD say that its child broke the format, once.'),
  parent('reads-pieces', 'C2, DC-20', 'MUST', 'A parent MUST read frames that arrive in pieces of any size.'),
  parent('reads-several', 'C2, DC-21', 'MUST', 'A parent MUST read every frame of those that arrive together.'),
  parent('survives-unknown-id', 'C6, DC-28', 'SHOULD', 'A parent SHOULD read on after an event whose id it does not know.'),
  // ── C4 control ────────────────────────────────────────────────────────────────────────────────────────────────────
  parent('closes-control', 'C4', 'MUST', 'A parent MUST stop its child by closing the control pipe, before it sends any signal.'),
  parent('holds-control', 'C4', 'MUST', 'A parent MUST keep the control pipe open until its child is to stop.'),
  parent('control-silent', 'C4', 'SHOULD', 'A parent SHOULD NOT write to the control pipe: no message is defined.', {
    quote: 'No control messages are currently defined',
  }),
  parent(
    'control-eof-on-death',
    'C4, DC-16',
    'MUST',
    'The control pipe MUST end when the parent dies: no other process may hold a copy of its write end.',
    {
      quote: 'This prevents dcrd from continuing to run unsupervised after the parent process closes unexpectedly.',
    },
  ),
  // ── C5 sequences ──────────────────────────────────────────────────────────────────────────────────────────────────
  parent('reads-to-end', 'C5', 'MUST', 'A parent MUST read events until the end of the pipe, also while its child stops.'),
  parent('keeps-reading', 'C7, DC-22', 'MUST', 'A parent MUST read on after it knows all addresses: a full pipe stops the child.'),
  parent('tolerates-incomplete', 'C5, DC-17', 'MUST', 'A parent MUST take a sequence that ends early for what it is, not for a violation.'),
  parent('reports-end', 'C5', 'MUST', 'A parent MUST wait for its child and know the status or the signal it ended with.'),
  parent('outlives-events', 'C5', 'MUST', 'A parent MUST be able to stop a child that has closed its event pipe.'),
  parent(
    'escalates',
    'C5, DC-06',
    'SHOULD',
    'A parent SHOULD end a child that ignores the end of its control pipe, if need be with SIGKILL.',
  ),
  parent('order-checked', 'C5', 'MAY', 'A parent MAY refuse an order of events that no child can send.', {
    untestable: 'a parent may or may not, and both are right, so nothing would follow from seeing it',
  }),
  parent('payload-memory', 'C2, DC-19', 'MUST', 'A parent MUST NOT reserve memory for a payload before its bytes have come.', {
    untestable: 'memory that is reserved and not touched cannot be seen from outside; the case payload.huge sees its consequence',
  }),
  parent('windows-handles', 'DC-26', 'MUST', 'A parent on Windows MUST pass handles, not descriptors.', {
    untestable: 'the testbed runs on POSIX systems',
  }),
];
