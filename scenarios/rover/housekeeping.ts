/**
 * What the programs of Rover hold while nothing happens, and what they must not lose.
 */
import type { Housekeeping } from '../../src/check/world/housekeeping.ts';
import { PEER } from './daemons/names.ts';
import { CGI_STATE, CLIENT, QUEUE, STATE } from './parts/network.ts';

export const HOUSEKEEPING: Housekeeping = {
  programs: {
    // The pipe is its standard output.
    [CLIENT]: { holds: { timers: 8, opened: 8, pipes: 1 }, idleTimers: [] },
  },
  directories: { [QUEUE]: 'told', [STATE]: 'told', [CGI_STATE]: 'told' },
  prints: [PEER],
};
