/**
 * What the two ends of a link are called (B2): an address is a name as well.
 * Lacks: addresses that are none of IPv4 or a Unix-domain path.
 */
import type { Endpoint } from '../../host/host.ts';
import type { LinkRules, Role } from './link-rules.ts';

export interface Named {
  readonly role: Role;
  readonly name: string | undefined;
  readonly aliases: readonly string[];
}

/** The two ends of a stream, and which of its connections it is; that has no number of a descriptor here. */
export interface Ends {
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
  readonly pid: number;
  readonly connection: number;
}

/** What this kernel is called on one link, in the order in which it is told after the id: the address, then the names from the last to the first. */
export function ownNames({ role, name, aliases }: Named, ends: Ends, rules: LinkRules): readonly string[] {
  const names = [...(name === undefined || name === '' ? [] : [name]), ...aliases, ...ownAddress(role, ends, rules)];
  return names.filter(each => rules.saysBadNames || rules.isAddressable(each)).reverse();
}

function ownAddress(role: Role, { local, remote, pid, connection }: Ends, { unixText: textOf }: LinkRules): readonly string[] {
  if (local?.transport === 'tcp') return [`${local.address}:${local.port}`];
  const end = role === 'server' ? local : remote;
  if (end?.transport !== 'unix') return [];
  const name = `unix:${textOf(end.path)}`;
  return [role === 'server' ? name : `${name}:${pid}-${connection}`];
}

/** What the peer is called when it has not said so itself: its address, of a client as it was configured. */
export function peerAddress(role: Role, { remote }: Ends, configured: string | undefined, rules: LinkRules): string | undefined {
  if (role === 'client' && configured !== undefined) return configured;
  if (remote?.transport === 'tcp') return `${remote.address}:${remote.port}`;
  return role === 'client' && remote !== undefined ? rules.unixServer(remote.path) : undefined;
}
