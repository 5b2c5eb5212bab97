/**
 * The UDP sockets of a case: on the port of the case, which is that of the implementation as well, and on others. What is sent
 * goes to the implementation; what comes is taken from anybody, with where it came from.
 * Lacks: ways to keep a sender waiting: a flood is read until there is enough of it, and then no more.
 */
import { ipv4, isLoopback } from '../../src/host/address.ts';
import type { DatagramAddress, DatagramSocket, Network } from '../../src/host/host.ts';
import type { ChannelName, Wiring } from '../case.ts';
import type { Inbox } from '../judge/inbox.ts';
import { NOTE } from '../judge/notes.ts';
import { LOOPBACK, orThrow, type TesterContext } from './context.ts';

/** Another one than the tester's, so that both can have the same port. */
const LOOPBACK_PEER = '127.0.0.2';
const ALL = '0.0.0.0';

export class Datagrams {
  readonly #context: TesterContext;
  readonly #wiring: Wiring;
  readonly #inbox: (channel: ChannelName) => Inbox;
  readonly #sockets: Map<ChannelName, DatagramSocket> = new Map();
  /** Where the implementation is; port 0 until one that is free has been found. */
  #peer: DatagramAddress;

  constructor(context: TesterContext, wiring: Wiring, inbox: (channel: ChannelName) => Inbox, peer: DatagramAddress | undefined) {
    this.#context = context;
    this.#wiring = wiring;
    this.#inbox = inbox;
    this.#peer = peer ?? { address: LOOPBACK_PEER, port: 0 };
  }

  get peer(): DatagramAddress {
    return this.#peer;
  }

  /** Where the implementation reaches the tester. */
  get tester(): string {
    return isLoopback(this.#peer.address) ? LOOPBACK : neighbouring(this.#context.host.network, this.#peer.address);
  }

  /** One socket after the other; that on the port of the case first, because it may be the one that chooses the port. */
  begin(ready: () => void): void {
    const wired = Object.entries(this.#wiring.channels).filter(([, { datagrams }]) => datagrams !== undefined);
    const onPort = wired.filter(([, { datagrams }]) => datagrams === 'port');
    const others = wired.filter(([, { datagrams }]) => datagrams === 'other');
    this.#openAll(
      [...onPort, ...others].map(([channel]) => channel),
      ready,
    );
  }

  #openAll([channel, ...rest]: readonly ChannelName[], ready: () => void): void {
    if (channel === undefined) {
      ready();
      return;
    }
    const onPort = this.#wiring.channels[channel]?.datagrams === 'port';
    // On a real network all addresses, so that broadcasts are heard; on the loopback one, because the peer needs the port as well.
    const address = isLoopback(this.#peer.address) ? LOOPBACK : ALL;
    const at = { address, port: onPort ? this.#peer.port : 0 };
    this.#context.note(NOTE.bind, { channel });
    this.#context.host.network.bind(
      at,
      {},
      {
        opened: result => {
          const socket = orThrow(result, `UDP port ${at.port} of ${at.address} for ${channel}`);
          this.#sockets.set(channel, socket);
          if (onPort) this.#peer = { ...this.#peer, port: socket.local.port };
          this.#openAll(rest, ready);
        },
        message: (bytes, from) => this.#take(channel, bytes, from),
      },
    );
  }

  #take(channel: ChannelName, bytes: Uint8Array, from: DatagramAddress): void {
    this.#context.observe({ kind: 'bytes', channel, bytes, from });
    if (this.#inbox(channel).overflowing) this.finish();
  }

  /** Whether it was one of ours. */
  send(channel: ChannelName, bytes: Uint8Array, times: number): boolean {
    if (this.#wiring.channels[channel]?.datagrams === undefined) return false;
    for (let sent = 0; sent < times; sent++) this.#sockets.get(channel)?.send(bytes, this.#peer);
    return true;
  }

  finish(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }
}

/** Our address on the network that the other one is on. */
function neighbouring(network: Network, address: string): string {
  const target = ipv4(address) ?? 0;
  const shared = network.interfaces().find(each => {
    const mask = ipv4(each.netmask) ?? 0;
    return !each.loopback && (((ipv4(each.address) ?? 0) ^ target) & mask) === 0;
  });
  return shared?.address ?? ALL;
}
