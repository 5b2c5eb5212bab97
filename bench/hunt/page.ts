/** What the hunt came to: a summary, and docs/hunt.md. */
import type { Found } from '../../protocols/search.ts';
import type { Bug } from './bugs.ts';

export interface Row extends Pick<Bug, 'protocol' | 'kind' | 'name'> {
  /** Of the hunt in the middle, by time; undefined: most hunts found nothing. */
  readonly found: Found | undefined;
  readonly steps: number;
  /** Of CPU. */
  readonly seconds: number;
  readonly slowest: number;
  /** Hunts that found nothing. */
  readonly missed: number;
}

export function summaryOf(rows: readonly Row[]): string {
  const seconds = rows.map(row => row.seconds).sort((one, other) => one - other);
  const at = (part: number): string => (seconds[Math.floor(part * (seconds.length - 1))] ?? 0).toFixed(2);
  const missed = rows.filter(({ found }) => found === undefined).length;
  return `${rows.length} bugs: half of them within ${at(0.5)} s, nine of ten within ${at(0.9)} s, the last after ${at(1)} s; ${missed} not found`;
}

export function huntDocument(rows: readonly Row[], _options: { readonly starts: number; readonly budget: number }): string {
  return summaryOf(rows);
}
