/**
 * ruptime: one line for each host of the spool. Up, if its last report arrived at most 660 s ago by our clock; for how long, by
 * the clock of that host (A7).
 */

import { printable, utf8 } from '../../../host/bytes.ts';
import type { Storage } from '../../../host/host.ts';
import { compareCodeUnits } from '../../../host/order.ts';
import { parseRecord } from '../record.ts';
import { ENTRY, HEADER, OFFSET, type Status, textAt } from '../wire.ts';
import { flagsOf } from './flags.ts';
import { type Answer, errorText, type Found, leftOver, listSpool } from './spool-files.ts';
import { interval, type Variant } from './variant.ts';

/** Silent for longer, and a host is taken for down: three intervals and two minutes. */
export const DOWN_AFTER = 660;
/** Whoever has not typed for an hour is not counted. */
export const IDLE_CUT = 3_600;
const NAME_WIDTH = 12;
const LOAD_WIDE = 1_000;
/** What the published readers of 64 bits take for a time that has come round. */
const STRAY_BEFORE = -0x4000_0000;

/** What is known of a host, for people and for --json. */
export interface HostLine {
  readonly name: string;
  readonly up: boolean;
  /** Seconds: up, by its own clock as of its last report; or silent, by ours. */
  readonly since: number;
  readonly users: number;
  readonly load: Status['load'];
}

interface Host extends HostLine {
  /** The name by which it is sorted. */
  readonly nameRead: string;
  readonly status: Status;
  readonly receiveTime: number;
}

export interface RuptimeOptions {
  readonly storage: Storage;
  readonly spool: string;
  /** Seconds since 1970. */
  readonly now: number;
  readonly variant: Variant;
}

export interface RuptimeAnswer extends Answer {
  readonly hosts: readonly HostLine[];
}

export function ruptime(args: readonly string[], options: RuptimeOptions): RuptimeAnswer {
  const { storage, spool, variant } = options;
  const flags = flagsOf(args, 'alrut');
  const failed = (err: string): RuptimeAnswer => ({ out: [], err: [err], status: 1, hosts: [] });
  if (flags.unknown !== undefined || (flags.operands.length > 0 && variant.operands === 'refused'))
    return failed('usage: ruptime [-alrut]');
  const listing = listSpool(storage, spool);
  if (!listing.ok) return failed(`ruptime: ${spool}: ${errorText(listing.error)}`);
  const err = listing.found.flatMap(({ file, error }) =>
    error === undefined || error === 'EISDIR' ? [] : [`ruptime: ${file}: ${errorText(error)}`],
  );
  const hosts = hostsOf(listing.found, flags.has('a'), options);
  if (hosts.length === 0) return nobody(variant, spool, err);
  const order = flags.last('ltu');
  const sorted = mergeSorted(hosts, comparison(order, flags.has('r') ? -1 : 1, options));
  return {
    out: printed(sorted, variant),
    err,
    status: 0,
    hosts: sorted.map(({ name, up, since, users, load }) => ({ name, up, since, users, load })),
  };
}

function nobody({ noHosts: { stream, text, status }, careful }: Variant, spool: string, err: readonly string[]): RuptimeAnswer {
  const path = careful || stream === 'err' ? spool : String.fromCharCode(...utf8(spool));
  const line = text.replace('{spool}', () => path);
  return { out: stream === 'out' ? [line] : [], err: stream === 'err' ? [...err, line] : err, status, hosts: [] };
}

function hostsOf(found: readonly Found[], all: boolean, options: RuptimeOptions): readonly Host[] {
  const { variant } = options;
  const hosts = (variant.repeats ? leftOver(found) : found).flatMap(({ bytes }): readonly Host[] => {
    const status = bytes === undefined ? undefined : parseRecord(bytes);
    return bytes === undefined || status === undefined ? [] : [hostOf(bytes, status, usersOf(bytes, status, all, variant), options)];
  });
  return variant.careful ? newest(hosts, options) : hosts;
}

function hostOf(bytes: Uint8Array, status: Status, users: number, { variant, now }: RuptimeOptions): Host {
  const silent = silence(status, now, variant);
  const up = silent <= DOWN_AFTER;
  const since = up ? variant.difference(status.bootTime, status.sendTime) : silent;
  const nameRead = textAt(bytes, OFFSET.hostName, variant.nameRead);
  return { name: status.hostName, nameRead, up, since, users, load: status.load, status, receiveTime: status.receiveTime };
}

/** Seconds since its last report. */
function silence({ sendTime, receiveTime }: Status, now: number, { difference, strays }: Variant): number {
  const seconds = difference(receiveTime, now);
  if (!strays || sendTime >= STRAY_BEFORE) return seconds;
  // A stray arrived 2^63 s from now, on the side of the future unless its stamp is there; then Debian's minutes overflow, which is undefined.
  return seconds >= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Counted from the front; or, as it was published, from the end of the file. */
function usersOf(bytes: Uint8Array, { entries }: Status, all: boolean, { countsBack }: Variant): number {
  if (!countsBack) return entries.filter(({ idle }) => all || idle < IDLE_CUT).length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let users = 0;
  for (let at = bytes.length - ENTRY; at >= HEADER; at -= ENTRY) if (all || view.getInt32(at + 20, true) < IDLE_CUT) users += 1;
  return users;
}

/** One record of each name: the one that arrived last. */
function newest(hosts: readonly Host[], { variant }: RuptimeOptions): readonly Host[] {
  const byName = new Map<string, Host>();
  for (const host of hosts) {
    const other = byName.get(host.name);
    if (other === undefined || variant.difference(other.receiveTime, host.receiveTime) > 0) byName.set(host.name, host);
  }
  return [...byName.values()];
}

// ── order ───────────────────────────────────────────────────────────────────────────────────────────────────────────

type Comparison = (one: Host, other: Host) => number;

/** Down hosts come last, the one that has been silent for the shortest time first; with -r all of it turns round. */
function comparison(order: string | undefined, sign: number, { variant, now }: RuptimeOptions): Comparison {
  const clock = variant.sortsFirst ? 0 : now;
  const isDown = ({ status }: Host): boolean => silence(status, clock, variant) > DOWN_AFTER;
  const time = ({ status, receiveTime }: Host, down: boolean): number =>
    down ? -variant.difference(receiveTime, clock) : variant.difference(status.bootTime, status.sendTime);
  // What a comparison returns is an int, whatever it was before (RW-36).
  const descending = (one: number, other: number): number => (variant.careful ? sign * (other - one) : (sign * (other - one)) | 0);
  const byTime: Comparison = (one, other) => descending(time(one, isDown(one)), time(other, isDown(other)));
  const upFirst =
    (key: (host: Host) => number): Comparison =>
    (one, other) => {
      if (isDown(one) && isDown(other)) return byTime(one, other);
      if (isDown(one) !== isDown(other)) return isDown(one) ? sign : -sign;
      return descending(key(one), key(other));
    };
  const byName: Comparison = ({ nameRead: one }, { nameRead: other }) => sign * compareCodeUnits(one, other);
  const chosen = { l: upFirst(({ load }) => load[0]), t: byTime, u: upFirst(({ users }) => users) }[order ?? ''] ?? byName;
  return variant.careful ? (one, other) => chosen(one, other) || byName(one, other) : chosen;
}

/** As glibc's qsort does it: what a comparison that contradicts itself comes to depends on who asks it what (RW-36). */
function mergeSorted(hosts: readonly Host[], compare: Comparison): readonly Host[] {
  if (hosts.length < 2) return hosts;
  const half = Math.floor(hosts.length / 2);
  const left = mergeSorted(hosts.slice(0, half), compare);
  const right = mergeSorted(hosts.slice(half), compare);
  const merged: Host[] = [];
  let next = 0;
  for (const one of left) {
    for (let other = right[next]; other !== undefined && compare(one, other) > 0; other = right[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(one);
  }
  return [...merged, ...right.slice(next)];
}

// ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function printed(hosts: readonly Host[], variant: Variant): readonly string[] {
  const isWide = ({ load, up }: Host): boolean =>
    variant.careful ? up && load.some(each => each >= LOAD_WIDE) : load[0] >= LOAD_WIDE || load[1] >= LOAD_WIDE;
  const loadWidth = hosts.some(isWide) ? 5 : 4;
  const name = variant.careful ? carefulNames(hosts) : (host: Host): string => host.name.slice(0, NAME_WIDTH).padEnd(NAME_WIDTH);
  return hosts.map(host => {
    const start = `${name(host)}${interval(variant, host.up ? '  up' : 'down', host.since)}`;
    if (!host.up) return start;
    const loads = host.load.map(load => (load / 100).toFixed(2).padStart(loadWidth)).join(', ');
    return `${start},  ${String(host.users).padStart(4)} user${host.users === 1 ? ', ' : 's,'}  load ${loads}`;
  });
}

/** Whole names in a column that is wide enough for all of them. */
function carefulNames(hosts: readonly Host[]): (host: Host) => string {
  const shown = (host: Host): string => printable(host.name);
  const width = Math.max(NAME_WIDTH, ...hosts.map(host => shown(host).length + (host.up ? 0 : 1)));
  return host => shown(host).padEnd(width);
}
