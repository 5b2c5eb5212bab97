/**
 * UDP sockets, over node:dgram. `send` hands the datagram to the kernel before it returns, so that it survives an exit that follows:
 * Node's own would look the address up first, a turn later; here the lookup is the identity and answers at once.
 * Lacks: ICMP errors, which Linux keeps from unconnected sockets.
 */
import dgram from 'node:dgram';
import net from 'node:net';
import { formatAddress, isMulticast } from '../host/address.ts';
import { refuseDatagrams, refuseDestination } from '../host/arguments.ts';
import type { DatagramAddress, DatagramHandler, DatagramOptions, DatagramSocket } from '../host/host.ts';
import { inFamilyOf } from '../host/internet.ts';
import { DONE, fail, ok, type Result } from '../host/result.ts';
import type { Crossings } from './crossings.ts';
import { hostError, refuse } from './errors.ts';
import type { Image, Resource } from './guard.ts';
import { interfaces } from './interfaces.ts';
import { plain } from './storage.ts';

export function openDatagrams(
  image: Image,
  crossings: Crossings,
  at: DatagramAddress,
  options: DatagramOptions,
  handler: DatagramHandler,
): void {
  const call = `bind ${formatAddress(at)}`;
  const failed = (result: Result<never>): void => {
    if (!result.ok) crossings.report('bind', { at: formatAddress(at), error: result.error.code });
    handler.opened(result);
  };
  const refused = refuseDatagrams(at, options);
  if (refused !== undefined) {
    image.later(() => failed(fail(refused, call)));
    return;
  }
  const socket = dgram.createSocket({ type: net.isIPv6(at.address) ? 'udp6' : 'udp4', lookup: identity });
  const open = new NodeDatagramSocket({ image, crossings, socket });
  socket.on('error', error => {
    if (open.release()) image.later(() => failed({ ok: false, error: hostError(error, call) }));
  });
  socket.once('listening', () => {
    try {
      prepare(socket, options);
    } catch (thrown) {
      if (open.release()) image.later(() => failed(refuse(thrown, call)));
      return;
    }
    socket.removeAllListeners('error').on('error', () => {});
    // Emitted within bind: the daemon hears of it when its own call has returned.
    image.later(() => {
      open.begin();
      socket.on('message', (bytes, from) => open.deliver(handler, bytes, from));
      handler.opened(ok(open));
    });
  });
  socket.bind({ address: at.address, port: at.port, exclusive: true });
}

interface DatagramSetup {
  readonly image: Image;
  readonly crossings: Crossings;
  readonly socket: dgram.Socket;
}

class NodeDatagramSocket implements DatagramSocket, Resource {
  readonly #setup: DatagramSetup;
  #channel = '';
  #closed = false;
  #local: DatagramAddress | undefined;

  constructor(setup: DatagramSetup) {
    this.#setup = setup;
    setup.image.own(this);
  }

  get local(): DatagramAddress {
    if (this.#local === undefined) {
      const { address, port } = this.#setup.socket.address();
      this.#local = { address, port };
    }
    return this.#local;
  }

  begin(): void {
    const { crossings } = this.#setup;
    this.#channel = crossings.datagrams();
    crossings.report('bind', { at: formatAddress(this.local) }, this.#channel);
  }

  send(bytes: Uint8Array, to: DatagramAddress, sent?: (result: Result<void>) => void): void {
    const { image, crossings, socket } = this.#setup;
    image.check();
    if (this.#closed) throw new Error(`send after close (${this.#channel})`);
    const copy = bytes.slice();
    const call = `sendto ${formatAddress(to)}`;
    const told = (result: Result<void>): void => {
      // Node tells a turn later, when the event is out: a second one, without bytes, says that it was refused.
      if (!result.ok) crossings.report('datagram', { to: formatAddress(to), error: result.error.code }, this.#channel);
      if (!this.#closed) sent?.(result);
    };
    crossings.report('datagram', { to: formatAddress(to) }, this.#channel, copy);
    const refused = refuseDestination(to, this.local, copy.length);
    if (refused !== undefined) {
      image.later(() => told(fail(refused, call)));
      return;
    }
    const done = (error: Error | null): void => image.run(() => told(error === null ? DONE : { ok: false, error: hostError(error, call) }));
    try {
      if (isMulticast(to.address)) this.#sendToGroup(copy, to, call, done);
      else socket.send(copy, to.port, inFamilyOf(this.local.address, to.address), done);
    } catch (thrown) {
      image.later(() => told(refuse(thrown, call))); // an interface that has just gone
    }
  }

  /** By every interface that is not the loopback; the last answer counts for all. */
  #sendToGroup(bytes: Uint8Array, to: DatagramAddress, call: string, done: (error: Error | null) => void): void {
    const { socket, image } = this.#setup;
    const ways = multicastAddresses();
    if (ways.length === 0) {
      image.later(() => done(Object.assign(new Error(call), { code: 'ENETUNREACH' })));
      return;
    }
    for (const [index, address] of ways.entries()) {
      socket.setMulticastInterface(address);
      socket.send(bytes, to.port, to.address, index === ways.length - 1 ? done : () => {});
    }
  }

  close(): void {
    const { image, crossings } = this.#setup;
    image.check();
    if (this.#closed) return;
    crossings.report('unbind', undefined, this.#channel);
    this.release();
  }

  deliver(handler: DatagramHandler, bytes: Uint8Array, from: DatagramAddress): void {
    const { image, crossings } = this.#setup;
    image.run(() => {
      if (this.#closed) return;
      const copy = plain(bytes).slice();
      const source = { address: from.address, port: from.port };
      crossings.report('receive', { from: formatAddress(source) }, this.#channel, crossings.observed ? copy.slice() : copy);
      handler.message(copy, source);
    });
  }

  /** False when it was closed before. */
  release(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#setup.image.disown(this);
    this.#setup.socket.close();
    return true;
  }
}

/** What can be set only once the socket is bound. */
function prepare(socket: dgram.Socket, { broadcast = false, groups = [], multicastTtl = 1 }: DatagramOptions): void {
  if (broadcast) socket.setBroadcast(true);
  socket.setMulticastTTL(multicastTtl);
  for (const group of groups) {
    for (const address of multicastAddresses()) {
      try {
        socket.addMembership(group, address);
      } catch {
        // An interface that cannot multicast, or one that has just gone: the others are joined all the same.
      }
    }
  }
}

/** One address of each interface; a label such as eth0:1 is no other one. */
const multicastAddresses = (): readonly string[] => {
  const ways = interfaces().filter(each => !each.loopback);
  return [...new Map(ways.toReversed().map(each => [each.name.split(':', 1)[0], each.address])).values()];
};

/** Addresses are numeric here: nothing is looked up, and the answer comes within the call. */
const identity: dgram.SocketOptions['lookup'] = (address, _options, answer) => answer(null, address, net.isIP(address));
