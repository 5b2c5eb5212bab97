/**
 * The rows that are visible, as a table: the same events as the diagram beside it, in words, and the twin of it for who cannot see that. As many
 * elements as fit; their text changes when the page is scrolled.
 */
import { printable } from '../../src/host/bytes.ts';
import { formatTime, type Instant } from '../../src/host/time.ts';
import { familyOf } from '../../src/trace/families.ts';
import { channelOf, kindOf, processOf } from '../columns.ts';
import { element, setClass, setText } from './elements.ts';
import { HEAD, ROW } from './geometry.ts';
import type { Side } from './side.ts';

/** In order; `cell` is its class. */
const COLUMNS = [
  { cell: 'number', name: '#', title: 'number of the event' },
  { cell: 'time', name: 'Time', title: 'seconds since the start' },
  { cell: 'process', name: 'Process', title: 'machine/program.pid' },
  { cell: 'kind', name: 'Kind', title: 'what happened' },
  { cell: 'channel', name: 'Channel', title: 'direction of a stream, or datagram socket' },
  { cell: 'size', name: 'Bytes', title: 'length of the payload' },
  { cell: 'what', name: 'What', title: 'messages, or what the event says beside' },
] as const;

export interface TableLooks {
  readonly top: number;
  /** How many rows fit. */
  readonly visible: number;
  readonly selected: number;
  readonly classOf: (row: number) => string;
}

export class Table {
  readonly grid: HTMLDivElement;
  readonly #body: HTMLDivElement;
  readonly #rows: HTMLDivElement[] = [];
  readonly #id: string;
  readonly #side: Side;

  /** `choose`: a row was pointed at. */
  constructor(side: Side, id: string, label: string, choose: (row: number) => void) {
    this.#side = side;
    this.#id = id;
    this.#body = element('div', { class: 'rows', role: 'rowgroup' });
    const head = element(
      'div',
      { class: 'row head', role: 'row', 'aria-rowindex': 1 },
      COLUMNS.map(({ cell, name, title }) => element('div', { class: cell, role: 'columnheader', title }, name)),
    );
    this.grid = element(
      'div',
      { class: 'table', role: 'grid', 'aria-label': label, 'aria-colcount': COLUMNS.length, 'aria-readonly': 'true', tabindex: 0, id },
      element('div', { role: 'rowgroup' }, head),
      this.#body,
    );
    this.#body.addEventListener('pointerdown', event => {
      const at = this.#rows.findIndex(row => event.target instanceof Node && row.contains(event.target));
      if (at >= 0) choose(this.#first + at);
    });
  }

  #first = 0;

  draw({ top, visible, selected, classOf }: TableLooks): void {
    const { rows } = this.#side;
    this.#first = Math.floor(top);
    const count = Math.max(0, Math.min(visible + 1, rows.length - this.#first));
    while (this.#rows.length < count) this.#rows.push(this.#newRow());
    this.#body.style.transform = `translateY(${HEAD - (top - this.#first) * ROW}px)`;
    this.grid.setAttribute('aria-rowcount', String(rows.length + 1));
    for (const [at, row] of this.#rows.entries()) {
      row.hidden = at >= count;
      if (at < count) this.#fill(row, this.#first + at, selected, classOf);
    }
    const at = selected - this.#first;
    if (at >= 0 && at < count) this.grid.setAttribute('aria-activedescendant', `${this.#id}-${at}`);
    else this.grid.removeAttribute('aria-activedescendant');
  }

  #fill(row: HTMLDivElement, index: number, selected: number, classOf: (row: number) => string): void {
    const place = this.#side.placeAt(index);
    row.setAttribute('aria-rowindex', String(index + 2));
    row.setAttribute('aria-selected', String(index === selected));
    const texts = place < 0 ? EMPTY_ROW : this.#texts(place);
    const kind = place < 0 ? '' : kindOf(this.#side.columns, place);
    setClass(row, `row ${place < 0 ? 'none' : familyOf(kind)} ${classOf(index)}${index === selected ? ' selected' : ''}`);
    for (const [at, text] of texts.entries()) {
      const cell = row.children[at];
      if (cell instanceof HTMLElement) setText(cell, text);
    }
  }

  #texts(place: number): readonly string[] {
    const { columns } = this.#side;
    const size = columns.payloads.lengths[place] ?? -1;
    return [
      String(columns.index[place]),
      // A time of the trace.
      formatTime((columns.time[place] ?? 0) as Instant).slice(0, -2),
      printable(processOf(columns, place)) || '-',
      kindOf(columns, place),
      printable(channelOf(columns, place)),
      size < 0 ? '' : String(size),
      this.#side.words(place),
    ];
  }

  #newRow(): HTMLDivElement {
    const row = element(
      'div',
      { role: 'row', id: `${this.#id}-${this.#rows.length}` },
      COLUMNS.map(({ cell }) => element('div', { class: cell, role: 'gridcell' })),
    );
    this.#body.append(row);
    return row;
  }
}

const EMPTY_ROW = COLUMNS.map(() => '');
