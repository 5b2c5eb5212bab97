/**
 * The module Irolo, a rolodex (R6): an object is a set of cards, each a name and a text.
 * Its variable is what an import gives: a line NAME<TAB>TEXT for each card, by name.
 */
import { printable, utf8 } from '../../host/bytes.ts';
import { byKey } from '../../host/order.ts';
import { type Call, ErrorExit, type PlugIn } from './plug-ins.ts';
import { bytesOf, textOf } from './text.ts';
import { OBJECT_BYTES_MAX } from './wire.ts';

type Cards = ReadonlyMap<string, string>;

const CARD = /^([^\t]+)\t([^\t]*)$/;

const cardsOf = (value: Uint8Array | undefined): Cards => (value === undefined ? new Map() : new Map(linesOf(value, 'the object')));

/** Throws errorExit where a line is no card. */
function linesOf(bytes: Uint8Array, where: string): readonly (readonly [name: string, text: string])[] {
  const lines = textOf(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const [, name, text = ''] = CARD.exec(line.replace(/\r$/, '')) ?? [];
    if (name === undefined) throw new ErrorExit(`line ${index + 1} of ${where} is no card (NAME, tab, TEXT): ${printable(line, 60)}`);
    return [name, text];
  });
}

const written = (cards: Cards): Uint8Array =>
  bytesOf(
    [...cards]
      .sort(byKey(([name]) => name))
      .map(([name, text]) => `${name}\t${text}\n`)
      .join(''),
  );

function importCards({ output, get }: Call): void {
  output.write(get() ?? new Uint8Array(0));
}

/** A card with an empty text is taken away. */
function exportCards({ object, data, output, get, set }: Call): void {
  output.debug(`irolo_export ${printable(object, 80)}`);
  const cards = new Map(cardsOf(get()));
  for (const [name, text] of linesOf(data, 'DATA')) {
    if (text === '') cards.delete(name);
    else cards.set(name, text);
  }
  const value = written(cards);
  if (value.length > OBJECT_BYTES_MAX) throw new ErrorExit(`cards of ${value.length} bytes; an object has at most ${OBJECT_BYTES_MAX}`);
  set(value);
  output.write(utf8(`${cards.size} cards\n`));
}

function resetCards({ output, set }: Call): void {
  set(undefined);
  output.write(utf8('0 cards\n'));
}

export const irolo: PlugIn = { id: 'Irolo__', import: importCards, export: exportCards, recover: undefined, command: resetCards };
