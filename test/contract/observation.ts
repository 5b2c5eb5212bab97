/**
 * What a run of a case came to, on either arm.
 */
import { type ContractCase, roleOf } from './case.ts';

export interface Observation {
  /** Role -> what it saw, in order. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  /** `all ended`, or what was still going on when the limit came. */
  readonly end: string;
  /** What else was said: bugs of a daemon, output that is no line of a case. */
  readonly notes: readonly string[];
}

export const ALL_ENDED = 'all ended';

/** Collects the lines of one run. */
export class Observer {
  readonly #contract: ContractCase;
  readonly #lines: Record<string, string[]> = {};
  readonly #notes: string[] = [];

  constructor(contract: ContractCase) {
    this.#contract = contract;
  }

  saw(program: string, what: string): void {
    const role = roleOf(this.#contract, program);
    this.#lines[role] ??= [];
    this.#lines[role].push(what);
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  result(end: string): Observation {
    return { lines: this.#lines, end, notes: this.#notes };
  }
}

/** What the case requires, in the form of what was observed. Notes are there for whoever reads a failure. */
export const expectationOf = (contract: ContractCase, notes: readonly string[]): Observation => ({
  lines: contract.expect,
  end: ALL_ENDED,
  notes,
});
