/**
 * A channel of JSON lines: `{"event":"lifetime","kind":0,"id":1}` is the message `lifetime` with the fields kind and id.
 * What is not such a line (log text, an event nobody named) is a message that may be ignored.
 * Lacks: nested values; they are left out of the fields.
 */
import { concat, printable, textOf, utf8 } from '../../src/host/bytes.ts';
import type { Decoder, FieldValue, Item } from '../case.ts';

/** A longer line is cut here, and is then no JSON. */
const LINE_LIMIT = 65_536;
const NEWLINE = 0x0a;

/** `names` are the events of the channel that a case may not overlook. */
export function lineDecoder(names: readonly string[]): Decoder {
  let held: Uint8Array[] = [];
  let length = 0;

  function take(part: Uint8Array): void {
    const room = LINE_LIMIT - length;
    if (room > 0) held.push(part.slice(0, room));
    length += part.length;
  }
  function line(): Item {
    const item = parseLine(textOf(concat(held)), names);
    held = [];
    length = 0;
    return item;
  }

  return {
    feed(bytes) {
      const items: Item[] = [];
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
        take(bytes.subarray(from, at));
        items.push(line());
        from = at + 1;
      }
      take(bytes.subarray(from));
      return items;
    },
    end: () => (length === 0 ? [] : [line()]),
  };
}

function parseLine(text: string, names: readonly string[]): Item {
  const bytes = utf8(text);
  const value = parseObject(text);
  const event = value?.['event'];
  if (value === undefined || typeof event !== 'string') return { kind: 'message', type: 'text', fields: {}, bytes, ignorable: true };
  const fields: Record<string, FieldValue> = {};
  for (const [name, field] of Object.entries(value)) {
    if (name !== 'event' && (typeof field === 'string' || typeof field === 'number' || typeof field === 'boolean')) fields[name] = field;
  }
  return { kind: 'message', type: event, fields, bytes, ignorable: !names.includes(event) };
}

export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // An object that is not null has string keys, and nothing is assumed of the values.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

const WORDS_LIMIT = 500;

/** The last line of the last output that has one, safe for a terminal; of a JSON object its `why`. */
export function lastWords(outputs: readonly string[]): string | undefined {
  const line = outputs.map(each => each.trim().split('\n').at(-1) ?? '').findLast(each => each !== '');
  const why = line === undefined ? undefined : parseObject(line)?.['why'];
  return line === undefined ? undefined : printable(typeof why === 'string' ? why : line, WORDS_LIMIT);
}
