/**
 * Two traces side by side: which events are the same happening, by what they are and not by when they were (E. W. Myers, "An O(ND) difference
 * algorithm", 1986). What is not the same but of the same process and kind at the same place stands beside each other.
 * Lacks: an end to the search that is the best one where traces differ in more than DIFFERENCES_LIMIT events; from there on they stand below each other.
 */
import { equalBytes } from '../src/host/bytes.ts';
import { type Columns, channelOf, kindOf, NONE, processOf } from './columns.ts';

/** soft: only its time, its cause or its message's number is another. */
export const STATE = { same: 0, soft: 1, changed: 2, left: 3, right: 4 } as const;

export interface Alignment {
  /** Of each row, the place on each side, or NONE. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly state: Uint8Array;
  /** The search ended before the traces did. */
  readonly cut: boolean;
}

/** Events that are on one side only. The search remembers as many steps, each of twice their number. */
export const DIFFERENCES_LIMIT = 2_000;

/** `limit`: of differences that are searched for. */
export function align(left: Columns, right: Columns, limit: number = DIFFERENCES_LIMIT): Alignment {
  const [one, other] = keysOf(left, right);
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let [endOne, endOther] = [one.length, other.length];
  while (endOne > start && endOther > start && one[endOne - 1] === other[endOther - 1]) {
    endOne--;
    endOther--;
  }
  const middle = search(one.subarray(start, endOne), other.subarray(start, endOther), limit);
  const rows = new Rows(left, right);
  for (let at = 0; at < start; at++) rows.pair(at, at);
  for (const [from, to] of middle.pairs) {
    rows.until(from + start, to + start);
    rows.pair(from + start, to + start);
  }
  rows.until(endOne, endOther);
  for (let at = endOne; at < one.length; at++) rows.pair(at, at - endOne + endOther);
  return { ...rows.made(), cut: middle.cut };
}

class Rows {
  readonly #columns: readonly [Columns, Columns];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #state: number[] = [];
  #next: [number, number] = [0, 0];

  constructor(left: Columns, right: Columns) {
    this.#columns = [left, right];
  }

  pair(left: number, right: number): void {
    const [one, other] = this.#columns;
    const isSoft = one.time[left] !== other.time[right] || one.message[left] !== other.message[right];
    this.#row(left, right, isSoft ? STATE.soft : STATE.same);
    this.#next = [left + 1, right + 1];
  }

  /** What is on one side only up to there; of both sides, what can stand beside each other. */
  until(left: number, right: number): void {
    const [one, other] = this.#columns;
    let [at, beside] = this.#next;
    while (at < left || beside < right) {
      const isPair = at < left && beside < right && isLike(one, at, other, beside);
      if (isPair) this.#row(at++, beside++, STATE.changed);
      else if (at < left && (beside >= right || left - at >= right - beside)) this.#row(at++, NONE, STATE.left);
      else this.#row(NONE, beside++, STATE.right);
    }
    this.#next = [at, beside];
  }

  made(): Omit<Alignment, 'cut'> {
    return { left: Int32Array.from(this.#left), right: Int32Array.from(this.#right), state: Uint8Array.from(this.#state) };
  }

  #row(left: number, right: number, state: number): void {
    this.#left.push(left);
    this.#right.push(right);
    this.#state.push(state);
  }
}

const isLike = (one: Columns, at: number, other: Columns, beside: number): boolean =>
  kindOf(one, at) === kindOf(other, beside) && processOf(one, at) === processOf(other, beside);

/** One number for each happening: the same on both sides where process, kind, channel, payload and data are. */
function keysOf(left: Columns, right: Columns): readonly [Int32Array, Int32Array] {
  const keys = new Map<string, { readonly columns: Columns; readonly place: number; readonly key: number }[]>();
  let next = 0;
  return [left, right].map(columns =>
    Int32Array.from({ length: columns.count }, (_, place) => {
      const payload = columns.payloads.of(place);
      const text = `${processOf(columns, place)}\n${kindOf(columns, place)}\n${channelOf(columns, place)}\n${payload?.length}\n${columns.datas.text(columns.data[place] ?? 0)}`;
      const likes = keys.get(text) ?? [];
      if (likes.length === 0) keys.set(text, likes);
      const like = likes.find(each => equalBytes(each.columns.payloads.of(each.place) ?? NOTHING, payload ?? NOTHING));
      if (like !== undefined) return like.key;
      likes.push({ columns, place, key: next });
      return next++;
    }),
  ) as unknown as readonly [Int32Array, Int32Array];
}
const NOTHING = new Uint8Array();

/** The longest sequence that both have, as pairs in order. */
function search(
  one: Int32Array,
  other: Int32Array,
  limit: number,
): { readonly pairs: readonly (readonly [number, number])[]; readonly cut: boolean } {
  const most = Math.min(limit, one.length + other.length);
  const farthest = new Int32Array(2 * most + 3);
  const steps: Int32Array[] = [];
  const middle = most + 1;
  // With each edit the farthest of all goes on, as long as there is something left.
  let best = { x: 0, y: 0 };
  for (let edits = 0; edits <= most; edits++) {
    steps.push(farthest.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepOn(farthest, middle, diagonal, edits);
      while (x < one.length && x - diagonal < other.length && one[x] === other[x - diagonal]) x++;
      farthest[middle + diagonal] = x;
      const y = x - diagonal;
      if (x >= one.length && diagonal === one.length - other.length)
        return { pairs: backwards(steps, one.length, other.length), cut: false };
      if (x <= one.length && y <= other.length && x + y > best.x + best.y) best = { x, y };
    }
  }
  return { pairs: backwards(steps, best.x, best.y), cut: true };
}

function stepOn(farthest: Int32Array, middle: number, diagonal: number, edits: number): number {
  const [above, below] = [farthest[middle + diagonal - 1] ?? 0, farthest[middle + diagonal + 1] ?? 0];
  return diagonal === -edits || (diagonal !== edits && above < below) ? below : above + 1;
}

function backwards(steps: readonly Int32Array[], fromX: number, fromY: number): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let [x, y] = [fromX, fromY];
  for (let edits = steps.length - 1; edits >= 0; edits--) {
    const farthest = steps[edits] ?? NO_STEPS;
    const diagonal = x - y;
    const [above, below] = [farthest[edits + diagonal] ?? 0, farthest[edits + diagonal + 2] ?? 0];
    const isDown = diagonal === -edits || (diagonal !== edits && above < below);
    const beforeX = edits === 0 ? 0 : isDown ? below : above;
    const beforeY = edits === 0 ? 0 : beforeX - (isDown ? diagonal + 1 : diagonal - 1);
    while (x > beforeX && y > beforeY) pairs.push([--x, --y]);
    [x, y] = [beforeX, beforeY];
  }
  return pairs.reverse();
}
const NO_STEPS = new Int32Array();
