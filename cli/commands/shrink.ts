/**
 * `slipway shrink`: a smaller plan that still fails in the same way, as a trace of its own.
 */

import { checkPlan } from '../../src/check/plan-shape.ts';
import { traceOf } from '../../src/check/record.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { printable } from '../../src/host/bytes.ts';
import { canonicalJson } from '../../src/trace/canonical.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import type { Knowing } from '../context.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode, Stop, usage } from '../exit.ts';
import { COMMAND } from '../name.ts';
import { demandWritable } from '../places.ts';
import { plural } from '../screen.ts';
import { loadTrace, saveTrace } from '../trace-files.ts';

export interface ShrinkFlags {
  readonly out?: string;
  readonly runs: string;
}

/** Days. */
const RUNS_LIMIT = 9_999_999;

export async function shrink(file: string, flags: ShrinkFlags, { screen, catalogueOf }: Knowing): Promise<ExitCode> {
  const maxRuns = parseCount('--runs', flags.runs, 1, RUNS_LIMIT);
  const { header, footer } = await loadTrace(file);
  if (header === undefined) throw usage(`${file}: not a trace`);
  if (header.kind === 'conformance') throw usage(`${file}: a conformance trace has no plan to shrink`);
  if (footer?.outcome !== 'fail') throw usage(`${file}: nothing failed in this trace, so there is nothing to keep while shrinking`);
  const out = flags.out ?? file.replace(/(\.jsonl)?(\.gz)?$/, '.shrunk.jsonl');
  demandWritable('--out', out);
  const scenario = (await catalogueOf(header.name)).scenarioNamed(header.name);
  if (scenario === undefined) throw new Stop(EXIT.unreplayable, `${file}: there is no scenario '${printable(header.name, 80)}'`);
  const plan = checkPlan(scenario, header.plan);
  if (!plan.ok) throw new Stop(EXIT.unreplayable, `${file}: plan of ${scenario.name}: ${plan.why}`);
  const before = plan.plan.faults.length;
  const shrunk = shrinkPlan(scenario, plan.plan, Number(header.seed), footer.check, {
    maxRuns,
    onProgress: ({ runs, accepted, faults }) =>
      screen.progress(() => `${plural(runs, 'run')}, ${accepted} smaller, ${plural(faults, 'fault')} left`),
  });
  if (shrunk === undefined)
    throw new Stop(EXIT.notReproduced, `${file}: ${printable(footer.check, 80)} does not fail any more, so there is nothing to shrink`);
  saveTrace(out, traceOf(scenario, shrunk.result, { kind: 'shrunk', property: footer.check }));
  const { violation } = shrunk;
  screen.line(
    `${plural(before, 'fault')} → ${shrunk.plan.faults.length}, ${plural(shrunk.result.eventCount, 'event')}, after ${plural(shrunk.runs, 'run')}${shrunk.finished ? '' : ' (the limit; --runs allows more)'}`,
  );
  screen.line(`  ${screen.style('red', violation.property)} at event ${violation.at}: ${violation.why}`);
  // A plan holds JSON values only: Scenario promises it.
  screen.line(`  plan ${canonicalJson(shrunk.plan as unknown as JsonValue)}`);
  screen.line(`trace: ${out}   (${COMMAND} replay ${out})`);
  screen.value({ format: 'slipway-shrunk', v: 1, trace: out, runs: shrunk.runs, finished: shrunk.finished, plan: shrunk.plan, violation });
  return EXIT.ok;
}
