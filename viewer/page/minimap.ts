/**
 * All rows at once, beside them: of which families they are, where something was wrong, where it was decided, and what of it is visible. It is the
 * scroll bar, too.
 */

import { FAMILIES, familyOf } from '../../src/trace/families.ts';
import { NONE } from '../columns.ts';
import { isDifferent } from '../rows.ts';
import { colours } from './colours.ts';
import { element } from './elements.ts';
import type { Side } from './side.ts';
import { type Surface, surfaceOf } from './surface.ts';

const BAND = 5;
const VIEW_LEAST = 6;

export interface Overview {
  readonly sides: readonly Side[];
  readonly state: Uint8Array;
  readonly top: number;
  readonly visible: number;
  readonly selected: number;
}

export class Minimap {
  readonly canvas: HTMLCanvasElement;
  /** What does not change while the page is scrolled. */
  readonly #still: HTMLCanvasElement = element('canvas');
  #stale = true;

  /** `show`: a part of all rows, from 0 to 1, is to be in the middle. */
  constructor(show: (part: number) => void) {
    this.canvas = element('canvas', {
      class: 'minimap',
      role: 'scrollbar',
      'aria-label': 'All events',
      'aria-orientation': 'vertical',
      'aria-controls': 'panes',
      'aria-valuemin': 0,
    });
    const move = (event: PointerEvent): void => show(event.offsetY / Math.max(1, this.canvas.clientHeight));
    this.canvas.addEventListener('pointerdown', event => {
      this.canvas.setPointerCapture(event.pointerId);
      move(event);
    });
    this.canvas.addEventListener('pointermove', event => {
      if (event.buttons === 1) move(event);
    });
  }

  /** Other rows are shown, or in other colours. */
  changed(): void {
    this.#stale = true;
  }

  draw(overview: Overview): void {
    const surface = surfaceOf(this.canvas);
    if (surface === undefined) return;
    const { context, width, height } = surface;
    const { sides, state, top, visible, selected } = overview;
    const rows = Math.max(1, state.length);
    if (this.#stale || this.#still.height !== this.canvas.height || this.#still.width !== this.canvas.width)
      this.#redraw(surface, overview);
    context.drawImage(this.#still, 0, 0, width, height);
    const at = (row: number): number => (row / rows) * height;
    const of = colours();
    for (const { columns, rowOf } of sides)
      if (columns.head.decided >= 0) {
        context.fillStyle = of.wrong;
        context.fillRect(0, at(rowOf[columns.head.decided] ?? 0) - 1, width, 3);
      }
    if (selected >= 0) {
      context.fillStyle = of.accent;
      context.fillRect(0, at(selected + 0.5) - 1, width, 2);
    }
    const tall = Math.max(VIEW_LEAST, at(Math.min(rows, visible)));
    context.fillStyle = of.text;
    context.globalAlpha = 0.12;
    context.fillRect(0, at(top), width, tall);
    context.globalAlpha = 1;
    context.strokeStyle = of.accent;
    context.strokeRect(0.5, Math.round(at(top)) + 0.5, width - 1, Math.max(2, tall - 1));
    this.canvas.setAttribute('aria-valuenow', String(Math.round(top)));
    this.canvas.setAttribute('aria-valuemax', String(rows));
  }

  #redraw({ width, height }: Surface, { sides, state }: Overview): void {
    this.#stale = false;
    this.#still.width = this.canvas.width;
    this.#still.height = this.canvas.height;
    const context = this.#still.getContext('2d');
    if (context === null) return;
    const scale = this.canvas.width / Math.max(1, width);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const of = colours();
    context.fillStyle = of.raised;
    context.fillRect(0, 0, width, height);
    const room = width - 2 * BAND;
    for (const [number, side] of sides.entries()) {
      const part = room / sides.length;
      drawFamilies(context, side, BAND + number * part, part, height);
      for (const band of side.bands) {
        const [from, to] = [side.rowOf[band.from] ?? 0, side.rowOf[band.to] ?? 0].map(row => (row / Math.max(1, state.length)) * height);
        context.fillStyle = of.band;
        context.fillRect(0, from ?? 0, BAND - 1, Math.max(1.5, (to ?? 0) - (from ?? 0)));
      }
    }
    context.fillStyle = of.timer;
    for (let row = 0; row < state.length; row++)
      if (isDifferent(state[row]))
        context.fillRect(width - BAND + 1, (row / state.length) * height, BAND - 1, Math.max(1.5, height / state.length));
  }
}

/** For each pixel, the families of its events, beside each other by how many they are. */
function drawFamilies(context: CanvasRenderingContext2D, side: Side, left: number, width: number, height: number): void {
  const { columns, rows, cone } = side;
  const familyOfKind = columns.kinds.map(kind => FAMILIES.indexOf(familyOf(kind)));
  const of = colours();
  const bins = Math.max(1, Math.min(Math.floor(height), rows.length));
  const counts = new Uint32Array(bins * FAMILIES.length);
  const inCone = new Uint32Array(bins);
  const totals = new Uint32Array(bins);
  for (let row = 0; row < rows.length; row++) {
    const place = rows[row] ?? NONE;
    if (place < 0) continue;
    const bin = Math.floor((row / rows.length) * bins);
    const at = bin * FAMILIES.length + (familyOfKind[columns.kind[place] ?? 0] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
    totals[bin] = (totals[bin] ?? 0) + 1;
    if (cone !== undefined && (cone[place] ?? 0) > 0) inCone[bin] = (inCone[bin] ?? 0) + 1;
  }
  const tall = height / bins;
  for (let bin = 0; bin < bins; bin++) {
    let x = left;
    context.globalAlpha = cone !== undefined && inCone[bin] === 0 ? 0.15 : 0.8;
    for (const [at, family] of FAMILIES.entries()) {
      const wide = (width * (counts[bin * FAMILIES.length + at] ?? 0)) / Math.max(1, totals[bin] ?? 0);
      context.fillStyle = of[family];
      context.fillRect(x, bin * tall, wide, tall > 3 ? tall - 0.5 : tall);
      x += wide;
    }
  }
  context.globalAlpha = 1;
}
