/**
 * Bytes at the limits of R2, each one less, exactly, and one more, and bytes that are wrong otherwise: what a peer that means harm sends. What
 * has to be said to them the model knows (model/request.ts).
 */
import { hex } from '../../../src/host/bytes.ts';
import { formOf, octets, requestOf, type Tokens } from './messages.ts';

const WHO: Tokens = { USER: 'ann', HOST: 'hostile', MSGID: '1', AUTH: 'secret-of-ann', COMMAND: 'TESTNULL' };
const FORM = 'application/x-www-form-urlencoded';
const most = Number.MAX_SAFE_INTEGER;

const lines = (first: string, fields: readonly string[], body: string): string => `${[first, ...fields].join('\r\n')}\r\n\r\n${body}`;
const BODY = formOf(WHO);
const LENGTH = `Content-Length: ${BODY.length}`;
const TYPE = `Content-Type: ${FORM}`;
const POST = 'POST / HTTP/1.0';
const plain = (...fields: readonly string[]): string => lines(POST, [TYPE, LENGTH, ...fields], BODY);

/** With a header of so many bytes. */
function headerOf(size: number): string {
  const [head = ''] = plain().split('\r\n\r\n');
  const fill = size - head.length - '\r\n\r\n'.length - '\r\nX: '.length;
  return lines(POST, [TYPE, LENGTH, `X: ${'x'.repeat(fill)}`], BODY);
}
const value = (token: string, text: string): string => requestOf({ ...WHO, [token]: text });
const long = (token: string, size: number): string => value(token, 'a'.repeat(size));
const pairs = (count: number): string => {
  const more = Object.fromEntries(Array.from({ length: count - Object.keys(WHO).length }, (_, index) => [`X${index}`, '']));
  return requestOf({ ...WHO, ...more });
};
/** What is sent at a limit, or one beside it. */
export const LIMITS: Readonly<Record<string, (by: number) => string>> = {
  header: by => headerOf(16_384 + by),
  fields: by => plain(...Array.from({ length: 62 + by }, (_, index) => `X-${index}: y`)),
  // What is announced is refused, or waited for: nobody has to send so much.
  body: by => lines(POST, [TYPE, `Content-Length: ${1_048_576 + by}`], BODY),
  pairs: by => pairs(64 + by),
  user: by => long('USER', 64 + by),
  host: by => long('HOST', 64 + by),
  msgid: by => value('MSGID', String(BigInt(most) + BigInt(by))),
  'first-msgid': by => value('MSGID', String(1 + by)),
  epoch: by => value('EPOCH', String(BigInt(most) + BigInt(by))),
  acked: by => value('ACKED', String(BigInt(most) + BigInt(by))),
  service: by => long('SERVICE', 1_024 + by),
  logid: by => long('LOGID', 1_024 + by),
  usertime: by => long('USERTIME', 1_024 + by),
  userserver: by => long('USERSERVER', 1_024 + by),
  object: by => requestOf({ ...WHO, COMMAND: 'IMPORTDATA', OBJECT: `Irolo__${'o'.repeat(255 - 7 + by)}` }),
  class: by => long('CLASS', 255 + by),
  ahead: by => value('MSGID', String(1 + 64 + by)),
  sleep: by => requestOf({ ...WHO, COMMAND: 'TESTSLEEP', DATA: String(60_000 + by) }),
  length: by => lines(POST, [TYPE, `Content-Length: ${BODY.length + by}`], BODY),
};

/** What is wrong whatever its size; some of it is not, in the end. */
export const WRONG: Readonly<Record<string, string>> = {
  nothing: '',
  'no line': '\r\n\r\n',
  garbage: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
  'half a header': 'POST / HTTP/1.0\r\nContent-Le',
  GET: lines('GET / HTTP/1.0', [], ''),
  PUT: lines('PUT / HTTP/1.0', [TYPE, LENGTH], BODY),
  'small letters': lines('post / HTTP/1.0', [TYPE, LENGTH], BODY),
  'HTTP/2': lines('POST / HTTP/2.0', [TYPE, LENGTH], BODY),
  'no version': lines('POST /', [TYPE, LENGTH], BODY),
  'LF alone': plain().replaceAll('\r\n', '\n'),
  'no colon': plain('X'),
  'a folded line': plain('X: y', ' z'),
  'a NUL': plain('X: \0'),
  'no length': lines(POST, [TYPE], BODY),
  'a negative length': lines(POST, [TYPE, 'Content-Length: -1'], BODY),
  'a signed length': lines(POST, [TYPE, `Content-Length: +${BODY.length}`], BODY),
  'a length in hexadecimal': lines(POST, [TYPE, 'Content-Length: 0x5'], BODY),
  'an endless length': lines(POST, [TYPE, `Content-Length: ${'9'.repeat(400)}`], BODY),
  'a length twice': plain(LENGTH),
  'two lengths': plain(`content-length: ${BODY.length + 1}`),
  'no type': lines(POST, [LENGTH], BODY),
  'a type with parameters': lines(POST, [`content-TYPE: ${FORM.toUpperCase()}; charset=utf-8`, LENGTH], BODY),
  JSON: lines(POST, ['Content-Type: application/json', LENGTH], BODY),
  chunks: plain('Transfer-Encoding: chunked'),
  'an expectation': plain().replace('HTTP/1.0', 'HTTP/1.1').replace(LENGTH, `${LENGTH}\r\nExpect: 100-continue`),
  'another expectation': plain().replace('HTTP/1.0', 'HTTP/1.1').replace(LENGTH, `${LENGTH}\r\nExpect: the-unexpected`),
  'more behind it': `${plain()}GET / HTTP/1.0\r\n\r\n`,
  'no body': lines(POST, [TYPE, 'Content-Length: 0'], ''),
  'a pair without =': lines(POST, [TYPE, `Content-Length: ${BODY.length + 2}`], `${BODY}&X`),
  'a bad escape': lines(POST, [TYPE, `Content-Length: ${BODY.length + 7}`], `${BODY}&X=%G0a`.padEnd(BODY.length + 7, 'a')),
  'a token twice': lines(POST, [TYPE, `Content-Length: ${BODY.length + 8}`], `${BODY}&MSGID=2`),
  'no token': lines(POST, [TYPE, `Content-Length: ${BODY.length + 2}`], `${BODY}&=`),
  'a NUL in a name': value('OBJECT', 'Irolo__\0'),
  'NUL in data': requestOf({ ...WHO, COMMAND: 'TESTECHO', DATA: 'a\0b' }),
  'no user': requestOf({ HOST: 'h', MSGID: '1', COMMAND: 'TESTNULL' }),
  'a user with a slash': value('USER', '../ann'),
  'an unknown user': value('USER', 'eve'),
  'another secret': value('AUTH', 'secret-of-bob'),
  'no secret': requestOf({ USER: 'ann', HOST: 'hostile', MSGID: '1', COMMAND: 'TESTNULL' }),
  nobody: requestOf({ USER: 'nobody', HOST: 'hostile', MSGID: '1', COMMAND: 'EXPORT', OBJECT: 'Irolo__hostile', DATA: 'a\tb' }),
  'no number': value('MSGID', 'one'),
  'a leading zero': value('MSGID', '01'),
  'a fraction': value('MSGID', '1.0'),
  'an object with a slash': requestOf({ ...WHO, COMMAND: 'EXPORT', OBJECT: 'Agent__../../etc/passwd', DATA: 'x' }),
  'small tokens': requestOf({ ...WHO, user: 'bob' }),
};

export const rawOf = (text: string): string => `raw=${hex(octets(text))}`;
/** And says that there is no more. */
export const muteOf = (text: string): string => `mute=${hex(octets(text))}`;
