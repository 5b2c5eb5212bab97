/**
 * What the programs of rwho hold while nothing happens, and what they keep durably: a record is old or new, and may be lost.
 */
import type { Housekeeping } from '../../src/check/world/housekeeping.ts';
import { seconds } from '../../src/host/time.ts';
import { SPOOL } from '../../src/impl/rwho/readers/spool-files.ts';
import { READER, WITNESS } from './daemons/names.ts';
import { RWHOD } from './parts/network.ts';

export const HOUSEKEEPING: Housekeeping = {
  programs: { [RWHOD]: { holds: { timers: 2, sockets: 1 }, endsWithin: seconds(1) } },
  directories: { [SPOOL]: 'whole' },
  prints: [READER, WITNESS],
};
