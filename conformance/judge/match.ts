/**
 * Patterns against messages, and both as text for people.
 */
import { hex, printable } from '../../src/host/bytes.ts';
import type { ExpectedMessage, FieldPattern, FieldValue, Item, Message, Pattern, Saved } from '../case.ts';

export function matches(pattern: Pattern, message: Message, saved: Saved): boolean {
  if (pattern.type !== '*' && pattern.type !== message.type) return false;
  for (const [name, want] of Object.entries(pattern.fields ?? {})) {
    const value = message.fields[name];
    if (value === undefined || !wanted(want, value, saved)) return false;
  }
  return true;
}

function wanted(want: FieldPattern, value: FieldValue, saved: Saved): boolean {
  if (typeof want !== 'object') return want === value;
  if ('oneOf' in want) return want.oneOf.includes(value);
  if ('atLeast' in want) return typeof value === 'number' && value >= want.atLeast && value <= (want.atMost ?? value);
  if ('near' in want) return typeof value === 'number' && Math.abs(value - Number(saved.get(want.near))) <= want.by;
  if ('above' in want) return typeof value === 'number' && value > Number(saved.get(want.above));
  if ('begins' in want) return typeof value === 'string' && value.startsWith(want.begins);
  if ('not' in want) return !wanted(want.not, value, saved);
  return want.form === 'any' || (typeof value === 'string' && FORMS[want.form](value));
}

const FORMS = {
  'host:port': (text: string): boolean => parseHostPort(text) !== undefined,
  number: (text: string): boolean => /^[0-9]+(?:\.[0-9]+)?$/.test(text),
} as const;

export interface HostPort {
  /** An address, or a name: `numeric` says which. */
  readonly host: string;
  readonly port: number;
  readonly numeric: boolean;
}

/** `127.0.0.1:9108`, `[::1]:9108`, `localhost:9108`; the port is 1 to 65535. */
export function parseHostPort(text: string): HostPort | undefined {
  const found = /^(?:\[([0-9a-fA-F:.]+(?:%[0-9A-Za-z]+)?)\]|([0-9A-Za-z._-]+)):([0-9]{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  const host = found?.[1] ?? found?.[2];
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host, port, numeric: found?.[1] !== undefined || /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(host) };
}

/** Of a value that is wanted. */
const WANT_SHOWN = 100;

export function describePattern(pattern: Pattern): string {
  const fields = Object.entries(pattern.fields ?? {}).map(([name, want]) => `${name} ${describeWant(want)}`);
  return pattern.type === '*' ? pattern.name : `${pattern.name} (${[pattern.type, ...fields].join(', ')})`;
}

function describeWant(want: FieldPattern): string {
  if (typeof want !== 'object') return printable(String(want), WANT_SHOWN);
  if ('oneOf' in want) return want.oneOf.join(' or ');
  if ('atLeast' in want) return want.atMost === undefined ? `at least ${want.atLeast}` : `${want.atLeast} to ${want.atMost}`;
  if ('near' in want) return `within ${want.by} of the ${want.near}`;
  if ('above' in want) return `above the ${want.above}`;
  if ('begins' in want) return `that begins with ${want.begins}`;
  if ('not' in want) return `not ${describeWant(want.not)}`;
  return want.form;
}

const COUNTED: Readonly<Record<ExpectedMessage['times'], string>> = {
  one: '',
  optional: ', or not',
  any: ', any number',
  some: ', at least one',
};

export function describeExpected(expected: readonly ExpectedMessage[], thenEof: boolean): string {
  const parts = expected.map(each => describePattern(each.message) + COUNTED[each.times]);
  if (thenEof) parts.push('end of file');
  return parts.join('; or ');
}

/** Of what came, the message of the type that was asked for which has most of what was asked of it. */
export function nearest(pattern: Pattern, history: readonly Item[], saved: Saved): Message | undefined {
  let found: Message | undefined;
  let best = -1;
  for (const item of history) {
    if (item.kind === 'violation' || item.type !== pattern.type) continue;
    const alike = Object.entries(pattern.fields ?? {}).filter(([name, want]) => {
      const value = item.fields[name];
      return value !== undefined && wanted(want, value, saved);
    }).length;
    if (alike > best) [found, best] = [item, alike];
  }
  return found;
}

const SHOWN_BYTES = 48;

/** One line, safe for a terminal, with the first `shown` bytes in hexadecimal. Fields that were asked for come first. */
export function describeItem(item: Item, shown: number = SHOWN_BYTES, asked: readonly Pattern[] = []): string {
  if (item.kind === 'violation') return printable(`${item.clause} broken at byte ${item.offset}: ${item.detail}`);
  const wanted = new Set(asked.flatMap(({ fields = {} }) => Object.keys(fields)));
  const ordered = Object.entries(item.fields).toSorted(([left], [right]) => Number(wanted.has(right)) - Number(wanted.has(left)));
  const fields = ordered.map(([name, value]) => `${name} ${value}`);
  const text = printable([item.type === '' ? '(empty type)' : item.type, ...fields].join(', '), 160);
  if (shown === 0) return text;
  const rest = item.bytes.length > shown ? `… ${item.bytes.length} bytes` : '';
  return `${text} [${hex(item.bytes.subarray(0, shown))}${rest}]`;
}
