/** What stands beside an event, and which family its kind is of. */
import { expect, test } from 'vitest';
import { loadProtocols } from '../../protocols/index.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { EVENT_KINDS } from '../../src/trace/event.ts';
import { familyOf } from '../../src/trace/families.ts';
import { wordsOf } from '../../viewer/words.ts';
import { columnsOf, columnsOfSaid, kept, type Said } from './made.ts';

const wordsFor = (said: Said): string => wordsOf(columnsOfSaid([said]), 0);

test.each<readonly [string, Said]>([
  ['"PING\\r\\n"', { kind: 'send', bytes: utf8('PING\r\n') }],
  ['"PING\\r\\n"', { kind: 'recv', bytes: utf8('PING\r\n') }],
  ['"hi"  to=10.0.0.2:513', { kind: 'datagram', bytes: utf8('hi'), data: { to: '10.0.0.2:513' } }],
  ['running port=80', { kind: 'log', data: { event: 'running', severity: 'info', port: 80 } }],
  ['delay=5 id=1', { kind: 'timer', data: { id: 1, delay: 5 } }],
  ['reads the end', { kind: 'eof' }],
  ['error=ECONNRESET', { kind: 'close', data: { error: 'ECONNRESET' } }],
  ['throws oh no', { kind: 'bug', data: { message: 'oh no' } }],
  ['kill begins (2)', { kind: 'fault', process: '', data: { fault: 2, kind: 'kill', step: 'begin' } }],
  ['kill strikes (2)', { kind: 'fault', process: '', data: { fault: 2, kind: 'kill', step: 'fire' } }],
  ['chaos', { kind: 'phase', process: '', data: { name: 'chaos' } }],
  ['h1 off', { kind: 'power', process: '', data: { machine: 'h1', state: 'off' } }],
  ['', { kind: 'drain' }],
])('%s', (words, said) => {
  expect(wordsFor(said)).toBe(words);
});

test('messages, by the decoders of the protocol', async () => {
  const [lifetime] = await loadProtocols(['lifetime']);
  const columns = columnsOf(kept('lifetime/lost-shutdown@2.jsonl'), lifetime?.decoders ?? {});
  expect([19, 31, 34].map(place => wordsOf(columns, place))).toEqual([
    'lifetimeevent kind=0 id=0',
    '"\\u0001\\rlifetimeev"',
    'lifetimeevent kind=0 id=0',
  ]);
});

test('what cannot be seen, or would turn the order of the rest, is told by its number', () => {
  const words = wordsFor({ kind: 'log', data: { event: '\u202eabc', severity: 'info', text: '\u001b[2J\u0000' } });
  expect(words).toContain('\\u{202e}abc');
  expect(words).toContain('\\u{1b}');
  expect(words).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('every kind of a trace has a family, and no other has one by chance', () => {
  const others = EVENT_KINDS.filter(kind => familyOf(kind) === 'other');
  expect(others).toEqual(['pipe', 'attach', 'release', 'inquire', 'random']);
  expect(['constructor', '__proto__', 'later'].map(familyOf)).toEqual(['other', 'other', 'other']);
});
