/**
 * The messages in the events of a trace: each is told with the event that brings its last byte.
 * Lacks: what was encrypted, whose key no event has.
 */
import { EMPTY, printable } from '../host/bytes.ts';
import type { TraceEvent } from './event.ts';
import type { Carrier, Decoder, Decoders, Item } from './message.ts';
import { Recent } from './recent.ts';
import { formatData } from './view.ts';

/** In a `log` event of a channel: bytes of it are missing in the capture. */
export const HOLE = 'hole';

/** Channels that are decoded at the same time: captures have connections whose end nobody saw. Of too many those that were silent longest are decoded no further. */
export const DECODED_LIMIT = 32_768;
/** Channels that are known to be decoded no further. One that is forgotten even so is taken for a new one. */
export const SILENT_LIMIT = 262_144;

/** What each direction of a channel is decoded by; `undefined`: it has not begun, or has ended. */
interface Directions {
  sent: Decoder | undefined;
  received: Decoder | undefined;
  datagram: Decoder | undefined;
}

const NOTHING: readonly Item[] = [];
/** Of what is none of the protocol's. */
const FOREIGN: Decoder = { feed: () => NOTHING, end: () => NOTHING };
/** Of what is decoded no further. */
const GIVEN_UP: Decoder = { feed: () => NOTHING, end: () => NOTHING };
const isAsked = (decoder: Decoder | undefined): boolean => decoder !== undefined && decoder !== FOREIGN && decoder !== GIVEN_UP;

export class DecodedTrace {
  readonly #decoders: Decoders;
  readonly #channels: Recent<Directions>;
  readonly #silent: Recent<true>;
  /** Channels that are decoded no further for want of room. */
  dropped = 0;

  constructor(decoders: Decoders, limit: number = DECODED_LIMIT, silent: number = SILENT_LIMIT) {
    this.#decoders = decoders;
    this.#silent = new Recent(silent);
    this.#channels = new Recent(limit, (channel, directions) => this.#giveUp(channel, directions));
  }

  /** To be called for each event, in order. A decoder that throws is not asked again. */
  see(event: TraceEvent): readonly Item[] {
    const { kind, channel, bytes } = event;
    const direction = directionOf(kind);
    if (direction === undefined) {
      if (channel !== '') this.#endings(event);
      return NOTHING;
    }
    const known = this.#channels.get(channel) ?? this.#begin(channel);
    if (known === undefined) return NOTHING;
    let decoder = known[direction];
    // A datagram is a whole; what is read from a stream goes on where the last read ended.
    if (decoder === undefined || direction === 'datagram') {
      decoder = decoderOf(this.#decoders, event) ?? FOREIGN;
      known[direction] = decoder;
    }
    try {
      if (kind !== 'end' && kind !== 'eof') return decoder.feed(bytes ?? EMPTY);
      // Nothing comes behind it, and a trace may have very many channels.
      known[direction] = undefined;
      if (known.sent === undefined && known.received === undefined) this.#channels.delete(channel);
      return decoder.end();
    } catch {
      known[direction] = GIVEN_UP;
      return NOTHING;
    }
  }

  #begin(channel: string): Directions | undefined {
    if (this.#silent.get(channel) !== undefined) return undefined;
    const directions: Directions = { sent: undefined, received: undefined, datagram: undefined };
    this.#channels.set(channel, directions);
    return directions;
  }

  #giveUp(channel: string, { sent, received }: Directions): void {
    const wasAsked = isAsked(sent) || isAsked(received);
    if (wasAsked) this.dropped += 1;
    // What is foreign will be found to be so again.
    if (wasAsked || sent === GIVEN_UP || received === GIVEN_UP) this.#silent.set(channel, true);
  }

  #endings({ kind, channel, data }: TraceEvent): void {
    const isReset = kind === 'reset' || (kind === 'close' && data?.['error'] !== undefined);
    if (isReset) {
      this.#channels.delete(channel);
      this.#silent.delete(channel);
    } else if (kind === 'log' && data?.['event'] === HOLE) {
      // Behind a hole nobody knows where a message begins.
      const known = this.#channels.get(channel) ?? this.#begin(channel);
      if (known !== undefined) known.sent = known.received = GIVEN_UP;
    }
  }

  /** After it was seen: its bytes are told as messages. */
  isDecoded({ kind, channel }: TraceEvent): boolean {
    const direction = directionOf(kind);
    return direction !== undefined && isAsked(this.#channels.get(channel)?.[direction]);
  }
}

/** Whoever asks how many were dropped brings what decodes; for anybody else it is made. */
export const decodedBy = (by: Decoders | DecodedTrace): DecodedTrace => (by instanceof DecodedTrace ? by : new DecodedTrace(by));

/** A new one for what an event has in its channel; `undefined` where there is nothing of the protocol in it. */
export function decoderOf(decoders: Decoders, { channel, process }: TraceEvent): Decoder | undefined {
  const carrier = /^[a-z]+/.exec(channel)?.[0] ?? '';
  if (!Object.hasOwn(decoders, carrier)) return undefined;
  const program = /([^/]*?)(?:\.\d+)?$/.exec(process)?.[1] ?? '';
  return decoders[carrier as Carrier]?.(program, channel); // an own key, so a carrier
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
