/**
 * Cases for a forked server, which an httpd starts for each request.
 */
import { millis } from '../../src/host/time.ts';
import type { Case } from '../case.ts';
import {
  ANN,
  among,
  answer,
  answers,
  BOB,
  cgiCase,
  DAEMON,
  DONE,
  deviating,
  disturb,
  done,
  doneLines,
  ENDS,
  endsInput,
  exits,
  expects,
  exporting,
  form,
  gets,
  HANDS_ON,
  importing,
  MARK,
  NOBODY,
  NOT_DONE,
  needing,
  one,
  type Pairs,
  plain,
  posts,
  put,
  type Request,
  setup,
  starts,
  status,
  stderrOf,
  stdinOf,
  stdoutOf,
  type Turn,
  testing,
  WITHIN,
} from './vocabulary-cgi.ts';

const FIRST = plain(importing(1));
const BODY = form(FIRST);
const exports = (data: string, who: Pairs = ANN): Pairs => plain(exporting(1, data, who));
const imports = (who: Pairs = ANN): Pairs => plain(importing(1, who));
const test = (command: string, data: string, who: Pairs = NOBODY): Pairs => plain(testing(1, command, data, who));
const has = (...lines: readonly string[]): Turn => [posts(imports()), doneLines(...lines)];
const without = (token: string): Pairs => Object.fromEntries(Object.entries(FIRST).filter(([name]) => name !== token));
const only = ({ variables, ...request }: Request, ...absent: readonly string[]): Request => ({
  ...request,
  variables: Object.fromEntries(Object.entries(variables).filter(([name]) => !absent.includes(name))),
});
const bodiless = ({ variables }: Request): Request => ({ variables });

const refused = (name: string, title: string, shows: string, deviation: string, code: number, ...requests: readonly Request[]): Case =>
  deviating('post.import', deviation, cgiCase(name, title, shows, ...requests.map((request): Turn => [request, status(code)])));
const cards = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  needing('users cards', cgiCase(name, title, shows, ...turns));
const tests = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  needing('tests', cgiCase(name, title, shows, ...turns));
const handing = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  needing('hands-on users', cgiCase(name, title, shows, ...turns));

const HANDED = starts(posts(exporting(7, 'x\t1')), 1, HANDS_ON);
const TAKEN = {
  type: 'request',
  name: 'the request',
  fields: { method: 'POST', USER: 'ann', HOST: 'laptop', MSGID: '7', AUTH: 's3cret', COMMAND: 'EXPORT', DATA: 'x\t1' },
} as const;
const ANSWER =
  'HTTP/1.0 202 Accepted\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nRover-Result: held\r\nRover-Message: 7\r\nRover-Next: 3\r\n\r\n3 next';
const opens = { verb: 'expect-open', channel: DAEMON, within: WITHIN } as const;

// biome-ignore format: a conversation is read along the line.
export const CGI_CASES: readonly Case[] = [
  // ── what is a request ─────────────────────────────────────────────────────────────────────────────────────────────
  cgiCase('post.import', 'nobody imports an object by POST', 'post form nobody-reads', [posts(FIRST), DONE]),
  cgiCase('get.import', 'nobody imports an object by GET', 'get form nobody-reads', [gets(FIRST), DONE]),
  cgiCase('post.binary', 'nobody imports an object as binary', 'nobody-reads', [posts({ ...FIRST, COMMAND: 'IMPORTBINARY' }), DONE], [gets({ ...FIRST, COMMAND: 'IMPORTBINARY' }), DONE]),
  cgiCase('post.types', 'The media types of what is imported', 'types', [posts(FIRST), answer('text', { done: true, type: 'text/plain' })],
    [posts({ ...FIRST, COMMAND: 'IMPORTBINARY' }), answer('bytes', { done: true, type: 'application/octet-stream' })]),
  cgiCase('post.open', 'Standard input goes on behind the body', 'counted', [{ ...posts(FIRST), body: `${BODY}&USER=x` }, DONE]),
  cgiCase('post.pieces', 'A body byte by byte', 'pieces', disturb(stdinOf(1), { kind: 'split', bytes: 1, gap: millis(2) }), [posts(FIRST), DONE]),
  cgiCase('post.query', 'By POST the query is nothing', 'post', [posts(FIRST, { QUERY_STRING: 'USER=ann&COMMAND=RESET' }), DONE]),
  cgiCase('post.ends', 'It ends after its request', 'one', ...starts(posts(FIRST), 1), expects(stdoutOf(1), one(DONE)), ENDS),
  refused('method.others', 'Other methods', 'other-methods', 'the method is another', 405, posts(FIRST, { REQUEST_METHOD: 'PUT' }), bodiless(gets(FIRST, { REQUEST_METHOD: 'HEAD' })), posts(FIRST, { REQUEST_METHOD: 'post' }), only(gets(FIRST), 'REQUEST_METHOD')),
  refused('length.none', 'No CONTENT_LENGTH', 'no-length', 'no length is told', 411, only(posts(FIRST), 'CONTENT_LENGTH'), posts(FIRST, { CONTENT_LENGTH: '' })),
  refused('length.words', 'A length that is no number', 'bad-length', 'the length is no number', 400, ...['-1', '+60', '6e1', 'many'].map(each => posts(FIRST, { CONTENT_LENGTH: each }))),
  refused('length.huge', 'A body of more than anybody could want', 'length-limit', 'the length is huge', 413, ...['1048577', '4294967296', '9'.repeat(40)].map(each => bodiless(posts(FIRST, { CONTENT_LENGTH: each })))),
  deviating('post.import', 'the body ends early', cgiCase('body.cut', 'A body that ends early', 'cut-body', ...starts({ ...posts(FIRST), body: BODY.slice(0, -4) }, 1), endsInput(1), ...answers(1, status(400)), ENDS)),
  refused('type.other', 'Another media type', 'body-type', 'the media type is another', 415, ...['text/plain', 'multipart/form-data; boundary=x'].map(each => posts(FIRST, { CONTENT_TYPE: each }))),
  cgiCase('type.parameters', 'The type with parameters, and in capitals', 'body-type', ...['application/x-www-form-urlencoded; charset=UTF-8', 'Application/X-WWW-Form-URLencoded'].map(each => [posts(FIRST, { CONTENT_TYPE: each }), DONE] as const)),
  refused('pairs.none', 'What is no pair', 'bad-pairs', 'a pair is none', 400, ...['x', '&', '=x', 'X=%4'].map(each => posts(`${BODY}&${each}`)), gets(`${BODY}&x`)),
  refused('pairs.twice', 'A token twice', 'bad-pairs', 'a token is there twice', 400, posts(`${BODY}&USER=nobody`), gets(`${BODY}&%55SER=ann`)),
  refused('pairs.empty', 'No pairs', 'bad-pairs', 'there are no pairs', 400, posts(''), gets('')),
  tests('pairs.escapes', 'Blanks and bytes', 'escapes', [posts(`${form(test('TESTECHO', ''))}a+b%20c%2bd%26e`), done('a b c+d&e')], [gets(`${form(test('TESTECHO', ''))}a+b%20c%2bd%26e`), done('a b c+d&e')]),
  refused('tokens.missing', 'A token that is missing', 'tokens', 'a token is missing', 400, posts(without('USER')), posts(without('COMMAND')), gets(without('USER'))),
  refused('tokens.user', 'A USER that could be no name', 'tokens', 'USER is no name', 400, ...['', '../x', 'a b', 'u'.repeat(65)].map(USER => posts({ ...FIRST, USER }))),
  cgiCase('order.none', 'Numbers in any order', 'no-order', [posts(importing(5)), DONE], [posts(importing(2)), DONE], [posts(importing(2)), DONE], [gets(FIRST), DONE]),
  cards('order.run-again', 'The same number again is run again', 'no-order', [posts(exporting(1, 'x\t1')), DONE], [posts(exporting(2, 'x\t2')), DONE], [posts(exporting(1, 'x\t1')), DONE], has('x\t1')),
  // ── who asks ──────────────────────────────────────────────────────────────────────────────────────────────────────
  cards('nobody.export', 'nobody exports', 'nobody-restricted', [posts(exports('x\t1', NOBODY)), NOT_DONE], [posts(FIRST), done('')]),
  cgiCase('nobody.reset', 'nobody resets', 'nobody-restricted', [posts({ ...FIRST, COMMAND: 'RESET' }), NOT_DONE]),
  needing('users', cgiCase('users.right', 'A user who shows who that is', 'checks', [posts(imports()), DONE], [gets(imports()), DONE])),
  needing('users', cgiCase('users.wrong', 'Users who have not shown who they are', 'checks', ...[{ AUTH: 'wrong' }, { AUTH: '' }, { AUTH: 's3cre' }, { USER: 'carol' }].map(more => [posts({ ...imports(), ...more }), NOT_DONE] as const))),
  needing('users', cgiCase('users.status', 'The status of a user who has not shown who that is', 'check-status', [posts({ ...imports(), AUTH: 'wrong' }), status(401)], [gets({ ...imports(), USER: 'carol' }), status(401)])),
  cards('users.changes', 'Who has not shown who that is changes nothing', 'checks', [posts({ ...exports('x\t1'), AUTH: 'wrong' }), NOT_DONE], has('')),
  // ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────
  cards('get.changes', 'What would change something, by GET', 'get-changes', [posts(exports('x\t1')), DONE], [gets(exports('x\t2')), status(405)], [gets({ ...imports(), COMMAND: 'RESET' }), status(405)], has('x\t1')),
  tests('tests.null', 'TESTNULL and TESTSLEEP answer nothing', 'test-commands', [posts(test('TESTNULL', 'x')), done('')], [gets(test('TESTSLEEP', '20')), done('')]),
  tests('tests.echo', 'TESTECHO answers DATA', 'test-commands', [posts(test('TESTECHO', 'a line\nand \u00e4\0another')), done('a line\nand \u00e4\0another')], [posts(test('TESTECHO', 'x'.repeat(70_000))), done('x'.repeat(70_000))]),
  tests('errors.text', 'The text of an error goes to the client', 'error-exit', [posts(test('TESTERROR', 'no such luck')), answer('the error', { done: false, text: { oneOf: ['no such luck', 'no such luck\n'] } })]),
  tests('errors.status', 'After an answer it ends with 0, also when that is an error', 'fatal-status', ...starts(posts(test('TESTERROR', 'no')), 1), ...answers(1, status(422)), exits(0)),
  tests('fatal.message', 'What a fatal error was is on standard error', 'fatal-message', ...starts(posts(test('TESTFATAL', MARK)), 1), among(stderrOf(1), { type: 'line', name: 'the text of the error', fields: { mark: true } }), ENDS),
  tests('fatal.status', 'After a fatal error it ends with 70', 'fatal-status', ...starts(posts(test('TESTFATAL', MARK)), 1), exits(70)),
  needing('users', cgiCase('commands.unknown', 'A command that there is not', 'unknown-command', ...['NOTHING', 'importdata', 'IMPORTDATAX'].map(COMMAND => [posts({ ...imports(), COMMAND }), status(422)] as const))),
  needing('users', cgiCase('objects.prefix', 'Objects of no module', 'prefix', ...['Foo__x', 'irolo__x', 'xIrolo__y', 'Irolo__', 'Irolo__a/b', ''].map(OBJECT => [posts({ ...imports(), OBJECT }), status(404)] as const))),
  cards('cards.kept', 'What was exported is imported by the next', 'keeps', [posts(exports('zoe\t9\nann\t555-1234')), DONE], has('ann\t555-1234', 'zoe\t9'), [posts(exports('ann\t')), DONE], [gets(imports()), doneLines('zoe\t9')]),
  cards('cards.reset', 'RESET takes all cards away', 'keeps', [posts(exports('ann\t1')), DONE], [posts({ ...imports(), COMMAND: 'RESET' }), DONE], has('')),
  cards('cards.undone', 'An export that fails has changed nothing', 'undone', [posts(exports('ann\t1')), DONE], [posts(exports('ann\t2\nno card')), NOT_DONE], has('ann\t1')),
  cards('cards.owners', 'The cards of another user', 'owners', [posts(exports('ann\t1')), DONE], [posts(imports(BOB)), done('')], [posts(exports('bob\t2', BOB)), DONE], [posts(FIRST), done('')], has('ann\t1'), [posts(imports(BOB)), doneLines('bob\t2')]),
  needing('fields', cgiCase('answer.result', 'What has become of a request', 'tells-result', [posts(FIRST), answer('what has become of it', { result: 'done' })], [posts({ ...FIRST, COMMAND: 'RESET' }), answer('what has become of it', { result: 'failed' })], [posts('x'), answer('what has become of it', { result: 'refused' })])),
  cgiCase('answer.length', 'The length of an answer is told', 'answer-length status', [posts(FIRST), answer('an answer', { 'length-told': true, 'status-told': true })], [posts('x'), answer('an answer', { 'length-told': true, 'status-told': true })]),
  // ── a daemon behind it ────────────────────────────────────────────────────────────────────────────────────────────
  handing('daemon.handed', 'A request is handed on, its answer handed back', 'hands-on', ...HANDED, opens, expects(DAEMON, one(TAKEN)), put(DAEMON, ANSWER), { verb: 'close', channel: DAEMON },
    ...answers(1, answer('the answer of the daemon', { status: 202, held: true, result: 'held', message: 7, next: 3, text: '3 next' })), ENDS),
  handing('daemon.order', 'What has no number is not handed on', 'hands-on', ...starts(posts(imports()), 1, HANDS_ON), ...answers(1, status(400)), ENDS),
  handing('daemon.none', 'There is no daemon', 'no-daemon', ...setup('nobody listens', { verb: 'close-listener' }), ...HANDED, ...answers(1, status(503)), ENDS),
  handing('daemon.silent', 'The daemon goes away without an answer', 'no-daemon', ...HANDED, opens, ...setup('it is asked', expects(DAEMON, one(TAKEN))), { verb: 'close', channel: DAEMON }, ...answers(1, status(503)), ENDS),
];
