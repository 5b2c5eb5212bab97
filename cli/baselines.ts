/**
 * The baseline of a run: read before anything is played, applied to the report, and written where that was asked for.
 */
import { existsSync } from 'node:fs';
import { applyBaseline, type Baseline, encodeBaseline, nextBaseline } from '../conformance/report/baseline.ts';
import type { Report } from '../conformance/report/report.ts';
import type { Suite } from '../conformance/suite.ts';
import { printable } from '../src/host/bytes.ts';
import { usage } from './exit.ts';
import { requireWritable } from './places.ts';
import { loadText } from './report-files.ts';
import { plural } from './screen.ts';
import { saveTrace } from './trace-files.ts';

export interface BaselineFlags {
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly force?: boolean;
}

export interface OpenBaseline {
  /** The report with what the baseline says of it. */
  readonly applied: (report: Report) => Report;
  /** Writes the next baseline, where that was asked for, and says so in one line. */
  readonly write: (report: Report) => string | undefined;
}

export async function openBaseline(suite: Suite, flags: BaselineFlags): Promise<OpenBaseline> {
  const { baseline: path, writeBaseline: target, force = false } = flags;
  if (force && target === undefined) throw usage('--force goes with --write-baseline');
  const known = path === undefined ? undefined : await loadBaseline(path, suite);
  if (target !== undefined) requireWritable('--write-baseline', target);
  const old = target !== undefined && existsSync(target) ? await loadBaseline(target, suite) : undefined;
  return {
    applied: report => (known === undefined ? report : applyBaseline(report, known, dateOf(report), suite.cases).report),
    write: report => (target === undefined ? undefined : writeNext(report, suite, target, old, force)),
  };
}

async function loadBaseline(path: string, suite: Suite): Promise<Baseline> {
  const text = await loadText(path);
  // Only who reads a baseline pays for the start of zod.
  const { readBaseline } = await import('../conformance/report/baseline-schema.ts');
  const read = readBaseline(text);
  if (!read.ok) throw usage(`${printable(path)}: ${read.message}`);
  if (read.value.suite === suite.name) return read.value;
  throw usage(`${printable(path)}: a baseline of the suite ${printable(read.value.suite)}, not of ${suite.name}`);
}

function writeNext(report: Report, suite: Suite, path: string, old: Baseline | undefined, force: boolean): string {
  const { baseline, grown } = nextBaseline(report, old, dateOf(report), suite.cases);
  if (old !== undefined && grown.length > 0 && !force)
    throw usage(`${printable(path)}: not written, because it would grow by ${grown.join(', ')}; repair them, or let it grow with --force`);
  saveTrace(path, [encodeBaseline(baseline)]);
  return `baseline: ${path}: ${plural(baseline.entries.length, 'entry', 'entries')}, ${old?.entries.length ?? 0} before`;
}

/** The day of the run. A report of virtual time has no clock: the day is the one that reproducible builds are given, or today. */
function dateOf({ run }: Report): string {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  const today = epoch !== undefined && /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1_000) : new Date();
  return (run?.started ?? today.toISOString()).slice(0, 10);
}
