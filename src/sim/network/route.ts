/**
 * Where an address leads from a machine, and which of the machine's own addresses goes with it: ip_route_output_key() of Linux for a
 * machine that has its networks, its loopback and, if it was made so, a default route; of IPv6 the loopback.
 * Lacks: other routes, IPv6 interfaces, IPv6 groups.
 */
import { ipv4, isAny, isLoopback, isMulticast } from '../../host/address.ts';
import type { NetworkInterface } from '../../host/host.ts';
import { isWide, plain, wide } from '../../host/internet.ts';
import type { HostErrorCode } from '../../host/result.ts';

const LOOPBACK = '127.0.0.1';
const LOOPBACK_WIDE = '::1';
/** The broadcast address of 127.0.0.0/8, which Linux delivers although `lo` does not claim to broadcast. */
const LOOPBACK_BROADCAST = '127.255.255.255';
const LIMITED_BROADCAST = '255.255.255.255';

export interface Route {
  readonly kind: 'machine' | 'broadcast' | 'group';
  /** Now that it is known what `0.0.0.0` and `::` mean; IPv4 inside of IPv6 is IPv4. */
  readonly to: string;
  /** What the sender is called there; of a group that depends on the interface. */
  readonly source: string;
  /** Of a broadcast, the interface it leaves by. */
  readonly by: NetworkInterface | undefined;
}

/** What a machine knows of the networks around it. */
export interface RoutingTable {
  readonly interfaces: readonly NetworkInterface[];
  readonly loopback: NetworkInterface;
  readonly networks: readonly AttachedNetwork[];
  readonly defaultRoute: NetworkInterface | undefined;
}

/** A network that an interface is on, to be compared. */
export interface AttachedNetwork {
  readonly by: NetworkInterface;
  readonly network: number;
  readonly mask: number;
}

/** The narrowest first: that is the one which counts. */
export const networksOf = (interfaces: readonly NetworkInterface[]): readonly AttachedNetwork[] =>
  interfaces
    .map(by => {
      const mask = (by.peer === undefined ? (ipv4(by.netmask) ?? 0) : 0xffff_ffff) >>> 0;
      return { by, mask, network: masked(ipv4(by.peer ?? by.address) ?? 0, mask) };
    })
    .sort((one, other) => other.mask - one.mask);

const masked = (value: number, mask: number): number => (value & mask) >>> 0;

/** From a socket that is bound to `from`, a wildcard if to none; both addresses are canonical. */
export function routeOf(table: RoutingTable, from: string, to: string): Route | HostErrorCode {
  if (isWide(to) && !isWide(from)) return 'EAFNOSUPPORT';
  const source = plain(from);
  const asked = isWide(from) ? plain(wide(to)) : to;
  const destination = asked !== '::' ? asked : isWide(source) ? LOOPBACK_WIDE : LOOPBACK;
  if (isWide(destination)) {
    if (!isWide(source)) return 'EAFNOSUPPORT';
    return destination === LOOPBACK_WIDE ? routed('machine', LOOPBACK_WIDE, LOOPBACK_WIDE) : 'ENETUNREACH';
  }
  // bind(2) of an IPv6 address has made the socket one of IPv6 alone.
  if (isWide(source) && source !== '::') return 'ENETUNREACH';
  const own = !isAny(source) && owns(table, source) ? source : undefined;
  return inside(table, own, destination === '0.0.0.0' ? (own ?? LOOPBACK) : destination) ?? outside(table, own, destination);
}

function inside(table: RoutingTable, own: string | undefined, to: string): Route | undefined {
  if (to === LOOPBACK_BROADCAST) return routed('broadcast', to, own ?? LOOPBACK, table.loopback);
  if (isLoopback(to)) return routed('machine', to, own ?? LOOPBACK);
  return owns(table, to) ? routed('machine', to, own ?? to) : undefined;
}

function outside(table: RoutingTable, own: string | undefined, to: string): Route | HostErrorCode {
  const tied = own !== undefined && isLoopback(own);
  if (isMulticast(to)) return tied ? 'EINVAL' : routed('group', to, own ?? '');
  const limited = to === LIMITED_BROADCAST;
  // Without a better one, a broadcast to everybody leaves by the interface of the address that the socket is bound to.
  const by = limited && own !== undefined ? interfaceOf(table, own) : (attached(table, to) ?? table.defaultRoute);
  if (by === undefined) return 'ENETUNREACH';
  if (limited || by.broadcast === to) {
    return tied && !by.loopback ? 'EINVAL' : routed('broadcast', to, own ?? by.address, by);
  }
  // Whoever is bound to the loopback cannot be answered from outside.
  return tied ? 'EINVAL' : routed('machine', to, own ?? by.address);
}

const routed = (kind: Route['kind'], to: string, source: string, by?: NetworkInterface): Route => ({ kind, to, source, by });

function attached(table: RoutingTable, to: string): NetworkInterface | undefined {
  const value = ipv4(to);
  return value === undefined ? undefined : table.networks.find(({ network, mask }) => masked(value, mask) === network)?.by;
}

const interfaceOf = (table: RoutingTable, own: string): NetworkInterface =>
  table.interfaces.find(each => each.address === own) ?? table.loopback;

/** Whether it is one of the machine's own, so that it may be the source of something. */
export const owns = (table: RoutingTable, address: string): boolean =>
  (isLoopback(address) && address !== LOOPBACK_BROADCAST) || table.interfaces.some(each => each.address === address);

/** What bind(2) thinks of a canonical address, of a stream or of datagrams; groups and broadcast addresses are as good as its own. */
export function bindable(table: RoutingTable, address: string, stream: boolean): HostErrorCode | undefined {
  const asked = plain(address);
  if (isAny(asked) || isMulticast(asked) || owns(table, asked)) return undefined;
  if (asked === LOOPBACK_BROADCAST || asked === LIMITED_BROADCAST) return undefined;
  if (table.interfaces.some(each => each.broadcast === asked)) return undefined;
  return stream && asked.startsWith('ff') ? 'EINVAL' : 'EADDRNOTAVAIL';
}
