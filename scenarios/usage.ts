/**
 * Command lines, a second time: what is wrong with one, by a table of the options of a program (its README).
 * Lacks: texts. Whoever refuses a command line has to name one of the things that are wrong with it.
 */

/** What an option takes: nothing, anything, a whole number between two, one of some words, or what a function says. */
export type Taken = 'nothing' | 'anything' | readonly [least: number, most: number] | ReadonlySet<string> | ((value: string) => boolean);

/** By name. Where several values are wanted, each is judged; otherwise the last one given counts. */
export type Grammar = Readonly<Record<string, Taken | { readonly each: (value: string) => boolean }>>;

const isNumber = (value: string, [least, most]: readonly [number, number]): boolean =>
  /^\d{1,10}$/.test(value) && Number(value) >= least && Number(value) <= most;

/** The words of a command line that cannot be, as whoever complains has to name one of them. */
export function wrongIn(args: readonly string[], grammar: Grammar): readonly string[] {
  const given = args.filter(each => each !== '').map(arg => /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(arg) ?? arg);
  return given.flatMap((each, index): readonly string[] => {
    if (typeof each === 'string') return [each];
    const [word, name = '', value] = each;
    const taken = grammar[name];
    const isLast = !given.some((other, at) => at > index && typeof other !== 'string' && other[1] === name);
    if (taken === undefined || (taken === 'nothing') !== (value === undefined)) return [`--${name}`];
    return value === undefined || isTaken(taken, value, isLast) ? [] : [word];
  });
}

function isTaken(taken: Grammar[string], value: string, isLast: boolean): boolean {
  if (typeof taken === 'object' && 'each' in taken) return taken.each(value);
  if (!isLast || taken === 'anything' || taken === 'nothing') return true;
  if (typeof taken === 'function') return taken(value);
  return taken instanceof Set ? taken.has(value) : isNumber(value, taken as readonly [number, number]);
}
