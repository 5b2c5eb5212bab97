/** Cases in few words are the steps that they stand for. */
import { expect, test } from 'vitest';
import { dialogue, type Turn } from '../../conformance/dialogue.ts';
import { seconds } from '../../src/host/time.ts';

const within = seconds(5);
const line = (text: string): object => ({ message: { type: '*', name: `'${text}'`, fields: { text } }, times: 'one' });
const quit = { verb: 'half-close', channel: 'call' } as const;

test('what is said goes out at once, what is awaited is one sequence, and steps stay as they are', () => {
  const [start, dial, ...rest] = dialogue({ end: '\r\n' })('> a', '> b', '< c', '<', '< d*', quit, '<.');
  expect([start, dial]).toEqual([{ verb: 'start' }, { verb: 'dial', channel: 'call', to: { tcp: 'port' }, within }]);
  expect(rest).toEqual([
    { verb: 'say', channel: 'call', text: 'a\r\nb\r\n' },
    {
      verb: 'expect-sequence',
      channel: 'call',
      items: [
        line('c'),
        line(''),
        { message: { type: '*', name: "what begins with 'd'", fields: { text: { begins: 'd' } } }, times: 'one' },
      ],
      within,
    },
    quit,
    { verb: 'expect-sequence', channel: 'call', items: [], thenEof: true, within },
  ]);
});

test('the end may close a sequence, and nothing is put behind it', () => {
  const steps = dialogue()('< bye', '<.', '< more').slice(2);
  expect(steps).toMatchObject([
    { items: [{ message: { fields: { text: 'bye' } } }], thenEof: true },
    { items: [{ message: { fields: { text: 'more' } } }] },
  ]);
});

test('a step that was given does not grow', () => {
  const many = { verb: 'say', channel: 'call', text: 'x', repeat: 3 } as const;
  expect(dialogue()(many, '> y', '> z').slice(2)).toEqual([many, { verb: 'say', channel: 'call', text: 'y\nz\n' }]);
});

test('another turn is refused', () => {
  expect(() => dialogue()('STORED' as Turn)).toThrow("a turn of a dialogue begins with > or <: 'STORED'");
});
