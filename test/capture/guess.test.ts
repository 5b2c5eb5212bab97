/** Which protocol a capture speaks: whoever breaks off least, then whoever sees most in it. */
import { expect, test } from 'vitest';
import { lines, textLines } from '../../conformance/decoders.ts';
import { guesses } from '../../src/capture/guess.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { ORIGIN } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Decoders } from '../../src/trace/message.ts';

const said = (channel: string, text: string): TraceEvent => ({
  ...{ index: 0, time: ORIGIN, process: 'a', cause: -1, message: 0, kind: 'send', data: undefined },
  ...{ channel, bytes: utf8(text) },
});
const tcp = (decoder: Decoders['tcp']): Decoders => (decoder === undefined ? {} : { tcp: decoder });
/** As many types as there are words. */
const wordy = tcp(lines({ read: text => ({ type: text }) }));
const flat = tcp(textLines());
/** Of every second line, and of none that begins with a dash. */
const picky = tcp(lines({ read: text => (text.startsWith('-') ? { clause: 'c', detail: 'd' } : { type: text }) }));
const EVENTS = [said('tcp1>', 'one\ntwo\n'), said('tcp2>', 'one\n')];
const names = (events: readonly TraceEvent[], known: Readonly<Record<string, Decoders>>): readonly string[] =>
  guesses(events, known).map(({ protocol }) => protocol);

test('counts messages, their types, and channels that break off', () => {
  const events = [...EVENTS, said('tcp3>', '-\n'), said('tcp3>', '-\n'), said('tcp3<', '-\n')];
  expect(guesses(events, { picky })).toEqual([{ protocol: 'picky', messages: 3, types: 2, broken: 2 }]);
});

test('leaves out who sees nothing in it', () => {
  expect(names(EVENTS, { nothing: {}, udp: { udp: textLines() }, flat })).toEqual(['flat']);
  expect(guesses([], { flat })).toEqual([]);
});

test('takes who breaks off least, before who has most types, before who has most messages, before the first by name', () => {
  const events = [...EVENTS, said('tcp3>', '-\n')];
  expect(names(events, { picky, flat })).toEqual(['flat', 'picky']);
  expect(names(events, { flat, wordy })).toEqual(['wordy', 'flat']);
  const halves = tcp(program => (program === 'a' ? textLines()() : undefined));
  const other = said('tcp9>', 'one\n');
  expect(names([...EVENTS, { ...other, process: 'b' }], { halves, flat })).toEqual(['flat', 'halves']);
  expect(names(EVENTS, { same: flat, again: flat })).toEqual(['again', 'same']);
});
