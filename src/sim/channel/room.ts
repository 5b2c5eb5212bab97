/**
 * How much a kernel buffer takes, and when whoever waits for room is woken. A pipe counts pages, as Linux does, because that
 * decides which write fits whole; a Unix-domain stream counts what its buffers cost; TCP counts bytes.
 * Lacks: memory pressure and resizing; what TCP's segments cost, which depends on how they were cut.
 */
import { Queue } from '../../host/queue.ts';
import { HEAD_MAX, roundUp, truesize } from './skbuff.ts';

/** PIPE_BUF of pipe(7): a write of up to this many bytes enters whole or not at all. */
export const PIPE_BUF = 4_096;
/** Of memory, on most machines. */
const PAGE = 4_096;
const PAGES = 16;

export interface Room {
  /** poll(2) POLLOUT: only then does somebody who waits for room try again. */
  readonly writable: boolean;
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

  get writable(): boolean {
    return this.#used < this.#capacity;
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

  get writable(): boolean {
    return this.#pages.length < PAGES;
  }

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

/** net.core.wmem_default of Linux, which is SO_SNDBUF of every Unix-domain socket that asks for nothing else. */
const SEND_BUFFER = 212_992;
/** UNIX_SKB_FRAGS_SZ: bytes that one buffer holds in pages beside its head. */
const PAGED_MAX = 32_768;

/**
 * Linux net/unix/af_unix.c, unix_stream_sendmsg: each write is one buffer, or several of up to 36544 bytes, and costs their
 * truesize; it enters as long as what is charged has not reached SO_SNDBUF, and so may pass it by one buffer. A buffer is
 * paid back when all of it was read. Hence 278 writes of one byte fill a stream, as do 219264 bytes in one write.
 */
export class BufferRoom implements Room {
  readonly #buffers = new Queue<{ unread: number; readonly charge: number }>();
  #charged = 0;

  /** unix_writable: not before more than three quarters are free. */
  get writable(): boolean {
    return this.#charged * 4 < SEND_BUFFER;
  }

  accept(length: number): number {
    let taken = 0;
    while (taken < length && this.#charged < SEND_BUFFER) {
      const unread = Math.min(length - taken, HEAD_MAX + PAGED_MAX);
      const charge = chargeOf(unread);
      this.#buffers.push({ unread, charge });
      this.#charged += charge;
      taken += unread;
    }
    return taken;
  }

  free(length: number): void {
    let left = length;
    while (left > 0) {
      const first = this.#buffers.first;
      if (first === undefined) throw new Error('more was read than written');
      const part = Math.min(left, first.unread);
      first.unread -= part;
      left -= part;
      if (first.unread > 0) return;
      this.#charged -= first.charge;
      this.#buffers.shift();
    }
  }
}

/** What the head cannot hold goes into whole pages, and the head keeps what is left over, if anything is. */
function chargeOf(size: number): number {
  const paged = size <= HEAD_MAX ? 0 : Math.min(size, roundUp(size - HEAD_MAX, PAGE));
  return truesize(size - paged, paged);
}
