/**
 * What kernels are called (B2): the id, the names, and the address, which is a name as well.
 * Lacks: who has which name (the registry), and addresses that are none of IPv4 or a Unix-domain path.
 */
import type { Endpoint, Host } from '../../host/host.ts';
import { NAME_MAX } from './limits.ts';
import type { LinkRules, Role } from './link-rules.ts';

/** What the peer takes as a name when it is told (B4). */
const TELLABLE = /^[-:.\w]+$/;
/** What is a kernel in a specifier (B8), less the blank, which cannot be told. */
const ADDRESSABLE = /^(?:[-.\w]+(?::\d+)?|unix:[-.\w]+(?::\d+-\d+)?)$/;
const MICROSECONDS = 1_000_000;

/** Whether the text of an IAM is a name. */
export const isTellable = (name: string): boolean => name.length <= NAME_MAX && TELLABLE.test(name);

/** Whether a name can be told, and written in a specifier. A 0.2200 server ends when a peer has another one (B-T12). */
export const isAddressable = (name: string): boolean => name.length <= NAME_MAX && ADDRESSABLE.test(name);

/** A path as a part of a name: whatever has a meaning there, or none, becomes `_`. */
export const unixText = (path: string): string => path.replace(/[^-.\w]+/g, '_');

/** `<host>-<time>-<pid>-<number>`, as POE 1.370 has it: another one for each process, and for each `number` of it. */
export function kernelId(host: Host, number = 1): string {
  const time = Math.floor(host.clock.wall() / MICROSECONDS);
  const parts = [time, host.process.pid, number].map(part => (part >>> 0).toString(16).padStart(8, '0'));
  return [unixText(host.system.hostName()), ...parts].join('-');
}

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
