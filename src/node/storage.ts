/**
 * Files, over the synchronous calls of node:fs: each is complete when it returns, as the contract says.
 * Relative paths are relative to the working directory of the OS process. `list` gives the order of the directory itself.
 * No call waits, whatever somebody else has put at the path: what is neither a file, a directory nor a socket is an empty file
 * to a reader, and a FIFO that nobody reads cannot be opened by a writer.
 * Lacks: names that are not UTF-8; files of more than READ_LIMIT bytes, which cannot be read (EIO).
 */
import fs from 'node:fs';
import { isUnfit } from '../host/arguments.ts';
import { EMPTY } from '../host/bytes.ts';
import type { Crossing, EventData } from '../host/event.ts';
import type { FileStatus, Storage } from '../host/host.ts';
import { DONE, fail, ok, type Result } from '../host/result.ts';
import { instantOf } from '../host/time.ts';
import { type Crossings, outcome } from './crossings.ts';
import { refuse } from './errors.ts';
import type { Image } from './guard.ts';

export class NodeStorage implements Storage {
  readonly #image: Image;
  readonly #crossings: Crossings;

  constructor(image: Image, crossings: Crossings) {
    this.#image = image;
    this.#crossings = crossings;
  }

  read(path: string): Result<Uint8Array> {
    return this.#call('read', { path }, () => open(path, O_RDONLY, content));
  }

  write(path: string, bytes: Uint8Array): Result<void> {
    return this.#call('write', { path }, () => open(path, CREATE | O_TRUNC, file => fs.writeFileSync(file, bytes)), bytes);
  }

  append(path: string, bytes: Uint8Array): Result<void> {
    return this.#call('append', { path }, () => open(path, CREATE | O_APPEND, file => fs.writeFileSync(file, bytes)), bytes);
  }

  rename(from: string, to: string): Result<void> {
    return this.#call('rename', { path: from, to }, () => fs.renameSync(from, to));
  }

  unlink(path: string): Result<void> {
    return this.#call('unlink', { path }, () => fs.unlinkSync(path));
  }

  makeDirectory(path: string): Result<void> {
    return this.#call('mkdir', { path }, () => fs.mkdirSync(path));
  }

  list(path: string): Result<readonly string[]> {
    return this.#call('list', { path }, () => names(path));
  }

  stat(path: string): Result<FileStatus> {
    return this.#call('stat', { path }, () => status(path));
  }

  sync(path: string): Result<void> {
    return this.#call('sync', { path }, () => open(path, O_RDONLY, fs.fsyncSync));
  }

  #call<T>(kind: Crossing, data: EventData & Named, operation: () => T, bytes?: Uint8Array): Result<T> {
    this.#image.check();
    const call = `${kind} ${data.path}`;
    const result = isUnfit(data.path) || isUnfit(data.to ?? '') ? fail('EINVAL', call) : attempt(operation, call);
    this.#crossings.report(kind, outcome(data, result.ok ? undefined : result.error), undefined, bytes?.slice());
    return result;
  }
}

/** Paths a call names. */
interface Named {
  readonly path: string;
  readonly to?: string;
}

function attempt<T>(operation: () => T, call: string): Result<T> {
  try {
    const value = operation();
    // DONE is the Result<void>; `undefined` is then the only T there is.
    return value === undefined ? (DONE as Result<T>) : ok(value);
  } catch (thrown) {
    return refuse(thrown, call);
  }
}

/** Waits for nobody: O_NONBLOCK is for what is no file. */
function open<T>(path: string, flags: number, use: (descriptor: number) => T): T {
  const descriptor = fs.openSync(path, flags | O_NONBLOCK);
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Up to the end: the size that the kernel tells is 0 for the files of /proc. */
function content(descriptor: number): Uint8Array {
  const found = fs.fstatSync(descriptor);
  if (!found.isFile() && !found.isDirectory()) return EMPTY;
  if (found.size > READ_LIMIT) throw new Error(`more than ${READ_LIMIT} bytes`);
  return plain(fs.readFileSync(descriptor));
}

/** opendir, not readdir: libuv sorts what readdir gives, and a daemon might come to rely on it. */
function names(path: string): readonly string[] {
  const directory = fs.opendirSync(path);
  try {
    const found: string[] = [];
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) found.push(entry.name);
    return found;
  } finally {
    directory.closeSync();
  }
}

function status(path: string): FileStatus {
  const found = fs.statSync(path, { bigint: true });
  const modified = instantOf(Number(found.mtimeNs / 1_000n));
  if (found.isDirectory()) return { kind: 'directory', size: 0, modified };
  if (found.isSocket()) return { kind: 'socket', size: 0, modified };
  return { kind: 'file', size: found.isFile() ? Number(found.size) : 0, modified };
}

/** What a daemon can be made to hold by whoever may write its files. */
export const READ_LIMIT: number = 2 ** 28;

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = fs.constants;
const CREATE = O_WRONLY | O_CREAT;

/** A daemon must not come to know Buffer, whose methods differ (slice shares). */
export const plain = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
