/**
 * One case as a machine, sans IO: observations go in, actions and in the end a verdict come out. It has no clock: it asks
 * for a deadline and is told when that has passed, so the same observations give the same verdict, live or from a trace.
 * Lacks: descriptors, processes and timers (tester.ts has them), and any protocol.
 */
import type { Case, ChannelName, Divergence, Refutation, Step, Undecided, Unmet, Verdict, Wiring } from '../case.ts';
import { describeStep } from './describe.ts';
import { Expectations } from './expectations.ts';
import type { Inbox } from './inbox.ts';
import { type End, type Observation, Observations } from './observations.ts';
import type { Action } from './progress.ts';
import { caseWait, stepWait, waitText } from './scale.ts';
import { describeStrain } from './strain.ts';

export class CaseMachine {
  readonly #case: Case;
  readonly #seen: Observations;
  readonly #expectations: Expectations;
  #step = 0;
  #entered = false;
  #verdict: Verdict | undefined;

  constructor(testCase: Case, wiring: Wiring) {
    this.#case = testCase;
    this.#seen = new Observations(testCase, wiring);
    this.#expectations = new Expectations(testCase, wiring, this.#seen);
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  get end(): End {
    return this.#seen.end;
  }

  get stillborn(): boolean {
    return this.#seen.stillborn;
  }

  inbox(channel: ChannelName): Inbox {
    return this.#seen.inbox(channel);
  }

  start(): readonly Action[] {
    return this.#advance();
  }

  observe(observation: Observation): readonly Action[] {
    this.#seen.take(observation);
    if (this.#verdict !== undefined) {
      // How it ended may be known only after its pipes have ended, which decided the case.
      if (this.#seen.refused) this.#verdict = this.#seen.unsupported();
      return [];
    }
    if (this.#seen.refused) return this.#refused(observation);
    switch (observation.kind) {
      case 'not-started':
        return this.#fail('the implementation starts', `its program cannot be started: ${observation.code}`);
      case 'not-ready':
        return this.#unready(observation.why);
      case 'case-deadline':
        return this.#late(this.#awaited(), `nothing of it by the deadline of the case, ${this.#caseDeadline()}`);
      case 'begin': // Comes before the first step.
      case 'starved': // These two come before a deadline.
      case 'withheld':
        return [];
      case 'deadline':
        return this.#deadline(observation.step);
      default:
        return this.#advance();
    }
  }

  /** What it said is waited for, as long as it may still come. */
  #refused({ kind }: Observation): readonly Action[] {
    const waiting = !this.#seen.drained && kind !== 'deadline' && kind !== 'case-deadline';
    return waiting ? [] : this.#decide(this.#seen.unsupported());
  }

  #deadline(step: number): readonly Action[] {
    if (step !== this.#step) return []; // of a step that was met in time
    const current = this.#case.steps[step];
    if (current?.verb === 'expect-silence') return this.#next();
    const within =
      current !== undefined && 'within' in current ? waitText(stepWait(current, current.within, this.#seen.pace), current.within) : '';
    const instead = current === undefined ? undefined : this.#expectations.instead(current, within);
    return this.#late(this.#awaited(), instead ?? `nothing of it within ${within}`);
  }

  #caseDeadline(): string {
    return waitText(caseWait(this.#case, this.#seen.pace), this.#case.deadline);
  }

  #next(): readonly Action[] {
    this.#step += 1;
    this.#entered = false;
    return this.#advance();
  }

  /** Does steps until one has to wait, one is refuted, or there are no more. */
  #advance(): readonly Action[] {
    const actions: Action[] = [];
    for (;;) {
      const step = this.#case.steps[this.#step];
      if (step === undefined) return [...actions, ...this.#decide({ verdict: 'pass' })];
      const first = !this.#entered;
      if (first) this.#enter(step, actions);
      const progress = this.#expectations.look(step, first);
      if (progress.is === 'undecided') return [...actions, ...this.#decide({ verdict: 'inconclusive', why: progress.why })];
      if (progress.is === 'refuted')
        return [...actions, ...this.#fail(progress.expected, progress.received, progress.at, progress.certain)];
      actions.push(...(progress.actions ?? []));
      if (progress.is === 'waiting') {
        if (first && progress.within !== undefined) actions.push({ kind: 'arm', step: this.#step, delay: progress.within });
        return actions;
      }
      this.#step += 1;
      this.#entered = false;
    }
  }

  #enter(step: Step, actions: Action[]): void {
    this.#entered = true;
    this.#expectations.enter(step);
    actions.push({ kind: 'step', step: this.#step, verb: step.verb });
  }

  #awaited(): string {
    const step = this.#case.steps[this.#step];
    return step === undefined ? 'the end of the case' : this.#expectations.awaited(step);
  }

  #late(expected: string, received: string): readonly Action[] {
    this.#seen.expired();
    const step = this.#case.steps[this.#step];
    const at = step === undefined ? undefined : this.#expectations.standing(step);
    const unmet = this.#unmet(expected, received + this.#seen.state(), at);
    const { strain, withheld, sending } = this.#seen;
    const late = `expected ${expected}; ${unmet.received}; but `;
    if (sending === 'on-its-way')
      return this.#undecided('withheld', `${late}what the tester sends was still on its way: the case is too short for its fault`, unmet);
    if (withheld !== undefined)
      return this.#undecided(
        'withheld',
        `${late}the tester itself did not read ${withheld} all the time, for too much came at once`,
        unmet,
      );
    if (strain !== undefined) return this.#undecided('starved', `${late}during the wait ${describeStrain(strain)}`, unmet);
    return this.#refute(unmet, 'time');
  }

  #fail(expected: string, received: string, at?: Divergence, certain = at?.is === 'violation'): readonly Action[] {
    return this.#refute(this.#unmet(expected, received, at), 'order', certain);
  }

  #refute(unmet: Unmet, by: Refutation['by'], certain = false): readonly Action[] {
    const setup = this.#ruleAt(unmet.at) === undefined ? this.#setup(by) : undefined;
    if (setup !== undefined)
      return this.#undecided('setup', `set-up failed: ${setup}: expected ${unmet.expected}; received ${unmet.received}`, unmet);
    return this.#decide({ verdict: 'fail', ...unmet, by, ...(certain ? { certain } : {}) });
  }

  /** What the step prepares, where the case is not about it. To find nobody at first says nothing: it may not be there yet. */
  #setup(by: Refutation['by']): string | undefined {
    const step = this.#case.steps[this.#step];
    if (step?.setup !== undefined) return step.setup === true ? describeStep(step) : step.setup;
    if (step === undefined) return undefined;
    const finds = step.verb !== 'dial' || step.cites !== undefined || by !== 'time' || this.#seen.met || this.#seen.status !== undefined;
    return finds ? undefined : 'the implementation accepts connections (--ready and --ready-within say when it does)';
  }

  /** What happens before it is ready is no part of the protocol. */
  #unready(why: string): readonly Action[] {
    this.#seen.expired();
    const unmet = this.#unmet('the implementation is ready', why + this.#seen.state());
    return this.#undecided('setup', `set-up failed: the implementation is ready: ${unmet.received} (--ready-within waits longer)`, unmet);
  }

  #unmet(expected: string, received: string, at?: Divergence): Unmet {
    const requirement = this.#ruleAt(at) ?? this.#case.steps[this.#step]?.cites ?? this.#case.requirements[0] ?? '';
    return { step: this.#step, requirement, expected, received, ...(at === undefined ? {} : { at }) };
  }

  /** The requirement whose rule the bytes broke, where they did. */
  #ruleAt(at: Divergence | undefined): string | undefined {
    return at === undefined ? undefined : this.#expectations.ruleAt(at);
  }

  #undecided(by: NonNullable<Undecided['by']>, why: string, unmet: Unmet): readonly Action[] {
    return this.#decide({ verdict: 'inconclusive', why, by, unmet });
  }

  #decide(verdict: Verdict): readonly Action[] {
    this.#verdict = verdict;
    return [{ kind: 'verdict' }];
  }
}
