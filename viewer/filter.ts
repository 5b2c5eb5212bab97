/**
 * What is typed above the table: words that all have to hold. `kind:send`, `process:child`, `channel:tcp`, `m:3`, `type:PING`, `t>1.5`, `i<100`,
 * `hex:0d0a`, `key=value` of what an event says, and any other word or "words", wherever they stand; `-` before one is not. A filter looks at tables
 * and not at events where it can, so that a million events are filtered at once.
 * Lacks: or; patterns.
 */
import { unhex } from '../src/host/bytes.ts';
import { type Columns, saidOf, type Texts } from './columns.ts';
import { bytesOf, markTexts } from './find.ts';
import { FAMILIES, familyOf } from './words.ts';

/** Whether an event is shown, by its place. */
export type Filter = (place: number) => boolean;

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
    const key = NAMES[name.toLowerCase()];
    if (operator === '=') terms.push({ not, key: 'field', operator, value: `${name}=${unquoted(value)}` });
    else if (key === undefined) terms.push({ not, key: 'text', operator: ':', value: word === '-' ? '-' : plain });
    else {
      const wrong = TERMS[key].wrong?.(value);
      if (wrong !== undefined) return { ok: false, message: `${name}${operator}${value}: ${wrong}` };
      terms.push({ not, key, operator: operator as Term['operator'], value: unquoted(value) });
    }
  }
  return { ok: true, terms };
}

/** `isDifferent`: where two traces are compared, whether a place is in one of them only, or not the same in both. */
export function filterOf(columns: Columns, terms: readonly Term[], isDifferent: Filter = () => false): Filter {
  const tests = terms.map(({ key, operator, value, not }) => {
    const test = TERMS[key].test(columns, value.toLowerCase(), operator, isDifferent);
    return not ? (place: number) => !test(place) : test;
  });
  return place => tests.every(test => test(place));
}

type Key = 'kind' | 'process' | 'channel' | 'message' | 'time' | 'index' | 'type' | 'hex' | 'is' | 'field' | 'text';

interface TermRow {
  readonly test: (columns: Columns, value: string, operator: Term['operator'], isDifferent: Filter) => Filter;
  readonly wrong?: (value: string) => string | undefined;
}

const TERMS: Readonly<Record<Key, TermRow>> = {
  kind: { test: ({ kind, kinds }, value) => inTable(kind, kinds, each => each === value || familyOf(each) === value) },
  process: { test: inProcess },
  channel: { test: inChannel },
  message: { test: ({ message }, value) => numbers(message, ':', Number(value)), wrong: notNumber },
  time: { test: ({ time }, value, operator) => numbers(time, operator, Number(value) * 1e6), wrong: notNumber },
  index: { test: ({ index }, value, operator) => numbers(index, operator, Number(value)), wrong: notNumber },
  type: {
    test: (columns, value) => {
      const known = new Map<number, boolean>();
      return place => {
        const number = columns.items[place] ?? 0;
        const found = known.get(number) ?? saidOf(columns, place).some(({ type = '' }) => type.toLowerCase().includes(value));
        known.set(number, found);
        return found;
      };
    },
  },
  hex: {
    test: ({ payloads }, value) => inPayloads(payloads, unhex(value) ?? new Uint8Array()),
    wrong: value =>
      value !== '' && unhex(value.toLowerCase()) !== undefined ? undefined : 'an even number of hexadecimal digits is meant',
  },
  is: {
    test: ({ head }, value, _, isDifferent) => (value === 'different' ? isDifferent : place => place === head.decided),
    wrong: value => (value === 'different' || value === 'decided' ? undefined : 'there is is:different and is:decided'),
  },
  field: {
    test: (columns, value) => {
      const [name = '', ...rest] = value.split('=');
      const wanted = rest.join('=');
      const ends = [`${JSON.stringify(name)}:${JSON.stringify(wanted)}`];
      if (/^(?:true|false|-?\d.*)$/.test(wanted)) ends.push(`${JSON.stringify(name)}:${wanted},`, `${JSON.stringify(name)}:${wanted}}`);
      return any(ends.flatMap(end => [inTexts(columns.data, columns.datas, end), inTexts(columns.items, columns.itemLists, end)]));
    },
  },
  text: {
    test: (columns, value) =>
      any([
        inProcess(columns, value),
        inChannel(columns, value),
        inTable(columns.kind, columns.kinds, each => each.includes(value)),
        inTexts(columns.data, columns.datas, JSON.stringify(value).slice(1, -1)),
        inTexts(columns.items, columns.itemLists, JSON.stringify(value).slice(1, -1)),
        inPayloads(columns.payloads, bytesOf(value)),
      ]),
  },
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

/** Of the keys that are typed, for help. */
export const FILTER_WORDS: readonly (readonly [word: string, meaning: string])[] = [
  ['kind:send', `a kind, or a family of kinds: ${FAMILIES.filter(each => each !== 'other').join(', ')}`],
  ['process:child', 'a part of the name of a process'],
  ['channel:tcp4', 'a part of the name of a channel'],
  ['type:PING', 'a part of the type of a decoded message'],
  ['event=running', 'a field of what an event or a message says, and its whole value'],
  ['t>1.5  t<2', 'seconds since the start'],
  ['i>100  m:3', 'the number of an event; of a message'],
  ['hex:0d0a', 'bytes of the payload'],
  ['is:different', 'where two traces are compared'],
  ['word  "two words"', 'anywhere: names, what is said, payloads'],
  ['-kind:timer', 'not that'],
];

function notNumber(value: string): string | undefined {
  return value !== '' && Number.isFinite(Number(value)) ? undefined : 'a number is meant';
}

function inProcess({ process, processes }: Columns, value: string): Filter {
  return inTable(process, processes, each => each.toLowerCase().includes(value));
}

function inChannel({ channel, channels }: Columns, value: string): Filter {
  return inTable(channel, channels, each => each.toLowerCase().includes(value));
}

const unquoted = (text: string): string => text.replace(/^"(.*?)"?$/s, '$1');
const any =
  (tests: readonly Filter[]): Filter =>
  place =>
    tests.some(test => test(place));

function inTable(column: Uint16Array | Uint32Array, table: readonly string[], holds: (text: string) => boolean): Filter {
  const found = Uint8Array.from(table, text => (holds(text) ? 1 : 0));
  return place => found[column[place] ?? 0] === 1;
}

function inTexts(column: Uint32Array, texts: Texts, wanted: string): Filter {
  const found = new Uint8Array(texts.count);
  markTexts(texts.bytes, texts.starts, bytesOf(wanted), found);
  return place => found[column[place] ?? 0] === 1;
}

function inPayloads({ bytes, starts }: Columns['payloads'], wanted: Uint8Array): Filter {
  const found = new Uint8Array(starts.length - 1);
  markTexts(bytes, starts, wanted, found);
  return place => found[place] === 1;
}

function numbers(column: Float64Array, operator: Term['operator'], wanted: number): Filter {
  if (operator === '<') return place => (column[place] ?? 0) < wanted;
  if (operator === '>') return place => (column[place] ?? 0) > wanted;
  return place => column[place] === wanted;
}
