/**
 * `slipway replay`: recorded runs, run again. A conformance trace is judged again instead: its implementation is not here.
 */

import { rejudge, suiteIn } from '../../conformance/run/rejudge.ts';
import type { Suite } from '../../conformance/suite.ts';
import type { Catalogue } from '../../protocols/catalogue.ts';
import { type Replay, replay as replayTrace } from '../../src/check/replay.ts';
import { printable } from '../../src/host/bytes.ts';
import type { ReadTrace } from '../../src/trace/read.ts';
import { formatDifference } from '../../src/trace/report.ts';
import { isCapture } from '../captures.ts';
import type { Knowing } from '../context.ts';
import { EXIT, type ExitCode, REPLAY_EXIT, usage } from '../exit.ts';
import type { Catalogues } from '../load.ts';
import { requireReadable } from '../places.ts';
import { plural, type Screen } from '../screen.ts';
import { loadTrace } from '../trace-files.ts';
import type { ReplayCaptureFlags } from './captured.ts';

export interface Replayed extends Pick<Replay, 'verdict' | 'why' | 'notes' | 'property'> {
  readonly file: string;
  readonly difference: string | undefined;
}

/** `caseFiles`: where the case of a conformance trace is, if its suite has not got it. */
export async function replayFile(file: string, catalogueOf: Catalogues, caseFiles: readonly string[] = []): Promise<Replayed> {
  const trace = await loadTrace(file);
  const catalogue = await catalogueOf(trace.header?.name ?? '');
  const result =
    trace.header?.kind === 'conformance'
      ? await rejudged(trace, catalogue, caseFiles)
      : replayTrace(name => catalogue.scenarioNamed(name), trace);
  const difference = result.difference === undefined ? undefined : formatDifference(result.difference);
  return { file, verdict: result.verdict, why: result.why, notes: result.notes, property: result.property, difference };
}

async function rejudged(trace: ReadTrace, { suites }: Catalogue, caseFiles: readonly string[]): Promise<Omit<Replay, 'result'>> {
  const { verdict, why } = rejudge(trace, caseFiles.length === 0 ? suites : await withFiles(trace, suites, caseFiles));
  return { verdict, why, notes: [], property: trace.footer?.check ?? '', difference: undefined };
}

/** The suite of the trace, with the cases of these files. */
async function withFiles({ header }: ReadTrace, suites: readonly Suite[], caseFiles: readonly string[]): Promise<readonly Suite[]> {
  const { suiteOf } = await import('../case-files.ts');
  return suites.filter(({ name }) => name === suiteIn(header)).map(suite => suiteOf(suite, caseFiles));
}

export function showReplay(replayed: Replayed, screen: Screen): void {
  const good = replayed.verdict === 'reproduced';
  screen.line(
    `${screen.style(good ? 'green' : 'red', good ? '✓' : '✗')} ${replayed.file}  ${screen.style('bold', replayed.verdict)}: ${printable(replayed.why, 400)}`,
  );
  for (const note of replayed.notes) screen.line(`    ${printable(note, 400)}`);
  if (replayed.difference !== undefined && !good) screen.line(replayed.difference);
}

export interface ReplayFlags extends ReplayCaptureFlags {
  readonly caseFile?: readonly string[];
}

/** What is told of a capture, and would change nothing of a run. */
const OF_CAPTURES = ['lane', 'profile', 'quirk', 'option', 'place'] as const;

async function firstCapture(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    requireReadable('the trace', file);
    if (await isCapture(file)) return file;
  }
  return undefined;
}

export async function replay(files: readonly string[], flags: ReplayFlags, knowing: Knowing): Promise<ExitCode> {
  const { screen, catalogueOf } = knowing;
  const [first] = files;
  if (first === undefined) throw usage('name at least one trace file');
  const captured = flags.as !== undefined || flags.protocol !== undefined;
  const capture = captured ? first : await firstCapture(files);
  if (capture !== undefined) {
    if (files.length > 1) throw usage(`${capture}: captures are replayed one at a time`);
    return (await import('./captured.ts')).replayCapture(first, flags, knowing);
  }
  const idle = OF_CAPTURES.find(option => flags[option] !== undefined);
  if (idle !== undefined) throw usage(`--${idle}: of a capture, or of a trace whose part of one role is played: --as names it`);
  const results: Replayed[] = [];
  for (const file of files) {
    const replayed = await replayFile(file, catalogueOf, flags.caseFile);
    showReplay(replayed, screen);
    results.push(replayed);
  }
  screen.value({ format: 'slipway-replays', v: 1, replays: results });
  if (files.length > 1) {
    const good = results.filter(each => each.verdict === 'reproduced').length;
    screen.line(`${plural(good, 'trace')} of ${results.length} reproduced`);
  }
  let worst: ExitCode = EXIT.ok;
  for (const { verdict } of results) if (REPLAY_EXIT[verdict] > worst) worst = REPLAY_EXIT[verdict];
  return worst;
}
