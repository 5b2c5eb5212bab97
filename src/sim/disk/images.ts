/**
 * Everything that a power cut may leave of a disk, one by one: what `powerCut` draws from. Each file that was not synced has any of its
 * writes, the last of them cut anywhere; of the changes of names that were not synced the first ones are there, or any of them.
 * Where that would be more than the limits say, some are left out, and how many is said.
 * Lacks: the disk (disk.ts); sockets, which nothing is left of.
 */
import { utf8 } from '../../host/bytes.ts';
import { compareCodeUnits } from '../../host/order.ts';
import { Murmur128 } from '../../trace/murmur.ts';
import type { NameChange } from './changes.ts';
import { Content } from './content.ts';
import type { Disk } from './disk.ts';
import { type Inode, type WriteRecord, written } from './inode.ts';

/** Paths in their normal form, and what they stand for. Nobody may write to the bytes. */
export type DiskImage = ReadonlyMap<string, Uint8Array | 'directory'>;

export interface ImageLimits {
  /** ordered: as a journal keeps them. any: as POSIX lets a disk without one. */
  readonly names: 'ordered' | 'any';
  /** A write consists of parts that end at multiples of this, each of which is there or not. Default: it is there, or a beginning of it. */
  readonly sector?: number;
  /** Of so many changes, or writes of one file, each subset is made; of more the beginnings, all but one, and one alone. From 2 to 20. */
  readonly subsets: number;
  /** So many places at which a write is cut, spread evenly over it. */
  readonly tears: number;
  /** Images in all. */
  readonly images: number;
}

export const IMAGE_LIMITS: ImageLimits = { names: 'ordered', subsets: 6, tears: 16, images: 4096 };

export interface Images {
  /** No two are the same. */
  readonly images: readonly DiskImage[];
  /** So many combinations were not made: of names with contents, or of the writes of one file, or of changes of names. */
  readonly leftOut: number;
}

/** Of the disk as it is now; nothing of it changes. */
export function imagesOf(disk: Disk, limits: ImageLimits = IMAGE_LIMITS): Images {
  const { durable, changes } = disk.atStake();
  const images = new Map<string, DiskImage>();
  const contents = new Map<Inode, Contents>();
  let leftOut = 0;
  const kepts = limits.names === 'any' ? subsetsOf(changes, limits.subsets) : { some: beginningsOf(changes), leftOut: 0 };
  leftOut += kepts.leftOut;
  for (const kept of kepts.some) {
    const names = applied(durable, kept);
    const files = [...names]
      .filter(([path, { kind }]) => path !== '/' && kind !== 'socket')
      .sort(([one], [other]) => compareCodeUnits(one, other));
    const choices = files.map(([, inode]) => {
      const known = contents.get(inode);
      if (known !== undefined) return known.found;
      const fresh = contentsOf(inode, limits);
      contents.set(inode, fresh);
      leftOut += fresh.leftOut;
      return fresh.found;
    });
    const count = choices.reduce((product, { length }) => product * length, 1);
    for (let index = 0; index < count; index++) {
      if (images.size >= limits.images) {
        leftOut += count - index;
        break;
      }
      let rest = index;
      const image = new Map<string, Uint8Array | 'directory'>();
      for (const [at, [path, { kind }]] of files.entries()) {
        const of = choices[at] ?? [];
        image.set(path, kind === 'directory' ? 'directory' : (of[rest % of.length] ?? Content.EMPTY).bytes());
        rest = Math.floor(rest / of.length);
      }
      images.set(hashOf(image), image);
    }
  }
  return { images: [...images.values()], leftOut };
}

/** Names as they are found after these changes. One that rests on a change that is not among them has no effect. */
function applied(durable: ReadonlyMap<string, Inode>, changes: readonly NameChange[]): ReadonlyMap<string, Inode> {
  const names = new Map(durable);
  for (const { name, to, inode } of changes) {
    if (to === undefined) {
      if (inode === undefined) names.delete(name.path);
      else names.set(name.path, inode);
      continue;
    }
    for (const [path, moved] of [...names]) {
      if (path !== name.path && !path.startsWith(`${name.path}/`)) continue;
      names.delete(path);
      names.set(to.path + path.slice(name.path.length), moved);
    }
  }
  // What lies in a directory that is not there is not there.
  return new Map([...names].filter(([path]) => above(path).every(each => names.has(each))));
}

interface Contents {
  readonly found: readonly Content[];
  readonly leftOut: number;
}

function contentsOf(inode: Inode, { sector, subsets, tears }: ImageLimits): Contents {
  if (inode.kind !== 'file') return { found: [Content.EMPTY], leftOut: 0 };
  const { durable, unsynced } = inode.atStake();
  const writes = sector === undefined ? unsynced : unsynced.flatMap(write => parts(write, sector));
  const found = new Map<string, Content>();
  const add = (content: Content): void => void found.set(hashOf(new Map([['', content.bytes()]])), content);
  const { some, leftOut } = subsetsOf(writes, subsets);
  for (const kept of some) {
    const last = kept.at(-1);
    const before = kept.slice(0, -1).reduce(written, durable);
    if (last === undefined) add(durable);
    else for (const end of ends(last.bytes.length, tears)) add(written(before, { ...last, bytes: last.bytes.subarray(0, end) }));
  }
  return { found: [...found.values()], leftOut };
}

/** Every subset of a few, in order. Of many: the beginnings, all but one, and one alone. */
function subsetsOf<T>(items: readonly T[], few: number): { readonly some: readonly (readonly T[])[]; readonly leftOut: number } {
  const { length } = items;
  if (length <= few)
    return { some: Array.from({ length: 2 ** length }, (_, bits) => items.filter((__, at) => ((bits >> at) & 1) === 1)), leftOut: 0 };
  // The empty one, the first and all but the last are beginnings already.
  const some = [
    ...beginningsOf(items),
    ...items.slice(0, -1).map((_, gone) => items.filter((__, at) => at !== gone)),
    ...items.slice(1).map(item => [item]),
  ];
  return { some, leftOut: 2 ** length - some.length };
}

const beginningsOf = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: items.length + 1 }, (_, count) => items.slice(0, count));

/** Where a write may be cut, and its whole length. */
function ends(length: number, tears: number): readonly number[] {
  if (length <= tears) return Array.from({ length: length + 1 }, (_, end) => end);
  return Array.from({ length: tears + 1 }, (_, at) => Math.round((at * length) / tears));
}

/** A truncation is a part of its own. */
function parts({ offset, bytes, truncate }: WriteRecord, sector: number): readonly WriteRecord[] {
  const found: WriteRecord[] = truncate ? [{ offset: 0, bytes: bytes.subarray(0, 0), truncate }] : [];
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + sector - ((offset + from) % sector));
    found.push({ offset: offset + from, bytes: bytes.subarray(from, to), truncate: false });
    from = to;
  }
  return found;
}

/** Tells images apart. */
function hashOf(image: DiskImage): string {
  const murmur = new Murmur128();
  for (const [path, content] of image) {
    murmur.update(utf8(`${path} ${typeof content === 'string' ? content : content.length}\0`));
    if (typeof content !== 'string') murmur.update(content);
  }
  return murmur.digest();
}

const above = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(1, -1)
    .map((_, at, parts) => `/${parts.slice(0, at + 1).join('/')}`);
