/**
 * A capture as a trace: its header, its events one after the other as the file is read, and an account of what was in it, stream by stream.
 * Lacks: files (cli).
 */

import type { TraceEnding } from '../trace/encode.ts';
import { ENGINE_VERSION, NO_EVENT, TRACE_VERSION, type TraceEvent, type TraceHeader } from '../trace/event.ts';
import type { Decoders } from '../trace/message.ts';
import { type FlowAccount, FlowAccounts } from './accounts.ts';
import type { CaptureProblem } from './problem.ts';
import { type CaptureCounts, CaptureReader } from './reader.ts';
import { CaptureEvents } from './trace.ts';

/** What was made of a capture. */
export interface CaptureAccount {
  readonly counts: CaptureCounts;
  /** Of the first packet, in microseconds since 1970; absent: there is none. */
  readonly began: number | undefined;
  readonly events: number;
  readonly flows: readonly FlowAccount[];
  /** Streams and sockets beyond those. */
  readonly omitted: number;
  /** The first ones. */
  readonly problems: readonly CaptureProblem[];
  /** All of them. */
  readonly problemCount: number;
}

export interface ImportOptions {
  /** Of the protocol that is spoken; none: nothing is decoded. */
  readonly decoders?: Decoders;
  readonly take: (event: TraceEvent) => void;
}

export class CaptureImport {
  readonly #events: CaptureEvents;
  readonly #reader: CaptureReader;
  readonly #accounts: FlowAccounts;

  constructor({ decoders = {}, take }: ImportOptions) {
    this.#accounts = new FlowAccounts(decoders);
    this.#events = new CaptureEvents(event => {
      this.#accounts.see(event);
      take(event);
    });
    this.#reader = new CaptureReader(this.#events);
  }

  /** More of the file can be understood. */
  get reading(): boolean {
    return this.#reader.reading;
  }

  get counts(): CaptureCounts {
    return this.#reader.counts;
  }

  feed(chunk: Uint8Array): void {
    this.#reader.feed(chunk);
  }

  end(): CaptureAccount {
    this.#reader.end();
    const { kept, count } = this.#reader.problems;
    const { flows, omitted } = this.#accounts;
    const { began, events } = this.#events;
    return { counts: this.#reader.counts, began, events, flows, omitted, problems: kept, problemCount: count };
  }
}

/** `protocol`: what is spoken in it, `capture` where nobody knows. `file`: as people call it. */
export const captureHeader = (protocol: string, file: string): TraceHeader => ({
  version: TRACE_VERSION,
  engine: ENGINE_VERSION,
  kind: 'capture',
  clock: 'monotonic',
  name: `${protocol}/capture`,
  seed: '',
  plan: { file },
  title: `What was captured in ${file}`,
});

/** Nothing was judged. */
export const CAPTURE_ENDING: TraceEnding = {
  outcome: 'inconclusive',
  check: '',
  at: NO_EVENT,
  why: 'a capture is what was seen, and no verdict',
};
