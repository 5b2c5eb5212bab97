/**
 * The disk of one machine: names and files as processes see them, and as they would be found after a power cut. `sync` of a
 * file makes its content durable, `sync` of a directory its names: POSIX promises no more.
 * Lacks: hard and symbolic links, permissions, sparse files, and bit rot.
 * May import: host.
 */

import { EMPTY, utf8 } from '../host/bytes.ts';
import type { FileStatus } from '../host/host.ts';
import { DONE, fail, ok, type Result } from '../host/result.ts';
import type { Instant } from '../host/time.ts';
import { Inode, type Unsynced } from './inode.ts';
import { type Name, Names } from './names.ts';
import type { Prng } from './prng.ts';

/** NAME_MAX and PATH_MAX of Linux, in bytes; the second counts a NUL. */
const NAME_MAX = 255;
const PATH_MAX = 4_096;

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
    const { kind, content } = found.value;
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

  rename(from: string, to: string): Result<void> {
    const origin = this.#place(from, 'rename', from, to);
    if (!origin.ok) return origin;
    const source = origin.value.inode;
    if (source === undefined) return fail('ENOENT', `rename ${from} ${to}`);
    const place = this.#place(to, 'rename', from, to);
    if (!place.ok) return place;
    const target = place.value.inode;
    if (target === source) return DONE;
    if (source.kind !== 'file' || place.value.directory || to.endsWith('/')) {
      const wrong = this.#wrongMove(origin.value, place.value, to);
      if (wrong !== undefined) return fail(wrong, `rename ${from} ${to}`);
    }
    this.#names.rename(origin.value, place.value);
    return DONE;
  }

  /** Why one thing, which is there, cannot take the place of another. */
  #wrongMove(from: Name, to: Name, written: string): 'EINVAL' | 'ENOTDIR' | 'EISDIR' | 'ENOTEMPTY' | undefined {
    const directory = from.inode?.kind === 'directory';
    // Linux answers EBUSY for the root.
    if (from.path === '/') return 'EINVAL';
    if (!directory && written.endsWith('/')) return 'ENOTDIR';
    if (directory && to.path.startsWith(`${from.path}/`)) return 'EINVAL';
    if (to.inode === undefined) return undefined;
    if (to.inode.kind !== 'directory') return directory ? 'ENOTDIR' : undefined;
    if (!directory) return 'EISDIR';
    return this.#names.children(to).length > 0 ? 'ENOTEMPTY' : undefined;
  }

  unlink(path: string): Result<void> {
    const place = this.#place(path, 'unlink');
    if (!place.ok) return place;
    const { inode } = place.value;
    if (inode === undefined) return fail('ENOENT', `unlink ${path}`);
    // Linux answers EISDIR here where POSIX says EPERM.
    if (inode.kind === 'directory') return fail('EISDIR', `unlink ${path}`);
    this.#names.unlink(place.value);
    return DONE;
  }

  makeDirectory(path: string, now: Instant): Result<void> {
    const place = this.#place(path, 'mkdir');
    if (!place.ok) return place;
    if (place.value.inode !== undefined) return fail('EEXIST', `mkdir ${path}`);
    if (this.condition !== 'sound') return this.#refuse(`mkdir ${path}`);
    this.#names.link(place.value, new Inode('directory', now));
    return DONE;
  }

  list(path: string): Result<readonly string[]> {
    const place = this.#place(path, 'list');
    if (!place.ok) return place;
    const { inode } = place.value;
    if (inode === undefined) return fail('ENOENT', `list ${path}`);
    if (inode.kind !== 'directory') return fail('ENOTDIR', `list ${path}`);
    return ok(this.#names.children(place.value));
  }

  stat(path: string): Result<FileStatus> {
    const found = this.#find(path, 'stat');
    if (!found.ok) return found;
    const { kind, content, modified } = found.value;
    return ok({ kind, size: kind === 'file' ? content.length : 0, modified });
  }

  sync(path: string): Result<void> {
    const found = this.#find(path, 'sync');
    if (!found.ok) return found;
    if (this.condition === 'error') return this.#failed('EIO', `sync ${path}`);
    const inode = found.value;
    if (inode.kind === 'socket') return fail('ENXIO', `sync ${path}`);
    if (inode.kind === 'directory') this.#names.sync(normalize(path));
    inode.sync();
    return DONE;
  }

  /** The file of a Unix-domain socket, made by bind. EADDRINUSE when the path exists, whatever it is. */
  bindSocket(path: string, call: string, now: Instant): Result<Inode> {
    const place = this.#place(path, call, '');
    if (!place.ok) return place;
    if (place.value.inode !== undefined) return fail('EADDRINUSE', call);
    if (this.condition !== 'sound') return this.#refuse(call);
    const inode = new Inode('socket', now);
    this.#names.link(place.value, inode);
    return ok(inode);
  }

  lookup(path: string, call: string): Result<Inode> {
    return this.#find(path, call, '');
  }

  /** What a power cut leaves, and how many changes and writes were at stake. */
  powerCut(unsynced: Unsynced, prng: Prng): number {
    return this.#names.powerCut(unsynced, prng);
  }

  #put(path: string, bytes: Uint8Array, verb: 'write' | 'append', now: Instant): Result<void> {
    const place = this.#place(path, verb);
    if (!place.ok) return place;
    let { inode } = place.value;
    if (inode === undefined) {
      if (path.endsWith('/')) return fail('EISDIR', `${verb} ${path}`);
      if (this.condition !== 'sound') return this.#refuse(`${verb} ${path}`);
      inode = this.#names.create(place.value, now);
    }
    if (inode.kind === 'directory') return fail('EISDIR', `${verb} ${path}`);
    if (inode.kind === 'socket') return fail('ENXIO', `${verb} ${path}`);
    if (this.condition === 'error') return this.#refuse(`${verb} ${path}`);
    // A full disk has no room for the bytes, but the truncation has already happened.
    const room = this.condition === 'full' ? EMPTY : bytes;
    inode.write(room, verb === 'write', now);
    return room.length < bytes.length ? this.#failed('ENOSPC', `${verb} ${path}`) : DONE;
  }

  #refuse(call: string): Result<never> {
    return this.#failed(this.condition === 'full' ? 'ENOSPC' : 'EIO', call);
  }

  #failed(code: 'ENOSPC' | 'EIO', call: string): Result<never> {
    this.onFailure();
    return fail(code, call);
  }

  #find(path: string, verb: string, first: string = path): Result<Inode> {
    const place = this.#place(path, verb, first);
    if (!place.ok) return place;
    const { inode } = place.value;
    return inode === undefined ? fail('ENOENT', callOf(verb, first)) : ok(inode);
  }

  /** The name of a path whose directory exists. `verb`, `first` and `second` are the call, for messages. */
  #place(path: string, verb: string, first: string = path, second?: string): Result<Name> {
    // Most paths are as they are kept, and what is in a directory that exists needs no look at those above it.
    const known = this.#names.at(path);
    if (known?.parent.directory === true) return ok(known);
    if (path === '') return fail('ENOENT', callOf(verb, first, second));
    if (path.length * 3 >= NAME_MAX && tooLong(path)) return fail('ENAMETOOLONG', callOf(verb, first, second));
    const parts: string[] = [];
    let normal = '/';
    // IEEE Std 1003.1, 4.16: every name that something follows, be it `.`, `..` or a slash, must be that of a directory.
    for (const part of path.split('/')) {
      const here = this.#names.at(normal)?.inode;
      if (here !== undefined && here.kind !== 'directory') return fail('ENOTDIR', callOf(verb, first, second));
      if (part === '') continue;
      if (here === undefined) return fail('ENOENT', callOf(verb, first, second));
      if (part === '.') continue;
      if (part === '..') parts.pop();
      else parts.push(part);
      normal = `/${parts.join('/')}`;
    }
    return ok(this.#names.named(normal === path ? path : normal));
  }
}

const callOf = (verb: string, first: string, second?: string): string =>
  [verb, first, second].filter(part => part !== undefined && part !== '').join(' ');

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
