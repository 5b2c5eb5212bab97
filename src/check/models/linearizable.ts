/**
 * The property that many clients see one object: in every run some order of their calls explains what they heard.
 * Lacks: weaker promises of several readers (patterns.ts has bounded staleness).
 */

import { printable } from '../../host/bytes.ts';
import { formatTime } from '../../host/time.ts';
import type { EventKind, JsonValue, TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always } from '../property.ts';
import { type Counterexample, drawCounterexample, explainCounterexample, type Operation, type Point, STEPS, smaller } from './history.ts';
import { type Model, showAnswer, showCall } from './object.ts';
import { type Budget, Search } from './search.ts';

/**
 * What an event says of a call. `id` tells those of one process apart that are open at the same time; absent: it has one at a time,
 * and a new call means that the last one will never be answered.
 */
export type Moment<Call, Answer> =
  | { readonly call: Call; readonly id?: string }
  | { readonly answer: Answer; readonly id?: string }
  /** unknown: no answer will come, and nobody can tell whether it happened. no-effect: it is known not to have happened. */
  | { readonly ended: 'unknown' | 'no-effect'; readonly id?: string };

export interface Linearizable<State extends JsonValue, Call, Answer extends JsonValue> {
  readonly model: Model<State, Call, Answer>;
  readonly operation: (event: TraceEvent) => Moment<Call, Answer> | undefined;
  /** Default: linearizable. */
  readonly name?: string;
  readonly text?: string;
  readonly kinds?: readonly EventKind[];
  /** The most outcomes of the model that are looked at in a run, default STEPS; a run that needs more is undecided. */
  readonly steps?: number;
}

export function linearizable<State extends JsonValue, const Call, const Answer extends JsonValue>({
  model,
  operation,
  name = 'linearizable',
  text = 'Some order of all calls, each between its call and its answer, gives every answer that was heard.',
  kinds,
  steps = STEPS,
}: Linearizable<State, Call, Answer>): AlwaysProperty {
  return always(name, text, () => new Monitor(model, operation, steps), kinds);
}

interface Open {
  readonly part: string;
  /** In the search of its part. */
  readonly id: number;
  /** In the list of its part. */
  readonly place: number;
}

class Monitor<State extends JsonValue, Call, Answer extends JsonValue> implements AlwaysMonitor {
  readonly #model: Model<State, Call, Answer>;
  readonly #operation: Linearizable<State, Call, Answer>['operation'];
  readonly #steps: number;
  readonly #budget: Budget;
  readonly #parts = new Map<
    string,
    { readonly search: Search<State, Call, Answer>; readonly operations: (Operation<Call, Answer> | undefined)[] }
  >();
  readonly #open = new Map<string, Open>();
  #counterexample: Counterexample<Call, Answer> | undefined;

  constructor(model: Model<State, Call, Answer>, operation: Linearizable<State, Call, Answer>['operation'], steps: number) {
    this.#model = model;
    this.#operation = operation;
    this.#steps = steps;
    this.#budget = { steps };
  }

  see(event: TraceEvent): string | undefined {
    const moment = this.#operation(event);
    if (moment === undefined) return undefined;
    const key = `${event.process} ${moment.id ?? ''}`;
    if ('call' in moment) {
      this.#call(key, moment.call, event);
      return undefined;
    }
    const open = this.#open.get(key);
    if (open === undefined)
      return 'answer' in moment ? `${event.process} heard ${showAnswer(moment.answer)} without having called` : undefined;
    this.#open.delete(key);
    return this.#end(open, moment, event);
  }

  undecided(): string | undefined {
    if (![...this.#parts.values()].some(({ search }) => search.verdict === 'unknown')) return undefined;
    return `to find an order of the calls, or that there is none, takes more than ${this.#steps} steps`;
  }

  drawing(): readonly string[] {
    return this.#counterexample === undefined ? [] : drawCounterexample(this.#model, this.#counterexample);
  }

  #part(name: string) {
    const found = this.#parts.get(name) ?? { search: new Search(this.#model, this.#budget), operations: [] };
    this.#parts.set(name, found);
    return found;
  }

  #call(key: string, call: Call, { process, index, time }: TraceEvent): void {
    const name = this.#model.part?.(call) ?? '';
    const part = this.#part(name);
    const place = part.operations.push({ process, call, called: { index, time } }) - 1;
    this.#open.set(key, { part: name, id: part.search.call(call), place });
  }

  #end({ part, id, place }: Open, moment: Exclude<Moment<Call, Answer>, { readonly call: Call }>, event: TraceEvent): string | undefined {
    const { search, operations } = this.#part(part);
    const operation = operations[place];
    if (operation === undefined) return undefined;
    if ('answer' in moment) {
      const { index, time }: Point = event;
      operations[place] = { ...operation, answered: { index, time, answer: moment.answer } };
      if (search.answer(id, moment.answer) !== 'not-linearizable') return undefined;
      return this.#explain(
        smaller(
          this.#model,
          operations.filter(each => each !== undefined),
          this.#steps,
        ),
      );
    }
    if (moment.ended === 'unknown') return undefined;
    operations[place] = undefined;
    if (search.refused(id) !== 'not-linearizable') return undefined;
    const { called } = operation;
    return `${printable(event.process)} was told that ${showCall(this.#model, operation.call)}, called at ${formatTime(called.time)} (event ${called.index}), did not happen, and without it no order of the others gives the answers that were heard`;
  }

  #explain(counterexample: Counterexample<Call, Answer>): string {
    this.#counterexample = counterexample;
    return explainCounterexample(this.#model, counterexample);
  }
}
