/**
 * What is typed above the table, in the language of src/trace/filter.ts. A filter looks at tables and not at events where it can, so that a million
 * events are filtered at once.
 * Lacks: the language itself.
 */
import { unhex } from '../src/host/bytes.ts';
import { familyOf } from '../src/trace/families.ts';
import type { Key, Term } from '../src/trace/filter.ts';

export { FILTER_LIMIT, FILTER_WORDS, type ParsedFilter, parseFilter, type Term } from '../src/trace/filter.ts';

import { type Columns, saidOf, type Texts } from './columns.ts';
import { bytesOf, markTexts } from './find.ts';

/** Whether an event is shown, by its place. */
export type Filter = (place: number) => boolean;

/** `isDifferent`: where two traces are compared, whether a place is in one of them only, or not the same in both. */
export function filterOf(columns: Columns, terms: readonly Term[], isDifferent: Filter = () => false): Filter {
  const tests = terms.map(({ key, operator, value, not }) => {
    const test = TESTS[key](columns, value.toLowerCase(), operator, isDifferent);
    return not ? (place: number) => !test(place) : test;
  });
  return place => tests.every(test => test(place));
}

type Test = (columns: Columns, value: string, operator: Term['operator'], isDifferent: Filter) => Filter;

const TESTS: Readonly<Record<Key, Test>> = {
  kind: ({ kind, kinds }, value) => inTable(kind, kinds, each => each === value || familyOf(each) === value),
  process: inProcess,
  channel: inChannel,
  message: ({ message }, value) => numbers(message, ':', Number(value)),
  time: ({ time }, value, operator) => numbers(time, operator, Number(value) * 1e6),
  index: ({ index }, value, operator) => numbers(index, operator, Number(value)),
  type: (columns, value) => {
    const known = new Map<number, boolean>();
    return place => {
      const number = columns.items[place] ?? 0;
      const found = known.get(number) ?? saidOf(columns, place).some(({ type = '' }) => type.toLowerCase().includes(value));
      known.set(number, found);
      return found;
    };
  },
  hex: ({ payloads }, value) => inPayloads(payloads, unhex(value) ?? new Uint8Array()),
  is: ({ head }, value, _, isDifferent) => (value === 'different' ? isDifferent : place => place === head.decided),
  field: (columns, value) => {
    const [name = '', ...rest] = value.split('=');
    const wanted = rest.join('=');
    const ends = [`${JSON.stringify(name)}:${JSON.stringify(wanted)}`];
    if (/^(?:true|false|-?\d.*)$/.test(wanted)) ends.push(`${JSON.stringify(name)}:${wanted},`, `${JSON.stringify(name)}:${wanted}}`);
    return any(ends.flatMap(end => [inTexts(columns.data, columns.datas, end), inTexts(columns.items, columns.itemLists, end)]));
  },
  text: (columns, value) =>
    any([
      inProcess(columns, value),
      inChannel(columns, value),
      inTable(columns.kind, columns.kinds, each => each.includes(value)),
      inTexts(columns.data, columns.datas, JSON.stringify(value).slice(1, -1)),
      inTexts(columns.items, columns.itemLists, JSON.stringify(value).slice(1, -1)),
      inPayloads(columns.payloads, bytesOf(value)),
    ]),
};

function inProcess({ process, processes }: Columns, value: string): Filter {
  return inTable(process, processes, each => each.toLowerCase().includes(value));
}

function inChannel({ channel, channels }: Columns, value: string): Filter {
  return inTable(channel, channels, each => each.toLowerCase().includes(value));
}

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
