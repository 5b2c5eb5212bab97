/**
 * What is written at the events of a run, for people, in a sequence or a sentence: messages by the decoders of the protocol, what a process
 * notes, who starts and ends, and what goes wrong. Safe for a terminal whatever a peer sent.
 * Lacks: most kinds of event, about which nothing is to be said: `slipway show` has them all.
 */
import { EMPTY, fromUtf8, hex, printable } from '../host/bytes.ts';
import { type DecodedTrace, decodedBy } from './decoded.ts';
import type { TraceEvent } from './event.ts';
import type { Decoders, Item } from './message.ts';
import { formatData, formatValue } from './view.ts';

/** What a label is made of. */
export type Told = Pick<TraceEvent, 'kind' | 'bytes' | 'data'>;

/** By the index of an event. */
export type Labels = ReadonlyMap<number, string>;

/** Characters of what was sent. */
const TEXT_SHOWN = 60;
const ITEM_SHOWN = 120;

export const labelsOf = (events: readonly TraceEvent[], decoders: Decoders | DecodedTrace = {}): Labels =>
  labelled(events, decoders, labelOf);

/** What is read at events, which a sequence does not draw: it is drawn where it is sent. */
export const readingsOf = (events: readonly TraceEvent[], decoders: Decoders = {}): Labels =>
  labelled(events, decoders, ({ kind, bytes = EMPTY }, items) =>
    kind === 'recv' || kind === 'receive' ? `reads ${contentOf(bytes, items)}` : undefined,
  );

function labelled(
  events: readonly TraceEvent[],
  decoders: Decoders | DecodedTrace,
  label: (event: TraceEvent, items: readonly Item[]) => string | undefined,
): Labels {
  const decoded = decodedBy(decoders);
  const labels = new Map<number, string>();
  for (const event of events) {
    const text = label(event, decoded.see(event));
    if (text !== undefined) labels.set(event.index, printable(text, ITEM_SHOWN));
  }
  return labels;
}

/** Of what is sent or read: its messages, or where it completes none its bytes. */
export const contentOf = (bytes: Uint8Array, items: readonly Item[]): string =>
  items.length === 0 ? bytesText(bytes) : items.map(itemText).join(', ');

/** Not yet made safe for a terminal. `undefined`: nothing is to be said. */
export function labelOf({ kind, bytes = EMPTY, data = {} }: Told, items: readonly Item[]): string | undefined {
  const { error } = data;
  switch (kind) {
    case 'start':
      return 'starts';
    case 'exit':
      return data['signal'] === undefined ? `ends with ${data['code']}` : `is ended by ${data['signal']}`;
    case 'signal':
      return `gets ${data['signal']}`;
    case 'bug':
      return `throws ${data['message']}`;
    case 'send':
    case 'datagram':
      return contentOf(bytes, items);
    case 'eof':
      return 'reads the end';
    case 'reset':
      return 'resets the connection';
    case 'open':
      return error === undefined ? undefined : `cannot connect: ${error}`;
    case 'close':
      return error === undefined ? undefined : `loses the connection: ${error}`;
    case 'log': {
      const { event, severity: _, ...fields } = data;
      return `notes ${event} ${formatData(fields)}`.trimEnd();
    }
    case 'fault':
      return FAULT_STEPS[String(data['step'])]?.(data['kind']);
    case 'power':
      return `power of ${data['machine']} ${data['state']}`;
    case 'phase':
      return data['name'] === 'heal' ? 'all is healed' : undefined;
    default:
      return undefined;
  }
}

/** That it changes something again and again is not told. */
const FAULT_STEPS: Readonly<Record<string, (kind: unknown) => string>> = { begin: kind => `${kind}`, end: kind => `${kind} is over` };

function itemText(item: Item): string {
  if (item.kind === 'violation') return `breaks ${item.clause}: ${item.detail}`;
  const fields = Object.entries(item.fields);
  // How long a text is can be seen.
  const told = fields.some(([, value]) => typeof value === 'string') ? fields.filter(([name]) => name !== 'length') : fields;
  return [item.type, ...told.map(([name, value]) => `${name}=${formatValue(value)}`)].join(' ');
}

/** Text in quotation marks, escaped, where it is text more or less; otherwise hexadecimal. */
function bytesText(bytes: Uint8Array): string {
  const text = fromUtf8(bytes) ?? '';
  if (!isText(text)) return `${hex(bytes.subarray(0, TEXT_SHOWN / 2))}${bytes.length > TEXT_SHOWN / 2 ? '…' : ''}`;
  return `"${cut(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'))}"`;
}

/** At most one of four is a control character, ends of lines apart. */
const isText = (text: string): boolean => text !== '' && (text.match(/[^\n\r\t\P{Cc}]/gu)?.length ?? 0) * 4 <= text.length;
const cut = (text: string): string => (text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text);
