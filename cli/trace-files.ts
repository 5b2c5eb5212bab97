/**
 * Traces as files: read whole, written whole. gzip by file name.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { concat } from '../src/host/bytes.ts';
import { openWriter } from '../src/node/files.ts';
import { formatProblem } from '../src/trace/problem.ts';
import { readTrace } from '../src/trace/read.ts';
import { EXIT, Stop, usage } from './exit.ts';
import type { LoadedTrace } from './loaded-trace.ts';
import { openedAgain } from './opened-again.ts';
import { makeFolder, requireReadable, unwritable, writtenWhole } from './places.ts';

/** A trace that is larger is not a case to replay but a log; nothing here could show it. */
const FILE_LIMIT = 1_073_741_824;

/**
 * Ends the command with one line when there is no trace in the file. What can be read of a damaged one is returned. A capture is made a
 * trace on the way; `modules`: what is known beside our own protocols, where it has to be guessed what is spoken.
 */
export async function loadTrace(path: string, modules: readonly string[] = []): Promise<LoadedTrace> {
  requireReadable('the trace', path);
  const captures = await import('./captures.ts');
  if (await captures.isCapture(path)) return captures.loadCapture(path, modules);
  const opened = await openedAgain(path);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of opened) {
    size += chunk.length;
    if (size > FILE_LIMIT) throw usage(`${path}: larger than ${FILE_LIMIT} bytes`);
    chunks.push(chunk);
  }
  const trace = readTrace(chunks);
  const damage = opened.problem?.text;
  if (trace.header !== undefined) return { ...trace, damage };
  const problem = damage ?? (trace.problems[0] === undefined ? undefined : formatProblem(trace.problems[0]));
  if (trace.problems[0]?.code === 'version') throw new Stop(EXIT.unreplayable, `${path}: ${problem}`);
  throw usage(`${path}: not a trace${problem === undefined ? '' : `: ${problem}`}`);
}

/** Makes the folder, too, where it is missing. The file is complete, or it is as it was. */
export function saveTrace(path: string, pieces: Iterable<string>): void {
  save(path, target => {
    const writer = openWriter(target);
    if (!writer.ok) throw usage(`${path}: cannot be written: ${writer.error.code}`);
    for (const piece of pieces) writer.value.write(piece);
    const closed = writer.value.close();
    if (!closed.ok) throw usage(`${path}: could not be written to its end: ${closed.error.code}`);
  });
}

/** Bytes that are no text, such as a capture. */
export function saveBytes(path: string, parts: readonly Uint8Array[]): void {
  save(path, target => writeFileSync(target, concat(parts)));
}

function save(path: string, write: (target: string) => void): void {
  try {
    makeFolder(dirname(path));
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
  writtenWhole(path, write);
}
