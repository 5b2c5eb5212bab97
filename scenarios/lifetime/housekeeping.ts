/**
 * What the programs of the lifetime pipe hold while nothing happens.
 */
import type { Exemptions } from '../../src/check/scenario.ts';
import type { Housekeeping } from '../../src/check/world/housekeeping.ts';
import { seconds } from '../../src/host/time.ts';

export const HOUSEKEEPING: Housekeeping = {
  programs: {
    'lifetime-parent': { holds: {}, endsWithin: seconds(1) },
    'lifetime-child': { holds: {}, idleTimers: [], endsWithin: seconds(1) },
  },
};

/** Of a scenario whose parent has a child that is not ours. */
export const NO_CHILD_OF_OURS: Exemptions = { 'timers-act': 'The only program of which it is judged is not there.' };
