/**
 * A trace and its messages, as the bytes that a page embeds. A section is its length and its bytes: the head as JSON, the tables of texts, a column
 * for each field of an event, the payloads. unpack.ts is the other side.
 * Lacks: compression (the command), payload bytes beyond those a page keeps of an event.
 */
import { concat, EMPTY, hex, utf8 } from '../src/host/bytes.ts';
import { canonicalData } from '../src/trace/canonical.ts';
import { DecodedTrace } from '../src/trace/decoded.ts';
import type { TraceEvent } from '../src/trace/event.ts';
import type { Decoders, Item } from '../src/trace/message.ts';
import { formatProblem } from '../src/trace/problem.ts';
import type { ReadTrace } from '../src/trace/read.ts';
import { COLUMNS, type Column, type Head, NONE, type Said } from './columns.ts';
import { VarintWriter } from './varints.ts';

/** Payload bytes that a page has of one event. */
export const PAYLOAD_KEPT = 65_536;
/** Bytes of the longest text that stands in a message; what is longer is cut. */
const FIELD_KEPT = 4_096;

/** `trace` has a header. `file`: what the user calls it. */
export function packTrace(trace: ReadTrace, file: string, decoders: Decoders): Uint8Array {
  const { header, events, footer, state, problems, truncated } = trace;
  if (header === undefined) throw new TypeError('a trace without a header cannot be shown');
  const columns = new Columner(decoders, truncated);
  for (const event of events) columns.take(event);
  const { name, kind, clock, seed, title, plan } = header;
  const head: Head = {
    v: 1,
    file,
    header: { name, kind, clock, seed, title, plan },
    footer: footer ?? null,
    state,
    problems: problems.map(formatProblem),
    events: events.length,
    decided: footer === undefined ? NONE : columns.placeOf(footer.at),
  };
  const sections = [utf8(JSON.stringify(head)), ...columns.sections()];
  const lengths = new VarintWriter();
  lengths.write(sections.length);
  for (const section of sections) lengths.write(section.length);
  return concat([lengths.bytes(), ...sections]);
}

class Columner {
  readonly #decoded: DecodedTrace;
  readonly #truncated: ReadonlyMap<number, number>;
  readonly #places = new Map<number, number>();
  /** Bytes of each direction of each stream so far. */
  readonly #offsets = new Map<string, number>();
  readonly #numbers: Readonly<Record<Column, VarintWriter>> = columnWriters();
  readonly #processes = new Table();
  readonly #kinds = new Table();
  readonly #channels = new Table();
  readonly #datas = new Table(['']);
  readonly #items = new Table(['']);
  readonly #payloads: Uint8Array[] = [];
  #index = -1;
  #time = 0;

  constructor(decoders: Decoders, truncated: ReadonlyMap<number, number>) {
    this.#decoded = new DecodedTrace(decoders);
    this.#truncated = truncated;
  }

  take(event: TraceEvent): void {
    const { index, time, process, kind, channel, cause, message, bytes, data } = event;
    const to = this.#numbers;
    const place = this.#places.size;
    this.#places.set(index, place);
    to.index.write(index - this.#index - 1);
    // Events are in order of time, but in a trace that was written by hand.
    to.time.write(signed(time - this.#time));
    [this.#index, this.#time] = [index, time];
    to.process.write(this.#processes.at(process));
    to.kind.write(this.#kinds.at(kind));
    to.channel.write(this.#channels.at(channel));
    const from = this.#places.get(cause);
    to.cause.write(from === undefined ? 0 : place - from);
    to.message.write(message);
    to.data.write(data === undefined ? 0 : this.#datas.at(canonicalData(data)));
    to.items.write(this.#itemsOf(event));
    to.length.write((bytes === undefined ? NONE : (this.#truncated.get(index) ?? bytes.length)) + 1);
    to.kept.write(Math.min(bytes?.length ?? 0, PAYLOAD_KEPT));
    if (bytes !== undefined) this.#payloads.push(bytes.subarray(0, PAYLOAD_KEPT));
  }

  placeOf(index: number): number {
    return this.#places.get(index) ?? NONE;
  }

  sections(): readonly Uint8Array[] {
    const tables = [this.#processes, this.#kinds, this.#channels, this.#datas, this.#items];
    return [
      ...tables.flatMap(table => table.sections()),
      ...COLUMNS.map(name => this.#numbers[name].bytes()),
      this.#payloads.length === 0 ? EMPTY : concat(this.#payloads),
    ];
  }

  #itemsOf(event: TraceEvent): number {
    const items = this.#decoded.see(event);
    const before = this.#passed(event);
    return items.length === 0 ? 0 : this.#items.at(JSON.stringify(items.map(item => saidOf(item, before, event.bytes ?? EMPTY))));
  }

  /** Bytes of its stream before an event; NONE where there is no stream. */
  #passed({ kind, channel, bytes = EMPTY }: TraceEvent): number {
    if (kind !== 'send' && kind !== 'recv') return NONE;
    const key = `${kind} ${channel}`;
    const before = this.#offsets.get(key) ?? 0;
    this.#offsets.set(key, before + bytes.length);
    return before;
  }
}

function saidOf(item: Item, before: number, payload: Uint8Array): Said {
  if (item.kind === 'violation')
    return { clause: item.clause, detail: item.detail, ...(before < 0 ? {} : { at: item.offset - before, length: 1 }) };
  const { type, fields, bytes, offset, spans } = item;
  const at = before < 0 || offset === undefined ? placeIn(bytes, payload) : offset - before;
  const kept = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, FIELD_KEPT) : value]),
  );
  return { type, fields: kept, ...(at === undefined ? {} : { at, length: bytes.length }), ...(spans === undefined ? {} : { spans }) };
}

/** Where the decoder does not say it: a message that is the payload, or a view of it. */
function placeIn(bytes: Uint8Array, payload: Uint8Array): number | undefined {
  if (bytes.length === 0 || bytes.length > payload.length) return undefined;
  const at = bytes.buffer === payload.buffer ? bytes.byteOffset - payload.byteOffset : 0;
  const isThere = at >= 0 && hex(payload.subarray(at, at + bytes.length)) === hex(bytes);
  return isThere ? at : undefined;
}

/** Texts by number, each once. */
class Table {
  readonly #numbers = new Map<string, number>();

  constructor(first: readonly string[] = []) {
    for (const text of first) this.at(text);
  }

  at(text: string): number {
    const found = this.#numbers.get(text);
    if (found !== undefined) return found;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** Lengths, and the texts in one piece. */
  sections(): readonly [Uint8Array, Uint8Array] {
    const lengths = new VarintWriter();
    lengths.write(this.#numbers.size);
    const texts: Uint8Array[] = [];
    for (const text of this.#numbers.keys()) {
      const bytes = utf8(text);
      lengths.write(bytes.length);
      texts.push(bytes);
    }
    return [lengths.bytes(), concat(texts)];
  }
}

const columnWriters = (): Readonly<Record<Column, VarintWriter>> => ({
  index: new VarintWriter(),
  time: new VarintWriter(),
  process: new VarintWriter(),
  kind: new VarintWriter(),
  channel: new VarintWriter(),
  cause: new VarintWriter(),
  message: new VarintWriter(),
  data: new VarintWriter(),
  items: new VarintWriter(),
  length: new VarintWriter(),
  kept: new VarintWriter(),
});

/** 0, -1, 1, -2, 2 … as 0, 1, 2, 3, 4. */
const signed = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
