/**
 * One trace as it is seen: its diagram, and beside it its table, row by row.
 */
import { STATE } from '../align.ts';
import { laneName } from '../lanes.ts';
import { colours } from './colours.ts';
import { Diagram, described } from './diagram.ts';
import { element } from './elements.ts';
import { diagramWidth, HEAD, type Lattice, laneWidthIn, MARGIN, rowAt, trackAt, xOf } from './geometry.ts';
import type { Side } from './side.ts';
import { Table } from './table.ts';

export interface View {
  readonly top: number;
  readonly visible: number;
  readonly selected: number;
  readonly state: Uint8Array;
}

export class Pane {
  readonly element: HTMLElement;
  readonly side: Side;
  readonly table: Table;
  readonly #canvas: HTMLCanvasElement;
  #lattice: Lattice = { top: 0, laneWidth: 1, shift: 0 };
  #shift = 0;

  /** `choose`: a row was pointed at. */
  constructor(side: Side, id: string, label: string, choose: (row: number) => void) {
    this.side = side;
    this.#canvas = element('canvas', { class: 'diagram', role: 'img', 'aria-label': described(side) });
    this.table = new Table(side, id, label, choose);
    this.element = element('section', { class: 'pane', 'aria-label': label }, this.#canvas, this.table.grid);
    this.#canvas.addEventListener('pointerdown', event => {
      const row = rowAt(this.#lattice.top, event.offsetY);
      if (event.offsetY >= HEAD && row < side.rows.length) choose(row);
    });
    this.#canvas.addEventListener('pointermove', event => {
      const title = this.#titleAt(event.offsetX, event.offsetY);
      if (this.#canvas.title !== title) this.#canvas.title = title;
    });
  }

  /** Lanes to the left, by so many pixels, where not all of them are visible. */
  shiftBy(pixels: number): void {
    const { laneWidth } = this.#lattice;
    const most = Math.max(0, MARGIN + this.side.lanesShown.length * laneWidth - this.#canvas.clientWidth);
    this.#shift = Math.min(most, Math.max(0, this.#shift + pixels));
    this.#lattice = { ...this.#lattice, shift: this.#shift };
  }

  /** The lane of an event becomes visible. */
  reveal(place: number): void {
    const lane = this.side.columnAt(place);
    if (lane < 0) return;
    const x = xOf(this.#lattice, lane);
    const half = this.#lattice.laneWidth / 2;
    if (x - half < MARGIN) this.shiftBy(x - half - MARGIN);
    else if (x + half > this.#canvas.clientWidth) this.shiftBy(x + half - this.#canvas.clientWidth);
  }

  layOut(): void {
    this.#canvas.style.width = `${diagramWidth(this.side, this.element.clientWidth)}px`;
    this.#lattice = { ...this.#lattice, laneWidth: laneWidthIn(this.side, this.#canvas.clientWidth) };
    this.shiftBy(0);
  }

  draw({ top, visible, selected, state }: View): void {
    this.#lattice = { top, laneWidth: laneWidthIn(this.side, this.#canvas.clientWidth), shift: this.#shift };
    const of = colours();
    const tints = ['', '', of.changed, of.left, of.right];
    Diagram.draw(this.#canvas, this.side, this.#lattice, {
      selected,
      tint: row => (this.side.placeAt(row) < 0 ? '' : (tints[state[row] ?? 0] ?? '')),
    });
    const decided = this.side.columns.head.decided;
    this.table.draw({
      top,
      visible,
      selected,
      classOf: row => {
        const place = this.side.placeAt(row);
        const isDim = place >= 0 && this.side.cone !== undefined && this.side.cone[place] === 0;
        return `${STATES[state[row] ?? 0]}${isDim ? ' dim' : ''}${place >= 0 && place === decided ? ' decided' : ''}`;
      },
    });
  }

  #titleAt(x: number, y: number): string {
    const { side } = this;
    if (y < HEAD) {
      const lane = side.lanesShown.findIndex((_, at) => Math.abs(xOf(this.#lattice, at) - x) <= this.#lattice.laneWidth / 2);
      const found = side.lanesShown[lane];
      return found === undefined ? '' : laneName(found);
    }
    const row = rowAt(this.#lattice.top, y);
    const place = side.placeFrom(row);
    if (x < MARGIN)
      return side.bands
        .filter(({ from, to, track }) => from <= place && to >= place && Math.abs(trackAt(track) + 2 - x) < 4)
        .map(({ name }) => name)
        .join(', ');
    return side.placeAt(row) < 0 ? '' : side.words(side.placeAt(row));
  }
}

const STATES: Readonly<Record<number, string>> = {
  [STATE.same]: 'same',
  [STATE.soft]: 'soft',
  [STATE.changed]: 'changed',
  [STATE.left]: 'left',
  [STATE.right]: 'right',
};
