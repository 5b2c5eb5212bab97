/**
 * Addresses as people write them: `tcp://127.0.0.1:5663`, `tcp://[::1]:5663`, `udp://127.0.0.1:513`, `unix:/run/daemon.sock`.
 * Lacks: names of machines; a Host resolves none.
 */
import { UNIX_PATH_MAX } from '../../src/host/address.ts';
import { printable, utf8 } from '../../src/host/bytes.ts';
import type { DatagramAddress } from '../../src/host/host.ts';
import { canonical, isWide } from '../../src/host/internet.ts';
import type { Wiring } from '../case.ts';
import type { Address } from '../peer.ts';

/** The address, or what is wrong with the text. */
export function parseAddress(text: string): Address | string {
  const shown = `'${printable(text, 80)}'`;
  if (text.startsWith('unix:')) {
    const path = text.slice(5);
    if (!path.startsWith('/')) return `${shown}: unix: is followed by an absolute path`;
    return utf8(path).length > UNIX_PATH_MAX ? `${shown}: the path is longer than ${UNIX_PATH_MAX} bytes` : { transport: 'unix', path };
  }
  const found = /^(tcp|udp):\/\/(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (found === null) return `${shown} is no address: tcp://127.0.0.1:5663, udp://127.0.0.1:513 and unix:/path are`;
  const [, transport, six, four] = found;
  const address = six ?? four ?? '';
  const port = Number(found[4]);
  if (canonical(address) === undefined || isWide(address) !== (six !== undefined))
    return `${shown}: '${address}' is no IP address; names are not resolved`;
  if (port < 1 || port > 65_535) return `${shown}: the port is 1 to 65535`;
  return { transport: transport === 'udp' ? 'udp' : 'tcp', address, port };
}

/** Why what is there already cannot be met in a role at these addresses; undefined when it can. */
export function addressFault(addresses: readonly Address[], wiring: Wiring, role: string): string | undefined {
  const transports = addresses.map(each => each.transport);
  const twice = transports.find((each, index) => transports.indexOf(each) !== index);
  if (twice !== undefined) return `there are two ${twice} addresses; a role has at most one of a kind`;
  if (wiring.startedBecause !== undefined) return `the role ${role} is met by starting it for each case: ${wiring.startedBecause}`;
  if (hasDatagrams(wiring) && !transports.includes('udp')) return `the role ${role} has datagrams: name the udp address at which it is`;
  if (!hasDatagrams(wiring) && transports.includes('udp')) return `the role ${role} has no datagrams, so a udp address cannot be used`;
  if (wiring.environment === undefined)
    return `the role ${role} has only pipes, which an implementation inherits: start it, or wrap it in a shim`;
  if (wiring.environment.accepts.length > 0 && !transports.includes('tcp'))
    return `the role ${role} connects to the tester: name the tcp address at which it expects the tester`;
  return undefined;
}

/** Where what is started for each case is met, or why it cannot be there. */
export function parseAt(text: string, wiring: Wiring, role: string): DatagramAddress | string {
  const parsed = parseAddress(text);
  if (typeof parsed === 'string') return parsed;
  if (!hasDatagrams(wiring)) return `the role ${role} has no datagrams: its port is chosen for each case, {port}`;
  return parsed.transport === 'udp' ? { address: parsed.address, port: parsed.port } : 'it is a udp address';
}

const hasDatagrams = (wiring: Wiring): boolean => Object.values(wiring.channels).some(each => each.datagrams !== undefined);
