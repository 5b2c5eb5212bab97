/**
 * What stands beside an event, for people: its messages where it completes some, or what it is about. Safe to show whatever a peer sent: what
 * cannot be seen, or would turn the order of the rest, is an escape.
 */
import { EMPTY, printable } from '../src/host/bytes.ts';
import { contentOf, labelOf, type Told } from '../src/trace/labels.ts';
import type { Item } from '../src/trace/message.ts';
import { formatData } from '../src/trace/view.ts';
import { type Columns, dataOf, kindOf, type Said, saidOf } from './columns.ts';
import { isRead } from './links.ts';

const SHOWN = 200;

export function wordsOf(columns: Columns, place: number): string {
  const kind = kindOf(columns, place);
  const items = saidOf(columns, place).map(itemOf);
  const bytes = columns.payloads.of(place);
  const { severity: _, ...data } = dataOf(columns, place) ?? {};
  const { event: note = '', ...fields } = data;
  // A word of a newer version is none of ours, and is told by its data.
  const event = { kind: kind as Told['kind'], bytes, data };
  const world = WORLD[kind]?.(data);
  if (world !== undefined) return printable(world, SHOWN);
  const plain = kind === 'log' ? `${note} ${formatData(fields)}`.trim() : formatData(data);
  const said = isRead(kind) ? contentOf(bytes ?? EMPTY, items) : SENTENCES.has(kind) ? labelOf(event, items) : undefined;
  return printable(said === undefined || said === '' ? plain : `${said}${bytes === undefined || plain === '' ? '' : `  ${plain}`}`, SHOWN);
}

/** What the world does. */
const WORLD: Readonly<Partial<Record<string, (data: Readonly<Record<string, unknown>>) => string>>> = {
  fault: ({ fault, kind, step, ...rest }) =>
    `${kind} ${step === 'fire' ? 'strikes' : step === 'end' ? 'ends' : 'begins'} (${fault})${told(rest)}`,
  power: ({ machine, state, ...rest }) => `${machine} ${state}${told(rest)}`,
  phase: ({ name, ...rest }) => `${name}${told(rest)}`,
};
const told = (rest: Readonly<Record<string, unknown>>): string =>
  Object.entries(rest)
    .map(([key, value]) => ` ${key}=${value}`)
    .join('');

/** Of the other kinds their data says it better. */
const SENTENCES: ReadonlySet<string> = new Set(['send', 'datagram', 'eof', 'reset', 'bug']);

function itemOf({ type = '', fields = {}, clause, detail = '', at = 0 }: Said): Item {
  return clause === undefined
    ? { kind: 'message', type, fields, bytes: EMPTY, ignorable: false }
    : { kind: 'violation', clause, detail, offset: at };
}
