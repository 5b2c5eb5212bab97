/** ByteQueue: the same bytes come out however they went in, and memory follows what arrived. */
import { describe, expect, test } from 'vitest';
import { hex } from '../../../src/host/bytes.ts';
import { ByteQueue } from '../../../src/impl/framing/byte-queue.ts';

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index & 0xff);

function filled(bytes: Uint8Array, piece: number): ByteQueue {
  const queue = new ByteQueue();
  for (let start = 0; start < bytes.length; start += piece) queue.push(bytes.slice(start, start + piece));
  return queue;
}

describe('ByteQueue', () => {
  const bytes = counting(2_000);

  test.each([1, 2, 3, 7, 63, 64, 65, 255, 256, 257, 1_999, 2_000])('gives back what came in pieces of %i', piece => {
    for (const step of [1, 5, 250, 1_000]) {
      const queue = filled(bytes, piece);
      let text = '';
      for (let at = 0; at < bytes.length; at += step) text += hex(queue.take(step));
      expect(text).toBe(hex(bytes));
      expect(queue.length).toBe(0);
      expect(queue.consumed).toBe(bytes.length);
    }
  });

  test('reads while it is being filled', () => {
    const queue = new ByteQueue();
    let text = '';
    for (let at = 0; at < bytes.length; at++) {
      queue.push(bytes.slice(at, at + 1));
      if (queue.length >= 9) text += hex(queue.take(7));
    }
    text += hex(queue.take(queue.length));
    expect(text).toBe(hex(bytes));
  });

  test('what was taken does not change when more arrives', () => {
    const queue = filled(counting(40), 1);
    const taken = queue.take(10);
    const before = hex(taken);
    for (let count = 0; count < 500; count++) queue.push(Uint8Array.of(0xee));
    expect(hex(taken)).toBe(before);
  });

  test('reads numbers across chunks, least significant byte first', () => {
    for (const piece of [1, 2, 3, 4]) {
      const queue = filled(Uint8Array.of(0x78, 0x56, 0x34, 0xf2, 0xff), piece);
      expect(queue.uint32()).toBe(0xf2345678);
      expect(queue.byte()).toBe(0xff);
    }
  });

  test('skips what is there, and says how much that was', () => {
    const queue = filled(bytes, 300);
    expect(queue.skip(1_990)).toBe(1_990);
    expect(queue.skip(50)).toBe(10);
    expect(queue.length).toBe(0);
    expect(queue.consumed).toBe(2_000);
  });

  test('startsWith reads nothing and wants the whole prefix', () => {
    const queue = filled(counting(10), 10);
    expect(queue.startsWith(Uint8Array.of(0, 1, 2))).toBe(true);
    expect(queue.startsWith(Uint8Array.of(0, 1, 3))).toBe(false);
    expect(queue.startsWith(counting(11))).toBe(false);
    expect(queue.length).toBe(10);
  });

  test('many large chunks, partly read while more come', () => {
    const queue = new ByteQueue();
    const whole = counting(300_000);
    let text = '';
    for (let at = 0; at < whole.length; at += 300) {
      queue.push(whole.slice(at, at + 300));
      if (at > 100_000) text += hex(queue.take(400));
    }
    text += hex(queue.take(queue.length));
    expect(text).toBe(hex(whole));
  });

  test('bytes that come one by one take about their size', () => {
    const before = process.memoryUsage().arrayBuffers;
    const queue = new ByteQueue();
    for (let count = 0; count < 200_000; count++) queue.push(Uint8Array.of(count & 0xff));
    const taken = queue.take(200_000);
    expect(taken[65_537]).toBe(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  test('asking for more than there is throws', () => {
    const queue = filled(counting(3), 3);
    expect(() => queue.take(4)).toThrow('4 bytes asked for, 3 there');
    expect(() => queue.uint32()).toThrow();
    queue.clear();
    expect(() => queue.byte()).toThrow();
    expect(queue.consumed).toBe(3);
  });
});
