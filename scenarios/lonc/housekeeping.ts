/**
 * What the programs of lonc hold while nothing happens, and what they keep durably.
 */
import type { Housekeeping } from '../../src/check/world/housekeeping.ts';
import { seconds } from '../../src/host/time.ts';
import { ASKER, CALLER, CLIENT, KEEPER, LIBRARY } from './daemons/names.ts';
import { GATEWAY, GATEWAY_CHILD, LOND, LOND_CHILD } from './parts/network.ts';
import { LOGS, SPOOL, USERS } from './parts/places.ts';

/** Each has nothing to bring to its end but files. */
const ENDS = seconds(1);

export const HOUSEKEEPING: Housekeeping = {
  programs: {
    // A lifeline for each child.
    [GATEWAY]: { holds: { pipes: 'children' }, endsWithin: ENDS },
    [GATEWAY_CHILD]: { holds: { timers: 2, opened: 1, pipes: 1, listeners: 1 }, idleTimers: [], asks: true, endsWithin: ENDS },
    [LOND]: { holds: { pipes: 'children' }, endsWithin: ENDS },
    // The timer of a connection that it ended runs on after the peer has ended it, too.
    [LOND_CHILD]: { holds: { pipes: 1, listeners: 1 }, idleTimers: [seconds(5)], endsWithin: ENDS },
    [ASKER]: { asks: true },
    [KEEPER]: { asks: true },
    [LIBRARY]: { asks: true },
    [CLIENT]: { asks: true },
    [CALLER]: { asks: true },
  },
  // A pid file is whole when it is renamed into place.
  directories: { [USERS]: 'told', [SPOOL]: 'told', [LOGS]: 'whole' },
};
