/**
 * The sequence diagram: a lane for each program of each machine, a row for each event that is shown, arrows for what is sent, bars for how long
 * processes live and timers run, bands for what is wrong. Only what is visible is looked at.
 * Lacks: text but short labels; the table beside it has all.
 */

import { NONE } from '../columns.ts';
import { CONE } from '../cone.ts';
import { laneName } from '../lanes.ts';
import { ARROW, isRead, TIMER } from '../links.ts';
import { type Colours, colours, stateColour } from './colours.ts';
import { HEAD, type Lattice, MARGIN, ROW, trackAt, xOf, yOf } from './geometry.ts';
import { drawMark } from './marks.ts';
import { Pen, type Point } from './pen.ts';
import type { Side } from './side.ts';
import { fitted, type Surface, surfaceOf, widthOf } from './surface.ts';

/** Arrows, and timers, of one picture: what is more would be one surface of colour. */
const SPANS_DRAWN = 1_500;
/** Timers beside each other; what is more is drawn over the last. */
const TIMER_TRACKS = 4;
/** A label on an arrow needs so much room. */
const LABEL_LEAST = 80;
/** Microseconds, and how many pauses as long as the shortest that is told a trace could have. */
const PAUSE_LEAST = 10_000;
const PAUSES_MOST = 40;
export const FONT = '11px system-ui, sans-serif';

export interface Looks {
  /** The row that is selected, or NONE. */
  readonly selected: number;
  /** Colour behind a row, '' for none. */
  readonly tint: (row: number) => string;
}

export class Diagram {
  readonly #side: Side;
  readonly #lattice: Lattice;
  readonly #surface: Surface;
  readonly #colours: Colours;
  readonly #pen: Pen;
  readonly #first: number;
  readonly #last: number;

  /** Draws all of it. */
  static draw(canvas: HTMLCanvasElement, side: Side, lattice: Lattice, looks: Looks): void {
    const surface = surfaceOf(canvas);
    if (surface !== undefined) new Diagram(surface, side, lattice).#draw(looks);
  }

  private constructor(surface: Surface, side: Side, lattice: Lattice) {
    this.#surface = surface;
    this.#side = side;
    this.#lattice = lattice;
    this.#colours = colours();
    this.#pen = new Pen(surface.context, this.#colours);
    this.#first = Math.max(0, Math.floor(lattice.top));
    this.#last = Math.min(side.rows.length - 1, Math.ceil(lattice.top + (surface.height - HEAD) / ROW));
  }

  #draw(looks: Looks): void {
    const { context } = this.#surface;
    context.font = FONT;
    context.textBaseline = 'middle';
    this.#rows(looks);
    const first = this.#side.placeFrom(this.#first);
    const last = this.#side.placeFrom(this.#last + 1) - 1;
    context.save();
    this.#clipTo(0);
    if (first <= last) {
      this.#bands(first, last);
      this.#clipTo(MARGIN);
      this.#lives(first, last);
      this.#timers(first, last);
      this.#arrows(first, last);
      for (let row = this.#first; row <= this.#last; row++) {
        this.#pause(row);
        this.#event(row);
      }
    }
    context.restore();
    this.#names(looks.selected);
  }

  /** To what is below the names, from there to the right. */
  #clipTo(left: number): void {
    const { context, width, height } = this.#surface;
    context.beginPath();
    context.rect(left, HEAD, width - left, height - HEAD);
    context.clip();
  }

  #rows({ selected, tint }: Looks): void {
    const { context, width } = this.#surface;
    for (let row = this.#first; row <= this.#last; row++) {
      const colour = row === selected ? this.#colours.selected : tint(row);
      if (colour === '') continue;
      context.fillStyle = colour;
      context.fillRect(0, yOf(this.#lattice, row) - ROW / 2, width, ROW);
    }
  }

  #bands(first: number, last: number): void {
    const { context, width } = this.#surface;
    for (const { from, to, track } of this.#side.bands) {
      if (from > last || to < first) continue;
      const [top, bottom] = [this.#yOfPlace(Math.max(from, first)), this.#yOfPlace(Math.min(to, last)) + ROW / 2];
      const begin = from >= first ? top : 0;
      const end = to <= last ? bottom - ROW / 2 : bottom + ROW;
      context.fillStyle = this.#colours.band;
      context.globalAlpha = 0.06;
      context.fillRect(0, begin, width, Math.max(2, end - begin));
      context.globalAlpha = 0.75;
      context.fillRect(trackAt(track), begin, 4, Math.max(2, end - begin));
      context.globalAlpha = 1;
    }
  }

  /** A line while it lives, dotted where nobody is on the lane. */
  #lives(first: number, last: number): void {
    const { context, height } = this.#surface;
    const { lives, stays } = this.#side.lanes;
    context.globalAlpha = this.#side.cone === undefined ? 1 : 0.45;
    context.strokeStyle = this.#colours.line;
    context.setLineDash([1, 4]);
    for (const lane of this.#side.lanesShown.keys()) this.#pen.vertical(xOf(this.#lattice, lane), HEAD, height, 1);
    context.setLineDash([]);
    for (const { process, lane, from, to, ended } of lives) {
      if (from > last) break;
      if (to < first) continue;
      const column = this.#side.columnOf(lane);
      if (column < 0) continue;
      const x = xOf(this.#lattice, column);
      const [begin, end] = [from < first ? 0 : this.#yOfPlace(from), to > last ? height : this.#yOfPlace(to)];
      context.strokeStyle = this.#colours.muted;
      this.#pen.vertical(x, begin, ended || to > last ? end : height, 1.5);
      stays.get(process)?.within(first, last, 64, (since, until, state) => {
        context.strokeStyle = stateColour(this.#colours, state);
        this.#pen.vertical(x, since < first ? 0 : this.#yOfPlace(since), until > last ? height : this.#yOfPlace(until), 4);
      });
    }
    context.globalAlpha = 1;
  }

  #timers(first: number, last: number): void {
    const { context, height } = this.#surface;
    const busy = new Map<number, number[]>();
    context.lineWidth = 1;
    this.#side.links.timers.within(first, last, SPANS_DRAWN, (from, to, kind) => {
      const lane = this.#laneOf(from);
      const [begin, end] = [from < first ? HEAD - ROW : this.#yOfPlace(from), to > last ? height + ROW : this.#yOfPlace(to)];
      if (lane < 0 || end - begin < 2 * ROW) return;
      const tracks = busy.get(lane) ?? [];
      busy.set(lane, tracks);
      const free = tracks.findIndex(until => until < from);
      const track = free >= 0 ? free : Math.min(tracks.length, TIMER_TRACKS - 1);
      tracks[track] = to;
      const x = xOf(this.#lattice, lane) + 7 + 3 * track;
      if (x > xOf(this.#lattice, lane) + this.#lattice.laneWidth / 2) return;
      context.strokeStyle = this.#colours.timer;
      context.globalAlpha = this.#isDim(from) ? 0.25 : 0.8;
      if (kind === TIMER.cancelled) context.setLineDash([3, 3]);
      this.#pen.vertical(x, begin, end, 1);
      context.setLineDash([]);
      if (kind !== TIMER.open && to <= last) this.#pen.horizontal(end, x - 2, x + 2);
      if (from >= first) this.#pen.horizontal(begin, x - 2, x + 2);
      context.globalAlpha = 1;
    });
  }

  #arrows(first: number, last: number): void {
    this.#side.links.arrows.within(first, last, SPANS_DRAWN, (from, to, kind) => {
      const [start, end] = [this.#side.shownAt(from), this.#side.shownAt(to)];
      const [left, right] = [this.#laneOf(from), this.#laneOf(to)];
      if (start < 0 || end < 0 || left < 0 || right < 0) return;
      this.#pen.arrow(
        [xOf(this.#lattice, left), yOf(this.#lattice, start)],
        [xOf(this.#lattice, right), yOf(this.#lattice, end)],
        kind,
        this.#isDim(from) || this.#isDim(to),
      );
    });
  }

  #event(row: number): void {
    const place = this.#side.placeAt(row);
    if (place < 0) return;
    const { context, width } = this.#surface;
    const { columns } = this.#side;
    const lane = this.#laneOf(place);
    const y = yOf(this.#lattice, row);
    const kind = columns.kinds[columns.kind[place] ?? 0] ?? '';
    context.globalAlpha = this.#isDim(place) ? 0.3 : 1;
    if (columns.head.decided === place) {
      context.fillStyle = this.#colours.wrong;
      context.fillRect(0, y - ROW / 2, width, 1);
      context.fillRect(0, y + ROW / 2 - 1, width, 1);
    }
    if (lane < 0) this.#pen.across(y, MARGIN, width, `${kind}  ${this.#side.words(place)}`);
    else {
      const x = xOf(this.#lattice, lane);
      this.#exchange(place, kind, x, y);
      drawMark(context, this.#colours, kind, this.#side, place, x, y);
      this.#label(place, lane, x, y);
    }
    context.globalAlpha = 1;
  }

  /** Where for long nothing happens: how long. */
  #pause(row: number): void {
    const { time } = this.#side.columns;
    const [before, place] = [this.#side.placeAt(row - 1), this.#side.placeAt(row)];
    if (before < 0 || place < 0) return;
    const length = (time[place] ?? 0) - (time[before] ?? 0);
    if (length < PAUSE_LEAST || length < (time.at(-1) ?? 0) / PAUSES_MOST) return;
    const { context, width } = this.#surface;
    const y = yOf(this.#lattice, row) - ROW / 2;
    context.strokeStyle = this.#colours.muted;
    context.lineWidth = 1;
    context.setLineDash([1, 3]);
    this.#pen.horizontal(y + 0.5, MARGIN, width);
    context.setLineDash([]);
    const text = `${(length / 1e6).toPrecision(3)} s`;
    context.fillStyle = this.#colours.ground;
    context.fillRect(width - widthOf(context, text) - 8, y - 6, widthOf(context, text) + 6, 12);
    context.fillStyle = this.#colours.muted;
    context.fillText(text, width - widthOf(context, text) - 5, y);
  }

  /** Of a message of which the trace has one end only. */
  #exchange(place: number, kind: string, x: number, y: number): void {
    const { columns, lanes, links } = this.#side;
    const outside: Point = [xOf(this.#lattice, this.#side.columnOf(lanes.outside)), y];
    if (links.unread[place] === 1 && lanes.outside >= 0) this.#pen.arrow([x, y], outside, ARROW.message, this.#isDim(place));
    else if (links.unread[place] === 1) this.#pen.stub(x, y, x + Math.min(18, this.#lattice.laneWidth / 2 - 2), kind === 'datagram');
    else if (lanes.outside >= 0 && isRead(kind) && columns.cause[place] === NONE)
      this.#pen.arrow(outside, [x, y], ARROW.message, this.#isDim(place));
  }

  /** The beginning of what is sent or noted, towards where there is room. */
  #label(place: number, lane: number, x: number, y: number): void {
    const { laneWidth } = this.#lattice;
    if (laneWidth < LABEL_LEAST || this.#isDim(place)) return;
    const { columns, lanes, lanesShown } = this.#side;
    const kind = columns.kinds[columns.kind[place] ?? 0] ?? '';
    if (!LABELLED.has(kind) && !(lanes.outside >= 0 && isRead(kind))) return;
    const { context } = this.#surface;
    const text = fitted(context, this.#side.words(place), laneWidth - 26);
    const wide = widthOf(context, text);
    const isLast = lane === lanesShown.length - 1 && lane > 0;
    const at = isLast ? x - 9 - wide : x + 9;
    context.globalAlpha = 0.85;
    context.fillStyle = this.#colours.ground;
    context.fillRect(at - 2, y - 7, wide + 4, 13);
    context.globalAlpha = 1;
    context.fillStyle = kind === 'bug' ? this.#colours.wrong : kind === 'log' ? this.#colours.muted : this.#colours.text;
    context.fillText(text, at, y);
  }

  #names(selected: number): void {
    const { context, width } = this.#surface;
    const lanes = this.#side.lanesShown;
    context.fillStyle = this.#colours.raised;
    context.fillRect(0, 0, width, HEAD);
    context.fillStyle = this.#colours.line;
    context.fillRect(0, HEAD - 1, width, 1);
    context.textAlign = 'center';
    let begin = 0;
    for (const [lane, { machine, program }] of lanes.entries()) {
      const x = xOf(this.#lattice, lane);
      context.fillStyle = this.#colours.text;
      context.fillText(fitted(context, program, this.#lattice.laneWidth - 6), x, HEAD - 12);
      if (lanes[lane + 1]?.machine === machine) continue;
      const span = (lane - begin + 1) * this.#lattice.laneWidth;
      context.fillStyle = this.#colours.muted;
      context.fillText(fitted(context, machine, span - 6), (xOf(this.#lattice, begin) + x) / 2, 11);
      if (lane + 1 < lanes.length) context.fillRect(x + this.#lattice.laneWidth / 2, 6, 1, HEAD - 12);
      begin = lane + 1;
    }
    const own = this.#laneOf(this.#side.placeAt(selected));
    if (own >= 0) this.#ownName(own, lanes[own]?.program ?? '');
    context.textAlign = 'start';
  }

  /** Of the lane of the selected event, as much as there is room for in the whole. */
  #ownName(lane: number, program: string): void {
    const { context, width } = this.#surface;
    const x = xOf(this.#lattice, lane);
    const wide = widthOf(context, program) + 8;
    const left = Math.max(0, Math.min(width - wide, x - wide / 2));
    context.fillStyle = this.#colours.selected;
    context.fillRect(left, HEAD - 20, wide, 15);
    context.fillStyle = this.#colours.text;
    context.fillText(program, left + wide / 2, HEAD - 12);
    context.fillStyle = this.#colours.accent;
    context.fillRect(x - 5, HEAD - 3, 10, 3);
  }

  #laneOf(place: number): number {
    return this.#side.columnAt(place);
  }

  #isDim(place: number): boolean {
    return this.#side.cone !== undefined && ((this.#side.cone[place] ?? 0) & ANY_CONE) === 0;
  }

  #yOfPlace(place: number): number {
    return yOf(this.#lattice, this.#side.rowOf[place] ?? 0);
  }
}

const LABELLED: ReadonlySet<string> = new Set(['send', 'datagram', 'log', 'bug']);

const ANY_CONE = CONE.past | CONE.future | CONE.itself;
/** Said of a picture. */
export const described = (side: Side): string =>
  `Sequence diagram of ${side.columns.count} events on ${side.lanes.lanes.length} lanes: ${side.lanes.lanes.slice(0, 20).map(laneName).join(', ')}. The table has the same events.`;
