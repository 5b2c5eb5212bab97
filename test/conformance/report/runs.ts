/** Runs of every kind that a form has to tell apart, and rows as a baseline has them. */
import type { Report, ReportRow } from '../../../conformance/report/report.ts';
import { broke, failed, hostileReport, missed, oneOfEach, toyReport, toyRow, unclaimed, undecided } from './reports.ts';

export const baseline = (row: ReportRow, state: 'expected' | 'different' | 'stale'): ReportRow => ({
  ...row,
  baseline: { state, why: 'known since May', issue: 'https://x.test/7' },
});

/** What a form may say of a run, and whether the run says no. */
export const RUNS: readonly (readonly [string, Report, boolean])[] = [
  ['all passed', toyReport([toyRow('a'), missed('c')]), false],
  ['one of each verdict', toyReport(oneOfEach()), true],
  ['hostile', hostileReport(), true],
  ['hostile ids', toyReport(oneOfEach().map(row => ({ ...row, case: `${row.case}\u202e\u0000`, twin: '' }))), true],
  ['a MUST that nothing decided', toyReport([toyRow('a'), undecided('b')]), true],
  [
    'only the twin of what nothing decided counts',
    toyReport([toyRow('a'), undecided('b'), undecided('c', { twin: 'toy.server.b' })]),
    true,
  ],
  ['a twin that does not apply', toyReport([toyRow('a'), unclaimed('b'), undecided('c', { twin: 'toy.server.b' })]), true],
  ['our own fault', toyReport([toyRow('a'), broke('b')]), true],
  ['nothing that counts', toyReport([missed('a')]), true],
  ['nothing', toyReport([]), true],
  ['stopped', toyReport([toyRow('a')], { complete: false }), true],
  ['newer than the set', toyReport([toyRow('a'), { ...failed('b'), counts: false }]), false],
  ['expected to fail', toyReport([toyRow('a'), baseline(failed('b'), 'expected')]), false],
  ['expected to fail, and passes', toyReport([baseline(toyRow('a'), 'stale')]), true],
  ['fails differently', toyReport([toyRow('a'), baseline(failed('b'), 'different')]), true],
];
