/**
 * Paths that a user named, looked at before any work begins: a path that cannot be used ends the command with one line that says
 * which, why, and what to do. Whether a file can be made somewhere is found out by making one; the kernel knows better than we do.
 * Lacks: what becomes of a place later on; who writes there says so.
 */
import fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { printable } from '../src/host/bytes.ts';
import { codeOf } from '../src/node/errors.ts';
import { type Stop, usage } from './exit.ts';

/** What a descriptor of this process is called; a shell's >(…) is one. Opening it again waits for nobody. */
const DESCRIPTOR = /^\/(?:dev\/(?:std(?:in|out|err)|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** Beside the folder or file of the user, for a moment; of this process alone. */
const PROBE = `.slipway-${process.pid}.probe`;

/** `option`: what the user typed before the path, or what the path is. */
function unusable(option: string, path: string, why: string): Stop {
  return usage(`${option} ${printable(path === '' ? "''" : path, 300)}: ${why}`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it cannot be made there; name a folder of a file system that keeps files',
  ENOTDIR: 'a part of the path is a file; name another path',
  EEXIST: 'a file is there; name another path, or remove it',
  EISDIR: 'it is a folder; name a file',
  EACCES: 'permission denied; name a place you may write to',
  EPERM: 'not permitted; name a place you may write to',
  EROFS: 'the file system is read-only; name a place you may write to',
  ENAMETOOLONG: 'the name is too long; name a shorter path',
  ELOOP: 'too many links; name the file itself',
  ENOSPC: 'no space is left there; make some, or name another place',
};

const because = (thrown: unknown): string => `${codeOf(thrown)}: ${REASONS[codeOf(thrown)] ?? 'it cannot be used; name another path'}`;

/** The folder is there in the end, and files can be made in it. */
export function requireFolder(option: string, path: string): void {
  if (path === '' || path.includes('\0')) throw unusable(option, path, 'names no folder');
  try {
    makeFolder(path);
    makeNothing(join(path, PROBE));
  } catch (thrown) {
    throw unusable(option, path, because(thrown));
  }
}

/**
 * As `mkdir -p`. Node's own goes round for ever where a file system says ENOENT of a name in a folder that is there, as /proc does.
 * Here each part of the path is made at most once.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let folder = resolve(path);
  while (fs.lstatSync(folder, { throwIfNoEntry: false }) === undefined && dirname(folder) !== folder) {
    missing.push(folder);
    folder = dirname(folder);
  }
  // statSync follows a link: what is no folder in the end throws here or in the next mkdir.
  if (!fs.statSync(folder).isDirectory())
    throw Object.assign(new Error('not a folder'), { code: missing.length > 0 ? 'ENOTDIR' : 'EEXIST' });
  for (const each of missing.reverse()) makeOne(each);
}

/** Somebody else may have been faster. */
function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST' || !fs.statSync(folder).isDirectory()) throw thrown;
  }
}

function makeNothing(path: string): void {
  fs.closeSync(fs.openSync(path, 'wx'));
  fs.unlinkSync(path);
}

/** A file can be written there; its folder is there in the end. */
export function requireWritable(option: string, path: string): void {
  if (path === '' || path.includes('\0')) throw unusable(option, path, 'names no file');
  try {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    if (found === undefined) requireRoom(option, path);
    else if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    else if (isPipe(found) && !isDescriptor(path)) throw unusable(option, path, 'a pipe or socket, which may wait for ever; name a file');
    else fs.closeSync(fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK));
    if (found?.isFile() === true) makeNothing(join(dirname(path), PROBE));
  } catch (thrown) {
    if (thrown instanceof Error) throw unusable(option, path, because(thrown));
    throw thrown;
  }
}

function requireRoom(option: string, path: string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    throw unusable(option, path, 'a link to nothing; remove it, or name the file itself');
  if (path.endsWith('/')) throw unusable(option, path, 'names a folder; name a file');
  makeFolder(dirname(path));
  // The very name, lest it is too long or not allowed.
  makeNothing(path);
}

/** A file, or what a shell put into a descriptor, can be read from there. */
export function requireReadable(option: string, path: string): void {
  if (path === '' || path.includes('\0')) throw unusable(option, path, 'names no file');
  let found: fs.Stats;
  try {
    found = fs.statSync(path);
  } catch (thrown) {
    throw unusable(
      option,
      path,
      `cannot be read: ${codeOf(thrown)}: ${codeOf(thrown) === 'ENOENT' ? 'there is no such file' : 'name another'}`,
    );
  }
  if (found.isDirectory()) throw unusable(option, path, 'cannot be read: EISDIR: it is a folder; name a file');
  if (!found.isFile() && !isDescriptor(path)) throw unusable(option, path, 'not a file, and what it gives may never end; name a file');
}

/** The folder is there. */
export function requireDirectory(option: string, path: string): void {
  const found = path.includes('\0') ? undefined : fs.statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw unusable(option, path, 'there is no such folder; make it, or name another');
  if (!found.isDirectory()) throw unusable(option, path, 'not a folder; name one');
}

const isPipe = (found: fs.Stats): boolean => found.isFIFO() || found.isSocket();
const isDescriptor = (path: string): boolean => DESCRIPTOR.test(path);

/** A file that is being made beside the one that it will be. */
interface Part {
  readonly path: string;
  /** It is whole. */
  keep(): void;
  /** It will not be. */
  drop(): void;
}

/** Where what goes into a file is written, piece by piece: the whole of it in the end, or the file is as it was. */
export function partOf(path: string): Part {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  // A pipe or a device has no place beside it.
  if (found !== undefined && !found.isFile()) return { path, keep: () => {}, drop: () => {} };
  // The file itself where the path is a link to it.
  const target = found === undefined ? path : fs.realpathSync(path);
  const part = join(dirname(target), `.slipway-${process.pid}.${basename(target).slice(-PART_NAME)}`);
  return { path: part, keep: () => fs.renameSync(part, target), drop: () => fs.rmSync(part, { force: true }) };
}

/** The same, at once. Where the system refuses it, that ends the command with one line. */
export function writtenWhole(path: string, write: (path: string) => void): void {
  const part = partOf(path);
  try {
    write(part.path);
    part.keep();
  } catch (thrown) {
    part.drop();
    throw thrown instanceof Error && 'syscall' in thrown ? unwritable(path, thrown) : thrown;
  }
}

export const unwritable = (path: string, thrown: unknown): Stop => usage(`${printable(path, 300)}: cannot be written: ${because(thrown)}`);

/** Characters of the name that the part keeps, its ending among them: that says whether it is packed. */
const PART_NAME = 40;
