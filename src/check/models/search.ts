/**
 * Whether some order of calls explains the answers that were heard, asked again at every answer (Wing and Gong 1993; Lowe 2017).
 * A call is put into the order no earlier than an answer needs it (just-in-time linearization), and what has failed once, as a state
 * and the calls that are done in it, is not tried again. A call that is not answered may happen at any time, or not at all: where
 * fewer of those are done, all can be done that can be done where there are more, so that the latter need not be tried.
 * Lacks: a clock. Steps are counted, and when they are used up the result is unknown.
 */
import { canonicalJson } from '../../trace/canonical.ts';
import type { JsonValue } from '../../trace/event.ts';
import { type Model, type Outcome, outcomesOf } from './object.ts';

export type Verdict = 'linearizable' | 'not-linearizable' | 'unknown';

/** Steps that are left; several searches may share them. One is an outcome of the model that was looked at. */
export interface Budget {
  steps: number;
}

interface Asked<Call, Answer> {
  readonly id: number;
  readonly call: Call;
  /** The how manieth answer is its own; Infinity as long as there is none. */
  end: number;
  /** What was heard; `undefined`: nothing yet. */
  heard: Answer | undefined;
}

/** A state that some order leads to. */
interface Reached<State, Answer> {
  readonly state: State;
  readonly key: string;
  /** Calls that have happened and were not answered yet, each with what it was given. */
  readonly done: ReadonlyMap<number, Answer>;
}

interface Failed<Answer> {
  readonly done: ReadonlyMap<number, Answer>;
  /** Answers there were when it failed. */
  readonly answers: number;
}

/** What answer number so many leaves possible, looked for when there were `answers` of them: with more known, it is looked for anew. */
interface Frame<State, Answer> {
  readonly start: Reached<State, Answer>;
  rest: Generator<Reached<State, Answer>, void>;
  answers: number;
}

interface Ended {
  readonly id: number;
  readonly happened: boolean;
  /** Calls that were open when it was heard. */
  readonly open: readonly number[];
}

/** One object's calls and answers, in the order of their happening. */
export class Search<State extends JsonValue, Call, Answer extends JsonValue> {
  readonly #model: Model<State, Call, Answer>;
  readonly #budget: Budget;
  readonly #asked: Asked<Call, Answer>[] = [];
  readonly #open = new Set<number>();
  readonly #ended: Ended[] = [];
  /** One for each answer; each starts with what the one before gave last. */
  readonly #frames: Frame<State, Answer>[] = [];
  readonly #failed: Map<string, Failed<Answer>[]>[] = [];
  /** By their JSON: what the last call might have been answered. */
  readonly #possible = new Map<string, Answer>();
  #current: Reached<State, Answer>;
  #verdict: Verdict = 'linearizable';

  constructor(model: Model<State, Call, Answer>, budget: Budget) {
    this.#model = model;
    this.#budget = budget;
    this.#current = { state: model.init, key: canonicalJson(model.init), done: new Map() };
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  /** What the call could have been answered whose answer made the history not linearizable. */
  get possible(): readonly Answer[] {
    return [...this.#possible.values()];
  }

  /** Returns the number of the call. */
  call(call: Call): number {
    const id = this.#asked.length;
    this.#asked.push({ id, call, end: Number.POSITIVE_INFINITY, heard: undefined });
    this.#open.add(id);
    return id;
  }

  answer(id: number, heard: Answer): Verdict {
    return this.#end(id, true, heard);
  }

  /** It is known not to have happened. */
  refused(id: number): Verdict {
    return this.#end(id, false, undefined);
  }

  #end(id: number, happened: boolean, heard: Answer | undefined): Verdict {
    const asked = this.#asked[id];
    if (this.#verdict !== 'linearizable' || asked === undefined) return this.#verdict;
    asked.end = this.#ended.length;
    asked.heard = heard;
    this.#ended.push({ id, happened, open: [...this.#open] });
    this.#open.delete(id);
    this.#failed.push(new Map());
    this.#possible.clear();
    this.#push(this.#current);
    this.#verdict = this.#advance();
    return this.#verdict;
  }

  #push(start: Reached<State, Answer>): void {
    this.#frames.push({ start, rest: this.#explained(start, this.#frames.length), answers: this.#ended.length });
  }

  #advance(): Verdict {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.answers < this.#ended.length) {
        frame.rest = this.#explained(frame.start, this.#frames.length - 1);
        frame.answers = this.#ended.length;
      }
      const next = frame.rest.next();
      if (this.#budget.steps < 0) return 'unknown';
      if (next.done === true) this.#fail();
      else if (this.#frames.length === this.#ended.length) {
        this.#current = next.value;
        return 'linearizable';
      } else if (!this.#hasFailed(next.value)) this.#push(next.value);
    }
    return 'not-linearizable';
  }

  /** Nothing is left to try from where the last frame began. */
  #fail(): void {
    const start = this.#frames.pop()?.start;
    const failed = this.#failed[this.#frames.length];
    if (start === undefined || failed === undefined) return;
    const same = failed.get(start.key) ?? [];
    same.push({ done: start.done, answers: this.#ended.length });
    failed.set(start.key, same);
  }

  #hasFailed({ key, done }: Reached<State, Answer>): boolean {
    const failed = this.#failed[this.#frames.length]?.get(key) ?? [];
    return failed.some(each => this.#without(each.done, done, each.answers));
  }

  /** Whether `more` is `fewer` and only calls that need not have happened to explain so many answers. */
  #without(fewer: ReadonlyMap<number, Answer>, more: ReadonlyMap<number, Answer>, answers: number): boolean {
    this.#budget.steps--;
    if (fewer.size > more.size) return false;
    const free = (id: number) => (this.#asked[id]?.end ?? 0) >= answers;
    for (const [id, answer] of fewer) {
      const other = more.get(id);
      if (other === undefined || !(free(id) || same(answer, other))) return false;
    }
    for (const id of more.keys()) if (!fewer.has(id) && !free(id)) return false;
    return true;
  }

  /** The states after answer number `level` that explain it, with the fewest other calls first. */
  *#explained(from: Reached<State, Answer>, level: number): Generator<Reached<State, Answer>, void> {
    const ended = this.#ended[level];
    const asked = ended && this.#asked[ended.id];
    if (ended === undefined || asked === undefined) return;
    const { id, happened, open } = ended;
    const reads = this.#model.reads ?? (() => false);
    const others = open.flatMap(other => this.#asked[other] ?? []).filter(other => this.#ended[other.end]?.happened !== false);
    // What only reads is done as soon as it may be; not answered yet, it is of no use.
    const readers = others.filter(({ call, heard }) => heard !== undefined && reads(call));
    const writers = others.filter(({ id: other, call }) => other !== id && !reads(call));
    const start = this.#withReads(from, readers);
    const given = start.done.get(id);
    if (!happened) {
      if (given === undefined) yield start;
      return;
    }
    if (given !== undefined) {
      this.#note(level, given);
      if (this.#heard(asked, given)) yield { ...start, done: omit(start.done, id) };
      return;
    }
    const queue = [start];
    const seen = new Map([[start.key, [start]]]);
    // It grows on the way.
    for (const each of queue) {
      for (const to of this.#outcomes(each, asked)) {
        this.#note(level, to.answer);
        if (this.#heard(asked, to.answer))
          yield this.#withReads({ state: to.state, key: canonicalJson(to.state), done: each.done }, readers, id);
      }
      for (const other of writers) {
        if (each.done.has(other.id)) continue;
        for (const { state, answer } of this.#outcomes(each, other)) {
          const stateKey = canonicalJson(state);
          // What was not answered yet need not have happened, and is of use only for what it changes.
          if (other.heard === undefined ? stateKey === each.key : !this.#heard(other, answer)) continue;
          const done = new Map(each.done).set(other.id, answer);
          const reached = this.#withReads({ state, key: stateKey, done }, readers, id);
          const like = seen.get(reached.key) ?? [];
          if (like.some(one => this.#without(one.done, reached.done, this.#ended.length))) continue;
          like.push(reached);
          seen.set(reached.key, like);
          queue.push(reached);
        }
      }
      if (this.#budget.steps < 0) return;
    }
  }

  /** `but`: the one whose answer is looked at. */
  #withReads(reached: Reached<State, Answer>, readers: readonly Asked<Call, Answer>[], but?: number): Reached<State, Answer> {
    let done: Map<number, Answer> | undefined;
    for (const reader of readers) {
      if (reader.id === but || reached.done.has(reader.id)) continue;
      const given = this.#outcomes(reached, reader).find(({ answer }) => this.#heard(reader, answer));
      if (given !== undefined) done = (done ?? new Map(reached.done)).set(reader.id, given.answer);
    }
    return done === undefined ? reached : { ...reached, done };
  }

  #outcomes({ state }: Reached<State, Answer>, { call }: Asked<Call, Answer>): readonly Outcome<State, Answer>[] {
    const outcomes = outcomesOf(this.#model, state, call);
    this.#budget.steps -= outcomes.length + 1;
    return outcomes;
  }

  #heard({ heard }: Asked<Call, Answer>, given: Answer): boolean {
    if (heard === undefined) return true;
    return this.#model.equal === undefined ? same(given, heard) : this.#model.equal(given, heard);
  }

  #note(level: number, answer: Answer): void {
    if (level === this.#ended.length - 1) this.#possible.set(canonicalJson(answer), answer);
  }
}

const same = (left: JsonValue, right: JsonValue): boolean => left === right || canonicalJson(left) === canonicalJson(right);

function omit<Value>(from: ReadonlyMap<number, Value>, id: number): ReadonlyMap<number, Value> {
  const rest = new Map(from);
  rest.delete(id);
  return rest;
}
