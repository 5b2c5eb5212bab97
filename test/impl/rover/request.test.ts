/** Requests out of any cutting, and whatever a peer may send instead of one. */
import { describe, expect, test } from 'vitest';
import { concat, textOf, utf8 } from '../../../src/host/bytes.ts';
import { type RequestItem, RequestReader } from '../../../src/impl/rover/request.ts';
import { BODY_MAX, FIELDS_MAX, HEADER_MAX } from '../../../src/impl/rover/wire.ts';

const told = (item: RequestItem): string => {
  if (item.kind === 'request') return `${item.header.method} ${textOf(item.body)}`;
  return item.kind === 'refusal' ? `${item.refusal.status} ${item.refusal.why}` : item.kind;
};

/** What comes of pieces, and of the end behind them. */
function read(pieces: readonly (string | Uint8Array)[], end = true): readonly string[] {
  const reader = new RequestReader();
  const items = pieces.flatMap(piece => reader.feed(typeof piece === 'string' ? utf8(piece) : piece).map(told));
  const cut = end ? reader.end() : undefined;
  return cut === undefined ? items : [...items, `end ${cut.status} ${cut.why}`];
}

const post = (body: string, ...fields: readonly string[]): string =>
  ['POST /rover HTTP/1.0', ...(fields.length === 0 ? [`Content-Length: ${body.length}`] : fields), '', body].join('\r\n');

describe('a request', () => {
  const whole = post('USER=ann', 'Host: x', 'Content-Type: application/x-www-form-urlencoded; charset=utf-8', 'content-LENGTH:  8 ');
  const waits = post('A=1', 'Content-Length: 3', 'Expect: 100-continue').replace('1.0', '1.1');

  test.each([
    ['header and body', whole, ['POST USER=ann']],
    ['lines that end with LF', whole.replaceAll('\r', ''), ['POST USER=ann']],
    ['one that waits for leave', waits, ['continue', 'POST A=1']],
    ['one that is refused', post('x', 'Content-Length: -1'), ['400 Content-Length: -1 is no number of bytes']],
    ['bytes behind it', `${whole}POST / HTTP/1.0`, ['POST USER=ann']],
  ])('%s: any cutting gives the same', (_, text, items) => {
    const bytes = utf8(text);
    expect(read([bytes])).toEqual(items);
    expect(read([...bytes].map(byte => Uint8Array.of(byte)))).toEqual(items);
    for (let at = 0; at <= bytes.length; at++) expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(items);
  });

  test('cut short anywhere it is refused, but where nothing has come', () => {
    const bytes = utf8(whole);
    const header = whole.indexOf('\r\n\r\n') + 4;
    for (let at = 1; at < bytes.length; at++)
      expect(read([bytes.subarray(0, at)])).toEqual([
        at < header ? 'end 400 the end in the middle of the header' : `end 400 the end after ${at - header} of 8 bytes of the body`,
      ]);
    expect(new RequestReader().untouched).toBe(true);
  });

  test.each([
    ['no length', ['Host: x'], '411 no Content-Length'],
    ['a negative length', ['Content-Length: -5'], '400 Content-Length: -5 is no number of bytes'],
    ['a length with a sign', ['Content-Length: +5'], '400 Content-Length: +5 is no number of bytes'],
    ['a length that is no number', ['Content-Length: five'], '400 Content-Length: five is no number of bytes'],
    ['an empty length', ['Content-Length:'], '400 Content-Length:  is no number of bytes'],
    ['a list of lengths', ['Content-Length: 5, 5'], '400 Content-Length: 5, 5 is no number of bytes'],
    ['a huge length', [`Content-Length: ${BODY_MAX + 1}`], `413 a body of more than ${BODY_MAX} bytes`],
    ['a length beyond all numbers', [`Content-Length: ${'9'.repeat(400)}`], `413 a body of more than ${BODY_MAX} bytes`],
    ['two lengths', ['Content-Length: 5', 'content-length: 6'], '400 Content-Length twice: 5 and 6'],
    [
      'another type',
      ['Content-Length: 0', 'Content-Type: text/plain'],
      '415 a body of type text/plain; it has to be application/x-www-form-urlencoded',
    ],
    ['chunks', ['Transfer-Encoding: chunked'], '411 no Transfer-Encoding, but a Content-Length'],
    ['chunks and a length', ['Content-Length: 0', 'Transfer-Encoding: chunked'], '411 no Transfer-Encoding, but a Content-Length'],
    ['another expectation', ['Content-Length: 0', 'Expect: miracles'], '417 nothing is known of the expectation miracles'],
    ['a line without colon', ['Content-Length 0'], '400 no field in a line of the header: Content-Length 0'],
    ['a blank before the colon', ['Content-Length : 0'], '400 no field in a line of the header: Content-Length : 0'],
    ['a folded line', ['Content-Length: 0', ' 1'], '400 a folded line in the header'],
    ['NUL in a field', ['X: a\0b'], '400 a control byte at 4 of a line of the header'],
    ['a carriage return in a field', ['X: a\rb'], '400 a control byte at 4 of a line of the header'],
  ])('%s', (_, fields, refusal) => {
    expect(read([post('', ...fields)])).toEqual([refusal]);
  });

  test.each([
    ['the same length twice', ['Content-Length: 0', 'Content-Length: 00'], 'POST '],
    ['a tab before a value', ['Content-Length:\t0'], 'POST '],
    ['bytes beyond ASCII in a field', ['X: \u00e4', 'Content-Length: 0'], 'POST '],
    ['an expectation of HTTP/1.0', ['Content-Length: 0', 'Expect: 100-continue'], 'POST '],
    ['capitals in the type', ['Content-Length: 0', 'Content-Type: Application/X-WWW-Form-Urlencoded ;x'], 'POST '],
  ])('%s is as good', (_, fields, item) => {
    expect(read([post('', ...fields)])).toEqual([item]);
  });

  test.each([
    ['GET / HTTP/1.0\r\n\r\n', '405 only POST, not GET'],
    ['PUT / HTTP/1.0\r\nContent-Length: 0\r\n\r\n', '405 only POST, not PUT'],
    ['post / HTTP/1.0\r\nContent-Length: 0\r\n\r\n', '405 only POST, not post'],
    ['POST /\r\n', '400 no request line of HTTP/1.x: POST /'],
    ['POST / HTTP/2.0\r\n', '400 no request line of HTTP/1.x: POST / HTTP/2.0'],
    ['POST  / HTTP/1.0\r\n', '400 no request line of HTTP/1.x: POST  / HTTP/1.0'],
    ['\r\nPOST / HTTP/1.0\r\n', '400 no request line of HTTP/1.x: '],
    ['\0\n', '400 no request line of HTTP/1.x: \\u{0}'],
    ['\x16\x03\x01\n', '400 no request line of HTTP/1.x: \\u{16}\\u{3}\\u{1}'],
  ])('%j', (text, refusal) => {
    expect(read([text])).toEqual([refusal]);
  });
});

describe('limits', () => {
  const sized = (bytes: number): string => {
    const [start, end] = ['POST / HTTP/1.0\r\nContent-Length: 0\r\nX: ', '\r\n\r\n'];
    return `${start}${'x'.repeat(bytes - start.length - end.length)}${end}`;
  };
  test.each([
    [HEADER_MAX - 1, 'POST '],
    [HEADER_MAX, 'POST '],
    [HEADER_MAX + 1, `431 a header of more than ${HEADER_MAX} bytes`],
    [1_048_576, `431 a header of more than ${HEADER_MAX} bytes`],
  ])('a header of %d bytes', (bytes, item) => {
    expect(read([sized(bytes)])).toEqual([item]);
  });

  test('a header without end is refused as soon as it is too long, and nothing of it is kept', () => {
    const reader = new RequestReader();
    expect(reader.feed(utf8('x'.repeat(HEADER_MAX - 1)))).toEqual([]);
    expect(reader.feed(utf8('x')).map(told)).toEqual([`431 a header of more than ${HEADER_MAX} bytes`]);
    expect([reader.over, reader.feed(new Uint8Array(1_000_000))]).toEqual([true, []]);
  });

  test.each([
    [FIELDS_MAX, 'POST '],
    [FIELDS_MAX + 1, `431 more than ${FIELDS_MAX} fields in the header`],
  ])('%d fields', (count, item) => {
    const fields = Array.from({ length: count - 1 }, (_, index) => `X${index}: y`);
    expect(read([post('', 'Content-Length: 0', ...fields)])).toEqual([item]);
  });

  test.each([BODY_MAX - 1, BODY_MAX])('a body of %d bytes', length => {
    const body = new Uint8Array(length).fill(0x41);
    const reader = new RequestReader();
    const [item] = reader.feed(concat([utf8(`POST / HTTP/1.0\r\nContent-Length: ${length}\r\n\r\n`), body]));
    expect(item?.kind === 'request' && item.body.length).toBe(length);
  });
});
