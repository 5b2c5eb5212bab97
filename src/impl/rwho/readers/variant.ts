/**
 * The readers that were published, as a table: what each prints, and where each goes wrong (A7). `corrected` is Debian's layout
 * with what its authors meant.
 * May import: time.ts.
 */
import { elapsed } from '../time.ts';

const DAY = 86_400;

export interface Variant {
  readonly name: string;
  /** Blanks between the label and hours:minutes. */
  readonly gap: number;
  /** Columns of the days before `+hh:mm`, after one blank. */
  readonly days: number;
  /** More days than this, and it prints ??:??; absent for no end (RW-38). */
  readonly daysMost?: number;
  /** ??:?? stands right behind the label, which is moved instead. */
  readonly unknownMoved: boolean;
  /** `later` less `earlier`. plain: as if 32 bits were enough for ever (RW-18). */
  readonly difference: (earlier: number, later: number) => number;
  /** Hosts are sorted before the clock is read (RW-34). */
  readonly sortsFirst: boolean;
  /** A file that cannot be read shows the host before it again (RW-33). */
  readonly repeats: boolean;
  /** Entries are counted from the end of the file: half an entry shifts them (RW-31). */
  readonly countsBack: boolean;
  /** Operands are refused. */
  readonly operands: 'ignored' | 'refused';
  readonly noHosts: { readonly stream: 'out' | 'err'; readonly text: string; readonly status: number };
  /** rwho: a full field runs into the next one (RW-28), the name of a host into its load. */
  readonly overruns: boolean;
  /** One line for each host, the newest of its records (RW-32); columns wide enough (RW-35, RW-37); text printable (RW-44). */
  readonly careful: boolean;
}

/** A machine whose time_t has 32 bits comes round; one with 64 does not, and the stamps do. */
const plain = (earlier: number, later: number): number => later - earlier;

const noHosts = (stream: 'out' | 'err', status: number): Variant['noHosts'] => ({ stream, text: 'ruptime: no hosts in {spool}.', status });

const BSD: Omit<Variant, 'name' | 'difference' | 'sortsFirst' | 'noHosts'> = {
  gap: 4,
  days: 2,
  daysMost: 365,
  unknownMoved: true,
  repeats: true,
  countsBack: true,
  operands: 'refused',
  overruns: true,
  careful: false,
};

const DEBIAN: Variant = {
  name: 'debian',
  gap: 6,
  days: 4,
  unknownMoved: false,
  difference: plain,
  sortsFirst: false,
  repeats: false,
  countsBack: true,
  operands: 'ignored',
  noHosts: noHosts('out', 1),
  overruns: false,
  careful: false,
};

export const VARIANTS: readonly Variant[] = [
  { ...DEBIAN, name: 'corrected', difference: elapsed, countsBack: false, careful: true },
  DEBIAN,
  { ...DEBIAN, name: 'netkit', gap: 5, days: 3, daysMost: 999 },
  { ...BSD, name: 'bsd44', difference: elapsed, sortsFirst: false, noHosts: noHosts('err', 0) },
  { ...BSD, name: 'bsd44-lp64', difference: plain, sortsFirst: false, noHosts: noHosts('err', 0) },
  { ...BSD, name: 'reno', difference: elapsed, sortsFirst: true, noHosts: noHosts('out', 1) },
];

export const CORRECTED: Variant = VARIANTS[0] ?? DEBIAN;

export const variantNamed = (name: string): Variant | undefined => VARIANTS.find(each => each.name === name);

/** `  up       9:45`, `down 19+15:37`; minutes are rounded up. The label has four columns. */
export function interval(variant: Variant, label: string, seconds: number): string {
  const { gap, days: width, daysMost, unknownMoved } = variant;
  if (seconds < 0 || (daysMost !== undefined && seconds > daysMost * DAY)) {
    return unknownMoved ? `   ${label} ??:??` : `${label}     ??:??`;
  }
  const minutes = Math.ceil(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor(minutes / 60) % 24;
  if (days > 0) return `${label} ${String(days).padStart(width)}+${two(hours)}:${two(minutes % 60)}`;
  return `${label}${' '.repeat(gap)}${String(hours).padStart(2)}:${two(minutes % 60)}`;
}
