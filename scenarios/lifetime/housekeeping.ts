/**
 * What the programs of the lifetime pipe hold while nothing happens.
 */
import type { Housekeeping } from '../../src/check/world/housekeeping.ts';

export const HOUSEKEEPING: Housekeeping = {
  programs: { 'lifetime-parent': { holds: {} }, 'lifetime-child': { holds: {}, idleTimers: [] } },
};
