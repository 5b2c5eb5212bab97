/**
 * Conformance runs for a terminal: cases one after the other with progress, a report at the end, evidence in a folder.
 * May import: conformance, node, cli.
 */
import { join } from 'node:path';
import { nodeArm, PROGRAMS_MODULE } from '../../conformance/play/arm-node.ts';
import { simArm } from '../../conformance/play/arm-sim.ts';
import type { Implementation } from '../../conformance/play/tester.ts';
import { programs } from '../../conformance/programs.ts';
import { evidenceOf } from '../../conformance/report/evidence.ts';
import { encodeReport, makeReport, type Report } from '../../conformance/report/report.ts';
import { type Run, runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { EXIT, Stop } from './exit.ts';
import type { Interrupt } from './interrupt.ts';
import { COMMAND } from './name.ts';
import { plural, type Screen } from './screen.ts';
import { makeFolder, saveTrace } from './trace-files.ts';

export interface Subject {
  readonly suite: Suite;
  readonly role: string;
  readonly arm: 'sim' | 'node';
  readonly implementation: Implementation;
  readonly claims: readonly string[];
  readonly cases: readonly string[];
  /** Deadlines are multiplied by this, in thousandths. */
  readonly patience: number;
  /** Also what takes minutes of real time. */
  readonly slow: boolean;
  /** How the user named the implementation: what a reproduction has to repeat. */
  readonly options: string;
  readonly folder: string | undefined;
}

const SEED = '0';

export async function conformTo(subject: Subject, screen: Screen, interrupt: Interrupt): Promise<Report> {
  const { suite, role, arm, implementation, claims } = subject;
  if (subject.folder !== undefined) makeFolder(join(subject.folder, 'traces'));
  const run = await runSuite({
    suite,
    role,
    arm: arm === 'sim' ? simArm(programs) : nodeArm(programs, PROGRAMS_MODULE),
    implementation,
    claims,
    select: subject.cases,
    seed: SEED,
    patience: subject.patience,
    slow: subject.slow,
    stop: () => interrupt.asked,
    progress: (row, done, of) => screen.progress(() => `[${done}/${of}] ${row.case}: ${row.verdict.verdict}`),
  });
  const { rows, facts } = ran(run);
  const command = [implementation.program, ...implementation.args];
  const traceOf = (id: string): string | undefined => (subject.folder === undefined ? undefined : join('traces', `${id}.jsonl`));
  const report = makeReport({
    suite,
    role,
    arm,
    implementation: command,
    claims,
    seed: SEED,
    rows,
    facts,
    reproduce: id => `${COMMAND} conform ${suite.name} --role ${role} --case ${id}${subject.options}`,
    trace: traceOf,
  });
  if (subject.folder !== undefined) {
    const evidence = { suite: suite.name, role, arm, implementation: command, claims, seed: SEED };
    for (const row of rows) if (row.events.length > 0) saveTrace(join(subject.folder, traceOf(row.case) ?? ''), evidenceOf(row, evidence));
    saveTrace(join(subject.folder, 'report.json'), [encodeReport(report)]);
  }
  return report;
}

function ran(run: Run): Run & { readonly outcome: 'ran' } {
  if (run.outcome === 'nothing-ran') throw new Stop(EXIT.nothingRan, run.why);
  if (run.outcome === 'setup-error') throw new Stop(EXIT.unreachable, run.why);
  return run;
}

export interface OwnResult {
  readonly suite: string;
  readonly role: string;
  readonly conforms: boolean;
  readonly cases: number;
}

/** Ours, in one line: as real processes, or in the simulator where that would take minutes. */
export async function conformOwn(suite: Suite, role: string, screen: Screen, interrupt: Interrupt): Promise<OwnResult> {
  const own = suite.own[role];
  if (own === undefined) throw new Stop(EXIT.internal, `the suite ${suite.name} has no implementation of ours for the role ${role}`);
  const report = await conformTo(
    {
      suite,
      role,
      arm: suite.realTime === 'seconds' ? 'node' : 'sim',
      implementation: own,
      claims: own.claims,
      cases: [],
      patience: 1_000,
      slow: false,
      options: '',
      folder: undefined,
    },
    screen,
    interrupt,
  );
  const mark = report.conforms ? screen.style('green', '✓') : screen.style('red', '✗');
  const facts = Object.entries(report.facts).map(([name, value]) => `${name}: ${value}`);
  screen.line(
    `${mark} ${`${suite.name}, role ${role}, ${report.arm === 'sim' ? 'simulated' : 'real processes'}`.padEnd(42)} ${plural(report.rows.length, 'case')}  ${[report.sentence, ...facts].join('  ')}`,
  );
  for (const row of report.rows) {
    if (row.verdict === 'fail')
      screen.line(`    ${row.case}: expected ${row.expected}; received ${row.received}\n    see it: ${row.reproduce}`);
  }
  return { suite: suite.name, role, conforms: report.conforms, cases: report.rows.length };
}
