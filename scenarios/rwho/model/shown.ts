/**
 * What ruptime and rwho print of the files of a spool (A7), a second time, in each of the editions that were published and in ours. It shares
 * no code with src/impl, and the programs themselves have been asked (test/scenarios/rwho/shown.test.ts).
 * Lacks: errors of the disk, times of another zone, and what is behind the last row of BSD's rwho.
 */
import { printable } from '../../../src/host/bytes.ts';
import { EDITIONS, type Edition } from './editions.ts';
import { between, type Person, type Report, reportIn } from './layout.ts';

/** One file, in the order in which they are read; without bytes it is a directory. */
export interface SpoolFile {
  readonly name: string;
  readonly bytes?: Uint8Array;
}

export interface Asked {
  readonly args: readonly string[];
  readonly spool: string;
  readonly edition: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/** One character for each byte, but where ours escapes what no terminal should see. */
export interface Said {
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly status: number;
}

const DOWN_AFTER = 660;
const IDLE_CUT = 3_600;
const HEADER = 60;
const ENTRY = 24;
const NAME_AT = 12;
const FILE_MOST = 1_068;

const said = (out: readonly string[], status = 0, err: readonly string[] = []): Said => ({ out, err, status });
const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const padded = (value: number | string, columns: number): string => String(value).padStart(columns);

interface Stored {
  readonly report: Report;
  readonly bytes: Uint8Array;
}

/** Those that are looked at, with what a directory is taken for. */
function records(files: readonly SpoolFile[], again: boolean): readonly Stored[] {
  let buffer: Uint8Array | undefined;
  return files.flatMap(({ name, bytes }) => {
    if (!name.startsWith('whod.')) return [];
    if (bytes !== undefined) {
      const header = new Uint8Array(HEADER);
      header.set(buffer ?? []);
      header.set(bytes.subarray(0, HEADER));
      buffer = header;
    }
    const read = bytes === undefined ? (again ? buffer : undefined) : bytes.subarray(0, FILE_MOST);
    const report = reportIn(read, 'file');
    return read === undefined || report === undefined ? [] : [{ report, bytes: read }];
  });
}

/** Characters to the first NUL, of at most so many bytes. */
function characters(bytes: Uint8Array, from: number, most: number): string {
  const field = [...bytes.subarray(from, from + most)];
  return String.fromCharCode(...(field.includes(0) ? field.slice(0, field.indexOf(0)) : field));
}

/** getopt(3): letters, and what is behind them. */
function lettersIn(args: readonly string[]): { readonly letters: string; readonly operands: number } {
  const end = args.findIndex(each => each === '--' || each === '-' || !each.startsWith('-'));
  const flags = end < 0 ? args : args.slice(0, end);
  const operands = args.length - flags.length - (args[end] === '--' ? 1 : 0);
  return { letters: flags.map(each => each.slice(1)).join(''), operands };
}

/** Stable, and asks in the order of glibc: for a comparison that contradicts itself it matters (RW-36). */
function sorted<T>(all: readonly T[], compare: (one: T, other: T) => number): readonly T[] {
  if (all.length <= 1) return all;
  const middle = all.length >> 1;
  const [left, right] = [[...sorted(all.slice(0, middle), compare)], [...sorted(all.slice(middle), compare)]];
  const merged: T[] = [];
  for (let [one, other] = [left[0], right[0]]; one !== undefined && other !== undefined; [one, other] = [left[0], right[0]])
    merged.push(...(compare(one, other) <= 0 ? left : right).splice(0, 1));
  return [...merged, ...left, ...right];
}

/** Seconds since somebody was heard. */
function silent(edition: Edition, { stamp, sent }: Report, now: number): number {
  const seconds = edition.silence(stamp, now);
  if (!edition.wrongSign || sent >= -(2 ** 30)) return seconds;
  return seconds >= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

// ── ruptime ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Line {
  readonly report: Report;
  readonly nameSorted: string;
  readonly up: boolean;
  readonly seconds: number;
  readonly users: number;
}

export function ruptimeSays(files: readonly SpoolFile[], { args, spool, edition: name, now }: Asked): Said {
  const edition = EDITIONS[name];
  if (edition === undefined) throw new Error(`there is no edition ${name}`);
  const { letters, operands } = lettersIn(args);
  const odd = /[^alrut]/.test(letters) || (operands > 0 && edition.refusesOperands);
  if (odd) return said([], 1, ['usage: ruptime [-alrut]']);
  const found = records(files, edition.directory === 'shown again');
  const kept = edition.corrected ? newest(found) : found;
  if (kept.length === 0) {
    const { stream, status } = edition.nobody;
    const text = `ruptime: no hosts in ${spool}.`;
    return stream === 'out' ? said([text], status) : said([], status, [text]);
  }
  const lines = kept.map(({ report, bytes }): Line => {
    const silence = silent(edition, report, now);
    const up = !(silence > DOWN_AFTER);
    const nameSorted = characters(bytes, NAME_AT, edition.nameSorted);
    const seconds = up ? edition.silence(report.booted, report.sent) : silence;
    return { report, nameSorted, up, seconds, users: users(edition, report, bytes, letters.includes('a')) };
  });
  return said(printed(edition, sorted(lines, order(edition, letters, now))));
}

/** Of each name the one that came last, asked for in the order of the files: stamps may come round. */
function newest(found: readonly Stored[]): readonly Stored[] {
  const last = new Map<string, Stored>();
  for (const each of found) {
    const before = last.get(each.report.host);
    if (before === undefined || between(before.report.stamp, each.report.stamp) > 0) last.set(each.report.host, each);
  }
  return [...last.values()];
}

/** As it was published, entries end where the file does (RW-31). */
function users({ corrected }: Edition, { people }: Report, bytes: Uint8Array, all: boolean): number {
  const isCounted = (idle: number): boolean => all || idle < IDLE_CUT;
  if (corrected) return people.filter(({ idle }) => isCounted(idle)).length;
  const { buffer, byteOffset, length } = bytes;
  const ends = Array.from({ length: Math.floor((length - HEADER) / ENTRY) }, (_, index) => length - ENTRY * index);
  return ends.filter(end => isCounted(new DataView(buffer, byteOffset + end - 4, 4).getInt32(0, true))).length;
}

function order(edition: Edition, letters: string, now: number): (one: Line, other: Line) => number {
  const { corrected, silence } = edition;
  const clock = edition.sortsAtZero ? 0 : now;
  const sign = letters.includes('r') ? -1 : 1;
  const int = (value: number): number => (corrected ? value : value | 0);
  const isDown = ({ report }: Line): boolean => silent(edition, report, clock) > DOWN_AFTER;
  const time = (line: Line): number => {
    const { booted, sent, stamp } = line.report;
    return isDown(line) ? -silence(stamp, clock) : silence(booted, sent);
  };
  const most = (key: (line: Line) => number, one: Line, other: Line): number => int(sign * (key(other) - key(one)));
  const name = (one: Line, other: Line): number => sign * byText(one.nameSorted, other.nameSorted);
  const upFirst = (key: (line: Line) => number, one: Line, other: Line): number => {
    const [down, otherDown] = [isDown(one), isDown(other)];
    if (down !== otherDown) return down ? sign : -sign;
    return most(down ? time : key, one, other);
  };
  const last = [...letters].filter(each => 'ltu'.includes(each)).at(-1);
  return (one, other) => {
    const first =
      last === 'l'
        ? upFirst(({ report }) => report.loads[0] ?? 0, one, other)
        : last === 'u'
          ? upFirst(line => line.users, one, other)
          : last === 't'
            ? most(time, one, other)
            : name(one, other);
    return first === 0 && corrected ? name(one, other) : first;
  };
}

function printed({ corrected, span }: Edition, lines: readonly Line[]): readonly string[] {
  const isWide = ({ up, report: { loads } }: Line): boolean =>
    corrected ? up && loads.some(each => each >= 1_000) : loads.slice(0, 2).some(each => each >= 1_000);
  const loadColumns = lines.some(isWide) ? 5 : 4;
  const names = lines.map(({ report }) => (corrected ? printable(report.host) : report.host.slice(0, 12)));
  // In ours a name never touches the word behind it.
  const columns = Math.max(12, ...lines.map(({ up }, index) => (names[index]?.length ?? 0) + (corrected && !up ? 1 : 0)));
  return lines.map(({ up, seconds, users: count, report }, index) => {
    const start = `${(names[index] ?? '').padEnd(columns)}${span(up ? 'up' : 'down', seconds)}`;
    const loads = report.loads.map(each => padded((each / 100).toFixed(2), loadColumns)).join(', ');
    return up ? `${start},  ${padded(count, 4)} ${count === 1 ? 'user, ' : 'users,'}  load ${loads}` : start;
  });
}

// ── rwho ────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Row {
  readonly user: string;
  readonly host: string;
  readonly line: string;
  readonly since: number;
  readonly idle: number;
}

const ROWS_MOST = 1_000;
const IDLE_MOST = 5_999;

export function rwhoSays(files: readonly SpoolFile[], { args, edition: name, now }: Asked): Said {
  const edition = EDITIONS[name];
  if (edition === undefined) throw new Error(`there is no edition ${name}`);
  const { letters } = lettersIn(args);
  if (/[^a]/.test(letters)) return said([], 1, ['usage: rwho [-a]']);
  const all = letters.includes('a');
  const isUp = ({ report }: Stored): boolean => edition.silence(report.stamp, now) <= DOWN_AFTER;
  const seen = records(files, false)
    .filter(isUp)
    .flatMap(record => record.report.people.map((person, index) => ({ record, person, index })))
    .filter(({ person }) => all || person.idle < IDLE_CUT);
  const crowd = edition.directoryIsCrowd && isCrowded(files, isUp);
  if (!edition.corrected && (crowd || seen.length > ROWS_MOST)) return said(['too many users'], 1);
  const cut = (text: string): string => text.slice(0, edition.hostSorted);
  const compare = (one: Row, other: Row): number =>
    byText(one.user, other.user) || byText(cut(one.host), cut(other.host)) || byText(one.line.slice(0, 8), other.line.slice(0, 8));
  const rows = edition.overruns
    ? inMemory(
        sorted(
          seen.map(each => memoryOf(each)),
          (one, other) => compare(rowAt(one, 0), rowAt(other, 0)),
        ),
      )
    : sorted(
        seen.map(({ record, person }) => ({ ...person, host: record.report.host })),
        compare,
      );
  return said(peopleLines(edition, rows, all, now));
}

/** A directory behind somebody who is up. */
const isCrowded = (files: readonly SpoolFile[], isUp: (record: Stored) => boolean): boolean =>
  files.some(({ name, bytes }, index) => {
    if (bytes !== undefined || !name.startsWith('whod.')) return false;
    const last = records(files.slice(0, index + 1), true);
    return last.length > records(files.slice(0, index), true).length && last.slice(-1).some(isUp);
  });

/** 4.4BSD keeps people as a name of 256 bytes, the idle time, and the entry up to it. */
const ROW = { idle: 256, line: 260, user: 268, since: 276, bytes: 280 } as const;
const PLACE_MOST = 8_192;

function memoryOf({ record: { bytes }, index }: { readonly record: Stored; readonly person: Person; readonly index: number }): Uint8Array {
  const row = new Uint8Array(ROW.bytes);
  const entry = bytes.subarray(HEADER + ENTRY * index, HEADER + ENTRY * (index + 1));
  row.set(entry.subarray(20), ROW.idle);
  row.set(entry.subarray(0, 20), ROW.line);
  const name = [...bytes.subarray(NAME_AT)];
  const end = name.indexOf(0);
  row.set((end < 0 ? name : name.slice(0, end + 1)).slice(0, ROW.bytes));
  return row;
}

function rowAt(memory: Uint8Array, at: number): Row {
  const view = new DataView(memory.buffer, memory.byteOffset + at, ROW.bytes);
  return {
    user: characters(memory, at + ROW.user, 8),
    host: characters(memory, at, PLACE_MOST),
    line: characters(memory, at + ROW.line, PLACE_MOST),
    since: view.getInt32(ROW.since, true),
    idle: view.getInt32(ROW.idle, true),
  };
}

function inMemory(rows: readonly Uint8Array[]): readonly Row[] {
  const memory = Uint8Array.from(rows.flatMap(row => [...row]));
  return rows.map((_, index) => rowAt(memory, index * ROW.bytes));
}

function peopleLines({ corrected, loginBelowZero }: Edition, rows: readonly Row[], all: boolean, now: number): readonly string[] {
  const safe = (text: string): string => (corrected ? printable(text) : text);
  const places = rows.map(({ host, line }) => safe(`${host}:${line}`));
  const columns = Math.max(0, ...places.map(place => place.length));
  return rows.map(({ user, since, idle }, index) => {
    const login = corrected ? now + between(now, since) : loginBelowZero || since >= 0 ? since : since + 2 ** 32;
    const seconds = corrected ? Math.max(0, idle) : idle;
    return `${safe(user).padEnd(8)} ${(places[index] ?? '').padEnd(columns)} ${date(login)}${idleText(seconds, all)}`;
  });
}

/** Hours only with -a; what is below zero has its sign in the middle (RW-29). */
function idleText(seconds: number, all: boolean): string {
  const whole = Math.sign(seconds) * Math.floor(Math.abs(seconds) / 60);
  const minutes = all ? Math.min(whole, IDLE_MOST) : whole;
  if (minutes === 0) return '';
  const rest = minutes % 60;
  const hours = (minutes - rest) / 60;
  return ` ${all ? (hours > 0 ? padded(hours, 2) : '  ') : ''}:${rest < 0 ? rest : String(rest).padStart(2, '0')}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_SECONDS = 86_400;

/** `Nov 14 22:13`, counted year by year and month by month. */
function date(seconds: number): string {
  let days = Math.floor(seconds / DAY_SECONDS);
  const minute = Math.floor((seconds - days * DAY_SECONDS) / 60);
  let year = 1_970;
  for (; days >= yearDays(year); year++) days -= yearDays(year);
  for (; days < 0; year--) days += yearDays(year - 1);
  let month = 0;
  for (; days >= monthDays(year, month); month++) days -= monthDays(year, month);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${MONTHS[month]} ${padded(days + 1, 2)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const yearDays = (year: number): number => (isLeap(year) ? 366 : 365);
const monthDays = (year: number, month: number): number => (month === 1 && isLeap(year) ? 29 : (MONTH_DAYS[month] ?? 0));
