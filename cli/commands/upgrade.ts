/**
 * `slipway upgrade`: a trace as this version writes it. What happened stays as it was recorded, and so does the engine it was recorded with.
 * Lacks: comments of the file, which are not carried over.
 */
import { encodeTrace } from '../../src/trace/encode.ts';
import { ENGINE_VERSION, TRACE_VERSION } from '../../src/trace/event.ts';
import { formatProblem } from '../../src/trace/problem.ts';
import { EXIT, type ExitCode, Stop, usage } from '../exit.ts';
import { noteProblems } from '../in-part.ts';
import { requireWritable } from '../places.ts';
import { plural, type Screen } from '../screen.ts';
import { loadTrace, saveTrace } from '../trace-files.ts';

export async function upgrade(file: string, { out }: { readonly out: string }, screen: Screen): Promise<ExitCode> {
  requireWritable('--out', out);
  const { header, version, events, footer, state, problems, truncated } = await loadTrace(file);
  if (header === undefined || version === undefined) throw usage(`${file}: not a trace; slipway import makes one of a capture`);
  const [problem] = problems;
  // What was changed must not get new hashes that vouch for it.
  if (state === 'altered') throw new Stop(EXIT.findings, `${file}: altered${problem === undefined ? '' : `: ${formatProblem(problem)}`}`);
  saveTrace(out, encodeTrace({ ...header, version: TRACE_VERSION }, events, footer, { lengths: truncated }));
  const [from, to] = [version, TRACE_VERSION].map(each => each.join('.'));
  screen.line(
    `${out}: ${plural(events.length, 'event')}${footer === undefined ? ', without an end' : ''}, version ${to} of the format${from === to ? '' : `, was ${from}`}`,
  );
  if (header.engine !== ENGINE_VERSION)
    screen.line(`  recorded with engine ${header.engine}, this is engine ${ENGINE_VERSION}: it can be read, and not be run again`);
  noteProblems(file, problems, screen);
  screen.value({
    format: 'slipway-upgraded',
    v: 1,
    file,
    out,
    from: version,
    to: TRACE_VERSION,
    engine: header.engine,
    events: events.length,
  });
  return EXIT.ok;
}
