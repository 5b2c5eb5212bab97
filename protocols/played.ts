/**
 * A role of a suite that is played case by case, each when it is asked for, so that a search can do something else between two of them;
 * and in an order in which cases that resemble each other are far apart.
 */
import type { Arm } from '../conformance/arms/arm.ts';
import type { Peer } from '../conformance/peer.ts';
import { type Row, type Run, runSuite } from '../conformance/run/runner.ts';
import type { Suite } from '../conformance/suite.ts';
import { strided } from '../src/check/turns.ts';

export interface Playing {
  readonly suite: Suite;
  readonly role: string;
  readonly arm: Arm;
  readonly implementation: Peer;
  readonly claims: readonly string[];
  readonly seed: string;
}

export class Played {
  readonly #playing: Playing;
  #begun = false;
  #came: Run | undefined;
  /** Whoever waits for the next row, and what the runner waits with. */
  #tell: ((next: Row | Run) => void) | undefined;
  #goOn: (() => void) | undefined;

  constructor(playing: Playing) {
    this.#playing = playing;
  }

  /** The next row; after the last one what the run came to. Not to be asked again before it has come. */
  async next(): Promise<Row | Run> {
    if (this.#came !== undefined) return this.#came;
    const next = new Promise<Row | Run>(resolve => {
      this.#tell = resolve;
    });
    if (!this.#begun) void this.#run();
    this.#begun = true;
    this.#goOn?.();
    return next;
  }

  async #run(): Promise<void> {
    const { suite, role } = this.#playing;
    const own = suite.cases.filter(each => each.role === role);
    const cases = strided(own.length).flatMap(place => own[place] ?? []);
    const run = await runSuite({
      ...this.#playing,
      suite: { ...suite, cases },
      forgetful: true,
      // The runner asks before each case whether it is to end, and waits for the answer.
      stop: () => (this.#tell === undefined ? this.#asked() : false),
      progress: row => this.#give(row),
    });
    this.#came = run;
    this.#give(run);
  }

  #asked(): Promise<boolean> {
    return new Promise(resolve => {
      this.#goOn = () => resolve(false);
    });
  }

  #give(next: Row | Run): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(next);
  }
}
