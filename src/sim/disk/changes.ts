/**
 * Changes of names that have not reached the platter, oldest first: a ring without an object for each change, because a disk
 * that is written to all day always has hundreds of them.
 * Lacks: what a change does (names.ts).
 */
import type { Inode } from './inode.ts';
import type { Name } from './name.ts';

/** `inode`: linked under `name`. `to`: `name` is renamed. Neither: `name` is unlinked. */
export interface NameChange {
  readonly name: Name;
  readonly to: Name | undefined;
  readonly inode: Inode | undefined;
}

const SMALLEST = 16;
/** Cells of one change: its name, its `to`, its inode. */
const WIDTH = 3;

export class Changes {
  #cells: (Name | Inode | undefined)[] = [];
  /** Changes that the cells have room for: a power of two, or 0. */
  #room = 0;
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(name: Name, to: Name | undefined, inode: Inode | undefined): void {
    if (this.#length === this.#room) this.#grow();
    const at = WIDTH * ((this.#head + this.#length) & (this.#room - 1));
    this.#cells[at] = name;
    this.#cells[at + 1] = to;
    this.#cells[at + 2] = inode;
    this.#length++;
  }

  /** Takes the oldest out and shows it to `take`, in parts. Throws when there is none. */
  shift(take: (name: Name, to: Name | undefined, inode: Inode | undefined) => void): void {
    if (this.#length === 0) throw new Error('no change is outstanding');
    const at = WIDTH * this.#head;
    this.#head = (this.#head + 1) & (this.#room - 1);
    this.#length--;
    // What `push` put in, each in its own cell.
    take(this.#cells[at] as Name, this.#cells[at + 1] as Name | undefined, this.#cells[at + 2] as Inode | undefined);
  }

  /** A copy. */
  all(): readonly NameChange[] {
    const all: NameChange[] = [];
    const [head, length] = [this.#head, this.#length];
    for (let count = 0; count < length; count++) {
      this.shift((name, to, inode) => {
        all.push({ name, to, inode });
      });
    }
    this.#head = head;
    this.#length = length;
    return all;
  }

  replace(changes: readonly NameChange[]): void {
    this.#cells = [];
    this.#room = 0;
    this.#head = 0;
    this.#length = 0;
    for (const { name, to, inode } of changes) this.push(name, to, inode);
  }

  #grow(): void {
    this.#cells = this.all().flatMap(({ name, to, inode }) => [name, to, inode]);
    this.#room = Math.max(SMALLEST, 2 * this.#room);
    this.#head = 0;
    while (this.#cells.length < WIDTH * this.#room) this.#cells.push(undefined);
  }
}
