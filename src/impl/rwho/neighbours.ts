/**
 * Whom reports are sent to: the networks that can be broadcast to, the other ends of point-to-point links, the neighbours that
 * were configured, and those that were learned because they were heard (A10, N1 to N4 of the README).
 * Lacks: names; who knows only a name has to look it up before.
 */
import { formatAddress, ipv4, isLoopback } from '../../host/address.ts';
import type { DatagramAddress, Host, NetworkInterface } from '../../host/host.ts';
import { type Duration, type Instant, seconds, since } from '../../host/time.ts';
import type { RwhodOptions } from './options.ts';

/** The group of the service rwho (FreeBSD, rwhod.h). */
export const WHO_GROUP = '224.0.1.3';
/** A learned neighbour that has been silent for so long is forgotten: as long as a host takes to be down. */
export const NEIGHBOUR_SILENCE: Duration = seconds(660);
/** Learned neighbours; who is heard when there are so many is not learned. */
export const NEIGHBOURS_LIMIT = 256;

export interface NeighbourRules {
  /** Which of the addresses of all interfaces are used. */
  readonly addresses: (all: readonly NetworkInterface[]) => readonly NetworkInterface[];
}

export const CORRECTED_NEIGHBOURS: NeighbourRules = {
  addresses: all => all, // RW-46: also the second of an interface
};

interface Learned {
  readonly to: DatagramAddress;
  heard: Instant;
}

export class Neighbours {
  readonly #host: Host;
  readonly #options: RwhodOptions<NeighbourRules>;
  readonly #learns: boolean;
  readonly #fixed: readonly string[];
  readonly #learned: Map<string, Learned> = new Map();
  #interfaces: readonly NetworkInterface[] = [];
  /** What those interfaces reach that are broadcast to or lead to one other. */
  #reach: readonly Reach[] = [];
  /** The own address and the mask of the first of them that is a network: mostly there is no other. No mask: there is none. */
  #own = 0;
  #mask = 0;
  #addresses: ReadonlySet<string> = new Set();

  constructor(host: Host, options: RwhodOptions<NeighbourRules>) {
    this.#host = host;
    this.#options = options;
    this.#learns = options.learns;
    this.#fixed = options.neighbours.map(formatAddress);
    this.refresh();
  }

  /** Looks at the interfaces again, and forgets who has been silent. */
  refresh(): void {
    const { interfaces: names, rules, ways } = this.#options;
    const all = this.#host.network.interfaces();
    this.#addresses = new Set(all.map(each => each.address));
    this.#interfaces = rules.addresses(all).filter(({ name, loopback }) => !loopback && (names.length === 0 || names.includes(name)));
    this.#reach = this.#interfaces
      .filter(({ broadcast, peer }) => (ways.broadcast && broadcast !== undefined) || (ways.pointToPoint && peer !== undefined))
      .map(reachOf);
    const network = this.#reach.find(({ peer }) => peer === undefined);
    this.#own = network?.own ?? 0;
    this.#mask = network?.own === undefined ? 0 : (network.mask ?? 0);
    const now = this.#host.clock.monotonic();
    for (const [key, { heard }] of this.#learned) if (since(heard, now) > NEIGHBOUR_SILENCE) this.#learned.delete(key);
  }

  /** All that an own report is sent to, each once. */
  get ways(): readonly DatagramAddress[] {
    return this.#waysBut(() => false);
  }

  /** All that the report of another is passed on to: not back to where it came from, nor to the network it came by. */
  onwards(from: DatagramAddress): readonly DatagramAddress[] {
    const address = bitsOf(from.address);
    return this.#waysBut(each => contains(reachOf(each), from.address, address)).filter(to => formatAddress(to) !== formatAddress(from));
  }

  /** Whoever is on a network that is broadcast to, or at the end of a link, is reached already. */
  heard(from: DatagramAddress): void {
    if (!this.#learns || this.#reached(from) || this.isOwn(from.address)) return;
    const key = formatAddress(from);
    const known = this.#learned.get(key);
    const now = this.#host.clock.monotonic();
    if (known !== undefined) known.heard = now;
    else if (this.#learned.size < NEIGHBOURS_LIMIT) {
      this.#learned.set(key, { to: from, heard: now });
      this.#host.log('info', 'neighbour-learned', { address: key });
    }
  }

  /** Whether it is an address of this machine, be it of an interface that is not used. */
  isOwn(address: string): boolean {
    return isLoopback(address) || this.#addresses.has(address);
  }

  #waysBut(leftOut: (each: NetworkInterface) => boolean): readonly DatagramAddress[] {
    const { port, ways, neighbours } = this.#options;
    const found = new Map<string, DatagramAddress>();
    const add = (to: DatagramAddress): void => void found.set(formatAddress(to), to);
    for (const each of this.#interfaces) {
      if (leftOut(each)) continue;
      if (ways.broadcast && each.broadcast !== undefined) add({ address: each.broadcast, port });
      if (ways.pointToPoint && each.peer !== undefined) add({ address: each.peer, port });
    }
    if (ways.multicast) add({ address: WHO_GROUP, port });
    for (const to of [...neighbours, ...[...this.#learned.values()].map(each => each.to)]) add(to);
    return [...found.values()];
  }

  #reached(from: DatagramAddress): boolean {
    const address = bitsOf(from.address);
    if (address !== undefined && ((address ^ this.#own) & this.#mask) === 0 && this.#mask !== 0) return true;
    if (this.#fixed.length > 0 && this.#fixed.includes(formatAddress(from))) return true;
    return this.#reach.some(each => contains(each, from.address, address));
  }
}

/** Whom an interface reaches by itself: one other, or a network. */
interface Reach {
  readonly peer: string | undefined;
  readonly own: number | undefined;
  readonly mask: number | undefined;
}

const reachOf = ({ peer, address, netmask }: NetworkInterface): Reach => ({ peer, own: bitsOf(address), mask: bitsOf(netmask) });

/** An address as a number; signed, because a larger one would be an object of its own. */
function bitsOf(address: string): number | undefined {
  const value = ipv4(address);
  return value === undefined ? undefined : value | 0;
}

/** `address` is what `text` says, if it is an address. */
function contains({ peer, own, mask }: Reach, text: string, address: number | undefined): boolean {
  if (peer !== undefined) return peer === text;
  return own !== undefined && mask !== undefined && address !== undefined && ((own ^ address) & mask) === 0;
}
