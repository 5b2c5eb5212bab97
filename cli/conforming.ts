/**
 * Conformance runs for a terminal: cases one after the other with progress, a report at the end, and a folder that holds at
 * any time what is known so far.
 */

import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Arm } from '../conformance/arms/arm.ts';
import { nodeArm } from '../conformance/arms/node/arm.ts';
import { bounded, boundedDecoders } from '../conformance/arms/node/bounded.ts';
import { meet } from '../conformance/arms/node/meet.ts';
import { REAL_TIME } from '../conformance/judge/scale.ts';
import { captureOfRow } from '../conformance/report/capture.ts';
import { typed } from '../conformance/report/commands.ts';
import { evidenceOf } from '../conformance/report/evidence.ts';
import { encodeReport, ReportMaker, type RunState } from '../conformance/report/make.ts';
import type { Report, ReportClaim, ReportImplementation, ReportRow } from '../conformance/report/report.ts';
import { type Row, type Run, type RunOptions, runSuite } from '../conformance/run/runner.ts';
import type { Suite } from '../conformance/suite.ts';
import { newestSet } from '../conformance/suite.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { utf8 } from '../src/host/bytes.ts';
import type { Programs } from '../src/host/host.ts';
import type { Decoders } from '../src/trace/message.ts';
import { readTrace } from '../src/trace/read.ts';
import { CaseWorkers } from './case-workers.ts';
import { EXIT, Stop } from './exit.ts';
import type { Interrupt } from './interrupt.ts';
import { COMMAND } from './name.ts';
import { requireFolder, requireWritable } from './places.ts';
import type { Screen } from './screen.ts';
import type { TestedRole } from './tested-role.ts';
import { saveBytes, saveTrace } from './trace-files.ts';
import { viewPage } from './view-page.ts';

export interface Subject {
  readonly suite: Suite;
  /** What a run starts, and the module where a process of its own finds it; a worker finds it by the name of the protocol. */
  readonly programs: { readonly table: Programs; readonly module: string; readonly protocol: string };
  /** For the pages of cases that fail. */
  readonly decoders?: Decoders | undefined;
  /** As Context has them. */
  readonly modules: readonly string[];
  readonly roles: readonly TestedRole[];
  readonly arm: 'sim' | 'node';
  readonly identity: Omit<ReportImplementation, 'roles'>;
  /** Patterns over ids of cases. */
  readonly cases: readonly string[];
  readonly set?: string;
  /** Deadlines are multiplied by this, in thousandths. */
  readonly patience: number;
  /** How many times as fast the implementation's own timers run, in thousandths. */
  readonly timeScale?: number;
  /** Plays one case of every feature that is not claimed as well. */
  readonly probeUnclaimed?: boolean;
  /** What a reader has to know of the implementation and of how it was met. */
  readonly limits?: readonly string[];
  /** Also what takes minutes of real time. */
  readonly slow: boolean;
  readonly attempts?: number;
  readonly repeat?: number;
  readonly jobs?: number;
  readonly choices?: Readonly<Record<string, boolean>>;
  /** How the user named the implementation: what a reproduction has to repeat. */
  readonly options: string;
  /** What judges a trace again has to be told beside the trace: the files of its cases, as they are typed. */
  readonly caseFiles?: readonly string[] | undefined;
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
  /** Of the simulated arm. */
  readonly #workers: CaseWorkers | undefined;
  readonly #facts: Record<string, string> = {};
  readonly #warnings: string[] = [];
  readonly #probed: Record<string, ReportClaim['observed']> = {};
  readonly #started: number = Date.now();
  #written = 0;

  constructor(subject: Subject, screen: Screen, interrupt: Interrupt) {
    const { arm, identity, patience, timeScale = REAL_TIME, choices = {}, limits = [], options } = subject;
    // Of a suite of ours it is known that its decoders come back; to bound each call would slow the tester under a flood.
    const brought = subject.modules.includes(subject.programs.module);
    const suite = arm === 'node' && brought ? bounded(subject.suite) : subject.suite;
    const { decoders = {} } = subject;
    this.#subject = { ...subject, suite, decoders: brought ? boundedDecoders(decoders) : decoders };
    this.#screen = screen;
    this.#interrupt = interrupt;
    const cut = (id: string): void => screen.note(`cut off in the midst of ${id}`);
    this.#workers = arm === 'sim' ? new CaseWorkers(subject.programs.protocol, subject.modules, interrupt, cut) : undefined;
    const given = (subject.caseFiles ?? []).map(file => `--case-file ${typed(file)}`);
    const again = (more: string): string => `${COMMAND} conform ${suite.name}${more}${options}`;
    this.#maker = new ReportMaker({
      suite,
      set: subject.set ?? newestSet(suite),
      implementation: { ...identity, roles: subject.roles.map(reportedRole) },
      arm,
      seed: SEED,
      patience,
      timeScale,
      command: again(subject.roles.map(each => ` --role ${each.role}`).join('')),
      choices,
      limits,
      reproduce: id => again(` --role ${suite.cases.find(each => each.id === id)?.role ?? ''} --case ${id}`),
      replay: trace => [`${COMMAND} replay ${typed(join(subject.folder ?? '', trace))}`, ...given].join(' '),
      evidence: row => this.#evidence(row),
    });
  }

  async run(): Promise<Report> {
    const { arm, roles } = this.#subject;
    if (arm === 'node') this.#interrupt.takeAlong();
    // Every role is asked whether something is selected, and one is enough.
    const runs: Run[] = [];
    try {
      for (const tested of roles) if (!this.#interrupt.asked) runs.push(await this.#play(tested));
    } finally {
      await this.#workers?.close();
    }
    const broken = runs.find(run => run.outcome === 'setup-error');
    if (broken !== undefined) this.#warnings.push(broken.why);
    const { finish = (made: Report) => made } = this.#subject;
    const report = finish(this.#maker.report(this.#state(!this.#interrupt.asked && broken === undefined)));
    if (runs.some(run => run.outcome !== 'nothing-ran')) this.#write('report.json', () => encodeReport(report));
    requireRun(runs);
    return report;
  }

  async #play(tested: TestedRole): Promise<Run> {
    const { cases, programs } = this.#subject;
    const arm = meet(this.#workers?.arm ?? nodeArm(programs.table, programs.module), tested.adapter, tested.implementation);
    try {
      const run = await runSuite({
        ...this.#asked(tested, arm),
        claims: tested.claims,
        select: cases,
        progress: (row, done, of) => this.#took(tested, row, done, of),
      });
      if (run.outcome === 'ran') Object.assign(this.#facts, run.facts);
      if (run.outcome === 'ran' && this.#subject.probeUnclaimed === true) await this.#probe(tested, arm);
      return run;
    } finally {
      await arm.close();
      this.#warnings.push(...arm.warnings);
    }
  }

  #asked(tested: TestedRole, arm: Arm): Pick<RunOptions, 'suite' | 'role' | 'arm' | 'implementation'> & Partial<RunOptions> {
    const { suite, patience, timeScale = REAL_TIME, slow, attempts, repeat, jobs } = this.#subject;
    const { role, implementation } = tested;
    const tries = {
      ...(attempts === undefined ? {} : { attempts }),
      ...(repeat === undefined ? {} : { repeat }),
      ...(jobs === undefined ? {} : { jobs }),
    };
    return {
      suite,
      role,
      arm,
      implementation,
      seed: SEED,
      patience,
      timeScale,
      slow,
      forgetful: true,
      ...tries,
      stop: () => this.#interrupt.stops(),
    };
  }

  /** One case of every feature that is not claimed: what works without being claimed is told, and counts for nothing. */
  async #probe(tested: TestedRole, arm: Arm): Promise<void> {
    const { suite } = this.#subject;
    for (const [claim, id] of firstCases(suite, tested.role)) {
      if (tested.claims.includes(claim) || this.#interrupt.asked) continue;
      const run = await runSuite({ ...this.#asked(tested, arm), claims: Object.keys(suite.claims), select: [id] });
      const verdict = run.outcome === 'ran' ? run.rows.find(row => row.testCase.id === id)?.verdict.verdict : undefined;
      this.#probed[claim] = verdict === 'pass' ? 'yes' : verdict === 'fail' ? 'no' : 'not seen';
      if (verdict === 'pass') this.#warnings.push(`not claimed, and works: ${claim} (${suite.claims[claim]}), by ${id}`);
    }
  }

  #took(tested: TestedRole, row: Row, done: number, of: number): void {
    this.#screen.progress(() => `[${done}/${of}] ${row.testCase.id}: ${row.grade}`);
    this.#saveTrace(tested, row);
    this.#saveCapture(row);
    this.#maker.add(row);
    if (this.#subject.folder === undefined || Date.now() - this.#written < WRITE_INTERVAL_MS) return;
    this.#write('report.json', () => encodeReport(this.#maker.report(this.#state(false))));
  }

  #state(complete: boolean): RunState {
    const state = { complete, facts: this.#facts, warnings: this.#warnings, probed: this.#probed };
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
    const trace = kept ? `traces/${row.testCase.id}.jsonl` : '';
    const pcap = kept && this.#subject.pcap === true ? `captures/${row.testCase.id}.pcapng` : '';
    return { trace, pcap, ...(kept && row.verdict.verdict === 'fail' ? { view: `views/${row.testCase.id}.html` } : {}) };
  }

  #saveTrace(tested: TestedRole, row: Row): void {
    const { suite, arm, folder } = this.#subject;
    const { trace, view } = this.#evidence(row);
    if (folder === undefined || trace === '') return;
    const implementation = reportedRole(tested).command;
    const options = { suite: suite.name, role: tested.role, arm, implementation, claims: tested.claims, seed: SEED };
    const pieces = [...evidenceOf(row, options)];
    saveTrace(join(folder, trace), pieces);
    if (view !== undefined) this.#savePage(join(folder, view), trace, pieces);
  }

  #savePage(path: string, file: string, pieces: readonly string[]): void {
    const trace = readTrace(pieces.map(utf8));
    saveTrace(path, viewPage([{ file, trace, decoders: this.#subject.decoders ?? {} }]));
  }

  #saveCapture(row: Row): void {
    const { suite, folder } = this.#subject;
    const { pcap } = this.#evidence(row);
    const wiring = suite.roles[row.testCase.role];
    if (folder === undefined || pcap === '' || wiring === undefined) return;
    const { parts, omitted } = captureOfRow(row, wiring);
    saveBytes(join(folder, pcap), parts);
    if (omitted > 0) this.#screen.note(`${pcap}: ${omitted} packets more are not in it; the trace has them`);
  }

  #write(name: string, text: () => string): void {
    const { folder } = this.#subject;
    if (folder === undefined) return;
    saveTrace(join(folder, name), [text()]);
    this.#written = Date.now();
  }
}

/** A report can be written there, in these files and a folder for each kind of evidence. */
export function requireReportFolder(folder: string, files: readonly string[], pcap: boolean): void {
  requireFolder('--report', folder);
  for (const each of ['traces', ...(pcap ? ['captures'] : [])]) requireFolder('--report', join(folder, each));
  for (const each of ['report.json', ...files]) requireWritable('--report', join(folder, each));
}

const reportedRole = ({ role, adapter, command, claims }: TestedRole): ReportImplementation['roles'][number] => ({
  role,
  adapter: adapter.kind,
  command,
  claims: claims.toSorted(),
});

/** For each claim that cases of the role need, the first of those that need the fewest. */
export function firstCases(suite: Suite, role: string): ReadonlyMap<string, string> {
  const playable = suite.cases.filter(each => each.role === role && each.slow !== true);
  const claims = Object.keys(suite.claims).flatMap(claim => {
    const needing = playable.filter(each => each.needs?.includes(claim) === true);
    const fewest = Math.min(...needing.map(each => each.needs?.length ?? 0));
    const first = needing.find(each => each.needs?.length === fewest);
    return first === undefined ? [] : [[claim, first.id] as const];
  });
  return new Map(claims);
}

/** One role that ran is enough: a pattern names cases of one role more often than of all. */
function requireRun(runs: readonly Run[]): void {
  for (const run of runs) if (run.outcome === 'setup-error') throw new Stop(EXIT.unreachable, run.why);
  if (runs.some(run => run.outcome === 'ran')) return;
  const [first] = runs;
  if (first?.outcome === 'nothing-ran') throw new Stop(EXIT.nothingRan, first.why);
}

export const programsOf = ({ name, programs, module }: Protocol): Subject['programs'] => ({ table: programs, module, protocol: name });
