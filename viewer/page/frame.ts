/**
 * What stands around the panes: what trace it is and how it ended, the filter, buttons, and at the side the selected event.
 */
import { printable } from '../../src/host/bytes.ts';
import { NONE } from '../columns.ts';
import { append, button, element, setText } from './elements.ts';
import { helpDialog } from './help.ts';
import { verdictOf } from './inspector.ts';
import type { Action, Keyboard } from './keys.ts';
import type { Minimap } from './minimap.ts';
import type { Pane } from './pane.ts';
import type { Side } from './side.ts';

export interface Acts {
  readonly act: (action: Action) => void;
  readonly filter: (text: string) => void;
  readonly select: (side: Side, place: number) => void;
}

/** Between the last key and the filter. */
const TYPED_MS = 120;
const PLAN_SHOWN = 4_000;

export class Frame {
  readonly panes: HTMLElement;
  readonly #filter: HTMLInputElement = element('input', {
    type: 'search',
    'aria-label': 'Filter',
    placeholder: 'Filter: kind:send process:child t>1.5 -kind:timer words',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  readonly #status: HTMLOutputElement = element('output', { class: 'status' });
  readonly #wrong: HTMLElement = element('p', { class: 'complaint', role: 'alert' });
  readonly #cone: HTMLButtonElement;
  readonly #only: HTMLButtonElement;
  readonly #inspector: HTMLElement = element('aside', { class: 'inspector', 'aria-label': 'Event' });
  readonly #event: HTMLElement = element('div', { class: 'inspected' });
  readonly #help: HTMLDialogElement;
  readonly #grids: readonly HTMLElement[];
  #timer = 0;

  constructor(
    sides: readonly Side[],
    minimap: Minimap,
    panes: readonly Pane[],
    keyboard: Keyboard,
    difference: { readonly text: string } | undefined,
    acts: Acts,
  ) {
    const isTwo = sides.length > 1;
    this.#grids = panes.map(pane => pane.table.grid);
    this.#help = helpDialog(keyboard);
    this.#cone = button('Cone', 'fade what is neither past nor future of the selected event (c)', () => acts.act('cone'), {
      'aria-pressed': 'false',
    });
    this.#only = button('Only', 'show nothing but its past and future (o)', () => acts.act('only'), { 'aria-pressed': 'false' });
    this.panes = element(
      'div',
      { id: 'panes', class: `panes${isTwo ? ' two' : ''}` },
      panes.map(pane => pane.element),
    );
    this.#filter.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => acts.filter(this.#filter.value), TYPED_MS);
    });
    this.#filter.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return;
      clearTimeout(this.#timer);
      acts.filter(this.#filter.value);
      this.#grids[0]?.focus({ preventScroll: true });
    });
    const tools = element(
      'div',
      { class: 'tools', role: 'toolbar', 'aria-label': 'Tools' },
      this.#filter,
      this.#status,
      this.#cone,
      this.#only,
      isTwo && [
        button('◂', 'previous difference (D)', () => acts.act('previous-difference'), { 'aria-label': 'previous difference' }),
        button('▸ Difference', 'next difference (d)', () => acts.act('next-difference'), { 'aria-label': 'next difference' }),
      ],
      button('?', 'keys, filter, marks (?)', () => acts.act('help'), { 'aria-label': 'Help' }),
    );
    append(this.#inspector, [
      this.#event,
      sides.map((side, at) => about(side, isTwo ? `About the ${at === 0 ? 'first' : 'second'} trace` : 'About this trace')),
    ]);
    append(document.body, [
      element(
        'header',
        {},
        sides.map(side => titleOf(side, () => acts.select(side, side.columns.head.decided))),
      ),
      difference !== undefined && element('p', { class: 'difference' }, printable(difference.text, 1_000)),
      tools,
      this.#wrong,
      element('main', { class: isTwo ? 'two' : 'one' }, minimap.canvas, this.panes, this.#inspector),
      this.#help,
    ]);
    const [side] = sides;
    document.title = `${printable(side?.columns.head.header.name ?? 'trace', 80)} – Slipway`;
  }

  say(shown: number, all: number, complaint: string, cone: 'off' | 'on' | 'only'): void {
    const what = this.#grids.length > 1 ? 'rows' : 'events';
    setText(this.#status, shown === all ? `${grouped(all)} ${what}` : `${grouped(shown)} of ${grouped(all)} ${what}`);
    setText(this.#wrong, complaint);
    this.#wrong.hidden = complaint === '';
    this.#filter.setAttribute('aria-invalid', String(complaint !== ''));
    this.#cone.setAttribute('aria-pressed', String(cone !== 'off'));
    this.#only.setAttribute('aria-pressed', String(cone === 'only'));
  }

  inspect(events: readonly HTMLElement[]): void {
    this.#event.replaceChildren(...(events.length === 0 ? [element('p', {}, 'No event is selected.')] : events));
    this.#inspector.scrollTop = 0;
  }

  showFilter(text: string): void {
    clearTimeout(this.#timer);
    if (this.#filter.value !== text) this.#filter.value = text;
  }

  typeFilter(): void {
    this.#filter.focus();
    this.#filter.select();
  }

  /** False where nobody typed there. */
  leaveFilter(): boolean {
    if (document.activeElement !== this.#filter) return false;
    this.#grids[0]?.focus({ preventScroll: true });
    return true;
  }

  help(): void {
    this.#help.showModal();
  }
}

function titleOf(side: Side, decided: () => void): HTMLElement {
  const { header, footer, decided: at, state } = side.columns.head;
  const verdict = verdictOf(side);
  const outcome = footer?.outcome ?? 'no end';
  return element(
    'div',
    { class: 'title' },
    element('h1', {}, printable(header.name, 120)),
    element(
      'span',
      { class: 'meta' },
      [header.kind, ...(header.seed === '' ? [] : [`seed ${printable(header.seed, 24)}`]), ...(state === 'complete' ? [] : [state])].join(
        ', ',
      ),
    ),
    at === NONE
      ? element('span', { class: `verdict ${outcome}`, title: verdict }, verdict)
      : button(verdict, `to event ${side.columns.index[at]}, at which it was decided (v)`, decided, { class: `verdict ${outcome}` }),
  );
}

function about(side: Side, title: string): HTMLElement {
  const { file, header, problems } = side.columns.head;
  return element(
    'details',
    { class: 'about' },
    element('summary', {}, title),
    element('p', {}, printable(header.title, 1_000)),
    element(
      'dl',
      { class: 'facts' },
      [
        ['file', file],
        ['clock', header.clock],
        ['plan', JSON.stringify(header.plan)],
      ].map(([name = '', text = '']) => [element('dt', {}, name), element('dd', {}, printable(text, PLAN_SHOWN))]),
    ),
    problems.length > 0 && [
      element('h3', {}, 'What is wrong with the file'),
      element(
        'ul',
        {},
        problems.map(each => element('li', {}, printable(each, 1_000))),
      ),
    ],
  );
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
