/**
 * The folder of a log: which of its files are segments, and what is read at a start. The newest segment counts alone, since it begins
 * with all that still matters of those before it. Reading changes nothing, so a start that is cut short is simply made again.
 * Lacks: a lock against a second process (log.ts notices one); what else lies in the folder, which is left alone.
 */
import type { Storage } from '../../host/host.ts';
import type { HostError } from '../../host/result.ts';
import { type LogRecord, scan } from './segment.ts';

/** Until all of it is durable a segment has this behind its name. */
export const UNFINISHED = '.new';
const SEGMENT = /^log\.(\d{8,15})$/;
const UNFINISHED_SEGMENT = /^log\.\d{8,15}\.new$/;

export const segmentName = (number: number): string => `log.${String(number).padStart(8, '0')}`;

/** What is missing at the end of the newest segment: it had been promised to nobody. */
export interface Cut {
  readonly file: string;
  /** Where the first frame begins that is not whole. */
  readonly offset: number;
  /** How many bytes are not looked at any more. */
  readonly bytes: number;
  readonly what: string;
}

/** Why a log is not used. */
export interface Refusal {
  /** damaged: what was promised is not there. version: of another. unreadable: the kernel says so. */
  readonly why: 'damaged' | 'version' | 'unreadable';
  readonly file: string;
  readonly offset: number;
  readonly what: string;
}

export interface Contents {
  readonly records: readonly LogRecord[];
  readonly cut: Cut | undefined;
  /** It was closed, so whatever is damaged would have been found. */
  readonly sealed: boolean;
  /** Of the newest segment; 0 if there is none. */
  readonly number: number;
  /** Of the next frame. */
  readonly sequence: number;
}

export type Reading = { readonly ok: true; readonly value: Contents } | { readonly ok: false; readonly refusal: Refusal };

export interface Listed {
  /** In ascending order. */
  readonly segments: readonly number[];
  readonly unfinished: readonly string[];
}

export function listed(names: readonly string[]): Listed {
  const segments = names.map(name => Number(SEGMENT.exec(name)?.[1] ?? 0)).filter(number => number > 0);
  return { segments: segments.sort((one, other) => one - other), unfinished: names.filter(name => UNFINISHED_SEGMENT.test(name)) };
}

/** What a log has, or why it is not to be used. Makes the folder if it is not there; those above it must be. */
export function readFolder(storage: Storage, folder: string): Reading {
  const made = storage.makeDirectory(folder);
  if (!made.ok && made.error.code !== 'EEXIST') return unreadable(folder, made.error);
  const names = storage.list(folder);
  if (!names.ok) return unreadable(folder, names.error);
  const number = listed(names.value).segments.at(-1);
  if (number === undefined) {
    // It may be there since an earlier start that was cut short: only where there are segments it is known to be durable.
    const named = storage.sync(above(folder));
    return named.ok ? { ok: true, value: NOTHING } : unreadable(folder, named.error);
  }
  const file = `${folder}/${segmentName(number)}`;
  const bytes = storage.read(file);
  if (!bytes.ok) return unreadable(file, bytes.error);
  const found = scan(bytes.value);
  if (found.state !== 'whole') return { ok: false, refusal: { why: found.state, file, offset: found.offset, what: found.what } };
  if (found.header.number !== number) {
    return {
      ok: false,
      refusal: { why: 'damaged', file, offset: 20, what: `it is segment ${found.header.number} under the name of another` },
    };
  }
  const { records, sequence, sealed } = found;
  const cut = found.cut && { file, bytes: bytes.value.length - found.cut.offset, ...found.cut };
  return { ok: true, value: { records, cut, sealed, number, sequence } };
}

const NOTHING: Contents = { records: [], cut: undefined, sealed: true, number: 0, sequence: 1 };

const unreadable = (file: string, error: HostError): Reading => ({
  ok: false,
  refusal: { why: 'unreadable', file, offset: 0, what: `${error.code}: ${error.call}` },
});

/** The folder that it is in. */
export function above(path: string): string {
  const slash = path.replace(/\/+$/, '').lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}
