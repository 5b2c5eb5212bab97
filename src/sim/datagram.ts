/**
 * Datagrams: each on its own way, which may lose it, double it, or let later ones overtake it.
 * Lacks: fragmentation, routers for multicast, and the errors that ICMP would bring to a connected socket.
 * May import: host.
 */

import { isAny, isLoopback, isMulticast } from '../host/address.ts';
import { refuseDatagrams, refuseDestination } from '../host/arguments.ts';
import type { EventData } from '../host/event.ts';
import type { DatagramAddress, DatagramHandler, DatagramOptions, DatagramSocket, NetworkInterface } from '../host/host.ts';
import { DONE, fail, ok, type Result } from '../host/result.ts';
import type { Duration } from '../host/time.ts';
import { type Label, labelOf } from '../trace/fingerprint.ts';
import type { Machine } from './machine.ts';
import { DATAGRAM_MAX } from './options.ts';
import type { Held, SimProcess } from './process.ts';
import { truesize } from './skbuff.ts';

/** What the faults do to datagrams, in thousandths, and whom to tell when they did. */
export interface DatagramConditions {
  loss: { readonly chance: number; readonly fired: () => void } | undefined;
  duplicate: { readonly chance: number; readonly fired: () => void } | undefined;
  reorder: { readonly chance: number; readonly fired: () => void } | undefined;
}

const LOOPBACK = '127.0.0.1';
/** The broadcast address of 127.0.0.0/8, which Linux delivers although `lo` does not claim to broadcast. */
const LOOPBACK_BROADCAST = '127.255.255.255';
const LIMITED_BROADCAST = '255.255.255.255';
/** net.core.rmem_default of Linux: what arrives when this much waits already is dropped. */
const RECEIVE_BUFFER = 212_992;

/** What was sent, once for all whom it reaches. */
interface Sent {
  /** Of the world: nobody writes to it. */
  readonly bytes: Uint8Array;
  readonly to: DatagramAddress;
  readonly multicast: boolean;
  readonly cause: number;
  readonly message: number;
}

/** How those see it that it reaches from one address of the sender. */
interface Arrival {
  readonly sent: Sent;
  readonly from: DatagramAddress;
  readonly data: EventData;
}

/** Where a datagram goes, and which of its machine's addresses it leaves by. */
type Carry = (target: Machine, source: string) => void;

export class SimSocket implements DatagramSocket, Held {
  // What every datagram that arrives looks at comes first.
  #closed = false;
  readonly #port: number;
  readonly #any: boolean;
  #waitingSize = 0;
  #opened = false;
  readonly #process: SimProcess;
  readonly #image: number;
  readonly #label: Label;
  readonly #handler: DatagramHandler;
  readonly local: DatagramAddress;
  readonly #name: string;
  readonly #options: DatagramOptions;
  readonly #waiting: Arrival[] = [];

  private constructor(process: SimProcess, local: DatagramAddress, options: DatagramOptions, handler: DatagramHandler) {
    this.#process = process;
    this.#image = process.image;
    this.#name = process.core.nextName('udp');
    this.#label = labelOf(this.#name);
    this.local = local;
    this.#port = local.port;
    this.#any = isAny(local.address);
    this.#options = options;
    this.#handler = handler;
    process.held.add(this);
    process.machine.udp = [...process.machine.udp, this];
  }

  static bind(process: SimProcess, at: DatagramAddress, options: DatagramOptions, handler: DatagramHandler): void {
    const refused = refuseDatagrams(at, options);
    const make = (port: number): SimSocket => new SimSocket(process, { address: at.address, port }, options, handler);
    const made = refused === undefined ? create(process, at, make) : fail(refused, `bind ${format(at)}`);
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
    const copy = process.core.copies.of(bytes);
    const message = process.core.nextMessage();
    const result = this.#check(copy, to);
    const data = result.ok ? { to: format(to) } : { to: format(to), error: result.error.code };
    const cause = process.record('datagram', { channel: this.#name, bytes: copy, data, message });
    if (sent !== undefined) process.soon(() => process.deliver(this.#image, () => sent(result)));
    if (result.ok) this.#depart({ bytes: copy, to, multicast: isMulticast(to.address), cause, message });
  }

  #depart(sent: Sent): void {
    const { machine } = this.#process;
    // Bound to an address of the machine it is that; a broadcast address and a group are none.
    const own = !this.#any && machine.owns(this.local.address) ? this.local.address : undefined;
    let arrival: Arrival | undefined;
    this.#ways(sent.to, (target, way) => {
      const address = own ?? way;
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
    this.abandon();
  }

  abandon(): void {
    this.#closed = true;
    this.#process.held.delete(this);
    const { machine } = this.#process;
    machine.udp = machine.udp.filter(other => other !== this);
  }

  #check(bytes: Uint8Array, to: DatagramAddress): Result<void> {
    const call = `send ${format(to)}`;
    const wrong = refuseDestination(to, this.local, bytes.length);
    if (wrong !== undefined) return fail(wrong, call);
    const machine = this.#process.machine;
    // Whoever is bound to the loopback cannot be answered from outside.
    if (isLoopback(this.local.address) && this.#leaves(to.address)) return fail('EINVAL', call);
    if (this.#isBroadcast(to.address) && this.#options.broadcast !== true) return fail('EACCES', call);
    const reachable = isLoopback(to.address) || this.#isBroadcast(to.address) || machine.interfaces.some(each => !each.loopback);
    if (!reachable) return fail('ENETUNREACH', call);
    return bytes.length > DATAGRAM_MAX ? fail('EMSGSIZE', call) : DONE;
  }

  #isBroadcast(address: string): boolean {
    return (
      address === LIMITED_BROADCAST ||
      address === LOOPBACK_BROADCAST ||
      this.#process.machine.interfaces.some(each => each.broadcast === address)
    );
  }

  #leaves(address: string): boolean {
    return !isLoopback(address) && address !== LIMITED_BROADCAST && !this.#process.machine.owns(address);
  }

  /** A broadcast comes back to its own machine too, and so does what is sent to a group, from every interface. */
  #ways(to: DatagramAddress, carry: Carry): void {
    const { machine } = this.#process;
    const { network, outward } = machine;
    if (to.address === LOOPBACK_BROADCAST) carry(machine, LOOPBACK);
    else if (isMulticast(to.address)) {
      for (const each of outward)
        for (const target of network.all()) if (target === machine || isOn(target, each)) carry(target, each.address);
    } else if (this.#isBroadcast(to.address)) {
      this.#everybody(
        outward.filter(each => to.address === LIMITED_BROADCAST || each.broadcast === to.address),
        carry,
      );
    } else {
      const target = network.machineAt(to.address, machine);
      if (target !== undefined) carry(target, this.#sourceTowards(target, to.address));
    }
  }

  /** All who share one of the broadcast domains, once each. */
  #everybody(domains: readonly NetworkInterface[], carry: Carry): void {
    const { network } = this.#process.machine;
    const [only] = domains;
    if (domains.length === 1 && only?.broadcast !== undefined) {
      for (const target of network.domain(only.broadcast)) carry(target, only.address);
      return;
    }
    for (const target of network.all()) {
      const by = domains.find(
        domain => domain.broadcast !== undefined && target.interfaces.some(each => each.broadcast === domain.broadcast),
      );
      if (by !== undefined) carry(target, by.address);
    }
  }

  #sourceTowards(target: Machine, address: string): string {
    const { machine } = this.#process;
    if (isLoopback(address)) return LOOPBACK;
    if (target === machine) return address;
    const { outward } = machine;
    return (outward.find(each => isOn(target, each)) ?? outward[0])?.address ?? LOOPBACK;
  }

  #carry(target: Machine, arrival: Arrival): void {
    const { core, machine } = this.#process;
    const { datagrams, network } = machine;
    const prng = network.link(machine, target);
    const link = core.link;
    const happens = (base: number, fault: { readonly chance: number; readonly fired: () => void } | undefined): boolean => {
      if (machine === target) return false;
      if (prng.chance(base)) return true;
      const hit = fault !== undefined && prng.chance(fault.chance);
      if (hit) fault.fired();
      return hit;
    };
    if (!network.open(machine, target) || happens(link.loss, datagrams.loss)) return;
    const copies = happens(link.duplicate, datagrams.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = happens(link.reorder, datagrams.reorder) ? network.delay(machine, target, prng) * 2 + link.latencyMax : 0;
      core.in((network.delay(machine, target, prng) + late) as Duration, () => {
        if (!target.up) return;
        const only = target.onlySocket;
        if (only !== undefined) only.#arrive(arrival);
        else for (const socket of target.udp) socket.#arrive(arrival);
      });
    }
  }

  #arrive(arrival: Arrival): void {
    const { bytes, to, multicast } = arrival.sent;
    if (this.#closed || this.#port !== to.port) return;
    if (multicast) {
      if (!this.#hearsGroup(to.address)) return;
    } else if (!this.#any && this.local.address !== to.address) return;
    if (this.#waitingSize === 0 && this.#opened && this.#process.readyOr(this.#read)) {
      this.#deliver(arrival);
      return;
    }
    if (this.#waitingSize > RECEIVE_BUFFER) return;
    this.#waiting.push(arrival);
    this.#waitingSize += bufferSize(bytes.length);
    this.#read();
  }

  /** Who is bound to all addresses, or to the group, hears what some socket of the machine has joined (ip(7), IP_MULTICAST_ALL). */
  #hearsGroup(group: string): boolean {
    if (!this.#any && this.local.address !== group) return false;
    return this.#process.machine.udp.some(each => each.#options.groups?.includes(group));
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

  #deliver({ sent: { bytes, cause, message }, from, data }: Arrival): void {
    const process = this.#process;
    process.run(this.#image, () => {
      process.note('receive', this.#label, bytes, data, cause, message);
      this.#handler.message(bytes.slice(), from);
    });
  }
}

const isOn = (machine: Machine, network: NetworkInterface): boolean =>
  machine.interfaces.some(each => !each.loopback && sameNetwork(network, each));

/** Two interfaces are on one network when they share a broadcast domain, or each is the other's peer. */
const sameNetwork = (one: NetworkInterface, other: NetworkInterface): boolean =>
  (one.broadcast !== undefined && one.broadcast === other.broadcast) || (one.peer !== undefined && one.peer === other.address);

function create(process: SimProcess, at: DatagramAddress, make: (port: number) => SimSocket): Result<SimSocket> {
  const machine = process.machine;
  const call = `bind ${format(at)}`;
  const broadcasts = [LIMITED_BROADCAST, LOOPBACK_BROADCAST, ...machine.interfaces.map(each => each.broadcast)];
  if (!machine.owns(at.address) && !broadcasts.includes(at.address) && !isMulticast(at.address)) return fail('EADDRNOTAVAIL', call);
  const taken = (port: number): boolean =>
    machine.udp.some(
      other => other.local.port === port && (other.local.address === at.address || isAny(other.local.address) || isAny(at.address)),
    );
  const port = at.port === 0 ? machine.nextPort(taken) : at.port;
  return port === undefined || taken(port) ? fail('EADDRINUSE', call) : ok(make(port));
}

/** With room for the headers of UDP, IP and Ethernet; as measured over loopback, which keeps even the longest in one piece. */
const bufferSize = (length: number): number => truesize(length + HEADERS, 0);
const HEADERS = 60;

const format = ({ address, port }: DatagramAddress): string => `${address}:${port}`;
