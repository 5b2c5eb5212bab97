/** The language of filters: each term by itself, with what it means and what it does not. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import { channelsOf, FILTER_LIMIT, filterOf, parseFilter } from '../../src/trace/filter.ts';
import type { Item } from '../../src/trace/message.ts';
import { event } from './arbitrary.ts';

const log = event(3, {
  process: 'm/Parent.100',
  kind: 'log',
  channel: '',
  time: instantOf(2_500_000),
  data: { event: 'running', count: 5, ok: true },
});
const send = event(4, { bytes: new Uint8Array([0x50, 0x49, 0x0d, 0x0a]), message: 3, time: instantOf(3_000_000) });
const ping: Item = {
  kind: 'message',
  type: 'PING',
  fields: { id: 7, text: 'ahoy there', path: 'a=b' },
  bytes: new Uint8Array(),
  ignorable: false,
};
const broken: Item = { kind: 'violation', clause: 'C2', detail: 'no end', offset: 4 };

function means(text: string, { items = [ping], decided = -1 } = {}): string {
  const parsed = parseFilter(text);
  if (!parsed.ok) return parsed.message;
  const filter = filterOf(parsed.terms, { decided });
  return [filter(log, []) ? 'log' : '', filter(send, items) ? 'send' : ''].filter(Boolean).join(' ');
}

describe('a filter', () => {
  it.each([
    ['', 'log send'],
    ['kind:send', 'send'],
    ['k:LOG', 'log'],
    ['kind:message', 'send'],
    ['kind:note', 'log'],
    ['-kind:note', 'send'],
    ['process:parent', 'log'],
    ['n:child', 'send'],
    ['channel:pipe', 'send'],
    ['m:3', 'send'],
    ['t>2.6', 'send'],
    ['t<2.6', 'log'],
    ['t:3', 'send'],
    ['i>3', 'send'],
    ['i<4', 'log'],
    ['type:pin', 'send'],
    ['hex:0d0a', 'send'],
    ['hex:0D0A', 'send'],
    // Letters of a payload are as they are.
    ['hex:7069', ''],
    ['event=running', 'log'],
    ['event=runn', ''],
    ['count=5', 'log'],
    ['ok=true', 'log'],
    ['id=7', 'send'],
    ['text="ahoy there"', 'send'],
    ['text=ahoy', ''],
    ['path=a=b', 'send'],
    ['path=a', ''],
    ['"ahoy there"', 'send'],
    ['ahoy', 'send'],
    ['pi', 'send'],
    ['running', 'log'],
    ['pipe1', 'send'],
    ['kind:send id=7', 'send'],
    ['kind:send id=8', ''],
    ['-"ahoy there"', 'log'],
    ['-', ''],
    ['constructor:x', ''],
  ])('%j means %j', (text, meant) => {
    expect(means(text)).toBe(meant);
  });

  it.each([
    ['xaho', true],
    ['HOY é!', true],
    ['hoy é!!', false],
    ['azAZ', true],
    ['@[', true],
    ['`{', false],
    ['y', true],
  ])('%j in a payload is found: %j, letters of ASCII small or capital', (word, isFound) => {
    const parsed = parseFilter(`"${word}"`);
    const filter = parsed.ok ? filterOf(parsed.terms, { decided: -1 }) : undefined;
    expect(filter?.(event(0, { process: '', kind: 'send', channel: '', bytes: utf8('xAhoy é!AZaz@[') }), [])).toBe(isFound);
  });

  it('finds what is broken by its clause, and the event that decided', () => {
    expect(means('c2', { items: [broken] })).toBe('send');
    expect(means('type:c2', { items: [broken] })).toBe('');
    expect(means('is:decided', { decided: 3 })).toBe('log');
  });

  it('may be as long as the limit', () => {
    expect(parseFilter('x'.repeat(FILTER_LIMIT)).ok).toBe(true);
  });

  it.each([
    ['channel:TCP1 hello', ['tcp1>', 'tcp12<']],
    ['ch:tcp ch:2', ['tcp12<']],
    ['-channel:tcp1 hello', ['', 'tcp1>', 'tcp12<', 'udp1']],
  ])('%j can mean an event of %j alone', (text, channels) => {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.message);
    expect(['', 'tcp1>', 'tcp12<', 'udp1'].filter(channelsOf(parsed.terms))).toEqual(channels);
  });

  it('finds where two traces differ, if somebody knows', () => {
    const parsed = parseFilter('is:different');
    const filter = parsed.ok ? filterOf(parsed.terms, { decided: -1, isDifferent: ({ index }) => index === 4 }) : undefined;
    expect([filter?.(log, []), filter?.(send, [])]).toEqual([false, true]);
  });

  it.each([
    ['m:x', 'm:x: a number is meant'],
    ['t>', 't>: a number is meant'],
    ['hex:0', 'hex:0: an even number of hexadecimal digits is meant'],
    ['is:odd', 'is:odd: there is is:different and is:decided'],
    ['x'.repeat(FILTER_LIMIT + 1), `a filter has at most ${FILTER_LIMIT} characters`],
  ])('%j cannot be meant', (text, message) => {
    expect(means(text)).toBe(message);
  });
});
