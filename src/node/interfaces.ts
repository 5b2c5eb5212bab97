/**
 * The IPv4 addresses of this machine, with what Linux says of their interfaces: /sys/class/net, /proc/net/route.
 * Where an interface can broadcast, the last address of its network does so, whatever was set: Linux takes it for a broadcast always.
 * Lacks: IPv6, interfaces that are down or have no carrier, and a broadcast address that somebody set to another one: /proc/net/fib_trie
 * has it, but without the interface, and networks may lie in one another.
 */
import fs from 'node:fs';
import os from 'node:os';
import { broadcastOf, formatIpv4 } from '../host/address.ts';
import type { NetworkInterface } from '../host/host.ts';

/** netdevice(7). */
const IFF_BROADCAST = 0x2;
const IFF_POINTOPOINT = 0x10;
const HOST_MASK = 'FFFFFFFF';

export function interfaces(): readonly NetworkInterface[] {
  const found: NetworkInterface[] = [];
  for (const [name, addresses] of Object.entries(os.networkInterfaces())) {
    for (const { family, address, netmask, internal } of addresses ?? []) {
      if (family !== 'IPv4') continue;
      const flags = internal ? 0 : flagsOf(name);
      const broadcast = (flags & IFF_BROADCAST) === 0 ? undefined : broadcastOf(address, netmask);
      const peer = (flags & IFF_POINTOPOINT) === 0 ? undefined : peerOf(name);
      found.push({ name, address, netmask, broadcast, peer, loopback: internal });
    }
  }
  return found;
}

/** Where nobody tells, an interface can broadcast: most can. */
function flagsOf(name: string): number {
  // A label such as eth0:1 is no interface of its own.
  const text = readText(`/sys/class/net/${name.split(':', 1)[0]}/flags`).trim();
  return /^0x[0-9a-f]+$/.test(text) ? Number(text) : IFF_BROADCAST;
}

/** The route to one single host that leaves by the interface. */
function peerOf(name: string): string | undefined {
  for (const line of readText('/proc/net/route').split('\n').slice(1)) {
    const [device, destination = '', , , , , , mask] = line.split('\t');
    if (device === name && mask === HOST_MASK && /^[0-9A-F]{8}$/.test(destination))
      return formatIpv4(swapped(Number.parseInt(destination, 16)));
  }
  return undefined;
}

/** The table has addresses as this machine keeps numbers: the lowest byte first. */
const swapped = (value: number): number =>
  (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;

function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
