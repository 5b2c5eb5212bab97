/**
 * The language in which events are looked for: words that all have to hold. `kind:send`, `process:child`, `channel:tcp`, `m:3`, `type:PING`, `t>1.5`,
 * `i<100`, `hex:0d0a`, `key=value` of what an event or a message says, and any other word or "words", wherever they stand; `-` before one is not.
 * Capital letters are small.
 * Lacks: or; patterns; tables of a million events, which the viewer looks through with its own tests of the same terms.
 */
import { unhex, utf8 } from '../host/bytes.ts';
import type { TraceEvent } from './event.ts';
import { FAMILIES, familyOf } from './families.ts';
import type { Item } from './message.ts';

/** Whether an event is meant, with the messages that it completes. */
export type Filter = (event: TraceEvent, items: readonly Item[]) => boolean;

export type ParsedFilter =
  | { readonly ok: true; readonly terms: readonly Term[] }
  /** What cannot be meant, for people. */
  | { readonly ok: false; readonly message: string };

export interface Term {
  readonly not: boolean;
  readonly key: Key;
  readonly operator: ':' | '=' | '<' | '>';
  readonly value: string;
}

export type Key = 'kind' | 'process' | 'channel' | 'message' | 'time' | 'index' | 'type' | 'hex' | 'is' | 'field' | 'text';

/** What `is:` asks for. */
export interface Marked {
  /** The event that decided a failure. */
  readonly decided: number;
  /** Where two traces are compared: whether the event is in one of them only, or not the same in both. */
  readonly isDifferent?: (event: TraceEvent) => boolean;
}

/** Characters of a filter; who types more has pasted something else. */
export const FILTER_LIMIT = 1_000;

export function parseFilter(text: string): ParsedFilter {
  if (text.length > FILTER_LIMIT) return { ok: false, message: `a filter has at most ${FILTER_LIMIT} characters` };
  const terms: Term[] = [];
  for (const [word, sign, quoted, plain = ''] of text.matchAll(/(-?)(?:"([^"]*)"?|((?:[^\s"]|"[^"]*"?)+))/g)) {
    const not = sign === '-' && word !== '-';
    if (quoted !== undefined) {
      if (quoted !== '') terms.push({ not, key: 'text', operator: ':', value: quoted });
      continue;
    }
    const [, name = '', operator = '', value = ''] = /^([A-Za-z_][\w.-]*)([:=<>])(.*)$/s.exec(word === '-' ? '' : plain) ?? [];
    const key = Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : undefined;
    if (operator === '=') terms.push({ not, key: 'field', operator, value: `${name}=${unquoted(value)}` });
    else if (key === undefined) terms.push({ not, key: 'text', operator: ':', value: word === '-' ? '-' : plain });
    else {
      const wrong = WRONG[key]?.(value);
      if (wrong !== undefined) return { ok: false, message: `${name}${operator}${value}: ${wrong}` };
      terms.push({ not, key, operator: operator as Term['operator'], value: unquoted(value) });
    }
  }
  return { ok: true, terms };
}

export function filterOf(terms: readonly Term[], marked: Marked): Filter {
  const tests = terms.map(term => {
    const test = TESTS[term.key]({ ...term, value: term.value.toLowerCase() }, marked);
    return term.not ? (event: TraceEvent, items: readonly Item[]) => !test(event, items) : test;
  });
  return (event, items) => tests.every(test => test(event, items));
}

/**
 * Whether an event of a channel can be meant at all: of the others nothing need be decoded, so that one of too many channels to be decoded at the same
 * time is decoded where it is asked for.
 */
export function channelsOf(terms: readonly Term[]): (channel: string) => boolean {
  const parts = terms.filter(({ key, not }) => key === 'channel' && !not).map(({ value }) => value.toLowerCase());
  return channel => parts.every(part => has(channel, part));
}

const TESTS: Readonly<Record<Key, (term: Term, marked: Marked) => Filter>> = {
  kind:
    ({ value }) =>
    ({ kind }) =>
      kind === value || familyOf(kind) === value,
  process:
    ({ value }) =>
    ({ process }) =>
      has(process, value),
  channel:
    ({ value }) =>
    ({ channel }) =>
      has(channel, value),
  message:
    ({ value }) =>
    ({ message }) =>
      message === Number(value),
  time: ({ operator, value }) => {
    const microseconds = Number(value) * 1e6;
    return ({ time }) => compares(time, operator, microseconds);
  },
  index:
    ({ operator, value }) =>
    ({ index }) =>
      compares(index, operator, Number(value)),
  type:
    ({ value }) =>
    (_, items) =>
      items.some(item => item.kind === 'message' && has(item.type, value)),
  hex: ({ value }) => {
    const wanted = unhex(value) ?? new Uint8Array();
    return ({ bytes }) => bytes !== undefined && holds(bytes, wanted, false);
  },
  is: ({ value }, { decided, isDifferent = () => false }) => (value === 'different' ? isDifferent : ({ index }) => index === decided),
  field: ({ value }) => {
    const [name = '', ...rest] = value.split('=');
    const wanted = rest.join('=');
    const says = (record: object | undefined): boolean =>
      Object.entries(record ?? {}).some(([key, said]) => key.toLowerCase() === name && String(said).toLowerCase() === wanted);
    return ({ data }, items) => says(data) || items.some(item => item.kind === 'message' && says(item.fields));
  },
  text: ({ value }) => {
    const wanted = utf8(value);
    return ({ process, kind, channel, data, bytes }, items) =>
      (bytes !== undefined && holds(bytes, wanted, true)) ||
      has(process, value) ||
      has(kind, value) ||
      has(channel, value) ||
      (data !== undefined && has(textOf(data), value)) ||
      items.some(item => has(saidIn(item), value));
  },
};

/** What no value of a key can be. */
const WRONG: Readonly<Partial<Record<Key, (value: string) => string | undefined>>> = {
  message: notNumber,
  time: notNumber,
  index: notNumber,
  hex: value => (value !== '' && unhex(value.toLowerCase()) !== undefined ? undefined : 'an even number of hexadecimal digits is meant'),
  is: value => (value === 'different' || value === 'decided' ? undefined : 'there is is:different and is:decided'),
};

/** As they are typed; a trace calls them by one letter. */
const NAMES: Readonly<Record<string, Key>> = {
  kind: 'kind',
  k: 'kind',
  process: 'process',
  n: 'process',
  channel: 'channel',
  ch: 'channel',
  message: 'message',
  m: 'message',
  time: 'time',
  t: 'time',
  index: 'index',
  i: 'index',
  type: 'type',
  hex: 'hex',
  is: 'is',
};

/** What can be typed, for help. */
export const FILTER_WORDS: readonly (readonly [word: string, meaning: string])[] = [
  ['kind:send', `a kind, or a family of kinds: ${FAMILIES.filter(each => each !== 'other').join(', ')}`],
  ['process:child', 'a part of the name of a process'],
  ['channel:tcp4', 'a part of the name of a channel'],
  ['type:PING', 'a part of the type of a decoded message'],
  ['event=running', 'a field of what an event or a message says, and its whole value'],
  ['t>1.5  t<2', 'seconds since the start'],
  ['i>100  m:3', 'the number of an event; of a message'],
  ['hex:0d0a', 'bytes of the payload'],
  ['is:decided', 'the event that decided; is:different where two traces are compared'],
  ['word  "two words"', 'anywhere: names, what is said, payloads'],
  ['-kind:timer', 'not that'],
];

function notNumber(value: string): string | undefined {
  return value !== '' && Number.isFinite(Number(value)) ? undefined : 'a number is meant';
}

const compares = (found: number, operator: Term['operator'], wanted: number): boolean =>
  operator === '<' ? found < wanted : operator === '>' ? found > wanted : found === wanted;
const unquoted = (text: string): string => text.replace(/^"(.*?)"?$/s, '$1');
const has = (text: string, part: string): boolean => text.toLowerCase().includes(part);
const textOf = (record: object | undefined): string =>
  Object.entries(record ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join('\n');
const saidIn = (item: Item): string =>
  item.kind === 'message' ? `${item.type}\n${textOf(item.fields)}` : `${item.clause}\n${item.detail}`;

/**
 * Whether `part` is in bytes; `fold`: letters of ASCII are the same whether small or capital. `part` has no capital ones then.
 */
function holds(bytes: Uint8Array, part: Uint8Array, fold: boolean): boolean {
  const last = bytes.length - part.length;
  for (let at = 0; at <= last; at++) {
    let length = 0;
    while (length < part.length && (fold ? small(bytes[at + length] ?? 0) : bytes[at + length]) === part[length]) length++;
    if (length === part.length) return true;
  }
  return false;
}

const small = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
