/** The published clients' ways of reading, against what they were seen to deliver. */
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../../src/host/bytes.ts';
import { rulesOf } from '../../../src/impl/lifetime/as-written.ts';
import type { Quirk } from '../../../src/impl/lifetime/quirks.ts';
import { QUIRK } from '../../../src/impl/lifetime/quirks.ts';
import type { FrameEvent } from '../../../src/impl/lifetime/wire.ts';
import { bytesOf, CHUNK_VECTORS } from './vectors.ts';

const reader = (...quirks: Quirk[]) => {
  const rules = rulesOf(new Set(quirks));
  return rules.reader(() => rules.decoder({}));
};
const delivered = (events: readonly FrameEvent[]) =>
  events.flatMap(event => (event.kind === 'frame' ? [[event.type, hex(event.payload)]] : []));
const thrown = (events: readonly FrameEvent[]) => events.filter(event => event.kind === 'violation').length;

const EVENT = bytesOf('010d6c69666574696d656576656e74020000000001');
const rows = CHUNK_VECTORS.flatMap(({ cut, frame, delivered: want }) => cut.map(at => [at, bytesOf(frame), want] as const));

describe('DC-20: a chunk is taken for whole frames', () => {
  test.each(rows)('cut at %i', (at, frame, want) => {
    const chunks = reader(QUIRK.FRAME_PER_CHUNK);
    expect(delivered(chunks.push(frame.subarray(0, at)))).toEqual(want);
    expect(thrown(chunks.push(frame.subarray(at)))).toBe(1);
    // It has no memory: the next whole frame is read again.
    expect(delivered(chunks.push(frame)).length).toBe(1);
    const stream = reader();
    expect([...stream.push(frame.subarray(0, at)), ...stream.push(frame.subarray(at))].map(event => event.kind)).toEqual(['frame']);
  });

  test('whole frames in one chunk are all read', () => {
    expect(reader(QUIRK.FRAME_PER_CHUNK).push(concat([EVENT, EVENT, EVENT])).length).toBe(3);
  });

  test('a length of ffffffff delivers what is there', () => {
    expect(delivered(reader(QUIRK.FRAME_PER_CHUNK).push(bytesOf('010178ffffffff07')))).toEqual([['x', '07']]);
  });
});

describe('DC-21: a reader for each message', () => {
  test('the first of three coalesced frames is returned, the others are lost', () => {
    const perMessage = reader(QUIRK.READER_PER_MESSAGE);
    expect(perMessage.push(concat([EVENT, EVENT, EVENT])).length).toBe(1);
    expect(perMessage.push(EVENT).length).toBe(1);
    expect(perMessage.finish()).toBeUndefined();
  });

  test('a part of the next frame is lost too', () => {
    const perMessage = reader(QUIRK.READER_PER_MESSAGE);
    expect(perMessage.push(concat([EVENT, EVENT.subarray(0, 9)])).length).toBe(1);
    expect(delivered(perMessage.push(EVENT))).toEqual([['lifetimeevent', '0001']]);
  });

  test('with DC-20, the first frame of a chunk', () => {
    const both = reader(QUIRK.READER_PER_MESSAGE, QUIRK.FRAME_PER_CHUNK);
    expect(both.push(concat([EVENT, EVENT])).length).toBe(1);
    expect(both.push(concat(Array.from({ length: 1_000 }, () => EVENT))).length).toBe(1);
    expect(both.push(EVENT).length).toBe(1);
  });

  test('a frame in pieces is returned whole', () => {
    const perMessage = reader(QUIRK.READER_PER_MESSAGE);
    expect(perMessage.push(EVENT.subarray(0, 9))).toEqual([]);
    expect(delivered(perMessage.push(EVENT.subarray(9)))).toEqual([['lifetimeevent', '0001']]);
    expect(perMessage.push(EVENT.subarray(0, 9))).toEqual([]);
    expect(perMessage.finish()).toBeDefined();
  });
});

test('only who loses frames takes them in any order', () => {
  const anyOrder = Object.values(QUIRK).filter(quirk => rulesOf(new Set([quirk])).order === 'as it comes');
  expect(anyOrder).toEqual([QUIRK.FRAME_PER_CHUNK, QUIRK.READER_PER_MESSAGE, QUIRK.STOP_READING]);
});
