/**
 * All chance of one run: a generator for each label, and a tape on which single draws are other ones. A draw is known by its label and its
 * number among those of the label; what is drawn elsewhere changes neither. So a shrinker can make draws the least they can be one by one.
 * Lacks: bytes (keys, nonces), which are drawn and cannot be edited.
 */
import { Prng } from './prng.ts';

/** What is drawn otherwise than the seed says. JSON, as a part of a plan. */
export interface Tape {
  /** Beginnings of labels whose draws are all the least they can be: no delay, all that is there, nothing happens. */
  readonly least: readonly string[];
  /** Single draws, by label and number, in place of that. A value beyond what is possible is the greatest that is. */
  readonly set: Readonly<Record<string, Readonly<Record<number, number>>>>;
}

/** Sees every draw that a tape can hold. `bound`: it was below that. */
export type DrawObserver = (label: string, number: number, value: number, bound: number) => void;

export interface ChanceOptions {
  readonly tape?: Tape | undefined;
  readonly observer?: DrawObserver | undefined;
  readonly fresh?: Fresh | undefined;
}

/** From some event on all chance is that of another seed, and nothing is on the tape: the same beginning, and another end. */
export interface Fresh {
  /** The last event of the beginning, or NO_EVENT. */
  readonly after: number;
  /** Any text. */
  readonly seed: string;
}

/** A yes or no is drawn among so many. */
const THOUSAND = 1_000;

export class Chance {
  readonly #seed: string;
  readonly #options: ChanceOptions | undefined;
  /** So far. */
  readonly #events: () => number;
  readonly #streams = new Map<string, Prng>();

  /** Without options nothing is looked at but the seed, which is faster. `events`: how many there were so far. */
  constructor(seed: string, options: ChanceOptions = {}, events: () => number = () => 0) {
    this.#seed = seed;
    this.#options = Object.values(options).every(each => each === undefined) ? undefined : options;
    this.#events = events;
  }

  /** A generator that its user keeps; each label may be asked for once. */
  separate(label: string): Prng {
    if (this.#options === undefined) return new Prng(`${this.#seed}/${label}`);
    return new TapedPrng(this.#seed, label, this.#options, this.#events);
  }

  /** The generator of a label; the same one each time. */
  stream(label: string): Prng {
    let stream = this.#streams.get(label);
    if (stream === undefined) {
      stream = this.separate(label);
      this.#streams.set(label, stream);
    }
    return stream;
  }
}

class TapedPrng extends Prng {
  readonly #label: string;
  readonly #least: boolean;
  readonly #set: Readonly<Record<number, number>> | undefined;
  readonly #observer: DrawObserver | undefined;
  readonly #fresh: Fresh | undefined;
  readonly #events: () => number;
  #number = 0;
  #other: Prng | undefined;

  constructor(seed: string, label: string, { tape, observer, fresh }: ChanceOptions, events: () => number) {
    super(`${seed}/${label}`);
    this.#fresh = fresh;
    this.#events = events;
    this.#label = label;
    this.#least = tape?.least.some(each => label.startsWith(each)) === true;
    this.#set = tape !== undefined && Object.hasOwn(tape.set, label) ? tape.set[label] : undefined;
    this.#observer = observer;
  }

  override below(bound: number): number {
    const other = this.#instead();
    if (other !== undefined) return other.below(bound);
    return this.#drawn(super.below(bound), bound, 0);
  }

  override chance(cases: number): boolean {
    const other = this.#instead();
    if (other !== undefined) return other.chance(cases);
    // The least that can happen is that it does not.
    return cases > 0 && this.#drawn(super.below(THOUSAND), THOUSAND, THOUSAND - 1) < cases;
  }

  override fill(target: Uint8Array): void {
    const other = this.#instead();
    if (other !== undefined) other.fill(target);
    else super.fill(target);
  }

  /** What draws from now on, when the beginning is over. */
  #instead(): Prng | undefined {
    if (this.#fresh === undefined || this.#events() <= this.#fresh.after) return undefined;
    this.#other ??= new Prng(`${this.#fresh.seed}/${this.#label}`);
    return this.#other;
  }

  /** The seed's own draw is made in any case: what the next one is does not depend on the tape. */
  #drawn(own: number, bound: number, least: number): number {
    const number = this.#number++;
    const edited = this.#set?.[number];
    const value = edited !== undefined ? Math.min(edited, bound - 1) : this.#least ? least : own;
    this.#observer?.(this.#label, number, value, bound);
    return value;
  }
}
