/** Answers: the bytes that they are, and what a client reads in any cutting of them. */
import { describe, expect, test } from 'vitest';
import { concat, textOf, utf8 } from '../../../src/host/bytes.ts';
import { busy, CONTINUE, encodeAnswer, errorReply, refused } from '../../../src/impl/rover/answer.ts';
import { type AnswerItem, AnswerReader } from '../../../src/impl/rover/answer-reader.ts';
import { type Answer, OBJECT_BYTES_MAX, STATUSES } from '../../../src/impl/rover/wire.ts';

const cards: Answer = { status: 200, result: 'done', type: 'text/plain', body: utf8('ann\t555-1234\n'), message: 1, next: 2 };

function read(pieces: readonly Uint8Array[]): AnswerItem | string | undefined {
  const reader = new AnswerReader();
  let item: AnswerItem | undefined;
  for (const piece of pieces) item ??= reader.feed(piece);
  return item ?? reader.end();
}

test('an answer is what the README shows', () => {
  expect(textOf(encodeAnswer(cards))).toBe(
    [
      'HTTP/1.0 200 OK',
      'Content-Type: text/plain',
      'Content-Length: 13',
      'Rover-Result: done',
      'Rover-Message: 1',
      'Rover-Next: 2',
      '',
      'ann\t555-1234\n',
    ].join('\r\n'),
  );
  expect(textOf(encodeAnswer({ ...busy('no room'), replayed: true }, 'Status:'))).toBe(
    'Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 8\r\nRover-Result: busy\r\nRover-Replayed: yes\r\nRetry-After: 1\r\n\r\nno room\n',
  );
  expect(textOf(encodeAnswer(refused({ status: 405, why: 'only POST', allow: 'POST' })))).toContain('\r\nAllow: POST\r\n');
});

test('what a client has sent is shown so that no terminal obeys it', () => {
  expect(textOf(errorReply(400, 'a\u001b[31m\r\nb').body)).toBe('a\\u{1b}[31m\\u{d}\\u{a}b\n');
});

describe('a reader', () => {
  test('has it in any cutting, behind 100 Continue, and does not look behind it', () => {
    for (const answer of [cards, { ...cards, body: new Uint8Array(0), replayed: true as const }]) {
      const bytes = concat([CONTINUE, encodeAnswer(answer), utf8('HTTP/1.0 400 no')]);
      const item = { kind: 'answer', answer };
      expect(read([...bytes].map(byte => Uint8Array.of(byte)))).toEqual(item);
      for (let at = 0; at <= bytes.length; at++) expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(item);
    }
  });

  test('every status comes back', () => {
    for (const [status, { results }] of Object.entries(STATUSES))
      for (const result of results) {
        const answer: Answer = { ...cards, status: Number(status) as Answer['status'], result };
        expect(read([encodeAnswer(answer)])).toEqual({ kind: 'answer', answer });
      }
  });

  test('says how far an answer has come', () => {
    const bytes = encodeAnswer(cards);
    expect(read([])).toBe('no answer');
    expect(read([bytes.subarray(0, 30)])).toBe('the end in the middle of the header of an answer');
    expect(read([bytes.subarray(0, bytes.length - 1)])).toBe('the end in the middle of the body of an answer');
  });

  const head = 'HTTP/1.0 200 OK\r\nRover-Result: done\r\n';
  test.each([
    ['SSH-2.0-x\r\n', 'no status line of HTTP: SSH-2.0-x'],
    ['HTTP/1.0 299 Odd\r\nRover-Result: done\r\nContent-Length: 0\r\n\r\n', 'status 299 is none of a Rover server'],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', 'no Rover-Result'],
    ['HTTP/1.0 200 OK\r\nRover-Result: perhaps\r\nContent-Length: 0\r\n\r\n', 'no Rover-Result'],
    [`${head}\r\n`, 'no Content-Length, or one that is too large'],
    [`${head}Content-Length: -1\r\n\r\n`, 'no Content-Length, or one that is too large'],
    [`${head}Content-Length: ${OBJECT_BYTES_MAX + 1}\r\n\r\n`, 'no Content-Length, or one that is too large'],
    [`${head}Content-Length: 1\r\ncontent-length: 1\r\n\r\n`, 'field content-length twice'],
    [`${head}nonsense\r\n`, 'no field in a line of the header: nonsense'],
    [`${head}X: ${'x'.repeat(20_000)}`, 'a header of more than 16384 bytes'],
    [head + Array.from({ length: 64 }, (_, index) => `X${index}: y\r\n`).join(''), 'more than 64 fields in a header'],
    ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(9), 'more than 8 times 100 Continue'],
  ])('%#: what is no answer', (text, problem) => {
    const item = read([utf8(text)]);
    expect(typeof item === 'object' && item.kind === 'problem' ? item.problem : item).toBe(problem);
  });
});
