/**
 * hosts.tab: who is who in the network. One host a line, `id:domain:role:name:address[:more]`; only id, name and address
 * are used. Spec: README.md, L7.
 * Lacks: names that need resolving; an address is an address.
 */
import { printable } from '../../host/bytes.ts';
import type { Problem } from './problem.ts';
import { CONFIG_LINE_MAX, numberedLines } from './problem.ts';

export interface HostEntry {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** Hosts by their id, in the order of the file. */
export type HostsTable = ReadonlyMap<string, HostEntry>;

/** More hosts than that are not a network of this kind: each is a process and two connections. */
export const HOSTS_MAX = 4_096;
/** A host id is the name of a socket file, behind a directory in 107 bytes. */
export const HOST_ID_MAX = 40;

export function parseHostsTable(text: string): { readonly hosts: HostsTable; readonly problems: readonly Problem[] } {
  const hosts = new Map<string, HostEntry>();
  const problems: Problem[] = [];
  for (const [line, content] of numberedLines(text)) {
    if (content.trim() === '' || content.startsWith('#')) continue;
    const entry = hosts.size < HOSTS_MAX ? entryOf(content) : `more than ${HOSTS_MAX} hosts: the rest is ignored`;
    if (typeof entry === 'string') problems.push({ line, text: entry });
    else if (hosts.has(entry.id)) problems.push({ line, text: `host '${entry.id}' again: the first line counts` });
    else hosts.set(entry.id, entry);
    if (hosts.size === HOSTS_MAX && typeof entry === 'string') break;
  }
  return { hosts, problems };
}

/** The entry, or what is wrong with the line. */
function entryOf(content: string): HostEntry | string {
  if (content.length > CONFIG_LINE_MAX) return `a line of more than ${CONFIG_LINE_MAX} characters`;
  const [id = '', , , name = '', address] = content.split(':');
  if (address === undefined) return `${content.split(':').length} fields: write id:domain:role:name:address`;
  // An id is a file name: a slash in it would leave the directory of the sockets.
  if (!HOST_ID.test(id) || id.length > HOST_ID_MAX) {
    return `'${printable(id)}' is no host id: up to ${HOST_ID_MAX} letters, digits, '_', '-' and '.', the first no dot`;
  }
  if (!isAddress(address)) return `'${printable(address)}' is no IPv4 address`;
  return { id, name, address };
}

const isAddress = (text: string): boolean => IPV4.test(text) && text.split('.').every(part => Number(part) <= 255);

/** The id of the host with this address; the first one where a machine has several. */
export function hostAt(hosts: HostsTable, address: string): string | undefined {
  for (const entry of hosts.values()) if (entry.address === address) return entry.id;
  return undefined;
}

const HOST_ID = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;
const IPV4 = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/;
