import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIPE_CAPACITY } from '../../src/host/host.ts';
import { ByteRoom, PageRoom } from '../../src/sim/channel/room.ts';

/** How many writes of `size` enter whole. */
function whole(size: number): number {
  const room = new PageRoom();
  let count = 0;
  while (room.accept(size) === size) count++;
  return count;
}

describe('the room in a pipe', () => {
  // The vectors of the pipe protocols: frames_in_pipe 3120.
  it.each([
    [21, 3_120],
    [1, 65_536],
    [4_096, 16],
    [2_049, 16],
    [2_048, 32],
    [4_097, 10],
  ])('holds frames of %i bytes: %i of them', (size, count) => expect(whole(size)).toBe(count));

  it('takes 65536 bytes in one write, and not one more', () => {
    const room = new PageRoom();
    expect(room.accept(PIPE_CAPACITY)).toBe(PIPE_CAPACITY);
    expect(room.accept(1)).toBe(0);
    expect(new PageRoom().accept(PIPE_CAPACITY + 1)).toBe(PIPE_CAPACITY);
  });

  it('takes a part of a write beyond PIPE_BUF, and nothing of one within it', () => {
    const room = new PageRoom();
    for (let page = 0; page < 15; page++) room.accept(4_096);
    expect(room.accept(4_000)).toBe(4_000);
    expect(room.accept(97)).toBe(0);
    expect(room.accept(4_097)).toBe(1);
    expect(room.accept(95)).toBe(95);
    expect(room.accept(1)).toBe(0);
  });

  it('has a page free again only when all of it was read', () => {
    const room = new PageRoom();
    room.accept(PIPE_CAPACITY);
    room.free(4_095);
    expect(room.accept(1)).toBe(0);
    room.free(1);
    expect(room.accept(4_096)).toBe(4_096);
  });

  it('throws when more is read than was written', () => {
    const room = new PageRoom();
    room.accept(10);
    expect(() => room.free(11)).toThrow('more was read than written');
  });

  it('never holds more than it can, takes up to PIPE_BUF whole or not at all, and is empty after all was read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 70_000 }), fc.nat(70_000)), { maxLength: 60 }), list => {
        const room = new PageRoom();
        let held = 0;
        for (const [write, read] of list) {
          const taken = room.accept(write);
          expect(taken).toBeLessThanOrEqual(write);
          if (write <= 4_096) expect([0, write]).toContain(taken);
          held += taken;
          expect(held).toBeLessThanOrEqual(PIPE_CAPACITY);
          const part = Math.min(read, held);
          room.free(part);
          held -= part;
        }
        room.free(held);
        expect(room.accept(PIPE_CAPACITY)).toBe(PIPE_CAPACITY);
      }),
    );
  });
});

describe('the room of a socket', () => {
  it('counts bytes', () => {
    const room = new ByteRoom(100);
    expect([room.accept(60), room.accept(60), room.accept(1)]).toEqual([60, 40, 0]);
    room.free(30);
    expect([room.accept(31), room.accept(1)]).toEqual([30, 0]);
  });
});
