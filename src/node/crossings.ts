/**
 * Reports what crosses the Host boundary, and numbers the channels of one process: `tcp1>`, `unix2<`, `pipe1`, `udp1`.
 * Lacks: time, place and cause, which the trace adds.
 */
import type { Crossing, EventData, Observer } from '../host/event.ts';
import type { HostError } from '../host/result.ts';

/** The names of the two directions of one stream, as seen from this process. */
export interface Channels {
  readonly out: string;
  readonly in: string;
}

export class Crossings {
  readonly #observer: Observer | undefined;
  readonly #counts = new Map<string, number>();

  constructor(observer: Observer | undefined) {
    this.#observer = observer;
  }

  get observed(): boolean {
    return this.#observer !== undefined;
  }

  report(kind: Crossing, data?: EventData, channel?: string, bytes?: Uint8Array): void {
    this.#observer?.({ kind, channel, bytes, data });
  }

  /** `>` is the direction in which the connecting end sends. */
  connection(kind: 'tcp' | 'unix', side: 'connecting' | 'accepting'): Channels {
    const name = this.#next(kind);
    return side === 'connecting' ? { out: `${name}>`, in: `${name}<` } : { out: `${name}<`, in: `${name}>` };
  }

  pipe(): string {
    return this.#next('pipe');
  }

  datagrams(): string {
    return this.#next('udp');
  }

  #next(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${kind}${count}`;
  }
}

/** The data of an event that may have failed. */
export function outcome(data: EventData, error: HostError | undefined): EventData {
  return error === undefined ? data : { ...data, error: error.code };
}
