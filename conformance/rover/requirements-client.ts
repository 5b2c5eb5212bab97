/**
 * What is demanded of a client. Of the original only abstracts could be read: that its requests are in a log before they are sent, and sent when
 * there is a connection, is MUST; the rest is SHOULD or MAY, as in requirements-daemon.ts.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../rows.ts';

const client = requirementOf('rover', 'client');

// biome-ignore format: a table.
export const CLIENT_REQUIREMENTS: readonly Requirement[] = [
  client('form', 'R2', 'MUST', 'A client MUST ask by POST, with a Content-Length, a list of pairs in the form encoding.'),
  client('identity', 'R2, R3', 'SHOULD', 'A client SHOULD say USER, HOST, MSGID and COMMAND in each request, and AUTH where it has a secret.'),
  client('escapes', 'R2', 'SHOULD', 'A client SHOULD write bytes that mean something in the form encoding as %XX.'),
  client('numbers', 'R4, R11', 'SHOULD', 'A client SHOULD number its requests from 1, without a gap, in the order in which they were given to it.'),
  client('window', 'R11', 'MAY', 'A client MAY have four requests on their way at a time, and not more.'),
  client('offline', 'R11, RV-41', 'MUST', 'A client MUST keep its requests while nobody answers, and send them when somebody does.'),
  client('again', 'R11, RV-02', 'MUST', 'A client MUST ask again what was not answered, with the same number.'),
  client('half-answers', 'R5', 'SHOULD', 'A client SHOULD NOT take what is no whole answer for one.'),
  client('own-number', 'R11', 'MAY', 'A client MAY ask again when an answer says another number than its own.'),
  client('asks-held', 'R4, RV-38', 'SHOULD', 'A client SHOULD ask again for the answer of what was held.'),
  client('asks-busy', 'R5', 'SHOULD', 'A client SHOULD ask again a server that was busy.'),
  client('pieces', 'R5', 'MUST', 'A client MUST take an answer that arrives in pieces for one answer.'),
  client('tells', 'R11', 'SHOULD', 'A client SHOULD tell each answer: its number, status, result and body.'),
  client('tells-order', 'R11', 'SHOULD', 'A client SHOULD tell answers in the order of their numbers.'),
  client('tells-once', 'R11', 'SHOULD', 'A client SHOULD tell each answer once.'),
  client('substitute', 'R11', 'SHOULD', 'A client SHOULD use up the number of a request that was refused, by one that changes nothing.'),
  client('stops', 'R11', 'SHOULD', 'A client SHOULD stop when that is refused as well.'),
  client('status', 'R11', 'SHOULD', 'A client SHOULD end with 0 when everything is done, and with 1 when something was not.'),
  client('survives', 'R11', 'MUST', 'A client MUST have after its own end the requests that were not answered.'),
  client('survives-answers', 'R11', 'SHOULD', 'A client SHOULD NOT ask after its own end what was answered before.'),
  client('survives-numbers', 'R11, RV-04', 'MUST', 'A client MUST go on with its numbers after its own end.'),
  client('epoch', 'R4, R11', 'SHOULD', 'A client SHOULD say the same EPOCH as long as it has its log.'),
  unseen(
    client('synced', 'R11', 'MUST', 'A client MUST have a request on stable storage before it sends it.'),
    'a process that is killed leaves to the kernel what it has written: only a power cut shows the difference',
  ),
];
