/**
 * Every scenario of Rover, from the plain to the particular; a new one goes to its end.
 */
import { type Scenario, withHousekeeping, withRare } from '../../src/check/scenario.ts';
import { beginnings } from './beginnings.ts';
import { commandLines } from './command-lines.ts';
import { exchange } from './exchange.ts';
import { fatal } from './fatal.ts';
import { forked } from './forked.ts';
import { hostile } from './hostile.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { long } from './long.ts';
import { queue } from './queue.ts';
import { RARE } from './rare.ts';
import { shutdown } from './shutdown.ts';
import { strangers } from './strangers.ts';
import { traps } from './traps.ts';

export const scenarios: readonly Scenario[] = withRare(
  RARE,
  withHousekeeping(HOUSEKEEPING, [exchange, queue, strangers, hostile, long, fatal, shutdown, forked, commandLines, beginnings, ...traps]),
);
