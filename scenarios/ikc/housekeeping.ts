/**
 * What the programs of IKC hold while nothing happens. They keep nothing durably.
 */
import type { Housekeeping } from '../../src/check/world/housekeeping.ts';
import { seconds } from '../../src/host/time.ts';
import { PEER, STORER } from './daemons/names.ts';
import { CLIENT, LITE, SERVER } from './parts/network.ts';

export const HOUSEKEEPING: Housekeeping = {
  programs: {
    [SERVER]: { holds: { listeners: 1 }, endsWithin: seconds(1) },
    // The pipe is their standard output.
    [CLIENT]: { holds: { timers: 1, opened: 1, pipes: 1 }, endsWithin: seconds(1) },
    [LITE]: { holds: { timers: 1, opened: 1, pipes: 1 }, endsWithin: seconds(1) },
  },
  prints: [PEER, STORER],
};
