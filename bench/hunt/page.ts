/** What the hunt came to: a summary, and docs/hunt.md. */
import type { Found } from '../../protocols/search.ts';
import type { Bug } from './bugs.ts';

/** One hunt for one bug. JSON values only. */
export interface Hunt extends Pick<Bug, 'protocol' | 'kind' | 'name'> {
  /** Number of its first seed. */
  readonly start: number;
  readonly found?: Found | undefined;
  /** Runs of scenarios, and cases. */
  readonly steps: number;
  /** Of CPU. */
  readonly seconds: number;
}

/** What all hunts for a bug come to: the one in the middle, by time. What found nothing took longest of all. */
export interface Row extends Omit<Hunt, 'start'> {
  readonly hunts: number;
  readonly slowest: number;
}

export const rowsOf = (hunts: readonly Hunt[]): readonly Row[] =>
  grouped(hunts, ({ protocol, kind, name }) => `${protocol} ${kind} ${name}`).flatMap(group => {
    const sorted = group.toSorted(
      (one, other) => Number(one.found === undefined) - Number(other.found === undefined) || one.seconds - other.seconds,
    );
    const [middle, last] = [sorted[(sorted.length - 1) >> 1], sorted.at(-1)];
    if (middle === undefined || last === undefined) return [];
    const { start: _, ...row } = middle;
    return [{ ...row, hunts: group.length, slowest: last.seconds }];
  });

/** Why nobody finds it. */
const REASONS: Readonly<Record<string, string>> = {
  'lonc A-B06b partial-line-dropped':
    'nobody reads the rest of a late reply where a lost connection is noticed at once: it takes reconnect-deferred and late-reply-kept as well, and the mutant that has all three is found',
  'rwho RW-03 buffer-inherited':
    'what a short report inherits is seen where short reports are stored: it takes short-report-stored as well, and the suite mutant receiver/rw-03, which has both, is found',
  'ikc client/b-t09':
    'the one case that can see it, ikc.client.peer.early, does so where what it sends in one piece is read in one, and with the first seed of this hunt it is not',
  'ikc a ikc-server that outlives whom it serves for':
    'it takes a server that ends before those that serve for it, which ikc/serving seldom draws: at another start it was found after 12.75 s',
  'rwho RW-46 first-address-only': 'interfaces of the simulator have one address each; test/impl/rwho shows it',
};

const quantile = (rows: readonly Row[], part: number): number => {
  const seconds = rows.map(row => row.seconds).sort((one, other) => one - other);
  return seconds[Math.floor(part * (seconds.length - 1))] ?? 0;
};
const time = (seconds: number): string => seconds.toFixed(2);

export function summaryOf(rows: readonly Row[]): string {
  const [half, most, last] = [0.5, 0.9, 1].map(part => time(quantile(rows, part)));
  const missed = rows.filter(({ found }) => found === undefined).length;
  return `${rows.length} bugs: half of them within ${half} s, nine of ten within ${most} s, the last after ${last} s; ${missed} not found`;
}

const line = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map(each => String(each).replaceAll('|', '\\|')).join(' | ')} |`;

/** Those that are alike in this, in the order in which each first came. */
function grouped<T>(rows: readonly T[], of: (row: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(of(row), [...(groups.get(of(row)) ?? []), row]);
  return [...groups.values()];
}

/** `note`: on what machine it was measured. */
export function huntDocument(rows: readonly Row[], budget: number, note = ''): string {
  const least = Math.min(...rows.map(({ hunts }) => hunts));
  const most = Math.max(...rows.map(({ hunts }) => hunts));
  const found = rows.filter(row => row.found !== undefined);
  const missed = rows.filter(row => row.found === undefined);
  return [
    '# The hunt',
    '',
    '```sh',
    `npm run bench:hunt -- --starts=0..${most - 1} --cpu=${budget} --page`,
    '```',
    '',
    'Every trap of a published source, on alone, and every mutant of the scenarios and of the suites, each hunted with no hint: all scenarios of',
    'the protocol and all roles of its suite in the simulator, in turns (`src/check/turns.ts`), until something is found that a sweep or a',
    'report would tell. Seconds of CPU of one process that has everything compiled; each hunt is ended after',
    `${budget} s. Of each bug the median of its hunts, ${least === most ? most : `${least} to ${most}`}, which begin with other seeds. The same search finds nothing in`,
    'as long where there is no bug. This page is written by that command.',
    ...(note === '' ? [] : ['', note]),
    '',
    `${summaryOf(rows)}.`,
    '',
    line('protocol', 'bugs', 'how many', 'found', 'half within', 'nine of ten within', 'the last after'),
    line('---', '---', '---:', '---:', '---:', '---:', '---:'),
    ...grouped(rows, ({ protocol, kind }) => `${protocol} ${kind}`).map(group => {
      const those = group.filter(row => row.found !== undefined);
      const times = [0.5, 0.9, 1].map(part => `${time(quantile(those, part))} s`);
      return line(group[0]?.protocol ?? '', `${group[0]?.kind}s`, group.length, those.length, ...times);
    }),
    '',
    '## Not found',
    '',
    ...missed.map(({ protocol, kind, name }) => {
      const reason = REASONS[`${protocol} ${name}`] ?? `not in ${budget} s, and nobody has said why`;
      return `- ${protocol} ${kind} \`${name}\`: ${reason}`;
    }),
    '',
    '## Found',
    '',
    line('protocol', 'kind', 'bug', 'median, s', 'slowest, s', 'runs and cases', 'found by'),
    line('---', '---', '---', '---:', '---:', '---:', '---'),
    ...found.map(({ protocol, kind, name, seconds, slowest, steps, found }) =>
      line(protocol, kind, name, time(seconds), time(slowest), steps, found?.where ?? ''),
    ),
    '',
  ].join('\n');
}
