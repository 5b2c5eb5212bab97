/**
 * Where two traces part in what they mean (meaning.ts): of each process the first thing that is not the same, and of these the earliest, since
 * the others may follow from it.
 * Lacks: where they meet again.
 */
import { printable } from '../host/bytes.ts';
import { formatTime, type Instant } from '../host/time.ts';
import type { TraceEvent } from './event.ts';
import { type Meanings, type Meant, meaningsOf } from './meaning.ts';
import { formatEvent } from './view.ts';

export interface MeaningDifference {
  readonly time: Instant;
  /** '' for the world. */
  readonly process: string;
  /** What the process did there; absent: nothing more, though the trace goes on. */
  readonly left: Meant | undefined;
  readonly right: Meant | undefined;
  /** The last things in which the process agreed, as the left trace has them. */
  readonly before: readonly Meant[];
  /** Things that mean the same, of all processes up to where each of them parts. */
  readonly agreed: number;
  readonly leftTotal: number;
  readonly rightTotal: number;
}

const CONTEXT = 3;

/** `undefined`: they mean the same. Where the shorter trace ends, it ends after anything else in which the two differ. */
export function diffMeanings(left: readonly TraceEvent[], right: readonly TraceEvent[], meanings: Meanings): MeaningDifference | undefined {
  const [one, other] = [meaningsOf(left, meanings), meaningsOf(right, meanings)];
  const [lefts, rights] = [byProcess(one), byProcess(other)];
  let agreed = 0;
  const partings: Parting[] = [];
  for (const process of new Set([...lefts.keys(), ...rights.keys()])) {
    const [mine = [], theirs = []] = [lefts.get(process), rights.get(process)];
    let at = 0;
    while (at < mine.length && at < theirs.length && mine[at]?.key === theirs[at]?.key) at++;
    agreed += at;
    const [first, second] = [mine[at], theirs[at]];
    if (first === undefined && second === undefined) continue;
    const time = Math.min(first?.event.time ?? Number.POSITIVE_INFINITY, second?.event.time ?? Number.POSITIVE_INFINITY) as Instant;
    partings.push({ process, left: first, right: second, time, before: mine.slice(Math.max(0, at - CONTEXT), at) });
  }
  const [earliest] = partings.sort((a, b) => a.time - b.time || placeOf(a) - placeOf(b));
  if (earliest === undefined) return undefined;
  return { ...earliest, agreed, leftTotal: one.length, rightTotal: other.length };
}

type Parting = Omit<MeaningDifference, 'agreed' | 'leftTotal' | 'rightTotal'>;

const placeOf = ({ left, right }: Parting): number => left?.event.index ?? right?.event.index ?? 0;

function byProcess(meant: readonly Meant[]): ReadonlyMap<string, readonly Meant[]> {
  const own = new Map<string, Meant[]>();
  for (const each of meant) {
    const known = own.get(each.process);
    if (known === undefined) own.set(each.process, [each]);
    else known.push(each);
  }
  return own;
}

/** In the shape of a unified diff. */
export function formatMeaningDifference({ time, process, left, right, before, agreed, leftTotal, rightTotal }: MeaningDifference): string {
  const who = process === '' ? 'the world' : printable(process, WORD_SHOWN);
  const lines = [
    `DIFFERS  ${who}, at ${formatTime(time)}; ${agreed} of ${leftTotal} and ${rightTotal} steps mean the same before the traces part`,
  ];
  for (const each of before) lines.push(...shown(' ', each));
  lines.push(...(left === undefined ? [` - nothing more of ${who}`] : shown('-', left)));
  lines.push(...(right === undefined ? [` + nothing more of ${who}`] : shown('+', right)));
  return `${lines.join('\n')}\n`;
}

const shown = (sign: string, { event, key }: Meant): readonly string[] => [
  ` ${sign} ${formatEvent(event)}`,
  ` ${sign} ${' '.repeat(INDENT)}${printable(key, KEY_SHOWN)}`,
];
const INDENT = 42;
const KEY_SHOWN = 240;
const WORD_SHOWN = 80;
