/**
 * What a worker does that makes failures of a sweep smaller, one when it is asked for one. What it makes fails with the same signature.
 */
import type { CommonPlan } from '../../src/check/scenario.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import type { Sighting } from '../../src/check/signature.ts';
import { type Last, lastOf } from '../last-run.ts';
import { catalogues } from '../load.ts';
import type { Work } from '../workers/start.ts';
import type { Message } from '../workers/workers.ts';

export interface ShrinkTask {
  readonly protocol: string;
  readonly sighting: Sighting;
  readonly plan: CommonPlan;
  readonly maxRuns: number;
  /** Characters of a line of its story. */
  readonly columns: number;
}

/** Its run was made smaller. */
export interface Shrunken extends Message, Last {
  readonly plan: CommonPlan;
}

export const work: Work<ShrinkTask, Shrunken> = ({ modules, tell }) => {
  const catalogueOf = catalogues(modules);
  return async ({ protocol, sighting, plan, maxRuns, columns }) => {
    const { scenario: name, property } = sighting.signature;
    const catalogue = await catalogueOf(protocol);
    const scenario = catalogue.scenarioNamed(name);
    if (scenario === undefined) throw new Error(`a worker was asked for the scenario ${name}, which it does not know`);
    const shrunk = shrinkPlan(scenario, plan, sighting.seed, property, { maxRuns });
    if (shrunk === undefined) throw new Error(`scenario ${name} is not deterministic: ${property} failed and then held`);
    const { decoders } = catalogue.protocols.find(each => each.name === protocol) ?? {};
    tell({ over: true, plan: shrunk.plan, ...lastOf(scenario, shrunk.plan, sighting.seed, property, { decoders, columns }) });
  };
};
