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
}

/** A yes or no is drawn among so many. */
const THOUSAND = 1_000;

export class Chance {
  readonly #seed: string;
  readonly #options: ChanceOptions | undefined;
  readonly #streams = new Map<string, Prng>();

  /** Without options nothing is looked at but the seed, which is faster. */
  constructor(seed: string, options: ChanceOptions = {}) {
    this.#seed = seed;
    this.#options = options.tape === undefined && options.observer === undefined ? undefined : options;
  }

  /** A generator that its user keeps; each label may be asked for once. */
  separate(label: string): Prng {
    if (this.#options === undefined) return new Prng(`${this.#seed}/${label}`);
    return new TapedPrng(this.#seed, label, this.#options);
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
  #number = 0;

  constructor(seed: string, label: string, { tape, observer }: ChanceOptions) {
    super(`${seed}/${label}`);
    this.#label = label;
    this.#least = tape?.least.some(each => label.startsWith(each)) === true;
    this.#set = tape !== undefined && Object.hasOwn(tape.set, label) ? tape.set[label] : undefined;
    this.#observer = observer;
  }

  override below(bound: number): number {
    return this.#drawn(super.below(bound), bound, 0);
  }

  override chance(cases: number): boolean {
    // The least that can happen is that it does not.
    return cases > 0 && this.#drawn(super.below(THOUSAND), THOUSAND, THOUSAND - 1) < cases;
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
