/**
 * The values of a workload, each said once (fields.ts), as the two things that a scenario makes of them.
 */
import type fc from 'fast-check';
import type { Field } from './fields.ts';
import type { Fields } from './shape.ts';

export type WorkloadFields<Workload extends object> = { readonly [Name in keyof Workload]: Field<Workload[Name]> };

export interface Workloads<Workload extends object> {
  /** In the order of the fields. */
  readonly arbitraries: { [Name in keyof Workload]: fc.Arbitrary<Workload[Name]> };
  readonly shapes: Fields;
}

export function workloads<Workload extends object>(fields: WorkloadFields<Workload>): Workloads<Workload> {
  const each = <Part>(part: (field: Field<unknown>) => Part): Readonly<Record<string, Part>> =>
    Object.fromEntries(Object.entries<Field<unknown>>(fields).map(([name, field]) => [name, part(field)]));
  return {
    // As many arbitraries as Workload has fields, each of its own type.
    arbitraries: each(({ arbitrary }) => arbitrary) as unknown as Workloads<Workload>['arbitraries'],
    shapes: each(({ shape }) => shape),
  };
}
