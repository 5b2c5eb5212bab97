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

export const TRAPS: readonly Trap<Quirk>[] = [
  {
    id: 'DC-01',
    side: 'parent',
    quirk: QUIRK.COMMENT_IDS,
    text: 'reads ids by the comment: 1 is the ticket database, 2 the P2P server',
    instead: 'reads ids by the constants: 1 is the P2P server',
  },
  {
    id: 'DC-02',
    side: 'none',
    text: 'the id of the P2P server changed from 2 to 1 without a new version',
    instead: 'history of two programs: `--event-ids=comment` plays the child of 2016, identifyTable tells them apart',
  },
  {
    id: 'DC-03',
    side: 'child',
    quirk: QUIRK.STOP_SERVER_LATE,
    text: 'sends 2,1 after the server has stopped',
    instead: 'sends 2,1 before it stops the server',
  },
  {
    id: 'DC-04',
    side: 'child',
    quirk: QUIRK.LOSE_REQUEST,
    text: 'a shutdown request that comes before the listener waits for it is dropped, and the child runs on',
    instead: 'a request is remembered',
  },
  {
    id: 'DC-05',
    side: 'child',
    quirk: QUIRK.NOTIFY_WITHOUT_WRITER,
    text: 'when main starts neither writer nor drain (`--ipc-only`), the first event blocks for ever',
    instead: 'events are optional: without a writer they go nowhere',
  },
  {
    id: 'DC-06',
    side: 'child',
    quirk: QUIRK.BLOCKING_NOTIFY,
    text: 'an event waits until the writer has taken it: a parent that does not read stops start-up and shutdown',
    instead: 'events are queued up to QUEUE_LIMIT and never wait',
  },
  {
    id: 'DC-07',
    side: 'child',
    quirk: QUIRK.SILENT_LOSS,
    text: 'after a write error all later events vanish without a word',
    instead: 'they are dropped too, since frames already lost leave no legal order, and counted in the log at the end',
  },
  {
    id: 'DC-08',
    side: 'child',
    quirk: QUIRK.PARTIAL_FRAME,
    text: 'a payload source that fails in the middle leaves 4096-byte pieces of the frame in the pipe, and the pipe open',
    instead: 'a payload is read whole before the first byte is sent; if that fails the message is dropped and the pipe goes on',
  },
  {
    id: 'DC-09',
    side: 'none',
    text: 'the header buffer is not reset on error paths',
    instead: 'cannot be seen: the loop ends there',
  },
  {
    id: 'DC-10',
    side: 'child',
    quirk: QUIRK.WRAP_TYPE,
    text: 'the length byte of a type wraps at 256, and the whole type follows',
    instead: 'a type of more than 255 bytes is refused',
  },
  {
    id: 'DC-11',
    side: 'child',
    quirk: QUIRK.TRUST_SIZE,
    text: 'the declared size of a payload is sent without a look at its bytes',
    instead: 'a payload of another size than declared is refused',
  },
  {
    id: 'DC-12',
    side: 'child',
    quirk: QUIRK.STANDARD_DESCRIPTORS,
    text: 'on descriptors 1 and 2 frames are mixed with log lines, and a reader that is gone means death by SIGPIPE',
    instead: 'these descriptors are like others',
  },
  {
    id: 'DC-13',
    side: 'child',
    quirk: QUIRK.ZERO_IS_OFF,
    text: 'descriptor 0 means that the pipe is off',
    instead: 'the option left out means that; 0 is a descriptor',
  },
  {
    id: 'DC-14',
    side: 'child',
    quirk: QUIRK.BAD_DESCRIPTORS,
    text: 'a bad --piperx is an immediate shutdown request, a bad --pipetx loses all events',
    instead: 'a bad descriptor is a usage error: status 2, one log line, nothing started and nothing sent',
  },
  {
    id: 'DC-15',
    side: 'none',
    text: 'control input is discarded unread',
    instead: 'no control message is defined (C4): both profiles discard it',
  },
  {
    id: 'DC-16',
    side: 'parent',
    quirk: QUIRK.LEAK_CONTROL,
    text: 'the child gets a copy of the write end of its control pipe, and never sees end of file',
    instead: 'the child gets its own two descriptors only',
  },
  {
    id: 'DC-17',
    side: 'none',
    text: 'sequences may be incomplete',
    instead: 'true of every child, since any can be killed: a sequence may end anywhere, for both profiles',
  },
  {
    id: 'DC-18',
    side: 'child',
    quirk: QUIRK.EXIT_UNFLUSHED,
    text: 'the writer takes a message some time before it writes it, and exit does not wait: the last frame can be lost',
    instead: 'exit waits until the kernel has everything, at most FLUSH_LIMIT',
  },
  {
    id: 'DC-19',
    side: 'parent',
    quirk: QUIRK.NO_PAYLOAD_LIMIT,
    text: 'a payload may be 4 GiB long',
    instead: 'a payload that is buffered has a limit',
  },
  {
    id: 'DC-20',
    side: 'parent',
    quirk: QUIRK.FRAME_PER_CHUNK,
    text: 'every chunk is decoded as if it held whole frames',
    instead: 'the pipe is decoded as a stream',
  },
  {
    id: 'DC-21',
    side: 'parent',
    quirk: QUIRK.READER_PER_MESSAGE,
    text: 'a new buffered reader for each message: what the one before had read ahead is lost',
    instead: 'one decoder for the life of the pipe',
  },
  {
    id: 'DC-22',
    side: 'parent',
    quirk: QUIRK.STOP_READING,
    text: 'stops reading events after both addresses',
    instead: 'reads to the end',
  },
  {
    id: 'DC-23',
    side: 'child',
    quirk: QUIRK.START_UP_STATUS,
    text: 'a shutdown request inside server creation is status 1, between the steps 0',
    instead: 'a shutdown that was asked for is status 0, whenever it comes',
  },
  {
    id: 'DC-24',
    side: 'none',
    text: 'the log line of a closed channel would say <nil>',
    instead: 'cannot happen: nothing closes the channel',
  },
  {
    id: 'DC-25',
    side: 'none',
    text: 'no message says that the child is alive',
    instead: 'the protocol has none; a parent cannot tell a stopped child from an idle one',
  },
  {
    id: 'DC-26',
    side: 'none',
    text: 'on Windows the option is a handle',
    instead: 'our Hosts are POSIX',
  },
  {
    id: 'DC-27',
    side: 'none',
    text: 'opening the UTXO database has no event',
    instead: 'no id is defined for it: both profiles open it silently, as a part of the first step',
  },
  {
    id: 'DC-28',
    side: 'child',
    quirk: QUIRK.UNDEFINED_IDS,
    text: 'any event id is sent (`--event=0,255`)',
    instead: 'an id that the table does not define is refused',
  },
  {
    id: 'DC-29',
    side: 'child',
    quirk: QUIRK.LISTENER_MAY_FAIL,
    text: 'a listener that cannot be bound is a log line, if another one can',
    instead: 'it ends start-up, with 2,0 and status 1: after 1,0 a parent knows that every listener asked for is bound',
  },
];

export const QUIRKS: readonly Quirk[] = Object.values(QUIRK);
