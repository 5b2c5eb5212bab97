/**
 * The one runner: plays the cases of a role against one implementation on either arm, twins first, and makes rows. What is
 * refuted by a deadline on a real machine is played again, because a busy machine is late as well.
 * Lacks: a report (report/), and any way to call a failure expected.
 * May import: host, trace, case.ts, suite.ts, play, grade.ts, select.ts.
 */
import type { Duration } from '../../src/host/time.ts';
import { ORIGIN, seconds, since, ZERO } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Case, Channel, Item, Level, Requirement, Wiring } from '../case.ts';
import type { Arm, Recorded } from '../play/arm.ts';
import type { Output } from '../play/channels.ts';
import { isAttached, type Peer, peerText } from '../play/peer.ts';
import { outOfReach } from '../play/reach.ts';
import { REAL_TIME, scaledDeadline } from '../play/scale.ts';
import type { End } from '../play/seen.ts';
import { NEVER_READY, NEVER_STARTED } from '../play/seen.ts';
import type { VerdictName } from '../report/report.ts';
import type { Suite } from '../suite.ts';
import type { Graded } from './grade.ts';
import { gradeOf, levelOf } from './grade.ts';
import { selectCases } from './select.ts';

export interface RunOptions {
  readonly suite: Suite;
  readonly role: string;
  readonly arm: Arm;
  readonly implementation: Peer;
  readonly claims: readonly string[];
  /** Patterns over ids of cases; none selects all. */
  readonly select?: readonly string[];
  readonly seed?: string;
  /** Deadlines are multiplied by this, in thousandths. */
  readonly patience?: number;
  /** How many times as fast the implementation's own timers run, in thousandths. */
  readonly timeScale?: number;
  /** Plays also what takes minutes by the clock on the wall. */
  readonly slow?: boolean;
  /** How often a case is played in all when a deadline refutes it; in virtual time once. */
  readonly attempts?: number;
  /** Asked before each case; true ends the run with the rows there are. */
  readonly stop?: () => boolean;
  /** The rows at the end have no events: whoever wants them takes them from `progress`, and memory is that of one case. */
  readonly forgetful?: boolean;
  /** Told of every row as it is decided. */
  readonly progress?: (row: Row, done: number, of: number) => void;
}

/** One case against the implementation. */
export interface Row {
  readonly kase: Case;
  /** Of the requirement that was broken; of a row that did not fail, the strongest of its requirements. */
  readonly level: Level;
  readonly verdict: Graded;
  /** The verdict by the level of what was broken. */
  readonly grade: VerdictName;
  readonly end: End;
  /** Of how many plays how many were refuted by a deadline. */
  readonly attempts: { readonly played: number; readonly late: number };
  readonly millis: number | undefined;
  /** When the play that decided began, in microseconds of Unix; nothing in virtual time. */
  readonly started?: number;
  /** Virtual time that it covered. */
  readonly virtual: Duration;
  readonly output: readonly Output[];
  /** Nothing for a case that was not played. */
  readonly events: readonly TraceEvent[];
  readonly tester: string;
}

export type Run =
  | { readonly outcome: 'ran'; readonly rows: readonly Row[]; readonly facts: Readonly<Record<string, string>> }
  /** No case was selected. */
  | { readonly outcome: 'nothing-ran'; readonly why: string }
  /** The implementation could not be started or reached: no finding about the protocol. What was played before stays. */
  | { readonly outcome: 'setup-error'; readonly why: string; readonly rows: readonly Row[] };

const PATIENCE = 1_000;
const ATTEMPTS = 3;
/** So many rows that stayed late however often they were played, and the implementation is slow or silent: further repetition would only cost time. */
const LATE_ROWS = 4;
/** A case that takes longer is played on request. */
const LONG: Duration = seconds(60);

export async function runSuite(options: RunOptions): Promise<Run> {
  const { suite, role, select = [] } = options;
  const selection = selectCases(suite.cases, role, select);
  const [none] = selection.none;
  if (none !== undefined) return { outcome: 'nothing-ran', why: `no case of the role ${role} in the suite ${suite.name} matches ${none}` };
  if (selection.cases.length === 0) return { outcome: 'nothing-ran', why: `the suite ${suite.name} has no case for the role ${role}` };
  return new Runner(options).run(selection.cases);
}

class Runner {
  readonly #options: RunOptions;
  readonly #requirements: ReadonlyMap<string, Requirement>;
  readonly #cases: ReadonlyMap<string, Case>;
  readonly #rows: Map<string, Row> = new Map();
  readonly #conversations: ReadonlyMap<Channel, readonly Item[]>[] = [];
  #of = 0;
  #lateRows = 0;
  /** What keeps the run from going on. */
  #broken: string | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#requirements = new Map(options.suite.requirements.map(each => [each.id, each]));
    this.#cases = new Map(options.suite.cases.map(each => [each.id, each]));
  }

  async run(selected: readonly Case[]): Promise<Run> {
    const ordered = this.#withTwins(selected);
    this.#of = ordered.length;
    for (const kase of ordered) {
      if (this.#options.stop?.() === true) break;
      const row = await this.#row(kase);
      if (this.#broken !== undefined) return this.#setupError(this.#broken);
      this.#rows.set(kase.id, this.#options.forgetful === true ? { ...row, events: [] } : row);
      this.#options.progress?.(row, this.#rows.size, this.#of);
      // The first case is also the probe: what cannot be started once is not tried forty times.
      if (this.#played === 1 && neverBegan(row)) return this.#setupError(this.#neverStarted(row));
    }
    const rows = [...this.#rows.values()];
    const { suite, role } = this.#options;
    return { outcome: 'ran', rows, facts: suite.facts(role, this.#conversations) };
  }

  get #played(): number {
    return [...this.#rows.values()].filter(row => row.attempts.played > 0).length;
  }

  #setupError(why: string): Run {
    return { outcome: 'setup-error', why, rows: [...this.#rows.values()] };
  }

  #neverStarted({ verdict }: Row): string {
    const why = verdict.verdict === 'fail' ? verdict.received : '';
    return `the implementation cannot be started: ${peerText(this.#options.implementation)}: ${why}`;
  }

  /** Every case after its twin, which is played even when it was not selected. */
  #withTwins(selected: readonly Case[]): readonly Case[] {
    const ordered = new Map<string, Case>();
    const add = (kase: Case): void => {
      if (ordered.has(kase.id)) return;
      if (kase.twin !== undefined) add(this.#case(kase.twin));
      ordered.set(kase.id, kase);
    };
    for (const kase of selected) add(kase);
    return [...ordered.values()];
  }

  #case(id: string): Case {
    const found = this.#cases.get(id);
    if (found === undefined) throw new Error(`no case ${id} in the suite ${this.#options.suite.name}`);
    return found;
  }

  async #row(kase: Case): Promise<Row> {
    const missing = kase.needs?.find(claim => !this.#options.claims.includes(claim));
    if (missing !== undefined)
      return this.#unplayed(kase, { verdict: 'not-applicable', why: `the implementation does not claim ${missing}` });
    const unreachable = this.#unreachable(kase);
    if (unreachable !== undefined) return this.#unplayed(kase, { verdict: 'not-applicable', why: unreachable });
    const twin = kase.twin === undefined ? undefined : this.#rows.get(kase.twin);
    if (twin?.verdict.verdict === 'not-applicable')
      return this.#unplayed(kase, {
        verdict: 'not-applicable',
        why: `its valid twin ${twin.kase.id} is not applicable: ${twin.verdict.why}`,
      });
    if (twin !== undefined && twin.verdict.verdict !== 'pass') {
      const why = `its valid twin ${twin.kase.id} does not pass (${twin.grade}), so the deviation would show nothing`;
      return this.#unplayed(kase, { verdict: 'inconclusive', why });
    }
    return this.#play(kase);
  }

  /** Why the case cannot be played in this way, or not in the time there is. */
  #unreachable(kase: Case): string | undefined {
    const { arm, slow, implementation, timeScale = REAL_TIME } = this.#options;
    if (kase.slow === true && arm.name === 'node' && slow !== true && scaledDeadline(kase.deadline, timeScale) > LONG)
      return 'it takes minutes: it is played in virtual time, and here on request';
    if (isAttached(implementation)) return outOfReach(kase, this.#wiring);
    const unknown = kase.steps.find(step => step.verb === 'ask' && implementation.readers?.[step.reader] === undefined);
    return unknown?.verb === 'ask' ? `nobody has said how its ${unknown.reader} is run (--reader)` : undefined;
  }

  get #wiring(): Wiring {
    const { suite, role } = this.#options;
    const wiring = suite.roles[role];
    if (wiring === undefined) throw new Error(`the suite ${suite.name} has no role ${role}`);
    return wiring;
  }

  /** Once; or, where a deadline refutes it on a real machine, until something else decides or the attempts are used up. */
  async #play(kase: Case): Promise<Row> {
    const { arm, attempts = arm.name === 'node' ? ATTEMPTS : 1 } = this.#options;
    const limit = this.#lateRows < LATE_ROWS ? attempts : 1;
    let late = 0;
    for (let played = 1; ; played++) {
      const row = this.#playedRow(kase, await this.#once(kase), { played, late });
      const byTime = row.verdict.verdict === 'fail' && row.verdict.by === 'time';
      if (byTime) late += 1;
      const counted = { ...row, attempts: { played, late } };
      if (byTime && played < limit) continue;
      if (byTime) this.#lateRows += 1;
      return late > 0 && counted.verdict.verdict === 'pass' ? { ...counted, ...this.#sometimesLate(kase, late, played) } : counted;
    }
  }

  #sometimesLate(kase: Case, late: number, played: number): Pick<Row, 'level' | 'verdict' | 'grade'> {
    const why = `refuted by a deadline in ${late} of ${played} attempts, and passed in the last: repeat it on a quiet machine, or with more patience`;
    return this.#graded(kase, { verdict: 'inconclusive', why });
  }

  async #once(kase: Case): Promise<Recorded> {
    const { arm, implementation, patience = PATIENCE, timeScale = REAL_TIME, seed = '' } = this.#options;
    const wiring = this.#wiring;
    const recorded = await arm.play({ case: kase, wiring, implementation, patience, timeScale, seed });
    const { played } = recorded;
    this.#broken = recorded.setup;
    const channels = Object.entries(wiring.channels).filter(([, each]) => each.direction !== 'out');
    this.#conversations.push(new Map(channels.map(([channel]) => [channel, played?.machine.inbox(channel).history ?? []])));
    return recorded;
  }

  #playedRow(kase: Case, recorded: Recorded, attempts: Row['attempts']): Row {
    const { played, events, tester, millis, started, clock } = recorded;
    const verdict: Graded = played?.machine.verdict ?? { verdict: 'error', why: unfinished(recorded) };
    return {
      kase,
      ...this.#graded(kase, verdict),
      end: played?.end ?? 'unknown',
      attempts,
      millis,
      ...(started === undefined ? {} : { started }),
      virtual: clock === 'virtual' ? since(ORIGIN, events.at(-1)?.time ?? ORIGIN) : ZERO,
      output: played?.output ?? [],
      events,
      tester,
    };
  }

  #unplayed(kase: Case, verdict: Graded): Row {
    return {
      kase,
      ...this.#graded(kase, verdict),
      end: 'not played',
      attempts: { played: 0, late: 0 },
      millis: undefined,
      virtual: ZERO,
      output: [],
      events: [],
      tester: '',
    };
  }

  #graded(kase: Case, verdict: Graded): Pick<Row, 'level' | 'verdict' | 'grade'> {
    const level = levelOf(verdict, kase.requirements, this.#requirements);
    return { level, verdict, grade: gradeOf(verdict, level) };
  }
}

/** It was not there when the case was to begin. */
const neverBegan = ({ end }: Row): boolean => end === NEVER_STARTED || end.startsWith(NEVER_READY);

/** Nothing of this says anything about the implementation: it is our own failure, and it is told as such. */
function unfinished({ bugs }: Recorded): string {
  const [bug] = bugs;
  return bug === undefined ? 'the tester did not come to the end of the case' : `the tester failed: ${bug}`;
}
