/**
 * Traces as files: read whole, written whole. gzip by file name.
 * May import: trace, node, exit.ts.
 */
import { openWriter, readChunks } from '../node/files.ts';
import { readTrace, type ReadTrace } from '../trace/read.ts';
import { formatProblem } from '../trace/problem.ts';
import { usage } from './exit.ts';

/** A trace that is larger is not a case to replay but a log; nothing here could show it. */
const FILE_LIMIT = 1_073_741_824;

/** Ends the command with one line when there is no trace in the file. What can be read of a damaged one is returned. */
export async function loadTrace(path: string): Promise<ReadTrace> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of readChunks(path)) {
      size += chunk.length;
      if (size > FILE_LIMIT) throw usage(`${path}: larger than ${FILE_LIMIT} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Error ? usage(`${path}: cannot be read: ${error.message}`) : error;
  }
  return readTrace(chunks);
}

/** As `loadTrace`, for commands that need at least a header. */
export async function loadReadable(path: string): Promise<ReadTrace> {
  const trace = await loadTrace(path);
  if (trace.header === undefined) {
    const problem = trace.problems[0];
    throw usage(`${path}: not a trace${problem === undefined ? '' : `: ${formatProblem(problem)}`}`);
  }
  return trace;
}

export async function saveTrace(path: string, pieces: Iterable<string>): Promise<void> {
  try {
    const writer = openWriter(path);
    for (const piece of pieces) writer.write(piece);
    await writer.close();
  } catch (error) {
    throw usage(`${path}: cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
