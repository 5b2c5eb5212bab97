/**
 * `slipway/check`: runs and what is made of them: a seed, a plan, many seeds, a smaller plan, a run again.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export type { Aim, FaultBudget, Severity } from '../src/check/budget.ts';
export { type Faults, type ScenarioDefinition, scenario as defineScenario, type Variant } from '../src/check/define.ts';
export { faults } from '../src/check/faults.ts';
export * from '../src/check/fields.ts';
export * from '../src/check/models/index.ts';
export * from '../src/check/plans.ts';
export * from '../src/check/property.ts';
export { type Replay, replay } from '../src/check/replay.ts';
export { type Firing, planOf, type RunOptions, type RunResult, runPlan, runSeed, SEED_LIMIT } from '../src/check/run.ts';
export type { CommonPlan, Scenario } from '../src/check/scenario.ts';
export { shrinkPlan } from '../src/check/shrink/shrink.ts';
export * from '../src/check/sweep.ts';
