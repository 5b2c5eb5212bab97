/**
 * Every scenario of Rover, from the plain to the particular; a new one goes to its end.
 */
import { type Scenario, withHousekeeping } from '../../src/check/scenario.ts';
import { exchange } from './exchange.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { queue } from './queue.ts';

export const scenarios: readonly Scenario[] = withHousekeeping(HOUSEKEEPING, [exchange, queue]);
