/**
 * What is demanded of a forked server. MUST is what the text of 1997 says, and that an httpd can read the answer; the rest is SHOULD or MAY,
 * as in requirements-daemon.ts.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../rows.ts';

const cgi = requirementOf('rover', 'cgi');

// biome-ignore format: a table.
export const CGI_REQUIREMENTS: readonly Requirement[] = [
  cgi('post', 'R10', 'MUST', 'A forked server MUST take requests by POST, from standard input.', { quote: 'the Forked server handles requests with either the POST or GET methods' }),
  cgi('get', 'R10', 'MUST', 'A forked server MUST take requests by GET, from its environment.', { quote: 'the Forked server receives requests from standard input and environment variables' }),
  cgi('other-methods', 'R10', 'SHOULD', 'A forked server SHOULD answer other methods with 405.'),
  cgi('get-changes', 'R10, RV-28', 'SHOULD', 'A forked server SHOULD NOT change anything by GET, and answer 405.'),
  cgi('form', 'R10', 'MUST', 'A forked server MUST answer in the form that an httpd reads: fields, an empty line, the body.'),
  cgi('answer-length', 'R5', 'SHOULD', 'A forked server SHOULD send an answer of the length that it has told, once.'),
  cgi('status', 'R10', 'SHOULD', 'A forked server SHOULD say the status of its answer.'),
  cgi('counted', 'R10', 'SHOULD', 'A forked server SHOULD read as many bytes as CONTENT_LENGTH says: standard input may not end there.'),
  cgi('pieces', 'R10', 'MUST', 'A forked server MUST take a body that comes in pieces.'),
  cgi('one', 'R10', 'MUST', 'A forked server MUST end after its request.', { quote: 'The Forked server will terminate operation' }),
  cgi('no-length', 'R2, RV-24', 'SHOULD', 'A forked server SHOULD answer a body without a length with 411.'),
  cgi('bad-length', 'R2, RV-24', 'SHOULD', 'A forked server SHOULD answer a length that is no number with 400.'),
  cgi('length-limit', 'R2', 'SHOULD', 'A forked server SHOULD answer a body that nobody could want with 413, without waiting for it.'),
  cgi('cut-body', 'R2, RV-24', 'SHOULD', 'A forked server SHOULD answer a body that ends early with 400, and do nothing of it.'),
  cgi('body-type', 'R2', 'SHOULD', 'A forked server SHOULD answer another media type than the form encoding with 415, whatever its parameters.'),
  cgi('bad-pairs', 'R2, RV-27', 'SHOULD', 'A forked server SHOULD answer pairs that are none, or that are there twice, with 400, and do nothing of them.'),
  cgi('escapes', 'R2', 'SHOULD', 'A forked server SHOULD take + for a blank and %XX for a byte, in a query as well.'),
  cgi('tokens', 'R2', 'SHOULD', 'A forked server SHOULD answer a request without USER or COMMAND, or with a USER that could be no name, with 400.'),
  cgi('no-order', 'R10', 'SHOULD', 'A forked server SHOULD need neither HOST nor MSGID, and run a request whatever number it has.'),
  cgi('nobody-reads', 'R6', 'MUST', 'A forked server MUST let nobody import, as data and as binary.', { quote: 'Only a restricted set of operations (IMPORTBINARY, IMPORTDATA, and a set of testing routines) are allowed when operating as user nobody.' }),
  cgi('nobody-restricted', 'R6, RV-34', 'MUST', 'A forked server MUST NOT let nobody change anything.'),
  cgi('checks', 'R3', 'MUST', 'A forked server MUST NOT do what somebody asks who has not shown to be that user.', { quote: 'Perform an authentication check and switch groups and user id to the target user.' }),
  cgi('check-status', 'R3', 'SHOULD', 'A forked server SHOULD answer who has not shown to be that user with 401.'),
  cgi('types', 'R6', 'SHOULD', 'A forked server SHOULD send what is imported as text/plain, and as binary as application/octet-stream.'),
  cgi('test-commands', 'R6', 'SHOULD', 'A forked server SHOULD run its test commands: nothing, an echo of any bytes, a sleep.'),
  cgi('error-exit', 'R6', 'MUST', 'A forked server MUST send the text of an error that is not fatal to the client.', { quote: 'This function will send the error message back to the client' }),
  cgi('fatal-message', 'R6', 'MUST', 'A forked server MUST say on standard error what a fatal error was, and end.', { quote: 'cause them to emit a message to stderr and terminate operation' }),
  cgi('fatal-status', 'R6', 'SHOULD', 'A forked server SHOULD end with status 70 after a fatal error, and with 0 after every answer.'),
  cgi('unknown-command', 'R6', 'SHOULD', 'A forked server SHOULD answer a command that it does not know with 422.'),
  cgi('prefix', 'R6, RV-33', 'SHOULD', 'A forked server SHOULD find the module of an object by the whole id at its beginning, and answer 404 where there is none.'),
  cgi('keeps', 'R10', 'SHOULD', 'A forked server SHOULD give back by import what was exported to one before it.'),
  cgi('undone', 'R6, RV-21', 'SHOULD', 'A forked server SHOULD undo what a command has changed that fails.'),
  cgi('owners', 'R6, RV-18', 'SHOULD', 'A forked server SHOULD keep the objects of a user apart from those of others.'),
  cgi('hands-on', 'R10, RV-29, RV-44', 'MAY', 'A forked server MAY hand a request on to a daemon, and the answer back.'),
  cgi('no-daemon', 'R10', 'MAY', 'A forked server MAY hand requests on; it answers 503 then where there is no daemon.'),
  cgi('tells-result', 'R5', 'MAY', 'A forked server MAY say in Rover-Result what has become of a request.'),
  unseen(
    cgi('identity', 'R3, RV-30', 'MUST', 'A forked server MUST run a request with the rights of its user.'),
    'whether it may become another user is for the machine to say, and what the rights allow is for no request to see',
  ),
];
