/** The vectors of conformance/lifetime/vectors, read and expanded. */
import { readFileSync } from 'node:fs';
import { concat, unhex } from '../../../src/host/bytes.ts';

interface Filled {
  readonly fill: string;
  readonly length: number;
}
export interface FrameVector {
  readonly name: string;
  readonly hex: string;
  readonly then?: Filled;
  readonly view: readonly {
    readonly offset: number;
    readonly type?: string | Filled;
    readonly payload?: string | Filled;
    readonly error?: string;
    readonly have?: number;
    readonly want?: number;
  }[];
}
export interface RunVector {
  readonly name: string;
  readonly flags: readonly string[];
  readonly frames: readonly (readonly [string, string])[];
  readonly hex: string | null;
  readonly status: number | null;
}
export interface WritesVector {
  readonly message: string;
  readonly type: string;
  readonly payloadLength: number;
  readonly calls: readonly number[];
}
export interface ChunkVector {
  readonly cut: readonly number[];
  readonly frame: string;
  readonly delivered: readonly (readonly [string, string])[];
}

function load<Row>(file: string, key: string): readonly Row[] {
  const text = readFileSync(new URL(`../../../conformance/lifetime/vectors/${file}`, import.meta.url), 'utf8');
  const rows: unknown = JSON.parse(text)[key];
  if (!Array.isArray(rows) || rows.length === 0) throw new Error(`${file}: no ${key}`);
  // The files are ours and their rows have this shape; a wrong one fails the tests that read it.
  return rows as Row[];
}

export const FRAME_VECTORS: readonly FrameVector[] = load('frames.json', 'frames');
export const RUN_VECTORS: readonly RunVector[] = load('sequences.json', 'runs');
export const WRITES_VECTORS: readonly WritesVector[] = load('writes.json', 'writes');
export const CHUNK_VECTORS: readonly ChunkVector[] = load('clients.json', 'chunked');

export function bytesOf(text: string): Uint8Array {
  const bytes = unhex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text.slice(0, 40)}`);
  return bytes;
}

/** As hexadecimal, whether spelled out or filled. */
export const expandHex = (value: string | Filled): string => (typeof value === 'string' ? value : value.fill.repeat(value.length));

export const inputOf = (vector: FrameVector): Uint8Array =>
  concat([bytesOf(vector.hex), bytesOf(vector.then === undefined ? '' : expandHex(vector.then))]);
