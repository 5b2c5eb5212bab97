/**
 * The report of a run, as data: everything that any of its forms shows (render/), and nothing that one of them has to look
 * up elsewhere. Its JSON Schema is schema.ts. Keys are in a fixed order and rows are sorted, so that a change is one line of
 * a diff; what differs from run to run for no reason of the implementation's is in `run` alone.
 * Lacks: how it is made (make.ts), and looks.
 */
import type { Divergence, Level } from '../case.ts';
import type { VerdictName } from '../run/grade.ts';

export const REPORT_FORMAT = 'slipway-conformance-report';
/** Raised when a reader of the old form would misread the new one. */
export const REPORT_SCHEMA = 3;

export interface Report {
  readonly format: typeof REPORT_FORMAT;
  readonly schema: typeof REPORT_SCHEMA;
  /** False while the run goes on, and for ever when it was stopped. */
  readonly complete: boolean;
  readonly suite: ReportSuite;
  readonly implementation: ReportImplementation;
  readonly arm: 'sim' | 'node';
  readonly seed: string;
  /** Factors in thousandths: deadlines are multiplied by `patience`; the implementation's own timers run `timeScale` times as fast. */
  readonly patience: number;
  readonly timeScale: number;
  /** The command line that made the report. */
  readonly command: string;
  /** Absent in virtual time, where two runs are equal. */
  readonly run?: ReportRun;
  /** Virtual time that the cases covered, in microseconds; 0 on a real system. */
  readonly virtualMicros: number;
  readonly conforms: boolean;
  /** The verdict on the implementation in one sentence. */
  readonly sentence: string;
  readonly grid: Grid;
  readonly coverage: Coverage;
  readonly facts: Readonly<Record<string, string>>;
  /** One line of text for each thing that kept the run from being what it should be; a report full of red begins with them. */
  readonly warnings: readonly string[];
  /** Sorted by role, then by id. */
  readonly rows: readonly ReportRow[];
  readonly requirements: readonly ReportRequirement[];
  /** What the clauses say that are cited; absent where the suite does not tell. */
  readonly clauses?: readonly ReportClause[];
  readonly claims: readonly ReportClaim[];
  /** What a reader must not take a good verdict for. */
  readonly limits: readonly string[];
  /** Of a run with a baseline: rows that are as it expects, and entries that are wrong. Each of those is a warning as well. */
  readonly baseline?: { readonly expected: number; readonly wrong: number };
}

export interface ReportSuite {
  readonly name: string;
  readonly title: string;
  /** The frozen set of requirements that the score counts: a date. */
  readonly set: string;
}

/** Who was tested. All text comes from its claims file; '' where that says nothing. */
export interface ReportImplementation {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  readonly contact: string;
  readonly roles: readonly ReportRole[];
}

export interface ReportRole {
  readonly role: string;
  /** How it was met: a command line, or the address it was found at. */
  readonly adapter: 'program' | 'exec' | 'attach' | 'shim';
  readonly command: readonly string[];
  /** What it claims. */
  readonly claims: readonly string[];
}

export interface ReportRun {
  /** RFC 3339, UTC. */
  readonly started: string;
  readonly host: string;
  readonly platform: string;
  readonly millis: number;
}

/** How many rows of a level have a verdict. Only rows that count: those of the set. */
export type Grid = Readonly<Record<Level, Readonly<Record<VerdictName, number>>>>;

/** Of the requirements of the roles that were tested. */
export interface Coverage {
  readonly total: number;
  readonly met: number;
  readonly broken: number;
  readonly open: number;
  readonly excluded: number;
}

export interface ReportRow {
  readonly case: string;
  readonly rev: number;
  readonly title: string;
  readonly role: string;
  /** Of the requirement that was broken; of a row where none was, the strongest of its requirements. */
  readonly level: Level;
  readonly requirements: readonly string[];
  /** False for a case that tests nothing of the set: it is told and not counted. */
  readonly counts: boolean;
  readonly verdict: VerdictName;
  /** How the process ended: `exited 0`, `killed by us after the verdict`; `not played`. */
  readonly end: string;
  /** How its connections and pipes ended. */
  readonly ends: readonly ReportEnd[];
  readonly refuted?: Refuted;
  /** Of every row that is not a pass; '' of a pass. The same holds for the two that follow. */
  readonly why: string;
  /** What is required. */
  readonly expected: string;
  /** What came. */
  readonly received: string;
  /**
   * One play, unless time decided, the case is about a race, or repetition was asked for. refuted: so many plays were; where that is
   * not all of them, the row is so only sometimes. late: refuted by a deadline. undecided: the computer, or the tester, had no time.
   */
  readonly attempts: { readonly played: number; readonly refuted: number; readonly late: number; readonly undecided: number };
  /** What the verdict rests on where that is time, on a real machine: a deadline after which it was refuted, a silence that was kept. */
  readonly rests: '' | 'deadline' | 'silence';
  /** The two events that race in the case; '' for no race. */
  readonly race: string;
  /** Of the play that decided, until its verdict, in microseconds; absent in virtual time. */
  readonly strain?: ReportStrain;
  readonly twin: string;
  readonly deviation: string;
  /** Mutants and quirks that the case is known to catch. */
  readonly kills: readonly string[];
  /** What the steps of the case say, in order. */
  readonly steps: readonly string[];
  readonly log: readonly LogLine[];
  /** Lines of the log beyond what a report holds; the trace has them. */
  readonly logOmitted: number;
  readonly output: readonly ReportOutput[];
  readonly millis?: number;
  readonly reproduce: {
    /** Plays the case again, against the same implementation. */
    readonly live: string;
    /** Judges the trace again, without the implementation; '' without a trace. */
    readonly replay: string;
  };
  /** Relative to the report; '' for none. Only what has failed has a page to look into. */
  readonly evidence: { readonly trace: string; readonly pcap: string; readonly view?: string };
  /** What the baseline says of the row, where it says anything. */
  readonly baseline?: ReportBaseline;
}

/** How much time the computer did not have for a case. */
export interface ReportStrain {
  /** How late the tester's own timers were, all together. */
  readonly lag: number;
  /** The longest that one process of the implementation was ready to run and did not. */
  readonly waited: number;
  /** How long the machine stood still for disks or memory. */
  readonly stalled: number;
}

/** What a step awaited, and what came. */
export interface Refuted {
  readonly requirement: string;
  readonly clause: string;
  /** Index into `steps`. */
  readonly step: number;
  readonly expected: string;
  readonly received: string;
  /** order: something else came. time: nothing came before a deadline. */
  readonly by: 'order' | 'time';
  /** The line of the log at which it was decided; NONE when the report does not hold it. */
  readonly line: number;
  /** The line of the trace, from 1, at which the verdict is noted; absent without a trace. */
  readonly traceLine?: number;
  /** Where on the wire it went another way; absent where it is not the wire that shows it. */
  readonly at?: Divergence;
}

export interface ReportEnd {
  readonly channel: string;
  readonly how: 'closed by it' | 'half-closed by it' | 'reset by it' | 'closed by us' | 'reset by us' | 'open' | 'never opened';
}

export interface ReportOutput {
  readonly channel: string;
  /** All that came. */
  readonly bytes: number;
  /** The last of it, printable. */
  readonly tail: string;
}

/** In the place of an index of steps or lines, where there is none. */
export const NONE = -1;

/** One line of the wire log. */
export interface LogLine {
  /** Microseconds since the case began. */
  readonly at: number;
  /** tester: from the tester to the implementation. peer: the other way. note: of one side alone. */
  readonly from: 'tester' | 'peer' | 'note';
  /** Index into `steps`; NONE before the first. */
  readonly step: number;
  /** '' where no channel is concerned. */
  readonly channel: string;
  /** Printable: what was decoded of the bytes, or what happened. */
  readonly text: string;
  /** Bytes that went; 0 for a note. */
  readonly length: number;
  /** The first of them. */
  readonly hex: string;
  /** What was decoded of them. */
  readonly items?: readonly LogItem[];
}

/** A message, or how the format was broken, and where it stands in the bytes of its line; without a place where nobody knows. */
export interface LogItem {
  readonly type: string;
  readonly at?: number;
  readonly length?: number;
  readonly fields: readonly LogField[];
}

export interface LogField {
  readonly name: string;
  readonly value: string;
  readonly at?: number;
  readonly length?: number;
}

export interface ReportRequirement {
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly role: string;
  readonly text: string;
  /** The words of the source; '' where the text is all there is. */
  readonly quote: string;
  /** Why it matters; '' where the text says it. */
  readonly rationale: string;
  /** False for one that is not in the set. */
  readonly counts: boolean;
  /** met: every case that was decided passed. open: no case of it was decided in this run. excluded: nobody can observe it. */
  readonly status: 'met' | 'broken' | 'open' | 'excluded';
  readonly cases: readonly string[];
  readonly excluded: string;
}

/** A clause in our words, and where it is from. */
export interface ReportClause {
  /** As requirements cite it: `C5`. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly source: string;
}

/** A claim or a choice: what the claims file says, beside what was seen. */
export interface ReportClaim {
  readonly kind: 'feature' | 'choice';
  readonly id: string;
  readonly text: string;
  readonly claimed: 'yes' | 'no' | 'not said';
  readonly observed: 'yes' | 'no' | 'mixed' | 'not seen';
  /** Of a feature that is not claimed: what one case says that was played to find out. */
  readonly probed?: 'yes' | 'no' | 'mixed' | 'not seen';
  /** False when the two contradict each other. */
  readonly agrees: boolean;
}

export interface ReportBaseline {
  /** expected: as its entry says. different: not like that. stale: the entry has to go, for the row passes now or its time is over. */
  readonly state: 'expected' | 'different' | 'stale';
  readonly why: string;
  readonly issue: string;
}
