/**
 * The body of a thread that makes failures of a sweep smaller, one when it is asked for one. What it makes must fail with the same
 * signature; where it fails otherwise, the failure stays as it was.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { traceOf } from '../../src/check/record.ts';
import { type RunResult, runPlan } from '../../src/check/run.ts';
import type { CommonPlan, Scenario } from '../../src/check/scenario.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { type Sighting, signatureOf } from '../../src/check/signature.ts';
import { catalogues } from '../load.ts';
import type { Message, Start } from '../threads.ts';

export interface ShrinkTask {
  readonly protocol: string;
  readonly sighting: Sighting;
  readonly plan: CommonPlan;
  readonly maxRuns: number;
}

export interface Shrunken extends Message {
  readonly plan: CommonPlan;
  /** Of the run that was made smaller, up to the event that decides. */
  readonly events: number;
  /** The text of its trace. */
  readonly trace: string;
}

// Given by threads.ts.
const { modules } = workerData as Start;
const catalogueOf = catalogues(modules);

parentPort?.on('message', async ({ protocol, sighting, plan, maxRuns }: ShrinkTask) => {
  const { scenario: name, property } = sighting.signature;
  const scenario = (await catalogueOf(protocol)).scenarioNamed(name);
  if (scenario === undefined) throw new Error(`a thread was asked for the scenario ${name}, which it does not know`);
  const shrunk = shrinkPlan(scenario, plan, sighting.seed, property, { maxRuns });
  const result = shrunk !== undefined && isSame(scenario, shrunk.result, sighting) ? shrunk.result : asItWas(scenario, plan, sighting.seed);
  const violation = result.violations.find(each => each.property === property);
  if (violation === undefined) throw new Error(`scenario ${name} is not deterministic: ${property} failed and then held`);
  const told: Shrunken = {
    over: true,
    plan: result.plan,
    events: violation.at + 1,
    trace: [...traceOf(scenario, result, { kind: 'shrunk', property })].join(''),
  };
  parentPort?.postMessage(told);
});

const asItWas = (scenario: Scenario, plan: CommonPlan, seed: number): RunResult => runPlan(scenario, plan, seed, { keep: true });

function isSame(scenario: Scenario, { plan, violations, events = [] }: RunResult, { signature }: Sighting): boolean {
  const violation = violations.find(each => each.property === signature.property);
  return violation !== undefined && signatureOf(scenario, plan.profile, violation, events).id === signature.id;
}
