/**
 * Which scenario shows which quirk of the gateway (src/impl/lonc/quirks.ts), and the property that it breaks there. Each is a
 * recording in traces/lonc/ under the name of the quirk, as written, that is with all of them on; and a mutant (test/scenarios/lonc/mutants.ts), in
 * which it is on alone, or with those without which nobody sees it.
 */
import { QUIRK, type Quirk } from '../../src/impl/lonc/quirks.ts';

export interface Shown {
  readonly quirk: Quirk;
  readonly scenario: string;
  readonly violates: string;
  readonly needs: readonly Quirk[];
}

const shown = (quirk: Quirk, scenario: string, violates: string, ...needs: readonly Quirk[]): Shown => ({
  quirk,
  scenario: `lonc/${scenario}`,
  violates,
  needs,
});

/** In the order of the traps. */
export const SHOWN: readonly Shown[] = [
  shown(QUIRK.TOGGLE_MASK, 'signal-mask-toggles', 'ends-when-told'),
  shown(QUIRK.REPEAT_CON_LOST, 'con-lost-repeated', 'answers-are-own'),
  shown(QUIRK.IN_BAND_MARKER, 'con-lost-in-band', 'keeps-healthy-connection'),
  shown(QUIRK.DEFER_RECONNECT, 'reconnect-deferred', 'reconnects-after-loss'),
  // Where a lost connection is noticed at once, nobody reads a late reply.
  shown(QUIRK.KEEP_LATE_REPLY, 'late-reply', 'answers-are-own', QUIRK.DEFER_RECONNECT),
  shown(QUIRK.DROP_PARTIAL, 'partial-reply', 'answers-are-own', QUIRK.DEFER_RECONNECT, QUIRK.KEEP_LATE_REPLY),
  shown(QUIRK.FORWARD_CLOSE, 'close-request', 'close-request-stays-local'),
  shown(QUIRK.KEY_WITH_NEWLINE, 'build-key-newline', 'answers-are-own'),
  // Where nobody asked for a line, it ends the connection.
  shown(QUIRK.EXTRA_NEWLINE, 'delayed-extra-newline', 'answers-are-own', QUIRK.KEEP_LATE_REPLY),
  shown(QUIRK.DIRECTORY_ORDER, 'delayed-order', 'delayed-in-order'),
  shown(QUIRK.FIRST_LINE_ONLY, 'delayed-first-line', 'nothing-thrown-away'),
  shown(QUIRK.ID_AS_PATTERN, 'host-id-pattern', 'takes-its-own-messages'),
  shown(QUIRK.LOG_CLEAR_TEXT, 'clear-text-logged', 'no-secret-in-logs'),
  shown(QUIRK.DELAYED_ONCE, 'delayed-once', 'delayed-arrives'),
  shown(QUIRK.NEVER_RESET, 'attempts-never-reset', 'attempts-as-configured'),
  shown(QUIRK.HANG_ON_USR1, 'status-signal-hangs', 'all-answered'),
  shown(QUIRK.INHERIT_HANDLERS, 'restart-inherits-handlers', 'child-keeps-to-itself'),
  shown(QUIRK.DUPLICATE_CHILD, 'rearm-duplicates-child', 'one-child-per-host'),
  // Where a lost connection is noticed at once, nobody writes to it.
  shown(QUIRK.DIE_OF_SIGPIPE, 'sigpipe-kills', 'child-survives', QUIRK.DEFER_RECONNECT),
  shown(QUIRK.WAIT_FOR_PONG, 'pong-without-timeout', 'dialogue-is-bounded'),
  shown(QUIRK.ACCEPT_EOF, 'end-at-pong-accepted', 'secure-is-open'),
  shown(QUIRK.IGNORE_INIT_TIMEOUT, 'init-timeout-ignored', 'echoes-the-challenge'),
  shown(QUIRK.NO_BACK_OFF, 'no-back-off', 'failure-backs-off'),
  shown(QUIRK.LISTEN_IN_BACK_OFF, 'listens-in-back-off', 'all-answered'),
  shown(QUIRK.DECRYPT_PREFIX, 'enc-prefix', 'answers-are-own'),
  shown(QUIRK.PASS_UNTERMINATED, 'unterminated-reply', 'answers-are-own'),
  shown(QUIRK.LEAVE_SOCKET, 'socket-file-left', 'socket-file-removed'),
  shown(QUIRK.UNGUARDED_START, 'start-up-unguarded', 'ends-in-order'),
  shown(QUIRK.HOLD_FAILED, 'failed-link-held', 'failed-link-is-closed'),
  shown(QUIRK.IDLE_UNREAD, 'idle-link-unread', 'answers-are-own'),
  shown(QUIRK.HOLD_ANSWERS, 'answers-held-back', 'answered-when-it-comes'),
];
