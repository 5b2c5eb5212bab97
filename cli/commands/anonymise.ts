/**
 * `slipway anonymise`: a trace, or a capture, that can be given away.
 */
import { randomBytes } from 'node:crypto';
import { printable } from '../../src/host/bytes.ts';
import { anonymised } from '../../src/trace/anonymise/anonymise.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import { formatProblem } from '../../src/trace/problem.ts';
import { EXIT, type ExitCode, Stop } from '../exit.ts';
import { noteProblems } from '../in-part.ts';
import { knownTrace } from '../known.ts';
import { requireWritable } from '../places.ts';
import { plural, type Screen } from '../screen.ts';
import { saveTrace } from '../trace-files.ts';

export async function anonymise(
  file: string,
  { out }: { readonly out: string },
  modules: readonly string[],
  screen: Screen,
): Promise<ExitCode> {
  requireWritable('--out', out);
  const { trace, protocol, protocols, decoders, scenario } = await knownTrace(file, modules);
  const { state, problems, truncated } = trace;
  const [problem] = problems;
  // What was changed must not get new hashes that vouch for it.
  if (state === 'altered') throw new Stop(EXIT.findings, `${file}: altered${problem === undefined ? '' : `: ${formatProblem(problem)}`}`);
  const disclosed = protocol?.disclosed;
  const result = anonymised(trace, {
    decoders,
    disclosed,
    disclosedBy: other => protocols.find(each => each.name === other)?.disclosed,
    programs: new Set(protocols.flatMap(({ programs }) => Object.keys(programs))),
    name: scenario?.name ?? (protocol === undefined ? 'anonymised' : `${protocol.name}/anonymised`),
    draw: number => randomBytes(number),
  });
  const { header, events, ending, values, kept, replaced } = result;
  saveTrace(out, encodeTrace(header, events, ending, { lengths: truncated }));
  screen.line(
    `${out}: ${plural(events.length, 'event')}; ${plural(values, 'value')} and ${plural(replaced, 'byte')} replaced, ${plural(kept, 'byte')} of messages kept`,
  );
  const spoken = protocol === undefined ? 'nobody knows what is spoken in it' : `${protocol.name} says of no message what anybody may see`;
  if (disclosed === undefined) screen.line(`  ${printable(spoken)}, so nothing of any message was kept`);
  screen.line('  times, lengths, and which values are equal can still be seen; look at it before it is sent');
  noteProblems(file, problems, screen);
  screen.value({
    format: 'slipway-anonymised',
    v: 1,
    file,
    out,
    events: events.length,
    values,
    kept,
    replaced,
    disclosed: disclosed !== undefined,
  });
  return EXIT.ok;
}
