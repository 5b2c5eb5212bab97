import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatProblem } from '../../src/trace/problem.ts';
import { readTrace } from '../../src/trace/read.ts';
import { formatEvent } from '../../src/trace/view.ts';
import { bytesOf, linesOf, sequence } from './arbitrary.ts';

const STATES = ['complete', 'incomplete', 'altered', 'unreadable'];
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** Reads without throwing, and everything it says and shows is safe for a terminal. */
function survives(chunks: readonly Uint8Array[]): void {
  const result = readTrace(chunks, { problemLimit: 20 });
  expect(STATES).toContain(result.state);
  expect(result.problems.length).toBeLessThanOrEqual(21);
  for (const problem of result.problems) expect(formatProblem(problem)).not.toMatch(UNSAFE);
  for (const event of result.events) expect(formatEvent(event)).not.toMatch(UNSAFE);
}

test('random bytes', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), survives), { numRuns: 300 });
});

test('random bytes after a good header, as JSON or nearly', () => {
  const [header = ''] = linesOf([]);
  const line = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.json().map(text => text.slice(1)),
    fc.constant('{"k":"#"}'),
    fc.constant('{"k":"end"}'),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), lines => survives([bytesOf([header, ...lines])])),
    { numRuns: 300 },
  );
});

test('a good trace with some of its bytes changed', () => {
  const good = bytesOf(linesOf(sequence(10)));
  const edit = fc.tuple(
    fc.nat({ max: good.length - 1 }),
    fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...'"{}[]:,\\\n09e-#'.split('').map(c => c.charCodeAt(0)))),
  );
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
      const bytes = good.slice();
      for (const [at, value] of edits) bytes[at] = value;
      survives([bytes]);
      if (!bytes.every((byte, at) => byte === good[at])) expect(readTrace([bytes]).state).not.toBe('complete');
    }),
    { numRuns: 500 },
  );
});

test('lines moved, doubled, lost or cut', () => {
  const good = linesOf(sequence(12));
  const edit = fc.record({ at: fc.nat({ max: 13 }), remove: fc.nat({ max: 2 }), from: fc.nat({ max: 13 }), cut: fc.nat({ max: 90 }) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
      let lines = good;
      for (const { at, remove, from, cut } of edits) lines = lines.toSpliced(at, remove, (good[from] ?? '').slice(0, cut));
      survives([bytesOf(lines)]);
    }),
    { numRuns: 300 },
  );
});

test('keys that name parts of every object pollute nothing', () => {
  const keys = '{"__proto__":"x","constructor":"y","toString":"z","hasOwnProperty":"w"}';
  const [header = '', first = ''] = linesOf(sequence(1));
  const result = readTrace([bytesOf([header, first.replace(/\}$/, `,"d":${keys}}`)])]);
  const data = result.events[0]?.data ?? {};
  expect(Object.keys(data)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(formatEvent(result.events[0] ?? sequence(1)[0] ?? ({} as never))).toContain('__proto__=x');
  const plan = header.replace(/"plan":.*/, '"plan":{"a":[{"__proto__":{"polluted":true}}]}}');
  expect(readTrace([bytesOf([plan])]).problems[0]?.message).toContain('__proto__');
});

test('nesting is bounded before anything recurses', () => {
  const [header = ''] = linesOf([]);
  for (const open of ['[', '{"a":']) {
    const result = readTrace([bytesOf([header, `{"i":0,"d":${open.repeat(1_000_000)}`])]);
    expect(result.problems[0]).toMatchObject({ code: 'limit', message: 'nested more than 64 levels deep' });
  }
  expect(readTrace([bytesOf([header.replace(/"plan":.*/, `"plan":${'['.repeat(80)}${']'.repeat(80)}}`)])]).state).toBe('unreadable');
});

test('a line without end is refused at the limit, in pieces as well', () => {
  const [header = ''] = linesOf([]);
  const options = { lineLimit: 1000 };
  const long = bytesOf([header, '9'.repeat(1001)]);
  for (const chunks of [[long], Array.from(long, byte => Uint8Array.of(byte)), [long.subarray(0, long.length - 1)]]) {
    const result = readTrace(chunks, options);
    expect(result.problems[0]).toMatchObject({ code: 'limit', line: 2, message: 'this line has more than 1000 bytes' });
    expect(result.state).toBe('incomplete');
  }
  expect(readTrace([new Uint8Array(2000)], options).state).toBe('unreadable');
});

test('too many events: those before are given', () => {
  const result = readTrace([bytesOf(linesOf(sequence(9)))], { eventLimit: 4 });
  expect(result.events).toEqual(sequence(4));
  expect([result.state, result.problems.map(problem => problem.code)]).toEqual(['incomplete', ['limit']]);
});

test('what is no trace is not read to its end', () => {
  let read = 0;
  function* endless(): Generator<Uint8Array> {
    for (; read < 1000; read++) yield bytesOf(['no trace']);
  }
  expect(readTrace(endless()).state).toBe('unreadable');
  expect(read).toBe(0);
});

test('too many problems: the rest is not read', () => {
  const [header = ''] = linesOf([]);
  const result = readTrace([bytesOf([header, ...Array.from({ length: 50 }, () => 'x')])], { problemLimit: 5 });
  expect(result.problems.length).toBe(6);
  expect(result.problems.at(-1)).toMatchObject({ code: 'limit', line: 7, message: 'more than 5 problems' });
});

test('a long line of escapes is read in linear time', () => {
  const [header = ''] = linesOf([]);
  const text = '\\\\\\"'.repeat(500_000);
  const result = readTrace([bytesOf([header, `{"i":0,"t":0,"k":"log","d":{"text":"${text}"}}`])]);
  expect(String(result.events[0]?.data?.['text']).length).toBe(1_000_000);
});
