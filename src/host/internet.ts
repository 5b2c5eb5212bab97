/**
 * Internet addresses as a kernel has them: which family, the one text for each, and IPv4 inside of IPv6 (RFC 4291 2.5.5.2), which is how
 * a socket of IPv6 tells of IPv4.
 * Lacks: zones (`fe80::1%eth0`).
 */
import { formatIpv4, ipv4 } from './address.ts';
import type { HostErrorCode } from './result.ts';

const GROUPS = 8;
const MAPPED = '::ffff:';

/** Whether the text is meant as IPv6; the other family has no colons. */
export const isWide = (address: string): boolean => address.includes(':');

/** The text a kernel has for the address, as inet_ntop(3) writes it; `undefined` when it is none. */
export function canonical(address: string): string | undefined {
  if (!isWide(address)) {
    const value = ipv4(address);
    return value !== undefined && formatIpv4(value) === address ? address : undefined;
  }
  const groups = groupsOf(address);
  return groups === undefined ? undefined : formatGroups(groups);
}

/** IPv4 for `::ffff:127.0.0.1`, in its canonical text; any other stays what it is. */
export const plain = (address: string): string =>
  address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address;

/** How a socket of IPv6 writes the address. */
export const wide = (address: string): string => (isWide(address) ? address : MAPPED + address);

/** As a socket of the family that `like` is of tells of it. */
export const inFamilyOf = (like: string, address: string): string => (isWide(like) ? wide(address) : address);

/** What bind(2) and connect(2) say of an address of the other family than the socket's: that of IPv4 is too short for IPv6. */
export function otherFamily(socket: string, address: string): HostErrorCode | undefined {
  if (isWide(socket) === isWide(address)) return undefined;
  return isWide(socket) ? 'EINVAL' : 'EAFNOSUPPORT';
}

function groupsOf(address: string): readonly number[] | undefined {
  const [left = '', right, ...more] = address.split('::');
  if (more.length > 0) return undefined;
  const before = partOf(left, right === undefined);
  const behind = right === undefined ? [] : partOf(right, true);
  if (before === undefined || behind === undefined) return undefined;
  const missing = GROUPS - before.length - behind.length;
  // The two colons stand for one group at least.
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...behind];
}

/** Groups between colons; where it is the end of the address, the last two may be dotted. */
function partOf(text: string, atEnd: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const pieces = text.split(':');
  for (const [index, piece] of pieces.entries()) {
    const dotted = atEnd && index === pieces.length - 1 ? ipv4(piece) : undefined;
    if (dotted !== undefined) groups.push(dotted >>> 16, dotted & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(piece)) groups.push(Number.parseInt(piece, 16));
    else return undefined;
  }
  return groups;
}

/** RFC 5952: the first of the longest runs of two zeros or more becomes two colons. */
function formatGroups(groups: readonly number[]): string {
  const run = longestRun(groups);
  const dotted = run.start === 0 && (run.length === 6 || (run.length === 5 && groups[5] === 0xffff));
  const tail = dotted ? [formatIpv4(((groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0)) >>> 0)] : [];
  const texts = [...groups.slice(0, dotted ? 6 : GROUPS).map(group => group.toString(16)), ...tail];
  if (run.length < 2) return texts.join(':');
  return `${texts.slice(0, run.start).join(':')}::${texts.slice(run.start + run.length).join(':')}`;
}

function longestRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < GROUPS; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
