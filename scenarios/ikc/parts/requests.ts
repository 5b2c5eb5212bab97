/**
 * Requests as those who are not ours say and hear them: JSON on a command line and in a log, an image of Storable in a frame (B6 to B8).
 * Lacks: values that JSON has no form for; of what is heard they are undef.
 */
import { concat, utf8 } from '../../../src/host/bytes.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import type { PerlValue } from '../../../src/impl/storable/values.ts';

/** What JSON can say. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** `<length> NUL <payload>`. */
export function framed(payload: Uint8Array): Uint8Array {
  return concat([utf8(`${payload.length}\0`), payload]);
}

export const frameOf = (request: Plain): Uint8Array => framed(freeze(perl(request)));

/** JSON text of a payload; '' where it cannot be read. */
export function textIn(payload: Uint8Array): string {
  const thawed = thaw(payload);
  return thawed.ok ? JSON.stringify(plain(thawed.value)) : '';
}

function perl(value: Plain): PerlValue {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(perl);
  return new Map(Object.entries(value).map(([key, each]) => [key, perl(each)]));
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);

function plain(value: PerlValue): Plain {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
