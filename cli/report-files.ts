/**
 * Reports as files, read with care.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../conformance/report/report.ts';
import { concat, fromUtf8, printable } from '../src/host/bytes.ts';
import { readChunks } from '../src/node/files.ts';
import { usage } from './exit.ts';
import { requireReadable } from './places.ts';

/** Bytes. A report of three roles with every wire log is 0.9 MB. */
const FILE_LIMIT = 67_108_864;
export const REPORT_FILE = 'report.json';

/** The report in a file, or in the folder that `conform --report` wrote. Ends the command with one line when there is none. */
export async function loadReport(path: string): Promise<Report> {
  const file = isFolder(path) ? join(path, REPORT_FILE) : path;
  const text = await loadText(file);
  // Only who reads a report pays for the start of zod.
  const { readReport } = await import('../conformance/report/read.ts');
  const read = readReport(text);
  if (read.ok) return read.report;
  throw usage(`${printable(file)}: ${read.message}`);
}

/** The whole text of a file, packed or not. */
export async function loadText(path: string): Promise<string> {
  requireReadable('the file', path);
  const opened = readChunks(path);
  if (!opened.ok) throw usage(`${printable(path)}: cannot be read: ${opened.error.code}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of opened.value) {
    size += chunk.length;
    if (size > FILE_LIMIT) throw usage(`${printable(path)}: larger than ${FILE_LIMIT} bytes`);
    chunks.push(chunk);
  }
  const { problem } = opened.value;
  if (problem !== undefined) throw usage(`${printable(path)}: ${problem.text}`);
  const text = fromUtf8(concat(chunks));
  if (text === undefined) throw usage(`${printable(path)}: not UTF-8`);
  return text;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
