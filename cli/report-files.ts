/**
 * Reports as files: read with care, and written in whatever forms were asked for.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FORMS, type Form, formNamed } from '../conformance/report/forms.ts';
import type { Report } from '../conformance/report/report.ts';
import { concat, fromUtf8, printable } from '../src/host/bytes.ts';
import { readChunks } from '../src/node/files.ts';
import { usage } from './exit.ts';
import { demandReadable } from './places.ts';
import { saveTrace } from './trace-files.ts';

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
  demandReadable('the file', path);
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

/** Names after `--format`, with commas; `all` for every form. */
export function formsNamed(text: string): readonly Form[] {
  if (text === 'all') return FORMS;
  return text.split(',').map(name => {
    const form = formNamed(name.trim());
    if (form !== undefined) return form;
    throw usage(`there is no form '${printable(name)}'; there are ${FORMS.map(each => each.name).join(', ')}, and all`);
  });
}

/** One file for each form. Returns what was written. */
export function writeForms(report: Report, folder: string, forms: readonly Form[]): readonly string[] {
  return forms.map(form => {
    const path = join(folder, form.file);
    saveTrace(path, [form.render(report)]);
    return path;
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
