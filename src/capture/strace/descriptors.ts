/**
 * What the numbers of descriptors of traced processes stand for: open descriptions, which children share.
 * Lacks: descriptors that were open before strace came: they are unknown until a call shows what they are.
 */

/** An open description: a connect or a bind changes it for all who share it. */
export interface Description {
  /** `place`: a folder, or a file that is only read. */
  kind: 'stream' | 'listener' | 'datagram' | 'pipe' | 'file' | 'place' | 'new';
  /** `tcp`, `unix`, `udp`; of files ''. */
  family: string;
  /** The channel of what this end writes, and of what it reads; '' for none. */
  out: string;
  into: string;
  /** Of a file its name, of a place where it is; of a listener and a socket the address. */
  at: string;
  /** Descriptors that stand for it, in all processes. */
  holders: number;
}

export class Descriptors {
  readonly #table: Map<number, Description>;
  /** Those that an exec(2) closes. */
  readonly #passing: Set<number>;

  constructor(table: ReadonlyMap<number, Description> = new Map(), passing: ReadonlySet<number> = new Set()) {
    this.#table = new Map(table);
    this.#passing = new Set(passing);
  }

  get(number: number): Description | undefined {
    return this.#table.get(number);
  }

  /** By description the least of its numbers. */
  get numbers(): ReadonlyMap<Description, number> {
    const ordered = [...this.#table].sort(([one], [other]) => other - one);
    return new Map(ordered.map(([number, held]) => [held, number]));
  }

  set(number: number, description: Description, passing: boolean): void {
    this.close(number);
    description.holders++;
    this.#table.set(number, description);
    this.pass(number, passing);
  }

  /** Whether it is closed at exec(2). */
  pass(number: number, passing: boolean): void {
    if (passing) this.#passing.add(number);
    else this.#passing.delete(number);
  }

  /** Of those that are open. */
  between(first: number, last: number): readonly number[] {
    return [...this.#table.keys()].filter(number => number >= first && number <= last);
  }

  /** What it stood for, where that was the last. */
  close(number: number): Description | undefined {
    const held = this.#table.get(number);
    this.#table.delete(number);
    this.#passing.delete(number);
    if (held === undefined) return undefined;
    held.holders--;
    return held.holders === 0 ? held : undefined;
  }

  /** As fork(2) hands them down. */
  copy(): Descriptors {
    for (const held of this.#table.values()) held.holders++;
    return new Descriptors(this.#table, this.#passing);
  }

  /** What is closed when another program begins. */
  exec(): readonly Description[] {
    return [...this.#passing].flatMap(number => this.close(number) ?? []);
  }

  /** The end of the process. */
  clear(): readonly Description[] {
    return [...this.#table.keys()].flatMap(number => this.close(number) ?? []);
  }
}
