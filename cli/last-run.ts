/**
 * The run of a plan that was made smaller, as it is kept and told. Made where runs are made: in a worker.
 */
import type { Violation } from '../src/check/property.ts';
import { traceOf } from '../src/check/record.ts';
import type { CommonPlan, Scenario } from '../src/check/scenario.ts';
import { lastRun } from '../src/check/shrink/shrink.ts';
import { signatureOf } from '../src/check/signature.ts';
import { neededOf } from '../src/check/story/needed.ts';
import { type Story, type StoryOptions, storyOf } from '../src/check/story/story.ts';

/** JSON values only. */
export interface Last {
  readonly violation: Violation;
  /** Up to the one that decides. */
  readonly events: number;
  /** The text of its trace, up to that event. */
  readonly trace: string;
  readonly story: Story;
}

export function lastOf(scenario: Scenario, plan: CommonPlan, seed: number, property: string, options: StoryOptions): Last {
  const { violation, result } = lastRun(scenario, plan, seed, property);
  const { events = [], bugs } = result;
  const needed = neededOf(scenario, plan, seed, signatureOf(scenario, plan.profile, violation, events));
  return {
    violation,
    events: violation.at + 1,
    trace: [...traceOf(scenario, result, { kind: 'shrunk', property })].join(''),
    story: storyOf(scenario, { plan, events, violation, bugs, needed }, options),
  };
}
