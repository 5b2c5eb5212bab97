/**
 * Colours of the canvas, from the custom properties of the style sheet: they change with the scheme of the system.
 */
import type { Family } from '../../src/trace/families.ts';

const NAMES = [
  'ground',
  'raised',
  'line',
  'text',
  'muted',
  'accent',
  'wrong',
  'band',
  'selected',
  'message',
  'life',
  'timer',
  'note',
  'storage',
  'world',
  'other',
  'changed',
  'left',
  'right',
  'state-0',
  'state-1',
  'state-2',
  'state-3',
  'state-4',
  'state-5',
] as const;
type Name = (typeof NAMES)[number] | Family;
export type Colours = Readonly<Record<Name, string>>;

let known: Colours | undefined;

export function colours(): Colours {
  if (known === undefined) {
    const style = getComputedStyle(document.documentElement);
    known = Object.fromEntries(NAMES.map(name => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
  }
  return known;
}

export function onSchemeChange(act: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    known = undefined;
    act();
  });
}

/** Of a state by its number: six, again and again. */
export const stateColour = (of: Colours, state: number): string => of[`state-${(state % 6) as 0 | 1 | 2 | 3 | 4 | 5}`];
