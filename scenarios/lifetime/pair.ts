/**
 * What all scenarios of this protocol have in common: one machine, a parent, and the child it starts. A scenario says what
 * is different: the ranges of its plans, arguments, faults, and what must hold.
 */
import fc from 'fast-check';
import { type FaultBudget, NO_FAULTS } from '../../src/check/budget.ts';
import { locals, PLAIN, plans } from '../../src/check/plans.ts';
import type { Property } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type ExpectedFailure, type Profile, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import type { Programs } from '../../src/host/host.ts';
import { type Duration, millis, seconds } from '../../src/host/time.ts';
import { programs } from '../../src/impl/lifetime/programs.ts';
import { type Quirk, TRAPS } from '../../src/impl/lifetime/quirks.ts';
import { LINK_DEFAULTS, type LinkParameters, LOCAL_DEFAULTS, type LocalParameters } from '../../src/sim/core/options.ts';
import { filler } from './daemons/filler.ts';
import { hostileChild } from './daemons/hostile-child.ts';
import { FILLER, HOSTILE_CHILD, OBSERVER, OTHER_PARENT, SETUP, SIGNALLER } from './daemons/names.ts';
import { observer } from './daemons/observer.ts';
import { otherParent } from './daemons/other-parent.ts';
import { setup } from './daemons/setup.ts';
import { signaller } from './daemons/signaller.ts';
import { NO_CHILD_OF_OURS } from './housekeeping.ts';
import { childArgs, type Lifecycle, type LifetimePlan, lifecycles, RANGES, type Ranges } from './lifecycle.ts';

export const PARENT = 'lifetime-parent';
export const CHILD = 'lifetime-child';
export const MACHINE = 'm';

export interface PairSpec {
  /** The name is `lifetime/<slug>`. */
  readonly slug: string;
  readonly title: string;
  readonly properties: readonly Property[];
  /** What the scenario shows as written. Absent: every quirk is on. */
  readonly quirk?: Quirk;
  /** Violated as written. Absent: there are no plans for that profile. */
  readonly fails?: readonly string[];
  readonly mayFail?: readonly string[];
  readonly ranges?: Partial<Ranges>;
  readonly local?: fc.Arbitrary<LocalParameters>;
  readonly faults?: fc.Arbitrary<CommonPlan['faults']>;
  readonly budget?: FaultBudget;
  readonly chaos?: Duration;
  readonly liveness?: Duration;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly directories?: readonly string[];
  /** Another parent than ours, and what it and the child are told beside what follows from the plan. */
  readonly parent?: string;
  readonly parentArgs?: readonly string[];
  /** Another child than ours: it gets only the arguments given here. */
  readonly child?: string;
  readonly childArgs?: readonly string[];
}

/** After the last stop and both limits of the parent, and after the 2 s a child has to end. */
const LIVENESS = seconds(20);
const CHAOS = millis(100);
/** A run of a pair has about 200 events; 4096 bytes that are read one by one are as many more. */
const MAX_EVENTS = 10_000;
const BUSY_LOOP = 6_000;

export function pair(spec: PairSpec): Scenario<LifetimePlan> {
  const { arbitraries, shapes } = workloads(lifecycles(fromStart({ ...RANGES, ...spec.ranges })));
  const common = { link: fixedLink, local: spec.local ?? locals(), ...(spec.faults === undefined ? {} : { faults: spec.faults }) };
  return defineScenario<LifetimePlan>({
    name: `lifetime/${spec.slug}`,
    protocol: 'lifetime',
    title: spec.title,
    programs: () => casting(spec.files ?? {}),
    plans: profile => plans<Lifecycle>(profile, common, arbitraries),
    workload: shapes,
    build: (world, plan) => {
      const machine = world.machine(MACHINE, { directories: ['/var', ...(spec.directories ?? [])] });
      const [program = '', ...args] = commandLine(spec, plan);
      machine.start(program, args);
    },
    properties: spec.properties,
    chaos: spec.chaos ?? CHAOS,
    liveness: spec.liveness ?? LIVENESS,
    maxEvents: MAX_EVENTS,
    busyLoop: BUSY_LOOP,
    budget: spec.budget ?? NO_FAULTS,
    ...(spec.child === undefined ? {} : { exempt: NO_CHILD_OF_OURS }),
    expected: spec.fails === undefined ? { corrected: 'holds' } : { corrected: 'holds', 'as-written': failure(spec, spec.fails) },
  });
}

/** A parent counts from the spawn on, and a child that has to be loaded first begins up to 60 ms later. */
function fromStart(ranges: Ranges): Ranges {
  const [least, most] = ranges.stopAfter;
  return { ...ranges, stopAfter: [least, most + LOCAL_DEFAULTS.startMax / 1_000] };
}

/** Everybody who can appear. */
function casting(files: Readonly<Record<string, Uint8Array>>): Programs {
  return {
    ...programs,
    [SETUP]: setup(files),
    [OTHER_PARENT]: otherParent,
    [FILLER]: filler,
    [HOSTILE_CHILD]: hostileChild,
    [SIGNALLER]: signaller,
    [OBSERVER]: observer,
  };
}

export const CASTING: Programs = casting({});

/** No scenario here has a link: one machine, and pipes. Spelled out field by field, for a plan from a file has its keys in another order. */
const fixedLink: fc.Arbitrary<LinkParameters> = fc.record(
  {
    latencyMin: fc.constant(LINK_DEFAULTS.latencyMin),
    latencyMax: fc.constant(LINK_DEFAULTS.latencyMax),
    readMax: fc.constant(LINK_DEFAULTS.readMax),
    loss: fc.constant(0),
    duplicate: fc.constant(0),
    reorder: fc.constant(0),
  },
  PLAIN,
);

/** Small reads or large ones, chosen by who wants what to be seen. */
export const reads = (least: number, most: number): fc.Arbitrary<LocalParameters> => locals({ reads: [least, most] });

function commandLine(spec: PairSpec, plan: LifetimePlan): readonly string[] {
  const quirks = (side: 'child' | 'parent'): readonly string[] => quirkArgs(plan.profile, spec.quirk, side);
  const parent = spec.parent ?? PARENT;
  const child = spec.child ?? CHILD;
  return [
    ...(spec.files === undefined ? [] : [SETUP]),
    parent,
    `--stop-after=${plan.stopAfter}`,
    ...(spec.parentArgs ?? []),
    ...(parent === PARENT ? quirks('parent') : []),
    '--',
    child,
    ...(child === CHILD ? childArgs(plan) : []),
    ...(spec.childArgs ?? []),
    ...(child === CHILD ? quirks('child') : []),
  ];
}

function quirkArgs(profile: Profile, quirk: Quirk | undefined, side: 'child' | 'parent'): readonly string[] {
  if (profile === 'corrected') return [];
  if (quirk === undefined) return ['--profile=as-written'];
  return TRAPS.some(trap => trap.quirk === quirk && trap.side === side) ? [`--quirk=${quirk}`] : [];
}

function failure({ quirk, mayFail }: PairSpec, fails: readonly string[]): ExpectedFailure {
  return { fails, ...(mayFail === undefined ? {} : { mayFail }), ...(quirk === undefined ? {} : { quirk }) };
}
