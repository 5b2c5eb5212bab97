/**
 * What becomes of the waits of a case when the implementation's own timers run faster. A silence gets shorter exactly, because
 * something would be heard that much sooner. A deadline as well, but not below what a computer needs that is no faster than before.
 * Factors are in thousandths.
 * May import: host.
 */
import type { Duration } from '../../src/host/time.ts';
import { micros, seconds } from '../../src/host/time.ts';

export const REAL_TIME = 1_000;
const FLOOR: Duration = seconds(5);

export const scaledSilence = (lasting: Duration, timeScale: number): Duration => micros((lasting * REAL_TIME) / timeScale);

export const scaledDeadline = (within: Duration, timeScale: number): Duration =>
  micros(Math.max(Math.min(within, FLOOR), (within * REAL_TIME) / timeScale));
