/**
 * One case as a machine, sans IO: observations go in, actions and in the end a verdict come out. It has no clock: it asks
 * for a deadline and is told when that has passed, so the same observations give the same verdict, live or from a trace.
 * Lacks: descriptors, processes and timers (tester.ts has them), and any protocol.
 * May import: host, case.ts, expectations.ts, seen.ts.
 */
import { formatTime } from '../../src/host/time.ts';
import type { Case, Channel, Divergence, Step, Verdict, Wiring } from '../case.ts';
import { describeStep } from './describe.ts';
import { type Action, Expectations } from './expectations.ts';
import type { Inbox } from './inbox.ts';
import { type End, type Observation, Seen } from './seen.ts';

export class CaseMachine {
  readonly #case: Case;
  readonly #seen: Seen;
  readonly #expectations: Expectations;
  #step = 0;
  #entered = false;
  #verdict: Verdict | undefined;

  constructor(kase: Case, wiring: Wiring) {
    this.#case = kase;
    this.#seen = new Seen(kase, wiring);
    this.#expectations = new Expectations(kase, wiring, this.#seen);
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  get end(): End {
    return this.#seen.end;
  }

  inbox(channel: Channel): Inbox {
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
        return this.#late('the implementation is ready', observation.why);
      case 'case-deadline':
        return this.#late(this.#awaited(), `nothing of it by the deadline of the case, ${formatTime(this.#case.deadline)}`);
      case 'begin': // Comes before the first step.
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
    const within = current !== undefined && 'within' in current ? formatTime(current.within) : '';
    const instead = current === undefined ? undefined : this.#expectations.instead(current);
    return this.#late(this.#awaited(), instead ?? `nothing of it within ${within}`);
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
      if (progress.is === 'refuted') return [...actions, ...this.#fail(progress.expected, progress.received, 'order', progress.at)];
      if (progress.is === 'undecided') return [...actions, ...this.#decide({ verdict: 'inconclusive', why: progress.why })];
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
    return this.#fail(expected, received + this.#seen.state(), 'time', at);
  }

  #fail(expected: string, received: string, by: 'order' | 'time' = 'order', at?: Divergence): readonly Action[] {
    const step = this.#case.steps[this.#step];
    const rule = at === undefined ? undefined : this.#expectations.ruleAt(at);
    if (rule === undefined && step?.prepares === true) {
      const why = `it does not come so far: ${describeStep(step)} (step ${this.#step}); received ${received}`;
      return this.#decide({ verdict: 'inconclusive', why });
    }
    const requirement = rule ?? step?.cites ?? this.#case.requirements[0] ?? '';
    const where = at === undefined ? {} : { at };
    return this.#decide({ verdict: 'fail', step: this.#step, requirement, expected, received, by, ...where });
  }

  #decide(verdict: Verdict): readonly Action[] {
    this.#verdict = verdict;
    return [{ kind: 'verdict' }];
  }
}
