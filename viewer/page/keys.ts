/**
 * What keys do. All but the arrows and Escape are letters and signs, and can be switched off (WCAG 2.1.4).
 */

export type Action =
  | 'down'
  | 'up'
  | 'page-down'
  | 'page-up'
  | 'first'
  | 'last'
  | 'next-of-process'
  | 'previous-of-process'
  | 'cause'
  | 'effect'
  | 'decided'
  | 'next-difference'
  | 'previous-difference'
  | 'cone'
  | 'only'
  | 'filter'
  | 'clear'
  | 'help';

export interface KeyRow {
  readonly keys: readonly string[];
  readonly action: Action;
  readonly text: string;
  /** It means something else where text is typed or scrolled. */
  readonly moves?: boolean;
}

export const KEYS: readonly KeyRow[] = [
  { keys: ['ArrowDown', 'j'], action: 'down', text: 'next event', moves: true },
  { keys: ['ArrowUp', 'k'], action: 'up', text: 'previous event', moves: true },
  { keys: ['PageDown'], action: 'page-down', text: 'a page down', moves: true },
  { keys: ['PageUp'], action: 'page-up', text: 'a page up', moves: true },
  { keys: ['Home'], action: 'first', text: 'first event', moves: true },
  { keys: ['End'], action: 'last', text: 'last event', moves: true },
  { keys: ['n'], action: 'next-of-process', text: 'next event of the same process' },
  { keys: ['p'], action: 'previous-of-process', text: 'previous event of the same process' },
  { keys: ['['], action: 'cause', text: 'the event that brought this one about' },
  { keys: [']'], action: 'effect', text: 'the first event that this one brought about' },
  { keys: ['v'], action: 'decided', text: 'the event at which it was decided' },
  { keys: ['d'], action: 'next-difference', text: 'next difference of two traces' },
  { keys: ['D'], action: 'previous-difference', text: 'previous difference' },
  { keys: ['c'], action: 'cone', text: 'fade what is neither past nor future of this event' },
  { keys: ['o'], action: 'only', text: 'show nothing but its past and future' },
  { keys: ['/'], action: 'filter', text: 'to the filter' },
  { keys: ['Escape'], action: 'clear', text: 'leave the filter; then clear the cone, then the filter' },
  { keys: ['?'], action: 'help', text: 'this' },
];

export class Keyboard {
  /** Of letters and signs. */
  on = true;

  constructor(act: (action: Action) => void) {
    addEventListener('keydown', event => {
      const row = KEYS.find(({ keys }) => keys.includes(event.key));
      if (row === undefined || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      if (event.key.length === 1 && !this.on) return;
      if (!isFor(event, row)) return;
      event.preventDefault();
      act(row.action);
    });
  }
}

/** In a field only Escape, up and down are for us; a list of facts is scrolled by the keys that move. */
function isFor({ target, key }: KeyboardEvent, { action, moves = false }: KeyRow): boolean {
  if (!(target instanceof HTMLElement)) return true;
  if (target.closest('dialog') !== null) return false;
  if (target instanceof HTMLInputElement) return action === 'clear' || key === 'ArrowDown' || key === 'ArrowUp';
  return !(moves && target.closest('.inspector') !== null);
}
