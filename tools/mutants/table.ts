/**
 * docs/survivors.md: how many mutants are killed, and each that is not. Why one survives is written there by hand, and stays when the
 * table is made again.
 */
import type { Result } from './results.ts';

const HEAD = '| seed | place | operator | before | after | why |';

const NOT_REACHED = 'not reached';
const AS_WRITTEN = 'not reached but as written';
const NO_DIFFERENCE = 'open: it never made a difference';
const NOT_NOTICED = 'open: nothing looks at it';

/** What is known without anybody having looked. */
export function guess({ reached, differed }: Pick<Result, 'reached' | 'differed'>): string {
  if (reached !== 'corrected') return reached === 'as-written' ? AS_WRITTEN : NOT_REACHED;
  return differed === true ? NOT_NOTICED : NO_DIFFERENCE;
}

const isGuess = (why: string): boolean => [NOT_REACHED, AS_WRITTEN, NO_DIFFERENCE, NOT_NOTICED].includes(why);

/** `earlier`: the document as it is. */
export function survivorsDocument(results: readonly Result[], budget: number, earlier: string): string {
  const kept = reasonsOf(earlier);
  const survivors = results.filter(({ verdict }) => verdict === 'survived');
  const rows = survivors.map(each => rowOf(each, kept.get(keyOf(cellsOf(each))) ?? guess(each)));
  return `# Mutants that survive

\`npm run mutants\` changes one place in the code of a protocol and looks whether a sweep of the scenarios or the suites in the
simulator find out in ${budget} s of CPU. Mutant N follows from the sources and N alone (\`tools/mutants\`). This page is made by it; the last
column is written by hand, begins with \`equivalent\` where no observer could tell, and is kept when the page is made again.

Of the mutants ${spanOf(results)}:

${[SHARES, '|---|---|---|---|---|', ...shares(results)].join('\n')}

${[HEAD, '|---|---|---|---|---|---|', ...rows].join('\n')}
`;
}

const SHARES = '| where | mutants | killed | survive: not reached | survive: others |';

function shares(results: readonly Result[]): readonly string[] {
  const places = [...new Set(results.map(homeOf))].sort();
  return [
    ...places.map(place =>
      share(
        place,
        results.filter(each => homeOf(each) === place),
      ),
    ),
    share('all', results),
  ];
}

function share(name: string, results: readonly Result[]): string {
  const survived = results.filter(({ verdict }) => verdict === 'survived');
  const unreached = survived.filter(({ reached }) => reached !== 'corrected').length;
  const killed = results.length - survived.length;
  const percent = results.length === 0 ? 0 : Math.round((1_000 * killed) / results.length) / 10;
  return `| ${name} | ${results.length} | ${killed} (${percent} %) | ${unreached} | ${survived.length - unreached} |`;
}

/** The folder of `src/impl` that it is in. */
const homeOf = ({ path }: Result): string => path.split('/')[2] ?? '';

const spanOf = (results: readonly Result[]): string => {
  const seeds = results.map(({ seed }) => seed);
  return `${Math.min(...seeds)} to ${Math.max(...seeds)}${new Set(seeds).size === Math.max(...seeds) - Math.min(...seeds) + 1 ? '' : ', with gaps'}`;
};

const cell = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;

const cellsOf = ({ seed, path, line, operator, before, after }: Result): readonly string[] => [
  String(seed),
  `${path}:${line}`,
  operator,
  cell(before),
  cell(after),
];

const rowOf = (result: Result, why: string): string => `| ${[...cellsOf(result), why].join(' | ')} |`;

/** By what stays when lines move: the file, the operator, the texts. */
const keyOf = ([, place, operator, before, after]: readonly string[]): string =>
  [place?.replace(/:\d+$/, ''), operator, before, after].join(' | ');

function reasonsOf(document: string): ReadonlyMap<string, string> {
  const [, table = ''] = document.split(`${HEAD}\n`);
  const rows = table.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('|---'));
  const cells = rows.map(row => row.slice(2, -2).split(/(?<!\\) \| |(?<! ) \| /));
  return new Map(cells.filter(each => each.length === 6 && !isGuess(each[5] ?? '')).map(each => [keyOf(each), each[5] ?? '']));
}
