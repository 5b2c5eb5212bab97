/**
 * The bytes that pack.ts makes, as columns. They come from the page itself: what does not fit together is a fault of ours, and throws.
 */
import { textOf } from '../src/host/bytes.ts';
import { COLUMNS, type Column, type Columns, type Head, NONE, Payloads, Texts } from './columns.ts';
import { VarintReader } from './varints.ts';

export function unpackTrace(packed: Uint8Array): Columns {
  const sections = sectionsOf(packed);
  const next = (): Uint8Array => {
    const section = sections.shift();
    if (section === undefined) throw new RangeError('a section of the trace is missing');
    return section;
  };
  const head: Head = JSON.parse(textOf(next()));
  const texts = (): Texts => textsOf(next(), next());
  const list = (): readonly string[] => {
    const table = texts();
    return Array.from({ length: table.count }, (_, at) => table.text(at));
  };
  const count = head.events;
  const tables = { processes: list(), kinds: list(), channels: list(), datas: texts(), itemLists: texts() };
  const readers = Object.fromEntries(COLUMNS.map(name => [name, new VarintReader(next())])) as Record<Column, VarintReader>;
  const column = <T extends Float64Array | Uint32Array | Uint16Array | Int32Array>(
    name: Column,
    into: T,
    value: (read: number, place: number) => number,
  ): T => {
    const reader = readers[name];
    for (let place = 0; place < count; place++) into[place] = value(reader.read(), place);
    return into;
  };
  const plain = (value: number): number => value;
  let [index, time, end] = [-1, 0, 0];
  const starts = new Uint32Array(count + 1);
  return {
    head,
    count,
    ...tables,
    index: column('index', new Float64Array(count), gap => {
      index += gap + 1;
      return index;
    }),
    time: column('time', new Float64Array(count), step => {
      time += unsigned(step);
      return time;
    }),
    process: column('process', new Uint32Array(count), plain),
    kind: column('kind', new Uint16Array(count), plain),
    channel: column('channel', new Uint32Array(count), plain),
    cause: column('cause', new Int32Array(count), (back, place) => (back === 0 ? NONE : place - back)),
    message: column('message', new Float64Array(count), plain),
    data: column('data', new Uint32Array(count), plain),
    items: column('items', new Uint32Array(count), plain),
    payloads: new Payloads(
      next(),
      column('kept', starts, (length, place) => {
        end += length;
        starts[place + 1] = end;
        return end - length;
      }),
      column('length', new Float64Array(count), length => length - 1),
    ),
  };
}

function sectionsOf(packed: Uint8Array): Uint8Array[] {
  const reader = new VarintReader(packed);
  const lengths = Array.from({ length: reader.read() }, () => reader.read());
  let at = packed.length - lengths.reduce((sum, length) => sum + length, 0);
  return lengths.map(length => {
    at += length;
    return packed.subarray(at - length, at);
  });
}

function textsOf(lengths: Uint8Array, bytes: Uint8Array): Texts {
  const reader = new VarintReader(lengths);
  const starts = new Uint32Array(reader.read() + 1);
  for (let at = 1; at < starts.length; at++) starts[at] = (starts[at - 1] ?? 0) + reader.read();
  return new Texts(bytes, starts);
}

const unsigned = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);
