/**
 * The messages in the events of a trace: each is told with the event that brings its last byte.
 * Lacks: what was encrypted, whose key no event has.
 */
import { EMPTY, printable } from '../host/bytes.ts';
import type { TraceEvent } from './event.ts';
import type { Carrier, Decoder, Decoders, Item } from './message.ts';
import { formatData } from './view.ts';

/** In a `log` event of a channel: bytes of it are missing in the capture. */
export const HOLE = 'hole';

/** Decoders at the same time: captures have connections whose end nobody saw. Of too many the oldest is not asked any more. */
export const DECODER_LIMIT = 65_536;

export class DecodedTrace {
  readonly #decoders: Decoders;
  readonly #limit: number;
  /** By direction and channel; `undefined`: nothing to decode, or no more. */
  readonly #flows = new Map<string, Decoder | undefined>();
  /** Those of them that have a decoder, the oldest first. */
  readonly #asked = new Set<string>();
  /** Directions whose decoder was given up for want of room. */
  dropped = 0;

  constructor(decoders: Decoders, limit: number = DECODER_LIMIT) {
    this.#decoders = decoders;
    this.#limit = limit;
  }

  /** To be called for each event, in order. A decoder that throws is not asked again. */
  see(event: TraceEvent): readonly Item[] {
    const { kind, channel, bytes } = event;
    const direction = directionOf(kind);
    if (direction === undefined) {
      if (channel !== '') this.#endings(event);
      return [];
    }
    const key = `${direction} ${channel}`;
    // A datagram is a whole; what is read from a stream goes on where the last read ended.
    if (!this.#flows.has(key) || direction === 'datagram') this.#begin(key, decoderOf(this.#decoders, event));
    const decoder = this.#flows.get(key);
    if (decoder === undefined) return [];
    try {
      if (kind !== 'end' && kind !== 'eof') return decoder.feed(bytes ?? EMPTY);
      // Nothing comes behind it, and a trace may have very many channels.
      this.#forget(key);
      return decoder.end();
    } catch {
      this.#drop(key);
      return [];
    }
  }

  #begin(key: string, decoder: Decoder | undefined): void {
    this.#flows.set(key, decoder);
    if (decoder === undefined) return;
    this.#asked.add(key);
    if (this.#asked.size <= this.#limit) return;
    for (const oldest of this.#asked) {
      this.#drop(oldest);
      this.dropped += 1;
      return;
    }
  }

  #forget(key: string): void {
    this.#flows.delete(key);
    this.#asked.delete(key);
  }

  /** It is not decoded any further. */
  #drop(key: string): void {
    this.#flows.set(key, undefined);
    this.#asked.delete(key);
  }

  #endings({ kind, channel, data }: TraceEvent): void {
    const keys = [`sent ${channel}`, `received ${channel}`];
    // Behind a hole nobody knows where a message begins.
    if (kind === 'log' && data?.['event'] === HOLE) for (const key of keys) this.#drop(key);
    else if (kind === 'reset' || (kind === 'close' && data?.['error'] !== undefined)) for (const key of keys) this.#forget(key);
  }

  /** After it was seen: its bytes are told as messages. */
  isDecoded({ kind, channel }: TraceEvent): boolean {
    return this.#flows.get(`${directionOf(kind)} ${channel}`) !== undefined;
  }
}

/** A new one for what an event has in its channel; `undefined` where there is nothing of the protocol in it. */
export function decoderOf(decoders: Decoders, { channel, process }: TraceEvent): Decoder | undefined {
  const carrier = /^[a-z]+/.exec(channel)?.[0] ?? '';
  if (!Object.hasOwn(decoders, carrier)) return undefined;
  const program = /([^/]*?)(?:\.\d+)?$/.exec(process)?.[1] ?? '';
  return decoders[carrier as Carrier]?.(program); // an own key, so a carrier
}

/** Of the kinds that carry bytes, or end what carries them: each direction of a channel is decoded by itself. */
export const directionOf = (kind: TraceEvent['kind']): 'sent' | 'received' | 'datagram' | undefined => DIRECTIONS[kind];

const DIRECTIONS: Readonly<Partial<Record<TraceEvent['kind'], 'sent' | 'received' | 'datagram'>>> = {
  send: 'sent',
  end: 'sent',
  recv: 'received',
  eof: 'received',
  datagram: 'datagram',
  receive: 'datagram',
};

/** `line text=ahoy  (bytes 12 to 16)`: safe for a terminal whatever the decoder found. */
export function formatItem(item: Item): string {
  if (item.kind === 'violation') return `breaks ${printable(item.clause, 80)}: ${printable(item.detail, 120)}  (byte ${item.offset})`;
  const { type, fields, bytes, offset } = item;
  const place = offset === undefined || bytes.length === 0 ? '' : `  (bytes ${offset} to ${offset + bytes.length - 1})`;
  return `${printable(type, 80)} ${formatData(fields)}`.trimEnd() + place;
}
