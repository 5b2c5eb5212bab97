/**
 * How much a kernel buffer takes. A pipe counts pages, as Linux does, because it decides which write fits whole;
 * a socket counts bytes.
 * Lacks: memory pressure and resizing.
 * May import: host.
 */

/** PIPE_BUF of pipe(7): a write of up to this many bytes enters whole or not at all. */
export const PIPE_BUF = 4_096;
const PAGE = 4_096;
const PAGES = 16;

export interface Room {
  /** How many of `length` bytes fit now; they are taken as written. */
  accept(length: number): number;
  /** `length` bytes were read. */
  free(length: number): void;
}

export class ByteRoom implements Room {
  readonly #capacity: number;
  #used = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  accept(length: number): number {
    const taken = Math.min(length, this.#capacity - this.#used);
    this.#used += taken;
    return taken;
  }

  free(length: number): void {
    this.#used -= length;
  }
}

/**
 * Linux fs/pipe.c: sixteen pages; the odd bytes of a write join the last page if they all fit there, everything else
 * starts a new page; a page is free again when all of it was read. Hence 3120 frames of 21 bytes fit, not 3120.76.
 */
export class PageRoom implements Room {
  /** For each page in use: where its content ends, and how many bytes of it are unread. */
  readonly #pages: { end: number; unread: number }[] = [];

  accept(length: number): number {
    let left = length;
    const odd = length % PAGE;
    const last = this.#pages[this.#pages.length - 1];
    if (odd > 0 && last !== undefined && last.end + odd <= PAGE) {
      last.end += odd;
      last.unread += odd;
      left -= odd;
    }
    while (left > 0 && this.#pages.length < PAGES) {
      const part = Math.min(left, PAGE);
      this.#pages.push({ end: part, unread: part });
      left -= part;
    }
    return length - left;
  }

  free(length: number): void {
    let left = length;
    while (left > 0) {
      const first = this.#pages[0];
      if (first === undefined) throw new Error('more was read than written');
      const part = Math.min(left, first.unread);
      first.unread -= part;
      left -= part;
      if (first.unread === 0) this.#pages.shift();
    }
  }
}
