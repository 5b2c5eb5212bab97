/**
 * The disk of one machine: names and files as processes see them (pending), and as they would be found after a power cut
 * (durable). `sync` of a file makes its content durable, `sync` of a directory its names: POSIX promises no more.
 * Lacks: hard and symbolic links, permissions, sparse files, and bit rot.
 * May import: host.
 */

import { EMPTY, utf8 } from '../host/bytes.ts';
import type { FileStatus } from '../host/host.ts';
import { DONE, fail, ok, type Result } from '../host/result.ts';
import type { Instant } from '../host/time.ts';
import { Content } from './content.ts';
import type { Prng } from './prng.ts';

/** NAME_MAX and PATH_MAX of Linux, in bytes; the second counts a NUL. */
const NAME_MAX = 255;
const PATH_MAX = 4_096;
/**
 * A kernel writes back what nobody syncs. Here it does so when more than this many writes of one file, or changes of
 * names, are outstanding; it bounds what a daemon that never syncs can make the disk remember.
 */
const OUTSTANDING_MAX = 1_024;

interface WriteRecord {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** A truncation comes before the bytes. */
  readonly truncate: boolean;
}

export class Inode {
  readonly kind: FileStatus['kind'];
  content: Content = Content.EMPTY;
  durable: Content = Content.EMPTY;
  /** Since the last sync, oldest first. */
  unsynced: WriteRecord[] = [];
  modified: Instant;

  constructor(kind: FileStatus['kind'], modified: Instant) {
    this.kind = kind;
    this.modified = modified;
  }
}

type NameChange =
  | { readonly change: 'link'; readonly path: string; readonly inode: Inode }
  | { readonly change: 'unlink'; readonly path: string }
  | { readonly change: 'rename'; readonly from: string; readonly to: string };

/** What may stand in the way of a write; the nemesis sets it. */
export type DiskCondition = 'sound' | 'full' | 'error';

export class Disk {
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #changes: NameChange[] = [];
  condition: DiskCondition = 'sound';
  /** Told whenever `condition` made a call fail. */
  onFailure: () => void = () => {};

  constructor() {
    const root = new Inode('directory', 0 as Instant);
    this.#names.set('/', root);
    this.#durableNames.set('/', root);
  }

  read(path: string): Result<Uint8Array> {
    const call = `read ${path}`;
    const found = this.#find(path, call);
    if (!found.ok) return found;
    if (found.value.kind === 'directory') return fail('EISDIR', call);
    if (found.value.kind === 'socket') return fail('ENXIO', call);
    if (this.condition === 'error') return this.#failed('EIO', call);
    return ok(found.value.content.bytes());
  }

  write(path: string, bytes: Uint8Array, now: Instant): Result<void> {
    return this.#put(path, bytes, true, now);
  }

  append(path: string, bytes: Uint8Array, now: Instant): Result<void> {
    return this.#put(path, bytes, false, now);
  }

  rename(from: string, to: string): Result<void> {
    const call = `rename ${from} ${to}`;
    const source = this.#find(from, call);
    if (!source.ok) return source;
    const place = this.#place(to, call);
    if (!place.ok) return place;
    const target = this.#names.get(place.value);
    const origin = normalize(from);
    if (target === source.value) return DONE;
    // Linux answers EBUSY for the root.
    if (origin === '/') return fail('EINVAL', call);
    if (source.value.kind !== 'directory' && to.endsWith('/')) return fail('ENOTDIR', call);
    if (source.value.kind === 'directory' && place.value.startsWith(`${origin}/`)) return fail('EINVAL', call);
    if (target !== undefined) {
      if (target.kind === 'directory' && source.value.kind !== 'directory') return fail('EISDIR', call);
      if (target.kind !== 'directory' && source.value.kind === 'directory') return fail('ENOTDIR', call);
      if (target.kind === 'directory' && this.#children(place.value).length > 0) return fail('ENOTEMPTY', call);
    }
    this.#change({ change: 'rename', from: origin, to: place.value });
    return DONE;
  }

  unlink(path: string): Result<void> {
    const call = `unlink ${path}`;
    const found = this.#find(path, call);
    if (!found.ok) return found;
    // Linux answers EISDIR here where POSIX says EPERM.
    if (found.value.kind === 'directory') return fail('EISDIR', call);
    this.#change({ change: 'unlink', path: normalize(path) });
    return DONE;
  }

  makeDirectory(path: string, now: Instant): Result<void> {
    const call = `mkdir ${path}`;
    const place = this.#place(path, call);
    if (!place.ok) return place;
    if (this.#names.has(place.value)) return fail('EEXIST', call);
    if (this.condition !== 'sound') return this.#refuse(call);
    this.#change({ change: 'link', path: place.value, inode: new Inode('directory', now) });
    return DONE;
  }

  list(path: string): Result<readonly string[]> {
    const call = `list ${path}`;
    const found = this.#find(path, call);
    if (!found.ok) return found;
    if (found.value.kind !== 'directory') return fail('ENOTDIR', call);
    return ok(this.#children(normalize(path)));
  }

  stat(path: string): Result<FileStatus> {
    const found = this.#find(path, `stat ${path}`);
    if (!found.ok) return found;
    const { kind, content, modified } = found.value;
    return ok({ kind, size: kind === 'file' ? content.length : 0, modified });
  }

  sync(path: string): Result<void> {
    const call = `sync ${path}`;
    const found = this.#find(path, call);
    if (!found.ok) return found;
    if (this.condition === 'error') return this.#failed('EIO', call);
    const inode = found.value;
    if (inode.kind === 'socket') return fail('ENXIO', call);
    if (inode.kind === 'directory') this.#syncNames(normalize(path));
    inode.durable = inode.content;
    inode.unsynced = [];
    return DONE;
  }

  /** The file of a Unix-domain socket, made by bind. EADDRINUSE when the path exists, whatever it is. */
  bindSocket(path: string, call: string, now: Instant): Result<Inode> {
    const place = this.#place(path, call);
    if (!place.ok) return place;
    if (this.#names.has(place.value)) return fail('EADDRINUSE', call);
    if (this.condition !== 'sound') return this.#refuse(call);
    const inode = new Inode('socket', now);
    this.#change({ change: 'link', path: place.value, inode });
    return ok(inode);
  }

  lookup(path: string, call: string): Result<Inode> {
    return this.#find(path, call);
  }

  /** What a power cut leaves. `kept`: everything; `lost`: only what was synced; `torn`: drawn, a write may be cut anywhere. */
  powerCut(unsynced: 'kept' | 'lost' | 'torn', prng: Prng): number {
    let affected = 0;
    if (unsynced !== 'kept') {
      affected += this.#changes.length;
      const survives = unsynced === 'torn' ? prng.between(0, this.#changes.length) : 0;
      for (const change of this.#changes.slice(0, survives)) apply(this.#durableNames, change);
      this.#names = new Map(this.#durableNames);
    } else {
      this.#durableNames = new Map(this.#names);
    }
    this.#changes = [];
    for (const inode of new Set(this.#names.values())) {
      affected += unsynced === 'kept' ? 0 : inode.unsynced.length;
      if (unsynced === 'lost') inode.content = inode.durable;
      if (unsynced === 'torn') inode.content = torn(inode, prng);
      inode.durable = inode.content;
      inode.unsynced = [];
    }
    return affected;
  }

  #put(path: string, bytes: Uint8Array, truncate: boolean, now: Instant): Result<void> {
    const call = `${truncate ? 'write' : 'append'} ${path}`;
    const place = this.#place(path, call);
    if (!place.ok) return place;
    let inode = this.#names.get(place.value);
    if (inode?.kind === 'directory') return fail('EISDIR', call);
    if (inode?.kind === 'socket') return fail('ENXIO', call);
    if (inode === undefined && path.endsWith('/')) return fail('EISDIR', call);
    if (this.condition === 'error' || (this.condition === 'full' && inode === undefined)) return this.#refuse(call);
    if (inode === undefined) {
      inode = new Inode('file', now);
      this.#change({ change: 'link', path: place.value, inode });
    }
    // A full disk has no room for the bytes, but the truncation has already happened.
    const room = this.condition === 'full' && bytes.length > 0 ? new Uint8Array(0) : bytes.slice();
    const write = { offset: truncate ? 0 : inode.content.length, bytes: room, truncate };
    inode.content = written(inode.content, write);
    inode.unsynced.push(write);
    if (inode.unsynced.length > OUTSTANDING_MAX) writeBack(inode);
    inode.modified = now;
    return room.length < bytes.length ? this.#failed('ENOSPC', call) : DONE;
  }

  #refuse(call: string): Result<never> {
    return this.#failed(this.condition === 'full' ? 'ENOSPC' : 'EIO', call);
  }

  #failed(code: 'ENOSPC' | 'EIO', call: string): Result<never> {
    this.onFailure();
    return fail(code, call);
  }

  #find(path: string, call: string): Result<Inode> {
    const place = this.#place(path, call);
    if (!place.ok) return place;
    const inode = this.#names.get(place.value);
    return inode === undefined ? fail('ENOENT', call) : ok(inode);
  }

  /** The normal form of a path whose directory exists. */
  #place(path: string, call: string): Result<string> {
    if (path === '') return fail('ENOENT', call);
    if (path.length * 3 >= NAME_MAX && tooLong(path)) return fail('ENAMETOOLONG', call);
    // Most paths are as they are kept, and what is in a directory that exists needs no look at those above it.
    if (isNormal(path) && this.#names.get(parentOf(path))?.kind === 'directory') return ok(path);
    const parts: string[] = [];
    let normal = '/';
    // IEEE Std 1003.1, 4.16: every name that something follows, be it `.`, `..` or a slash, must be that of a directory.
    for (const part of path.split('/')) {
      const here = this.#names.get(normal);
      if (here !== undefined && here.kind !== 'directory') return fail('ENOTDIR', call);
      if (part === '') continue;
      if (here === undefined) return fail('ENOENT', call);
      if (part === '.') continue;
      if (part === '..') parts.pop();
      else parts.push(part);
      normal = `/${parts.join('/')}`;
    }
    return ok(normal);
  }

  #children(directory: string): string[] {
    const prefix = directory === '/' ? '/' : `${directory}/`;
    const names: string[] = [];
    for (const path of this.#names.keys()) {
      if (path !== '/' && path.startsWith(prefix) && !path.includes('/', prefix.length)) names.push(path.slice(prefix.length));
    }
    return names;
  }

  #change(change: NameChange): void {
    apply(this.#names, change);
    this.#changes.push(change);
    if (this.#changes.length > OUTSTANDING_MAX)
      for (const oldest of this.#changes.splice(0, OUTSTANDING_MAX / 2)) apply(this.#durableNames, oldest);
  }

  /**
   * Makes the names in one directory durable, in order, with every earlier change they rest on: of the directory's own
   * name, and of names that a later change moved. What has nothing to do with them stays pending.
   */
  #syncNames(directory: string): void {
    const needed: string[] = [];
    const synced = new Set<NameChange>();
    for (const change of [...this.#changes].reverse()) {
      const paths = change.change === 'rename' ? [change.from, change.to] : [change.path];
      const concerns = paths.some(
        path => parentOf(path) === directory || within(directory, path) || needed.some(other => within(path, other) || within(other, path)),
      );
      if (!concerns) continue;
      needed.push(...paths);
      synced.add(change);
    }
    for (const change of synced.size === 0 ? [] : this.#changes) if (synced.has(change)) apply(this.#durableNames, change);
    this.#changes = this.#changes.filter(change => !synced.has(change));
  }
}

/** Whether `path` is `above` or lies below it. */
const within = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);

const tooLong = (path: string): boolean => utf8(path).length >= PATH_MAX || path.split('/').some(part => utf8(part).length > NAME_MAX);

/** True for no path that is not in its normal form; false for few that are. */
const isNormal = (path: string): boolean => path.startsWith('/') && !path.endsWith('/') && !path.includes('/.') && !path.includes('//');

/** Absolute, without `.`, `..`, doubled or trailing slashes; relative paths start at the root. */
export function normalize(path: string): string {
  if (isNormal(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

function apply(names: Map<string, Inode>, change: NameChange): void {
  if (change.change === 'link') names.set(change.path, change.inode);
  else if (change.change === 'unlink') names.delete(change.path);
  else moveNames(names, change.from, change.to);
}

function moveNames(names: Map<string, Inode>, from: string, to: string): void {
  const inode = names.get(from);
  if (inode === undefined) return;
  names.delete(from);
  names.set(to, inode);
  if (inode.kind !== 'directory') return;
  for (const [path, below] of [...names]) {
    if (!path.startsWith(`${from}/`)) continue;
    names.delete(path);
    names.set(to + path.slice(from.length), below);
  }
}

/** The content after a write. After a power cut an earlier one may be missing: a gap reads as zeros, old bytes stay behind it. */
function written(content: Content, { offset, bytes, truncate }: WriteRecord): Content {
  if (truncate) return Content.EMPTY.append(bytes);
  const end = offset + bytes.length;
  const behind = content.length > end ? content.bytes().subarray(end) : EMPTY;
  return content.cut(offset).padded(offset).append(bytes).append(behind);
}

/** The older half of what is outstanding reaches the platter. */
function writeBack(inode: Inode): void {
  for (const write of inode.unsynced.splice(0, OUTSTANDING_MAX / 2)) inode.durable = written(inode.durable, write);
}

/** Each unsynced write reached the platter or not, the last that did is cut anywhere; a gap before a kept one reads as zeros. */
function torn(inode: Inode, prng: Prng): Content {
  const survivors = inode.unsynced.filter(() => prng.chance(500));
  let content = inode.durable;
  survivors.forEach((write, index) => {
    const whole = index < survivors.length - 1;
    const bytes = whole ? write.bytes : write.bytes.slice(0, prng.between(0, write.bytes.length));
    content = written(content, { ...write, bytes });
  });
  return content;
}
