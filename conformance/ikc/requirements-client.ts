/**
 * What is demanded of a client. The levels are those of a server (requirements-server.ts); of what it prints, which is ours, SHOULD.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../rows.ts';

const client = requirementOf('ikc', 'client');

export const CLIENT_REQUIREMENTS: readonly Requirement[] = [
  // ── lines and the negotiation ─────────────────────────────────────────────────────────────────────────────────────
  client('hello', 'B4', 'MUST', 'A client MUST say HELLO first, and wait.'),
  client('lines', 'B3', 'MUST', 'A client MUST end each of its lines with CR LF.'),
  client('takes-names', 'B4', 'MUST', 'A client MUST answer OK to IAM, blanks, and a name of letters, digits and - : . _'),
  client('refuses-names', 'B4', 'MUST', 'A client MUST answer NOT to IAM and anything else, and take a better name then.'),
  client('refuses', 'B4', 'MUST', 'A client MUST answer NOT to a line that has no place in its phase, and stay in it.'),
  client('not', 'B4', 'MUST', 'A client MUST NOT answer NOT, but for another serializer.'),
  client(
    'announces',
    'B2, B4',
    'MUST',
    'A client MUST answer DONE with IAM and the id of its kernel, tell one name for each OK, and say DONE when there is none left.',
  ),
  client(
    'order',
    'B2',
    'MUST',
    'A client MUST tell its address after the id of its kernel, then its aliases from the last to the first, its name last.',
  ),
  client('all-names', 'B-T05', 'SHOULD', 'A client SHOULD tell all names that it has, an alias 0 as well.'),
  client('offers', 'B4', 'MUST', 'A client MUST offer its first serializer right after DONE, without being asked.'),
  client('next-serializer', 'B4', 'MUST', 'A client MUST offer its next serializer when one is refused.'),
  client('all-refused', 'B-T06b', 'SHOULD', 'A client SHOULD close a connection when all its serializers are refused.'),
  client('world', 'B4', 'MUST', 'A client MUST say WORLD when its serializer is accepted.'),
  client('surplus', 'B-T29', 'SHOULD', 'A client SHOULD NOT take an OK that it had before for the answer about its serializer.'),
  client('endings', 'B3', 'SHOULD', 'A client SHOULD take CR LF, LF CR, CR and LF for the end of a line.'),
  client('pieces', 'B3', 'MUST', 'A client MUST take a line that arrives in pieces for one line.'),
  client('split-ending', 'B-T02', 'SHOULD', 'A client SHOULD take the two halves of CR LF for one end of a line when they come apart.'),
  client('split-switch', 'B-T03', 'SHOULD', 'A client SHOULD NOT take the second half of the last CR LF for a part of a frame.'),
  client('long-line', 'B3', 'SHOULD', 'A client SHOULD close a connection on which a line has no end.'),
  client('time-limit', 'B-T01', 'SHOULD', 'A client SHOULD give up a negotiation that comes to no end.'),
  client('notices', 'B-T01', 'SHOULD', 'A client SHOULD end, or try again, when the server ends the connection in the negotiation.'),
  // ── frames and images ─────────────────────────────────────────────────────────────────────────────────────────────
  client('frames', 'B6', 'MUST', 'A client MUST read and write frames after UP: a decimal count of bytes, a zero byte, and so many bytes.'),
  client('frame-pieces', 'B6', 'MUST', 'A client MUST take a frame that arrives in pieces for one frame.'),
  client('together', 'B6', 'MUST', 'A client MUST take each of several frames that arrive together.'),
  client('early', 'B-T09', 'SHOULD', 'A client SHOULD answer a request that comes together with UP.'),
  client('no-frame', 'B6', 'SHOULD', 'A client SHOULD close a connection on which something comes that is no frame.'),
  client('frame-limit', 'B6', 'SHOULD', 'A client SHOULD close a connection on which a frame is announced that nobody could want.'),
  client('images', 'B7', 'SHOULD', 'A client SHOULD write its requests as images, if that was agreed on.'),
  client('json', 'JSON', 'MAY', 'A client MAY write its requests as JSON, if that was agreed on.'),
  client('unreadable', 'B-T11', 'SHOULD', 'A client SHOULD answer a frame that it cannot read with a remote error, and go on.'),
  client('announced', 'B-T22', 'SHOULD', 'A client SHOULD NOT believe a count or a length that is more than its frame can hold.'),
  client('deep', 'B-T22', 'SHOULD', 'A client SHOULD survive an image of any depth.'),
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  client('posts', 'B8', 'SHOULD', 'A client SHOULD send a post with its specifier as event and its params, and without rsvp.'),
  client(
    'calls',
    'B8',
    'SHOULD',
    'A client SHOULD send a call with its specifier as event, its params, and where to send the answer as rsvp.',
  ),
  client('reachable', 'B8, B11', 'SHOULD', 'A client SHOULD name in rsvp a kernel that it has announced.'),
  client('in-order', 'B8', 'SHOULD', 'A client SHOULD send its requests in the order in which it was told of them.'),
  client('answered', 'B8', 'SHOULD', 'A client SHOULD take what comes to the state that its rsvp names for the answer, and tell it.'),
  client('once', 'B9', 'SHOULD', 'A client SHOULD take one answer to a call, and no more.'),
  client('told-error', 'B8', 'SHOULD', 'A client SHOULD tell of an error that comes in place of an answer.'),
  client('lists', 'B8', 'SHOULD', 'A client SHOULD say wantarray in a call that wants a list.'),
  client(
    'subscribes',
    'B10',
    'SHOULD',
    'A client SHOULD subscribe by do_you_have, with a specifier and its own id as params and a receipt as rsvp.',
  ),
  client('states', 'B-T19', 'SHOULD', 'A client SHOULD subscribe to a state as well as to a session.'),
  client('refused', 'B10', 'SHOULD', 'A client SHOULD tell of a subscription that is refused.'),
  client(
    'ping',
    'B8, B9',
    'SHOULD',
    'A client SHOULD answer the state ping of its session IKC with PONG, to the state that rsvp names: both ends are equal.',
  ),
  client('has', 'B10', 'SHOULD', 'A client SHOULD answer do_you_have.'),
  client(
    'error',
    'B8',
    'SHOULD',
    'A client SHOULD answer what it cannot do with an error for the state remote_error of the session IKC of the sender.',
  ),
  client('error-quiet', 'B8', 'SHOULD', 'A client SHOULD NOT answer an error with an error.'),
  client('no-request', 'B-T11', 'SHOULD', 'A client SHOULD survive a payload that is no request, and an rsvp that is no specifier.'),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  client('done', 'B12', 'MAY', 'A client MAY close its connection and end as soon as all its calls are answered.'),
  client('server-gone', 'B12', 'MUST', 'A client MUST close its end when the server closes, and not wait for an answer any more.'),
  client('again', 'B15', 'MAY', 'A client MAY connect again when the server is gone.'),
  client('terminates', 'B12', 'SHOULD', 'A client SHOULD close its connection and end on SIGTERM.'),
  client('terminates-early', 'B-T10', 'SHOULD', 'A client SHOULD end on SIGTERM also in the middle of a negotiation.'),
  unseen(
    client(
      'server-name',
      'B-T07',
      'SHOULD',
      'A client SHOULD call the server at the end of a Unix-domain socket by a name that is its alone.',
    ),
    'it is a name in its own memory, which it tells nobody',
  ),
];
