/**
 * One trace of the page, with all that is derived of it once, and the rows in which it is shown at the moment.
 */
import { type Band, bandsOf } from '../bands.ts';
import { type Columns, NONE } from '../columns.ts';
import { type Lane, type Lanes, lanesOf } from '../lanes.ts';
import { type Links, linksOf } from '../links.ts';
import { wordsOf } from '../words.ts';

export class Side {
  readonly columns: Columns;
  readonly links: Links;
  readonly lanes: Lanes;
  readonly bands: readonly Band[];
  /** Of each row that is shown, the place of its event, or NONE. */
  rows: Int32Array = new Int32Array();
  /** Of each event, its row, or that of the next one that is shown. */
  rowOf: Int32Array;
  /** The lanes that have an event in a row that is shown, in order, and of each lane its place among them, or NONE. */
  lanesShown: readonly Lane[] = [];
  #columnOf: Int32Array = new Int32Array();
  /** Of each event a sum of CONE; absent where no cone is shown. */
  cone: Uint8Array | undefined;
  readonly #words = new Map<number, string>();

  constructor(columns: Columns) {
    this.columns = columns;
    this.links = linksOf(columns);
    this.lanes = lanesOf(columns);
    this.bands = bandsOf(columns);
    this.rowOf = new Int32Array(columns.count + 1);
  }

  show(rows: Int32Array): void {
    this.rows = rows;
    let place = 0;
    for (let row = 0; row < rows.length; row++) {
      const shown = rows[row] ?? NONE;
      while (shown >= 0 && place <= shown) this.rowOf[place++] = row;
    }
    this.rowOf.fill(rows.length, place);
    this.#showLanes();
  }

  /** A diagram has no room for lanes on which nothing is. */
  #showLanes(): void {
    const { lanes, laneOf, outside } = this.lanes;
    const isShown = new Uint8Array(lanes.length);
    for (const place of this.rows) {
      const lane = place < 0 ? NONE : (laneOf[this.columns.process[place] ?? 0] ?? NONE);
      if (lane >= 0) isShown[lane] = 1;
    }
    if (outside >= 0) isShown[outside] = 1;
    this.lanesShown = lanes.filter((_, lane) => isShown[lane] === 1);
    let next = 0;
    this.#columnOf = Int32Array.from(isShown, shown => (shown === 1 ? next++ : NONE));
  }

  /** Of a lane, its place among those that are shown; NONE for none. */
  columnOf(lane: number): number {
    return this.#columnOf[lane] ?? NONE;
  }

  /** The same of an event. */
  columnAt(place: number): number {
    return this.columnOf(this.lanes.laneOf[this.columns.process[place] ?? 0] ?? NONE);
  }

  /** NONE for none: another trace has an event there. */
  placeAt(row: number): number {
    return this.rows[row] ?? NONE;
  }

  /** The row of an event, or NONE where it is not shown. */
  shownAt(place: number): number {
    const row = this.rowOf[place] ?? NONE;
    return this.rows[row] === place ? row : NONE;
  }

  /** The place of the event in a row, or of the first below it; the number of events for none. */
  placeFrom(row: number): number {
    for (let at = Math.max(0, row); at < this.rows.length; at++) if ((this.rows[at] ?? NONE) >= 0) return this.rows[at] ?? NONE;
    return this.columns.count;
  }

  words(place: number): string {
    const known = this.#words.get(place);
    if (known !== undefined) return known;
    if (this.#words.size >= WORDS_KEPT) this.#words.clear();
    const words = wordsOf(this.columns, place);
    this.#words.set(place, words);
    return words;
  }
}

/** What stands beside so many events is remembered. */
const WORDS_KEPT = 4_096;
