/**
 * The disk of one machine: names and files as processes see them, and as they would be found after a power cut. `sync` of a
 * file makes its content durable, `sync` of a directory its names: POSIX promises no more.
 * Lacks: hard and symbolic links, permissions, sparse files, and bit rot.
 */

import { isTooLongName, isTooLongPath, isUnfit } from '../../host/arguments.ts';
import { EMPTY } from '../../host/bytes.ts';
import type { FileStatus } from '../../host/host.ts';
import { DONE, fail, type HostErrorCode, ok, type Result } from '../../host/result.ts';
import type { Instant } from '../../host/time.ts';
import type { Prng } from '../core/prng.ts';
import { Slabs } from '../core/slabs.ts';
import type { NameChange } from './changes.ts';
import { Inode, type Unsynced } from './inode.ts';
import type { Name, ResolvedName } from './name.ts';
import { Names } from './names.ts';

/** What may stand in the way of a write; the nemesis sets it. */
export type DiskCondition = 'sound' | 'full' | 'error';

export class Disk {
  readonly #names = new Names();
  condition: DiskCondition = 'sound';
  /** So many calls that would fail do not yet. */
  spares = 0;
  /** Told whenever `condition` made a call fail. */
  onFailure: () => void = () => {};
  readonly #slabs: Slabs;

  /** What is read is copied into these. */
  constructor(slabs: Slabs = new Slabs()) {
    this.#slabs = slabs;
  }

  read(path: string): Result<Uint8Array> {
    const found = this.#find(path, `read ${path}`);
    if (!found.ok) return found;
    const { kind, content } = found.value.inode;
    if (kind === 'directory') return fail('EISDIR', `read ${path}`);
    if (kind === 'socket') return fail('ENXIO', `read ${path}`);
    if (this.#ails(false)) return this.#failed('EIO', `read ${path}`);
    return ok(this.#slabs.copy(content.bytes()));
  }

  /** Nobody may write to `bytes` any more. */
  write(path: string, bytes: Uint8Array, now: Instant): Result<void> {
    return this.#put(path, bytes, 'write', now);
  }

  /** Nobody may write to `bytes` any more. */
  append(path: string, bytes: Uint8Array, now: Instant): Result<void> {
    return this.#put(path, bytes, 'append', now);
  }

  rename(from: string, to: string, now: Instant): Result<void> {
    const origin = this.#place(from);
    if (typeof origin === 'string') return fail(origin, `rename ${from} ${to}`);
    const target = this.#place(to);
    if (typeof target === 'string') return fail(target, `rename ${from} ${to}`);
    const wrong = this.#wrongMove(origin, target);
    if (wrong !== undefined) return fail(wrong, `rename ${from} ${to}`);
    if (origin.name.inode === target.name.inode) return DONE;
    this.#names.rename(origin.name, target.name);
    changed(origin.name, now);
    changed(target.name, now);
    return DONE;
  }

  /** Why one thing cannot take the place of another, in the order in which Linux asks (fs/namei.c, do_renameat2). */
  #wrongMove(from: ResolvedName, to: ResolvedName): HostErrorCode | undefined {
    const source = from.name.inode;
    const target = to.name.inode;
    if (from.dots || to.dots) return 'EBUSY';
    if (from.tooLong) return 'ENAMETOOLONG';
    if (source === undefined) return 'ENOENT';
    if (to.tooLong) return 'ENAMETOOLONG';
    const directory = source.kind === 'directory';
    if (!directory && (from.slash || to.slash)) return 'ENOTDIR';
    if (directory && to.name.path.startsWith(`${from.name.path}/`)) return 'EINVAL';
    if (to.name.directory && from.name.path.startsWith(`${to.name.path}/`)) return 'ENOTEMPTY';
    if (target === undefined || target === source) return undefined;
    if (target.kind !== 'directory') return directory ? 'ENOTDIR' : undefined;
    if (!directory) return 'EISDIR';
    return this.#names.children(to.name).length > 0 ? 'ENOTEMPTY' : undefined;
  }

  unlink(path: string, now: Instant): Result<void> {
    const place = this.#place(path);
    if (typeof place === 'string') return fail(place, `unlink ${path}`);
    const { name, tooLong, slash } = place;
    if (tooLong) return fail('ENAMETOOLONG', `unlink ${path}`);
    if (name.inode === undefined) return fail('ENOENT', `unlink ${path}`);
    // Linux answers EISDIR here where POSIX says EPERM.
    if (name.directory) return fail('EISDIR', `unlink ${path}`);
    if (slash) return fail('ENOTDIR', `unlink ${path}`);
    this.#names.unlink(name);
    changed(name, now);
    return DONE;
  }

  makeDirectory(path: string, now: Instant): Result<void> {
    const place = this.#place(path);
    if (typeof place === 'string') return fail(place, `mkdir ${path}`);
    const { name, tooLong } = place;
    if (tooLong) return fail('ENAMETOOLONG', `mkdir ${path}`);
    if (name.inode !== undefined) return fail('EEXIST', `mkdir ${path}`);
    if (this.#ails()) return this.#refuse(`mkdir ${path}`);
    this.#names.link(name, new Inode('directory', now));
    changed(name, now);
    return DONE;
  }

  list(path: string): Result<readonly string[]> {
    const found = this.#find(path, `list ${path}`);
    if (!found.ok) return found;
    if (!found.value.directory) return fail('ENOTDIR', `list ${path}`);
    return ok(this.#names.children(found.value));
  }

  stat(path: string): Result<FileStatus> {
    const found = this.#find(path, `stat ${path}`);
    if (!found.ok) return found;
    const { kind, content, modified } = found.value.inode;
    return ok({ kind, size: kind === 'file' ? content.length : 0, modified });
  }

  sync(path: string): Result<void> {
    const found = this.#find(path, `sync ${path}`);
    if (!found.ok) return found;
    if (this.#ails(false)) return this.#failed('EIO', `sync ${path}`);
    const { inode } = found.value;
    if (inode.kind === 'socket') return fail('ENXIO', `sync ${path}`);
    if (inode.kind === 'directory') this.#names.sync(found.value.path);
    inode.sync();
    return DONE;
  }

  /** The file of a Unix-domain socket, made by bind. EADDRINUSE when the path exists, whatever it is. */
  bindSocket(path: string, call: string, now: Instant): Result<Inode> {
    const place = this.#place(path);
    if (typeof place === 'string') return fail(place, call);
    const { name, slash } = place;
    if (name.inode !== undefined) return fail('EADDRINUSE', call);
    if (slash) return fail('ENOENT', call);
    if (this.#ails()) return this.#refuse(call);
    const inode = new Inode('socket', now);
    this.#names.link(name, inode);
    changed(name, now);
    return ok(inode);
  }

  lookup(path: string, call: string): Result<Inode> {
    const found = this.#find(path, call);
    return found.ok ? ok(found.value.inode) : found;
  }

  /** What a power cut leaves, and how many changes and writes were at stake. */
  powerCut(unsynced: Unsynced, prng: Prng): number {
    return this.#names.powerCut(unsynced, prng);
  }

  /** What there would be if nothing more reached the platter, and the changes of names that have not. */
  atStake(): { readonly durable: ReadonlyMap<string, Inode>; readonly changes: readonly NameChange[] } {
    return this.#names.atStake();
  }

  /**
   * A sync that fails, as Linux has it: pages that could not be written are clean afterwards, so what was written before is
   * seen, and no later sync makes it durable.
   */
  failSync(path: string): Result<never> {
    const found = this.#find(path, `sync ${path}`);
    if (!found.ok) return found;
    found.value.inode.failSync();
    return fail('EIO', `sync ${path}`);
  }

  #put(path: string, bytes: Uint8Array, verb: 'write' | 'append', now: Instant): Result<void> {
    const place = this.#place(path);
    if (typeof place === 'string') return fail(place, `${verb} ${path}`);
    const { name, slash, tooLong } = place;
    if (slash || name.directory) return fail('EISDIR', `${verb} ${path}`);
    if (tooLong) return fail('ENAMETOOLONG', `${verb} ${path}`);
    const ails = this.#ails();
    let { inode } = name;
    if (inode === undefined) {
      if (ails) return this.#refuse(`${verb} ${path}`);
      inode = this.#names.create(name, now);
      changed(name, now);
    }
    if (inode.kind === 'socket') return fail('ENXIO', `${verb} ${path}`);
    if (ails && this.condition === 'error') return this.#refuse(`${verb} ${path}`);
    const truncate = verb === 'write';
    // write(2) of no bytes changes nothing; a truncation changes the time even of an empty file.
    if (bytes.length === 0 && !truncate) return DONE;
    // A full disk has no room for the bytes, but the truncation has already happened.
    const room = ails ? EMPTY : bytes;
    if (room.length > 0 || truncate) inode.write(room, truncate, now);
    return room.length < bytes.length ? this.#failed('ENOSPC', `${verb} ${path}`) : DONE;
  }

  /** Whether a call fails; `full`: one that a full disk fails as well. */
  #ails(full = true): boolean {
    if (this.condition === 'sound' || (this.condition === 'full' && !full)) return false;
    if (this.spares === 0) return true;
    this.spares -= 1;
    return false;
  }

  #refuse(call: string): Result<never> {
    return this.#failed(this.condition === 'full' ? 'ENOSPC' : 'EIO', call);
  }

  #failed(code: 'ENOSPC' | 'EIO', call: string): Result<never> {
    this.onFailure();
    return fail(code, call);
  }

  /** What is there. */
  #find(path: string, call: string): Result<Found> {
    const place = this.#place(path);
    if (typeof place === 'string') return fail(place, call);
    const { name, tooLong, slash } = place;
    if (tooLong) return fail('ENAMETOOLONG', call);
    if (!isFound(name)) return fail('ENOENT', call);
    return slash && !name.directory ? fail('ENOTDIR', call) : ok(name);
  }

  /** Where a path leads, if all but its last name exists. */
  #place(path: string): ResolvedName | HostErrorCode {
    return this.#known(path) ?? this.#walk(path);
  }

  /** Most paths are as they are kept, and what is in a directory that exists needs no look at those above it. */
  #known(path: string): Name | undefined {
    const known = this.#names.at(path);
    return known?.parent.directory === true && known.path.length > 1 ? known : undefined;
  }

  /** IEEE Std 1003.1, 4.16: every name that something follows, be it `.`, `..` or a slash, must be that of a directory. */
  #walk(path: string): ResolvedName | HostErrorCode {
    if (isUnfit(path)) return 'EINVAL';
    if (path === '') return 'ENOENT';
    if (isTooLongPath(path)) return 'ENAMETOOLONG';
    const parts = path.split('/').filter(part => part !== '');
    const last = parts.pop() ?? '.';
    let here = this.#names.root;
    for (const part of parts) {
      if (part !== '.' && part !== '..' && isTooLongName(part)) return 'ENAMETOOLONG';
      const next = this.#step(here, part);
      if (next.inode === undefined) return 'ENOENT';
      if (!next.directory) return 'ENOTDIR';
      here = next;
    }
    const dots = last === '.' || last === '..';
    return { name: this.#step(here, last), dots, slash: path.endsWith('/'), tooLong: isTooLongName(last) };
  }

  #step(from: Name, part: string): Name {
    if (part === '.') return from;
    return part === '..' ? from.parent : this.#names.named(from.path === '/' ? `/${part}` : `${from.path}/${part}`);
  }
}

type Found = Name & { readonly inode: Inode };
const isFound = (name: Name): name is Found => name.inode !== undefined;

/** A name has come to a directory, or gone. */
const changed = (name: Name, now: Instant): void => name.parent.inode?.touch(now);

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
