/**
 * What one machine has of the network: its interfaces, its ports, the sockets of its files, and the cable.
 * Lacks: the machine around it (machine.ts).
 */
import { broadcastOf } from '../../host/address.ts';
import type { NetworkInterface } from '../../host/host.ts';
import type { MachineClock } from '../core/clock.ts';
import type { Core } from '../core/core.ts';
import type { Disk } from '../disk/disk.ts';
import type { Inode } from '../disk/inode.ts';
import type { DatagramReceiver } from './arrival.ts';
import type { SimListener } from './listener.ts';
import type { Network, Station } from './network.ts';
import { Ports } from './ports.ts';
import { type AttachedNetwork, networksOf } from './route.ts';

export interface AddressOptions {
  /** Dotted IPv4, as the mask. */
  readonly address: string;
  readonly netmask: string;
  /** The address at the other end of a point-to-point link, which cannot broadcast. */
  readonly peer?: string;
  /** False for a network that carries datagrams to one address only. */
  readonly broadcasts?: boolean;
}

/** net.ipv4.ip_local_port_range of Linux. */
const FIRST_EPHEMERAL = 32_768;
const LAST_EPHEMERAL = 60_999;

const LOOPBACK: NetworkInterface = {
  name: 'lo',
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  broadcast: undefined,
  peer: undefined,
  loopback: true,
};

/** The machine that it is a part of. */
interface Owner {
  readonly core: Core;
  readonly name: string;
  readonly disk: Disk;
  readonly clock: MachineClock;
}

export class NetworkStack implements Station {
  // What every datagram looks at comes first, so that it lies together.
  /** The machine has power. */
  up = true;
  readonly udp: Ports<DatagramReceiver>;
  readonly tcp: Ports<SimListener>;
  readonly name: string;
  readonly number: number;
  readonly network: Network<NetworkStack>;
  readonly interfaces: readonly NetworkInterface[];
  readonly loopback: NetworkInterface = LOOPBACK;
  /** Those that lead to others. */
  readonly outward: readonly NetworkInterface[];
  readonly networks: readonly AttachedNetwork[];
  /** What leads on from here, if something does. */
  readonly defaultRoute: NetworkInterface | undefined;
  /** Listening Unix-domain sockets by their file. */
  readonly unix: Map<Inode, SimListener> = new Map();
  readonly disk: Disk;
  readonly clock: MachineClock;
  #nextPort = FIRST_EPHEMERAL;

  /** `addresses`: one interface for each. */
  constructor(
    { core, name, disk, clock }: Owner,
    network: Network<NetworkStack>,
    addresses: readonly AddressOptions[],
    hasDefaultRoute: boolean,
  ) {
    this.name = name;
    this.network = network;
    this.disk = disk;
    this.clock = clock;
    this.outward = addresses.map(({ address, netmask, peer, broadcasts = peer === undefined }, index) => ({
      name: `${peer === undefined ? 'eth' : 'ppp'}${index}`,
      address,
      netmask,
      broadcast: broadcasts ? broadcastOf(address, netmask) : undefined,
      peer,
      loopback: false,
    }));
    this.interfaces = [this.loopback, ...this.outward];
    this.networks = networksOf(this.outward);
    this.defaultRoute = hasDefaultRoute ? this.outward[0] : undefined;
    const next = (taken: (port: number) => boolean): number | undefined => this.#nextFree(taken);
    this.tcp = new Ports(core, next);
    this.udp = new Ports(core, next);
    this.number = network.join(this);
  }

  /** The machine lost power: all that it knew of ports and connections is gone. */
  discard(): void {
    this.tcp.clear();
    this.udp.clear();
    this.network.discard(this);
  }

  /** One after the other, whichever protocol asks. */
  #nextFree(taken: (port: number) => boolean): number | undefined {
    for (let count = FIRST_EPHEMERAL; count <= LAST_EPHEMERAL; count++) {
      const port = this.#nextPort;
      this.#nextPort = port === LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1;
      if (!taken(port)) return port;
    }
    return undefined;
  }
}
