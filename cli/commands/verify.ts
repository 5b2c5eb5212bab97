/**
 * `slipway verify`: whether traces are as they were written: order, counts, byte chain and fingerprint. Read piece by piece, so that a trace may be
 * larger than memory.
 */
import { type Finish, type Item, TraceDecoder } from '../../src/trace/decode.ts';
import { ENGINE_VERSION, TRACE_VERSION, type TraceHeader } from '../../src/trace/event.ts';
import { formatProblem, type Problem } from '../../src/trace/problem.ts';
import { isCapture } from '../captures.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openedAgain } from '../opened-again.ts';
import { requireReadable } from '../places.ts';
import { plural, type Screen } from '../screen.ts';

/** Of one file, as JSON. */
interface Verified {
  readonly file: string;
  readonly state: Finish['state'];
  readonly version: readonly [number, number] | null;
  readonly engine: number | null;
  readonly events: number;
  /** Blocks between checkpoints, of which the chain and the fingerprint are as stated. */
  readonly verifiedBlocks: number;
  readonly problems: readonly Problem[];
  /** Of the file itself: its compression, or its disk. */
  readonly damage: string | null;
}

export async function verify(files: readonly string[], screen: Screen): Promise<ExitCode> {
  const results: Verified[] = [];
  for (const file of files) {
    const result = await verified(file, screen);
    results.push(result);
    show(result, screen);
  }
  screen.value({ format: 'slipway-verified', v: 1, files: results });
  const good = results.filter(isGood).length;
  if (files.length > 1) screen.line(`${plural(good, 'trace')} of ${files.length} as written`);
  return results.map(exitOf).reduce((worst, each) => (each > worst ? each : worst), EXIT.ok);
}

const CAPTURE: Problem = {
  ...{ code: 'format', line: 0, offset: 0, column: undefined },
  ...{ message: 'it is a capture, in which nothing says how it was written', advice: 'slipway import makes a trace of it' },
};

async function verified(file: string, screen: Screen): Promise<Verified> {
  requireReadable('the trace', file);
  if (await isCapture(file))
    return { file, state: 'unreadable', version: null, engine: null, events: 0, verifiedBlocks: 0, problems: [CAPTURE], damage: null };
  const chunks = await openedAgain(file);
  // Nothing is kept of an event, so that there is no limit to them.
  const decoder = new TraceDecoder({ eventLimit: Number.MAX_SAFE_INTEGER });
  const problems: Problem[] = [];
  let header: TraceHeader | undefined;
  let version: readonly [number, number] | undefined;
  let [events, verifiedBlocks] = [0, 0];
  const take = (items: readonly Item[]): void => {
    for (const item of items) {
      if (item.type === 'event') events++;
      else if (item.type === 'problem') problems.push(item.problem);
      else if (item.type === 'checkpoint' && item.verified) verifiedBlocks++;
      else if (item.type === 'header') ({ header, version } = item);
    }
  };
  for await (const chunk of chunks) {
    take(decoder.push(chunk));
    screen.progress(() => `${plural(events, 'event')} of ${file} read`);
    if (decoder.stopped) break;
  }
  const { items, state } = decoder.finish();
  take(items);
  const damage = chunks.problem?.text ?? null;
  return { file, state, version: version ?? null, engine: header?.engine ?? null, events, verifiedBlocks, problems, damage };
}

const isGood = ({ state, damage }: Verified): boolean => state === 'complete' && damage === null;

function exitOf(result: Verified): ExitCode {
  if (isGood(result)) return EXIT.ok;
  if (result.state !== 'unreadable') return EXIT.findings;
  return result.problems.some(({ code }) => code === 'version') ? EXIT.unreplayable : EXIT.usage;
}

function show(result: Verified, screen: Screen): void {
  const { file, state, events, version, engine, problems, damage } = result;
  const good = isGood(result);
  const found = state === 'unreadable' ? '' : `: ${plural(events, 'event')}${good ? ', chain, fingerprint and counts as written' : ''}`;
  screen.line(`${screen.style(good ? 'green' : 'red', good ? '✓' : '✗')} ${file}  ${screen.style('bold', state)}${found}`);
  for (const problem of problems) screen.line(`    ${formatProblem(problem)}`);
  if (damage !== null) screen.line(`    ${damage}`);
  if (version !== null && version[0] !== TRACE_VERSION[0])
    screen.line(`    version ${version.join('.')} of the format: slipway upgrade writes it as ${TRACE_VERSION.join('.')}`);
  if (engine !== null && engine !== ENGINE_VERSION)
    screen.line(`    recorded with engine ${engine}, this is engine ${ENGINE_VERSION}: it can be read, and not be run again`);
}
