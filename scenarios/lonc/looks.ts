/** What to look at in each recorded run of traces/lonc. */
export const LOOKS: Readonly<Record<string, string>> = {
  'messages-kept-for-later':
    'messages are kept while the dialogue goes on; they are sent oldest first, each file is unlinked after its answer',
  'power-cut-with-message': 'the power goes before a message is sent; after it the file is there, and is sent',
  encrypted: '`encrypt:` becomes `enc:`; the text is in no segment and in no log',
  reconnected: 'half a reply and end of file: con_lost, once; a new dialogue, and the next request is answered',
  'late-reply-pipelined': 'A-B05 and A-B06, L-05: one client, every reply answers the request before',
  'signal-mask-toggles': 'A-B01: after an odd number of transactions SIGTERM stays pending',
  'con-lost-repeated': 'A-B03, L-03: con_lost again after the reconnect, and nobody has asked',
  'con-lost-in-band': 'A-B04: lond replies con_lost, and the child closes a connection that is well',
  'reconnect-deferred': 'A-B05: two failures at once, end of file, and no new connection',
  'late-reply-kept': 'A-B06, L-01: A is told con_lost after 300 s, and B gets the reply to A',
  'partial-line-dropped': 'A-B06b, L-02: the rest of a late line is the next reply',
  'close-request-forwarded': 'A-B07: close_connection_exit is sent to lond',
  'build-key-with-newline': 'A-B08: a short build key, and the two ends do not have the same key',
  'delayed-extra-newline': 'A-B09, L-06: an empty line after `enc:`; its reply goes to the next request',
  'delayed-directory-order': 'A-B10: the files are listed in no order, and sent in that',
  'delayed-first-line-only': 'A-B10b: a file of two lines is removed, and one was sent',
  'host-id-as-pattern': 'A-B10c: the child for a.b removes a message for axb',
  'clear-text-logged': 'A-B10d: the log entry of a delayed message',
  'delayed-once-per-life': 'A-B10e: a message is kept while the child serves, and stays',
  'attempts-never-reset': 'A-B11, L-10: the sixth death, each after 950 s of health, is the last; then SIGUSR1',
  'status-signal-hangs': 'A-B12, L-07: SIGUSR1, and a client that was connected is not served any more',
  'restart-inherits-handlers': 'A-B13, L-09: SIGTERM to one child, which says `exit` to another and signals it',
  'rearm-duplicates-child': 'A-B14, L-08: five deaths, SIGUSR1, and a second child',
  'sigpipe-kills': 'A-B15, L-04: the third request is written to a lond that has left',
  'pong-without-timeout': 'A-B17: no timer is set after `pong`',
  'end-at-pong-accepted': 'A-B18: end of file, and then a secure connection',
  'init-timeout-ignored': 'A-B19: 60 s after `init` an empty line is sent',
  'timeout-without-back-off': 'A-B20: a silent lond, and the child ends after 60 s',
  'listens-in-back-off': 'A-B21: a client connects while the child rests, and waits',
  'enc-prefix-decrypted': 'A-B23: a reply `encyclopedia` comes out empty',
  'unterminated-reply-passed': 'A-B24: half a reply without its end is what the client hears',
  'socket-file-left': 'A-B26: the child ends, and no `unlink`',
  'start-up-unguarded': 'A-B29: SIGTERM within 50 ms of the start kills the gateway',
  'failed-link-held': 'A-B30: a dialogue has failed, and its connection stays through the rest',
  'idle-link-unread': 'A-B31: a line that nobody asked for waits for the next request',
  'answers-held-back': "A-B32: an answer is here, and its client hears it after another's",
};

/** Who is who in them. */
export const STAGE: string =
  'Two hosts, h1 and h2; what is looked at is the gateway of h1, or its child for h2 alone. A request ' +
  '`get:net:all:env:k1` to h2 has the reply `h2.1`, so that a reply tells whose it is. `other-lond` keeps to the dialogue ' +
  'and does what ours would not. In the schedules that were observed with the published gateway (L-01 to L-10) the other ' +
  'host is srv1, and what is asked and heard are the bytes of then.';
