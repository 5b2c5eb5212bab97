/**
 * The messages in the events of a trace: each is told with the event that brings its last byte.
 * Lacks: what was encrypted, whose key no event has.
 */
import { EMPTY, printable } from '../host/bytes.ts';
import type { TraceEvent } from './event.ts';
import type { Carrier, Decoder, Decoders, Item } from './message.ts';
import { formatData } from './view.ts';

export interface Decoded {
  readonly item: Item;
  /** Of its first byte in its channel; `undefined` where what came before does not tell. */
  readonly offset: number | undefined;
}

interface Flow {
  readonly decoder: Decoder;
  /** How many bytes the messages so far had. */
  bytes: number | undefined;
}

export class DecodedTrace {
  readonly #decoders: Decoders;
  /** By direction and channel; `undefined`: nothing to decode, or no more. */
  readonly #flows = new Map<string, Flow | undefined>();

  constructor(decoders: Decoders) {
    this.#decoders = decoders;
  }

  /** To be called for each event, in order. A decoder that throws is not asked again. */
  see(event: TraceEvent): readonly Decoded[] {
    const { kind, channel, bytes } = event;
    const direction = DIRECTIONS[kind];
    if (direction === undefined) return [];
    const key = `${direction} ${channel}`;
    // A datagram is a whole; what is read from a stream goes on where the last read ended.
    if (!this.#flows.has(key) || direction === 'datagram') this.#flows.set(key, this.#flowOf(event));
    const flow = this.#flows.get(key);
    if (flow === undefined) return [];
    try {
      const over = kind === 'end' || kind === 'eof';
      return (over ? flow.decoder.end() : flow.decoder.feed(bytes ?? EMPTY)).map(item => placed(item, flow));
    } catch {
      this.#flows.set(key, undefined);
      return [];
    }
  }

  #flowOf({ channel, process }: TraceEvent): Flow | undefined {
    const carrier = /^[a-z]+/.exec(channel)?.[0] ?? '';
    if (!Object.hasOwn(this.#decoders, carrier)) return undefined;
    const program = /([^/]*?)(?:\.\d+)?$/.exec(process)?.[1] ?? '';
    const decoder = this.#decoders[carrier as Carrier]?.(program); // an own key, so a carrier
    return decoder === undefined ? undefined : { decoder, bytes: 0 };
  }
}

const DIRECTIONS: Readonly<Partial<Record<TraceEvent['kind'], 'sent' | 'received' | 'datagram'>>> = {
  send: 'sent',
  end: 'sent',
  recv: 'received',
  eof: 'received',
  datagram: 'datagram',
  receive: 'datagram',
};

function placed(item: Item, flow: Flow): Decoded {
  if (item.kind === 'violation') return { item, offset: item.offset };
  const offset = flow.bytes;
  // What is skipped has no bytes to count.
  flow.bytes = offset === undefined || item.bytes.length === 0 ? undefined : offset + item.bytes.length;
  return { item, offset: item.bytes.length === 0 ? undefined : offset };
}

/** `line text=ahoy  (bytes 12 to 16)`: safe for a terminal whatever the decoder found. */
export function formatDecoded({ item, offset }: Decoded): string {
  if (item.kind === 'violation') return `breaks ${printable(item.clause, 80)}: ${printable(item.detail, 120)}  (byte ${item.offset})`;
  const { type, fields, bytes } = item;
  const place = offset === undefined ? '' : `  (bytes ${offset} to ${offset + bytes.length - 1})`;
  return `${printable(type, 80)} ${formatData(fields)}`.trimEnd() + place;
}
