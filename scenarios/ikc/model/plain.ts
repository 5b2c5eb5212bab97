/**
 * What a frame says, as plain values in which all scalars are text, as Perl has them; and specifiers (B8).
 * Lacks: whatever else Storable has: references, and blessed things.
 */
import { textOf } from '../../../src/host/bytes.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import { isUndef, type PerlValue, textOf as perlText } from '../../../src/impl/storable/values.ts';

export type Plain = null | string | readonly Plain[] | { readonly [key: string]: Plain };
export type Hash = { readonly [key: string]: Plain };

/** Undefined where it cannot be read. */
export function plainOf(frame: Uint8Array, serializer: string): Plain | undefined {
  if (serializer !== 'JSON') {
    const thawed = thaw(frame);
    return thawed.ok ? ofPerl(thawed.value) : undefined;
  }
  try {
    return ofJson(JSON.parse(textOf(frame)));
  } catch {
    return undefined;
  }
}

function ofPerl(value: PerlValue): Plain {
  if (isUndef(value)) return null;
  if (Array.isArray(value)) return value.map(ofPerl);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, ofPerl(each)]));
  if (typeof value === 'boolean') return value ? '1' : '';
  return perlText(value) ?? String(value);
}

function ofJson(value: unknown): Plain {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(ofJson);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ofJson(each)]));
  if (typeof value === 'boolean') return value ? '1' : '';
  return String(value);
}

export const hashOf = (value: Plain | undefined): Hash | undefined =>
  value === undefined || value === null || typeof value === 'string' || Array.isArray(value) ? undefined : (value as Hash);

/** `kernel/session/state`, or nothing where it is no specifier of a state. */
export interface Place {
  readonly kernel: string;
  readonly session: string;
  readonly state: string;
}
/** Characters of a specifier, and of each part of one. */
const SPECIFIER_MAX = 1_024;
const KERNEL = '\\*|unix:[-. A-Za-z0-9_]+(?::\\d+-\\d+)?|[-. A-Za-z0-9_]+(?::\\d+)?';
const NAME = '[- A-Za-z0-9_]';
const WITH_POE = new RegExp(`^poe:(?://(${KERNEL})?)?(?:/(${NAME}+))?/?(${NAME}*)(?:\\?.*)?$`, 's');
const WITHOUT = new RegExp(`^(?://(${KERNEL})/)?(?:(${NAME}*)/)?(${NAME}*)(?:\\?.*)?$`, 's');

/** What a specifier says, which may be of no state, or of no session. */
export function specifierIn(value: Plain | undefined): Place | undefined {
  if (typeof value === 'string') {
    if (value === '' || value.length > SPECIFIER_MAX) return undefined;
    const found = (value.startsWith('poe:') ? WITH_POE : WITHOUT).exec(value);
    if (found === null) return undefined;
    const [, kernel = '', session = '', state = ''] = found;
    return { kernel, session, state };
  }
  const hash = hashOf(value);
  if (hash === undefined) return undefined;
  const parts = ['kernel', 'session', 'state', 'args'].map(name => hash[name] ?? '');
  if (parts.some(each => typeof each !== 'string' || each.length > SPECIFIER_MAX)) return undefined;
  const [kernel, session, state] = parts.map(String);
  return { kernel: kernel ?? '', session: session ?? '', state: state ?? '' };
}

export function placeOf(value: Plain | undefined): Place | undefined {
  const place = specifierIn(value);
  return place?.state === '' ? undefined : place;
}
