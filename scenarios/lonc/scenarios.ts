/**
 * Every scenario of lonc, from the plain to the particular; a new one goes to its end.
 */
import { type Scenario, withHousekeeping, withRare } from '../../src/check/scenario.ts';
import { delayed } from './delayed.ts';
import { delayedPowerCut } from './delayed-power-cut.ts';
import { exchange } from './exchange.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { mesh } from './mesh.ts';
import { RARE } from './rare.ts';
import { traps } from './traps.ts';

export const scenarios: readonly Scenario[] = withRare(
  RARE,
  withHousekeeping(HOUSEKEEPING, [mesh, delayed, delayedPowerCut, exchange, ...traps]),
);
