/**
 * The lines of the negotiation (B4): what each is, whoever says it and whenever. Commands are told apart by case, and have no blanks
 * around them.
 * Lacks: what follows from a line (negotiation-table.ts).
 */
import { isTellable } from './names.ts';

export const OK = 'OK';
export const NOT = 'NOT';
export const DONE = 'DONE';
export const HELLO = 'HELLO';
export const WORLD = 'WORLD';
export const UP = 'UP';
export const iam = (name: string): string => `IAM ${name}`;
export const freezer = (serializer: string): string => `FREEZER ${serializer}`;

/** One line that has come, with its text; or that a phase begins, without any. */
export type Input =
  | { readonly input: 'name'; readonly text: string; readonly name: string }
  | { readonly input: 'freezer'; readonly text: string; readonly serializer: string }
  | { [Each in Word]: { readonly input: Each; readonly text: string } }[Word];
type Word = 'enter' | 'hello' | 'hello-version' | 'setup' | 'ok' | 'not' | 'done' | 'bad-freezer' | 'world' | 'up' | 'other';

const WORDS: ReadonlyMap<string, Word> = new Map([
  [HELLO, 'hello'],
  [OK, 'ok'],
  [NOT, 'not'],
  [DONE, 'done'],
  [WORLD, 'world'],
  [UP, 'up'],
]);
/** White space as it is for bytes. */
const IAM = /^IAM[ \t\v\f]+(\S+)$/;
const FREEZER = /^FREEZER[ \t\v\f]+([-:\w]+)$/;
const BAD_FREEZER = /^FREEZER[ \t\v\f]+./;
/** The first line of 0.1100, and that of 0.2300. */
const HELLO_VERSION = /^HELLO IKC\d$/;
const SETUP = /^SETUP /;

export function inputOf(text: string): Input {
  const word = WORDS.get(text);
  if (word !== undefined) return { input: word, text };
  const name = IAM.exec(text)?.[1];
  if (name !== undefined && isTellable(name)) return { input: 'name', text, name };
  const serializer = FREEZER.exec(text)?.[1];
  if (serializer !== undefined) return { input: 'freezer', text, serializer };
  if (BAD_FREEZER.test(text)) return { input: 'bad-freezer', text };
  if (HELLO_VERSION.test(text)) return { input: 'hello-version', text };
  return { input: SETUP.test(text) ? 'setup' : 'other', text };
}
