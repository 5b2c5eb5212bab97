/**
 * What is red for the same reason is one finding. Each row that was refuted went another way at one place of the wire; rows that did
 * so at the same place, after the same messages, have one cause, and so have rows that broke the same requirement. The row that
 * leads is the one that was nearest to what broke first, and what hangs on a twin stands under its twin.
 */
import { LEVELS } from '../case.ts';
import type { Report, ReportRow } from './report.ts';
import type { Trail } from './trail.ts';
import { Wires } from './trail.ts';

/** The first row is the one to look at; `folded` fell with it. */
export interface Finding {
  readonly row: ReportRow;
  readonly folded: readonly ReportRow[];
}

/** The worst first: errors of ours, then MUST, SHOULD and MAY, and in each what broke first on the wire. */
export function findingsOf(report: Pick<Report, 'rows'>): readonly Finding[] {
  const hanging = report.rows.filter(row => row.verdict === 'inconclusive' && row.twin !== '');
  return groupsOf(report.rows)
    .map(group => agreed(group).toSorted(byNearness))
    .toSorted(([left], [right]) => (left === undefined || right === undefined ? 0 : byWeight(left, right)))
    .flatMap(([first, ...same]) => {
      if (first === undefined) return [];
      const own = new Set([first, ...same].map(({ row }) => row.case));
      return [{ row: first.row, folded: [...same.map(({ row }) => row), ...hanging.filter(each => own.has(each.twin))] }];
    });
}

/** Inconclusive rows that hang on no row of a finding: for each the report has a reason of its own. */
export function undecidedOf(report: Pick<Report, 'rows'>): readonly ReportRow[] {
  const folded = new Set(findingsOf(report).flatMap(each => each.folded.map(row => row.case)));
  return report.rows.filter(row => row.verdict === 'inconclusive' && !folded.has(row.case));
}

interface Red {
  readonly row: ReportRow;
  /** In the report. */
  readonly index: number;
  readonly trail: Trail | undefined;
  /** How many rows of its group blame the same requirement. */
  readonly agreed: number;
}

/** Rows with a cause in common, and rows with a cause in common with one of those. */
function groupsOf(rows: readonly ReportRow[]): readonly (readonly Red[])[] {
  const wires = new Wires();
  const reds = rows.flatMap((row, index): Red[] => (isRed(row) ? [{ row, index, trail: wires.trailOf(row), agreed: 1 }] : []));
  const diverged = new Set(reds.flatMap(({ trail }) => (trail === undefined ? [] : [trail.here])));
  const groups = new Groups();
  for (const red of reds) groups.join(red.index, causesOf(red, diverged));
  const found = new Map<number, Red[]>();
  for (const red of reds) {
    const group = groups.of(red.index);
    found.set(group, [...(found.get(group) ?? []), red]);
  }
  return [...found.values()];
}

function agreed(group: readonly Red[]): readonly Red[] {
  const blamed = new Map<string, number>();
  for (const { row } of group) blamed.set(row.refuted?.requirement ?? '', (blamed.get(row.refuted?.requirement ?? '') ?? 0) + 1);
  return group.map(red => ({ ...red, agreed: blamed.get(red.row.refuted?.requirement ?? '') ?? 1 }));
}

const isRed = (row: ReportRow): boolean => row.verdict === 'error' || row.refuted !== undefined;

/** Names of what the row may have in common with others. `diverged`: places at which some row went another way. */
function causesOf({ row, trail }: Red, diverged: ReadonlySet<number>): readonly string[] {
  const { role, refuted, end } = row;
  if (refuted === undefined) return [`error ${role} ${row.why}`];
  const broken = `broken ${role} ${refuted.requirement}`;
  if (trail === undefined) return [broken, `received ${role} ${row.verdict} ${end} ${refuted.received}`];
  return [broken, `place ${trail.here}`, ...trail.passed.filter(each => diverged.has(each)).map(each => `place ${each}`)];
}

/** Sets that grow together: whoever has a name in common is in the same one. */
class Groups {
  readonly #names: Map<string, number> = new Map();
  readonly #parents: Map<number, number> = new Map();

  join(member: number, names: readonly string[]): void {
    this.#parents.set(member, member);
    for (const name of names) {
      const other = this.#names.get(name);
      if (other === undefined) this.#names.set(name, member);
      else this.#parents.set(this.of(member), this.of(other));
    }
  }

  of(member: number): number {
    let at = member;
    for (let parent = this.#parents.get(at); parent !== undefined && parent !== at; parent = this.#parents.get(at)) at = parent;
    return at;
  }
}

// ── which of them is the one to look at ─────────────────────────────────────────────────────────────────────────────

/** Each a reason to look at the lower one first; the first that differs decides. */
const NEARNESS: readonly ((red: Red) => number)[] = [
  weightOf,
  ({ trail }) => trail?.after ?? 0,
  ({ row }) => (row.refuted?.at?.is === 'violation' ? 0 : 1),
  ({ row }) => (row.refuted?.by === 'time' ? 1 : 0),
  // Its own case is about it, not one that only passed there.
  ({ row }) => (row.refuted === undefined || row.requirements.includes(row.refuted.requirement) ? 0 : 1),
  ({ row }) => row.refuted?.at?.wanted ?? 1,
  red => -red.agreed,
  ({ index }) => index,
];
const WEIGHT: typeof NEARNESS = [weightOf, ({ trail }) => trail?.after ?? 0, ({ index }) => index];

const by =
  (reasons: typeof NEARNESS) =>
  (left: Red, right: Red): number => {
    for (const reason of reasons) {
      const difference = reason(left) - reason(right);
      if (difference !== 0) return difference;
    }
    return 0;
  };
const byNearness = by(NEARNESS);
const byWeight = by(WEIGHT);

function weightOf({ row }: Red): number {
  return row.verdict === 'error' ? -1 : LEVELS.indexOf(row.level);
}

// ── whether it was the right program at all ─────────────────────────────────────────────────────────────────────────

const UNPLAYED = ['not-applicable', 'inconclusive'];

/** All red, and the implementation always ended by itself in the same way: more often a wrong command than a broken implementation. */
export function setupSuspicion(rows: readonly ReportRow[]): string | undefined {
  const played = rows.filter(row => !UNPLAYED.includes(row.verdict));
  const [first] = played;
  if (first === undefined || played.length < 2 || played.some(row => row.refuted === undefined || row.end !== first.end)) return undefined;
  if (!played.every(endedByItself)) return undefined;
  return `Every case failed, and the implementation always ended by itself in the same way (${first.end}): is this the right command, and does it take the options of the protocol?`;
}

/** Nobody had told it to: no signal, and nothing closed on it. What the tester did to it says nothing about the command. */
function endedByItself({ end, log }: ReportRow): boolean {
  if (!/^(?:exited |killed by SIG|never ready: )/.test(end)) return false;
  const ended = log.findIndex(line => line.from === 'peer' && line.channel === '' && line.text.startsWith('ends: '));
  const before = log.slice(0, ended < 0 ? log.length : ended);
  return !before.some(({ from, text }) => from === 'tester' && /^(?:SIG[A-Z0-9]+|closes|resets|ends its direction)$/.test(text));
}
