/**
 * The names of one disk, twice: as processes see them, and as they would be found after a power cut (durable). Each path that
 * one of the two knows is one object, which changes that have not reached the platter refer to as well: so a change costs the
 * same however long the path, and however many names there are.
 * Lacks: hard and symbolic links; what paths mean that are not in their normal form (disk.ts).
 */

import type { Instant } from '../../host/time.ts';
import type { Prng } from '../core/prng.ts';
import { Changes, type NameChange } from './changes.ts';
import { Inode, OUTSTANDING_MAX, type Unsynced } from './inode.ts';
import { Name } from './name.ts';

type View = 'seen' | 'durable';

export class Names {
  readonly #names = new Map<string, Name>();
  readonly root: Name = new Name('/', undefined);
  readonly #changes: Changes = new Changes();
  readonly #outstanding: number;
  /** The last that something was linked under: mostly the one that is asked for next. */
  #linked: Name = this.root;
  /** Files that neither view has any more: the next ones are made of them, since most of what lives on a disk of records was put in the place of another. */
  #free: Inode | undefined;
  #freed = 0;
  #count = 0;

  constructor(outstanding: number = OUTSTANDING_MAX) {
    this.#outstanding = outstanding;
    this.root.known = true;
    const inode = new Inode('directory', 0 as Instant);
    this.#names.set('/', this.root);
    this.#put(this.root, 'seen', inode);
    this.#put(this.root, 'durable', inode);
  }

  /** Paths that are known, the root included. */
  get size(): number {
    return this.#names.size;
  }

  /** Of a path in its normal form, whether it stands for something or not. */
  at(path: string): Name | undefined {
    const linked = this.#linked;
    return linked.path === path ? linked : this.#names.get(path);
  }

  /** The same; one that nobody knows yet is made, and forgotten unless something is put there. Its directory must be there. */
  named(path: string): Name {
    return this.at(path) ?? new Name(path, this.#names.get(parentOf(path)));
  }

  /** What lies in a directory, the oldest first. */
  children(directory: Name): readonly string[] {
    const prefix = directory.path.length === 1 ? 1 : directory.path.length + 1;
    return this.#all('seen')
      .filter(name => name.parent === directory && name !== directory)
      .map(({ path }) => path.slice(prefix));
  }

  /** An empty file. */
  create(name: Name, now: Instant): Inode {
    const inode = this.#reused(now) ?? new Inode('file', now);
    this.link(name, inode);
    return inode;
  }

  #reused(now: Instant): Inode | undefined {
    const old = this.#free;
    if (old === undefined) return undefined;
    this.#free = old.next;
    old.next = undefined;
    this.#freed--;
    return old.kind === 'file' ? old.renewed(now) : undefined;
  }

  link(name: Name, inode: Inode): void {
    this.#change(name, undefined, inode);
    this.#linked = name;
  }

  unlink(name: Name): void {
    this.#change(name, undefined, undefined);
  }

  rename(name: Name, to: Name): void {
    this.#change(name, to, undefined);
  }

  /**
   * Makes the names in one directory durable, in order, with every earlier change they rest on: of the directory's own
   * name, and of names that a later change moved. What has nothing to do with them stays pending.
   */
  sync(directory: string): void {
    const needed: string[] = [];
    const synced = new Set<NameChange>();
    const changes = this.#changes.all();
    for (const change of [...changes].reverse()) {
      const paths = change.to === undefined ? [change.name.path] : [change.name.path, change.to.path];
      const concerns = paths.some(
        path => parentOf(path) === directory || within(directory, path) || needed.some(other => within(path, other) || within(other, path)),
      );
      if (!concerns) continue;
      needed.push(...paths);
      synced.add(change);
    }
    if (synced.size === 0) return;
    this.#changes.replace(changes.filter(change => !synced.has(change)));
    for (const change of changes) if (synced.has(change)) this.#applyDurably(change.name, change.to, change.inode);
  }

  /** The names after a power cut that takes all changes, the oldest first, and those changes. */
  atStake(): { readonly durable: ReadonlyMap<string, Inode>; readonly changes: readonly NameChange[] } {
    const durable = new Map<string, Inode>();
    for (const { path, durable: inode } of this.#all('durable')) if (inode !== undefined) durable.set(path, inode);
    return { durable, changes: this.#changes.all() };
  }

  /** How many changes of names and writes were at stake. */
  powerCut(unsynced: Unsynced, prng: Prng): number {
    const changes = this.#changes.all();
    const survive = unsynced === 'kept' ? changes.length : unsynced === 'torn' ? prng.between(0, changes.length) : 0;
    this.#changes.replace([]);
    for (const [index, { name, to, inode }] of changes.entries()) {
      if (unsynced !== 'kept' && index < survive) this.#apply(name, to, inode, 'durable');
      this.#release(name, to);
    }
    this.#free = undefined;
    this.#freed = 0;
    for (const name of [...this.#names.values()]) {
      if (unsynced === 'kept') {
        name.durable = name.inode;
        name.durableSince = name.since;
      } else {
        name.inode = name.durable;
        name.directory = name.inode?.kind === 'directory';
        name.since = name.durableSince;
      }
      this.#settle(name);
    }
    let affected = unsynced === 'kept' ? 0 : changes.length;
    for (const inode of new Set(this.#all('seen').map(name => name.inode))) affected += inode?.powerCut(unsynced, prng) ?? 0;
    return affected;
  }

  #change(name: Name, to: Name | undefined, inode: Inode | undefined): void {
    this.#hold(name);
    if (to !== undefined) this.#hold(to);
    this.#apply(name, to, inode, 'seen');
    this.#changes.push(name, to, inode);
    if (this.#changes.length <= this.#outstanding) return;
    for (let count = 0; count < this.#outstanding / 2; count++) this.#changes.shift(this.#applyDurably);
  }

  readonly #applyDurably = (name: Name, to: Name | undefined, inode: Inode | undefined): void => {
    const place = to ?? name;
    const gone = place.durable;
    this.#apply(name, to, inode, 'durable');
    // What processes saw there went when the change was made, and what they had seen before it had gone earlier.
    if (gone !== undefined && gone !== place.durable && this.#freed < OUTSTANDING_MAX) {
      gone.next = this.#free;
      this.#free = gone;
      this.#freed++;
    }
    this.#release(name, to);
  };

  #apply(name: Name, to: Name | undefined, inode: Inode | undefined, view: View): void {
    if (to === undefined) this.#put(name, view, inode);
    else this.#move(name, to, view);
  }

  #move(from: Name, to: Name, view: View): void {
    const inode = view === 'seen' ? from.inode : from.durable;
    if (inode === undefined) return;
    this.#put(from, view, undefined);
    this.#put(to, view, inode);
    if (from.below === 0) return;
    const above = `${from.path}/`;
    for (const name of this.#all(view)) {
      if (!name.path.startsWith(above)) continue;
      const below = this.named(to.path + name.path.slice(from.path.length));
      const moved = view === 'seen' ? name.inode : name.durable;
      this.#put(name, view, undefined);
      this.#hold(below);
      this.#put(below, view, moved);
      this.#releaseOne(below);
      this.#settle(name);
    }
  }

  /** What stands where something stood already keeps its place in the order. */
  #put(name: Name, view: View, inode: Inode | undefined): void {
    if (view === 'seen') {
      if (name.inode === undefined) name.since = ++this.#count;
      name.inode = inode;
      name.directory = inode?.kind === 'directory';
    } else {
      if (name.durable === undefined) name.durableSince = ++this.#count;
      name.durable = inode;
    }
  }

  /** All that stand for something, the oldest first. */
  #all(view: View): readonly Name[] {
    const names = [...this.#names.values()];
    return view === 'seen'
      ? names.filter(name => name.inode !== undefined).sort((one, other) => one.since - other.since)
      : names.filter(name => name.durable !== undefined).sort((one, other) => one.durableSince - other.durableSince);
  }

  #release(name: Name, to: Name | undefined): void {
    this.#releaseOne(name);
    if (to !== undefined) this.#releaseOne(to);
  }

  #hold(name: Name): void {
    name.changes++;
    if (name.known) return;
    name.known = true;
    this.#names.set(name.path, name);
    name.parent.below++;
  }

  #releaseOne(name: Name): void {
    name.changes--;
    this.#settle(name);
  }

  /** Forgets a path that stands for nothing and that nothing refers to, and so perhaps the one above it. */
  #settle(name: Name): void {
    if (name.changes > 0 || name.below > 0 || name.inode !== undefined || name.durable !== undefined || !name.known) return;
    name.known = false;
    this.#names.delete(name.path);
    if (this.#linked === name) this.#linked = this.root;
    name.parent.below--;
    this.#settle(name.parent);
  }
}

/** Whether `path` is `above` or lies below it. */
const within = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}
