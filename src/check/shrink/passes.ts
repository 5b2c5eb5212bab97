/**
 * In which ways a plan may be made smaller, one pass after the other: faults, alone and in pairs; the workload; the machines; the schedule;
 * the delays; and at last every value that is left, and every draw of chance, which becomes the least it can be but for those that matter.
 * Only a fault less, or a smaller value, may make the way to the failure longer. A fault carries its own end, so that a cut and its healing,
 * a power cut and the power's return, can only go together.
 * Lacks: runs. A pass offers edits of the best plan, and is told which were taken (shrink.ts).
 */
import fc from 'fast-check';
import type { Tape } from '../../sim/core/chance.ts';
import { LINK_DEFAULTS, LOCAL_DEFAULTS } from '../../sim/core/options.ts';
import { World } from '../../sim/world.ts';
import { fastCheckSeed } from '../run.ts';
import { COMMON_FIELDS, type CommonPlan, type Scenario } from '../scenario.ts';
import type { Draws } from './offer.ts';

/** Another plan in the place of the best one; `undefined`: not of this one. `longer`: the way to the failure may grow. */
export type Edit<Plan extends CommonPlan> = (best: Plan) => { readonly plan: Plan; readonly longer: boolean } | undefined;

/** By the beginnings of their labels: what is drawn, by what it is about. Bytes and ports of daemons are not. */
const QUIET = {
  machines: ['start/', 'list/', 'machine/', 'disk/'],
  schedule: ['schedule'],
  delays: ['read/', 'link/', 'swizzle'],
} as const;
const ALL_QUIET: readonly string[] = Object.values(QUIET).flat();

const FIFO = { schedule: { strategy: 'fifo' } } as const;

const change =
  <Plan extends CommonPlan>(part: Partial<CommonPlan> | ((best: Plan) => Partial<CommonPlan> | undefined)): Edit<Plan> =>
  best => {
    const changed = typeof part === 'function' ? part(best) : part;
    if (changed === undefined) return undefined;
    const plan = { ...best, ...changed };
    return { plan, longer: plan.faults.length < best.faults.length };
  };

/** Nothing but what is left out here. */
export const plainly = <Plan extends CommonPlan>(): readonly Edit<Plan>[] => [
  change({ faults: [], ...FIFO, link: LINK_DEFAULTS, local: LOCAL_DEFAULTS, tape: { least: ALL_QUIET, set: {} } }),
  change({ faults: [] }),
  change({ ...FIFO, link: LINK_DEFAULTS, local: LOCAL_DEFAULTS, tape: { least: ALL_QUIET, set: {} } }),
];

/** From the last to the first: a later fault is more often without consequence. One at a time, then two, as two may need each other. */
export function fewerFaults<Plan extends CommonPlan>({ faults: { length } }: Plan): readonly Edit<Plan>[] {
  return [1, 2].flatMap(count =>
    Array.from({ length: Math.max(0, length - count + 1) }, (_, index) => {
      const start = length - count - index;
      return change<Plan>(({ faults }) => (start + count <= faults.length ? { faults: faults.toSpliced(start, count) } : undefined));
    }),
  );
}

/** Items of lists that the scenario draws: all of a list, halves of it, and so on down to single ones, from the last to the first. */
export function fewerItems<Plan extends CommonPlan>(plan: Plan): readonly Edit<Plan>[] {
  return listsIn(plan).flatMap(({ path, length }) => chunksOf(length).map(([start, count]) => dropping<Plan>(path, start, count)));
}

type Path = readonly (string | number)[];

/** In fields of the scenario, also in lists of lists: the outer ones first. */
function listsIn(plan: CommonPlan): readonly { readonly path: Path; readonly length: number }[] {
  const lists: { readonly path: Path; readonly length: number }[] = [];
  let edge = Object.entries(plan)
    .filter(([field]) => !COMMON_FIELDS.includes(field))
    .map(([field, value]): readonly [Path, unknown] => [[field], value]);
  while (edge.length > 0) {
    for (const [path, value] of edge) if (Array.isArray(value)) lists.push({ path, length: value.length });
    edge = edge.flatMap(([path, value]) => entriesOf(value).map(([key, inner]): readonly [Path, unknown] => [[...path, key], inner]));
  }
  return lists.slice(0, LISTS_MOST);
}
/** What has more is made smaller by its values. */
const LISTS_MOST = 100;

function entriesOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function chunksOf(length: number): readonly (readonly [start: number, count: number])[] {
  const chunks: (readonly [number, number])[] = [];
  for (let count = length; count >= 1; count = count === 1 ? 0 : Math.ceil(count / 2))
    for (let end = length; end > 0; end -= count) chunks.push([Math.max(0, end - count), Math.min(count, end)]);
  return chunks;
}

const dropping =
  <Plan extends CommonPlan>(path: Path, start: number, count: number): Edit<Plan> =>
  best => {
    const plan = without(best, path, start, count);
    // Only a list in a field of the scenario is another one.
    return plan === undefined ? undefined : { plan: plan as Plan, longer: true };
  };

/** `undefined`: the list is not there any more, or has become shorter than that. */
function without(value: unknown, [key, ...rest]: Path, start: number, count: number): unknown {
  if (key === undefined) return Array.isArray(value) && start + count <= value.length ? value.toSpliced(start, count) : undefined;
  const inner = entriesOf(value).find(([name]) => name === key)?.[1];
  const changed = inner === undefined ? undefined : without(inner, rest, start, count);
  if (changed === undefined) return undefined;
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...(value as object), [key]: changed };
}

export const quieterMachines = <Plan extends CommonPlan>(): readonly Edit<Plan>[] => [
  change({ local: LOCAL_DEFAULTS }),
  ...quiet<Plan>(QUIET.machines),
];
export const quieterSchedule = <Plan extends CommonPlan>(): readonly Edit<Plan>[] => [change(FIFO), ...quiet<Plan>(QUIET.schedule)];
export const quieterDelays = <Plan extends CommonPlan>(): readonly Edit<Plan>[] => [
  change({ link: LINK_DEFAULTS }),
  ...quiet<Plan>(QUIET.delays),
];

const quiet = <Plan extends CommonPlan>(kinds: readonly string[]): readonly Edit<Plan>[] => kinds.map(kind => leastOf<Plan>(kind));

// ── draws ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const tapeOf = ({ tape }: CommonPlan): Tape => tape ?? { least: [], set: {} };
const isLeast = (plan: CommonPlan, label: string): boolean =>
  tapeOf(plan).least.some(each => label.startsWith(each)) && !Object.keys(tapeOf(plan).set).some(each => each.startsWith(label));

/** All draws of labels that begin so, whatever single ones of them were told. */
function leastOf<Plan extends CommonPlan>(kind: string): Edit<Plan> {
  return change(best => {
    if (isLeast(best, kind)) return undefined;
    const { least, set } = tapeOf(best);
    const others = Object.entries(set).filter(([label]) => !label.startsWith(kind));
    return { tape: { least: [...least.filter(each => !each.startsWith(kind)), kind], set: Object.fromEntries(others) } };
  });
}

/** A label with more draws than this is left as it is, if it matters at all. */
const DRAWS_MAX = 64;

/** Labels of which some draws still are what the seed says. */
export const loud = (plan: CommonPlan, draws: Draws): Draws =>
  draws.filter(([label]) => ALL_QUIET.some(kind => label.startsWith(kind)) && !tapeOf(plan).least.some(each => label.startsWith(each)));

export const quietLabel = <Plan extends CommonPlan>(label: string): Edit<Plan> => leastOf(label);

/** The draws of one label that are told, where all others are the least; `undefined`: too many to look at one by one. */
export type KeptDraws = readonly (readonly [number: number, value: number])[];
export const allDraws = (values: readonly number[]): KeptDraws | undefined =>
  values.length > DRAWS_MAX ? undefined : values.map((value, number) => [number, value] as const);

export const keepingDraws = <Plan extends CommonPlan>(label: string, told: KeptDraws): Edit<Plan> =>
  change(best => {
    const { least, set } = tapeOf(best);
    const others = least.filter(each => each !== label);
    return { tape: { least: [...others, label], set: { ...set, [label]: Object.fromEntries(told) } } };
  });

// ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What fast-check draws of a plan: what strikes at a call and what is on the tape it knows nothing of. */
export function drawnPart<Plan extends CommonPlan>(plan: Plan): Plan {
  const { tape: _, ...rest } = plan;
  // Plan has its fields but for one that may be absent.
  return { ...(rest as Plan), faults: plan.faults.filter(({ kind }) => kind !== 'strike') };
}

/** The other part, of another plan. */
function joined<Plan extends CommonPlan>(drawn: Plan, { tape, faults }: Plan): Plan {
  const strikes = faults.filter(({ kind }) => kind === 'strike');
  return { ...drawn, faults: [...drawn.faults, ...strikes], ...(tape === undefined ? {} : { tape }) };
}

/** Values as fast-check makes them smaller, of some fields at a time. */
export class Values<Plan extends CommonPlan> {
  readonly #scenario: Scenario<Plan>;
  readonly #arbitrary: fc.Arbitrary<Plan>;
  /** The drawn part of the best plan with what fast-check knows of it, as long as it is the best. */
  #value: fc.Value<Plan> | undefined;
  /** Whether any plan can be made smaller, or only as long as nobody else has changed it. */
  readonly contextFree: boolean;

  /** `plan`: the first one. What cannot be made smaller without its context is, as long as it is as this seed drew it. */
  constructor(scenario: Scenario<Plan>, plan: Plan, seed: number) {
    this.#scenario = scenario;
    this.#arbitrary = scenario.plans(plan.profile);
    this.contextFree = this.#arbitrary.canShrinkWithoutContext(drawnPart(plan));
    if (this.contextFree) return;
    const drawn = drawnAgain(this.#arbitrary, seed);
    if (drawn !== undefined && same(drawn.value, drawnPart(plan))) this.#value = drawn;
  }

  /** Whether the scenario could have drawn it. */
  possible(plan: Plan): boolean {
    return !this.contextFree || this.#arbitrary.canShrinkWithoutContext(drawnPart(plan));
  }

  /** In order, each with what to call when it is taken. `fields`: only where nothing else changes. */
  *smaller(best: Plan, fields: Fields): Generator<{ readonly plan: Plan; readonly take: () => void }, void> {
    const drawn = drawnPart(best);
    const known = this.#value !== undefined && same(this.#value.value, drawn) ? this.#value : undefined;
    if (known === undefined && !this.contextFree) return;
    const machines = this.#machinesOf(best);
    for (const value of this.#arbitrary.shrink(known?.value ?? drawn, known?.context)) {
      const changed = changedFields(drawn, value.value);
      if (changed.length === 0 || changed.some(field => isPlain(best, field))) continue;
      const fewer =
        fields !== 'values' && !changed.some(field => COMMON_FIELDS.includes(field)) && this.#machinesOf(value.value) < machines;
      const kind = fewer ? 'machines' : changed.some(field => COMMON_FIELDS.includes(field)) ? 'values' : 'workload';
      if (kind !== fields && fields !== 'values') continue;
      yield { plan: joined(value.value, best), take: () => this.#keep(value) };
    }
  }

  #keep(value: fc.Value<Plan>): void {
    this.#value = value;
  }

  /** All that the scenario draws at once as small as it can be at the first try; `undefined`: it is, or that is no plan. */
  least(best: Plan): Plan | undefined {
    if (!this.contextFree) return undefined;
    const drawn = drawnPart(best);
    const least = new Map<string, unknown>();
    for (const { value } of this.#arbitrary.shrink(drawn, undefined)) {
      const [field, ...others] = changedFields(drawn, value);
      if (field === undefined || others.length > 0 || COMMON_FIELDS.includes(field) || least.has(field)) continue;
      least.set(field, new Map<string, unknown>(Object.entries(value)).get(field));
    }
    const plan = { ...best, ...Object.fromEntries(least) };
    return least.size > 1 && this.possible(plan) ? plan : undefined;
  }

  /** A world is made and nothing happens in it. */
  #machinesOf(plan: Plan): number {
    const { seed, programs } = { seed: '', programs: this.#scenario.programs(plan) };
    const world = new World({ seed, programs, link: plan.link, local: plan.local });
    this.#scenario.build(world, plan);
    return world.machineCount;
  }
}

/** workload: what the scenario draws for itself, with as many machines. machines: with fewer. values: all there are. */
export type Fields = 'workload' | 'machines' | 'values';

/** The usual delays are simpler than shorter ones. */
const isPlain = ({ link, local }: CommonPlan, field: string): boolean =>
  (field === 'link' && same(link, LINK_DEFAULTS)) || (field === 'local' && same(local, LOCAL_DEFAULTS));

function changedFields(one: CommonPlan, other: CommonPlan): readonly string[] {
  const before = new Map<string, unknown>(Object.entries(one));
  return Object.entries(other)
    .filter(([field, value]) => value !== before.get(field) && !same(value, before.get(field)))
    .map(([field]) => field);
}

/** As planOf draws it, with its context. */
function drawnAgain<Plan>(arbitrary: fc.Arbitrary<Plan>, seed: number): fc.Value<Plan> | undefined {
  const watched = new Watched(arbitrary);
  fc.sample(watched, { seed: fastCheckSeed(seed), numRuns: 1 });
  return watched.last;
}

class Watched<T> extends fc.Arbitrary<T> {
  last: fc.Value<T> | undefined;
  readonly #inner: fc.Arbitrary<T>;

  constructor(inner: fc.Arbitrary<T>) {
    super();
    this.#inner = inner;
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
    this.last = this.#inner.generate(random, bias);
    return this.last;
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return this.#inner.canShrinkWithoutContext(value);
  }

  override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    return this.#inner.shrink(value, context);
  }
}

export const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
