/**
 * Bytes as a protocol means them: messages with names and fields, by a decoder of its own.
 * Lacks: any protocol.
 */
import type { DatagramAddress } from '../host/host.ts';

export type FieldValue = string | number | boolean;

/** What a decoder made of the bytes of a channel. */
export type Item = Message | FormatViolation;
export interface Message {
  readonly kind: 'message';
  readonly type: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly bytes: Uint8Array;
  /** Of its first byte, in its channel: of a stream only, and where the decoder says it. */
  readonly offset?: number;
  /** Where fields stand in the bytes, for whoever looks at a dump: the first byte, and how many. */
  readonly spans?: Readonly<Record<string, readonly [at: number, length: number]>>;
  /** The protocol lets a reader skip it (an unknown type), so a case that does not ask for it does not see it. */
  readonly ignorable: boolean;
}
/** The bytes break a rule of the format. A decoder yields nothing after it. */
export interface FormatViolation {
  readonly kind: 'violation';
  readonly clause: string;
  readonly detail: string;
  /** Of the first byte that broke it, in its channel. */
  readonly offset: number;
}

/**
 * Incremental: any cutting of the same bytes of a stream gives the same items. What comes as a whole, a datagram or the content of a
 * file, is fed as one; a datagram with where it came from.
 */
export interface Decoder {
  feed(bytes: Uint8Array, from?: DatagramAddress): readonly Item[];
  end(): readonly Item[];
  /** Bytes of a message that has begun and not come to its end. */
  readonly held?: number;
  /**
   * Something that came is of this protocol, and hardly of another one: by that it is guessed what a stream speaks. Absent: whatever it has made a message
   * of; a decoder that takes any line, or any datagram, for a message says it.
   */
  readonly recognised?: boolean;
}

/** What bytes go through: the beginning of the name of their channel. */
export const CARRIERS = ['tcp', 'unix', 'pipe', 'udp'] as const;
export type Carrier = (typeof CARRIERS)[number];

/**
 * What a protocol says over each carrier: a new decoder for each direction of a stream that a program writes or reads, or `undefined`
 * where what it says there is none of the protocol's. `channel`: as the trace calls it.
 */
export type Decoders = Readonly<Partial<Record<Carrier, (program: string, channel?: string) => Decoder | undefined>>>;

/** The name of a stream: that of a channel without its direction. */
export const streamOf = (channel: string): string => (/[<>]$/.test(channel) ? channel.slice(0, -1) : channel);

/** Of a trace in which streams are of several protocols: each as the decoders of its own say. */
export const decodersBy = (of: (stream: string) => Decoders): Decoders =>
  Object.fromEntries(
    CARRIERS.map(carrier => [carrier, (program: string, channel = '') => of(streamOf(channel))[carrier]?.(program, channel)]),
  );
