/** What the hunt came to: a summary, and docs/hunt.md. */
import type { Found } from '../../protocols/search.ts';
import type { Bug } from './bugs.ts';

export interface Row extends Pick<Bug, 'protocol' | 'kind' | 'name'> {
  /** Of the hunt in the middle, by time; absent: most hunts found nothing. */
  readonly found?: Found | undefined;
  /** Runs of scenarios, and cases. */
  readonly steps: number;
  /** Of CPU. */
  readonly seconds: number;
  readonly slowest: number;
  /** Hunts that found nothing. */
  readonly missed: number;
}

export interface Terms {
  readonly starts: number;
  readonly budget: number;
}

/** Why nobody finds it. */
const REASONS: Readonly<Record<string, string>> = {
  'lonc A-B06b partial-line-dropped':
    'nobody reads the rest of a late reply where a lost connection is noticed at once: it takes reconnect-deferred and late-reply-kept as well, and the mutant that has all three is found',
  'rwho RW-03 buffer-inherited':
    'what a short report inherits is seen where short reports are stored: it takes short-report-stored as well, and the suite mutant receiver/rw-03, which has both, is found',
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

/** The rows that are alike in these, in the order in which each first came. */
function grouped(rows: readonly Row[], of: (row: Row) => string): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(of(row), [...(groups.get(of(row)) ?? []), row]);
  return [...groups.values()];
}

export function huntDocument(rows: readonly Row[], { starts, budget }: Terms): string {
  const found = rows.filter(row => row.found !== undefined);
  const missed = rows.filter(row => row.found === undefined);
  return [
    '# The hunt',
    '',
    '```sh',
    `npm run bench:hunt -- --starts=${starts} --cpu=${budget} --page`,
    '```',
    '',
    'Every trap of a published source, on alone, and every mutant of the scenarios and of the suites, each hunted with no hint: all scenarios of',
    'the protocol and all roles of its suite in the simulator, in turns (`src/check/turns.ts`), until something is found that a sweep or a',
    `report would tell. Seconds of CPU of one process that has everything compiled; the median of ${starts} hunts that begin with other seeds, each`,
    `ended after ${budget} s. The same search finds nothing in ${budget} s where there is no bug. This page is written by that command.`,
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
