/**
 * What is required of a gateway towards local programs, which use it through a Unix-domain socket. On clauses and levels
 * see requirements-lond-client.ts.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../requirement.ts';

const local = requirementOf('lonc', 'local');

export const LOCAL_REQUIREMENTS: readonly Requirement[] = [
  local('socket', 'L4', 'MUST', 'A gateway MUST listen on a socket with the name of the host once the dialogue is over.'),
  local('socket-later', 'L3', 'SHOULD', 'A gateway SHOULD NOT listen before the dialogue is over.'),
  local('socket-stale', 'L4', 'MUST', 'A gateway MUST replace a file that was left in the place of its socket.'),
  local('socket-removed', 'L9, A-B26', 'SHOULD', 'A gateway SHOULD remove its socket file when it is told to end.'),
  local('reply', 'L4', 'MUST', 'A gateway MUST give the reply of lond to the client that asked, byte for byte and ended by one LF.'),
  local(
    'order',
    'L4',
    'MUST',
    'A gateway MUST answer the requests of one client in their order, one line for each, and say nothing else to it.',
  ),
  local('pieces', 'L1', 'MUST', 'A gateway MUST take requests, and replies, however their bytes are cut.'),
  local('persistent', 'L4', 'MUST', 'A gateway MUST keep a client connected until it closes.'),
  local('several', 'L4', 'MUST', 'A gateway MUST serve several clients at a time, and new ones after others have left.'),
  local(
    'prompt',
    'L4, A-B32',
    'SHOULD',
    'A gateway SHOULD give a client its answer when it has it, and not after the answer to the next request.',
  ),
  local('large', 'Limits', 'SHOULD', 'A gateway SHOULD carry requests and replies of some hundred thousand bytes.'),
  local('slow-reader', 'L4', 'MUST', 'A gateway MUST keep an answer for a client that does not read yet.'),
  local('closes', 'L4', 'SHOULD', 'A gateway SHOULD close a client that has ended its direction.'),
  // ── the loss of lond ──────────────────────────────────────────────────────────────────────────────────────────────
  local('con-lost', 'L4', 'MUST', 'A gateway MUST answer con_lost to a request whose connection ended before the reply.'),
  local('con-lost-once', 'L4, A-B03', 'MUST', 'A gateway MUST answer con_lost once, and nothing after it that nobody asked for.'),
  local('con-lost-timeout', 'L3, L4', 'MUST', 'A gateway MUST answer con_lost to a request that lond does not answer in time.'),
  local(
    'next-request',
    'L4, A-B05',
    'MUST',
    'A gateway MUST begin a request that waited when the connection was lost on the next connection.',
  ),
  local('served-again', 'L3', 'MUST', 'A gateway MUST serve its clients again once it has connected again.'),
  local('gone-lond', 'L4, A-B15', 'MUST', 'A gateway MUST keep its clients when it writes to a lond that is gone.'),
  local('own-reply', 'L2, A-B06, A-B31', 'MUST', 'A gateway MUST NOT give a late reply, or a line nobody asked for, to another request.'),
  local('whole-reply', 'L1, A-B06b, A-B24', 'MUST', 'A gateway MUST NOT give a part of a reply for a reply.'),
  local('reply-is-reply', 'A-B04, A-B24', 'MUST', 'A gateway MUST pass on a reply whatever it says.'),
  local(
    'back-off-closed',
    'L3, A-B21',
    'SHOULD',
    'A gateway SHOULD answer con_lost to all who wait and close its socket when it backs off.',
  ),
  // ── encryption ────────────────────────────────────────────────────────────────────────────────────────────────────
  local('decrypts', 'L6', 'MUST', 'A gateway MUST decrypt an encrypted reply.'),
  local('decrypts-only', 'L6, A-B23', 'SHOULD', 'A gateway SHOULD pass on a reply that only looks encrypted as it is.'),
  // ── others ────────────────────────────────────────────────────────────────────────────────────────────────────────
  local(
    'gone-client',
    'L4, A-B15',
    'MUST',
    'A gateway MUST go on when a client leaves with a request pending, and give its reply to nobody.',
  ),
  local(
    'close-request',
    'L4, A-B07',
    'SHOULD',
    'A gateway SHOULD take close_connection_exit for itself: the child of the host ends, and another one begins.',
  ),
  local('usr1', 'L9, A-B12', 'MUST', 'A gateway MUST serve on after SIGUSR1, who is connected and who comes.'),
  unseen(
    local('backlog', 'L4', 'MAY', 'A gateway MAY let ten clients wait to be accepted.'),
    'what the kernel lets wait differs, and no client can tell it from a fast accept',
  ),
  unseen(
    local('fairness', 'L4', 'SHOULD', 'A gateway SHOULD take requests of all clients in the order of their arrival.'),
    'two clients write at instants that nobody but the gateway can order',
  ),
];
