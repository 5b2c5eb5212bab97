/**
 * The module Agent (R6): what is exported is delivered, once, to a file outside of the log. It says so before, and after a crash looks
 * whether it was done. A file has the deliveries of all users, a line each: USER HOST EPOCH MSGID DATA.
 */
import { concat, equalBytes, utf8 } from '../../host/bytes.ts';
import type { Result } from '../../host/result.ts';
import { type Call, type Declaration, type Disk, ErrorExit, type PlugIn } from './plug-ins.ts';
import { bytesOf, textOf } from './text.ts';
import { OBJECT_BYTES_MAX } from './wire.ts';

const FOLDER = 'agents';
/** No object has this name: it does not begin as one. */
const UNFINISHED = 'new';
const LF = 0x0a;
const ONE_LINE = /^[\t\x20-\x7e\x80-\xff]*$/;

const folderOf = ({ folder }: Disk): string => `${folder}/${FOLDER}`;
/** The name has no slash in it (R6). */
const pathOf = (disk: Disk, object: string): string => `${folderOf(disk)}/${object}`;

/** What was delivered so far; nothing where there is no file. */
function delivered(disk: Disk, object: string): Result<Uint8Array> {
  const file = disk.storage.read(pathOf(disk, object));
  return file.ok || file.error.code !== 'ENOENT' ? file : { ok: true, value: new Uint8Array(0) };
}

/** Of this user alone. */
function importDeliveries({ user, object, output, disk }: Call): void {
  const file = delivered(disk, object);
  if (!file.ok) throw new ErrorExit(`${object} cannot be read: ${file.error.code}`);
  const lines = textOf(file.value)
    .split('\n')
    .filter(line => line.startsWith(`${user} `));
  const body = bytesOf(lines.map(line => `${line}\n`).join(''));
  if (body.length > OBJECT_BYTES_MAX) throw new ErrorExit(`${body.length} bytes were delivered; at most ${OBJECT_BYTES_MAX} can be told`);
  output.write(body);
}

function deliver({ user, host, place, data, output, declare }: Call): void {
  const text = textOf(data);
  if (text === '' || !ONE_LINE.test(text)) throw new ErrorExit('DATA of a delivery is one line, and not empty');
  const { epoch, number } = place ?? { epoch: 0, number: 0 };
  declare('deliver', bytesOf(`${user} ${host === '' ? '-' : host} ${epoch} ${number} ${text}\n`));
  output.write(utf8('delivered\n'));
}

function act(disk: Disk, { object, data }: Declaration): Result<void> {
  const before = delivered(disk, object);
  return before.ok ? replace(disk, object, concat([wholeLines(before.value), data])) : before;
}

/** A line is of one request alone: whatever has it has done it. It may be there and not be durable, whatever a later sync says. */
function recover(disk: Disk, { object, data }: Declaration): Result<void> {
  const before = delivered(disk, object);
  if (!before.ok) return before;
  const lines = wholeLines(before.value);
  return replace(disk, object, hasLine(lines, data) ? lines : concat([lines, data]));
}

/**
 * Durable, or as it was. Nothing is appended: a power cut could leave all of a line but its end, and behind a sync that has failed nothing
 * can be told of what is there.
 */
function replace(disk: Disk, object: string, content: Uint8Array): Result<void> {
  const { storage } = disk;
  const fresh = `${folderOf(disk)}/${UNFINISHED}`;
  const made = storage.makeDirectory(folderOf(disk));
  if (!made.ok && made.error.code !== 'EEXIST') return made;
  const written = storage.write(fresh, content);
  const synced = written.ok ? storage.sync(fresh) : written;
  const renamed = synced.ok ? storage.rename(fresh, pathOf(disk, object)) : synced;
  const named = renamed.ok ? storage.sync(folderOf(disk)) : renamed;
  return named.ok ? storage.sync(disk.folder) : named;
}

/** What is behind the last of them is of a file that was not written whole. */
const wholeLines = (file: Uint8Array): Uint8Array => file.subarray(0, file.lastIndexOf(LF) + 1);

/** `line` with its end. */
function hasLine(file: Uint8Array, line: Uint8Array): boolean {
  for (let at = 0; at < file.length; ) {
    const end = file.indexOf(LF, at);
    if (end < 0) return false;
    if (equalBytes(file.subarray(at, end + 1), line)) return true;
    at = end + 1;
  }
  return false;
}

export const agent: PlugIn = { id: 'Agent__', import: importDeliveries, export: deliver, recover, command: undefined, act };
