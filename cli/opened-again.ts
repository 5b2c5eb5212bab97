/**
 * Files that are read more than once: to see what they are, what is spoken in them, and what is in them. What a shell put into a descriptor (`<(…)`,
 * `/dev/stdin` behind a `|`) can be read once; it is kept in a file that has no name, which is gone with this process however it ends.
 * Lacks: pipes that have a name, which nothing reads (places.ts).
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../src/node/errors.ts';
import { type ChunkReader, readChunks } from '../src/node/files.ts';
import { usage } from './exit.ts';

/** Ends the command with one line where it cannot be read. */
export async function openedAgain(path: string, size?: number): Promise<ChunkReader> {
  const chunks = readChunks(await lasting(path), size);
  if (!chunks.ok) throw usage(`${path}: cannot be read: ${chunks.error.code}`);
  return chunks.value;
}

/** By the paths of pipes. */
const kept = new Map<string, string>();

async function lasting(path: string): Promise<string> {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return path;
  const copy = kept.get(path) ?? (await copyOf(path));
  kept.set(path, copy);
  return copy;
}

async function copyOf(path: string): Promise<string> {
  try {
    const folder = fs.mkdtempSync(join(tmpdir(), 'slipway-pipe-'));
    const descriptor = fs.openSync(join(folder, 'copy'), 'wx+');
    fs.rmSync(folder, { recursive: true });
    await pipeline(fs.createReadStream(path), fs.createWriteStream('', { fd: descriptor, autoClose: false }));
    return `/proc/self/fd/${descriptor}`;
  } catch (thrown) {
    throw usage(`${path}: cannot be kept in ${tmpdir()} while it is looked at: ${codeOf(thrown)}; write it to a file, and name that`);
  }
}
