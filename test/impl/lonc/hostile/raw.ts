/** A connection without manners: writes any bytes, floods, does not read, and counts. */
import type { Endpoint, Host, Stream } from '../../../../src/host/host.ts';
import { micros, seconds } from '../../../../src/host/time.ts';
import { bytesOf, latin1Of } from '../../../../src/impl/lonc/latin1.ts';

const PIECE = 65_536;
const BREATH = micros(100);
/** Nobody takes that much: then a flood is given up. */
const FLOOD_MAX = 1_000_000_000;

export class Raw {
  /** What came, as bytes. */
  heard = '';
  /** In seconds since the start, when the other side ended or broke it. */
  endedAt: number | undefined;
  /** What the kernel took of a flood. */
  flooded = 0;
  readonly #host: Host;
  #stream: Stream | undefined;
  #early: string[] = [];
  #flood: Uint8Array | undefined;
  #closed = false;
  readonly #each: ((raw: Raw) => void) | undefined;

  /** `each` is called after everything that comes; `deaf`: nothing is read. */
  constructor(host: Host, to: Endpoint, { each, deaf = false }: { readonly each?: (raw: Raw) => void; readonly deaf?: boolean } = {}) {
    this.#host = host;
    this.#each = each;
    const ended = (): void => {
      this.endedAt ??= host.clock.monotonic() / 1_000_000;
      this.#stream = undefined;
    };
    host.network.connect(to, {}, result => {
      if (result.ok && this.#closed) result.value.close();
      else if (result.ok) {
        this.#stream = result.value;
        if (deaf) result.value.pause();
        for (const text of this.#early) result.value.write(bytesOf(text));
        this.#goOn();
      } else ended();
      return {
        data: bytes => {
          this.heard += latin1Of(bytes);
          this.#each?.(this);
        },
        drain: () => this.#goOn(),
        end: ended,
        close: ended,
      };
    });
  }

  write(text: string): void {
    if (this.endedAt !== undefined) return;
    if (this.#stream === undefined) this.#early.push(text);
    else this.#stream.write(bytesOf(text));
  }

  /** One byte a second. */
  trickle(text: string): void {
    for (const [index, byte] of [...text].entries()) this.#host.clock.setTimer(seconds(index + 1), () => this.write(byte));
  }

  /** The text again and again, until it is cut off. */
  flood(text: string): void {
    this.#flood = bytesOf(text.repeat(Math.ceil(PIECE / text.length)));
    this.#goOn();
  }

  /** Reads nothing any more. */
  pauseReading(): void {
    this.#stream?.pause();
  }

  /** If it is not open yet, as soon as it is. */
  close(): void {
    this.#closed = true;
    this.#stream?.close();
    this.#stream = undefined;
  }

  /** A piece at a time, and time between them: that the other side has closed takes its time to arrive. */
  #goOn(): void {
    if (this.#flood === undefined || this.#stream === undefined || this.flooded >= FLOOD_MAX) return;
    this.flooded += this.#flood.length;
    if (this.#stream.write(this.#flood) === 0) this.#host.clock.setTimer(BREATH, () => this.#goOn());
  }
}
