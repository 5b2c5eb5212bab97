/**
 * What a decoder made of the bytes of a line of the wire log, with where in them it stands: what a reader of a dump looks for.
 * Where a decoder does not say where a field is, a text is looked for in the bytes of its message; numbers are not guessed at.
 */
import { printable, textOf, utf8 } from '../../src/host/bytes.ts';
import type { FieldValue, Item, Message, Violation } from '../case.ts';
import type { LogField, LogItem } from './report.ts';

/** Of one line. */
const ITEMS_LIMIT = 16;
const FIELDS_LIMIT = 32;
const VALUE_LIMIT = 200;

/** `base` is how many bytes of the channel came before these; a violation counts from the beginning of the channel. */
export function itemsOf(items: readonly Item[], bytes: Uint8Array, base: number): readonly LogItem[] {
  let cursor = 0;
  return items.slice(0, ITEMS_LIMIT).map(item => {
    if (item.kind === 'violation') return violation(item, bytes, base);
    const at = placeOf(item.bytes, bytes, cursor);
    if (at >= 0) cursor = at + item.bytes.length;
    return message(item, at);
  });
}

function message({ type, fields, bytes, spans }: Message, at: number): LogItem {
  const shown = Object.entries(fields).slice(0, FIELDS_LIMIT);
  const field = ([name, value]: (typeof shown)[number]): LogField => {
    const [start, length] = spans?.[name] ?? foundIn(bytes, value) ?? [];
    const told = { name: printable(name, VALUE_LIMIT), value: printable(String(value), VALUE_LIMIT) };
    return at < 0 || start === undefined || length === undefined ? told : { ...told, at: at + start, length };
  };
  const place = at < 0 || bytes.length === 0 ? {} : { at, length: bytes.length };
  return { type: printable(type, VALUE_LIMIT), ...place, fields: shown.map(field) };
}

function violation({ clause, detail, offset }: Violation, bytes: Uint8Array, base: number): LogItem {
  const at = offset - base;
  const fields = [
    { name: 'broken', value: printable(clause, VALUE_LIMIT) },
    { name: 'by', value: printable(detail, VALUE_LIMIT) },
  ];
  return { type: 'violation', ...(at >= 0 && at < bytes.length ? { at, length: 1 } : {}), fields };
}

/** A text of two characters or more, as it would be in its message: in UTF-8. */
function foundIn(bytes: Uint8Array, value: FieldValue): readonly [number, number] | undefined {
  if (typeof value !== 'string' || value.length < 2) return undefined;
  const wanted = utf8(value);
  const at = placeOf(wanted, bytes, 0);
  return at < 0 || textOf(wanted) !== value ? undefined : [at, wanted.length];
}

/** The beginning of the part is enough to find it by, and the beginning of the whole is what a dump shows. */
function placeOf(part: Uint8Array, whole: Uint8Array, from: number): number {
  const shown = whole.subarray(0, SEARCHED);
  const wanted = part.subarray(0, COMPARED);
  const [first] = wanted;
  if (first === undefined) return from;
  let at = shown.indexOf(first, from);
  while (at >= 0 && !wanted.every((byte, index) => shown[at + index] === byte)) at = shown.indexOf(first, at + 1);
  return at;
}
const SEARCHED = 4_096;
const COMPARED = 256;
