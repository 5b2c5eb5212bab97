/**
 * The disk of one machine: names and files as processes see them, and as they would be found after a power cut. `sync` of a
 * file makes its content durable, `sync` of a directory its names: POSIX promises no more.
 * Lacks: hard and symbolic links, permissions, sparse files, and bit rot.
 * May import: host.
 */

import { isTooLongName, isTooLongPath, isUnfit } from '../host/arguments.ts';
import { EMPTY } from '../host/bytes.ts';
import type { FileStatus } from '../host/host.ts';
import { DONE, fail, type HostErrorCode, ok, type Result } from '../host/result.ts';
import type { Instant } from '../host/time.ts';
import { Inode, type Unsynced } from './inode.ts';
import { type Name, Names } from './names.ts';
import type { Prng } from './prng.ts';

/** What may stand in the way of a write; the nemesis sets it. */
export type DiskCondition = 'sound' | 'full' | 'error';

export class Disk {
  readonly #names = new Names();
  condition: DiskCondition = 'sound';
  /** Told whenever `condition` made a call fail. */
  onFailure: () => void = () => {};

  read(path: string): Result<Uint8Array> {
    const found = this.#find(path, 'read');
    if (!found.ok) return found;
    const { kind, content } = found.value.inode;
    if (kind === 'directory') return fail('EISDIR', `read ${path}`);
    if (kind === 'socket') return fail('ENXIO', `read ${path}`);
    if (this.condition === 'error') return this.#failed('EIO', `read ${path}`);
    return ok(content.bytes());
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
    const call = `rename ${from} ${to}`;
    const origin = this.#place(from, call, '');
    if (!origin.ok) return origin;
    const target = this.#place(to, call, '');
    if (!target.ok) return target;
    const wrong = this.#wrongMove(origin.value, target.value);
    if (wrong !== undefined) return fail(wrong, call);
    const [name, place] = [origin.value.name, target.value.name];
    if (name.inode === place.inode) return DONE;
    this.#names.rename(name, place);
    changed(name, now);
    changed(place, now);
    return DONE;
  }

  /** Why one thing cannot take the place of another, in the order in which Linux asks (fs/namei.c, do_renameat2). */
  #wrongMove(from: Place, to: Place): HostErrorCode | undefined {
    const [source, target] = [from.name.inode, to.name.inode];
    if (from.dots || to.dots) return 'EBUSY';
    if (from.tooLong) return 'ENAMETOOLONG';
    if (source === undefined) return 'ENOENT';
    if (to.tooLong) return 'ENAMETOOLONG';
    const directory = source.kind === 'directory';
    if (!directory && (from.slash || to.slash)) return 'ENOTDIR';
    if (to.name.path.startsWith(`${from.name.path}/`)) return 'EINVAL';
    if (from.name.path.startsWith(`${to.name.path}/`)) return 'ENOTEMPTY';
    if (target === undefined || target === source) return undefined;
    if (target.kind !== 'directory') return directory ? 'ENOTDIR' : undefined;
    if (!directory) return 'EISDIR';
    return this.#names.children(to.name).length > 0 ? 'ENOTEMPTY' : undefined;
  }

  unlink(path: string, now: Instant): Result<void> {
    const place = this.#place(path, 'unlink');
    if (!place.ok) return place;
    const { name, tooLong, slash } = place.value;
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
    const place = this.#place(path, 'mkdir');
    if (!place.ok) return place;
    const { name, tooLong } = place.value;
    if (tooLong) return fail('ENAMETOOLONG', `mkdir ${path}`);
    if (name.inode !== undefined) return fail('EEXIST', `mkdir ${path}`);
    if (this.condition !== 'sound') return this.#refuse(`mkdir ${path}`);
    this.#names.link(name, new Inode('directory', now));
    changed(name, now);
    return DONE;
  }

  list(path: string): Result<readonly string[]> {
    const found = this.#find(path, 'list');
    if (!found.ok) return found;
    if (!found.value.directory) return fail('ENOTDIR', `list ${path}`);
    return ok(this.#names.children(found.value));
  }

  stat(path: string): Result<FileStatus> {
    const found = this.#find(path, 'stat');
    if (!found.ok) return found;
    const { kind, content, modified } = found.value.inode;
    return ok({ kind, size: kind === 'file' ? content.length : 0, modified });
  }

  sync(path: string): Result<void> {
    const found = this.#find(path, 'sync');
    if (!found.ok) return found;
    if (this.condition === 'error') return this.#failed('EIO', `sync ${path}`);
    const { inode } = found.value;
    if (inode.kind === 'socket') return fail('ENXIO', `sync ${path}`);
    if (inode.kind === 'directory') this.#names.sync(found.value.path);
    inode.sync();
    return DONE;
  }

  /** The file of a Unix-domain socket, made by bind. EADDRINUSE when the path exists, whatever it is. */
  bindSocket(path: string, call: string, now: Instant): Result<Inode> {
    const place = this.#place(path, call, '');
    if (!place.ok) return place;
    const { name, slash } = place.value;
    if (name.inode !== undefined) return fail('EADDRINUSE', call);
    if (slash) return fail('ENOENT', call);
    if (this.condition !== 'sound') return this.#refuse(call);
    const inode = new Inode('socket', now);
    this.#names.link(name, inode);
    changed(name, now);
    return ok(inode);
  }

  lookup(path: string, call: string): Result<Inode> {
    const found = this.#find(path, call, '');
    return found.ok ? ok(found.value.inode) : found;
  }

  /** What a power cut leaves, and how many changes and writes were at stake. */
  powerCut(unsynced: Unsynced, prng: Prng): number {
    return this.#names.powerCut(unsynced, prng);
  }

  #put(path: string, bytes: Uint8Array, verb: 'write' | 'append', now: Instant): Result<void> {
    const place = this.#place(path, verb);
    if (!place.ok) return place;
    const { name, slash, tooLong } = place.value;
    if (slash || name.directory) return fail('EISDIR', `${verb} ${path}`);
    if (tooLong) return fail('ENAMETOOLONG', `${verb} ${path}`);
    let { inode } = name;
    if (inode === undefined) {
      if (this.condition !== 'sound') return this.#refuse(`${verb} ${path}`);
      inode = this.#names.create(name, now);
      changed(name, now);
    }
    if (inode.kind === 'socket') return fail('ENXIO', `${verb} ${path}`);
    if (this.condition === 'error') return this.#refuse(`${verb} ${path}`);
    const truncate = verb === 'write';
    // write(2) of no bytes changes nothing; a truncation changes the time even of an empty file.
    if (bytes.length === 0 && !truncate) return DONE;
    // A full disk has no room for the bytes, but the truncation has already happened.
    const room = this.condition === 'full' ? EMPTY : bytes;
    if (room.length > 0 || truncate) inode.write(room, truncate, now);
    return room.length < bytes.length ? this.#failed('ENOSPC', `${verb} ${path}`) : DONE;
  }

  #refuse(call: string): Result<never> {
    return this.#failed(this.condition === 'full' ? 'ENOSPC' : 'EIO', call);
  }

  #failed(code: 'ENOSPC' | 'EIO', call: string): Result<never> {
    this.onFailure();
    return fail(code, call);
  }

  /** What is there. */
  #find(path: string, verb: string, first: string = path): Result<Found> {
    const known = this.#known(path);
    if (known !== undefined && isFound(known)) return ok(known);
    const place = this.#place(path, verb, first);
    if (!place.ok) return place;
    const { name, tooLong, slash } = place.value;
    if (tooLong) return fail('ENAMETOOLONG', callOf(verb, first));
    if (!isFound(name)) return fail('ENOENT', callOf(verb, first));
    return slash && !name.directory ? fail('ENOTDIR', callOf(verb, first)) : ok(name);
  }

  /** Where a path leads, if all but its last name exists. `verb` and `first` are the call, for messages. */
  #place(path: string, verb: string, first: string = path): Result<Place> {
    const known = this.#known(path);
    if (known !== undefined) return ok(placeOf(known));
    const place = this.#walk(path);
    return typeof place === 'string' ? fail(place, callOf(verb, first)) : ok(place);
  }

  /** Most paths are as they are kept, and what is in a directory that exists needs no look at those above it. */
  #known(path: string): Name | undefined {
    const known = this.#names.at(path);
    return known?.parent.directory === true && known.path.length > 1 ? known : undefined;
  }

  /** IEEE Std 1003.1, 4.16: every name that something follows, be it `.`, `..` or a slash, must be that of a directory. */
  #walk(path: string): Place | HostErrorCode {
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

/** A path after all but its last name was looked up. */
interface Place {
  readonly name: Name;
  /** It ends in `.` or `..`, or is the root. */
  readonly dots: boolean;
  /** Slashes follow. */
  readonly slash: boolean;
  /** The kernel finds that out when it looks the name up, and not before. */
  readonly tooLong: boolean;
}

const placeOf = (name: Name): Place => ({ name, dots: false, slash: false, tooLong: false });

type Found = Name & { readonly inode: Inode };
const isFound = (name: Name): name is Found => name.inode !== undefined;

/** A name has come to a directory, or gone. */
const changed = (name: Name, now: Instant): void => name.parent.inode?.touch(now);

const callOf = (verb: string, first: string): string => (first === '' ? verb : `${verb} ${first}`);

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
