/**
 * What a shrinker asks of whoever runs plans for it: which of some candidates is the first that still fails, and what was drawn on the way.
 * The answer is the same however many are tried side by side, so that the smallest plan is, too.
 * Lacks: which candidates there are (passes.ts), and workers (cli).
 */
import type { RunOptions } from '../run.ts';
import { runPlan } from '../run.ts';
import type { CommonPlan, Scenario } from '../scenario.ts';
import { type Signature, signatureOf } from '../signature.ts';

/** A plan that may take the place of the best one. */
export interface Candidate<Plan extends CommonPlan = CommonPlan> {
  readonly plan: Plan;
  /** The failure has to be decided within so many events; Infinity: wherever. */
  readonly within: number;
}

/** By label, in the order in which they were drawn. */
export type Draws = readonly (readonly [label: string, values: readonly number[]])[];

export type Question<Plan extends CommonPlan> =
  /** Which is the first that fails? They are made one by one: who tries several at once takes more of them than it needs. */
  | { readonly ask: 'first'; readonly candidates: Iterator<Candidate<Plan>>; readonly most: number }
  | { readonly ask: 'draws'; readonly plan: Plan };

export type Answer =
  /** Its place among the candidates, and the event that decides; absent: none fails. */
  | { readonly ask: 'first'; readonly found?: { readonly place: number; readonly at: number }; readonly tried: number }
  | { readonly ask: 'draws'; readonly draws: Draws };

/** How a plan fails. */
export interface Failing {
  readonly signature: Signature;
  /** The event that decides, NO_EVENT in a run without any. */
  readonly at: number;
}

/** `undefined`: the property holds. */
export function failureOf<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  plan: Plan,
  seed: number,
  property: string,
  options: Pick<RunOptions, 'sink' | 'within'> = {},
): Failing | undefined {
  const { violations, events = [] } = runPlan(scenario, plan, seed, { ...options, keep: true, stopAt: property });
  const violation = violations.find(each => each.property === property);
  if (violation === undefined) return undefined;
  return { signature: signatureOf(scenario, plan.profile, violation, events), at: violation.at };
}

/** The event that decides, where the candidate fails as it has to: with another signature it is another bug, and no success. */
export function decisionOf<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  { plan, within }: Candidate<Plan>,
  seed: number,
  { id, property }: Signature,
  options: Pick<RunOptions, 'sink'> = {},
): number | undefined {
  // One event more: with nothing behind it, what decides would look like the end of the run.
  const failing = failureOf(scenario, plan, seed, property, Number.isFinite(within) ? { ...options, within: within + 1 } : options);
  return failing?.signature.id === id && failing.at < within ? failing.at : undefined;
}

/** What was drawn until the property was decided. */
export function drawsOf<Plan extends CommonPlan>(scenario: Scenario<Plan>, plan: Plan, seed: number, stopAt: string): Draws {
  const draws = new Map<string, number[]>();
  runPlan(scenario, plan, seed, {
    stopAt,
    draws: (label, _, value) => {
      const known = draws.get(label);
      if (known === undefined) draws.set(label, [value]);
      else known.push(value);
    },
  });
  return [...draws];
}
