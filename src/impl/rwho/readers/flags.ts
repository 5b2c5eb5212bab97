/**
 * Options of one letter, as getopt(3) takes them.
 */

export interface Flags {
  has(letter: string): boolean;
  /** The last of these letters that was given. */
  last(letters: string): string | undefined;
  readonly operands: readonly string[];
  /** The first letter that is none of those known. */
  readonly unknown: string | undefined;
}

export function flagsOf(args: readonly string[], known: string): Flags {
  const letters: string[] = [];
  let index = 0;
  for (; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      index += 1;
      break;
    }
    if (!arg.startsWith('-') || arg === '-') break;
    letters.push(...arg.slice(1));
  }
  return {
    has: letter => letters.includes(letter),
    last: some => letters.findLast(letter => some.includes(letter)),
    operands: args.slice(index),
    unknown: letters.find(letter => !known.includes(letter)),
  };
}
