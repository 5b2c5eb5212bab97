/**
 * Whether a value from a file is a plan of a scenario: everything a run will use is looked at before the world sees it.
 * Lacks: reading the file (src/trace/decode.ts).
 */
import { printable } from '../host/bytes.ts';
import { seconds } from '../host/time.ts';
import { LOCAL_DEFAULTS, STEPS_LIMIT, WINDOW_MAX } from '../sim/core/options.ts';
import { faultsShape, withinBudget } from './budget.ts';
import { type CommonPlan, hasProfile, PROFILES, profilesOf, type Scenario } from './scenario.ts';
import { integerFrom, listUpTo, object, oneOf, type Shape, tagged, textUpTo } from './shape.ts';

/** Longest latency of a link in a plan. */
export const LATENCY_LIMIT: number = seconds(60);
/** Longest time that a process takes to start in a plan. */
export const START_LIMIT: number = seconds(60);
/** A read of a stream returns at most what the stream can hold. */
export const READ_LIMIT = 65_536;
export const PCT_DEPTH_LIMIT = 100;
/** Events that a schedule may put off one by one. */
export const SINGLED_OUT_LIMIT = 100;

export type PlanCheck<Plan> = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly why: string };

/** The value as a plan, or the first field that keeps it from being one. What a plan of long ago did not have yet gets its default. */
export function checkPlan<Plan extends CommonPlan>(scenario: Scenario<Plan>, value: unknown): PlanCheck<Plan> {
  const found = planShape(scenario)(value, '');
  if (found !== undefined) return { ok: false, why: found };
  // planShape has looked at every field of CommonPlan, and the scenario's own shape at those that Plan adds.
  const given = value as Plan;
  const plan = { ...given, local: { ...LOCAL_DEFAULTS, ...given.local } };
  const excess = withinBudget(plan.faults, scenario.budget);
  if (excess !== undefined) return { ok: false, why: excess };
  if (!hasProfile(scenario, plan.profile)) return { ok: false, why: `profile: ${scenario.name} has no plans that are ${plan.profile}` };
  return { ok: true, plan };
}

export function planShape<Plan extends CommonPlan>(scenario: Scenario<Plan>): Shape {
  const fields = {
    profile: oneOf(...new Set([...PROFILES, ...profilesOf(scenario)])),
    faults: faultsShape(scenario.budget, scenario.chaos),
    link: linkShape,
    local: localShape,
    schedule: scheduleShape,
    ...scenario.workload,
  };
  return object(fields, { tape: tapeShape });
}

/** Labels and draws that a tape may name. */
const TAPE_LIMIT = 100_000;
const LABEL_LENGTH = 1_000;

const tapeShape = object({
  least: listUpTo(TAPE_LIMIT, textUpTo(LABEL_LENGTH)),
  set: record(record(integerFrom(0, 2 ** 32 - 1), /^(?:0|[1-9][0-9]{0,14})$/)),
});

/** Any keys, or those of a form, at most TAPE_LIMIT of them. */
function record(item: Shape, form: RegExp = /^/): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path}: must be an object`;
    const entries = Object.entries(value);
    if (entries.length > TAPE_LIMIT) return `${path}: must have at most ${TAPE_LIMIT} fields, has ${entries.length}`;
    for (const [key, each] of entries) {
      if (!form.test(key)) return `${path}.${printable(key, 40)}: no such field`;
      const found = item(each, `${path}.${printable(key, 40)}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

const latency = { latencyMin: integerFrom(0, LATENCY_LIMIT), latencyMax: integerFrom(0, LATENCY_LIMIT) };
const chance = integerFrom(0, 1000);

const start = { startMin: integerFrom(0, START_LIMIT), startMax: integerFrom(0, START_LIMIT) };

const linkShape = ordered(
  object({ ...latency, readMax: integerFrom(1, READ_LIMIT), loss: chance, duplicate: chance, reorder: chance }),
  'latency',
);
const localShape = ordered(ordered(object({ ...latency, readMax: integerFrom(1, READ_LIMIT) }, start), 'latency'), 'start');

const window = integerFrom(0, WINDOW_MAX);
const steps = integerFrom(1, STEPS_LIMIT);

const scheduleShape = tagged('strategy', {
  fifo: object({ strategy: oneOf('fifo') }),
  random: object({ strategy: oneOf('random') }),
  pct: object({ strategy: oneOf('pct'), depth: integerFrom(1, PCT_DEPTH_LIMIT) }),
  walk: object({ strategy: oneOf('walk'), window }),
  priorities: object({ strategy: oneOf('priorities'), window, depth: integerFrom(1, PCT_DEPTH_LIMIT), steps }),
  delays: object({ strategy: oneOf('delays'), window, most: integerFrom(1, SINGLED_OUT_LIMIT), steps }),
  races: object({ strategy: oneOf('races'), most: integerFrom(1, SINGLED_OUT_LIMIT), oneIn: integerFrom(1, STEPS_LIMIT) }),
});

/** The fields `<name>Min` and `<name>Max` are there both or not at all, and in order. */
function ordered(shape: Shape, name: string): Shape {
  return (value, path) => {
    const found = shape(value, path);
    if (found !== undefined) return found;
    // Integers, if they are there: `shape` has just said so.
    const { [`${name}Min`]: least, [`${name}Max`]: most } = value as Readonly<Record<string, number | undefined>>;
    if (least === undefined && most === undefined) return undefined;
    if (least === undefined || most === undefined) return `${path}: ${name}Min and ${name}Max belong together`;
    return least <= most ? undefined : `${path}.${name}Min: must not be above ${name}Max, is ${least} and ${most}`;
  };
}
