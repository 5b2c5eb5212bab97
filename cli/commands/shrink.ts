/**
 * `slipway shrink`: a smaller plan that still fails in the same way, as a trace of its own, and its story.
 */
import type { CommonPlan } from '../../src/check/scenario.ts';
import { Shrinking } from '../../src/check/shrink/shrink.ts';
import { printable } from '../../src/host/bytes.ts';
import { canonicalJson } from '../../src/trace/canonical.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import type { Knowing } from '../context.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { failedTrace } from '../failed-trace.ts';
import type { Last } from '../last-run.ts';
import { COMMAND } from '../name.ts';
import { requireWritable } from '../places.ts';
import { plural, type Screen } from '../screen.ts';
import { showStory } from '../story.ts';
import { saveTrace } from '../trace-files.ts';
import { type TrialFlags, withTrials } from '../trials-of.ts';

export interface ShrinkFlags extends TrialFlags {
  readonly out?: string;
  readonly runs: string;
}

/** Days. */
const RUNS_LIMIT = 9_999_999;
const PLAN_SHOWN = 2_000;

export async function shrink(file: string, flags: ShrinkFlags, knowing: Knowing): Promise<ExitCode> {
  const { screen, catalogueOf } = knowing;
  const maxRuns = parseCount('--runs', flags.runs, 1, RUNS_LIMIT);
  const found = await failedTrace(file, ' to shrink', catalogueOf);
  const out = flags.out ?? file.replace(/(\.jsonl)?(\.gz)?$/, '.shrunk.jsonl');
  requireWritable('--out', out);
  const { scenario, plan, seed } = found;
  return withTrials(found, flags, knowing, async (trials, failing, stopped) => {
    const shrinking = new Shrinking(scenario, plan, seed, failing, maxRuns);
    await trials.shrink(shrinking, failing.signature, ({ runs, accepted, faults, pass }) =>
      screen.progress(() => `${plural(runs, 'run')}, ${accepted} smaller, ${plural(faults, 'fault')} left; now ${pass}`),
    );
    const last = await trials.last(shrinking.best, screen.columns);
    saveTrace(out, [last.trace]);
    show(shrinking, last, { before: plan.faults.length, out, stopped: stopped() }, screen);
    return stopped() ? EXIT.interrupted : EXIT.ok;
  });
}

interface Around {
  readonly before: number;
  readonly out: string;
  readonly stopped: boolean;
}

function show(shrinking: Shrinking<CommonPlan>, last: Last, around: Around, screen: Screen): void {
  const { best, runs, finished } = shrinking;
  const { violation, events, story } = last;
  const { before, out, stopped } = around;
  const how = finished
    ? ''
    : stopped
      ? ' (stopped; what was found so far)'
      : ' (as far as it was let; --runs, --seconds and --minutes allow more)';
  screen.line(`${plural(before, 'fault')} → ${best.faults.length}, ${plural(events, 'event')}, after ${plural(runs, 'run')}${how}`);
  showStory(story, screen);
  // A plan holds JSON values only: Scenario promises it.
  screen.line(`  plan ${printable(canonicalJson(best as unknown as JsonValue), PLAN_SHOWN)}`);
  screen.line(`trace: ${out}   (${COMMAND} replay ${out}; ${COMMAND} cause ${out})`);
  screen.value({ format: 'slipway-shrunk', v: 1, trace: out, runs, finished, interrupted: stopped, plan: best, violation, story });
}
