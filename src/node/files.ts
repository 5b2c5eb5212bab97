/**
 * Trace files as bytes: read piece by piece, written as they grow, compressed when the name ends in `.gz` (RFC 1952).
 * The writer is synchronous, so a program that is busy keeps nothing back in memory, and flushes so that a file cut anywhere
 * can be read up to the last flush before the cut. The reader takes such a file and says that it was cut.
 * Lacks: any knowledge of what a trace is; other compressions; replacing a file at once (write to another name and rename).
 */
import fs from 'node:fs';
import zlib from 'node:zlib';
import { utf8 } from '../host/bytes.ts';
import { DONE, type HostError, ok, type Result } from '../host/result.ts';
import { codeOf, hostError, refuse } from './errors.ts';

export interface ReadProblem {
  /** truncated: cut short, everything before was read. corrupt: not gzip from here on. io: the file could not be read further. */
  readonly kind: 'truncated' | 'corrupt' | 'io';
  /** What, and after how many bytes of the file. */
  readonly text: string;
}

/** Can be iterated once. Never throws: what goes wrong on the way ends the iteration and is the `problem`. */
export interface ChunkReader extends AsyncIterable<Uint8Array> {
  /** What is wrong with the file; known when the iteration has ended. */
  readonly problem: ReadProblem | undefined;
}

export interface TextWriter {
  /** Takes it all. After the first error nothing more is written, and `flush` and `close` answer with it. */
  write(text: string): void;
  /** What was written so far is in the file. */
  flush(): Result<void>;
  /** Completes the file. Again: the same answer. */
  close(): Result<void>;
}

/** `size`: bytes of a piece, at most. ENOENT, EACCES, EISDIR at once. */
export function readChunks(path: string, size: number = READ_SIZE): Result<ChunkReader> {
  const call = `read ${path}`;
  try {
    const descriptor = fs.openSync(path, 'r');
    if (fs.fstatSync(descriptor).isDirectory()) {
      fs.closeSync(descriptor);
      return { ok: false, error: { code: 'EISDIR', call } };
    }
    return ok(path.endsWith('.gz') ? new GzipReader(descriptor) : new PlainReader(descriptor, size));
  } catch (thrown) {
    return refuse(thrown, call);
  }
}

/** Creates or empties the file. ENOENT (no such directory), EACCES, EISDIR at once. */
export function openWriter(path: string): Result<TextWriter> {
  const call = `write ${path}`;
  try {
    const descriptor = fs.openSync(path, 'w');
    return ok(new BlockWriter(descriptor, call, path.endsWith('.gz') ? new GzipBlocks() : PLAIN));
  } catch (thrown) {
    return refuse(thrown, call);
  }
}

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

class PlainReader implements ChunkReader {
  problem: ReadProblem | undefined;
  /** Bytes of the file taken so far. */
  taken = 0;
  readonly #descriptor: number;
  readonly #size: number;

  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor;
    this.#size = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const stream = fs.createReadStream('', { fd: this.#descriptor, highWaterMark: this.#size });
    try {
      for await (const chunk of stream) {
        // Without an encoding a ReadStream gives Buffers, which are Uint8Arrays.
        const bytes = chunk as Uint8Array;
        this.taken += bytes.length;
        yield new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      }
    } catch (thrown) {
      this.problem = { kind: 'io', text: `${codeOf(thrown)} after ${this.taken} bytes` };
    }
  }
}

class GzipReader implements ChunkReader {
  problem: ReadProblem | undefined;
  readonly #file: PlainReader;

  constructor(descriptor: number) {
    this.#file = new PlainReader(descriptor, READ_SIZE);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const inflater = new Inflater();
    for await (const chunk of this.#file) {
      await inflater.feed(chunk);
      yield* inflater.take();
      if (inflater.error !== undefined) break;
    }
    this.problem = this.#file.problem;
    if (this.problem === undefined && inflater.error === undefined) await inflater.end();
    yield* inflater.take();
    this.problem ??= this.#judge(inflater.error);
  }

  #judge(error: string | undefined): ReadProblem | undefined {
    const { taken } = this.#file;
    if (error === 'Z_BUF_ERROR') return { kind: 'truncated', text: `gzip data ends after ${taken} bytes without its trailer` };
    return error === undefined ? undefined : { kind: 'corrupt', text: `${error} within the first ${taken} bytes of gzip data` };
  }
}

/** Gunzip, one piece at a time: whatever a piece gives is there when `feed` is done, also when the next one turns out to be broken. */
class Inflater {
  readonly #gunzip = zlib.createGunzip();
  readonly #output: Uint8Array[] = [];
  error: string | undefined;

  constructor() {
    this.#gunzip.on('data', (bytes: Uint8Array) => this.#output.push(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)));
    this.#gunzip.on('error', thrown => {
      this.error = codeOf(thrown);
    });
  }

  feed(chunk: Uint8Array): Promise<void> {
    return this.#until(done => this.#gunzip.write(chunk, done));
  }

  end(): Promise<void> {
    return this.#until(done => {
      this.#gunzip.once('end', done);
      this.#gunzip.end();
    });
  }

  take(): Uint8Array[] {
    return this.#output.splice(0);
  }

  #until(begin: (done: () => void) => void): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        this.#gunzip.removeListener('close', done);
        resolve();
      };
      this.#gunzip.once('close', done);
      begin(done);
    });
  }
}

// ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How blocks of text become bytes of a file. */
interface Blocks {
  readonly header: Uint8Array;
  block(bytes: Uint8Array): Uint8Array;
  trailer(): Uint8Array;
}

class BlockWriter implements TextWriter {
  readonly #descriptor: number;
  readonly #call: string;
  readonly #blocks: Blocks;
  readonly #texts: string[] = [];
  #length = 0;
  #begun = false;
  #closed = false;
  #error: HostError | undefined;

  constructor(descriptor: number, call: string, blocks: Blocks) {
    this.#descriptor = descriptor;
    this.#call = call;
    this.#blocks = blocks;
  }

  write(text: string): void {
    if (this.#closed) throw new Error(`write after close: ${this.#call}`);
    this.#texts.push(text);
    this.#length += text.length;
    if (this.#texts.length >= BLOCK_TEXTS || this.#length >= BLOCK_LENGTH) this.flush();
  }

  flush(): Result<void> {
    const bytes = utf8(this.#texts.splice(0).join(''));
    this.#length = 0;
    if (!this.#begun) this.#put(this.#blocks.header);
    this.#begun = true;
    if (bytes.length > 0) this.#put(this.#blocks.block(bytes));
    return this.#result();
  }

  close(): Result<void> {
    if (this.#closed) return this.#result();
    this.flush();
    this.#put(this.#blocks.trailer());
    this.#closed = true;
    try {
      fs.closeSync(this.#descriptor);
    } catch (thrown) {
      this.#error ??= hostError(thrown, this.#call);
    }
    return this.#result();
  }

  #put(bytes: Uint8Array): void {
    if (this.#error !== undefined) return;
    try {
      for (let offset = 0; offset < bytes.length; ) offset += fs.writeSync(this.#descriptor, bytes, offset);
    } catch (thrown) {
      this.#error = hostError(thrown, this.#call);
    }
  }

  #result(): Result<void> {
    return this.#error === undefined ? DONE : { ok: false, error: this.#error };
  }
}

const PLAIN: Blocks = { header: new Uint8Array(0), block: bytes => bytes, trailer: () => new Uint8Array(0) };

/** One gzip member. Every block ends at a byte and forgets what came before (Z_FULL_FLUSH), so the blocks can be made one by one. */
class GzipBlocks implements Blocks {
  // RFC 1952 2.3: magic, deflate, no flags, no time of change (equal traces are equal files), no extra flags, system unknown.
  readonly header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
  #checksum = 0;
  #size = 0;

  block(bytes: Uint8Array): Uint8Array {
    this.#checksum = zlib.crc32(bytes, this.#checksum);
    this.#size = (this.#size + bytes.length) % 2 ** 32;
    return zlib.deflateRawSync(bytes, { finishFlush: zlib.constants.Z_FULL_FLUSH });
  }

  trailer(): Uint8Array {
    const last = zlib.deflateRawSync(new Uint8Array(0));
    const trailer = new Uint8Array(last.length + 8);
    trailer.set(last);
    const numbers = new DataView(trailer.buffer, last.length);
    numbers.setUint32(0, this.#checksum, true);
    numbers.setUint32(4, this.#size, true);
    return trailer;
  }
}

const READ_SIZE = 16_384; // at most 1032 times as much when inflated, so 17 MB of a hostile file at once
const BLOCK_TEXTS = 1_024;
const BLOCK_LENGTH = 262_144;
