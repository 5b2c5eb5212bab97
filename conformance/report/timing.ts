/**
 * What of a report rests on time, and what the computer that made it had to do with that.
 */
import type { Row } from '../run/runner.ts';
import type { ReportRow } from './report.ts';

/** A pass that saw a silence would be another one if what broke it came later than that. */
export function restsOn({ testCase, verdict, attempts }: Row): ReportRow['rests'] {
  if (verdict.verdict === 'fail') return verdict.by === 'time' ? 'deadline' : '';
  if (verdict.verdict === 'inconclusive') return verdict.by !== undefined && attempts.played > 0 ? 'deadline' : '';
  return verdict.verdict === 'pass' && testCase.steps.some(step => step.verb === 'expect-silence') ? 'silence' : '';
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What kept the run from deciding, and what would help. */
export function timeWarnings(rows: readonly ReportRow[]): readonly string[] {
  const open = rows.filter(row => row.verdict === 'inconclusive' && row.attempts.undecided > 0);
  const unready = open.filter(row => row.why.startsWith('set-up failed'));
  const starved = open.filter(row => !unready.includes(row));
  const warnings: string[] = [];
  if (unready.length > 0)
    warnings.push(
      `${plural(unready.length, 'case')} did not get as far as what they are about; --ready says when the implementation is there, --ready-within how long that may take`,
    );
  if (starved.length > 0) {
    warnings.push(
      `${plural(starved.length, 'case')} ${starved.length === 1 ? 'is' : 'are'} not decided because this computer had no time for ${starved.length === 1 ? 'it' : 'them'} (${worst(starved)}): play again on a quiet machine, or with --patience 3`,
    );
  }
  const helped = rows.filter(row => row.verdict === 'pass' && row.attempts.undecided > 0).length;
  if (helped > 0) warnings.push(`${plural(helped, 'case')} passed only when played again: the first time this computer had no time`);
  return warnings;
}

function worst(rows: readonly ReportRow[]): string {
  const most = (key: 'lag' | 'waited' | 'stalled'): string => (Math.max(0, ...rows.map(row => row.strain?.[key] ?? 0)) / 1e6).toFixed(1);
  return `at most ${most('lag')} s late itself, ${most('waited')} s in which the implementation was ready to run and did not, ${most('stalled')} s for disks and memory`;
}

/** Which verdicts rest on time. */
export function timeLimits(rows: readonly ReportRow[]): readonly string[] {
  const refuted = rows.filter(row => row.rests === 'deadline' && row.refuted !== undefined);
  const silent = rows.filter(row => row.rests === 'silence');
  const limits: string[] = [];
  if (refuted.length > 0)
    limits.push(
      `refuted by a deadline, so with --patience, or --time-scale, another verdict is possible: ${refuted.map(row => row.case).join(', ')}`,
    );
  if (silent.length > 0)
    limits.push(
      `${silent.length === 1 ? '1 pass rests' : `${silent.length} passes rest`} on a silence: what comes later than it lasted is not seen (${silent.map(row => row.case).join(', ')})`,
    );
  return limits;
}
