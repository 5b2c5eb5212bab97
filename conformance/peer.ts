/**
 * Who is tested, as data: a program that is started for every case, or somebody who is there already.
 * Lacks: how these are found in a command line or a claims file (adapt/).
 */
import type { DatagramAddress, Endpoint, TcpEndpoint, UnixEndpoint } from '../src/host/host.ts';
import type { Duration } from '../src/host/time.ts';

/** What to run, for every case anew. The arguments may have the placeholders of templates.ts in them. */
export interface Implementation {
  readonly program: string;
  readonly args: readonly string[];
  /** Until this has been seen the step `start` has not ended. Absent: as soon as there is a process. */
  readonly ready?: Ready;
  /** The program ends with 0 once it has started what goes on. */
  readonly forks?: Forks;
  /** Programs of it that show what it knows, by what the suite calls them: `ruptime`. */
  readonly readers?: Readonly<Record<string, Reader>>;
  /**
   * Where it is met. In a role with datagrams, an address; absent: on another address of the loopback, at any port. In one with streams, a
   * Unix-domain socket in place of the port of the case; a relative path is in the directory of the case.
   */
  readonly at?: DatagramAddress | UnixEndpoint;
  /** Of the suite, where they are others than its own. */
  readonly settings?: Settings;
}

/** Values by the names that the suite gives them: what a tester has to know of an implementation beside what it claims. */
export type Settings = Readonly<Record<string, string>>;

/** The arguments may have the same placeholders. */
export interface Reader {
  readonly program: string;
  readonly args: readonly string[];
}

/** A program that leaves its terminal: its first process ends, and another one is the implementation. */
export interface Forks {
  /** Where the pid of that one is written down; as the file of a sign. Absent: it is the oldest process that is left. */
  readonly pidFile?: string;
  /** For the end of the first process, and to find the other. */
  readonly within: Duration;
}

export type Ready = Sign & { readonly within: Duration };
/**
 * port: somebody accepts connections at the port of the case. line: a line on standard output or standard error contains the text.
 * file: there is one; the path may have placeholders, and is relative to the directory of the case.
 */
export type Sign = { readonly port: true } | { readonly line: string } | { readonly file: string };

/** Somebody else started it and ends it. */
export interface Attached {
  readonly addresses: readonly Address[];
  readonly settings?: Settings;
}
export type UdpAddress = { readonly transport: 'udp' } & DatagramAddress;
export type Address = Endpoint | UdpAddress;

export type Peer = Implementation | Attached;
export const isAttached = (peer: Peer): peer is Attached => 'addresses' in peer;

export const tcpOf = ({ addresses }: Attached): TcpEndpoint | undefined => addresses.find(each => each.transport === 'tcp');
export const udpOf = ({ addresses }: Attached): UdpAddress | undefined => addresses.find(each => each.transport === 'udp');
export const unixOf = ({ addresses }: Attached): UnixEndpoint | undefined => addresses.find(each => each.transport === 'unix');
/** In place of the port of the case. */
export const unixIn = (peer: Peer): UnixEndpoint | undefined =>
  isAttached(peer)
    ? tcpOf(peer) === undefined
      ? unixOf(peer)
      : undefined
    : peer.at !== undefined && 'transport' in peer.at
      ? peer.at
      : undefined;
/** Of a role with datagrams. */
export const datagramsAt = (peer: Peer): DatagramAddress | undefined =>
  isAttached(peer) ? udpOf(peer) : peer.at === undefined || 'transport' in peer.at ? undefined : peer.at;

/** As the command line has it. */
export function addressText(address: Address): string {
  if (address.transport === 'unix') return `unix:${address.path}`;
  const host = address.address.includes(':') ? `[${address.address}]` : address.address;
  return `${address.transport}://${host}:${address.port}`;
}

/** For people, in one line. */
export const peerText = (peer: Peer): string =>
  isAttached(peer) ? peer.addresses.map(addressText).join(' ') : [peer.program, ...peer.args].join(' ');

/** The exit status by which an implementation says, before anything else, that it does not support the case. */
export const UNSUPPORTED_STATUS = 89;
