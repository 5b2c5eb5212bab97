/**
 * Datagrams: each on its own way, which may lose it, double it, or let later ones overtake it.
 * Lacks: fragmentation, routers for multicast, and the errors that ICMP would bring to a connected socket.
 */

import { formatAddress } from '../../host/address.ts';
import { refuseDatagrams, refuseDestination } from '../../host/arguments.ts';
import type { DatagramAddress, DatagramHandler, DatagramOptions, DatagramSocket, NetworkInterface } from '../../host/host.ts';
import { canonical, isWide, plain, wide } from '../../host/internet.ts';
import { DONE, fail, type HostErrorCode, ok, type Result } from '../../host/result.ts';
import type { Duration } from '../../host/time.ts';
import { type Label, labelOf } from '../../trace/fingerprint.ts';
import { truesize } from '../channel/skbuff.ts';
import type { ChanceOf } from '../core/core.ts';
import { DATAGRAM_MAX } from '../core/options.ts';
import type { Held } from '../process/held.ts';
import type { SimProcess } from '../process/process.ts';
import type { Arrival, DatagramReceiver, Sent } from './arrival.ts';
import { type HeldPort, takes } from './ports.ts';
import { bindable, type Route, routeOf } from './route.ts';
import type { NetworkStack } from './stack.ts';

/** net.core.rmem_default of Linux: what arrives when this much waits already is dropped. */
const RECEIVE_BUFFER = 212_992;

/** Where a datagram goes, and which of its machine's addresses it leaves by. */
type Carry = (target: NetworkStack, source: string) => void;

/** What is known of a destination: it does not change, as interfaces do not. */
interface Known {
  readonly address: string;
  readonly route: Route | HostErrorCode;
}

export class SimSocket implements DatagramSocket, DatagramReceiver, Held {
  // What every datagram that arrives looks at comes first.
  #closed = false;
  /** It tells of IPv4 as IPv6 does. */
  readonly #wide: boolean;
  #waitingSize = 0;
  #opened = false;
  readonly #stack: NetworkStack;
  readonly #process: SimProcess;
  readonly #image: number;
  readonly #label: Label;
  readonly #handler: DatagramHandler;
  readonly local: DatagramAddress;
  readonly #name: string;
  readonly #options: DatagramOptions;
  readonly #waiting: Arrival[] = [];
  readonly #port: HeldPort;
  /** Where the last one went: mostly the next one goes there as well. */
  #last: Known | undefined;

  private constructor(
    stack: NetworkStack,
    process: SimProcess,
    local: DatagramAddress,
    options: DatagramOptions,
    handler: DatagramHandler,
  ) {
    this.#stack = stack;
    this.#process = process;
    this.#image = process.image;
    this.#name = process.core.nextName('udp');
    this.#label = labelOf(this.#name);
    this.local = local;
    this.#wide = isWide(local.address);
    this.#options = options;
    this.#handler = handler;
    process.held.add(this);
    this.#port = stack.udp.hold({ address: plain(local.address), port: local.port, receiver: this });
  }

  static bind(stack: NetworkStack, process: SimProcess, at: DatagramAddress, options: DatagramOptions, handler: DatagramHandler): void {
    const refused = refuseDatagrams(at, options) ?? process.refused('bind');
    const made =
      refused === undefined
        ? create(stack, at, local => new SimSocket(stack, process, local, options, handler))
        : fail(refused, `bind ${format(at)}`);
    if (made.ok) process.record('bind', { channel: made.value.#name, data: { at: format(made.value.local) } });
    else process.record('bind', { data: { at: format(at), error: made.error.code } });
    const image = process.image;
    process.soon(() =>
      process.deliver(image, () => {
        if (made.ok) made.value.#open();
        handler.opened(made);
      }),
    );
  }

  send(bytes: Uint8Array, to: DatagramAddress, sent?: (result: Result<void>) => void): void {
    const process = this.#process;
    process.call();
    if (this.#closed) throw new Error('send on a closed socket');
    const copy = process.core.slabs.copy(bytes);
    const message = process.core.nextMessage();
    const route = this.#routeTo(to.address);
    const result = this.#check(copy, route, to);
    const data = result.ok ? { to: format(to) } : { to: format(to), error: result.error.code };
    const cause = process.record('datagram', { channel: this.#name, bytes: copy, data, message });
    if (sent !== undefined) process.soon(() => process.deliver(this.#image, () => sent(result)));
    if (result.ok && typeof route !== 'string') this.#depart({ bytes: copy, route, port: to.port, cause, message });
  }

  #depart(sent: Sent): void {
    let arrival: Arrival | undefined;
    this.#ways(sent.route, (target, address) => {
      if (arrival === undefined || arrival.from.address !== address) {
        const from = { address, port: this.local.port };
        arrival = { sent, from, data: { from: format(from) } };
      }
      this.#carry(target, arrival);
    });
  }

  close(): void {
    this.#process.call();
    if (this.#closed) return;
    this.#process.record('unbind', { channel: this.#name });
    this.release();
  }

  release(): void {
    this.#closed = true;
    this.#process.held.delete(this);
    this.#port.release();
  }

  discard(): void {
    this.release();
  }

  #routeTo(address: string): Route | HostErrorCode {
    if (this.#last?.address === address) return this.#last.route;
    const destination = canonical(address);
    const route = destination === undefined ? 'EINVAL' : routeOf(this.#stack, this.local.address, destination);
    this.#last = { address, route };
    return route;
  }

  #check(bytes: Uint8Array, route: Route | HostErrorCode, to: DatagramAddress): Result<void> {
    const call = `send ${format(to)}`;
    const wrong = refuseDestination(to, this.local, bytes.length) ?? (typeof route === 'string' ? route : undefined);
    if (wrong !== undefined) return fail(wrong, call);
    if (typeof route !== 'string' && route.kind === 'broadcast' && this.#options.broadcast !== true) return fail('EACCES', call);
    if (typeof route !== 'string' && route.kind === 'group' && this.#stack.outward.length === 0) return fail('ENETUNREACH', call);
    return bytes.length > DATAGRAM_MAX ? fail('EMSGSIZE', call) : DONE;
  }

  /** A broadcast comes back to its own machine too, and so does what is sent to a group, from every interface. */
  #ways(route: Route, carry: Carry): void {
    const stack = this.#stack;
    const { network, outward } = stack;
    if (route.kind === 'machine') {
      const target = network.machineAt(route.to, stack);
      if (target !== undefined) carry(target, route.source);
    } else if (route.kind === 'group') {
      for (const each of outward)
        for (const target of network.all())
          if (target === stack || isOn(target, each)) carry(target, route.source === '' ? each.address : route.source);
    } else if (route.by?.loopback === true) carry(stack, route.source);
    else if (route.by?.broadcast !== undefined) for (const target of network.domain(route.by.broadcast)) carry(target, route.source);
  }

  #carry(target: NetworkStack, arrival: Arrival): void {
    const { core } = this.#process;
    const { link, conditions } = core;
    const stack = this.#stack;
    const { network } = stack;
    const prng = network.link(stack, target);
    const happens = (base: number, fault: ChanceOf | undefined): boolean => {
      if (stack === target) return false;
      if (prng.chance(base)) return true;
      const hit = fault !== undefined && prng.chance(fault.chance);
      if (hit) fault.fired();
      return hit;
    };
    if (!network.open(stack, target) || happens(link.loss, conditions.loss)) return;
    const copies = happens(link.duplicate, conditions.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = happens(link.reorder, conditions.reorder) ? network.delay(stack, target, prng) * 2 + link.latencyMax : 0;
      const arrive = (): void => {
        if (!target.up) return;
        const { kind, to } = arrival.sent.route;
        if (kind !== 'group') {
          const socket = target.udp.receiver(to, arrival.sent.port);
          socket?.arrive(arrival);
        } else for (const socket of groupAt(target, to, arrival.sent.port)) socket.arrive(arrival);
      };
      core.in((network.delay(stack, target, prng) + late) as Duration, arrive, 0, 'arrival');
    }
  }

  arrive(arrival: Arrival): void {
    if (this.#closed) return;
    const { bytes } = arrival.sent;
    if (this.#waitingSize === 0 && this.#opened && this.#process.readyOr(this.#read)) {
      this.#deliver(arrival);
      return;
    }
    if (this.#waitingSize > RECEIVE_BUFFER) return;
    this.#waiting.push(arrival);
    this.#waitingSize += bufferSize(bytes.length);
    this.#read();
  }

  joined(group: string): boolean {
    return this.#options.groups?.includes(group) === true;
  }

  /** Whoever opens the socket is told so before the first message. */
  #open(): void {
    this.#opened = true;
    if (this.#waiting.length > 0) this.#process.soon(this.#read);
  }

  readonly #read = (): void => {
    while (this.#opened && !this.#closed && this.#waiting.length > 0 && this.#process.readyOr(this.#read)) {
      const arrival = this.#waiting.shift();
      if (arrival === undefined) return;
      this.#waitingSize -= bufferSize(arrival.sent.bytes.length);
      this.#deliver(arrival);
    }
  };

  #deliver(arrival: Arrival): void {
    const { sent, from, data } = this.#wide ? widened(arrival) : arrival;
    const { bytes, cause, message } = sent;
    const process = this.#process;
    process.run(this.#image, () => {
      process.note('receive', this.#label, bytes, data, cause, message);
      this.#handler.message(process.core.slabs.copy(bytes), from);
    });
  }
}

const isOn = (machine: NetworkStack, network: NetworkInterface): boolean =>
  machine.interfaces.some(each => !each.loopback && sameNetwork(network, each));

/** Two interfaces are on one network when they share a broadcast domain, or each is the other's peer. */
const sameNetwork = (one: NetworkInterface, other: NetworkInterface): boolean =>
  (one.broadcast !== undefined && one.broadcast === other.broadcast) || (one.peer !== undefined && one.peer === other.address);

/** Who is bound to all addresses, or to the group, hears what some socket of the machine has joined (ip(7), IP_MULTICAST_ALL). */
function groupAt(stack: NetworkStack, group: string, port: number): readonly DatagramReceiver[] {
  const { receivers } = stack.udp;
  if (!receivers.some(each => each.joined(group))) return [];
  return receivers.filter(({ local }) => local.port === port && takes(plain(local.address), group));
}

/** As a socket of IPv6 has it. */
function widened({ sent, from: { address, port } }: Arrival): Arrival {
  const from = { address: wide(address), port };
  return { sent, from, data: { from: format(from) } };
}

function create(stack: NetworkStack, at: DatagramAddress, make: (local: DatagramAddress) => SimSocket): Result<SimSocket> {
  const call = `bind ${format(at)}`;
  const shown = canonical(at.address);
  if (shown === undefined) return fail('EINVAL', call);
  const refused = bindable(stack, shown, false);
  if (refused !== undefined) return fail(refused, call);
  const address = plain(shown);
  const port = at.port === 0 ? stack.udp.chooseFor(address) : at.port;
  if (port === undefined || stack.udp.taken(address, port)) return fail('EADDRINUSE', call);
  return ok(make({ address: shown, port }));
}

/** With room for the headers of UDP, IP and Ethernet; as measured over loopback, which keeps even the longest in one piece. */
const bufferSize = (length: number): number => truesize(length + HEADERS, 0);
const HEADERS = 60;

const format = formatAddress;
