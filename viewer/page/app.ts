/**
 * The page: what is shown, which row is selected, and what an action changes of that. Everything is drawn from here, once a frame at most.
 */
import { type Alignment, align } from '../align.ts';
import { type Columns, NONE, placeOf } from '../columns.ts';
import { coneOf } from '../cone.ts';
import { type Filter, filterOf, type ParsedFilter, parseFilter } from '../filter.ts';
import { effectsOf } from '../links.ts';
import { filtered, isDifferent, nextRow, type Rows, rowsOfOne, rowsOfTwo } from '../rows.ts';
import { type Address, AddressBar, readAddress } from './address.ts';
import { onSchemeChange } from './colours.ts';
import { Frame } from './frame.ts';
import { HEAD, ROW } from './geometry.ts';
import { differences, inspected } from './inspector.ts';
import { type Action, Keyboard } from './keys.ts';
import { Minimap } from './minimap.ts';
import { Pane } from './pane.ts';
import { Side } from './side.ts';

type Cone = 'off' | 'on' | 'only';

/** What the command found out of two traces, by the index of the first event that is not the same in the first. */
export interface Difference {
  readonly index: number;
  readonly text: string;
}

export class App {
  readonly #sides: readonly Side[];
  readonly #panes: readonly Pane[];
  readonly #all: Rows;
  readonly #alignment: Alignment | undefined;
  readonly #frame: Frame;
  readonly #minimap: Minimap;
  readonly #address = new AddressBar();
  #rows: Rows;
  #top = 0;
  #selected: number = NONE;
  /** Places of the last event that was selected: a filter that hides everything does not lose it. */
  #chosen: readonly number[] = [];
  #filter = '';
  #cone: Cone = 'off';
  /** Of the event of which the cone is: its place on each side. */
  #tip: readonly number[] = [];
  #due = false;

  constructor(traces: readonly Columns[], difference: Difference | undefined) {
    this.#sides = traces.map(columns => new Side(columns));
    const [one, other] = traces;
    this.#alignment = one !== undefined && other !== undefined ? align(one, other) : undefined;
    this.#all = this.#alignment === undefined ? rowsOfOne(one?.count ?? 0) : rowsOfTwo(this.#alignment);
    this.#rows = this.#all;
    this.#panes = this.#sides.map(
      (side, at) =>
        new Pane(side, `table-${at}`, this.#sides.length > 1 ? `${at === 0 ? 'First' : 'Second'} trace` : 'Events', row =>
          this.#select(row),
        ),
    );
    this.#minimap = new Minimap(part => this.#scrollTo(part * this.#rows.state.length - this.#visible / 2));
    const keyboard = new Keyboard(action => this.#act(action));
    this.#frame = new Frame(this.#sides, this.#minimap, this.#panes, keyboard, difference, {
      act: action => this.#act(action),
      filter: text => this.#setFilter(text),
      select: (side, place) => this.#go(side, place),
    });
    this.#frame.panes.addEventListener('wheel', event => this.#wheel(event), { passive: false });
    new ResizeObserver(() => this.#resized()).observe(this.#frame.panes);
    onSchemeChange(() => this.#changed());
    this.#address.onChange(address => this.#show(address));
    this.#apply();
    this.#resized();
    this.#begin(difference);
  }

  /** Where the address says, or else what matters most: the first difference, or the event that decided. */
  #begin(difference: Difference | undefined): void {
    const address = readAddress();
    if (Object.values(address).some(each => each !== undefined)) this.#show(address);
    else if (difference !== undefined) this.#goIndex(0, difference.index);
    else if ((this.#sides[0]?.columns.head.decided ?? NONE) >= 0) this.#act('decided');
    else this.#select(0);
  }

  #show({ event, other, filter = '', cone, only = false }: Address): void {
    this.#filter = '';
    if (cone === undefined) this.#setCone('off');
    else {
      this.#goIndex(0, cone);
      this.#setCone(only ? 'only' : 'on');
    }
    this.#frame.showFilter(filter);
    this.#setFilter(filter);
    if (event !== undefined) this.#goIndex(0, event);
    else if (other !== undefined) this.#goIndex(1, other);
  }

  get #visible(): number {
    return Math.max(1, Math.floor((this.#frame.panes.clientHeight - HEAD) / ROW));
  }

  // ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────

  #setFilter(text: string): void {
    this.#filter = text;
    this.#apply();
  }

  /** The rows anew, by the filter and the cone; the selected event stays selected, or the next one that is shown. */
  #apply(): void {
    const shown = this.#sides.map(side => side.placeAt(this.#selected));
    if (shown.some(place => place >= 0)) this.#chosen = shown;
    const places = this.#chosen;
    const offset = this.#selected - this.#top;
    const parsed = parseFilter(this.#filter);
    this.#rows = this.#filteredBy(parsed);
    for (const [at, side] of this.#sides.entries()) side.show(this.#rows.places[at] ?? new Int32Array());
    const found = this.#sides.map((side, at) => ((places[at] ?? NONE) < 0 ? NONE : (side.rowOf[places[at] ?? 0] ?? NONE)));
    const row = found.find(each => each >= 0);
    this.#selected = row === undefined ? Math.min(this.#selected, this.#rows.state.length - 1) : Math.min(row, this.#rows.state.length - 1);
    this.#frame.say(this.#rows.state.length, this.#all.state.length, parsed.ok ? '' : parsed.message, this.#cone);
    this.#minimap.changed();
    this.#scrollTo(this.#selected - (offset >= 0 && offset < this.#visible ? offset : Math.round(this.#visible / 2)));
    this.#inspect();
  }

  #filteredBy(parsed: ParsedFilter): Rows {
    const terms = parsed.ok ? parsed.terms : [];
    if (terms.length === 0 && this.#cone !== 'only') return this.#all;
    const filters = this.#sides.map((side, at) => {
      const filter = filterOf(side.columns, terms, this.#isDifferentOn(at));
      return this.#cone === 'only' ? (place: number) => (side.cone?.[place] ?? 0) > 0 && filter(place) : filter;
    });
    return filtered(this.#all, filters);
  }

  #isDifferentOn(side: number): Filter {
    const places = this.#all.places[side];
    const marked = new Set<number>();
    places?.forEach((place, row) => {
      if (place >= 0 && isDifferent(this.#all.state[row])) marked.add(place);
    });
    return place => marked.has(place);
  }

  // ── where ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #select(row: number): void {
    const last = this.#rows.state.length - 1;
    this.#selected = Math.max(Math.min(row, last), last < 0 ? NONE : 0);
    if (this.#selected < this.#top) this.#scrollTo(this.#selected);
    else if (this.#selected > this.#top + this.#visible - 1) this.#scrollTo(this.#selected - this.#visible + 1);
    for (const pane of this.#panes) if (pane.side.placeAt(this.#selected) >= 0) pane.reveal(pane.side.placeAt(this.#selected));
    this.#inspect();
  }

  /** To an event of a trace, which is in the middle then. Where the filter hides it, the filter goes. */
  #go(side: Side, place: number): void {
    if (side.shownAt(place) < 0) {
      this.#filter = '';
      this.#frame.showFilter('');
      if (this.#cone === 'only') this.#cone = 'on';
      this.#apply();
    }
    const row = side.rowOf[place] ?? 0;
    if (row < this.#top || row > this.#top + this.#visible - 1) this.#scrollTo(Math.round(row - this.#visible / 2));
    this.#select(row);
  }

  #goIndex(at: number, index: number): void {
    const side = this.#sides[at];
    if (side === undefined || side.columns.count === 0) return;
    this.#go(side, Math.min(placeOf(side.columns, index), side.columns.count - 1));
  }

  #scrollTo(top: number): void {
    this.#top = Math.max(0, Math.min(top, this.#rows.state.length - this.#visible));
    this.#changed();
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey) return;
    event.preventDefault();
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? ROW * this.#visible : 1;
    const [x, y] = event.shiftKey ? [event.deltaX + event.deltaY, 0] : [event.deltaX, event.deltaY];
    if (x !== 0) for (const pane of this.#panes) pane.shiftBy(x * unit);
    this.#scrollTo(this.#top + (y * unit) / ROW);
  }

  // ── actions ───────────────────────────────────────────────────────────────────────────────────────────────────────

  readonly #actions: Readonly<Record<Action, () => void>> = {
    down: () => this.#select(this.#selected + 1),
    up: () => this.#select(this.#selected - 1),
    'page-down': () => this.#select(this.#selected + this.#visible - 1),
    'page-up': () => this.#select(this.#selected - this.#visible + 1),
    first: () => this.#select(0),
    last: () => this.#select(this.#rows.state.length - 1),
    'next-of-process': () => this.#step((side, place) => side.links.after[place]),
    'previous-of-process': () => this.#step((side, place) => side.links.before[place]),
    cause: () => this.#step((side, place) => side.columns.cause[place]),
    effect: () => this.#step((side, place) => effectsOf(side.links, place, 1)[0]),
    decided: () => {
      const side = this.#sides.find(({ columns }) => columns.head.decided >= 0);
      if (side !== undefined) this.#go(side, side.columns.head.decided);
    },
    'next-difference': () => this.#toDifference(1),
    'previous-difference': () => this.#toDifference(-1),
    cone: () => this.#setCone(this.#cone === 'off' ? 'on' : 'off'),
    only: () => this.#setCone(this.#cone === 'only' ? 'on' : 'only'),
    filter: () => this.#frame.typeFilter(),
    clear: () => {
      if (this.#frame.leaveFilter()) return;
      if (this.#cone !== 'off') this.#setCone('off');
      else {
        this.#frame.showFilter('');
        this.#setFilter('');
      }
    },
    help: () => this.#frame.help(),
  };

  #act(action: Action): void {
    this.#actions[action]();
  }

  #toDifference(step: 1 | -1): void {
    const { state } = this.#rows;
    const row = nextRow(this.#selected, step, state.length, at => isDifferent(state[at]));
    if (row < 0) return;
    this.#scrollTo(Math.round(row - this.#visible / 2));
    this.#select(row);
  }

  /** Of the first trace that has an event in the row and something to go to. */
  #step(to: (side: Side, place: number) => number | undefined): void {
    for (const side of this.#sides) {
      const place = side.placeAt(this.#selected);
      const next = place < 0 ? NONE : (to(side, place) ?? NONE);
      if (next < 0) continue;
      this.#go(side, next);
      return;
    }
  }

  /** Of the selected event, or for as long as it is shown of the one it was. */
  #setCone(cone: Cone): void {
    if (this.#cone === 'off') this.#tip = this.#sides.map(side => side.placeAt(this.#selected));
    this.#cone = cone;
    for (const [at, side] of this.#sides.entries()) {
      const place = this.#tip[at] ?? NONE;
      if (cone === 'off') side.cone = undefined;
      else side.cone ??= place < 0 ? new Uint8Array(side.columns.count) : coneOf(side.columns, side.links, place);
    }
    this.#apply();
  }

  // ── pictures ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The event that is selected, where somebody looks for it: beside the table, in the address, and in words. */
  #inspect(): void {
    const shown = this.#sides.map(side => ({ side, place: side.placeAt(this.#selected) })).filter(({ place }) => place >= 0);
    const [one, other] = shown;
    const different =
      one !== undefined && other !== undefined ? differences(one.side, one.place, other.side, other.place) : new Set<string>();
    this.#frame.inspect(
      shown.map(({ side, place }) =>
        inspected(side, place, side === this.#sides[1] ? 'second' : 'first', to => this.#go(side, to), different),
      ),
    );
    const [left, right] = this.#sides;
    this.#address.write({
      event: indexOf(left, left?.placeAt(this.#selected)),
      other: (left?.placeAt(this.#selected) ?? NONE) < 0 ? indexOf(right, right?.placeAt(this.#selected)) : undefined,
      filter: this.#filter,
      cone: this.#cone === 'off' ? undefined : indexOf(left, this.#tip[0]),
      only: this.#cone === 'only' ? true : undefined,
    });
    this.#changed();
  }

  #resized(): void {
    for (const pane of this.#panes) pane.layOut();
    this.#scrollTo(this.#top);
  }

  #changed(): void {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      const view = { top: this.#top, visible: this.#visible, selected: this.#selected, state: this.#rows.state };
      for (const pane of this.#panes) pane.draw(view);
      this.#minimap.draw({ ...view, sides: this.#sides });
    });
  }
}

const indexOf = (side: Side | undefined, place: number | undefined): number | undefined =>
  side === undefined || place === undefined || place < 0 ? undefined : side.columns.index[place];
