/**
 * utmp(5), the file in which Linux keeps account of who is logged in, with what it says and what the terminals add.
 * Lacks: systemd's own list of sessions, which new systems keep instead.
 */
import fs from 'node:fs';
import type { Login } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import { instantOf, micros } from '../host/time.ts';
import { hostError } from './errors.ts';

/** utmp(5); /run is what /var/run has become. */
const UTMP_PATHS = ['/var/run/utmp', '/run/utmp'];
/** struct utmp of glibc on Linux, the same for 32 and 64 bits: utmp(5), bits/types/struct_utmp.h. */
const UTMP = { size: 384, type: 0, line: 8, user: 44, text: 32, seconds: 340, microseconds: 344 } as const;
const USER_PROCESS = 7;
/** A file beyond it is not read: 4096 people. */
const UTMP_LIMIT = UTMP.size * 4_096;

/** `path` is read instead of that of this machine. */
export function readUtmp(named?: string): Result<readonly Login[]> {
  const path = named ?? UTMP_PATHS.find(each => fs.existsSync(each));
  if (path === undefined) return fail('ENOENT', `read ${UTMP_PATHS[0]}`);
  try {
    return ok(parseUtmp(fs.readFileSync(path).subarray(0, UTMP_LIMIT)));
  } catch (thrown) {
    return { ok: false, error: hostError(thrown, `read ${path}`) };
  }
}

/** What is left over at the end of a file that is being written is no record. */
export function parseUtmp(bytes: Buffer): readonly Login[] {
  const logins: Login[] = [];
  for (let at = 0; at + UTMP.size <= bytes.length; at += UTMP.size) {
    const user = textAt(bytes, at + UTMP.user);
    if (bytes.readInt16LE(at + UTMP.type) !== USER_PROCESS || user === '') continue;
    const line = textAt(bytes, at + UTMP.line);
    const since = instantOf(bytes.readUInt32LE(at + UTMP.seconds) * 1_000_000 + bytes.readInt32LE(at + UTMP.microseconds));
    logins.push({ line, user, since, idle: idleOf(line) });
  }
  return logins;
}

function textAt(bytes: Buffer, at: number): string {
  const field = bytes.subarray(at, at + UTMP.text);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? UTMP.text : end).toString('latin1');
}

/** A line that is no name below /dev has no node: it comes from a file that others may write. */
function idleOf(line: string): Login['idle'] {
  if (line === '' || line.startsWith('/') || line.split('/').includes('..')) return undefined;
  try {
    return micros((Date.now() - fs.statSync(`/dev/${line}`).atimeMs) * 1_000);
  } catch {
    return undefined;
  }
}

/** What parseUtmp would read, less idleness. Line and user are cut to their fields; `since` is in seconds. */
export function encodeUtmp(people: readonly { readonly line: string; readonly user: string; readonly since: number }[]): Buffer {
  const bytes = Buffer.alloc(UTMP.size * people.length);
  for (const [index, { line, user, since }] of people.entries()) {
    const at = index * UTMP.size;
    bytes.writeInt16LE(USER_PROCESS, at + UTMP.type);
    bytes.write(line, at + UTMP.line, UTMP.text, 'latin1');
    bytes.write(user, at + UTMP.user, UTMP.text, 'latin1');
    bytes.writeUInt32LE(since, at + UTMP.seconds);
  }
  return bytes;
}
