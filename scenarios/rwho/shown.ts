/**
 * A spool of any files, and somebody at a terminal who asks ruptime and rwho for it, in all the editions that were published: silences, loads,
 * idle times and lengths on both sides of what makes a difference; names and terminals that fill their field, or are no text; one host twice;
 * directories; clocks after 2038. The files are made of bytes by the model (model/layout.ts).
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, evenly, list } from '../../src/check/fields.ts';
import { locals, PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { hex } from '../../src/host/bytes.ts';
import { seconds } from '../../src/host/time.ts';
import { ruptimeCommand, rwhoCommand } from '../../src/impl/rwho/readers/command.ts';
import { TERMINAL } from './daemons/names.ts';
import { terminal } from './daemons/terminal.ts';
import { EDITIONS } from './model/editions.ts';
import { bytesOf } from './model/layout.ts';
import { EPOCH } from './parts/forged.ts';
import { DIRECTORIES } from './parts/network.ts';
import { downShown, nobodyShown, printsAsItsEdition, usageShown } from './properties/printed.ts';

const DAY = 86_400;
const FILES = ['whod.a', 'whod.b', 'whod.c', 'whod.d', 'whod.', 'whod.a~', 'a'] as const;
const KINDS = ['record', 'record', 'record', 'record', 'record', 'record', 'record', 'directory'] as const;
const HOSTS: readonly string[] = [
  ...['a', 'a', 'b', 'B', 'twelve-chars', 'thirteen-char', 'x'.repeat(31), 'x'.repeat(32), '', '\x1b[2J', 'caf\xe9'],
];
const SILENCES: readonly number[] = [
  ...[
    0,
    1,
    59,
    60,
    61,
    659,
    660,
    661,
    659,
    660,
    661,
    660,
    719,
    720,
    721,
    3_600,
    DAY - 60,
    DAY - 59,
    DAY,
    40 * DAY,
    365 * DAY,
    365 * DAY + 1,
  ],
  ...[999 * DAY, 999 * DAY + 1, 1_000 * DAY, -1, -700, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)],
];
/** Seconds from the start of a host to its last report. */
const UPTIMES: readonly number[] = [
  0,
  1,
  60,
  61,
  3_600,
  35_100,
  DAY - 60,
  DAY - 59,
  DAY,
  11 * DAY,
  365 * DAY + 1,
  999 * DAY + 1,
  -1,
  2 ** 31 - 1,
];
/** Seconds by which the clock of a host is ahead: the last ones are those of 1901 to 1935, and of 2038 to 2072, to who knows it no better. */
const AHEAD: readonly number[] = [0, 0, 0, 0, -7_200, 2 ** 31 - EPOCH, 2 ** 31 - EPOCH + 2 ** 30 - 1, 2 ** 31 - EPOCH + 2 ** 30, -EPOCH];
const LOADS: readonly number[] = [0, 1, 99, 100, 115, 999, 1_000, 99_999, -1, 2 ** 31 - 1, -(2 ** 31)];
const PEOPLE: readonly number[] = [0, 1, 2, 3, 42];
const USERS = ['ada', 'bob', 'u1234567', 'u12345678', '\x07', '\xfc'] as const;
const TERMINALS = ['tty1', 'pts/0', 'pts/1234', 'pts/12345', ''] as const;
const IDLE: readonly number[] = [
  0,
  1,
  59,
  60,
  61,
  599,
  600,
  3_599,
  3_600,
  35_999,
  36_000,
  359_939,
  359_940,
  360_060,
  -1,
  -59,
  -60,
  -3_660,
  2 ** 31 - 1,
];
/** Bytes of a file that are there beside those of a whole one, or are not. */
const LENGTHS: readonly number[] = [0, 0, 0, 0, 1, 12, 23, -1, -23, -24];
const SHORT: readonly number[] = [0, 0, 0, 0, 0, 0, 1, 44, 59, 60];
const LOGINS: readonly number[] = [0, 60, 90 * DAY, 2_000 * DAY, -(2 ** 31), 2 ** 31 - 1];
/** Two people came then, and a second before, where February or a year ends: of 2000, 2001, 2024 and 2100; 0: they did not. */
const DATES: readonly number[] = [
  ...[0, 0, 0, 951_782_400, 951_868_800, 978_307_200, 983_404_800, 1_709_164_800, 1_709_251_200, 4_107_542_400],
];
/** Seconds that the clock of the reader is ahead. */
const CLOCKS: readonly number[] = [
  0,
  0,
  0,
  0,
  59 * DAY,
  789 * DAY,
  2 ** 31 - EPOCH - 1,
  2 ** 31 - EPOCH,
  2 ** 31 - EPOCH + 2 ** 30,
  2 ** 32 - EPOCH,
];
/** Two hosts whose names have no end are alike in so many bytes, and the one behind is the lesser in the next; 0: there are none. */
const ALIKE: readonly number[] = [...Array.from({ length: 10 }, () => 0), 11, 12, 30, 31, 32, 47, 48, 62, 63];
/** So many people in so many files beside them: more than 1,000 are none (RW-62). */
const CROWDS: readonly number[] = [...Array.from({ length: 57 }, () => 0), 999, 1_000, 1_001];

const FLAGS = {
  ruptime: [
    '',
    '',
    '-a',
    '-l',
    '-t',
    '-u',
    '-r',
    '-ar',
    '-rl',
    '-tr',
    '-ur',
    '-l,-t',
    '-ut',
    '-r,-r',
    '-x',
    '-lx',
    'host',
    '-a,host',
    '--',
    '--,-a',
    '-',
    '-,-t',
    'host,-l',
  ],
  rwho: ['', '', '', '-a', '-a', '-aa', '-l', '-', '--', '--,-a', 'host', 'host,-a'],
} as const;
const SPOOLS: readonly string[] = [
  ...Array.from({ length: 8 }, () => ''),
  '--spool=/var/spool/rwho',
  '--spool=/var/spool/none',
  '--spool=/var/log',
  '--spool=/etc/motd',
];

interface Kept {
  readonly file: (typeof FILES)[number];
  readonly kind: (typeof KINDS)[number];
  readonly host: string;
  readonly silent: number;
  readonly uptime: number;
  readonly ahead: number;
  readonly load: number;
  readonly load5: number;
  readonly load15: number;
  readonly people: number;
  readonly user: (typeof USERS)[number];
  readonly terminal: (typeof TERMINALS)[number];
  readonly idle: number;
  readonly login: number;
  readonly length: number;
  readonly short: number;
}
interface Typed {
  readonly ruptime: boolean;
  readonly edition: string;
  readonly flag: number;
  readonly spool: string;
  readonly read: boolean;
}
interface Shown {
  readonly files: readonly Kept[];
  readonly typed: readonly Typed[];
  readonly clock: number;
  readonly crowd: number;
  readonly alike: number;
  readonly date: number;
}
export type ShownPlan = CommonPlan & Shown;

const KEPT = workloads<Kept>({
  file: choice(...FILES),
  kind: choice(...KINDS),
  host: choice(...HOSTS),
  silent: choice(...SILENCES),
  uptime: choice(...UPTIMES),
  ahead: choice(...AHEAD),
  load: choice(...LOADS),
  load5: choice(...LOADS),
  load15: choice(...LOADS),
  people: choice(...PEOPLE),
  user: choice(...USERS),
  terminal: choice(...TERMINALS),
  idle: choice(...IDLE),
  login: choice(...LOGINS),
  length: choice(...LENGTHS),
  short: choice(...SHORT),
});
const TYPED = workloads<Typed>({
  ruptime: choice(true, false),
  edition: choice('', ...Object.keys(EDITIONS), ...Object.keys(EDITIONS), 'v7'),
  flag: evenly(0, FLAGS.ruptime.length * FLAGS.rwho.length - 1),
  spool: choice(...SPOOLS),
  read: choice(true, true, true, true, true, true, true, false),
});
const WORKLOAD = workloads<Shown>({
  files: list({ arbitrary: fc.record(KEPT.arbitraries, PLAIN), shape: object(KEPT.shapes) }, 9),
  typed: list({ arbitrary: fc.record(TYPED.arbitraries, PLAIN), shape: object(TYPED.shapes) }, 12, 6),
  clock: choice(...CLOCKS),
  crowd: choice(...CROWDS),
  alike: choice(...ALIKE),
  date: choice(...DATES),
});

export const shown: Scenario<ShownPlan> = defineScenario<ShownPlan>({
  name: 'rwho/shown',
  protocol: 'rwho',
  title: 'Whatever is in a spool, ruptime and rwho print what the edition prints that they are asked to be.',
  programs: () => ({ [TERMINAL]: terminal, ruptime: ruptimeCommand, rwho: rwhoCommand }),
  plans: profile => plans<Shown>(profile, { local: locals({ reads: [4_096, 65_536] }) }, WORKLOAD.arbitraries),
  workload: WORKLOAD.shapes,
  build: (world, { files, typed, clock, crowd, alike, date }) => {
    const machine = world.machine('m', { directories: [...DIRECTORIES, '/var/log', '/etc'] });
    machine.clock.step(seconds(clock));
    machine.disk.write('/etc/motd', new Uint8Array(1), machine.clock.wall(world.now));
    const now = EPOCH + clock;
    const spool = [...files.flatMap(each => kept(each, now)), ...crowded(crowd, now), ...twins(alike, now), ...dated(date, now)];
    machine.start(TERMINAL, [...spool, ...typed.map(typedAs)]);
  },
  properties: [printsAsItsEdition, downShown, nobodyShown, usageShown],
  chaos: seconds(5),
  liveness: seconds(5),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  exempt: { 'no-temporary-left': 'Files whose names look like those of drafts are what the readers are shown.' },
  expected: { corrected: 'holds' },
});

function kept(each: Kept, now: number): readonly string[] {
  if (each.kind === 'directory') return [`--directory=${each.file}`];
  const bytes = record(each, now, each.host);
  const length = each.short > 0 ? each.short : Math.max(0, bytes.length + each.length);
  const content = new Uint8Array(length).fill(0x41);
  content.set(bytes.subarray(0, length));
  return [`--file=${each.file}:${hex(content)}`];
}

function record(
  { silent, uptime, ahead, load, load5, load15, people, user, terminal: line, idle, login }: Kept,
  now: number,
  host: string,
): Uint8Array {
  const sent = (now - silent + ahead) | 0;
  const bytes = bytesOf(
    {
      version: 1,
      type: 1,
      sent,
      stamp: (now - silent) | 0,
      host,
      loads: [load, load5, load15],
      booted: (sent - uptime) | 0,
      people: Array.from({ length: people }, (_, index) => ({
        line: index === 0 ? line : `${line.slice(0, 5)}${index}`,
        user: index % 2 === 0 ? user : `w${(index * 7) % 10}`,
        since: (now - login - 977 * index) | 0,
        idle: index < 2 ? idle : (idle * index) | 0,
      })),
    },
    'file',
  );
  // A name without an end, which the layout has cut.
  if (host.length === 32) bytes[43] = host.charCodeAt(31);
  return bytes;
}

function crowded(count: number, now: number): readonly string[] {
  const whole = { ...NOBODY, people: 42 };
  return Array.from({ length: Math.ceil(count / 42) }, (_, index) => {
    const people = Math.min(42, count - 42 * index);
    return `--file=whod.m${index}:${hex(record({ ...whole, people }, now, `m${index}`))}`;
  });
}

/** Told apart by how many people they have. */
function twins(alike: number, now: number): readonly string[] {
  if (alike === 0) return [];
  return ['z', 'y'].map((next, index) => {
    const bytes = record({ ...NOBODY, people: index + 2, user: 'u1234567', terminal: 'pts/1234' }, now, '');
    bytes.fill(0x78, NAME_AT, NAME_AT + alike);
    bytes[NAME_AT + alike] = next.charCodeAt(0);
    return `--file=whod.t${index}:${hex(bytes)}`;
  });
}
const NAME_AT = 12;

function dated(date: number, now: number): readonly string[] {
  const came = [date, date - 1].map((since, index) => record({ ...NOBODY, people: 1, user: 'ada', login: now - since }, now, `d${index}`));
  return date === 0 ? [] : came.map((bytes, index) => `--file=whod.d${index}:${hex(bytes)}`);
}

const NOBODY: Kept = {
  ...({ file: 'whod.a', kind: 'record' } as const),
  ...{ host: 'a', silent: 5, uptime: 60, ahead: 0, load: 0, load5: 0, load15: 0 },
  ...{ people: 0, user: 'ada', terminal: 'tty1', idle: 0, login: 60, length: 0, short: 0 },
};

function typedAs({ ruptime, edition, flag, spool, read }: Typed): string {
  const flags: readonly string[] = ruptime ? FLAGS.ruptime : FLAGS.rwho;
  const words = [edition === '' ? '' : `--format=${edition}`, spool, flags[flag % flags.length] ?? ''];
  return `--types=${[`${read ? '' : '-'}${ruptime ? 'ruptime' : 'rwho'}`, ...words.filter(each => each !== '')].join(',')}`;
}
