/**
 * Every scenario of Rover, from the plain to the particular; a new one goes to its end.
 */
import { type Scenario, withHousekeeping, withRare } from '../../src/check/scenario.ts';
import { everywhere } from '../everywhere.ts';
import { beginnings } from './beginnings.ts';
import { clientDisk } from './client-disk.ts';
import { commandLines } from './command-lines.ts';
import { crowded } from './crowd.ts';
import { disk } from './disk.ts';
import { exchange } from './exchange.ts';
import { fatal } from './fatal.ts';
import { forked } from './forked.ts';
import { hostile } from './hostile.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { limits } from './limits.ts';
import { long } from './long.ts';
import { orders } from './orders.ts';
import { parcels } from './parcels.ts';
import { plain } from './plain.ts';
import { linesAreTold, serverTells, tellsWhatHappens } from './properties/tells.ts';
import { queue } from './queue.ts';
import { RARE } from './rare.ts';
import { shutdown } from './shutdown.ts';
import { signals } from './signals.ts';
import { strangers } from './strangers.ts';
import { traps } from './traps.ts';
import { undone } from './undone.ts';

export const scenarios: readonly Scenario[] = withRare(
  RARE,
  withHousekeeping(HOUSEKEEPING, [
    ...everywhere(tellsWhatHappens, [
      exchange,
      queue,
      strangers,
      hostile,
      long,
      fatal,
      shutdown,
      forked,
      signals,
      plain,
      disk,
      crowded,
      clientDisk,
      undone,
      limits,
      orders,
      parcels,
    ]),
    ...everywhere(serverTells, [commandLines]),
    ...everywhere(linesAreTold, [beginnings]),
    ...everywhere(tellsWhatHappens, traps),
  ]),
);
