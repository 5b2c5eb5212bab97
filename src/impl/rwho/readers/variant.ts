/**
 * The readers that were published, as a table: what each prints, and where each goes wrong (A7). `corrected` is Debian's layout
 * with what its authors meant.
 */
import { elapsed } from '../time.ts';
import { HOSTNAME_MAX } from '../wire.ts';

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
  /** ruptime: what was sent by a clock of 1901 to 1935, which is that of 2038 to 2072, is moved by 2^63 s: up for ever (RW-19). */
  readonly strays: boolean;
  /** ruptime: bytes of a host's name that count for the order where no NUL ends it; its field has 32. */
  readonly nameRead: number;
  /** rwho: bytes of a host's name that count for the order. */
  readonly hostCompared: number;
  /** rwho: a login time has 64 bits, of which the upper ones are whatever is behind it; here zero (RW-17). */
  readonly loginUnsigned: boolean;
  /** Hosts are sorted before the clock is read (RW-34). */
  readonly sortsFirst: boolean;
  /** ruptime: a file that cannot be read shows the host before it again, under what was read of shorter files since (RW-33). */
  readonly repeats: boolean;
  /** rwho: behind a host that is up, such a file has millions of people, whatever is in memory there: too many (RW-33). */
  readonly multiplies: boolean;
  /** Entries are counted from the end of the file: half an entry shifts them (RW-31). */
  readonly countsBack: boolean;
  /** Operands are refused. */
  readonly operands: 'ignored' | 'refused';
  readonly noHosts: { readonly stream: 'out' | 'err'; readonly text: string; readonly status: number };
  /** rwho: text is read to its NUL, beyond its field, the record and the row (RW-26, RW-28): rows.ts. */
  readonly overruns: boolean;
  /** One line for each host, the newest of its records (RW-32); columns wide enough (RW-35, RW-37); text printable (RW-44). */
  readonly careful: boolean;
}

/** A machine whose time_t has 32 bits comes round; one with 64 does not, and the stamps do. */
const plain = (earlier: number, later: number): number => later - earlier;

const noHosts = (stream: 'out' | 'err', status: number): Variant['noHosts'] => ({ stream, text: 'ruptime: no hosts in {spool}.', status });

const BSD: Variant = {
  name: 'bsd44',
  gap: 4,
  days: 2,
  daysMost: 365,
  unknownMoved: true,
  difference: elapsed,
  strays: false,
  nameRead: 48,
  hostCompared: 8,
  loginUnsigned: false,
  sortsFirst: false,
  repeats: true,
  multiplies: true,
  countsBack: true,
  operands: 'refused',
  noHosts: noHosts('err', 0),
  overruns: true,
  careful: false,
};

const DEBIAN: Variant = {
  name: 'debian',
  gap: 6,
  days: 4,
  unknownMoved: false,
  difference: plain,
  strays: true,
  nameRead: 63,
  hostCompared: HOSTNAME_MAX,
  loginUnsigned: false,
  sortsFirst: false,
  repeats: false,
  multiplies: false,
  countsBack: true,
  operands: 'ignored',
  noHosts: noHosts('out', 1),
  overruns: false,
  careful: false,
};

export const VARIANTS: readonly Variant[] = [
  { ...DEBIAN, name: 'corrected', difference: elapsed, strays: false, nameRead: HOSTNAME_MAX, countsBack: false, careful: true },
  DEBIAN,
  { ...DEBIAN, name: 'netkit', gap: 5, days: 3, daysMost: 999 },
  BSD,
  { ...BSD, name: 'bsd44-lp64', difference: plain, loginUnsigned: true, multiplies: false },
  { ...BSD, name: 'reno', sortsFirst: true, noHosts: noHosts('out', 1) },
];

export const CORRECTED: Variant = VARIANTS[0] ?? DEBIAN;

export const variantNamed = (name: string): Variant | undefined => VARIANTS.find(each => each.name === name);

/** `  up       9:45`, `down 19+15:37`; minutes are rounded up. The label has four columns. */
export function interval(variant: Variant, label: string, seconds: number): string {
  const { gap, days: width, daysMost, unknownMoved } = variant;
  if (seconds < 0 || seconds === Number.POSITIVE_INFINITY || (daysMost !== undefined && seconds > daysMost * DAY)) {
    return unknownMoved ? `   ${label} ??:??` : `${label}     ??:??`;
  }
  const minutes = Math.ceil(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor(minutes / 60) % 24;
  if (days > 0) return `${label} ${String(days).padStart(width)}+${two(hours)}:${two(minutes % 60)}`;
  return `${label}${' '.repeat(gap)}${String(hours).padStart(2)}:${two(minutes % 60)}`;
}
