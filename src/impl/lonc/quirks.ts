/**
 * What the published gateway does that cannot have been meant: the traps A-B01 to A-B29, each with its side. A trap that
 * a daemon of ours can play has a slug and a decision point that asks for it by name.
 * Profile `as-written` has all slugs on but those of variants, `corrected` (the default) none.
 * May import: nothing.
 */

export type Side = 'child' | 'parent' | 'none';
export type Profile = 'as-written' | 'corrected';

/** The slugs, by the name under which the code asks for them. They never change. */
export const QUIRK = {
  TOGGLE_MASK: 'signal-mask-toggles',
  REPEAT_CON_LOST: 'con-lost-repeated',
  IN_BAND_MARKER: 'con-lost-in-band',
  DEFER_RECONNECT: 'reconnect-deferred',
  KEEP_LATE_REPLY: 'late-reply-kept',
  DROP_PARTIAL: 'partial-line-dropped',
  FORWARD_CLOSE: 'close-request-forwarded',
  KEY_WITH_NEWLINE: 'build-key-with-newline',
  EXTRA_NEWLINE: 'delayed-extra-newline',
  DIRECTORY_ORDER: 'delayed-directory-order',
  FIRST_LINE_ONLY: 'delayed-first-line-only',
  ID_AS_PATTERN: 'host-id-as-pattern',
  LOG_CLEAR_TEXT: 'clear-text-logged',
  DELAYED_ONCE: 'delayed-once-per-life',
  NEVER_RESET: 'attempts-never-reset',
  HANG_ON_USR1: 'status-signal-hangs',
  INHERIT_HANDLERS: 'restart-inherits-handlers',
  DUPLICATE_CHILD: 'rearm-duplicates-child',
  DIE_OF_SIGPIPE: 'sigpipe-kills',
  WAIT_FOR_PONG: 'pong-without-timeout',
  ACCEPT_EOF: 'end-at-pong-accepted',
  IGNORE_INIT_TIMEOUT: 'init-timeout-ignored',
  NO_BACK_OFF: 'timeout-without-back-off',
  LISTEN_IN_BACK_OFF: 'listens-in-back-off',
  DECRYPT_PREFIX: 'enc-prefix-decrypted',
  PASS_UNTERMINATED: 'unterminated-reply-passed',
  LEAVE_SOCKET: 'socket-file-left',
  UNGUARDED_START: 'start-up-unguarded',
} as const;

export type Quirk = (typeof QUIRK)[keyof typeof QUIRK];
export type Quirks = ReadonlySet<Quirk>;

export interface Trap {
  readonly id: string;
  readonly side: Side;
  /** Absent where `side` is none. */
  readonly quirk?: Quirk;
  /** Not in profile `as-written`: the source as it ran does not do it. */
  readonly variant?: true;
  /** What is done as written. */
  readonly text: string;
  /** What is done corrected; for side none, why this is not a behaviour of ours. */
  readonly instead: string;
}

export const TRAPS: readonly Trap[] = [
  {
    id: 'A-B01',
    side: 'child',
    quirk: QUIRK.TOGGLE_MASK,
    variant: true,
    text: 'the mask is put back by unblocking the old one: five signals are blocked after every odd number of transactions',
    instead: 'no signal is blocked: nothing of the child is interrupted, since a callback runs to its end',
  },
  {
    id: 'A-B02',
    side: 'none',
    text: 'the set of signals is made of strings, and is empty: nothing is ever blocked',
    instead: 'is what corrected does, and why A-B01 is a variant',
  },
  {
    id: 'A-B03',
    side: 'child',
    quirk: QUIRK.REPEAT_CON_LOST,
    text: 'the answer con_lost stays in the buffer: it is sent again after every reconnect, and causes the next one',
    instead: 'it is sent once',
  },
  {
    id: 'A-B04',
    side: 'child',
    quirk: QUIRK.IN_BAND_MARKER,
    text: 'a reply of the text con_lost tears the healthy connection down',
    instead: 'a reply is a reply; the loss of a connection is known where it happens',
  },
  {
    id: 'A-B05',
    side: 'child',
    quirk: QUIRK.DEFER_RECONNECT,
    text: 'a lost connection is noticed only when the output of a client is exactly con_lost: two failures suppress it',
    instead: 'it is lost when it ends or a request times out, and opened again before the next request',
  },
  {
    id: 'A-B06',
    side: 'child',
    quirk: QUIRK.KEEP_LATE_REPLY,
    text: 'after a timeout the connection is used on: a late reply goes to the next requester',
    instead: 'after a timeout, and after a line nobody asked for, nothing more is read from that connection',
  },
  {
    id: 'A-B06b',
    side: 'child',
    quirk: QUIRK.DROP_PARTIAL,
    text: 'bytes that came before the timeout are forgotten, and the rest of the line is the next reply',
    instead: 'a line is whole or is no reply',
  },
  {
    id: 'A-B07',
    side: 'child',
    quirk: QUIRK.FORWARD_CLOSE,
    text: 'close_connection_exit is never recognised, and goes to lond',
    instead: 'closes the connection and ends the child',
  },
  {
    id: 'A-B08',
    side: 'child',
    quirk: QUIRK.KEY_WITH_NEWLINE,
    text: 'the newline of the build key goes into the key, where ids and build key are short',
    instead: 'the newline is none of it',
  },
  {
    id: 'A-B09',
    side: 'child',
    quirk: QUIRK.EXTRA_NEWLINE,
    text: 'an encrypted delayed message is followed by an empty request, whose answer goes to the next requester',
    instead: 'one request, one line',
  },
  {
    id: 'A-B10',
    side: 'child',
    quirk: QUIRK.DIRECTORY_ORDER,
    text: 'delayed messages are sent in the order of the directory',
    instead: 'in the order in which they were written: by time, then number, then process, then name',
  },
  {
    id: 'A-B10b',
    side: 'child',
    quirk: QUIRK.FIRST_LINE_ONLY,
    text: 'of a delayed file the first line is sent, be it empty, and the rest is deleted with it; after a timeout the next file follows',
    instead: 'a file that is not one ended line is renamed to .bad and kept; a timeout ends the connection, and the file stays',
  },
  {
    id: 'A-B10c',
    side: 'child',
    quirk: QUIRK.ID_AS_PATTERN,
    text: 'the host id is a pattern: a.b takes the messages of axb (of patterns, the dot is played)',
    instead: 'it is compared',
  },
  {
    id: 'A-B10d',
    side: 'child',
    quirk: QUIRK.LOG_CLEAR_TEXT,
    text: 'the logs keep the clear text of encrypted commands',
    instead: 'they keep its length',
  },
  {
    id: 'A-B10e',
    side: 'child',
    quirk: QUIRK.DELAYED_ONCE,
    text: 'delayed messages are sent once in a life of the child: what is written later waits for its death',
    instead: 'also after every reconnect, and every DELAYED_SCAN while it serves',
  },
  {
    id: 'A-B11',
    side: 'parent',
    quirk: QUIRK.NEVER_RESET,
    text: 'attempts are counted for ever: the sixth death ends the link, however healthy the lives were',
    instead: 'a life of HEALTHY_LIFE begins the count anew',
  },
  {
    id: 'A-B12',
    side: 'child',
    quirk: QUIRK.HANG_ON_USR1,
    text: 'SIGUSR1 to an idle child: it serves nobody until somebody connects, then closes all who are idle',
    instead: 'writes its status line, and nothing else changes',
  },
  {
    id: 'A-B13',
    side: 'child',
    quirk: QUIRK.INHERIT_HANDLERS,
    text: 'a restarted child has the handlers of the parent: SIGTERM or SIGHUP to it ends all its siblings and removes the pid file',
    instead: 'every child ends itself at SIGTERM and SIGINT, and ignores SIGHUP',
  },
  {
    id: 'A-B14',
    side: 'parent',
    quirk: QUIRK.DUPLICATE_CHILD,
    text: 'SIGUSR1 starts a second child for a host whose attempts are spent, though its child lives',
    instead: 'only what was given up is started: never two children for one host',
  },
  {
    id: 'A-B15',
    side: 'child',
    quirk: QUIRK.DIE_OF_SIGPIPE,
    text: 'a write to a lond or a client that is gone kills the child',
    instead: 'SIGPIPE is ignored; the write fails',
  },
  {
    id: 'A-B16',
    side: 'none',
    text: 'after the first transaction a fatal error is not logged any more',
    instead: 'the Host records how a process ends, and the parent logs it',
  },
  {
    id: 'A-B17',
    side: 'child',
    quirk: QUIRK.WAIT_FOR_PONG,
    text: 'the replies to pong and ekey are waited for without limit',
    instead: 'as long as for the other steps of the dialogue',
  },
  {
    id: 'A-B18',
    side: 'child',
    quirk: QUIRK.ACCEPT_EOF,
    text: 'an end of file at pong or ekey counts as a reply: the child goes online on a dead connection',
    instead: 'the dialogue has failed',
  },
  {
    id: 'A-B19',
    side: 'child',
    quirk: QUIRK.IGNORE_INIT_TIMEOUT,
    text: 'when init times out an empty line is sent as the echo, and a late challenge is taken for the verdict',
    instead: 'the dialogue has failed',
  },
  {
    id: 'A-B20',
    side: 'child',
    quirk: QUIRK.NO_BACK_OFF,
    text: 'a lond that says nothing: the child ends at once, and uses up its attempts in minutes',
    instead: 'backs off as after every failure',
  },
  {
    id: 'A-B21',
    side: 'child',
    quirk: QUIRK.LISTEN_IN_BACK_OFF,
    text: 'a child that cannot reconnect keeps its socket open while it backs off: clients connect and wait for nothing',
    instead: 'answers con_lost to all who wait and closes the socket, then backs off',
  },
  {
    id: 'A-B22',
    side: 'none',
    text: 'a slow request holds up all clients of that host',
    instead: 'follows from one outstanding request; it is bounded by REQUEST_TIMEOUT and what may wait by QUEUE_MAX',
  },
  {
    id: 'A-B23',
    side: 'child',
    quirk: QUIRK.DECRYPT_PREFIX,
    text: 'whatever begins with the letters enc is decrypted',
    instead: 'only enc:LENGTH:BLOCKS that is well formed; anything else is passed on as it is',
  },
  {
    id: 'A-B24',
    side: 'child',
    quirk: QUIRK.PASS_UNTERMINATED,
    text: 'a last line without its end is passed on without one, unless it is 0, which counts as con_lost',
    instead: 'it is no reply: con_lost',
  },
  {
    id: 'A-B25',
    side: 'none',
    text: 'an accept that returns nothing ends the child',
    instead: 'the Host calls only with a connection',
  },
  {
    id: 'A-B26',
    side: 'child',
    quirk: QUIRK.LEAVE_SOCKET,
    text: 'the file of the socket is never removed when a child ends',
    instead: 'is removed whenever the child ends by itself or is told to',
  },
  {
    id: 'A-B27',
    side: 'none',
    text: 'the branch for a key that cannot be made is never taken',
    instead: 'any build key makes a key of 16 bytes; there is no such branch',
  },
  {
    id: 'A-B28',
    side: 'none',
    text: 'the manual names a wrong signal and a wrong pid file',
    instead: 'README.md says what is done',
  },
  {
    id: 'A-B29',
    side: 'parent',
    quirk: QUIRK.UNGUARDED_START,
    text: 'SIGTERM during start-up ends the parent and leaves the children',
    instead: 'signals are handled before the first child is started; and children end with their parent',
  },
];

export const QUIRKS: readonly Quirk[] = Object.values(QUIRK);
export const NO_QUIRKS: Quirks = new Set();

export const isQuirk = (text: string): text is Quirk => QUIRKS.some(quirk => quirk === text);

export function quirksOf(profile: Profile, added: readonly Quirk[]): Quirks {
  const written = TRAPS.flatMap(trap => (trap.quirk === undefined || trap.variant === true ? [] : [trap.quirk]));
  return new Set(profile === 'as-written' ? [...written, ...added] : added);
}
