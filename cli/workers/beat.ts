/**
 * Signs of life of a worker whose work is one long call: a count that goes up as long as something happens, and what it is at. Written
 * by the work and read by the thread that watches it, in memory that both have.
 */
export class Beat {
  readonly memory: SharedArrayBuffer;
  readonly #count: Uint32Array;
  readonly #at: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#count = new Uint32Array(memory, 0, 1);
    this.#at = new Float64Array(memory, Float64Array.BYTES_PER_ELEMENT, 1);
  }

  /** Something has happened. */
  tick(): void {
    // Never 0, which is rest.
    this.#count[0] = ((this.#count[0] ?? 0) | 1) + 2;
  }

  begin(at: number): void {
    this.#at[0] = at;
    this.tick();
  }

  /** Nothing is to be waited for. */
  rest(): void {
    this.#count[0] = 0;
  }

  /** 0: at rest. */
  get count(): number {
    return this.#count[0] ?? 0;
  }

  get at(): number {
    return this.#at[0] ?? 0;
  }
}
