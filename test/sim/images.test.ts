/** What a power cut may leave, one by one, against what it is drawn to leave; and a sync that has failed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import { ORIGIN } from '../../src/host/time.ts';
import { Prng } from '../../src/sim/core/prng.ts';
import { Disk } from '../../src/sim/disk/disk.ts';
import { type DiskImage, IMAGE_LIMITS, type ImageLimits, imagesOf } from '../../src/sim/disk/images.ts';
import { codeOf, must } from './kit.ts';

const LIMITS: ImageLimits = { ...IMAGE_LIMITS, subsets: 8, images: 100_000 };
const FILES = ['/a', '/b', '/d/a'] as const;
type Act =
  | { readonly act: 'write' | 'append'; readonly path: string; readonly text: string }
  | { readonly act: 'sync' | 'unlink' | 'failSync'; readonly path: string }
  | { readonly act: 'rename'; readonly path: string; readonly to: string };
const path = fc.constantFrom(...FILES);
const history = fc.array(
  fc.oneof(
    fc.record({ act: fc.constantFrom('write' as const, 'append' as const), path, text: fc.string({ maxLength: 5 }) }),
    fc.record({
      act: fc.constantFrom('sync' as const, 'unlink' as const, 'failSync' as const),
      path: fc.oneof(path, fc.constantFrom('/', '/d')),
    }),
    fc.record({ act: fc.constant('rename' as const), path, to: fc.oneof(path, fc.constantFrom('/d')) }),
  ),
  { maxLength: 12 },
);

function made(acts: readonly Act[]): Disk {
  const disk = new Disk();
  must(disk.makeDirectory('/d', ORIGIN));
  for (const each of acts) {
    if (each.act === 'rename') disk.rename(each.path, each.to, ORIGIN);
    else if (each.act === 'write' || each.act === 'append') disk[each.act](each.path, utf8(each.text), ORIGIN);
    else if (each.act === 'unlink') disk.unlink(each.path, ORIGIN);
    else disk[each.act](each.path);
  }
  return disk;
}

const textOf = (image: DiskImage): string =>
  [...image]
    .map(([name, content]) => `${name}=${typeof content === 'string' ? content : JSON.stringify(fromUtf8(content))}`)
    .sort()
    .join('\n');

/** What processes see. */
function seen(disk: Disk, directory = ''): DiskImage {
  const found = new Map<string, Uint8Array | 'directory'>();
  for (const name of must(disk.list(directory === '' ? '/' : directory))) {
    const full = `${directory}/${name}`;
    const isFile = must(disk.stat(full)).kind === 'file';
    found.set(full, isFile ? must(disk.read(full)) : 'directory');
    if (!isFile) for (const [below, content] of seen(disk, full)) found.set(below, content);
  }
  return found;
}

describe('the images of a disk', () => {
  it('are all that a power cut is drawn to leave, and those where all is kept and all is lost', () => {
    fc.assert(
      fc.property(history, fc.string(), (acts, seed) => {
        const { images, leftOut } = imagesOf(made(acts), LIMITS);
        const texts = new Set(images.map(textOf));
        expect(leftOut).toBe(0);
        expect(texts.size).toBe(images.length);
        for (const unsynced of ['kept', 'lost', 'torn', 'torn'] as const) {
          const disk = made(acts);
          disk.powerCut(unsynced, new Prng(`${seed}${unsynced}`));
          expect(texts).toContain(textOf(seen(disk)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are each drawn by some power cut', () => {
    const acts: readonly Act[] = [
      { act: 'write', path: '/a', text: 'xyz' },
      { act: 'append', path: '/a', text: 'w' },
      { act: 'rename', path: '/a', to: '/d/a' },
    ];
    const texts = new Set(imagesOf(made(acts), LIMITS).images.map(textOf));
    const drawn = new Set<string>();
    for (let seed = 0; seed < 2000; seed++) {
      const disk = made(acts);
      disk.powerCut('torn', new Prng(`${seed}`));
      drawn.add(textOf(seen(disk)));
    }
    expect([...drawn].sort()).toEqual([...texts].sort());
    // No name; or /d alone; or under the one or the other: nothing, x, xy, xyz, xyzw, a gap of three zeros and w or nothing.
    expect(texts.size).toBe(2 + 2 * 7);
  });

  it('leave the disk as it was', () => {
    fc.assert(
      fc.property(history, acts => {
        const disk = made(acts);
        const before = textOf(seen(disk));
        const first = imagesOf(disk, LIMITS).images.map(textOf);
        expect(textOf(seen(disk))).toBe(before);
        expect(imagesOf(disk, LIMITS).images.map(textOf)).toEqual(first);
      }),
    );
  });

  it('have any changes of names, and any sectors, where that is asked for', () => {
    const disk = new Disk();
    must(disk.write('/a', utf8('1234567'), ORIGIN));
    must(disk.write('/b', utf8(''), ORIGIN));
    const { images } = imagesOf(disk, { ...LIMITS, names: 'any', sector: 3, tears: 1 });
    const texts = images.map(textOf);
    expect(texts).toContain('/b=""');
    expect(texts).toContain('/a="\\u0000\\u0000\\u0000456"');
    expect(texts).toContain('/a="123\\u0000\\u0000\\u00007"');
    // Three parts: 11 contents, some with zeros for a part; and none.
    expect(images).toHaveLength(2 * (1 + 11));
  });

  it('say how many were left out', () => {
    const disk = new Disk();
    for (let count = 0; count < 5; count++) must(disk.append('/a', utf8('x'), ORIGIN));
    expect(imagesOf(disk, { ...LIMITS, subsets: 3 }).leftOut).toBe(32 - 14);
    expect(imagesOf(disk, { ...LIMITS, images: 3 })).toMatchObject({ leftOut: expect.any(Number), images: { length: 3 } });
    expect(imagesOf(disk, { ...LIMITS, images: 3 }).leftOut).toBeGreaterThan(0);
  });
});

describe('a sync that has failed', () => {
  it('leaves what is seen, and no later sync makes it durable', () => {
    const disk = new Disk();
    must(disk.write('/a', utf8('one'), ORIGIN));
    must(disk.sync('/a'));
    must(disk.sync('/'));
    must(disk.append('/a', utf8(' two'), ORIGIN));
    expect(codeOf(disk.failSync('/a'))).toBe('EIO');
    must(disk.sync('/a'));
    expect(fromUtf8(must(disk.read('/a')))).toBe('one two');
    must(disk.append('/a', utf8(' three'), ORIGIN));
    must(disk.sync('/a'));
    expect(imagesOf(disk, LIMITS).images.map(textOf)).toEqual(['/a="one\\u0000\\u0000\\u0000\\u0000 three"']);
    disk.powerCut('kept', new Prng(''));
    expect(fromUtf8(must(disk.read('/a')))).toBe('one\0\0\0\0 three');
    // And is a disk like any other again.
    must(disk.write('/a', utf8('anew'), ORIGIN));
    must(disk.sync('/a'));
    expect(imagesOf(disk, LIMITS).images.map(textOf)).toEqual(['/a="anew"']);
  });

  it('asks nothing of what is not there', () => expect(codeOf(new Disk().failSync('/a'))).toBe('ENOENT'));
});
