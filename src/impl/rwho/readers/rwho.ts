/**
 * rwho: one line for each person on a host that is up (A7).
 */
import { printable } from '../../../host/bytes.ts';
import type { Storage } from '../../../host/host.ts';
import { ctime } from '../../calendar/ctime.ts';
import { parseRecord } from '../record.ts';
import { nearest, wallOf } from '../time.ts';
import { ENTRY, type Entry, HEADER, TEXT_MAX } from '../wire.ts';
import { flagsOf } from './flags.ts';
import { type InRecord, readSorted, rowOf } from './rows.ts';
import { DOWN_AFTER, IDLE_CUT } from './ruptime.ts';
import { type Answer, errorText, type Found, leftOver, listSpool } from './spool-files.ts';
import type { Variant } from './variant.ts';

/** Rows that the published readers have room for: one more, and they show none (RW-62). */
const ROWS_MAX = 1_000;
const NAME_WIDTH = 8;
/** Minutes: 99:59. */
const IDLE_MOST = 100 * 60 - 1;

export interface Person {
  readonly user: string;
  readonly host: string;
  readonly line: string;
  /** Seconds since 1970. */
  readonly since: number;
  /** Seconds. */
  readonly idle: number;
}

export interface RwhoOptions {
  readonly storage: Storage;
  readonly spool: string;
  /** Seconds since 1970. */
  readonly now: number;
  readonly variant: Variant;
  /** Seconds to add for local time at a moment. */
  readonly zone: (seconds: number) => number;
}

export interface RwhoAnswer extends Answer {
  readonly people: readonly Person[];
}

export function rwho(args: readonly string[], options: RwhoOptions): RwhoAnswer {
  const { storage, spool, variant } = options;
  const flags = flagsOf(args, 'a');
  const failed = (err: string): RwhoAnswer => ({ out: [], err: [err], status: 1, people: [] });
  if (flags.unknown !== undefined) return failed('usage: rwho [-a]');
  const listing = listSpool(storage, spool);
  if (!listing.ok) return failed(`rwho: ${spool}: ${errorText(listing.error)}`);
  const all = flags.has('a');
  const seen = listing.found.flatMap(found => entriesOf(found, all, options));
  if (!variant.careful && (seen.length > ROWS_MAX || isMultiplied(listing.found, options)))
    return { out: ['too many users'], err: [], status: 1, people: [] };
  const compare = byUser(variant);
  const people = variant.overruns
    ? readSorted(seen.map(rowOf), compare)
    : seen
        .map(({ host, entry }) => ({ user: entry.name, host, line: entry.line, since: entry.loginTime, idle: entry.idle }))
        .toSorted(compare);
  const shown = people.map(person => ({ ...person, since: loginOf(person.since, options) }));
  return { out: printed(shown, all, options), err: [], status: 0, people: shown };
}

interface EntryOfHost extends InRecord {
  readonly host: string;
  readonly entry: Entry;
}

function entriesOf({ bytes }: Found, all: boolean, { variant, now }: RwhoOptions): readonly EntryOfHost[] {
  const status = bytes === undefined ? undefined : parseRecord(bytes);
  if (bytes === undefined || status === undefined || variant.difference(status.receiveTime, now) > DOWN_AFTER) return [];
  const seen = status.entries.map((entry, index) => ({ host: status.hostName, entry, record: bytes, at: HEADER + index * ENTRY }));
  return all ? seen : seen.filter(({ entry }) => entry.idle < IDLE_CUT);
}

/** A read that failed has as many people as fit into 4 GiB. */
const isMultiplied = (found: readonly Found[], { variant, now }: RwhoOptions): boolean =>
  variant.multiplies &&
  leftOver(found).some(({ bytes, error }) => {
    const status = bytes === undefined || error === undefined ? undefined : parseRecord(bytes);
    return status !== undefined && variant.difference(status.receiveTime, now) <= DOWN_AFTER;
  });

const loginOf = (stamp: number, { variant, now }: RwhoOptions): number =>
  variant.careful ? nearest(stamp, now) : variant.loginUnsigned ? stamp >>> 0 : stamp;

const compareText = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

const byUser =
  ({ hostCompared }: Variant) =>
  (one: Person, other: Person): number =>
    compareText(one.user, other.user) ||
    compareText(one.host.slice(0, hostCompared), other.host.slice(0, hostCompared)) ||
    compareText(one.line.slice(0, TEXT_MAX), other.line.slice(0, TEXT_MAX));

function printed(people: readonly Person[], all: boolean, { variant, zone }: RwhoOptions): readonly string[] {
  const shown = (text: string): string => (variant.careful ? printable(text) : text);
  const places = people.map(({ host, line }) => shown(`${host}:${line}`));
  const width = Math.max(0, ...places.map(place => place.length));
  return people.map(({ user, since, idle }, index) => {
    const place = (places[index] ?? '').padEnd(width);
    return `${shown(user).padEnd(NAME_WIDTH)} ${place} ${dateOf(since + zone(since))}${idleText(variant.careful ? Math.max(0, idle) : idle, all)}`;
  });
}

/** Minutes, and only where there are any; of what is below zero the published readers show the sign in the middle (RW-29). */
function idleText(seconds: number, all: boolean): string {
  const minutes = Math.min(Math.trunc(seconds / 60), all ? IDLE_MOST : Number.POSITIVE_INFINITY);
  if (minutes === 0) return '';
  const hours = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  const text = rest < 0 ? String(rest) : String(rest).padStart(2, '0');
  if (!all) return ` :${text}`;
  return ` ${hours > 0 ? String(hours).padStart(2) : '  '}:${text}`;
}

/** `Nov 14 22:13`: twelve letters from the fifth on. */
const dateOf = (seconds: number): string => ctime(wallOf(seconds)).slice(4, 16);
