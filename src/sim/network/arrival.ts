/**
 * A datagram where it arrives, and what takes it.
 * Lacks: the way there (datagram.ts).
 */
import type { EventData } from '../../host/event.ts';
import type { DatagramAddress } from '../../host/host.ts';
import type { Route } from './route.ts';

/** What was sent, once for all whom it reaches. */
export interface Sent {
  /** Of the world: nobody writes to it. */
  readonly bytes: Uint8Array;
  readonly route: Route;
  readonly port: number;
  readonly cause: number;
  readonly message: number;
}

/** How those see it that it reaches from one address of the sender. */
export interface Arrival {
  readonly sent: Sent;
  readonly from: DatagramAddress;
  readonly data: EventData;
}

/** A socket that is bound. */
export interface DatagramReceiver {
  readonly local: DatagramAddress;
  arrive(arrival: Arrival): void;
  joined(group: string): boolean;
}
