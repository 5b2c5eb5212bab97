/**
 * What a reader finds in the spool: the records of all hosts, in the order of the directory.
 * Lacks: what is made of them (ruptime.ts, rwho.ts).
 */
import { utf8 } from '../../../host/bytes.ts';
import type { Storage } from '../../../host/host.ts';
import type { HostErrorCode } from '../../../host/result.ts';
import { HEADER, REPORT_MAX } from '../wire.ts';
import type { Variant } from './variant.ts';

export const SPOOL = '/var/spool/rwho';
export const PREFIX = 'whod.';
/** Files of one spool that are looked at; a receiver keeps fewer. */
export const FILES_LIMIT = 100_000;

export interface Found {
  readonly file: string;
  /** Absent when it could not be read, or is shorter than a header. */
  readonly bytes?: Uint8Array;
  /** The bytes of what is shorter. */
  readonly start?: Uint8Array;
  readonly error?: HostErrorCode;
}

export type Listing = { readonly ok: true; readonly found: readonly Found[] } | { readonly ok: false; readonly error: HostErrorCode };

export function listSpool(storage: Storage, spool: string): Listing {
  const names = storage.list(spool);
  if (!names.ok) return { ok: false, error: names.error.code };
  const files = names.value.filter(name => name.startsWith(PREFIX)).slice(0, FILES_LIMIT);
  return { ok: true, found: files.map(file => find(storage, spool, file)) };
}

function find(storage: Storage, spool: string, file: string): Found {
  const read = storage.read(`${spool}/${file}`);
  if (!read.ok) return { file, error: read.error.code };
  return read.value.length < HEADER ? { file, start: read.value } : { file, bytes: read.value.subarray(0, REPORT_MAX) };
}

/**
 * As readers have it that take a read that failed for a record (RW-33): the header that is still in their buffer. Before the first
 * file that holds nothing anybody could know.
 */
export function leftOver(found: readonly Found[]): readonly Found[] {
  let buffer: Uint8Array | undefined;
  return found.map(each => {
    const read = each.bytes ?? each.start;
    if (read !== undefined) {
      buffer = (buffer ?? new Uint8Array(HEADER)).slice();
      buffer.set(read.subarray(0, HEADER));
    }
    return each.error === 'EISDIR' && buffer !== undefined ? { ...each, bytes: buffer } : each;
  });
}

/** The texts of strerror(3). */
const TEXTS: Readonly<Partial<Record<HostErrorCode, string>>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  EIO: 'Input/output error',
};

export const errorText = (code: HostErrorCode): string => TEXTS[code] ?? code;

/** What goes to the terminal. What the published readers print is bytes, one character each; complaints name files, and are text. */
export const terminalBytes = (lines: readonly string[], { careful }: Pick<Variant, 'careful'>): Uint8Array => {
  const text = lines.map(line => `${line}\n`).join('');
  return careful ? utf8(text) : Uint8Array.from(text, character => character.charCodeAt(0));
};

/** What a command has to say and how it ends. */
export interface Answer {
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly status: number;
}
