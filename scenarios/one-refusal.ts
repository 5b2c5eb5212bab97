/**
 * A disk that refuses one call, which the budget of a scenario draws rarely: of the first changes, one that a later change must not take for done.
 */
import fc from 'fast-check';
import { durations, PLAIN, pick } from '../src/check/plans.ts';
import type { Duration } from '../src/host/time.ts';
import type { DiskFault, Fault } from '../src/sim/fault.ts';

interface Refusing {
  readonly machine: string;
  readonly at: { readonly min: Duration; readonly max: Duration };
  readonly duration: { readonly min: Duration; readonly max: Duration };
  /** Calls that it does before; more often those that stand there more often. */
  readonly spares: readonly number[];
}

type Drawn = Pick<Required<DiskFault>, 'at' | 'duration' | 'spares'>;

export const oneRefusal = ({ machine, at, duration, spares: spared }: Refusing): fc.Arbitrary<readonly Fault[]> =>
  fc.record({ at: durations(at), duration: durations(duration), spares: pick(spared) }, PLAIN).map(
    (drawn: Drawn): readonly [Required<DiskFault>] => [{ kind: 'disk-error', machine, calls: 1, ...drawn }],
    value => {
      const [{ at, duration, spares }] = value as readonly [Required<DiskFault>];
      return { at, duration, spares };
    },
  );
