/**
 * What of a plan a failure needs: each fault is taken away, and the schedule put in the order of time, to see whether it still fails. Where it
 * needs none of the faults by itself, each is left alone.
 * Lacks: what a failure needs only together with something else, unless nothing is needed alone.
 */
import type { Fault } from '../../sim/fault.ts';
import type { CommonPlan, Scenario } from '../scenario.ts';
import { failureOf } from '../shrink/offer.ts';
import type { Signature } from '../signature.ts';

export type Without = 'holds' | 'fails the same' | 'fails otherwise';

export interface Needed {
  /** What becomes of the property without each fault, in the order of the plan. */
  readonly faults: readonly { readonly fault: Fault; readonly without: Without }[];
  /** Without any; absent of a plan that has fewer than two. */
  readonly none?: Without;
  /** In the order of time; absent of a plan that is in order. */
  readonly inOrder?: Without;
  /** The place of the fault that mattered: of those that are needed the last to begin, or else the first that does it alone. */
  readonly mattered?: number;
}

/** Costs a run for each fault, and a few more. */
export function neededOf<Plan extends CommonPlan>(scenario: Scenario<Plan>, plan: Plan, seed: number, signature: Signature): Needed {
  const { faults, schedule } = plan;
  const tried = (change: Partial<CommonPlan>): Without => {
    const failing = failureOf(scenario, { ...plan, ...change }, seed, signature.property);
    if (failing === undefined) return 'holds';
    return failing.signature.id === signature.id ? 'fails the same' : 'fails otherwise';
  };
  const each = faults.map((fault, index) => ({ fault, without: tried({ faults: faults.toSpliced(index, 1) }) }));
  const none = faults.length < 2 ? undefined : tried({ faults: [] });
  const needed = faults.flatMap((fault, index) => (each[index]?.without === 'fails the same' ? [] : [{ at: fault.at, index }]));
  const last = needed.toSorted((one, other) => one.at - other.at || one.index - other.index).at(-1)?.index;
  const alone = faults.findIndex(
    fault => last === undefined && none !== 'fails the same' && tried({ faults: [fault] }) === 'fails the same',
  );
  const mattered = last ?? (faults.length > 1 && alone >= 0 ? alone : undefined);
  return {
    faults: each,
    ...(none === undefined ? {} : { none }),
    ...(schedule.strategy === 'fifo' ? {} : { inOrder: tried({ schedule: { strategy: 'fifo' } }) }),
    ...(mattered === undefined ? {} : { mattered }),
  };
}
