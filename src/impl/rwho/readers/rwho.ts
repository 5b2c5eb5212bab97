/**
 * rwho: one line for each person on a host that is up (A7).
 * May import: host, calendar, wire.ts, record.ts, time.ts, its own folder.
 */
import { printable } from '../../../host/bytes.ts';
import type { Storage } from '../../../host/host.ts';
import { ctime } from '../../calendar/ctime.ts';
import { parseRecord } from '../record.ts';
import { nearest, wallOf } from '../time.ts';
import { ENTRY, HEADER, HOSTNAME_MAX, OFFSET, TEXT_MAX, textAt } from '../wire.ts';
import { flagsOf } from './flags.ts';
import { DOWN_AFTER, IDLE_CUT } from './ruptime.ts';
import type { Answer, Found } from './spool-files.ts';
import { errorText, listSpool } from './spool-files.ts';
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
  const people = listing.found.flatMap(found => peopleOf(found, all, options)).toSorted(byUser);
  if (people.length > ROWS_MAX && !variant.careful) return { out: ['too many users'], err: [], status: 1, people: [] };
  return { out: printed(people, all, options), err: [], status: 0, people };
}

function peopleOf({ bytes }: Found, all: boolean, { variant, now }: RwhoOptions): readonly Person[] {
  const status = bytes === undefined ? undefined : parseRecord(bytes);
  if (bytes === undefined || status === undefined || variant.difference(status.receiveTime, now) > DOWN_AFTER) return [];
  // One byte more than the field has, and it is the load (RW-26).
  const host = variant.overruns ? textAt(bytes, OFFSET.hostName, HOSTNAME_MAX + 1) : status.hostName;
  return status.entries.flatMap((entry, index): readonly Person[] => {
    if (!all && entry.idle >= IDLE_CUT) return [];
    const line = variant.overruns ? textAt(bytes, HEADER + index * ENTRY, 2 * TEXT_MAX) : entry.line;
    const since = variant.careful ? nearest(entry.loginTime, now) : entry.loginTime;
    return [{ user: entry.name, host, line, since, idle: entry.idle }];
  });
}

const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

const byUser = (one: Person, other: Person): number =>
  compare(one.user, other.user) || compare(one.host, other.host) || compare(one.line.slice(0, TEXT_MAX), other.line.slice(0, TEXT_MAX));

function printed(people: readonly Person[], all: boolean, { variant, zone }: RwhoOptions): readonly string[] {
  const shown = (text: string): string => (variant.careful ? printable(text) : text);
  const places = people.map(({ host, line }) => shown(`${host}:${line}`));
  const width = Math.max(0, ...places.map(place => place.length));
  return people.map(({ user, since, idle }, index) => {
    const place = (places[index] ?? '').padEnd(width);
    return `${shown(user).padEnd(NAME_WIDTH)} ${place} ${dateOf(since + zone(since))}${idleText(idle, all)}`;
  });
}

/** Minutes, and only where there are any; of what is below zero the sign stands in the middle, as it was published (RW-29). */
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
