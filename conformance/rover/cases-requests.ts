/**
 * Cases for a daemon: what a request is, what its pairs are, and what is refused before anybody looks at its order.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case } from '../case.ts';
import {
  A,
  ANN,
  answer,
  asks,
  B,
  BOB,
  bad,
  bytewise,
  calls,
  DONE,
  daemonCase,
  deviating,
  done,
  doneLines,
  ends,
  exporting,
  type Fields,
  form,
  hears,
  hearsIn,
  hearsLast,
  importing,
  malformed,
  NOBODY,
  NOT_DONE,
  needing,
  type Pairs,
  post,
  put,
  setup,
  silent,
  status,
  testing,
} from './vocabulary-daemon.ts';

const FIRST = importing(1);
const BODY = form(FIRST);
const withFields = (fields: Fields, start?: string): string => post(BODY, fields, start);
const without = (token: string, pairs = FIRST): Pairs => Object.fromEntries(Object.entries(pairs).filter(([name]) => name !== token));
const withBody = (more: string): string => post(`${BODY}&${more}`);
const lengths = (...values: readonly string[]): readonly string[] => values.map(value => withFields({ 'Content-Length': value }));
const method = (name: string): string => withFields({}, `${name} /rover HTTP/1.0`);
const OTHERS = ['GET', 'PUT', 'DELETE', 'OPTIONS', 'post'].map(method);
const framed = (first: string, ...fields: readonly string[]): string =>
  [first, ...fields, `Content-Length: ${BODY.length}`, '', BODY].join('\r\n');
const POST = 'POST /rover HTTP/1.0';
const STILL_SERVES = [importing(1), DONE] as const;

// biome-ignore format: a conversation is read along the line.
export const REQUEST_CASES: readonly Case[] = [
  // ── what is a request ─────────────────────────────────────────────────────────────────────────────────────────────
  daemonCase('import.text', 'nobody imports an object', 'post pairs nobody-reads', [FIRST, DONE]),
  daemonCase('import.binary', 'nobody imports an object as binary', 'nobody-reads', [{ ...FIRST, COMMAND: 'IMPORTBINARY' }, DONE]),
  daemonCase('import.types', 'The media types of what is imported', 'types',
    [FIRST, answer('text', { done: true, type: 'text/plain' })],
    [{ ...importing(2), COMMAND: 'IMPORTBINARY' }, answer('bytes', { done: true, type: 'application/octet-stream' })]),
  malformed('method.others', 'Other methods', 'only-post', 'the method is not POST', NOT_DONE, ...OTHERS),
  malformed('method.status', 'The status of another method', 'method-status', 'the method is not POST', status(405, { allows: true }), ...OTHERS),
  daemonCase('header.others', 'Fields that are not read', 'other-fields', [withFields({
    Host: 'rover.example:9090', 'User-Agent': 'Mozilla/3.01 (X11; I; SunOS 5.5 sun4u)', Accept: 'image/gif, image/x-xbitmap, */*', 'Accept-Encoding': 'gzip',
    Authorization: 'Basic YW5uOmJvYg==', Cookie: 'USER=bob; MSGID=7', Connection: 'Keep-Alive', 'X-HTTP-Method-Override': 'DELETE', 'If-Modified-Since': 'Sat, 29 Oct 1994 19:43:31 GMT' }), DONE]),
  daemonCase('header.pieces', 'A request byte by byte', 'pieces', calls(A), bytewise(A), put(A, post(BODY)), hearsIn(seconds(20), A, DONE)),
  daemonCase('header.case', 'Names of fields in other cases of letters', 'field-case',
    [framedLike('content-type', 'content-length'), DONE], [framedLike('CONTENT-TYPE', 'CONTENT-LENGTH'), DONE]),
  daemonCase('header.lf', 'Lines that end with LF', 'line-ends', [post(BODY).replaceAll('\r\n', '\n'), DONE]),
  daemonCase('header.path', 'Any path', 'any-path', ...['/', '/cgi-bin/rover?USER=bob', '*', 'http://rover.example/x'].map((path, at) =>
    [post(form(importing(at + 1)), {}, `POST ${path} HTTP/1.0`), DONE] as const)),
  daemonCase('header.version', 'HTTP/1.1', 'post', [withFields({ Host: 'rover.example' }, 'POST /rover HTTP/1.1'), DONE]),
  bad('header.first', 'No request line', 'bad-header', 'the first line is none', ...['HELLO', 'POST', 'POST /rover', 'POST /rover HTTP/1.0 x', ''].map(first => framed(first))),
  bad('header.other-version', 'Other versions', 'bad-header', 'the version is another', ...['HTTP/2.0', 'HTTP/0.9', 'HTTP/1', 'SHTTP/1.0'].map(each => framed(`POST /rover ${each}`))),
  bad('header.colon', 'A line without a colon', 'bad-header', 'a line is no field', framed(POST, 'Accept'), framed(POST, ': x')),
  bad('header.folded', 'A folded line', 'bad-header', 'a line is folded', framed(POST, 'Accept: a,', '\tb'), framed(POST, 'Accept: a,', ' b')),
  bad('header.control', 'NUL and control bytes', 'bad-header', 'a control byte is in the header', framed(POST, 'Accept: a\0b'), framed(POST, 'Accept: a\x07b')),
  malformed('header.endless', 'A header of 64 KiB', 'header-limit', 'the header is very long', status(431), framed(POST, `X: ${'x'.repeat(65_000)}`)),
  malformed('header.fields', 'A thousand fields', 'header-limit', 'there are very many fields', status(431), framed(POST, ...Array.from({ length: 1_000 }, (_, at) => `X-${at}: 1`))),
  // ── its length and type ───────────────────────────────────────────────────────────────────────────────────────────
  malformed('length.none', 'No Content-Length', 'no-length', 'no length is told', status(411), withFields({ 'Content-Length': undefined })),
  bad('length.words', 'A length that is no number', 'bad-length', 'the length is no number', ...lengths('-1', '+74', '7.4e1', '0x4a', '74 74', 'many', '')),
  bad('length.two', 'Two lengths that differ', 'bad-length', 'there are two lengths', framed(POST, `Content-Length: ${BODY.length + 1}`), framed(POST, 'Content-Length: 5')),
  daemonCase('length.same', 'The same length twice', 'same-length', [framed(POST, `Content-Length: ${BODY.length}`), DONE]),
  malformed('length.huge', 'A body of more than anybody could want', 'length-limit', 'the length is huge', status(413), ...['1048577', '4294967296', '9007199254740993', '9'.repeat(40)].map(each => withFields({ 'Content-Length': each }).slice(0, -BODY.length))),
  needing('tests', daemonCase('length.most', 'A body of 1 MiB', 'length-limit', [post(padded(1_048_576)), DONE])),
  malformed('type.other', 'Another media type', 'body-type', 'the media type is another', status(415), ...['text/plain', 'multipart/form-data; boundary=x', 'application/json'].map(each => withFields({ 'Content-Type': each }))),
  daemonCase('type.parameters', 'The type with parameters, in capitals, and none', 'body-type',
    [withFields({ 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }), DONE],
    [post(form(importing(2)), { 'Content-Type': 'Application/X-WWW-Form-URLencoded' }), DONE],
    [post(form(importing(3)), { 'Content-Type': undefined }), DONE]),
  malformed('encoding.chunked', 'A body in chunks', 'chunked', 'the body is in chunks', status(411), post(`${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`, { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' }, 'POST /rover HTTP/1.1'),
    withFields({ 'Transfer-Encoding': 'identity' })),
  daemonCase('expect.continue', 'A client that waits to be told to go on', 'expects', calls(A), put(A, withFields({ Expect: '100-continue' }, 'POST /rover HTTP/1.1').slice(0, -BODY.length)),
    hears(A, { type: 'continue', name: 'that it may go on', fields: { status: 100 } }), put(A, BODY), hears(A, DONE)),
  malformed('expect.other', 'Another expectation', 'expects', 'something else is expected', status(417), withFields({ Expect: 'the-impossible' }, 'POST /rover HTTP/1.1')),
  deviating('import.text', 'the body ends early', daemonCase('body.cut', 'A body that ends early', 'cut-body', calls(A), put(A, post(BODY).slice(0, -4)), { verb: 'half-close', channel: A }, hears(A, status(400)), STILL_SERVES)),
  daemonCase('body.behind', 'Something behind a body', 'behind-body', [`${post(BODY)}&OBJECT=other\r\n\r\nPOST /again HTTP/1.0\r\n\r\n`, DONE], [importing(2), DONE]),
  daemonCase('answer.closes', 'The connection ends behind the answer', 'closes', ...asks(A, FIRST), hearsLast(A, DONE)),
  daemonCase('answer.length', 'The length of an answer is told', 'answer-length answers', [FIRST, answer('an answer', { 'length-told': true })], [method('GET'), answer('an answer', { 'length-told': true })]),
  { ...deviating('import.text', 'it comes to no end', daemonCase('slow.never', 'A request that comes to no end', 'patience', calls(A), put(A, post(BODY).slice(0, -4)), hearsIn(seconds(90), A, status(408)), STILL_SERVES)), slow: true, deadline: seconds(120) },
  daemonCase('slow.others', 'Clients that say nothing, or not all', 'silent', ...setup('they connect', calls(A), calls(B)), put(B, post(BODY).slice(0, 20)), STILL_SERVES, silent(A, B)),
  daemonCase('slow.gone', 'Clients that go away in the midst of a request', 'silent', calls(A), put(A, post(BODY).slice(0, 40)), { verb: 'reset', channel: A }, calls(B), { verb: 'half-close', channel: B }, ends(B), STILL_SERVES),
  // ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  needing('tests', daemonCase('pairs.escapes', 'Blanks and bytes', 'escapes',
    [post(`${form(testing(1, 'TESTECHO', ''))}a+b%20c%2bd%26e%3D%25`), done('a b c+d&e=%')], [post(form(testing(2, 'TESTECHO', '')).replace('TESTECHO', 'TEST%45CHO')), done('')])),
  bad('pairs.none', 'What is no pair', 'bad-pairs', 'a pair is none', ...['x', '&', '=x', 'x&y=1'].map(withBody)),
  bad('pairs.percent', 'A bad %', 'bad-pairs', 'an escape is none', ...['X=%', 'X=%4', 'X=%zz', 'X=100%25%', '%=x'].map(withBody)),
  bad('pairs.twice', 'A token twice', 'bad-pairs', 'a token is there twice', ...['MSGID=2', 'USER=nobody', 'OBJECT=Irolo__other', '%55SER=ann'].map(withBody)),
  bad('pairs.zero', 'NUL in a value', 'bad-pairs', 'a value has NUL in it', ...['LOGID=a%00b', 'CLASS=%00'].map(withBody)),
  bad('pairs.empty', 'No body', 'bad-pairs', 'there is nothing in the body', post('')),
  bad('pairs.many', 'A thousand pairs', 'pairs-limit', 'there are very many pairs', withBody(Array.from({ length: 1_000 }, (_, at) => `X${at}=1`).join('&'))),
  daemonCase('pairs.others', 'Tokens that nobody knows', 'other-tokens', [withBody('COLOUR=blue&user=bob&X='), DONE]),
  daemonCase('pairs.logged', 'Tokens that are only kept', 'pairs', [{ ...FIRST, SERVICE: 'mail', LOGID: 'l7', USERTIME: '880000000', USERSERVER: 'ann@server', CLASS: 'card' }, DONE]),
  bad('tokens.missing', 'A token that is missing', 'tokens', 'a token is missing', ...['USER', 'HOST', 'MSGID', 'COMMAND'].map(token => without(token))),
  bad('tokens.user', 'A USER that could be no name', 'names', 'USER is no name', ...['', 'a/b', '../x', 'a b', 'a@b', 'a\tb', '\u00e4', 'u'.repeat(65)].map(USER => ({ ...FIRST, USER }))),
  bad('tokens.host', 'A HOST that could be no name', 'names', 'HOST is no name', ...['', 'h/x', 'h h', 'h\n', 'h'.repeat(65)].map(HOST => ({ ...FIRST, HOST }))),
  bad('tokens.number', 'A MSGID that is no number', 'numbers', 'MSGID is no number', ...['', '0', '01', '-1', '+1', '1.0', '1e0', '0x1', 'one', ' 1', '9007199254740992', '9'.repeat(30)].map(MSGID => ({ ...FIRST, MSGID }))),
  bad('tokens.epoch', 'An EPOCH or ACKED that is no number', 'numbers', 'EPOCH or ACKED is no number', ...['', '-1', '01', 'x', '9007199254740992'].flatMap(text => [{ ...FIRST, EPOCH: text }, { ...FIRST, ACKED: text }])),
  bad('tokens.long', 'Texts that are too long', 'token-limits', 'a text is too long', { ...FIRST, OBJECT: `Irolo__${'x'.repeat(249)}` }, { ...FIRST, LOGID: 'x'.repeat(1_025) }, { ...FIRST, SERVICE: 'x'.repeat(1_025) }),
  daemonCase('tokens.longest', 'Texts as long as they may be', 'pairs', [{ ...FIRST, USER: 'nobody', HOST: 'h'.repeat(64), OBJECT: `Irolo__${'x'.repeat(248)}`, LOGID: 'x'.repeat(1_024) }, DONE],
    [{ ...FIRST, HOST: '.-_0', EPOCH: '9007199254740991', ACKED: '9007199254740991' }, DONE]),
  // ── who asks ──────────────────────────────────────────────────────────────────────────────────────────────────────
  needing('cards', daemonCase('nobody.export', 'nobody exports', 'nobody-restricted', [exporting(1, 'x\t1', NOBODY), NOT_DONE], [importing(2), done('')])),
  daemonCase('nobody.reset', 'nobody resets', 'nobody-restricted', [{ ...FIRST, COMMAND: 'RESET' }, NOT_DONE]),
  daemonCase('nobody.status', 'The status of what nobody may not do', 'nobody-status', [{ ...FIRST, COMMAND: 'RESET' }, status(403)], [importing(2), DONE]),
  needing('users', daemonCase('users.right', 'A user who shows who that is', 'checks', [importing(1, ANN), DONE])),
  ...(['check', 'status'] as const).map(what => needing('users', daemonCase(`users.wrong-${what}`, what === 'check' ? 'Users who have not shown who they are' : 'The status of a user who has not shown who that is',
    what === 'check' ? 'checks' : 'check-status', ...[{ AUTH: 'wrong' }, { AUTH: '' }, { AUTH: 's3cre' }, { AUTH: 's3cret ' }, { AUTH: 'hunter2' }, { USER: 'carol' }, { USER: 'carol', AUTH: '' }, { USER: '__proto__', AUTH: '' }]
      .map(more => [{ ...importing(1, ANN), ...more }, what === 'check' ? NOT_DONE : status(401)] as const), [without('AUTH', importing(1, ANN)), what === 'check' ? NOT_DONE : status(401)] as const))),
  needing('users cards', daemonCase('users.changes', 'Who has not shown who that is changes nothing', 'checks', [{ ...exporting(1, 'x\t1'), AUTH: 'wrong' }, NOT_DONE], [importing(1, ANN), done('')])),
  needing('users tests', daemonCase('users.stale', 'A refusal has nothing in it of what others were answered', 'answer-length', [testing(1, 'TESTECHO', 'what is for nobody else'), DONE], [{ ...importing(1, ANN), AUTH: 'wrong' }, status(401, { text: { not: { begins: 'what' } } })], [importing(2), done('')])),
  needing('users cards', daemonCase('users.named', 'USERSERVER is not who asks', 'checks', [{ ...exporting(1, 'x\t1'), USERSERVER: 'bob' }, DONE], [importing(1, BOB), done('')], [importing(2, ANN), doneLines('x\t1')])),
  needing('users', daemonCase('users.order', 'A forged number does not move the stream', 'check-first', [{ ...importing(1, ANN), AUTH: 'wrong' }, NOT_DONE], [{ ...importing(5, ANN), AUTH: 'wrong' }, NOT_DONE],
    [importing(1, ANN), DONE], [importing(2, ANN), DONE])),
];

/** The fields in this case of letters. */
function framedLike(type: string, length: string): string {
  const number = type === 'content-type' ? 1 : 2;
  const body = form(importing(number));
  return [POST, `${type}: application/x-www-form-urlencoded`, `${length}: ${body.length}`, '', body].join('\r\n');
}

/** A body of so many bytes. */
function padded(length: number): string {
  const body = form(testing(1, 'TESTNULL', ''));
  return body + 'x'.repeat(length - body.length);
}
