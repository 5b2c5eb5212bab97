/**
 * `node --import tsx bench/idea.ts [--variants]`: IDEA in MB/s beside GCRY_CIPHER_IDEA of libgcrypt in ECB mode, in turns in
 * the same run; with --variants also the other ways to write it. Absolute numbers are this machine's; the ratio is what to
 * compare. Needs a C compiler and libgcrypt's header (Debian: libgcrypt20-dev); without them it says so and goes on.
 */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { equalBytes } from '../src/host/bytes.ts';
import { expandKey, Idea } from '../src/impl/cipher/idea.ts';
import { variants } from './idea/variants.ts';

const KEY = Uint8Array.of(0x21, 0x51, 0xc5, 0x21, 0x12, 0x34, 0x5a, 0xbc, 0xde, 0xf7, 0x89, 0x0a, 0xbc, 0xde, 0xf0, 0x12);
/** A long text, where only the rounds count; and a usual request, where each call does. */
const LENGTHS = [65_536, 64];
/** Many and short: what else the machine does then hits both sides of a turn alike. */
const TURNS = 60;
const TURN_MS = 20;

const message = (length: number): Uint8Array => new Uint8Array(length).map((_, at) => at * 31 + (at >> 8));

/** Encrypts for about TURN_MS; in MB/s. */
function measure(encrypt: (blocks: Uint8Array) => Uint8Array, blocks: Uint8Array): number {
  const start = performance.now();
  let calls = 0;
  let end = start;
  do {
    for (let done = 0; done < 65_536; done += blocks.length, calls++) encrypt(blocks);
    end = performance.now();
  } while (end - start < TURN_MS);
  return (calls * blocks.length) / 1e3 / (end - start);
}

const median = (values: readonly number[]): number => [...values].sort((left, right) => left - right)[values.length >> 1] ?? 0;

function show(name: string, rates: readonly number[]): void {
  const best = Math.max(...rates);
  console.log(`${name.padEnd(58)} ${median(rates).toFixed(1).padStart(7)} MB/s   best ${best.toFixed(1).padStart(7)}`);
}

// ── the peer ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Peer {
  readonly version: string;
  measure(length: number): Promise<number>;
  close(): void;
}

/** Builds and starts the peer, or says why not. */
async function startPeer(): Promise<Peer | undefined> {
  // Beside this file, or two folders up from where the build puts it.
  const source = ['idea/libgcrypt.c', '../../bench/idea/libgcrypt.c']
    .map(path => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const program = join(folder, 'libgcrypt');
  try {
    execFileSync('cc', ['-O2', '-o', program, source ?? 'libgcrypt.c', '-lgcrypt'], { stdio: 'pipe' });
  } catch (error) {
    rmSync(folder, { recursive: true });
    const why =
      error instanceof Error ? (error.message.split('\n').find(line => /error|ENOENT/.test(line)) ?? error.message) : String(error);
    console.log(`libgcrypt is not measured: ${why}\n(it needs cc and libgcrypt20-dev)\n`);
    return undefined;
  }
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the peer ended before it answered');
    return line.value;
  };
  return {
    version: await next(),
    measure: async length => {
      child.stdin.write(`${length} ${TURN_MS}\n`);
      return Number(await next());
    },
    close: () => {
      child.stdin.end();
      rmSync(folder, { recursive: true });
    },
  };
}

// ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const cipher = new Idea(KEY);

async function compare(peer: Peer | undefined, length: number): Promise<void> {
  const blocks = message(length);
  const sides = {
    encrypt: [] as number[],
    decrypt: [] as number[],
    peer: [] as number[],
  };
  measure(bytes => cipher.encrypt(bytes), blocks);
  for (let turn = 0; turn < TURNS; turn++) {
    sides.encrypt.push(measure(bytes => cipher.encrypt(bytes), blocks));
    sides.decrypt.push(measure(bytes => cipher.decrypt(bytes), blocks));
    if (peer !== undefined) sides.peer.push(await peer.measure(length));
  }
  console.log(`messages of ${length} bytes`);
  show('Idea.encrypt', sides.encrypt);
  show('Idea.decrypt', sides.decrypt);
  if (peer !== undefined) {
    show('libgcrypt, ECB', sides.peer);
    const ratios = sides.encrypt.map((rate, turn) => rate / (sides.peer[turn] ?? Number.NaN));
    const best = Math.max(...sides.encrypt) / Math.max(...sides.peer);
    console.log(`  Idea.encrypt / libgcrypt: ${median(ratios).toFixed(2)} (median of the turns; best of each: ${best.toFixed(2)})`);
  }
  console.log('');
}

function compareVariants(): void {
  const blocks = message(65_536);
  const subkeys = expandKey(KEY);
  const expected = cipher.encrypt(blocks);
  const all = [{ name: 'kept', encrypt: (bytes: Uint8Array) => cipher.encrypt(bytes) }, ...variants].map(each => ({
    ...each,
    rates: [] as number[],
  }));
  for (const { name, encrypt } of all) if (!equalBytes(encrypt(blocks, subkeys), expected)) throw new Error(`${name}: encrypts wrongly`);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { encrypt, rates } of all) rates.push(measure(bytes => encrypt(bytes, subkeys), blocks));
  }
  console.log('variants, messages of 65536 bytes');
  for (const { name, rates } of all) show(name, rates);
}

const peer = await startPeer();
console.log(`Node ${process.version}, ${process.platform} ${process.arch}${peer === undefined ? '' : `, ${peer.version}`}\n`);
for (const length of LENGTHS) await compare(peer, length);
peer?.close();
if (process.argv.includes('--variants')) compareVariants();
