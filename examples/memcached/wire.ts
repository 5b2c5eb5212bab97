/**
 * What goes over a connection, as messages with fields, whoever says it: for the cases of the suite, and for whoever looks into a trace or a
 * capture. Beside it what of a message differs from one server to the next, and what of it anybody may see.
 * Lacks: the meta commands and statistics; what is none of the forms below is a `line`.
 */
import { lines, type Varying } from 'slipway/conformance';
import type { ByteSpan, Disclosure } from 'slipway/trace';

/** Names of commands are lower-case, those of answers are not, so that a line says itself who says it. Groups are the fields. */
const FORMS: readonly (readonly [type: string, form: RegExp])[] = [
  [
    'store',
    /^(?<command>set|add|replace|append|prepend|cas) (?<key>\S+) (?<flags>\d+) (?<expires>-?\d+) (?<length>\d+)(?: (?<unique>\d+))?(?<quiet> noreply)?$/d,
  ],
  ['fetch', /^(?<command>gets?) (?<keys>\S.*)$/d],
  ['count', /^(?<command>incr|decr) (?<key>\S+) (?<by>\d+)(?<quiet> noreply)?$/d],
  ['touch', /^touch (?<key>\S+) (?<expires>-?\d+)(?<quiet> noreply)?$/d],
  ['delete', /^delete (?<key>\S+)(?<quiet> noreply)?$/d],
  ['command', /^(?<command>flush_all|version|verbosity|quit)(?: (?<rest>.*))?$/d],
  ['item', /^VALUE (?<key>\S+) (?<flags>\d+) (?<length>\d+)(?: (?<unique>\d+))?$/d],
  ['answer', /^(?<word>STORED|NOT_STORED|EXISTS|NOT_FOUND|DELETED|TOUCHED|OK|END)$/d],
  ['number', /^(?<number>\d+)$/d],
  ['error', /^(?<word>ERROR|CLIENT_ERROR|SERVER_ERROR)(?: (?<why>.*))?$/d],
  ['version', /^VERSION (?<version>.*)$/d],
];
/** Numbers that are no more than that; others may have 64 bits, or be somebody's. */
const NUMBERS: ReadonlySet<string> = new Set(['flags', 'expires', 'length', 'unique']);

function saidIn(line: string): readonly [type: string, found: RegExpExecArray] | undefined {
  for (const [type, form] of FORMS) {
    const found = form.exec(line);
    if (found !== null) return [type, found];
  }
  return undefined;
}

function read(text: string) {
  const [type, found] = saidIn(text) ?? ['line', undefined];
  const named = Object.entries(found?.groups ?? {}).filter(([, value]) => value !== undefined);
  const fields = Object.fromEntries(named.map(([name, value]) => [name, NUMBERS.has(name) ? Number(value) : value.trim()]));
  return { type, fields: { text, ...fields } };
}

/** A command that stores, and an item that is fetched, tell how long the block behind them is, whatever else is wrong with the line. */
function blockOf(line: string): number | undefined {
  const [, length] = /^(?:VALUE \S+ \d+|(?:set|add|replace|append|prepend|cas) \S+ \S+ \S+) (\d{1,10})(?: |$)/.exec(line) ?? [];
  return length === undefined ? undefined : Number(length);
}

/** Of either direction. A block may be as long as the largest item. */
export const decoder = lines({ end: '\r\n', read, block: blockOf, limit: 1_048_576, clause: 'Protocol' });

/** A text says again what the other fields say, where there are any. What an error says is for people. */
export const varies: readonly Varying[] = [
  { type: 'item', field: 'unique', mode: 'bound' },
  { type: 'version', field: 'version', mode: 'structural' },
  { type: 'error', field: 'why', mode: 'ignore' },
  { type: 'line', field: 'text', mode: 'exact' },
  { type: 'block', field: 'text', mode: 'exact' },
  { type: '*', field: 'text', mode: 'ignore' },
];

/** What is stored, under which name and how much of it, is somebody's. */
const SECRET: ReadonlySet<string> = new Set(['key', 'keys', 'by', 'number', 'rest', 'why']);
const [SPACE, END] = [0x20, 2];

export const disclosed: Disclosure = (message, bytes) => {
  const end: ByteSpan = [Math.max(0, bytes.length - END), END];
  if (message === undefined) return [];
  // A letter for each byte, so that places in the text are places in the bytes.
  const found = message.type === 'block' ? undefined : saidIn(String.fromCharCode(...bytes.subarray(0, -END)))?.[1];
  if (found === undefined) return [end];
  const spans: ByteSpan[] = [];
  let from = 0;
  for (const [name, place] of Object.entries(found.indices?.groups ?? {}).sort(
    ([, one], [, other]) => (one?.[0] ?? 0) - (other?.[0] ?? 0),
  )) {
    if (place === undefined || !SECRET.has(name)) continue;
    spans.push([from, place[0] - from]);
    from = place[1];
  }
  // Between keys is a space.
  const spaces = [...bytes].flatMap((byte, at): readonly ByteSpan[] => (byte === SPACE ? [[at, 1]] : []));
  return [...spans, [from, bytes.length - from], ...spaces];
};
