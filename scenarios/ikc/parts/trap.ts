/**
 * What the scenarios of one trap have in common: `hub`, where somebody listens, and others, each on a machine of its own, who come later.
 * A row of the table says who they are; those of ours have the quirk, as written that one and no other.
 */
import { BUSY_LOOP_LIMIT } from '../../../src/check/builtin.ts';
import type { Property } from '../../../src/check/property.ts';
import type { Scenario } from '../../../src/check/scenario.ts';
import { type Numbers, type TrapPlan, type TrapSpec, type TrapStage, trapScenario } from '../../../src/check/trap.ts';
import { instantOf } from '../../../src/host/time.ts';
import type { Quirk } from '../../../src/impl/ikc/quirks.ts';
import { PEER } from '../daemons/names.ts';
import { asModelled } from '../model.ts';
import { printsWhatComes } from '../properties/prints.ts';
import { tellsWhatHappens } from '../properties/tells.ts';
import { addMachine, CASTING, CLIENT, HUB, type KernelSpec, LITE, quirkArgs, SERVER } from './network.ts';

/** The first that a machine starts, and the next. */
export const FIRST_PID = 100;

export interface Cast {
  /** On `hub`, from the beginning. */
  readonly hub: readonly KernelSpec[];
  /** On `hub`, when the first of the others comes. */
  readonly local?: KernelSpec;
  /** Each comes so many milliseconds after the one before. */
  readonly others?: readonly (readonly [after: number, KernelSpec])[];
}

export interface IkcTrap extends TrapSpec<Quirk> {
  readonly quirk: Quirk;
  readonly cast: (numbers: Numbers) => Cast;
  /** Corrected, who is ours cannot take its options. */
  readonly isRefused?: true;
}

/** By `first` whoever listens does: a program takes up to 60 ms to start. */
const STAGE: TrapStage = {
  protocol: 'ikc',
  programs: CASTING,
  ranges: { first: [300, 3_000], gap: [10, 2_000], count: [0, 3], turn: [0, 1] },
  liveness: 60,
  maxEvents: 20_000,
  busyLoop: BUSY_LOOP_LIMIT,
};

/** Judged beside what a row is about, where there is somebody of whom it is; as written they may fail as well. */
function besideOf({ cast, ranges, isRefused }: IkcTrap): readonly Property[] {
  if (isRefused === true) return [];
  const { first, gap, count, turn } = { ...STAGE.ranges, ...ranges };
  const { hub, local, others = [] } = cast({ first: first[0], gap: gap[0], count: count[0], turn: turn[0] });
  const all = [...hub, ...(local === undefined ? [] : [local]), ...others.map(([, each]) => each)].map(({ program }) => program);
  const has = (...programs: readonly string[]): boolean => programs.some(each => all.includes(each));
  return [asModelled, ...(has(SERVER, CLIENT) ? [tellsWhatHappens] : []), ...(has(CLIENT, LITE) ? [printsWhatComes] : [])];
}

function withBeside(spec: IkcTrap): IkcTrap {
  const { properties, fails, mayFail = [] } = spec;
  const beside = besideOf(spec);
  return {
    ...spec,
    properties: [...properties, ...beside],
    fails: fails ?? properties.map(({ name }) => name),
    mayFail: [...mayFail, ...beside.map(({ name }) => name)],
  };
}

export const trap = (spec: IkcTrap): Scenario<TrapPlan> =>
  trapScenario(STAGE, withBeside(spec), (world, plan) => {
    const { hub, local, others = [] } = spec.cast(plan);
    const quirks = quirkArgs(plan.profile, [spec.quirk]);
    const quirky = ({ program, args }: KernelSpec): KernelSpec => ({ program, args: program === PEER ? args : [...args, ...quirks] });
    const machine = addMachine(world, HUB, hub.map(quirky));
    const at = (milliseconds: number, act: () => void) => world.at(instantOf(milliseconds * 1_000), act);
    if (local !== undefined) {
      const { program, args } = quirky(local);
      at(plan.first, () => void machine.start(program, args));
    }
    let when = plan.first;
    for (const [index, [after, each]] of others.entries()) {
      const other = addMachine(world, `m${index}`, []);
      const { program, args } = quirky(each);
      when += after;
      at(when, () => void other.start(program, args));
    }
  });
