/** What is typed above the table: what each word means, and what cannot be meant. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadProtocols } from '../../protocols/index.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { dataOf } from '../../viewer/columns.ts';
import { FILTER_LIMIT, FILTER_WORDS, filterOf, parseFilter } from '../../viewer/filter.ts';
import { markTexts } from '../../viewer/find.ts';
import { filtered, isDifferent, nextRow, rowsOfOne } from '../../viewer/rows.ts';
import { columnsOf, columnsOfSaid, eventsOf, kept, traceOf } from './made.ts';

const columns = columnsOf(
  traceOf(
    eventsOf([
      { kind: 'phase', process: '', time: 0, data: { name: 'chaos' } },
      { kind: 'start', process: 'm/Child.7', time: 500_000, data: { program: 'child', args: '--say "Hello"' } },
      { kind: 'send', process: 'm/Child.7', time: 1_000_000, channel: 'tcp4>', message: 3, bytes: utf8('PING\r\n') },
      { kind: 'log', process: 'n/parent.1', time: 2_000_000, data: { event: 'running', severity: 'info', number: 35 } },
      { kind: 'timer', process: 'n/parent.1', time: 2_000_000, data: { id: 3, delay: 9 } },
      { kind: 'fire', process: 'n/parent.1', time: 3_000_000, cause: 4, data: { id: 3 } },
    ]),
    { outcome: 'fail', check: 'x', at: 5, why: '' },
  ),
);

const shown = (text: string): readonly number[] => {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return [...(filtered(rowsOfOne(columns.count), [filterOf(columns, parsed.terms, place => place === 1)]).places[0] ?? [])];
};

test.each([
  ['', [0, 1, 2, 3, 4, 5]],
  ['kind:send', [2]],
  ['k:SEND', [2]],
  ['kind:timer', [4, 5]],
  ['-kind:timer', [0, 1, 2, 3]],
  ['process:child', [1, 2]],
  ['n:m/', [1, 2]],
  ['channel:tcp', [2]],
  ['m:3', [2]],
  ['t>1', [3, 4, 5]],
  ['t<2 t>0.4', [1, 2]],
  ['i:3', [3]],
  ['i>3', [4, 5]],
  ['hex:0d0a', [2]],
  ['hex:50494E47', [2]],
  ['is:decided', [5]],
  ['is:different', [1]],
  ['id=3', [4, 5]],
  ['number=3', []],
  ['number=35', [3]],
  ['event=running', [3]],
  ['event=run', []],
  ['program="child"', [1]],
  ['ping', [2]],
  ['running', [3]],
  ['PARENT', [3, 4, 5]],
  ['say', [1]],
  ['hello', [1]],
  ['"--say "', [1]],
  ['nowhere', []],
  ['-running -kind:phase', [1, 2, 4, 5]],
  ['-', [1]],
  ['unknown:word', []],
] as const)('%s', (text, places) => {
  expect(shown(text)).toEqual(places);
});

test.each([
  ['t>soon', 't>soon: a number is meant'],
  ['m:', 'm:: a number is meant'],
  ['hex:0', 'hex:0: an even number of hexadecimal digits is meant'],
  ['hex:zz', 'hex:zz: an even number of hexadecimal digits is meant'],
  ['is:odd', 'is:odd: there is is:different and is:decided'],
  ['x'.repeat(FILTER_LIMIT + 1), `a filter has at most ${FILTER_LIMIT} characters`],
])('%s is refused, and it is said why', (text, message) => {
  expect(parseFilter(text)).toEqual({ ok: false, message });
});

test('the type of a message', async () => {
  const [lifetime] = await loadProtocols(['lifetime']);
  const trace = columnsOf(kept('lifetime/lost-shutdown@2.jsonl'), lifetime?.decoders ?? {});
  const parsed = parseFilter('type:lifetimeevent kind=0 process:parent');
  if (!parsed.ok) throw new Error(parsed.message);
  const filter = filterOf(trace, parsed.terms);
  expect([...Array(trace.count).keys()].filter(filter)).toEqual([34, 36]);
});

it('takes every word that its help shows', () => {
  for (const [words] of FILTER_WORDS) for (const word of words.split('  ')) expect(parseFilter(word)).toMatchObject({ ok: true });
});

it('never throws, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('', 'kind:', '-', '"', 't>', 'x='), (text, before) => {
      const parsed = parseFilter(before + text);
      if (parsed.ok) filterOf(columns, parsed.terms)(0);
    }),
    { numRuns: 1_000 },
  );
});

describe('a text in many', () => {
  it('is found where it is, and never across two of them', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '/'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), text, (texts, wanted) => {
        const starts = new Uint32Array(texts.length + 1);
        texts.forEach((each, at) => {
          starts[at + 1] = (starts[at] ?? 0) + each.length;
        });
        const found = new Uint8Array(texts.length);
        markTexts(utf8(texts.join('')), starts, utf8(wanted), found);
        expect([...found]).toEqual(texts.map(each => (each.toLowerCase().includes(wanted.toLowerCase()) ? 1 : 0)));
      }),
      { numRuns: 1_000 },
    );
  });
});

test('the next row of a sort', () => {
  const holds = (row: number): boolean => isDifferent([0, 2, 0, 0, 3][row]);
  expect([nextRow(1, 1, 5, holds), nextRow(4, 1, 5, holds), nextRow(4, -1, 5, holds), nextRow(1, -1, 5, holds)]).toEqual([4, -1, 1, -1]);
});

test('what an event says is what it said', () => {
  expect(dataOf(columnsOfSaid([{ kind: 'log', data: { a: 1, b: true, c: 'x' } }]), 0)).toEqual({ a: 1, b: true, c: 'x' });
});
