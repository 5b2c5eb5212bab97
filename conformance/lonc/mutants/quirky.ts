/**
 * Mutants that are our own gateway with one quirk: the traps of the published source that these cases can see. The others
 * take another kind of run, which the scenarios and the tests of the implementation have.
 */

export interface Quirky {
  readonly role: 'lond-client' | 'local';
  readonly name: string;
  readonly text: string;
  readonly args: readonly string[];
}

const quirk = (role: Quirky['role'], trap: string, text: string, ...slugs: readonly string[]): Quirky => ({
  role,
  name: trap.toLowerCase(),
  text: `${text} (${trap})`,
  args: slugs.map(slug => `--quirk=${slug}`),
});

export const QUIRKY: readonly Quirky[] = [
  quirk('lond-client', 'A-B03', 'says con_lost again after every reconnect', 'con-lost-repeated'),
  quirk('local', 'A-B03', 'says con_lost again after every reconnect', 'con-lost-repeated'),
  quirk('lond-client', 'A-B04', 'takes a reply con_lost for the end', 'con-lost-in-band'),
  quirk('local', 'A-B04', 'takes a reply con_lost for the end', 'con-lost-in-band', 'con-lost-repeated'),
  quirk('lond-client', 'A-B05', 'finds a loss in the output of a client', 'reconnect-deferred'),
  quirk('local', 'A-B05', 'finds a loss in the output of a client', 'reconnect-deferred'),
  quirk('lond-client', 'A-B06', 'uses the connection on after a timeout', 'late-reply-kept', 'reconnect-deferred'),
  quirk('local', 'A-B06', 'gives a late reply to the next requester', 'late-reply-kept', 'reconnect-deferred'),
  quirk('local', 'A-B06b', 'gives the rest of a reply for the next', 'partial-line-dropped', 'late-reply-kept', 'reconnect-deferred'),
  quirk('local', 'A-B07', 'forwards close_connection_exit', 'close-request-forwarded'),
  quirk('lond-client', 'A-B08', 'has the newline in the key', 'build-key-with-newline'),
  quirk('lond-client', 'A-B09', 'sends an empty line after an encrypted delayed message', 'delayed-extra-newline'),
  quirk('lond-client', 'A-B10', 'sends delayed messages in the order of the directory', 'delayed-directory-order'),
  quirk('lond-client', 'A-B10b', 'sends the first line of a delayed file', 'delayed-first-line-only'),
  quirk('lond-client', 'A-B10c', 'takes a host id for a pattern', 'host-id-as-pattern'),
  quirk('lond-client', 'A-B10d', 'writes secrets into the log', 'clear-text-logged'),
  quirk('lond-client', 'A-B10e', 'sends delayed messages once in a life', 'delayed-once-per-life'),
  quirk('local', 'A-B12', 'hangs after SIGUSR1', 'status-signal-hangs'),
  quirk('lond-client', 'A-B14', 'starts a second child for a host that is online', 'rearm-duplicates-child'),
  quirk('local', 'A-B15', 'dies of a client or a lond that is gone', 'sigpipe-kills', 'reconnect-deferred'),
  quirk('lond-client', 'A-B17', 'waits for pong and ekey for ever', 'pong-without-timeout'),
  quirk('lond-client', 'A-B18', 'takes an end of file for an answer', 'end-at-pong-accepted'),
  quirk('lond-client', 'A-B19', 'echoes nothing after init has timed out', 'init-timeout-ignored'),
  quirk('lond-client', 'A-B20', 'does not back off after silence', 'timeout-without-back-off'),
  quirk('local', 'A-B21', 'listens while it backs off', 'listens-in-back-off'),
  quirk('local', 'A-B23', 'decrypts whatever begins with enc', 'enc-prefix-decrypted'),
  quirk('local', 'A-B24', 'passes on a reply that was cut off', 'unterminated-reply-passed'),
  quirk('local', 'A-B26', 'leaves its socket file', 'socket-file-left'),
  quirk('lond-client', 'A-B30', 'holds a connection that has failed', 'failed-link-held'),
  quirk('lond-client', 'A-B31', 'does not read an idle connection', 'idle-link-unread'),
  quirk('local', 'A-B31', 'does not read an idle connection', 'idle-link-unread'),
  quirk('local', 'A-B32', 'holds answers back', 'answers-held-back'),
];
