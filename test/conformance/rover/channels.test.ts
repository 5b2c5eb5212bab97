/** What comes on the channels of the suite rover: any cutting of it gives the same messages, and what has not its form is a violation. */
import { describe, expect, test } from 'vitest';
import type { Decoder } from '../../../conformance/case.ts';
import {
  answerDecoder,
  cgiDecoder,
  eitherDecoder,
  errorDecoder,
  requestDecoder,
  toldDecoder,
} from '../../../conformance/rover/channels.ts';
import { form, MARK, post } from '../../../conformance/rover/vocabulary.ts';
import { utf8 } from '../../../src/host/bytes.ts';

const ANSWER =
  'HTTP/1.0 200 OK\r\nContent-Type: text/plain; x=y\r\nContent-Length: 7\r\nRover-Result: done\r\nRover-Message: 3\r\nRover-Next: 4\r\n\r\n2 cards';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const read = (make: () => Decoder, text: string): readonly unknown[] => {
  const decoder = make();
  return [...decoder.feed(utf8(text)), ...decoder.end()];
};
const violation = (clause: string): unknown => expect.objectContaining({ kind: 'violation', clause });

describe('an answer', () => {
  test('its fields', () => {
    expect(read(answerDecoder, ANSWER)).toMatchObject([
      {
        type: 'answer',
        fields: {
          ...{ status: 200, done: true, held: false, result: 'done', message: 3, next: 4, replayed: false },
          ...{ type: 'text/plain', text: '2 cards', hex: '32206361726473', 'length-told': true, 'status-told': true, allows: false },
        },
      },
    ]);
    expect(read(answerDecoder, 'HTTP/1.0 405 No\nAllow: GET, POST\nRetry-After: 1\n\n')).toMatchObject([
      { fields: { status: 405, done: false, allows: true, retry: 1, message: -1, text: '', 'length-told': false } },
    ]);
  });

  test('any cutting gives the same, with what comes before it', () => {
    const bytes = utf8(CONTINUE + ANSWER);
    const whole = answerDecoder().feed(bytes);
    expect(whole).toMatchObject([{ type: 'continue' }, { type: 'answer', offset: CONTINUE.length }]);
    for (let at = 1; at < bytes.length; at++) {
      const decoder = answerDecoder();
      expect([...decoder.feed(bytes.subarray(0, at)), ...decoder.feed(bytes.subarray(at))]).toEqual(whole);
      expect(decoder.end()).toEqual([]);
    }
  });

  test('one without a length ends with its connection', () => {
    const decoder = answerDecoder();
    expect(decoder.feed(utf8('HTTP/1.0 200 OK\r\n\r\nall of it'))).toEqual([]);
    expect(decoder.held).toBeGreaterThan(0);
    expect(decoder.end()).toMatchObject([{ type: 'answer', fields: { text: 'all of it' } }]);
  });

  test.each([
    ['no status', 'HELLO\r\n\r\n', 'R5'],
    ['a line that is no field', 'HTTP/1.0 200 OK\r\nx\r\n\r\n', 'R5'],
    ['a folded field', 'HTTP/1.0 200 OK\r\nA: b\r\n c\r\n\r\n', 'R5'],
    ['two lengths', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx', 'R5'],
    ['the end in the header', 'HTTP/1.0 200 OK\r\n', 'R5'],
    ['a header without an end', `HTTP/1.0 200 OK\r\nX: ${'x'.repeat(70_000)}`, 'R5'],
    ['no number for a length', 'HTTP/1.0 200 OK\r\nContent-Length: x\r\n\r\n', 'length'],
    ['a body that is cut', ANSWER.slice(0, -1), 'length'],
  ])('%s breaks a rule', (_name, text, clause) => expect(read(answerDecoder, text)).toEqual([violation(clause)]));

  test('what is behind it breaks one too', () => {
    expect(read(answerDecoder, `${ANSWER}x`)).toEqual([expect.objectContaining({ type: 'answer' }), violation('length')]);
  });
});

test('the answer of a CGI program has its status in a field, or none', () => {
  expect(read(cgiDecoder, ANSWER.replace('HTTP/1.0', 'Status:'))).toMatchObject([{ fields: { status: 200, 'status-told': true } }]);
  expect(read(cgiDecoder, 'Content-Type: text/plain\n\nx')).toMatchObject([{ fields: { status: 200, text: 'x', 'status-told': false } }]);
  expect(read(cgiDecoder, 'Status: fine\n\n')).toEqual([violation('R5')]);
  expect(read(cgiDecoder, ANSWER)).toEqual([violation('R5')]);
});

test('a request has its pairs, two of them as numbers', () => {
  const asked = post(form({ USER: 'ann', MSGID: '7', EPOCH: '12', DATA: 'a b&c=d%\u00e4' }));
  const fields = { method: 'POST', USER: 'ann', MSGID: '7', DATA: 'a b&c=d%\u00e4', number: 7, epoch: 12 };
  expect(read(requestDecoder, asked)).toMatchObject([{ type: 'request', fields }]);
  expect(read(eitherDecoder, asked)).toMatchObject([{ type: 'request' }]);
  expect(read(eitherDecoder, ANSWER)).toMatchObject([{ type: 'answer' }]);
  expect(read(requestDecoder, ANSWER)).toEqual([violation('R5')]);
});

test('lines of standard output and error', () => {
  expect(read(toldDecoder, '3 200 done 2 cards\n4 422 failed\nready\n')).toMatchObject([
    { type: 'told', fields: { number: 3, status: 200, result: 'done', body: '2 cards' } },
    { type: 'told', fields: { number: 4, status: 422, result: 'failed', body: '' } },
    { type: 'line', ignorable: true },
  ]);
  expect(read(errorDecoder, `rover: ${MARK}\nother\n`)).toMatchObject([{ fields: { mark: true } }, { fields: { mark: false } }]);
});
