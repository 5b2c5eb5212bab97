/**
 * What is sent on the stream of a link: how much may be unsent, that nothing more is read as long as it is much, and the end, for
 * which the peer has time as long as it reads.
 * Lacks: what is sent; and who is told of the end.
 */
import type { Host, Stream, Timer } from '../../host/host.ts';
import { LINGER, PAUSE_AT, UNSENT_MAX } from './limits.ts';

export class Outlet {
  readonly #host: Host;
  readonly #stream: Stream;
  #paused = false;
  #timer: Timer | undefined;

  constructor(host: Host, stream: Stream) {
    this.#host = host;
    this.#stream = stream;
  }

  /** The peer does not read, so it is not read either. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Bytes that the kernel has not taken. */
  get unsent(): number {
    return this.#stream.pending;
  }

  /** Tells why the stream was given up, and reset, when it was. */
  write(bytes: Uint8Array): string | undefined {
    const unsent = this.#stream.write(bytes);
    if (unsent > UNSENT_MAX) {
      this.#stream.reset();
      return `${unsent} bytes are unsent: the peer does not read`;
    }
    if (unsent >= PAUSE_AT && !this.#paused) {
      this.#paused = true;
      this.#stream.pause();
    }
    return undefined;
  }

  /** All was sent. What had come already is read first: with `resume` the end of the stream may follow. */
  drained(read: () => void): void {
    if (!this.#paused) return;
    this.#paused = false;
    read();
    if (!this.#paused) this.#stream.resume();
  }

  /**
   * What is queued is sent, and the peer's end is waited for: a stream that is closed with something unread is reset. `over`: the peer
   * has not read anything for a while, or not ended, and the stream is closed.
   */
  end(over: () => void): void {
    if (this.#paused) this.#stream.resume();
    this.#stream.end();
    this.#linger(this.unsent, over);
  }

  #linger(before: number, over: () => void): void {
    this.#timer = this.#host.clock.setTimer(LINGER, () => {
      if (this.unsent < before) this.#linger(this.unsent, over);
      else {
        this.#stream.close();
        over();
      }
    });
  }

  /** The stream is closed: there is nothing to wait for. */
  forget(): void {
    this.#timer?.cancel();
  }
}
