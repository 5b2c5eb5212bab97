/**
 * One stream of a Fifo: what runs, what waits, and the answers of what was run last.
 * Lacks: its name, and the other streams (fifo.ts).
 */
import type { FifoLimits, Position, Verdict } from './verdict.ts';

/** A stream as a value. */
export interface StreamState<Item, Answer> {
  readonly epoch: number;
  /** All numbers before this one were begun. */
  readonly next: number;
  /** What runs; of an earlier epoch where the client has begun anew meanwhile. */
  readonly running: Running<Item> | undefined;
  /** In ascending order. */
  readonly held: readonly Held<Item>[];
  /** In ascending order. */
  readonly answers: readonly Kept<Answer>[];
}

interface Running<Item> extends Position {
  readonly item: Item;
  readonly identity: string;
}
interface Held<Item> {
  readonly number: number;
  readonly item: Item;
  readonly identity: string;
}
interface Kept<Answer> {
  readonly number: number;
  readonly answer: Answer;
  readonly identity: string;
}

type Begun<Item> = Position & { readonly item: Item };

export class Stream<Item, Answer> {
  readonly #limits: FifoLimits;
  #epoch: number;
  #next = 1;
  #running: Running<Item> | undefined;
  readonly #held = new Map<number, Held<Item>>();
  /** In the order of their numbers, since they are run in it. */
  readonly #answers = new Map<number, Kept<Answer>>();

  constructor(limits: FifoLimits, epoch: number, state?: StreamState<Item, Answer>) {
    this.#limits = limits;
    this.#epoch = epoch;
    if (state === undefined) return;
    this.#next = state.next;
    this.#running = state.running;
    for (const each of state.held) this.#held.set(each.number, each);
    for (const each of state.answers) this.#answers.set(each.number, each);
  }

  offer({ epoch, number }: Position, item: Item, identity: string): Verdict<Answer> {
    if (epoch < this.#epoch) return { is: 'stale' };
    const anew = epoch > this.#epoch;
    if (!anew && number < this.#next) return this.#again(number, identity);
    const held = anew ? undefined : this.#held.get(number);
    if (held !== undefined) return held.identity === identity ? { is: 'held', again: true } : { is: 'conflict' };
    const { ahead, held: room } = this.#limits;
    const next = anew ? 1 : this.#next;
    if (number - next > ahead) return { is: 'full' };
    const due = number === next && this.#running === undefined;
    if (!due && (anew ? 0 : this.#held.size) >= room) return { is: 'full' };
    if (anew) this.#beginAnew(epoch);
    if (!due) {
      this.#held.set(number, { number, item, identity });
      return { is: 'held', again: false };
    }
    this.#run({ number, item, identity });
    return { is: 'now' };
  }

  done({ epoch, number }: Position, answer: Answer): Begun<Item> | undefined | 'not-running' {
    const ran = this.#running;
    if (ran === undefined || ran.epoch !== epoch || ran.number !== number) return 'not-running';
    this.#running = undefined;
    // Who has begun anew does not ask for what was before.
    if (epoch === this.#epoch) this.#keep({ number, answer, identity: ran.identity });
    const following = this.#held.get(this.#next);
    if (following === undefined) return undefined;
    this.#held.delete(following.number);
    return this.#run(following);
  }

  withdraw(position: Position): void {
    if (this.runs(position)) {
      this.#running = undefined;
      if (position.epoch === this.#epoch) this.#next = position.number;
    } else if (position.epoch === this.#epoch) this.#held.delete(position.number);
  }

  runs({ epoch, number }: Position): boolean {
    return this.#running !== undefined && this.#running.epoch === epoch && this.#running.number === number;
  }

  acked(epoch: number, upTo: number): number {
    if (epoch !== this.#epoch) return 0;
    const gone = [...this.#answers.keys()].filter(number => number <= upTo);
    for (const number of gone) this.#answers.delete(number);
    return gone.length;
  }

  awaited(): Position {
    let number = this.#next;
    while (this.#held.has(number)) number++;
    return { epoch: this.#epoch, number };
  }

  state(): StreamState<Item, Answer> {
    const held = [...this.#held.values()].sort((one, other) => one.number - other.number);
    return { epoch: this.#epoch, next: this.#next, running: this.#running, held, answers: [...this.#answers.values()] };
  }

  /** Of a number that was begun. */
  #again(number: number, identity: string): Verdict<Answer> {
    const ran = this.#running;
    if (ran !== undefined && ran.epoch === this.#epoch && ran.number === number)
      return { is: ran.identity === identity ? 'running' : 'conflict' };
    const kept = this.#answers.get(number);
    if (kept === undefined) return { is: 'done' };
    return kept.identity === identity ? { is: 'repeated', answer: kept.answer } : { is: 'conflict' };
  }

  /** What runs is finished first. */
  #beginAnew(epoch: number): void {
    this.#epoch = epoch;
    this.#next = 1;
    this.#held.clear();
    this.#answers.clear();
  }

  #run({ number, item, identity }: Held<Item>): Begun<Item> {
    this.#running = { epoch: this.#epoch, number, item, identity };
    this.#next = number + 1;
    return { epoch: this.#epoch, number, item };
  }

  #keep(kept: Kept<Answer>): void {
    this.#answers.set(kept.number, kept);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#limits.answers && oldest !== undefined) this.#answers.delete(oldest);
  }
}
