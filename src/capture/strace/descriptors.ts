/**
 * What the numbers of descriptors of traced processes stand for: open descriptions, which children share.
 * Lacks: descriptors that were open before strace came: they are unknown until a call shows what they are.
 */

/** An open description: a connect or a bind changes it for all who share it. */
export interface Description {
  kind: 'stream' | 'listener' | 'datagram' | 'pipe' | 'file' | 'new';
  /** `tcp`, `unix`, `udp`; of files ''. */
  family: string;
  /** The channel of what this end writes, and of what it reads; '' for none. */
  out: string;
  into: string;
  /** Of a file; of a listener and a socket the address. */
  at: string;
  /** Descriptors that stand for it, in all processes. */
  holders: number;
}

export class Descriptors {
  readonly #table: Map<number, Description>;

  constructor(table: ReadonlyMap<number, Description> = new Map()) {
    this.#table = new Map(table);
  }

  get(number: number): Description | undefined {
    return this.#table.get(number);
  }

  set(number: number, description: Description): void {
    this.close(number);
    description.holders++;
    this.#table.set(number, description);
  }

  /** What it stood for, where that was the last. */
  close(number: number): Description | undefined {
    const held = this.#table.get(number);
    this.#table.delete(number);
    if (held === undefined) return undefined;
    held.holders--;
    return held.holders === 0 ? held : undefined;
  }

  /** As fork(2) hands them down. */
  copy(): Descriptors {
    for (const held of this.#table.values()) held.holders++;
    return new Descriptors(this.#table);
  }

  /** The end of the process. */
  clear(): readonly Description[] {
    return [...this.#table.keys()].flatMap(number => this.close(number) ?? []);
  }
}
