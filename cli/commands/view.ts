/**
 * `slipway view`: a trace, or two side by side, as one HTML file to look into with a browser.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { diffTraces } from '../../src/trace/diff.ts';
import { formatDifference } from '../../src/trace/report.ts';
import { pageOf } from '../../viewer/html.ts';
import { packTrace } from '../../viewer/pack.ts';
import { EXIT, type ExitCode, Stop, usage } from '../exit.ts';
import { loadCatalogue, protocolIn } from '../load.ts';
import { requireWritable, writtenWhole } from '../places.ts';
import { plural, type Screen } from '../screen.ts';
import { type LoadedTrace, loadTrace } from '../trace-files.ts';
import { plansOf } from './diff.ts';

export interface ViewFlags {
  readonly out?: string;
}

/** Bytes of the file. A browser holds a few times as much. */
export const PAGE_LIMIT = 268_435_456;
/** Stronger takes longer and saves little. */
const GZIP_LEVEL = 6;

export async function view(
  file: string,
  other: string | undefined,
  flags: ViewFlags,
  modules: readonly string[],
  screen: Screen,
): Promise<ExitCode> {
  const out = flags.out ?? pageName(file, other);
  const script = loadScript();
  const traces = [{ file, trace: await loadTrace(file) }];
  if (other !== undefined) traces.push({ file: other, trace: await loadTrace(other) });
  requireWritable('--out', out);
  const packed: string[] = [];
  for (const each of traces) packed.push(await embeddable(each.trace, each.file, modules));
  const pieces = pageOf({ traces: packed, difference: differenceOf(traces.map(({ trace }) => trace)), script, digest });
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (size > PAGE_LIMIT)
    throw usage(
      `the page would have ${size} bytes, more than the ${PAGE_LIMIT} that a browser is given; 'slipway show' has --from and --count`,
    );
  writtenWhole(out, path => writeFileSync(path, pieces.join('')));
  screen.line(out);
  screen.value({ format: 'slipway-viewed', v: 1, out, bytes: size, events: traces.map(({ trace }) => trace.events.length) });
  for (const { trace, file: name } of traces)
    if (trace.problems.length > 0)
      screen.note(
        `${name}: ${trace.state}, ${plural(trace.problems.length, 'problem')}; the page has what could be read, and says what is wrong`,
      );
  return EXIT.ok;
}

/** Beside the present folder's files: the name of the trace, without the folders it is in. */
function pageName(file: string, other: string | undefined): string {
  const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/(\.jsonl)?(\.gz)?$/, '');
  return `${nameOf(file)}${other === undefined ? '' : `-and-${nameOf(other)}`}.html`;
}

async function embeddable(trace: LoadedTrace, file: string, modules: readonly string[]): Promise<string> {
  const protocol = protocolIn(trace.header?.name ?? '');
  const { protocols } = await loadCatalogue(modules, [protocol]);
  const { decoders = {} } = protocols.find(each => each.name === protocol) ?? {};
  return gzipSync(packTrace(trace, file, decoders), { level: GZIP_LEVEL }).toString('base64');
}

/** Of two traces: the first event that differs, in the words of `slipway diff`. */
function differenceOf([one, other]: readonly LoadedTrace[]): string | undefined {
  if (one === undefined || other === undefined) return undefined;
  const difference = diffTraces(one.events, other.events, { truncated: one.truncated });
  if (difference === undefined) return JSON.stringify({ index: 0, text: `${plural(one.events.length, 'event')}, all the same` });
  const { index, hardAt, soft, recordedTotal, replayedTotal, category } = difference;
  const why = /^ {2}why +(.*)$/m.exec(formatDifference(difference))?.[1] ?? '';
  const plans = plansOf(one.header, other.header);
  const place = `event ${index} of ${recordedTotal}${recordedTotal === replayedTotal ? '' : ` and ${replayedTotal}`}`;
  const text = `First difference: ${category} at ${place}: ${why}${plans === undefined ? '' : ` (${plans})`}`;
  // Where only times differ at first, what differs in more is what one wants to see.
  return JSON.stringify({ index: soft && hardAt >= 0 ? hardAt : index, text });
}

const SCRIPT = 'viewer/page/main.js';

/** What tools/page.js makes, beside what is compiled. */
function loadScript(): string {
  const path = fileURLToPath(new URL(`../../${import.meta.url.endsWith('.ts') ? 'dist/' : ''}${SCRIPT}`, import.meta.url));
  if (!existsSync(path)) throw new Stop(EXIT.internal, `the script of the viewer is not there (${SCRIPT}); 'npm run build' makes it`);
  return readFileSync(path, 'utf8').trimEnd();
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
