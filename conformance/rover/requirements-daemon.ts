/**
 * What is demanded of a daemon. MUST is what the text of 1997 says; what follows from it (D), and what HTTP/1.0 and the care for a peer that
 * means harm suggest (O), is SHOULD; a convention that is ours alone is MAY. How that is seen (statuses, tokens, forms) is in the claims.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../rows.ts';

const daemon = requirementOf('rover', 'daemon');

// biome-ignore format: a table.
export const DAEMON_REQUIREMENTS: readonly Requirement[] = [
  // ── a request ─────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('post', 'R2', 'MUST', 'A daemon MUST take requests by POST, with Content-Type and Content-Length.', { quote: 'Only POST method requests are accepted.' }),
  daemon('only-post', 'R2', 'MUST', 'A daemon MUST NOT do what is asked by another method.', { quote: 'The Standalone Daemon server only handles POST method requests' }),
  daemon('method-status', 'R2', 'SHOULD', 'A daemon SHOULD answer another method with 405, and say that it allows POST.'),
  daemon('other-fields', 'R2', 'MUST', 'A daemon MUST ignore all other fields of a header.', { quote: 'It only parses the Content-Type and Content-Length entity-header fields.' }),
  daemon('pieces', 'R2', 'MUST', 'A daemon MUST take a request that arrives in pieces for one request.'),
  daemon('field-case', 'R2, RV-26', 'SHOULD', 'A daemon SHOULD know the names of fields in any case of letters.'),
  daemon('line-ends', 'R2', 'SHOULD', 'A daemon SHOULD take LF alone for the end of a line.'),
  daemon('any-path', 'R2', 'SHOULD', 'A daemon SHOULD NOT look at the path.'),
  daemon('bad-header', 'R2, RV-26', 'SHOULD', 'A daemon SHOULD answer a header that is none of HTTP/1 with 400, and go on.'),
  daemon('header-limit', 'R2, RV-23', 'SHOULD', 'A daemon SHOULD answer a header without an end, or with very many fields, with 431.'),
  daemon('no-length', 'R2, RV-24', 'SHOULD', 'A daemon SHOULD answer a request without a length with 411.'),
  daemon('bad-length', 'R2, RV-24', 'SHOULD', 'A daemon SHOULD answer a length that is no number, or two that differ, with 400.'),
  daemon('same-length', 'R2, RV-26', 'SHOULD', 'A daemon SHOULD take the same length twice for one.'),
  daemon('length-limit', 'R2', 'SHOULD', 'A daemon SHOULD answer a body that nobody could want with 413, without waiting for it.'),
  daemon('body-type', 'R2', 'SHOULD', 'A daemon SHOULD answer another media type than the form encoding with 415, whatever its parameters.'),
  daemon('chunked', 'R2, RV-25', 'SHOULD', 'A daemon SHOULD answer any transfer encoding with 411.'),
  daemon('expects', 'R2, RV-25', 'SHOULD', 'A daemon SHOULD tell a client of HTTP/1.1 that waits for it to go on, and answer any other expectation with 417.'),
  daemon('cut-body', 'R2, RV-24', 'SHOULD', 'A daemon SHOULD answer a body that ends early with 400, and do nothing of it.'),
  daemon('behind-body', 'R2, RV-24', 'SHOULD', 'A daemon SHOULD ignore what comes behind a body.'),
  daemon('patience', 'R2, RV-23', 'SHOULD', 'A daemon SHOULD answer a request that comes to no end with 408.'),
  daemon('silent', 'R2, RV-23', 'SHOULD', 'A daemon SHOULD serve others while a client says nothing.'),
  // ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('pairs', 'R2', 'MUST', 'A daemon MUST take a body for a list of pairs TOKEN=VALUE.', { quote: 'Parse and insert the TOKEN=VALUE request pairs into a global TCL hash table, rqpairs.' }),
  daemon('escapes', 'R2', 'SHOULD', 'A daemon SHOULD take + for a blank and %XX for a byte.'),
  daemon('bad-pairs', 'R2, RV-27', 'SHOULD', 'A daemon SHOULD answer pairs that are none, or that are there twice, with 400, and do nothing of them.'),
  daemon('pairs-limit', 'R2', 'SHOULD', 'A daemon SHOULD answer very many pairs with 400.'),
  daemon('other-tokens', 'R2', 'SHOULD', 'A daemon SHOULD ignore tokens that it does not know.'),
  daemon('tokens', 'R2', 'SHOULD', 'A daemon SHOULD answer a request without USER, HOST, MSGID or COMMAND with 400.'),
  daemon('names', 'R2, RV-06', 'SHOULD', 'A daemon SHOULD answer a USER or HOST that could be no name with 400.'),
  daemon('numbers', 'R2', 'SHOULD', 'A daemon SHOULD answer a MSGID, EPOCH or ACKED that is no number it can count to with 400.'),
  daemon('token-limits', 'R2', 'SHOULD', 'A daemon SHOULD answer an OBJECT of more than 255 bytes, or other texts of more than 1 KiB, with 400.'),
  // ── who asks ──────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('nobody-reads', 'R6', 'MUST', 'A daemon MUST let nobody import, as data and as binary.', { quote: 'Only a restricted set of operations (IMPORTBINARY, IMPORTDATA, and a set of testing routines) are allowed when operating as user nobody.' }),
  daemon('nobody-restricted', 'R6, RV-34', 'MUST', 'A daemon MUST NOT let nobody change anything.', { quote: 'Only a restricted set of operations … are allowed when operating as user nobody.' }),
  daemon('nobody-status', 'R6', 'SHOULD', 'A daemon SHOULD answer what nobody may not do with 403; its number is taken.'),
  daemon('checks', 'R3', 'MUST', 'A daemon MUST NOT do what somebody asks who has not shown to be that user.', { quote: 'Perform an authentication check and switch groups and user id to the target user.' }),
  daemon('check-status', 'R3', 'SHOULD', 'A daemon SHOULD answer who has not shown to be that user with 401.'),
  daemon('check-first', 'R3, RV-07', 'SHOULD', 'A daemon SHOULD check who asks before it looks at the order: nobody moves the stream of another.'),
  // ── order ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('in-order', 'R4', 'MUST', 'A daemon MUST run the requests of a user at a host in the order of their numbers.', { quote: 'The Standalone Daemon server provides FIFO processing of incoming requests by using the USER, HOST, and MSGID fields of requests.' }),
  daemon('early', 'R4', 'MUST', 'A daemon MUST keep a request that comes early, and run it when all earlier ones have come.', { quote: 'The request will not be processed until all earlier requests from USER@HOST are recieved.' }),
  daemon('duplicates', 'R4', 'MUST', 'A daemon MUST NOT run a request twice.', { quote: 'Duplicate messages are discarded.' }),
  daemon('streams', 'R4', 'MUST', 'A daemon MUST NOT make the stream of one user and host wait for that of another.'),
  daemon('held-status', 'R4, RV-38', 'SHOULD', 'A daemon SHOULD answer a request that comes early at once, with 202, also when it comes again.'),
  daemon('answers-again', 'R4, RV-02', 'SHOULD', 'A daemon SHOULD answer a duplicate with the answer of the first.'),
  daemon('replayed', 'R4', 'MAY', 'A daemon MAY say of an answer that it was given before: Rover-Replayed: yes.'),
  daemon('answers-both', 'R4', 'SHOULD', 'A daemon SHOULD answer everybody who asks the same while it runs.'),
  daemon('conflicts', 'R4, RV-04', 'SHOULD', 'A daemon SHOULD answer another request under a number that is taken or held with 409, and not run it.'),
  daemon('stream-key', 'R4, RV-06', 'SHOULD', 'A daemon SHOULD take a stream for a pair of USER and HOST, letter by letter.'),
  daemon('errors-count', 'R4', 'SHOULD', 'A daemon SHOULD take the error of a command for its answer: the number is taken.'),
  daemon('ahead-limit', 'R4, RV-03', 'SHOULD', 'A daemon SHOULD keep requests that come early, up to 64 ahead of the one that it awaits, and answer those beyond with 503.'),
  daemon('new-epoch', 'R4, RV-04', 'SHOULD', 'A daemon SHOULD begin a stream anew when its client says a higher EPOCH.'),
  daemon('old-epoch', 'R4, RV-04', 'SHOULD', 'A daemon SHOULD answer a request of an earlier EPOCH with 409.'),
  daemon('acked', 'R4', 'MAY', 'A daemon MAY forget the answers that a client has ACKED: a duplicate is answered 410 then.'),
  // ── an answer ─────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('answers', 'R5', 'SHOULD', 'A daemon SHOULD answer in the form of HTTP/1.'),
  daemon('answer-length', 'R5, RV-11, RV-43', 'SHOULD', 'A daemon SHOULD send an answer of the length that it has told, once.'),
  daemon('closes', 'R2', 'SHOULD', 'A daemon SHOULD close a connection behind the answer.'),
  daemon('tells-result', 'R5', 'MAY', 'A daemon MAY say in Rover-Result, Rover-Message and Rover-Next what has become of a request, and which number it awaits.'),
  // ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('types', 'R6', 'SHOULD', 'A daemon SHOULD send what is imported as text/plain, and as binary as application/octet-stream.'),
  daemon('test-commands', 'R6', 'SHOULD', 'A daemon SHOULD run its test commands: nothing, an echo of any bytes, a sleep.'),
  daemon('error-exit', 'R6', 'MUST', 'A daemon MUST send the text of an error that is not fatal to the client, and go on.', { quote: 'This function will send the error message back to the client' }),
  daemon('unknown-command', 'R6', 'SHOULD', 'A daemon SHOULD answer a command that it does not know with 422.'),
  daemon('prefix', 'R6, RV-33', 'SHOULD', 'A daemon SHOULD find the module of an object by the whole id at its beginning, and answer 404 where there is none.'),
  daemon('exports', 'R6', 'SHOULD', 'A daemon SHOULD give back by import what was exported.'),
  daemon('undone', 'R6, RV-21', 'SHOULD', 'A daemon SHOULD undo what a command has changed that fails.'),
  daemon('resets', 'R6', 'SHOULD', 'A daemon SHOULD run the command procedure of a module on RESET.'),
  daemon('no-reset', 'R6, RV-31', 'SHOULD', 'A daemon SHOULD answer RESET of a module without a command procedure with an error, and go on.'),
  daemon('owners', 'R6, RV-18', 'SHOULD', 'A daemon SHOULD keep the objects of a user apart from those of others.'),
  daemon('delivers', 'R6', 'SHOULD', 'A daemon SHOULD deliver what an agent is given, once.'),
  // ── long requests ─────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('long', 'R7', 'MUST', 'A daemon MUST take new requests while a long one runs.', { quote: 'The handler forks a new thread to handle the request and reconfigures the server to accept a new request.' }),
  daemon('long-answer', 'R7, RV-11', 'SHOULD', 'A daemon SHOULD answer a long request, once.'),
  daemon('long-order', 'R7, RV-08, RV-09', 'SHOULD', 'A daemon SHOULD NOT run the next request of a stream before the long one before it has ended.'),
  // ── fatal errors ──────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('fatal-message', 'R6', 'MUST', 'A daemon MUST say on standard error what a fatal error was.', { quote: 'Fatal errors are handled by calling fatalError and for both servers, cause them to emit a message to stderr and terminate operation.' }),
  daemon('restarts', 'R9', 'MUST', 'A parent MUST start the daemon again after a fatal error.', { quote: 'The Standalone Daemon server will be restarted by its parent.' }),
  daemon('poison', 'R6, RV-17', 'SHOULD', 'A daemon SHOULD give up a request that has ended it again and again, and answer it with 500.'),
  // ── the log ───────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('results-stable', 'R8', 'MUST', 'A daemon MUST have after a restart what it had when it answered.', { quote: 'The logged information is used to recover the state of the server, should a failure occur.' }),
  daemon('held-stable', 'R8', 'MUST', 'A daemon MUST have after a restart the requests that came early.', { quote: 'The state structure is then logged to stable storage.' }),
  daemon('numbers-stable', 'R8', 'MUST', 'A daemon MUST NOT run after a restart what it had run before.', { quote: 'All actions taken by the Standalone Daemon server are logged to stable storage. This includes … the results of processing requests.' }),
  daemon('answers-stable', 'R8', 'SHOULD', 'A daemon SHOULD have after a restart the answers that it has given.'),
  daemon('epochs-stable', 'R8', 'SHOULD', 'A daemon SHOULD have after a restart the EPOCH of each stream.'),
  daemon('unfinished', 'R8', 'SHOULD', 'A daemon SHOULD run after a restart what it had not finished.'),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  daemon('terminates', 'R9', 'SHOULD', 'A parent SHOULD end with its daemon on SIGTERM, with status 0.'),
  daemon('finishes', 'R9', 'SHOULD', 'A daemon SHOULD finish on SIGTERM what it has begun, and answer it.'),
  daemon('orphan', 'R9, RV-39', 'SHOULD', 'A daemon SHOULD end when its parent is killed.'),
  // ── what nobody can see ───────────────────────────────────────────────────────────────────────────────────────────
  unseen(
    daemon('synced', 'R8', 'MUST', 'A daemon MUST have its log on stable storage before it answers.'),
    'a process that is killed leaves to the kernel what it has written: only a power cut shows the difference',
  ),
  unseen(
    daemon('identity', 'R3, RV-18, RV-19', 'MUST', 'A daemon MUST run a request with the rights of its user, and with no others.'),
    'whether it may become another user is for the machine to say, and what the rights allow is for no request to see',
  ),
  unseen(
    daemon('freed', 'RV-22', 'SHOULD', 'A daemon SHOULD release what a request has taken, also after an error.'),
    'its memory is its own',
  ),
  unseen(
    daemon('log-bounded', 'R8, RV-36', 'SHOULD', 'A daemon SHOULD keep its log and the time of its recovery within bounds.'),
    'the log has no form that others know',
  ),
];
