/**
 * One event as one line for people: aligned, and safe for a terminal whatever the event holds.
 * Lacks: decoded protocol messages and colour (cli).
 */
import { hex, printable } from '../host/bytes.ts';
import type { EventData, EventValue } from '../host/event.ts';
import { formatTime } from '../host/time.ts';
import { sortedKeys } from './canonical.ts';
import type { TraceEvent } from './event.ts';

/** `    7    1.200300 s  m/child.101      send      pipe1       21  01 0d 68 69  |..hi|  m=3  c=2  to=here` */
export function formatEvent(event: TraceEvent): string {
  const { index, time, process, kind, channel, message, cause, bytes, data } = event;
  const place = `${String(index).padStart(INDEX_WIDTH)}  ${formatTime(time).padStart(TIME_WIDTH)}`;
  const who = `${column(process === '' ? '-' : process, PROCESS_WIDTH)}  ${column(kind, KIND_WIDTH)}  ${column(channel, CHANNEL_WIDTH)}`;
  const size = (bytes === undefined ? '' : String(bytes.length)).padStart(LENGTH_WIDTH);
  const details: string[] = [];
  if (bytes !== undefined && bytes.length > 0) details.push(formatPayload(bytes));
  if (message > 0) details.push(`m=${message}`);
  if (cause >= 0) details.push(`c=${cause}`);
  if (data !== undefined) details.push(formatData(data));
  return `${place}  ${who}  ${size}  ${details.join('  ')}`.trimEnd();
}

/** The first bytes in hexadecimal and in ASCII: `01 0d 68 69 …  |..hi…|`. */
export function formatPayload(bytes: Uint8Array): string {
  const start = bytes.subarray(0, PAYLOAD_SHOWN);
  const more = bytes.length > PAYLOAD_SHOWN;
  const digits = hex(start).replace(/..(?=.)/g, '$& ');
  let text = '';
  for (const byte of start) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  // Bytes that a CI system would obey in a log are not shown as what they say.
  const shown = text.replace(/##(?=[\w.-]*\[)/g, '#.');
  return more ? `${digits} …  |${shown}…|` : `${digits}  |${shown}|`;
}

/** `key=value`, keys in order; text in quotation marks where it is not one plain word. */
export function formatData(data: EventData): string {
  const keys = sortedKeys(data);
  const shown = keys.slice(0, KEYS_SHOWN).map(key => `${printable(key, WORD_SHOWN)}=${formatValue(data[key] ?? '')}`);
  if (keys.length > KEYS_SHOWN) shown.push(`… ${keys.length - KEYS_SHOWN} more`);
  return shown.join(' ');
}

export function formatValue(value: EventValue): string {
  if (typeof value !== 'string') return String(value);
  if (value.length <= VALUE_SHOWN && PLAIN.test(value)) return value;
  const text = printable(value, VALUE_SHOWN);
  return `"${text.replace(/"/g, '\\"')}"`;
}

function column(text: string, width: number): string {
  return printable(text, 2 * width).padEnd(width);
}

const INDEX_WIDTH = 6;
const TIME_WIDTH = 14;
const PROCESS_WIDTH = 16;
const KIND_WIDTH = 8;
const CHANNEL_WIDTH = 8;
const LENGTH_WIDTH = 6;
const PAYLOAD_SHOWN = 16;
const KEYS_SHOWN = 12;
const WORD_SHOWN = 32;
const VALUE_SHOWN = 72;
/** A word that cannot be taken for anything else, and does not look like a number or a truth value. */
const PLAIN = /^(?!true$|false$|[-+.]?[0-9.]+$|NaN$)[\w./:@<>*+-]+$/;
