/**
 * What the scenarios of one trap have in common: `a`, whose rwhod is looked at, and others whom a row of the table names.
 * As written a scenario has the quirk on that it is about, and others only where that one does not show alone.
 */
import { BUSY_LOOP_LIMIT } from '../../../src/check/builtin.ts';
import type { Scenario } from '../../../src/check/scenario.ts';
import { type TrapPlan, type TrapSpec, type TrapStage, trapScenario } from '../../../src/check/trap.ts';
import type { Quirk } from '../../../src/impl/rwho/quirks.ts';
import type { World } from '../../../src/sim/world.ts';
import { FORGER } from '../daemons/names.ts';
import { addMachine, CASTING, type MachineSpec, onLan, quirkArgs } from './network.ts';

export interface Cast {
  /** Beside the quirks. */
  readonly args?: readonly string[];
  /** Of machine a. */
  readonly machine?: Partial<MachineSpec>;
  /** What the forger on `f` is told; absent: there is none. */
  readonly forger?: readonly string[];
  readonly others?: readonly MachineSpec[];
  readonly act?: (world: World, machine: ReturnType<typeof addMachine>) => void;
}

export interface RwhoTrap extends TrapSpec<Quirk> {
  /** Without which it does not show. */
  readonly together?: readonly Quirk[];
  readonly cast: (plan: TrapPlan) => Cast;
}

const STAGE: TrapStage = {
  protocol: 'rwho',
  programs: CASTING,
  ranges: { first: [2_000, 9_000], gap: [10, 3_000], count: [1, 3], turn: [0, 1] },
  liveness: 20,
  maxEvents: 30_000,
  busyLoop: BUSY_LOOP_LIMIT,
};

export const trap = (spec: RwhoTrap): Scenario<TrapPlan> =>
  trapScenario(STAGE, spec, (world, plan) => {
    const { args = [], machine = {}, forger, others = [], act } = spec.cast(plan);
    const quirks = quirkArgs(plan.profile, [...(spec.quirk === undefined ? [] : [spec.quirk]), ...(spec.together ?? [])]);
    const a = addMachine(world, { name: 'a', addresses: [onLan(1)], rwhod: [...quirks, ...args], ...machine });
    if (forger !== undefined) addMachine(world, { name: 'f', addresses: [onLan(9)], others: [[FORGER, ...forger]] });
    for (const each of others) addMachine(world, each);
    act?.(world, a);
  });
