/** The rooms of pipes and Unix-domain streams, held against the kernel itself: the same writes and reads, drawn, and what fits after each. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferRoom, PageRoom, type Room } from '../../src/sim/channel/room.ts';

type Answer = readonly [count: number, writable: boolean];

const SCRIPT = fileURLToPath(new URL('room-kernel.py', import.meta.url));
const ROOMS: Readonly<Record<string, () => Room>> = { pipe: () => new PageRoom(), unix: () => new BufferRoom() };
/** What the rooms are of: SO_SNDBUF as Linux sets it, and pages of 4096 bytes. */
const isUsual = platform() === 'linux' && readFileSync('/proc/sys/net/core/wmem_default', 'utf8').trim() === '212992';

const size = fc.oneof(
  fc.constantFrom(1, 100, 192, 193, 704, 705, 1_000, 3_776, 3_777, 4_096, 4_097, 7_872, 36_544, 36_545, 65_536, 100_000),
  fc.integer({ min: 1, max: 5_000 }),
  fc.integer({ min: 1, max: 300_000 }),
);
/** Many of one size, as a daemon writes, and what the reader takes meanwhile. */
const steps = fc
  .array(
    fc.record({ write: size, times: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 })), read: fc.oneof(fc.constant(0), size) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map(list =>
    list.flatMap(({ write, times, read }) => [...Array.from({ length: times }, () => write), ...(read > 0 ? [-read, write, write] : [])]),
  );

function asKernel(kind: string, lists: readonly (readonly number[])[]): readonly (readonly Answer[])[] {
  const input = JSON.stringify(lists.map(each => ({ kind, steps: each })));
  const { stdout, stderr } = spawnSync('python3', [SCRIPT], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  expect(stderr).toBe('');
  // The script's own form.
  return JSON.parse(stdout) as readonly (readonly Answer[])[];
}

function asRoom(room: Room, list: readonly number[]): readonly Answer[] {
  let held = 0;
  return list.map(step => {
    const count = step > 0 ? room.accept(step) : Math.min(-step, held);
    if (step < 0) room.free(count);
    held += step > 0 ? count : -count;
    return [count, room.writable];
  });
}

describe.runIf(isUsual).each(['pipe', 'unix'])('what fits into a %s', kind => {
  it('is what the kernel takes, and so is when it wakes a writer', () => {
    const lists = fc.sample(steps, { seed: 7, numRuns: 60 });
    const kernel = asKernel(kind, lists);
    for (const [index, list] of lists.entries()) expect(asRoom(ROOMS[kind]?.() ?? new PageRoom(), list)).toEqual(kernel[index]);
  });
});
