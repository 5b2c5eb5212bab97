/**
 * What older major versions of the format wrote otherwise, as a table of steps from each to the next. A reader takes an old file by way of them,
 * line by line, so that whatever reads traces reads old ones; what it writes is of the version of today.
 * Lacks: steps, as there has been one major version; minor ones need none. Other engines, whose events are what happened, then.
 */
import { TRACE_VERSION } from './event.ts';

/** Of a line, by key. */
type Members = Readonly<Record<string, unknown>>;

/** From major version `from` to the next. Both get what JSON made of a line, which may be anything, and must not throw. */
export interface UpgradeStep {
  readonly from: number;
  /** The first line. `v` is set to the version that the last step leads to. */
  readonly header: (line: Members) => Members;
  /** Every other line: an event, a checkpoint, the footer. The byte chain is that of the file as it is. */
  readonly line: (line: Members) => Members;
}

export const STEPS: readonly UpgradeStep[] = [];

/** In order, from a major version up to that of today; `undefined` where no steps lead there. */
export function stepsFrom(major: number, steps: readonly UpgradeStep[] = STEPS): readonly UpgradeStep[] | undefined {
  const way: UpgradeStep[] = [];
  for (let from = major; from < TRACE_VERSION[0]; from++) {
    const step = steps.find(each => each.from === from);
    if (step === undefined) return undefined;
    way.push(step);
  }
  return major > TRACE_VERSION[0] ? undefined : way;
}
