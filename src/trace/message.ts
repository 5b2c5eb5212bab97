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
}

/** What bytes go through: the beginning of the name of their channel. */
export const CARRIERS = ['tcp', 'unix', 'pipe', 'udp'] as const;
export type Carrier = (typeof CARRIERS)[number];

/**
 * What a protocol says over each carrier: a new decoder for each direction of a stream that a program writes or reads, or `undefined`
 * where what it says there is none of the protocol's.
 */
export type Decoders = Readonly<Partial<Record<Carrier, (program: string) => Decoder | undefined>>>;
