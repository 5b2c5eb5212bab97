/**
 * `npm run mutants -- --seeds 1..60`: judges mutants of the protocols, and tells which survive. `--help` has the options.
 *
 * A tool of its own, because Stryker runs a test suite, mutant after mutant in the whole: here the judge is a function, one seed of one
 * mutant has to be the same mutant tomorrow, a statement is deleted or a row of a table dropped, which Stryker does not do, and a budget
 * is CPU time.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { protocols } from '../../protocols/index.ts';
import { compiled, PACKAGE_ROOT } from '../../src/node/package.ts';
import { type Mutant, Mutator } from './mutator.ts';
import { type Result, Results } from './results.ts';
import { judgedSources } from './sources.ts';
import { judged } from './start.ts';
import { guess, survivorsDocument } from './table.ts';
import type { Task } from './task.ts';

const HELP = `npm run mutants -- OPTIONS: judges mutants of the protocols, and tells which survive.

  --seeds A..B,C   which mutants; 1..60 if absent
  --in A,B         of these only those in such folders of src/impl
  --jobs N         judges side by side, 1 if absent
  --cpu SECONDS    for each mutant at most, 20 if absent
  --out FILE       results as JSON lines, out/mutants.jsonl if absent: what it has is not judged again, unless --again
  --again          judges survivors in it again, after a scenario or a case has been added
  --page           writes docs/survivors.md of these
  --show           says what the mutants are, and judges none

  npm run mutants -- --seeds 1..60 --jobs 2 --page
  npm run mutants -- --show --seeds 7
`;
const OPTIONS = {
  seeds: { type: 'string', default: '1..60' },
  in: { type: 'string' },
  jobs: { type: 'string', default: '1' },
  cpu: { type: 'string', default: '20' },
  out: { type: 'string', default: 'out/mutants.jsonl' },
  again: { type: 'boolean', default: false },
  page: { type: 'boolean', default: false },
  show: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Ends the process where the command line cannot be. */
function commandLine() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    const seeds = values.seeds.split(',').flatMap(range => {
      const [from = NaN, to = from] = range.split('..').map(Number);
      if (!(from >= 1 && to >= from && to < 1e6)) throw new Error(`--seeds ${range}: give A..B with A from 1`);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
    const [budget, jobs] = [Number(values.cpu), Number(values.jobs)];
    if (!(budget > 0 && jobs >= 1)) throw new Error('--cpu SECONDS, --jobs N from 1');
    return { values, seeds, budget, jobs };
  } catch (error) {
    process.stderr.write(`mutants: ${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(2);
  }
}
const { values, seeds, budget, jobs } = commandLine();
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const DOCUMENT = new URL('docs/survivors.md', PACKAGE_ROOT);
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const source = judgedSources(fileURLToPath(PACKAGE_ROOT), Object.keys(protocols));
const mutator = new Mutator(source.sources);
const folders = values.in?.split(',').map(each => `src/impl/${each}/`);
const mutants = seeds
  .map(seed => mutator.mutant(seed))
  .filter(({ path }) => folders === undefined || folders.some(each => path.startsWith(each)));

function taskOf({ path, module }: Mutant): Task {
  const url = pathToFileURL(compiled(path)).href;
  return { protocols: source.protocols.get(path) ?? [], overlay: { url, module }, budget };
}

async function baseline(name: string, results: Results): Promise<void> {
  if (results.isGreen(name) && !values.again) return;
  const { killer, runs, cpu } = await judged({ protocols: [name], budget });
  if (killer !== undefined) throw new Error(`${name} unchanged: ${killer.where}: ${killer.why}`);
  results.add({ unchanged: name, runs, cpu });
  say(`${name} unchanged: nothing found in ${runs} runs and cases, ${cpu.toFixed(1)} s`);
}

async function judgeMutant(mutant: Mutant, results: Results): Promise<void> {
  const { module, ...rest } = mutant;
  const result: Result = { ...rest, ...(await judged(taskOf(mutant))) };
  results.add(result);
  say(`${titleOf(mutant)}\n    ${verdictOf(result)} (${result.runs} runs and cases, ${result.cpu.toFixed(1)} s)`);
}

const titleOf = ({ seed, path, line, operator, before, after }: Mutant): string =>
  `${seed} ${path}:${line} ${operator}\n    - ${before}\n    + ${after}`;
const verdictOf = (result: Result): string =>
  result.killer === undefined
    ? `SURVIVED: ${guess(result)}`
    : `killed by ${result.killer.by}, ${result.killer.where}: ${result.killer.why}`;

/** So many at a time, each begun when one is done. */
async function each<T>(tasks: readonly T[], act: (task: T) => Promise<void>): Promise<void> {
  const waiting = [...tasks];
  const lane = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await act(task);
  };
  await Promise.all(Array.from({ length: jobs }, lane));
}

if (values.show) {
  for (const mutant of mutants) say(titleOf(mutant));
} else {
  const results = new Results(values.out);
  const isKnown = (verdict: string | undefined): boolean => verdict !== undefined && !(values.again && verdict === 'survived');
  const open = mutants.filter(mutant => !isKnown(results.of(mutant)?.verdict));
  await each([...new Set(open.flatMap(mutant => taskOf(mutant).protocols))], name => baseline(name, results));
  await each(open, mutant => judgeMutant(mutant, results));
  const judgedNow = mutants.flatMap(mutant => results.of(mutant) ?? []);
  const killed = judgedNow.filter(({ verdict }) => verdict === 'killed').length;
  say(`${killed} of ${judgedNow.length} are killed`);
  if (values.page)
    writeFileSync(DOCUMENT, survivorsDocument(judgedNow, budget, existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : ''));
}
