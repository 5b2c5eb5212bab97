/**
 * Time as integers: microseconds, branded so that a point in time and a length of time cannot be mixed.
 * Lacks: calendars, time zones, floating point. Both brands stay exact up to 2^53 µs (285 years).
 */

declare const instant: unique symbol;
declare const duration: unique symbol;

/** A point in time, integer microseconds since the origin of its clock. */
export type Instant = number & { readonly [instant]: true };
/** A length of time, integer microseconds; may be negative where a difference is meant. */
export type Duration = number & { readonly [duration]: true };

export const ORIGIN: Instant = 0 as Instant;
export const ZERO: Duration = 0 as Duration;

export const instantOf = (microseconds: number): Instant => Math.trunc(microseconds) as Instant;
export const micros = (count: number): Duration => Math.trunc(count) as Duration;
export const millis = (count: number): Duration => Math.trunc(count * 1_000) as Duration;
export const seconds = (count: number): Duration => Math.trunc(count * 1_000_000) as Duration;

/**
 * A length of time where people write one: `'5 s'`, `'250 ms'`, or a Duration. A bare number would not say of what. The contract of the
 * Host takes Durations only, so that no daemon parses text while it runs.
 */
export type Span = Duration | `${number} ${keyof typeof UNITS}`;

const UNITS = { us: 1, ms: 1_000, s: 1_000_000, min: 60_000_000, h: 3_600_000_000 } as const;

/** Throws an Error that says what is wrong with the text. */
export function durationOf(span: Span): Duration {
  if (typeof span === 'number') return span;
  const [, count, unit] = /^(\d+(?:\.\d+)?) (us|ms|s|min|h)$/.exec(span) ?? [];
  // A unit that the expression lets through is one of UNITS.
  const length = Number(count) * UNITS[unit as keyof typeof UNITS];
  if (!Number.isSafeInteger(Math.round(length)))
    throw new Error(`a length of time is written '5 s', with one of ${Object.keys(UNITS).join(', ')}, not '${span}'`);
  return Math.round(length) as Duration;
}

/** Throws an Error for what is no length of time: no timer and no alarm can be set to it. */
export function requireDelay(delay: Duration): void {
  if (typeof delay !== 'number' || Number.isNaN(delay)) throw new Error(`the delay of a timer is not a number: ${String(delay)}`);
}

export const after = (start: Instant, length: Duration): Instant => (start + length) as Instant;
export const since = (start: Instant, end: Instant): Duration => (end - start) as Duration;

/** `1.250300 s`: the form every report and message uses. */
export function formatTime(time: Instant | Duration): string {
  const sign = time < 0 ? '-' : '';
  const micro = Math.abs(time);
  const whole = Math.floor(micro / 1_000_000);
  return `${sign}${whole}.${String(micro % 1_000_000).padStart(6, '0')} s`;
}
