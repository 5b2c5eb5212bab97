/**
 * Seconds of 32 bits, and what they mean after 2038 (RW-18, RW-19). A report has room for a signed number that comes round
 * every 136 years. Two stamps that are less than 68 years apart still have a right difference, taken modulo 2^32; and a stamp
 * means the moment nearest to now that looks like it. So nothing goes wrong in 2038 or in 2106; what is more than 68 years
 * old, or ahead, cannot be told from what is not.
 */
import { type Instant, instantOf } from '../../host/time.ts';

const MICROSECONDS = 1_000_000;

/** Whole seconds of a wall clock. */
export const secondsOf = (wall: Instant): number => Math.floor(wall / MICROSECONDS);

/** Seconds as a report has them: modulo 2^32, signed. */
export const stampOf = (seconds: number): number => seconds | 0;

/** `later` less `earlier`, both of which may have come round. */
export const elapsed = (earlier: number, later: number): number => (later - earlier) | 0;

/** Seconds since 1970 of the moment nearest to `now` whose stamp this is. */
export const nearest = (stamp: number, now: number): number => now + elapsed(now, stamp);

export const wallOf = (seconds: number): Instant => instantOf(seconds * MICROSECONDS);
