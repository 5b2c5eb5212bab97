/**
 * Conformance runs for a terminal: cases one after the other with progress, a report at the end, and a folder that holds at
 * any time what is known so far.
 * May import: conformance, node, cli.
 */
import { renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { nodeArm, PROGRAMS_MODULE } from '../../conformance/play/arm-node.ts';
import { simArm } from '../../conformance/play/arm-sim.ts';
import type { Implementation } from '../../conformance/play/tester.ts';
import { programs } from '../../conformance/programs.ts';
import { captureOfRow } from '../../conformance/report/capture.ts';
import { evidenceOf } from '../../conformance/report/evidence.ts';
import { encodeReport, ReportMaker, type RunState } from '../../conformance/report/make.ts';
import type { Report, ReportImplementation, ReportRow } from '../../conformance/report/report.ts';
import { type Row, type Run, runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { newestSet } from '../../conformance/suite.ts';
import { EXIT, Stop } from './exit.ts';
import type { Interrupt } from './interrupt.ts';
import { COMMAND } from './name.ts';
import { plural, type Screen } from './screen.ts';
import { makeFolder, saveBytes, saveTrace } from './trace-files.ts';

/** Who is tested in one role. */
export interface Part {
  readonly role: string;
  readonly implementation: Implementation;
  readonly claims: readonly string[];
}

export interface Subject {
  readonly suite: Suite;
  readonly parts: readonly Part[];
  readonly arm: 'sim' | 'node';
  readonly identity: Omit<ReportImplementation, 'roles'>;
  /** Patterns over ids of cases. */
  readonly cases: readonly string[];
  readonly set?: string;
  /** Deadlines are multiplied by this, in thousandths. */
  readonly patience: number;
  /** Also what takes minutes of real time. */
  readonly slow: boolean;
  readonly attempts?: number;
  readonly choices?: Readonly<Record<string, boolean>>;
  /** How the user named the implementation: what a reproduction has to repeat. */
  readonly options: string;
  readonly folder: string | undefined;
  /** Also a capture of each case, for Wireshark. */
  readonly pcap?: boolean;
  /** What is still to be said of the finished report before it is written. */
  readonly finish?: (report: Report) => Report;
}

export const NOBODY: Omit<ReportImplementation, 'roles'> = { name: '', version: '', url: '', contact: '' };

const SEED = '0';
/** A report so far is written at most this often. */
const WRITE_INTERVAL_MS = 1_000;

export async function conformTo(subject: Subject, screen: Screen, interrupt: Interrupt): Promise<Report> {
  return new Conforming(subject, screen, interrupt).run();
}

class Conforming {
  readonly #subject: Subject;
  readonly #screen: Screen;
  readonly #interrupt: Interrupt;
  readonly #maker: ReportMaker;
  readonly #facts: Record<string, string> = {};
  readonly #started: number = Date.now();
  #written = 0;

  constructor(subject: Subject, screen: Screen, interrupt: Interrupt) {
    const { suite, arm, identity, patience, choices = {}, options } = subject;
    this.#subject = subject;
    this.#screen = screen;
    this.#interrupt = interrupt;
    const again = (more: string): string => `${COMMAND} conform ${suite.name}${more}${options}`;
    this.#maker = new ReportMaker({
      suite,
      set: subject.set ?? newestSet(suite),
      implementation: { ...identity, roles: subject.parts.map(rolePart) },
      arm,
      seed: SEED,
      patience,
      timeScale: 1_000,
      command: again(subject.parts.map(each => ` --role ${each.role}`).join('')),
      choices,
      reproduce: id => again(` --role ${suite.cases.find(each => each.id === id)?.role ?? ''} --case ${id}`),
      replay: trace => `${COMMAND} replay ${trace}`,
      evidence: row => this.#evidence(row),
    });
  }

  async run(): Promise<Report> {
    const { folder, parts } = this.#subject;
    if (folder !== undefined) makeFolder(join(folder, 'traces'));
    // Every role is asked whether something is selected, and one is enough.
    const runs: Run[] = [];
    for (const part of parts) if (!this.#interrupt.asked) runs.push(await this.#play(part));
    demandRun(runs);
    const { finish = (made: Report) => made } = this.#subject;
    const report = finish(this.#maker.report(this.#state(!this.#interrupt.asked)));
    this.#write('report.json', () => encodeReport(report));
    return report;
  }

  async #play(part: Part): Promise<Run> {
    const { suite, arm, cases, patience, slow, attempts } = this.#subject;
    const run = await runSuite({
      suite,
      role: part.role,
      arm: arm === 'sim' ? simArm(programs) : nodeArm(programs, PROGRAMS_MODULE),
      implementation: part.implementation,
      claims: part.claims,
      select: cases,
      seed: SEED,
      patience,
      slow,
      ...(attempts === undefined ? {} : { attempts }),
      stop: () => this.#interrupt.asked,
      progress: (row, done, of) => this.#took(part, row, done, of),
    });
    if (run.outcome === 'ran') Object.assign(this.#facts, run.facts);
    return run;
  }

  #took(part: Part, row: Row, done: number, of: number): void {
    this.#screen.progress(() => `[${done}/${of}] ${row.kase.id}: ${row.grade}`);
    this.#saveTrace(part, row);
    this.#saveCapture(row);
    this.#maker.add(row);
    if (this.#subject.folder === undefined || Date.now() - this.#written < WRITE_INTERVAL_MS) return;
    this.#write('report.json', () => encodeReport(this.#maker.report(this.#state(false))));
  }

  #state(complete: boolean): RunState {
    const state = { complete, facts: this.#facts, warnings: [] };
    if (this.#subject.arm === 'sim') return state;
    const run = {
      started: new Date(this.#started).toISOString(),
      host: hostname(),
      platform: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
      millis: Date.now() - this.#started,
    };
    return { ...state, run };
  }

  // ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #evidence(row: Row): ReportRow['evidence'] {
    const kept = this.#subject.folder !== undefined && row.events.length > 0;
    const trace = kept ? `traces/${row.kase.id}.jsonl` : '';
    return { trace, pcap: kept && this.#subject.pcap === true ? `captures/${row.kase.id}.pcapng` : '' };
  }

  #saveTrace(part: Part, row: Row): void {
    const { suite, arm, folder } = this.#subject;
    const { trace } = this.#evidence(row);
    if (folder === undefined || trace === '') return;
    const implementation = rolePart(part).command;
    saveTrace(
      join(folder, trace),
      evidenceOf(row, { suite: suite.name, role: part.role, arm, implementation, claims: part.claims, seed: SEED }),
    );
  }

  #saveCapture(row: Row): void {
    const { suite, folder } = this.#subject;
    const { pcap } = this.#evidence(row);
    const wiring = suite.roles[row.kase.role];
    if (folder === undefined || pcap === '' || wiring === undefined) return;
    const { parts, omitted } = captureOfRow(row, wiring);
    saveBytes(join(folder, pcap), parts);
    if (omitted > 0) this.#screen.note(`${pcap}: ${omitted} packets more are not in it; the trace has them`);
  }

  /** Whole or not at all: who reads it while the run goes on reads the last one that was finished. */
  #write(name: string, text: () => string): void {
    const { folder } = this.#subject;
    if (folder === undefined) return;
    const path = join(folder, name);
    saveTrace(`${path}.part`, [text()]);
    renameSync(`${path}.part`, path);
    this.#written = Date.now();
  }
}

const rolePart = ({ role, implementation: { program, args }, claims }: Part): ReportImplementation['roles'][number] => ({
  role,
  adapter: 'exec',
  command: [program, ...args],
  claims: claims.toSorted(),
});

/** One role that ran is enough: a pattern names cases of one role more often than of all. */
function demandRun(runs: readonly Run[]): void {
  for (const run of runs) if (run.outcome === 'setup-error') throw new Stop(EXIT.unreachable, run.why);
  if (runs.some(run => run.outcome === 'ran')) return;
  const [first] = runs;
  if (first?.outcome === 'nothing-ran') throw new Stop(EXIT.nothingRan, first.why);
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
  const arm = suite.realTime === 'seconds' ? 'node' : 'sim';
  const parts = [{ role, implementation: own, claims: own.claims }];
  const subject: Subject = { suite, parts, arm, identity: NOBODY, cases: [], patience: 1_000, slow: false, options: '', folder: undefined };
  const report = await conformTo(subject, screen, interrupt);
  const mark = report.conforms ? screen.style('green', '✓') : screen.style('red', '✗');
  const facts = Object.entries(report.facts).map(([name, value]) => `${name}: ${value}`);
  screen.line(
    `${mark} ${`${suite.name}, role ${role}, ${arm === 'sim' ? 'simulated' : 'real processes'}`.padEnd(42)} ${plural(report.rows.length, 'case')}  ${[report.sentence, ...facts].join('  ')}`,
  );
  for (const { case: id, refuted, reproduce } of report.rows) {
    if (refuted !== undefined)
      screen.line(`    ${id}: expected ${refuted.expected}; received ${refuted.received}\n    see it: ${reproduce.live}`);
  }
  return { suite: suite.name, role, conforms: report.conforms, cases: report.rows.length };
}
