/**
 * One value, one text: JSON with sorted keys and no white space, for what a trace holds. Keys are ordered by code unit,
 * numbers are written as ECMAScript writes them (RFC 8785), lone surrogates as escapes.
 * Lacks: numbers that JSON has no word for. In event data, which daemons fill, they become text; in a plan they are a bug.
 */
import type { EventData, EventValue } from '../host/event.ts';
import { compareCodeUnits } from '../host/order.ts';
import type { JsonValue } from './event.ts';
import { NESTING_LIMIT } from './limits.ts';

/** The value that a reader of the trace gets: NaN and infinities as text, no negative zero. */
export function canonicalValue(value: EventValue): EventValue {
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) ? value + 0 : String(value);
}

export function sortedKeys(object: object): string[] {
  return Object.keys(object).sort(compareCodeUnits);
}

export function canonicalData(data: EventData): string {
  let text = '';
  for (const key of sortedKeys(data)) {
    const value = data[key];
    if (value === undefined) throw new TypeError(`event data must be text, a number or a truth value: ${key} is undefined`);
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(canonicalValue(value))}`;
  }
  return `{${text}}`;
}

/** `depth`: levels around the value; the line it stands in is one. */
export function canonicalJson(value: JsonValue, depth = 1): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') throw new TypeError(`a plan holds JSON values only, not ${String(value)}`);
  if (depth >= NESTING_LIMIT) throw new RangeError(`a plan may nest ${NESTING_LIMIT - 1} levels deep`);
  return isList(value) ? listJson(value, depth + 1) : objectJson(value, depth + 1);
}

// Array.isArray does not narrow a readonly array out of a union.
const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value);

const listJson = (list: readonly JsonValue[], depth: number): string => `[${list.map(item => canonicalJson(item, depth)).join(',')}]`;

function objectJson(object: { readonly [key: string]: JsonValue }, depth: number): string {
  const members = sortedKeys(object).map(key => {
    const value = object[key];
    if (value === undefined) throw new TypeError(`a plan holds JSON values only: ${key} is undefined`);
    // Copying an object that has this key can set its prototype instead, so it is refused on both sides.
    if (key === '__proto__') throw new TypeError('a plan cannot have a key __proto__');
    return `${JSON.stringify(key)}:${canonicalJson(value, depth)}`;
  });
  return `{${members.join(',')}}`;
}
