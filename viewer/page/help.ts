/**
 * Keys, words of the filter, and what the marks mean, in a dialog.
 */
import { FILTER_WORDS } from '../filter.ts';
import { button, element } from './elements.ts';
import { KEYS, type Keyboard } from './keys.ts';

const MARKS: readonly (readonly [mark: string, family: string, meaning: string])[] = [
  ['●', 'message', 'sent or read; ○ a connection, its end'],
  ['■', 'life', 'a process begins something; ✕ it ends, gets a signal, or throws'],
  ['◆', 'timer', 'a timer fires; ◇ is set or cancelled; the thin bar: while it runs'],
  ['▬', 'note', 'a process notes something; amber: a warning, red: an error'],
  ['▲', 'storage', 'files'],
  ['┄', 'world', 'faults and phases of the world; the bands at the left: while something is wrong'],
];

export function helpDialog(keyboard: Keyboard): HTMLDialogElement {
  const switched = element('input', { type: 'checkbox', id: 'letters', checked: true });
  switched.addEventListener('change', () => {
    keyboard.on = switched.checked;
  });
  const dialog: HTMLDialogElement = element(
    'dialog',
    { class: 'help', 'aria-labelledby': 'help-title' },
    element('h2', { id: 'help-title' }, 'Keys'),
    element(
      'dl',
      {},
      KEYS.map(({ keys, text }) => [
        element(
          'dt',
          {},
          keys.map((key, at) => [at > 0 && ' ', element('kbd', {}, NAMES[key] ?? key)]),
        ),
        element('dd', {}, text),
      ]),
    ),
    element('p', {}, switched, element('label', { for: 'letters' }, ' letters and signs are keys')),
    element('h2', {}, 'Filter'),
    element('p', {}, 'Words that all have to hold:'),
    element(
      'dl',
      {},
      FILTER_WORDS.map(([word, meaning]) => [element('dt', {}, element('code', {}, word)), element('dd', {}, meaning)]),
    ),
    element('h2', {}, 'Marks'),
    element(
      'dl',
      {},
      MARKS.map(([mark, family, meaning]) => [element('dt', { class: `mark ${family}` }, mark), element('dd', {}, meaning)]),
    ),
    element(
      'p',
      {},
      'An arrow goes from who sends to who reads, dashed where it is read again, dotted where it is another cause. ✕ at its end: a datagram that nobody reads.',
    ),
    button('Close', 'close the help', () => dialog.close()),
  );
  return dialog;
}

const NAMES: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', PageDown: 'Page↓', PageUp: 'Page↑', Escape: 'Esc' };
