/**
 * What the published source and its clients do that cannot have been meant: the traps DC-01 to DC-29, each with its
 * side. What a trap decides that a child or a parent of ours can play is in as-written.ts.
 * Profile `as-written` has all slugs on, `corrected` (the default) none.
 */
import type { Trap } from '../command-line/traps.ts';

/** The slugs, by the names of scenarios and tests for them. They never change. */
export const QUIRK = {
  COMMENT_IDS: 'comment-event-ids',
  STOP_SERVER_LATE: 'late-server-stop-event',
  LOSE_REQUEST: 'lost-shutdown-request',
  NOTIFY_WITHOUT_WRITER: 'notify-without-writer-blocks',
  BLOCKING_NOTIFY: 'blocking-notify',
  SILENT_LOSS: 'silent-event-loss',
  PARTIAL_FRAME: 'partial-frame-on-failure',
  WRAP_TYPE: 'type-length-wraps',
  TRUST_SIZE: 'unchecked-payload-size',
  STANDARD_DESCRIPTORS: 'standard-descriptors-differ',
  ZERO_IS_OFF: 'descriptor-zero-is-off',
  BAD_DESCRIPTORS: 'bad-descriptors-accepted',
  LEAK_CONTROL: 'leaked-control-write-end',
  EXIT_UNFLUSHED: 'exit-without-flush',
  NO_PAYLOAD_LIMIT: 'no-payload-limit',
  FRAME_PER_CHUNK: 'whole-frame-per-chunk',
  READER_PER_MESSAGE: 'reader-per-message',
  STOP_READING: 'stops-reading-after-addresses',
  START_UP_STATUS: 'start-up-interrupt-fails',
  UNDEFINED_IDS: 'undefined-ids-sent',
  LISTENER_MAY_FAIL: 'listener-failure-unseen',
} as const;

export type Quirk = (typeof QUIRK)[keyof typeof QUIRK];
export type Quirks = ReadonlySet<Quirk>;

const by =
  (side: 'child' | 'parent') =>
  (id: string, quirk: Quirk, text: string, instead: string): Trap<Quirk> => ({ id, side, quirk, text, instead });
const [child, parent] = [by('child'), by('parent')];
const none = (id: string, text: string, instead: string): Trap<Quirk> => ({ id, side: 'none', text, instead });

export const TRAPS: readonly Trap<Quirk>[] = [
  parent(
    'DC-01',
    QUIRK.COMMENT_IDS,
    'reads ids by the comment: 1 is the ticket database, 2 the P2P server',
    'reads ids by the constants: 1 is the P2P server',
  ),
  none(
    'DC-02',
    'the id of the P2P server changed from 2 to 1 without a new version',
    'history of two programs: `--event-ids=comment` plays the child of 2016, identifyTable tells them apart',
  ),
  child('DC-03', QUIRK.STOP_SERVER_LATE, 'sends 2,1 after the server has stopped', 'sends 2,1 before it stops the server'),
  child(
    'DC-04',
    QUIRK.LOSE_REQUEST,
    'a shutdown request that comes before the listener waits for it is dropped, and the child runs on',
    'a request is remembered',
  ),
  child(
    'DC-05',
    QUIRK.NOTIFY_WITHOUT_WRITER,
    'when main starts neither writer nor drain (`--ipc-only`), the first event blocks for ever',
    'events are optional: without a writer they go nowhere',
  ),
  child(
    'DC-06',
    QUIRK.BLOCKING_NOTIFY,
    'an event waits until the writer has taken it: a parent that does not read stops start-up and shutdown',
    'events are queued up to QUEUE_LIMIT and never wait',
  ),
  child(
    'DC-07',
    QUIRK.SILENT_LOSS,
    'after a write error all later events vanish without a word',
    'they are dropped too, since frames already lost leave no legal order, and counted in the log at the end',
  ),
  child(
    'DC-08',
    QUIRK.PARTIAL_FRAME,
    'a payload source that fails in the middle leaves 4096-byte pieces of the frame in the pipe, and the pipe open',
    'a payload is read whole before the first byte is sent; if that fails the message is dropped and the pipe goes on',
  ),
  none('DC-09', 'the header buffer is not reset on error paths', 'cannot be seen: the loop ends there'),
  child(
    'DC-10',
    QUIRK.WRAP_TYPE,
    'the length byte of a type wraps at 256, and the whole type follows',
    'a type of more than 255 bytes is refused',
  ),
  child(
    'DC-11',
    QUIRK.TRUST_SIZE,
    'the declared size of a payload is sent without a look at its bytes',
    'a payload of another size than declared is refused',
  ),
  child(
    'DC-12',
    QUIRK.STANDARD_DESCRIPTORS,
    'on descriptors 1 and 2 frames are mixed with log lines, and a reader that is gone means death by SIGPIPE',
    'these descriptors are like others',
  ),
  child('DC-13', QUIRK.ZERO_IS_OFF, 'descriptor 0 means that the pipe is off', 'the option left out means that; 0 is a descriptor'),
  child(
    'DC-14',
    QUIRK.BAD_DESCRIPTORS,
    'a bad --piperx is an immediate shutdown request, a bad --pipetx loses all events',
    'a bad descriptor is a usage error: status 2, one log line, nothing started and nothing sent',
  ),
  none('DC-15', 'control input is discarded unread', 'no control message is defined (C4): both profiles discard it'),
  parent(
    'DC-16',
    QUIRK.LEAK_CONTROL,
    'the child gets a copy of the write end of its control pipe, and never sees end of file',
    'the child gets its own two descriptors only',
  ),
  none(
    'DC-17',
    'sequences may be incomplete',
    'true of every child, since any can be killed: a sequence may end anywhere, for both profiles',
  ),
  child(
    'DC-18',
    QUIRK.EXIT_UNFLUSHED,
    'the writer takes a message some time before it writes it, and exit does not wait: the last frame can be lost',
    'exit waits until the kernel has everything, at most FLUSH_LIMIT',
  ),
  parent('DC-19', QUIRK.NO_PAYLOAD_LIMIT, 'a payload may be 4 GiB long', 'a payload that is buffered has a limit'),
  parent('DC-20', QUIRK.FRAME_PER_CHUNK, 'every chunk is decoded as if it held whole frames', 'the pipe is decoded as a stream'),
  parent(
    'DC-21',
    QUIRK.READER_PER_MESSAGE,
    'a new buffered reader for each message: what the one before had read ahead is lost',
    'one decoder for the life of the pipe',
  ),
  parent('DC-22', QUIRK.STOP_READING, 'stops reading events after both addresses', 'reads to the end'),
  child(
    'DC-23',
    QUIRK.START_UP_STATUS,
    'a shutdown request inside server creation is status 1, between the steps 0',
    'a shutdown that was asked for is status 0, whenever it comes',
  ),
  none('DC-24', 'the log line of a closed channel would say <nil>', 'cannot happen: nothing closes the channel'),
  none('DC-25', 'no message says that the child is alive', 'the protocol has none; a parent cannot tell a stopped child from an idle one'),
  none('DC-26', 'on Windows the option is a handle', 'our Hosts are POSIX'),
  none(
    'DC-27',
    'opening the UTXO database has no event',
    'no id is defined for it: both profiles open it silently, as a part of the first step',
  ),
  child('DC-28', QUIRK.UNDEFINED_IDS, 'any event id is sent (`--event=0,255`)', 'an id that the table does not define is refused'),
  child(
    'DC-29',
    QUIRK.LISTENER_MAY_FAIL,
    'a listener that cannot be bound is a log line, if another one can',
    'it ends start-up, with 2,0 and status 1: after 1,0 a parent knows that every listener asked for is bound',
  ),
];

export const QUIRKS: readonly Quirk[] = Object.values(QUIRK);
