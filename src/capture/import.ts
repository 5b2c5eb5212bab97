/**
 * A capture as a trace: its header, its events one after the other as the file is read, and an account of what was in it, stream by stream.
 * Lacks: files (cli).
 */

import { EMPTY } from '../host/bytes.ts';
import type { TraceEnding } from '../trace/encode.ts';
import { ENGINE_VERSION, NO_EVENT, TRACE_VERSION, type TraceEvent, type TraceHeader } from '../trace/event.ts';
import type { Decoders } from '../trace/message.ts';
import { type SpokenStreams, streamsPlan } from '../trace/streams.ts';
import { EventAccounts, type FlowAccount, FlowAccounts, PacketAccounts } from './accounts.ts';
import type { FlowSink } from './flow.ts';
import type { Guesses } from './guess.ts';
import { type CaptureFormat, captureFormatOf } from './packets.ts';
import type { CaptureProblem, Problems } from './problem.ts';
import { CaptureReader } from './reader.ts';
import { isStrace, StraceImport } from './strace/import.ts';
import { CaptureEvents } from './trace.ts';

export type ImportFormat = CaptureFormat | 'strace';

/** What the first bytes of a file say that it is; `undefined`: no capture. */
export const importFormatOf = (bytes: Uint8Array): ImportFormat | undefined =>
  captureFormatOf(bytes) ?? (isStrace(bytes) ? 'strace' : undefined);

/** What was made of a capture. */
export interface CaptureAccount {
  readonly format: ImportFormat | undefined;
  /** Bytes of the file that were understood. */
  readonly bytes: number;
  /** What it has, by what that is called in the plural. */
  readonly counts: Readonly<Record<string, number>>;
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
  /** Of the protocol that is spoken; none: nothing is decoded. What guesses: each stream is told by the protocol that it speaks. */
  readonly decoders?: Decoders | Guesses;
  /** It is only guessed what streams speak. */
  readonly onlyGuess?: boolean;
  /** Takes the events; absent: none are made, which is several times as fast. */
  readonly take?: (event: TraceEvent) => void;
  /** Streams and sockets that are told of; absent: FLOW_LIMIT. */
  readonly flows?: number;
}

/** What reads one kind of file. */
interface Source {
  readonly reading: boolean;
  readonly bytes: number;
  readonly began: number | undefined;
  readonly events: number;
  readonly problems: Problems;
  readonly counts: Readonly<Record<string, number>>;
  feed(chunk: Uint8Array): void;
  end(): void;
}

export class CaptureImport {
  readonly #accounts: FlowAccounts;
  readonly #take: ((event: TraceEvent) => void) | undefined;
  #source: Source | undefined;
  #format: ImportFormat | undefined;

  constructor({ decoders = {}, take, flows, onlyGuess }: ImportOptions) {
    this.#accounts = new FlowAccounts(decoders, flows, onlyGuess);
    this.#accounts.offset = () => this.bytes;
    this.#take = take;
  }

  /** More of the file can be understood. */
  get reading(): boolean {
    return this.#source?.reading ?? true;
  }

  get bytes(): number {
    return this.#source?.bytes ?? 0;
  }

  /** Of the streams so far; what none of them has come to its end of is decided by what there is. */
  get flows(): readonly FlowAccount[] {
    return this.#accounts.flows;
  }

  /** What the first piece begins with says what the file is. */
  feed(chunk: Uint8Array): void {
    this.#source ??= this.#open(chunk);
    this.#source.feed(chunk);
  }

  end(): CaptureAccount {
    this.#source ??= this.#open(EMPTY);
    this.#source.end();
    const { bytes, began, events, problems, counts } = this.#source;
    const { flows, omitted } = this.#accounts;
    return { format: this.#format, bytes, counts, began, events, flows, omitted, problems: problems.kept, problemCount: problems.count };
  }

  #open(first: Uint8Array): Source {
    this.#format = importFormatOf(first);
    if (this.#format !== 'strace') return new PacketImport(new PacketAccounts(this.#accounts), this.#take);
    const accounts = new EventAccounts(this.#accounts);
    return new StraceImport(event => {
      accounts.see(event);
      this.#take?.(event);
    });
  }
}

class PacketImport implements Source {
  readonly #events: CaptureEvents | undefined;
  readonly #accounts: PacketAccounts;
  readonly #reader: CaptureReader;

  constructor(accounts: PacketAccounts, take: ((event: TraceEvent) => void) | undefined) {
    this.#accounts = accounts;
    this.#events = take === undefined ? undefined : new CaptureEvents(take);
    this.#reader = new CaptureReader(this.#events === undefined ? accounts : both(accounts, this.#events));
  }

  get reading(): boolean {
    return this.#reader.reading;
  }
  get bytes(): number {
    return this.#reader.counts.bytes;
  }
  get began(): number | undefined {
    return this.#accounts.began;
  }
  get events(): number {
    return this.#events?.events ?? 0;
  }
  get problems(): Problems {
    return this.#reader.problems;
  }
  get counts(): Readonly<Record<string, number>> {
    const { format, bytes, ...counts } = this.#reader.counts;
    return counts;
  }

  feed(chunk: Uint8Array): void {
    this.#reader.feed(chunk);
  }

  end(): void {
    this.#reader.end();
  }
}

const both = (one: FlowSink, other: FlowSink): FlowSink => ({
  dialled(connection, time) {
    one.dialled(connection, time);
    other.dialled(connection, time);
  },
  opened(connection, time) {
    one.opened(connection, time);
    other.opened(connection, time);
  },
  refused(connection, time) {
    one.refused(connection, time);
    other.refused(connection, time);
  },
  data(place, fromClient, bytes, start, end, time) {
    one.data(place, fromClient, bytes, start, end, time);
    other.data(place, fromClient, bytes, start, end, time);
  },
  hole(connection, fromClient, length, time) {
    one.hole(connection, fromClient, length, time);
    other.hole(connection, fromClient, length, time);
  },
  ended(connection, fromClient, time) {
    one.ended(connection, fromClient, time);
    other.ended(connection, fromClient, time);
  },
  reset(connection, byClient, time) {
    one.reset(connection, byClient, time);
    other.reset(connection, byClient, time);
  },
  forgotten(connection) {
    one.forgotten(connection);
    other.forgotten(connection);
  },
  endpointsForgotten() {
    one.endpointsForgotten();
    other.endpointsForgotten();
  },
  datagram(from, to, bytes, start, end, time) {
    one.datagram(from, to, bytes, start, end, time);
    other.datagram(from, to, bytes, start, end, time);
  },
});

/** `protocol`: what is spoken in it, `capture` where nobody knows. `file`: as people call it. `streams`: those that speak another one. */
export const captureHeader = (protocol: string, file: string, streams: SpokenStreams = new Map()): TraceHeader => ({
  version: TRACE_VERSION,
  engine: ENGINE_VERSION,
  kind: 'capture',
  clock: 'monotonic',
  name: `${protocol}/capture`,
  seed: '',
  plan: { file, ...streamsPlan(streams) },
  title: `What was captured in ${file}`,
});

/** Nothing was judged. */
export const CAPTURE_ENDING: TraceEnding = {
  outcome: 'inconclusive',
  check: '',
  at: NO_EVENT,
  why: 'a capture is what was seen, and no verdict',
};
