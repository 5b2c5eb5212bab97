/**
 * Drawing faults within a budget, as budget.ts says it.
 * Lacks: links and schedules (src/check/plans.ts).
 */
import fc from 'fast-check';
import { type Duration, millis, ZERO } from '../host/time.ts';
import type { Fault, FaultKind, PartitionFault } from '../sim/fault.ts';
import { type Aim, type FaultBudget, kindsOf, SEGMENT_MAX, SPARES_MAX, severityOf } from './budget.ts';
import { around, durations, objectOf, PLAIN, pick } from './plans.ts';

/** Faults in the order of their starts, never beyond the budget. */
export function faults(budget: FaultBudget, aim: Aim): fc.Arbitrary<readonly Fault[]> {
  const kinds = kindsOf(budget);
  const some = (kind: FaultKind) => {
    const fault = faultOf(kind, budget, aim);
    const few = fc.array(fault, { minLength: 1, maxLength: budget.kinds[kind] ?? 0, size: 'max' });
    // fc.constant([]) would know no other empty list but its own.
    return fc.oneof({ arbitrary: fc.array(fault, { maxLength: 0 }), weight: 2 }, { arbitrary: few, weight: 1 });
  };
  return fc.tuple(...kinds.map(some)).map(
    groups => inOrder(groups.flat()).slice(0, budget.total),
    value => {
      const list = objectOf<readonly Fault[]>(value);
      return kinds.map(kind => list.filter(fault => fault.kind === kind));
    },
  );
}

function inOrder(list: readonly Fault[]): readonly Fault[] {
  return [...list].sort((left, right) => left.at - right.at);
}

function faultOf(kind: FaultKind, budget: FaultBudget, aim: Aim): fc.Arbitrary<Fault> {
  const severity = severityOf(budget);
  const start = { at: startsOf(aim, budget.from ?? ZERO) };
  const during = { ...start, duration: around(aim.timeouts, budget.longest) };
  const program = () => ({ program: pick(targets(budget.programs, kind, 'program')) });
  const machine = () => ({ machine: pick(targets(budget.machines, kind, 'machine')) });
  const extra = durations({ min: Math.min(1, severity.extra), max: severity.extra });
  switch (kind) {
    case 'latency':
      return fc.record({ kind: fc.constant(kind), ...during, extra }, PLAIN);
    case 'segmentation':
      return fc.record({ kind: fc.constant(kind), ...during, most: fc.integer({ min: 1, max: SEGMENT_MAX }) }, PLAIN);
    case 'loss':
    case 'duplicate':
    case 'reorder':
      return fc.record({ kind: fc.constant(kind), ...during, chance: fc.noBias(fc.integer({ min: 1, max: severity.chance })) }, PLAIN);
    case 'reset':
    case 'half-open':
      return fc.record({ kind: fc.constant(kind), ...start, ...program() }, PLAIN);
    case 'partition':
      return fc.record({ kind: fc.constant(kind), ...during, cut: pick(cuts(budget)) }, PLAIN).map(
        ({ cut, ...rest }): PartitionFault => ({ ...rest, ...cut }),
        value => {
          const { shape, machines, ...rest } = objectOf<PartitionFault>(value);
          return { ...rest, cut: { shape, machines } };
        },
      );
    case 'kill': {
      const call = fc.noBias(fc.integer({ min: 1, max: severity.call }));
      const model = { kind: fc.constant(kind), ...start, ...program() };
      return fc.oneof(fc.record(model, PLAIN), fc.record({ ...model, call }, PLAIN));
    }
    case 'pause':
      return fc.record({ kind: fc.constant(kind), ...during, ...program() }, PLAIN);
    case 'no-descriptors':
    case 'no-processes':
    case 'no-memory':
      return orWith(fc.record({ kind: fc.constant(kind), ...during, ...program() }, PLAIN), 'calls', severity.refusals);
    case 'strike':
      throw new Error('a strike is not drawn: it is one of all there are');
    case 'power-cut':
      return fc.record({ kind: fc.constant(kind), ...during, ...machine(), unsynced: pick(severity.unsynced) }, PLAIN);
    case 'disk-full':
    case 'disk-error':
      // All calls while it lasts, or single ones; from the first of them on, or from a later one: those that come together are not apart in time.
      return orWith(
        orWith(fc.record({ kind: fc.constant(kind), ...during, ...machine() }, PLAIN), 'calls', severity.refusals),
        'spares',
        severity.refusals === 0 ? 0 : SPARES_MAX,
      );
    case 'slow-sync':
      return fc.record({ kind: fc.constant(kind), ...during, ...machine(), extra }, PLAIN);
    case 'clock-step': {
      const ranges = stepsOf(aim, severity.step);
      const by = fc.oneof(...ranges.map(durations), ...ranges.map(({ min, max }) => durations({ min: -max, max: -min })));
      return fc.record({ kind: fc.constant(kind), ...start, ...machine(), by }, PLAIN);
    }
    case 'clock-drift': {
      const partsPerMillion = fc.noBias(fc.integer({ min: -severity.partsPerMillion, max: severity.partsPerMillion }));
      return fc.record({ kind: fc.constant(kind), ...during, ...machine(), partsPerMillion }, PLAIN);
    }
  }
}

/** As it is, or with a number from 1 to `most` under this name. */
function orWith<T extends object, Name extends string>(
  all: fc.Arbitrary<T>,
  name: Name,
  most: number,
): fc.Arbitrary<T & Partial<Readonly<Record<Name, number>>>> {
  if (most === 0) return all;
  const numbered = fc.tuple(all, fc.noBias(fc.integer({ min: 1, max: most }))).map(
    ([fault, number]) => ({ ...fault, [name]: number }),
    value => {
      const { [name]: number, ...fault } = objectOf<T & Readonly<Record<Name, number>>>(value);
      // Without it it is T again.
      return [fault as unknown as T, number];
    },
  );
  return fc.oneof(all, numbered);
}

/** Sizes of steps, either way. */
function stepsOf({ steps }: Aim, most: Duration): readonly { readonly min: number; readonly max: number }[] {
  if (steps === undefined) return [{ min: 1, max: most }];
  return steps.map(step => ({ min: Math.max(1, Math.min(Math.trunc(step / 2), most)), max: Math.min(step * 2, most) }));
}

const SPREAD = millis(50);

function startsOf(aim: Aim, from: Duration): fc.Arbitrary<Duration> {
  const spread = aim.spread ?? SPREAD;
  const anywhere = durations({ min: from, max: aim.until });
  const moments = (aim.moments ?? []).filter(moment => moment <= aim.until && moment + spread >= from);
  const near = moments.map(moment => durations({ min: Math.max(from, moment - spread), max: Math.min(aim.until, moment + spread) }));
  return near.length === 0 ? anywhere : fc.oneof(fc.oneof(...near), anywhere);
}

/** More machines than this, and only some of the ways to halve them are drawn. */
const SUBSETS_FROM = 6;

type Cut = Pick<PartitionFault, 'shape' | 'machines'>;

function cuts(budget: FaultBudget): readonly Cut[] {
  const machines = targets(budget.machines, 'partition', 'machine');
  const pairs = machines.flatMap(one => machines.filter(other => other !== one).map(other => [one, other]));
  const halves = subsets(machines.slice(0, SUBSETS_FROM)).filter(half => half.length > 0 && half.length < machines.length);
  const ways: Readonly<Record<PartitionFault['shape'], readonly (readonly string[])[]>> = {
    symmetric: pairs.filter(([one, other]) => machines.indexOf(one ?? '') < machines.indexOf(other ?? '')),
    'one-way': pairs,
    isolate: machines.map(machine => [machine]),
    halves,
    swizzle: [machines],
  };
  return severityOf(budget).shapes.flatMap(shape => ways[shape].map(chosen => ({ shape, machines: chosen })));
}

function subsets(items: readonly string[]): readonly (readonly string[])[] {
  const sets: (readonly string[])[] = [[]];
  for (const item of items) sets.push(...sets.map(set => [...set, item]));
  return sets;
}

function targets(named: readonly string[] | undefined, kind: FaultKind, what: string): readonly string[] {
  if (named === undefined || named.length === 0) throw new Error(`the fault budget allows ${kind} but names no ${what}`);
  return named;
}
