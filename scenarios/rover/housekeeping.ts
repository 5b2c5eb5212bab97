/**
 * What the programs of Rover hold while nothing happens, and what they must not lose.
 */
import type { Housekeeping } from '../../src/check/world/housekeeping.ts';
import { seconds, ZERO } from '../../src/host/time.ts';
import { PEER } from './daemons/names.ts';
import { CGI_STATE, CLIENT, DAEMON, PARENT, QUEUE, STATE } from './parts/network.ts';

/** After a turn that had nothing for the log. */
const TURN = ZERO;
/** What has been begun may take 5 s (R9). */
const ENDS = seconds(6);

export const HOUSEKEEPING: Housekeeping = {
  programs: {
    // The pipes are lifelines.
    [PARENT]: { holds: { pipes: 'children' }, idleTimers: [] },
    [DAEMON]: { holds: { listeners: 1, pipes: 1 }, idleTimers: [TURN], endsWithin: ENDS },
    // The pipe is its standard output.
    [CLIENT]: { holds: { timers: 8, opened: 8, pipes: 1 }, idleTimers: [], endsWithin: seconds(1) },
  },
  directories: { [QUEUE]: 'told', [STATE]: 'told', [CGI_STATE]: 'told' },
  prints: [PEER],
};
