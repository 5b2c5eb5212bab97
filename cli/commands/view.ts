/**
 * `slipway view`: a trace, or two side by side, as one HTML file to look into with a browser.
 */
import { writeFileSync } from 'node:fs';
import { diffTraces } from '../../src/trace/diff.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { formatDifference } from '../../src/trace/report.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { decodersOf, protocolsIn } from '../known.ts';
import { loadCatalogue } from '../load.ts';
import type { LoadedTrace } from '../loaded-trace.ts';
import { requireWritable, writtenWhole } from '../places.ts';
import { plural, type Screen } from '../screen.ts';
import { loadTrace } from '../trace-files.ts';
import { viewerScript, viewPage } from '../view-page.ts';
import { plansOf } from './diff.ts';

export interface ViewFlags {
  readonly out?: string;
}

/** Bytes of the file. A browser holds a few times as much. */
const PAGE_LIMIT = 268_435_456;

export async function view(
  file: string,
  other: string | undefined,
  flags: ViewFlags,
  modules: readonly string[],
  screen: Screen,
  limit: number = PAGE_LIMIT,
): Promise<ExitCode> {
  viewerScript();
  const files = other === undefined ? [file] : [file, other];
  const traces = await Promise.all(files.map(each => loadTrace(each, modules)));
  const out = flags.out ?? `${files.map(nameOf).join('-and-')}.html`;
  requireWritable('--out', out);
  const viewed = [];
  for (const [at, trace] of traces.entries()) viewed.push({ file: files[at] ?? '', trace, decoders: await decodersIn(trace, modules) });
  const pieces = viewPage(viewed, differenceOf(traces));
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (size > limit)
    throw usage(`the page would have ${size} bytes, more than the ${limit} that a browser is given; 'slipway show' has --from and --count`);
  writtenWhole(out, path => writeFileSync(path, pieces.join('')));
  screen.line(out);
  screen.value({ format: 'slipway-viewed', v: 1, out, bytes: size, events: traces.map(({ events }) => events.length) });
  for (const { trace, file: name } of viewed)
    if (trace.problems.length > 0)
      screen.note(
        `${name}: ${trace.state}, ${plural(trace.problems.length, 'problem')}; the page has what could be read, and says what is wrong`,
      );
  return EXIT.ok;
}

/** Without its folder and its ending. */
const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/(\.jsonl)?(\.gz)?$/, '');

async function decodersIn({ header }: LoadedTrace, modules: readonly string[]): Promise<Decoders> {
  return header === undefined ? {} : decodersOf(header, await loadCatalogue(modules, protocolsIn(header)));
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
