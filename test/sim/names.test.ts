/**
 * The names of a disk against the plainest thing that does the same: two maps from paths to files, and a list of changes. The
 * order in which names are listed counts, because daemons see it.
 */
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import type { Instant } from '../../src/host/time.ts';
import { Prng } from '../../src/sim/core/prng.ts';
import { Changes } from '../../src/sim/disk/changes.ts';
import { Inode, type Unsynced } from '../../src/sim/disk/inode.ts';
import type { Name } from '../../src/sim/disk/name.ts';
import { Names } from '../../src/sim/disk/names.ts';

const NOW = 5_000_001 as Instant;
const PATHS = ['/a', '/b', '/d', '/d/a', '/d/b', '/e', '/e/a', '/d/e', '/d/e/a', '/e/d', '/e/d/b'];
/** Few, so that the kernel writes back again and again. */
const OUTSTANDING = 8;

/** The text of a file, no two of which are the same; `undefined` is a directory. */
interface File {
  readonly text: string | undefined;
}
type Step = { readonly from: string; readonly to?: string; readonly file?: File };

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
const within = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);

function applied(names: Map<string, File>, { from, to, file }: Step): void {
  if (file !== undefined) names.set(from, file);
  else if (to === undefined) names.delete(from);
  else {
    for (const [path, moved] of [...names]) {
      if (!within(path, from)) continue;
      names.delete(path);
      names.set(to + path.slice(from.length), moved);
    }
  }
}

class Plain {
  seen: Map<string, File> = new Map([['/', { text: undefined }]]);
  durable: Map<string, File> = new Map(this.seen);
  steps: Step[] = [];

  do(step: Step): void {
    applied(this.seen, step);
    this.steps.push(step);
    if (this.steps.length > OUTSTANDING) for (const oldest of this.steps.splice(0, OUTSTANDING / 2)) applied(this.durable, oldest);
  }

  sync(directory: string): void {
    const needed: string[] = [];
    const synced = new Set<Step>();
    for (const step of [...this.steps].reverse()) {
      const paths = step.to === undefined ? [step.from] : [step.from, step.to];
      const near = (path: string): boolean => needed.some(other => within(path, other) || within(other, path));
      if (!paths.some(path => parentOf(path) === directory || within(directory, path) || near(path))) continue;
      needed.push(...paths);
      synced.add(step);
    }
    for (const step of this.steps) if (synced.has(step)) applied(this.durable, step);
    this.steps = this.steps.filter(step => !synced.has(step));
  }

  powerCut(unsynced: Unsynced, prng: Prng): number {
    const count = this.steps.length;
    const survive = unsynced === 'torn' ? prng.between(0, count) : 0;
    if (unsynced === 'kept') this.durable = new Map(this.seen);
    for (const step of this.steps.slice(0, survive)) applied(this.durable, step);
    this.seen = new Map(this.durable);
    this.steps = [];
    return unsynced === 'kept' ? 0 : count;
  }

  children(directory: string): readonly string[] {
    return [...this.seen.keys()].filter(path => path !== '/' && parentOf(path) === directory);
  }

  isDirectory(path: string): boolean {
    return this.seen.has(path) && this.seen.get(path)?.text === undefined;
  }
}

class Pair {
  readonly plain: Plain = new Plain();
  readonly names: Names = new Names(OUTSTANDING);
  readonly #prng: Prng;
  #texts = 0;

  constructor(seed: string) {
    this.#prng = new Prng(seed);
  }

  step(): void {
    const from = PATHS[this.#prng.below(PATHS.length)] ?? '';
    const to = PATHS[this.#prng.below(PATHS.length)] ?? '';
    const what = this.#prng.below(100);
    if (what < 3) this.#powerCut();
    else if (what < 8) this.#sync(parentOf(from));
    else if (!this.plain.isDirectory(parentOf(from))) return;
    else if (!this.plain.seen.has(from)) this.#make(from, what < 60 ? `text ${++this.#texts}` : undefined);
    else if (what < 25 && !this.plain.isDirectory(from)) this.#unlink(from);
    else if (this.#canMove(from, to)) this.#rename(from, to);
  }

  #make(path: string, text: string | undefined): void {
    this.plain.do({ from: path, file: { text } });
    const name = this.names.named(path);
    if (text === undefined) this.names.link(name, new Inode('directory', NOW));
    else {
      const inode = this.names.create(name, NOW);
      expect([inode.content.length, inode.outstanding, inode.modified]).toEqual([0, 0, NOW]);
      inode.write(utf8(text), true, NOW);
      inode.sync();
    }
  }

  #unlink(path: string): void {
    this.plain.do({ from: path });
    this.names.unlink(this.names.named(path));
  }

  #rename(from: string, to: string): void {
    this.plain.do({ from, to });
    this.names.rename(this.names.named(from), this.names.named(to));
  }

  #canMove(from: string, to: string): boolean {
    const { plain } = this;
    if (within(to, from) || !plain.isDirectory(parentOf(to))) return false;
    if (!plain.seen.has(to)) return true;
    return plain.isDirectory(from) === plain.isDirectory(to) && plain.children(to).length === 0;
  }

  #sync(directory: string): void {
    this.plain.sync(directory);
    this.names.sync(directory);
  }

  #powerCut(): void {
    const unsynced = (['kept', 'lost', 'torn'] as const)[this.#prng.below(3)] ?? 'kept';
    const seed = String(this.#prng.below(1_000));
    expect(this.names.powerCut(unsynced, new Prng(seed))).toBe(this.plain.powerCut(unsynced, new Prng(seed)));
  }

  compare(): void {
    const { seen } = this.plain;
    const expected = [...seen].map(([path, { text }]) => [path, text ?? this.plain.children(path).map(lastPart)]);
    const found = [...seen.keys()].map(path => [path, this.#found(this.names.at(path))]);
    expect(found).toEqual(expected);
    expect(PATHS.filter(path => !seen.has(path) && this.names.at(path)?.inode !== undefined)).toEqual([]);
  }

  #found(name: Name | undefined): unknown {
    const inode = name?.inode;
    if (name === undefined || inode === undefined) return undefined;
    return inode.kind === 'directory' ? this.names.children(name) : fromUtf8(inode.content.bytes());
  }
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

describe('the names of a disk', () => {
  it('are those of two maps, in the same order, whatever is made, moved, synced and cut', () => {
    for (let seed = 0; seed < 100; seed++) {
      const pair = new Pair(`names ${seed}`);
      for (let step = 0; step < 200; step++) {
        pair.step();
        pair.compare();
      }
      pair.plain.powerCut('kept', new Prng(''));
      pair.names.powerCut('kept', new Prng(''));
      expect(pair.names.size).toBe(pair.plain.seen.size);
    }
  });

  it('are forgotten when nothing has them any more', () => {
    const names = new Names(OUTSTANDING);
    names.link(names.named('/d'), new Inode('directory', NOW));
    for (let round = 0; round < 1_000; round++) {
      const name = names.named(`/d/${round}`);
      names.create(name, NOW);
      names.rename(name, names.named(`/d/other ${round}`));
      names.unlink(names.named(`/d/other ${round}`));
      expect(names.size).toBeLessThanOrEqual(2 + 2 * OUTSTANDING);
    }
    names.sync('/d');
    expect(names.size).toBe(2);
  });
});

describe('outstanding changes', () => {
  it('come out in the order in which they went in, however the ring turns', () => {
    const names = new Names();
    const ring = new Changes();
    let plain: Name[] = [];
    let made = 0;
    for (let round = 0; round < 2_000; round++) {
      const some = (round * 7) % 13;
      for (let count = 0; count < some; count++) {
        const name = names.named(`/${made++}`);
        ring.push(name, undefined, undefined);
        plain.push(name);
      }
      for (let count = 0; count < (round * 5) % 14 && plain.length > 0; count++) {
        ring.shift(name => expect(name).toBe(plain.shift()));
      }
      if (round % 100 === 99) {
        plain = plain.filter((_, index) => index % 3 > 0);
        ring.replace(ring.all().filter((_, index) => index % 3 > 0));
      }
      expect(ring.length).toBe(plain.length);
    }
    expect(ring.all().map(({ name }) => name)).toEqual(plain);
    ring.replace([]);
    expect(() => ring.shift(() => {})).toThrow('no change');
  });
});
