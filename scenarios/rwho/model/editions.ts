/**
 * The editions of ruptime and rwho (A7), a second time: by name, how each counts time, and what it makes of it.
 * Lacks: what each shows of a spool (shown.ts).
 */
import { between } from './layout.ts';

export interface Edition {
  /** Seconds from one stamp to the other. */
  readonly silence: (earlier: number, later: number) => number;
  /** What was sent by a clock that has come round is up for ever, or down for ever (RW-19). */
  readonly wrongSign: boolean;
  /** `hh:mm` and days, with what is in front of them. */
  readonly span: (state: 'up' | 'down', seconds: number) => string;
  /** ruptime: bytes of a name that count for the order. */
  readonly nameSorted: number;
  /** rwho: the same. */
  readonly hostSorted: number;
  /** ruptime knows no time yet when it sorts (RW-34). */
  readonly sortsAtZero: boolean;
  /** What a directory among the files is: passed over, or read as what is still in the buffer (RW-33). */
  readonly directory: 'passed over' | 'shown again';
  /** And to rwho, where that is somebody who is up. */
  readonly directoryIsCrowd: boolean;
  /** rwho: a login has only the lower half of its 64 bits (RW-17). */
  readonly loginBelowZero: boolean;
  /** Fields are read beyond their end (RW-26, RW-28), and so is a name by rwho. */
  readonly overruns: boolean;
  readonly refusesOperands: boolean;
  readonly nobody: { readonly stream: 'out' | 'err'; readonly status: number };
  /** What was meant: none of the above goes wrong, and all columns are wide enough. */
  readonly corrected: boolean;
}

const two = (value: number): string => String(value).padStart(2, '0');
const plain = (earlier: number, later: number): number => later - earlier;
const DAY_MINUTES = 1_440;

/** Minutes are rounded up. `most`: days that are shown. */
const span =
  (blanks: number, dayColumns: number, most: number, unknown: (label: string) => string) =>
  (state: 'up' | 'down', seconds: number): string => {
    const label = state === 'up' ? '  up' : 'down';
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY && seconds <= most * 86_400)) return unknown(label);
    const minutes = Math.ceil(seconds / 60);
    const rest = minutes % DAY_MINUTES;
    const days = (minutes - rest) / DAY_MINUTES;
    const [hours, minute] = [(rest - (rest % 60)) / 60, two(rest % 60)];
    return days > 0
      ? `${label} ${String(days).padStart(dayColumns)}+${two(hours)}:${minute}`
      : `${label}${''.padEnd(blanks)}${String(hours).padStart(2)}:${minute}`;
  };
const behind = (label: string): string => `${label}     ??:??`;
const before = (label: string): string => `   ${label} ??:??`;

const LINUX: Edition = {
  silence: plain,
  wrongSign: true,
  span: span(6, 4, Number.POSITIVE_INFINITY, behind),
  nameSorted: 63,
  hostSorted: 31,
  sortsAtZero: false,
  directory: 'passed over',
  directoryIsCrowd: false,
  loginBelowZero: true,
  overruns: false,
  refusesOperands: false,
  nobody: { stream: 'out', status: 1 },
  corrected: false,
};

const BERKELEY: Edition = {
  silence: between,
  wrongSign: false,
  span: span(4, 2, 365, before),
  nameSorted: 48,
  hostSorted: 8,
  sortsAtZero: false,
  directory: 'shown again',
  directoryIsCrowd: true,
  loginBelowZero: true,
  overruns: true,
  refusesOperands: true,
  nobody: { stream: 'err', status: 0 },
  corrected: false,
};

export const EDITIONS: Readonly<Record<string, Edition>> = {
  corrected: { ...LINUX, silence: between, wrongSign: false, nameSorted: 31, corrected: true },
  debian: LINUX,
  netkit: { ...LINUX, span: span(5, 3, 999, behind) },
  bsd44: BERKELEY,
  'bsd44-lp64': { ...BERKELEY, silence: plain, directoryIsCrowd: false, loginBelowZero: false },
  reno: { ...BERKELEY, sortsAtZero: true, nobody: { stream: 'out', status: 1 } },
};
