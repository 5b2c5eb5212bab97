/**
 * One connection to another kernel: the negotiation (negotiation.ts), then requests as frames.
 * Lacks: what a request means, who is connected (the responder), and how a connection comes about.
 */
import type { Host, Stream, StreamHandler } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import type { PerlValue } from '../storable/values.ts';
import type { LinkRules } from './link-rules.ts';

/** Who is at the other end: its kernel id, and its further names in the order in which it said them. */
export interface Peer {
  readonly id: string;
  readonly aliases: readonly string[];
}

export interface Link {
  /** Undefined until the link is open. It stays known afterwards. */
  readonly peer: Peer | undefined;
  readonly open: boolean;
  /** Queues one request; false where it was not: the link is no longer open, or `unsendable` has been told why. */
  send(request: PerlValue): boolean;
  /** Nothing more is read; what was accepted is flushed, then the stream ends. `closed` is told when it has. */
  shutdown(): void;
}

export interface LinkListener {
  opened(link: Link): void;
  request(link: Link, request: PerlValue): void;
  /** A frame that could not be thawed, with the reason. The link goes on. */
  unreadable(link: Link, why: string): void;
  /** A request that the serializer of this link has no form for, or that is too large; told from within `send`. */
  unsendable(link: Link, request: PerlValue, why: string): void;
  /** Exactly once, whether it was ever open or not. */
  closed(link: Link, why: string): void;
}

export interface LinkOptions {
  readonly role: 'server' | 'client';
  /** What this link is called in the log. */
  readonly label: string;
  /** Kernel id of this process: the first name that the peer is told (names.ts has `kernelId`). */
  readonly id: string;
  readonly name: string | undefined;
  readonly aliases: readonly string[];
  /** Of a client: the address as it was configured, `host:port`; for a Unix-domain socket undefined. */
  readonly configured?: string;
  /**
   * Of a server: the serializers that it accepts. Of a client: those that it offers, in order; with none the default is taken. As
   * written the list is consumed (B-T06c), so a client that connects again gives the same array.
   */
  readonly serializers: string[];
  /** Of the negotiation as a whole. */
  readonly timeout: Duration;
  readonly rules: LinkRules;
}

/** The link, and what the Host is to be told to call for its stream. */
export declare function makeLink(
  host: Host,
  stream: Stream,
  options: LinkOptions,
  listener: LinkListener,
): { readonly link: Link; readonly handler: StreamHandler };
