/**
 * A capture from its bytes to connections and datagrams: the way of a packet through packets.ts, link.ts, internet.ts and connections.ts.
 * Lacks: files (cli), and what the bytes mean (trace.ts).
 */
import { Connections } from './connections.ts';
import type { FlowSink } from './flow.ts';
import { Internet } from './internet.ts';
import { NO_LINK, networkAt } from './link.ts';
import { type CaptureFormat, type Packet, PacketReader } from './packets.ts';
import { Problems } from './problem.ts';

/** What was found, counted. */
export interface CaptureCounts {
  readonly format: CaptureFormat | undefined;
  readonly bytes: number;
  readonly packets: number;
  readonly segments: number;
  readonly connections: number;
  readonly datagrams: number;
  /** Packets of which a part was not captured. */
  readonly cut: number;
  /** Packets that are no TCP and no UDP over IP. */
  readonly others: number;
}

export class CaptureReader {
  readonly problems: Problems = new Problems();
  readonly #packets: PacketReader;
  readonly #internet: Internet;
  readonly #connections: Connections;
  readonly #strange = new Set<number>();
  #cut = 0;
  #others = 0;

  constructor(sink: FlowSink) {
    this.#connections = new Connections(sink, this.problems);
    this.#internet = new Internet(this.#connections, this.problems);
    this.#packets = new PacketReader(this.problems, packet => this.#packet(packet));
  }

  get counts(): CaptureCounts {
    const { format, packets, offset } = this.#packets;
    const { segments, connections, datagrams } = this.#connections;
    return {
      format,
      bytes: offset,
      packets,
      segments,
      connections,
      datagrams,
      cut: this.#cut,
      others: this.#others + this.#internet.others,
    };
  }

  /** What is kept now, of which limits.ts has the bounds. */
  get kept(): Connections['kept'] & { readonly fragments: number } {
    return { ...this.#connections.kept, fragments: this.#internet.fragments };
  }

  /** More of the file can be understood. */
  get reading(): boolean {
    return this.#packets.reading;
  }

  feed(chunk: Uint8Array): void {
    this.#packets.feed(chunk);
  }

  end(): void {
    this.#packets.end();
    this.#internet.end(this.#packets.offset);
    this.#connections.end();
  }

  #packet({ bytes, start, end, original, time, link, offset }: Packet): void {
    const at = networkAt(link, bytes, start, end);
    const cut = Math.max(0, original - (end - start));
    if (cut > 0) this.#cut++;
    if (at === NO_LINK && !this.#strange.has(link)) {
      this.#strange.add(link);
      this.problems.add(
        offset,
        `packets of link type ${link}, which cannot be read; known are Ethernet, Linux cooked, loopback and raw IP`,
      );
    }
    if (at < 0 || at >= end) this.#others++;
    else this.#internet.packet(bytes, at, end, cut, time, offset);
  }
}
