/**
 * The failure in a trace, as a command looks at it that runs it again: its scenario, plan and seed, or why there is none.
 */
import { checkPlan } from '../src/check/plan-shape.ts';
import { SEED_LIMIT } from '../src/check/run.ts';
import type { CommonPlan, Scenario } from '../src/check/scenario.ts';
import { printable } from '../src/host/bytes.ts';
import { formatProblem } from '../src/trace/problem.ts';
import { EXIT, Stop, usage } from './exit.ts';
import type { Catalogues } from './load.ts';
import { loadTrace } from './trace-files.ts';

export interface FailedTrace {
  readonly file: string;
  readonly scenario: Scenario;
  readonly plan: CommonPlan;
  readonly seed: number;
  /** The property that failed. */
  readonly property: string;
}

/** Ends the command with one line where it cannot be. `what`: is done with it, as in `nothing to shrink`. */
export async function failedTrace(file: string, what: string, catalogueOf: Catalogues): Promise<FailedTrace> {
  const { header, footer, problems } = await loadTrace(file);
  if (header === undefined) throw usage(`${file}: not a trace`);
  if (header.kind === 'conformance') throw usage(`${file}: a conformance trace has no plan${what}`);
  if (header.kind === 'anonymised') throw usage(`${file}: an anonymised trace has no plan${what}`);
  const [problem] = problems;
  if (footer === undefined && problem !== undefined)
    throw usage(`${file}: it has no end that says whether anything failed: ${formatProblem(problem)}`);
  if (footer?.outcome !== 'fail') throw usage(`${file}: nothing failed in this trace, so there is nothing${what}`);
  const scenario = (await catalogueOf(header.name)).scenarioNamed(header.name);
  if (scenario === undefined) throw new Stop(EXIT.unreplayable, `${file}: there is no scenario '${printable(header.name, 80)}'`);
  const checked = checkPlan(scenario, header.plan);
  if (!checked.ok) throw new Stop(EXIT.unreplayable, `${file}: plan of ${scenario.name}: ${checked.why}`);
  if (!/^(?:0|[1-9]\d{0,9})$/.test(header.seed) || Number(header.seed) > SEED_LIMIT)
    throw new Stop(EXIT.unreplayable, `${file}: seed: must be an integer from 0 to ${SEED_LIMIT}, is "${printable(header.seed, 40)}"`);
  return { file, scenario, plan: checked.plan, seed: Number(header.seed), property: footer.check };
}
