/**
 * Wall time as ctime(3) writes it, `Sat Nov 21 22:42:57 2026`, without its line feed.
 * Lacks: time zones. A Host has none, so local time is UTC.
 */
import type { Instant } from '../../host/time.ts';

const DAYS: readonly string[] = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_SECONDS = 86_400;
/** Days from 0000-03-01 to 1970-01-01, and in 400 years. */
const EPOCH_DAYS = 719_468;
const ERA_DAYS = 146_097;

export function ctime(wall: Instant): string {
  const total = epochOf(wall);
  const day = Math.floor(total / DAY_SECONDS);
  const second = total - day * DAY_SECONDS;
  const { year, month, date } = civil(day);
  const clock = [Math.floor(second / 3_600), Math.floor(second / 60) % 60, second % 60].map(two).join(':');
  return `${DAYS[((day % 7) + 7) % 7]} ${MONTHS[month]} ${String(date).padStart(2)} ${clock} ${year}`;
}

/** Whole seconds since 1970. */
export const epochOf = (wall: Instant): number => Math.floor(wall / 1_000_000);

/** The Gregorian date of a day, counted in years that begin in March, so that a leap day is the last. `month` is 0 to 11. */
function civil(day: number): { readonly year: number; readonly month: number; readonly date: number } {
  const shifted = day + EPOCH_DAYS;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = (march + 2) % 12;
  return { year: era * 400 + yearOfEra + (month < 2 ? 1 : 0), month, date };
}

const two = (count: number): string => String(count).padStart(2, '0');
