/**
 * What is required of a gateway towards the lond it connects to. Clauses are those of src/impl/lonc/README.md; the published
 * source has no words of RFC 2119, so the levels are ours: MUST where the other end cannot work without it, SHOULD where it
 * is worse off, MAY where it is only how the source does it. Where the source has a trap (A-B…), the requirement is what was meant.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../requirement.ts';

const client = requirementOf('lonc', 'lond-client');

export const LOND_CLIENT_REQUIREMENTS: readonly Requirement[] = [
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  client('connects', 'L2', 'MUST', 'A gateway MUST connect to the address and port of each host, and hold one connection to it.'),
  client('line-feed', 'L1', 'MUST', 'A gateway MUST end each line it sends with one LF, and take LF alone for the end of a line.'),
  client('pieces', 'L1', 'MUST', 'A gateway MUST take a line that arrives in pieces for one line.'),
  client('init', 'L2', 'MUST', 'A gateway MUST say init first, and nothing more before the challenge.'),
  client('echo', 'L2', 'MUST', 'A gateway MUST send the challenge back as it came, whatever it says, and wait for the answer.'),
  client(
    'verdict',
    'L2',
    'MUST',
    'A gateway MUST take no other answer to its echo than ok: after any other it neither goes on nor goes online.',
  ),
  client('settles', 'L3', 'SHOULD', 'A gateway SHOULD say nothing for five seconds after ok.'),
  client('pong', 'L2', 'MUST', 'A gateway MUST say pong after the pause, and ekey after the answer to it, and wait for each answer.'),
  client('pong-answer', 'L2', 'SHOULD', 'A gateway SHOULD go on whatever the answer to pong says.'),
  // ── failures of the dialogue ──────────────────────────────────────────────────────────────────────────────────────
  client(
    'init-limit',
    'L3, A-B19',
    'MUST',
    'A gateway MUST wait 60 s for the answer to init, and then close the connection and send no empty echo.',
  ),
  client('verdict-limit', 'L3, A-B20', 'MUST', 'A gateway MUST wait 60 s for the answer to its echo, and then close the connection.'),
  client(
    'pong-limit',
    'L3, A-B17',
    'SHOULD',
    'A gateway SHOULD wait 60 s for the answers to pong and to ekey, and then close the connection.',
  ),
  client('end-is-failure', 'L3, A-B18', 'MUST', 'A gateway MUST NOT go online on a connection that ended before the build key.'),
  client(
    'lets-go',
    'L3, A-B30',
    'SHOULD',
    'A gateway SHOULD close a connection whose dialogue has failed at once, and not hold it while it backs off.',
  ),
  client(
    'back-off',
    'L3',
    'MUST',
    'A gateway MUST wait at least 120 s before it connects again after the dialogue, or the connecting, has failed.',
  ),
  client('back-off-silence', 'L3, A-B20', 'SHOULD', 'A gateway SHOULD wait at least 120 s also after a lond that never answered the echo.'),
  client('tries-again', 'L3', 'MUST', 'A gateway MUST connect again within 360 s after a failure.'),
  client('gives-up', 'L9', 'SHOULD', 'A gateway SHOULD give a host up after one life and five more of its child, none of them healthy.'),
  client('poke', 'L9', 'MUST', 'A gateway MUST try a host it has given up again at SIGUSR1.'),
  client('poke-once', 'L9, A-B14', 'MUST', 'A gateway MUST NOT connect a second time to a host that it is connected to at SIGUSR1.'),
  unseen(
    client('healthy', 'L9, A-B11', 'SHOULD', 'A gateway SHOULD begin the count of attempts anew after a healthy life.'),
    'how long a healthy life is nobody says but the implementation',
  ),
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  client('request', 'L4', 'MUST', 'A gateway MUST pass a request on as it came, byte for byte.'),
  client('one-outstanding', 'L2', 'MUST', 'A gateway MUST NOT send a request before the one before it was answered.'),
  client('request-limit', 'L3', 'MUST', 'A gateway MUST give a request up that is not answered within 300 s, and not before.'),
  client(
    'order-lost',
    'L3, A-B06, A-B10b',
    'MUST',
    'A gateway MUST close the connection when a request was given up, so that a late reply reaches nobody.',
  ),
  client('unasked', 'L3, A-B06, A-B31', 'SHOULD', 'A gateway SHOULD close the connection when lond says a line that nobody asked for.'),
  client('reconnects', 'L3, A-B05', 'MUST', 'A gateway MUST connect again at once when a connection ends on a request.'),
  client('idle-loss', 'L3, A-B31', 'SHOULD', 'A gateway SHOULD connect again at once also when an idle connection ends.'),
  client(
    'reconnect-dialogue',
    'L3',
    'MUST',
    'A gateway MUST go through the whole dialogue on a new connection, and use its new build key.',
  ),
  client(
    'stays',
    'A-B03, A-B04',
    'MUST',
    'A gateway MUST NOT end a connection that works, whatever a reply says and whatever a client was told before.',
  ),
  client('idle', 'L3', 'MUST', 'A gateway MUST keep an idle connection open.'),
  // ── encryption ────────────────────────────────────────────────────────────────────────────────────────────────────
  client(
    'enc',
    'L6',
    'MUST',
    'A gateway MUST send a request for encryption as enc, its length and its blocks in small hexadecimal digits, the last one filled with spaces.',
  ),
  client('key', 'L6', 'MUST', 'A gateway MUST derive the key from both host ids, that of the lond first, and the build key.'),
  client('key-newline', 'L6, A-B08', 'MUST', 'A gateway MUST keep the newline of the build key out of the key.'),
  // ── delayed messages ──────────────────────────────────────────────────────────────────────────────────────────────
  client(
    'delayed',
    'L5',
    'MUST',
    'A gateway MUST send the delayed messages of a host once it is connected, each as one request, and remove those that were answered.',
  ),
  client('delayed-first', 'L5', 'SHOULD', 'A gateway SHOULD send delayed messages before it takes requests of local clients.'),
  client('delayed-kept', 'L5', 'MUST', 'A gateway MUST keep a delayed message that was not answered.'),
  client('delayed-order', 'L5, A-B10', 'SHOULD', 'A gateway SHOULD send delayed messages in the order of their time.'),
  client('delayed-own', 'L5, A-B10c', 'MUST', 'A gateway MUST leave the delayed messages of other hosts alone.'),
  client(
    'delayed-enc',
    'L5, A-B09',
    'MUST',
    'A gateway MUST send a delayed message for encryption as one encrypted request, and no other line with it.',
  ),
  client('delayed-again', 'L5, A-B10e', 'SHOULD', 'A gateway SHOULD send delayed messages also after it has connected again.'),
  client('delayed-whole', 'L5, A-B10b', 'SHOULD', 'A gateway SHOULD NOT send, nor delete, a delayed file that is not one whole line.'),
  client('permanent-log', 'L5', 'SHOULD', 'A gateway SHOULD write into the permanent log that a delayed message was sent.'),
  client('secret-log', 'L5, A-B10d', 'SHOULD', 'A gateway SHOULD NOT write the text of an encrypted request into a log.'),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  client('farewell', 'L9', 'SHOULD', 'A gateway SHOULD say exit to each lond when it is told to end.'),
  client('terminates', 'L9', 'MUST', 'A gateway MUST end at SIGTERM, and its connections with it.'),
  client(
    'hang-up',
    'L9',
    'SHOULD',
    'A gateway SHOULD begin anew at SIGHUP: it says exit to each lond, ends its connections and opens them again.',
  ),
  client('hang-up-reads', 'L9', 'SHOULD', 'A gateway SHOULD read its configuration again at SIGHUP.'),
  unseen(
    client('random-rest', 'L3', 'MAY', 'A gateway MAY choose the length of its rest at random.'),
    'one length of a rest says nothing about chance',
  ),
];
