/**
 * What is demanded of a client. The levels are those of a server (requirements-server.ts); of what it prints, which is ours, SHOULD.
 */
import type { Requirement } from '../case.ts';
import { demandOf, unseen } from '../requirement.ts';

const demand = demandOf('ikc', 'client');

export const CLIENT_REQUIREMENTS: readonly Requirement[] = [
  // ── lines and the negotiation ─────────────────────────────────────────────────────────────────────────────────────
  demand('hello', 'B4', 'MUST', 'A client MUST say HELLO first, and wait.'),
  demand('lines', 'B3', 'MUST', 'A client MUST end each of its lines with CR LF.'),
  demand('takes-names', 'B4', 'MUST', 'A client MUST answer OK to IAM, blanks, and a name of letters, digits and - : . _'),
  demand('refuses-names', 'B4', 'MUST', 'A client MUST answer NOT to IAM and anything else, and take a better name then.'),
  demand('refuses', 'B4', 'MUST', 'A client MUST answer NOT to a line that has no place in its phase, and stay in it.'),
  demand('not', 'B4', 'MUST', 'A client MUST NOT answer NOT, but for another serializer.'),
  demand(
    'announces',
    'B2, B4',
    'MUST',
    'A client MUST answer DONE with IAM and the id of its kernel, tell one name for each OK, and say DONE when there is none left.',
  ),
  demand(
    'order',
    'B2',
    'MUST',
    'A client MUST tell its address after the id of its kernel, then its aliases from the last to the first, its name last.',
  ),
  demand('all-names', 'B-T05', 'SHOULD', 'A client SHOULD tell all names that it has, an alias 0 as well.'),
  demand('offers', 'B4', 'MUST', 'A client MUST offer its first serializer right after DONE, without being asked.'),
  demand('next-serializer', 'B4', 'MUST', 'A client MUST offer its next serializer when one is refused.'),
  demand('all-refused', 'B-T06b', 'SHOULD', 'A client SHOULD close a connection when all its serializers are refused.'),
  demand('world', 'B4', 'MUST', 'A client MUST say WORLD when its serializer is accepted.'),
  demand('surplus', 'B-T29', 'SHOULD', 'A client SHOULD NOT take an OK that it had before for the answer about its serializer.'),
  demand('endings', 'B3', 'SHOULD', 'A client SHOULD take CR LF, LF CR, CR and LF for the end of a line.'),
  demand('pieces', 'B3', 'MUST', 'A client MUST take a line that arrives in pieces for one line.'),
  demand('split-ending', 'B-T02', 'SHOULD', 'A client SHOULD take the two halves of CR LF for one end of a line when they come apart.'),
  demand('split-switch', 'B-T03', 'SHOULD', 'A client SHOULD NOT take the second half of the last CR LF for a part of a frame.'),
  demand('long-line', 'B3', 'SHOULD', 'A client SHOULD close a connection on which a line has no end.'),
  demand('time-limit', 'B-T01', 'SHOULD', 'A client SHOULD give up a negotiation that comes to no end.'),
  demand('notices', 'B-T01', 'SHOULD', 'A client SHOULD end, or try again, when the server ends the connection in the negotiation.'),
  // ── frames and images ─────────────────────────────────────────────────────────────────────────────────────────────
  demand('frames', 'B6', 'MUST', 'A client MUST read and write frames after UP: a decimal count of bytes, a zero byte, and so many bytes.'),
  demand('frame-pieces', 'B6', 'MUST', 'A client MUST take a frame that arrives in pieces for one frame.'),
  demand('together', 'B6', 'MUST', 'A client MUST take each of several frames that arrive together.'),
  demand('early', 'B-T09', 'SHOULD', 'A client SHOULD answer a request that comes together with UP.'),
  demand('no-frame', 'B6', 'SHOULD', 'A client SHOULD close a connection on which something comes that is no frame.'),
  demand('frame-limit', 'B6', 'SHOULD', 'A client SHOULD close a connection on which a frame is announced that nobody could want.'),
  demand('images', 'B7', 'SHOULD', 'A client SHOULD write its requests as images, if that was agreed on.'),
  demand('json', 'JSON', 'MAY', 'A client MAY write its requests as JSON, if that was agreed on.'),
  demand('unreadable', 'B-T11', 'SHOULD', 'A client SHOULD answer a frame that it cannot read with a remote error, and go on.'),
  demand('announced', 'B-T22', 'SHOULD', 'A client SHOULD NOT believe a count or a length that is more than its frame can hold.'),
  demand('deep', 'B-T22', 'SHOULD', 'A client SHOULD survive an image of any depth.'),
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  demand('posts', 'B8', 'SHOULD', 'A client SHOULD send a post with its specifier as event and its params, and without rsvp.'),
  demand(
    'calls',
    'B8',
    'SHOULD',
    'A client SHOULD send a call with its specifier as event, its params, and where to send the answer as rsvp.',
  ),
  demand('reachable', 'B8, B11', 'SHOULD', 'A client SHOULD name in rsvp a kernel that it has announced.'),
  demand('in-order', 'B8', 'SHOULD', 'A client SHOULD send its requests in the order in which it was told of them.'),
  demand('answered', 'B8', 'SHOULD', 'A client SHOULD take what comes to the state that its rsvp names for the answer, and tell it.'),
  demand('once', 'B9', 'SHOULD', 'A client SHOULD take one answer to a call, and no more.'),
  demand('told-error', 'B8', 'SHOULD', 'A client SHOULD tell of an error that comes in place of an answer.'),
  demand('lists', 'B8', 'SHOULD', 'A client SHOULD say wantarray in a call that wants a list.'),
  demand(
    'subscribes',
    'B10',
    'SHOULD',
    'A client SHOULD subscribe by do_you_have, with a specifier and its own id as params and a receipt as rsvp.',
  ),
  demand('states', 'B-T19', 'SHOULD', 'A client SHOULD subscribe to a state as well as to a session.'),
  demand('refused', 'B10', 'SHOULD', 'A client SHOULD tell of a subscription that is refused.'),
  demand(
    'ping',
    'B8, B9',
    'SHOULD',
    'A client SHOULD answer the state ping of its session IKC with PONG, to the state that rsvp names: both ends are equal.',
  ),
  demand('has', 'B10', 'SHOULD', 'A client SHOULD answer do_you_have.'),
  demand(
    'error',
    'B8',
    'SHOULD',
    'A client SHOULD answer what it cannot do with an error for the state remote_error of the session IKC of the sender.',
  ),
  demand('error-quiet', 'B8', 'SHOULD', 'A client SHOULD NOT answer an error with an error.'),
  demand('no-request', 'B-T11', 'SHOULD', 'A client SHOULD survive a payload that is no request, and an rsvp that is no specifier.'),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  demand('done', 'B12', 'MAY', 'A client MAY close its connection and end as soon as all its calls are answered.'),
  demand('server-gone', 'B12', 'MUST', 'A client MUST close its end when the server closes, and not wait for an answer any more.'),
  demand('again', 'B15', 'MAY', 'A client MAY connect again when the server is gone.'),
  demand('terminates', 'B12', 'SHOULD', 'A client SHOULD close its connection and end on SIGTERM.'),
  demand('terminates-early', 'B-T10', 'SHOULD', 'A client SHOULD end on SIGTERM also in the middle of a negotiation.'),
  unseen(
    demand(
      'server-name',
      'B-T07',
      'SHOULD',
      'A client SHOULD call the server at the end of a Unix-domain socket by a name that is its alone.',
    ),
    'it is a name in its own memory, which it tells nobody',
  ),
];
