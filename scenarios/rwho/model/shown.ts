/**
 * What ruptime and rwho print of the records of a spool (A7), a second time: the lines of Debian's, as their authors meant them.
 * Lacks: text that is not printable, times of another zone.
 */
import { compareCodeUnits } from '../../../src/host/order.ts';
import { between, type Person, type Report } from './layout.ts';

const DOWN_AFTER = 660;
const IDLE_CUT = 3_600;
const DAY_MINUTES = 1_440;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const two = (value: number): string => String(value).padStart(2, '0');

interface Line {
  readonly host: string;
  readonly up: boolean;
  readonly time: number;
  readonly users: number;
  readonly loads: readonly number[];
}

export function ruptimeLines(records: readonly Report[], now: number, flags: string): readonly string[] {
  if (records.length === 0) return ['ruptime: no hosts in /var/spool/rwho.'];
  const lines = records.map((each): Line => {
    const silent = between(each.stamp, now);
    const up = silent <= DOWN_AFTER;
    const users = each.people.filter(({ idle }) => flags.includes('a') || idle < IDLE_CUT).length;
    return { host: each.host, up, time: up ? between(each.booted, each.sent) : -silent, users, loads: each.loads };
  });
  const sign = flags.includes('r') ? -1 : 1;
  lines.sort(
    (one, other) =>
      sign *
      (KEYS.reduce((order, [flag, compare]) => order || (flags.includes(flag) ? compare(one, other) : 0), 0) ||
        compareCodeUnits(one.host, other.host)),
  );
  const width = Math.max(12, ...lines.map(({ host, up }) => host.length + (up ? 0 : 1)));
  const loadWidth = lines.some(({ up, loads }) => up && loads.some(each => each >= 1_000)) ? 5 : 4;
  return lines.map(({ host, up, time, users, loads }) => {
    const start = `${host.padEnd(width)}${up ? '  up' : 'down'}${span(up ? time : -time)}`;
    if (!up) return start;
    const averages = loads.map(each => (each / 100).toFixed(2).padStart(loadWidth)).join(', ');
    return `${start},  ${String(users).padStart(4)} ${users === 1 ? 'user, ' : 'users,'}  load ${averages}`;
  });
}

/** Hosts that are down come last, the one that was heard last first. */
const among =
  (key: (line: Line) => number) =>
  (one: Line, other: Line): number => {
    if (one.up !== other.up) return one.up ? -1 : 1;
    return one.up ? key(other) - key(one) : other.time - one.time;
  };
const KEYS: readonly (readonly [flag: string, compare: (one: Line, other: Line) => number])[] = [
  ['l', among(({ loads }) => loads[0] ?? 0)],
  ['t', (one, other) => other.time - one.time],
  ['u', among(({ users }) => users)],
];

/** Minutes are rounded up. */
function span(seconds: number): string {
  if (seconds < 0) return '     ??:??';
  const minutes = Math.ceil(seconds / 60);
  const rest = minutes % DAY_MINUTES;
  const days = (minutes - rest) / DAY_MINUTES;
  const [hours, minute] = [(rest - (rest % 60)) / 60, two(rest % 60)];
  return days > 0 ? ` ${String(days).padStart(4)}+${two(hours)}:${minute}` : `      ${String(hours).padStart(2)}:${minute}`;
}

export function rwhoLines(records: readonly Report[], now: number, flags: string): readonly string[] {
  const all = flags.includes('a');
  const seen = records
    .filter(({ stamp }) => between(stamp, now) <= DOWN_AFTER)
    .flatMap(({ host, people }) => people.map(person => ({ ...person, host })))
    .filter(({ idle }) => all || idle < IDLE_CUT);
  seen.sort(
    (one, other) =>
      compareCodeUnits(one.user, other.user) || compareCodeUnits(one.host, other.host) || compareCodeUnits(one.line, other.line),
  );
  const width = Math.max(0, ...seen.map(({ host, line }) => host.length + line.length + 1));
  return seen.map(person => {
    const place = `${person.host}:${person.line}`.padEnd(width);
    return `${person.user.padEnd(8)} ${place} ${date(now + between(now, person.since))}${idle(person, all)}`;
  });
}

function idle({ idle: seconds }: Person, all: boolean): string {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  if (minutes === 0) return '';
  if (!all) return ` :${two(minutes)}`;
  const shown = Math.min(minutes, 5_999);
  const hours = Math.floor(shown / 60);
  return ` ${hours === 0 ? '  ' : String(hours).padStart(2)}:${two(shown % 60)}`;
}

/** `Nov 14 22:13`, counted year by year and month by month. */
function date(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  let days = Math.floor(minutes / DAY_MINUTES);
  let year = 1_970;
  for (; days >= yearDays(year); year++) days -= yearDays(year);
  for (; days < 0; year--) days += yearDays(year - 1);
  let month = 0;
  for (; days >= monthDays(year, month); month++) days -= monthDays(year, month);
  const minute = minutes - Math.floor(minutes / DAY_MINUTES) * DAY_MINUTES;
  return `${MONTHS[month]} ${String(days + 1).padStart(2)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const yearDays = (year: number): number => (isLeap(year) ? 366 : 365);
const monthDays = (year: number, month: number): number => (month === 1 && isLeap(year) ? 29 : (MONTH_DAYS[month] ?? 0));
