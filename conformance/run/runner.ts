/**
 * The one runner: plays the cases of a role against one implementation on either arm, twins first, and makes rows; attempts.ts says
 * how often each is played. A tester that throws is a row; the others are played all the same.
 * Lacks: a report (report/), and any way to call a failure expected.
 */
import type { Duration } from '../../src/host/time.ts';
import { ORIGIN, seconds, since, ZERO } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Arm, Play, Recorded } from '../arms/arm.ts';
import type { Case, ChannelName, Item, Level, Requirement, Wiring } from '../case.ts';
import type { End } from '../judge/observations.ts';
import { caseWait, REAL_PACE, REAL_TIME } from '../judge/scale.ts';
import type { Strain } from '../judge/strain.ts';
import { isAttached, type Peer } from '../peer.ts';
import type { Output } from '../play/channels.ts';
import { PRESSURES } from '../play/pressure.ts';
import type { Suite } from '../suite.ts';
import { type Attempt, type Count, countOf, type Plan, RACE_PLAYS, settled, wantsMore } from './attempts.ts';
import type { Graded, VerdictName } from './grade.ts';
import { gradeOf, levelOf } from './grade.ts';
import { Lanes } from './lanes.ts';
import { isOpen, obstacle } from './probe.ts';
import { outOfReach } from './reach.ts';
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
  /** How often a case is played in all when a deadline or a strained computer refutes it; in virtual time once. */
  readonly attempts?: number;
  /** How often each case is played whatever comes of it; one refutation is one then. */
  readonly repeat?: number;
  /** How many cases are played side by side, where the arm can. */
  readonly jobs?: number;
  /** Asked before each case; true ends the run with the rows there are. */
  readonly stop?: () => boolean | Promise<boolean>;
  /** The rows at the end have no events: whoever wants them takes them from `progress`, and memory is that of one case. */
  readonly forgetful?: boolean;
  /** Told of every row as it is decided. */
  readonly progress?: (row: Row, done: number, of: number) => void;
}

/** One case against the implementation. */
export interface Row {
  readonly testCase: Case;
  /** Of the requirement that was broken; of a row that did not fail, the strongest of its requirements. */
  readonly level: Level;
  readonly verdict: Graded;
  /** Of the play that `events` are of. It is another where the plays together decide nothing (attempts.ts). */
  readonly play: Graded;
  /** The verdict by the level of what was broken. */
  readonly grade: VerdictName;
  readonly end: End;
  /** It ended with an error before it did anything that the case could be about. */
  readonly stillborn: boolean;
  readonly attempts: Count;
  /** Until the verdict; none in virtual time. */
  readonly strain: Strain | undefined;
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
/**
 * So many rows that stayed late however often they were played, on a computer that had time, and the implementation is slow or
 * silent: further repetition would only cost time. What a strained computer leaves open is always played again.
 */
const LATE_ROWS = 4;
const NOT_PLAYED: Count = { played: 0, refuted: 0, late: 0, undecided: 0 };
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
  readonly #conversations: Map<string, ReadonlyMap<ChannelName, readonly Item[]>[]> = new Map();
  readonly #lanes: Lanes;
  #of = 0;
  #lateRows = 0;
  #stopped = false;
  /** Cases that were stopped in their midst. */
  readonly #cut: Set<string> = new Set();
  /** What keeps the run from going on. */
  #broken: string | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#requirements = new Map(options.suite.requirements.map(each => [each.id, each]));
    this.#cases = new Map(options.suite.cases.map(each => [each.id, each]));
    this.#lanes = new Lanes(options.arm.parallel === true ? (options.jobs ?? 1) : 1);
  }

  async run(selected: readonly Case[]): Promise<Run> {
    const ordered = this.#withTwins(selected);
    this.#of = ordered.length;
    let next = 0;
    while (next < ordered.length && isOpen(this.#played) && !(await this.#stops())) await this.#take(ordered[next++]);
    const why = obstacle(this.#played, this.#options.implementation);
    if (why !== undefined) return this.#setupError(why);
    await this.#lanes.run(ordered.slice(next), {
      ready: testCase => testCase.twin === undefined || this.#rows.has(testCase.twin),
      play: testCase => this.#take(testCase),
      stop: () => this.#stops(),
    });
    if (this.#broken !== undefined) return this.#setupError(this.#broken);
    const rows = this.#inOrder(ordered);
    return { outcome: 'ran', rows, facts: this.#facts(ordered) };
  }

  /** Asked before each play; what was asked for once stays so. */
  async #stops(): Promise<boolean> {
    this.#stopped ||= this.#broken !== undefined || (await this.#options.stop?.()) === true;
    return this.#stopped;
  }

  async #take(testCase: Case | undefined): Promise<void> {
    if (testCase === undefined) return;
    const row = await this.#row(testCase);
    if (this.#broken !== undefined || this.#cut.has(testCase.id)) return;
    this.#rows.set(testCase.id, this.#options.forgetful === true ? { ...row, events: [] } : row);
    this.#options.progress?.(row, this.#rows.size, this.#of);
  }

  #inOrder(ordered: readonly Case[]): readonly Row[] {
    return ordered.flatMap(({ id }) => this.#rows.get(id) ?? []);
  }

  /** Whatever is wrong with what was said, the rows stay. */
  #facts(ordered: readonly Case[]): Readonly<Record<string, string>> {
    const { suite, role } = this.#options;
    try {
      return suite.facts(
        role,
        ordered.flatMap(({ id }) => this.#conversations.get(id) ?? []),
      );
    } catch {
      return {};
    }
  }

  get #played(): readonly Row[] {
    return [...this.#rows.values()].filter(row => row.attempts.played > 0);
  }

  #setupError(why: string): Run {
    return { outcome: 'setup-error', why, rows: this.#inOrder([...this.#cases.values()]) };
  }

  /** Every case after its twin, which is played even when it was not selected. */
  #withTwins(selected: readonly Case[]): readonly Case[] {
    const ordered = new Map<string, Case>();
    const add = (testCase: Case): void => {
      if (ordered.has(testCase.id)) return;
      if (testCase.twin !== undefined) add(this.#case(testCase.twin));
      ordered.set(testCase.id, testCase);
    };
    for (const testCase of selected) add(testCase);
    return [...ordered.values()];
  }

  #case(id: string): Case {
    const found = this.#cases.get(id);
    if (found === undefined) throw new Error(`no case ${id} in the suite ${this.#options.suite.name}`);
    return found;
  }

  async #row(testCase: Case): Promise<Row> {
    const missing = testCase.needs?.find(claim => !this.#options.claims.includes(claim));
    if (missing !== undefined)
      return this.#unplayed(testCase, { verdict: 'not-applicable', why: `the implementation does not claim ${missing}` });
    const unreachable = this.#unreachable(testCase);
    if (unreachable !== undefined) return this.#unplayed(testCase, { verdict: 'not-applicable', why: unreachable });
    const twin = testCase.twin === undefined ? undefined : this.#rows.get(testCase.twin);
    if (twin?.verdict.verdict === 'not-applicable')
      return this.#unplayed(testCase, {
        verdict: 'not-applicable',
        why: `its valid twin ${twin.testCase.id} is not applicable: ${twin.verdict.why}`,
      });
    if (twin !== undefined && twin.verdict.verdict !== 'pass') {
      const why = `its valid twin ${twin.testCase.id} does not pass (${twin.grade}), so the deviation would show nothing`;
      return this.#unplayed(testCase, { verdict: 'inconclusive', why });
    }
    return this.#play(testCase);
  }

  /** Why the case cannot be played in this way, or not in the time there is. */
  #unreachable(testCase: Case): string | undefined {
    const { arm, slow, implementation, timeScale = REAL_TIME } = this.#options;
    if (testCase.slow === true && arm.name === 'node' && slow !== true && caseWait(testCase, { ...REAL_PACE, timeScale }) > LONG)
      return 'it takes minutes: it is played in virtual time, and here on request';
    if (isAttached(implementation)) return outOfReach(testCase, this.#wiring);
    const unknown = testCase.steps.find(step => step.verb === 'ask' && implementation.readers?.[step.reader] === undefined);
    return unknown?.verb === 'ask' ? `nobody has said how its ${unknown.reader} is run (--reader)` : undefined;
  }

  get #wiring(): Wiring {
    const { suite, role } = this.#options;
    const wiring = suite.roles[role];
    if (wiring === undefined) throw new Error(`the suite ${suite.name} has no role ${role}`);
    return wiring;
  }

  /** As often as it takes; what is played again is played alone. */
  async #play(testCase: Case): Promise<Row> {
    const plan = this.#plan(testCase);
    const rows: (Row & Attempt)[] = [];
    const again = (): boolean => wantsMore(rows, plan) && !(this.#lateRows >= LATE_ROWS && onlyLate(rows));
    do {
      const number = rows.length;
      const play = (): Promise<Recorded> => this.#once(testCase, number, plan);
      rows.push(this.#playedRow(testCase, await (number === 0 ? play() : this.#lanes.alone(play))));
    } while (again() && !(await this.#stops()));
    if (onlyLate(rows)) this.#lateRows += 1;
    const { attempt, verdict } = settled(rows, plan);
    return { ...attempt, ...this.#graded(testCase, verdict), attempts: countOf(rows) };
  }

  #plan(testCase: Case): Plan {
    const { arm, repeat, attempts = arm.name === 'node' ? ATTEMPTS : 1 } = this.#options;
    const least = repeat ?? (testCase.race === undefined ? 1 : RACE_PLAYS);
    return { least, most: Math.max(least, attempts), races: testCase.race !== undefined || (repeat ?? 1) > 1 };
  }

  async #once(testCase: Case, number: number, plan: Plan): Promise<Recorded> {
    const { arm, implementation, patience = PATIENCE, timeScale = REAL_TIME, seed = '' } = this.#options;
    const wiring = this.#wiring;
    const pressure = plan.races ? (PRESSURES[number % PRESSURES.length] ?? 'none') : 'none';
    const play = { case: testCase, wiring, implementation, patience, timeScale, seed: number === 0 ? seed : `${seed}.${number}`, pressure };
    const recorded = await recordedBy(arm, play);
    const { played } = recorded;
    this.#broken ??= recorded.setup;
    if (recorded.cut === true) this.#cut.add(testCase.id);
    const channels = Object.entries(wiring.channels).filter(([, each]) => each.direction !== 'out');
    const conversation = new Map(channels.map(([channel]) => [channel, played?.machine.inbox(channel).history ?? []]));
    this.#conversations.set(testCase.id, [...(this.#conversations.get(testCase.id) ?? []), conversation]);
    return recorded;
  }

  #playedRow(testCase: Case, recorded: Recorded): Row & Attempt {
    const { played, events, tester, millis, started, clock } = recorded;
    const verdict: Graded = played?.machine.verdict ?? { verdict: 'error', why: unfinished(recorded) };
    const lasted = since(ORIGIN, events.at(-1)?.time ?? ORIGIN);
    return {
      testCase,
      ...this.#graded(testCase, verdict),
      play: verdict,
      end: played?.end ?? 'unknown',
      stillborn: played?.stillborn ?? false,
      attempts: NOT_PLAYED,
      strain: played?.strain,
      lasted,
      millis,
      ...(started === undefined ? {} : { started }),
      virtual: clock === 'virtual' ? lasted : ZERO,
      output: played?.output ?? [],
      events,
      tester,
    };
  }

  #unplayed(testCase: Case, verdict: Graded): Row {
    return {
      testCase,
      ...this.#graded(testCase, verdict),
      play: verdict,
      end: 'not played',
      stillborn: false,
      attempts: NOT_PLAYED,
      strain: undefined,
      millis: undefined,
      virtual: ZERO,
      output: [],
      events: [],
      tester: '',
    };
  }

  #graded(testCase: Case, verdict: Graded): Pick<Row, 'level' | 'verdict' | 'grade'> {
    const level = levelOf(verdict, testCase.requirements, this.#requirements);
    return { level, verdict, grade: gradeOf(verdict, level) };
  }
}

/** Only deadlines refuted it, on a computer that had time. */
const onlyLate = (attempts: readonly Attempt[]): boolean => {
  const { played, late } = countOf(attempts);
  return late === played;
};

/** Whatever an arm throws is an error of that case. */
async function recordedBy(arm: Arm, play: Play): Promise<Recorded> {
  try {
    return await arm.play(play);
  } catch (thrown) {
    return failed(thrown);
  }
}

/** A fault of ours outside the tester: of the arm, or of what plays for it. */
const failed = (thrown: unknown): Recorded => ({
  played: undefined,
  events: [],
  tester: '',
  clock: 'monotonic',
  millis: undefined,
  bugs: [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)],
});

/** Nothing of this says anything about the implementation: it is our own failure, and it is told as such. */
function unfinished({ bugs }: Recorded): string {
  const [bug] = bugs;
  return bug === undefined ? 'the tester did not come to the end of the case' : `the tester failed: ${bug}`;
}
