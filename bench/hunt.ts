/**
 * `npm run bench:hunt`: every bug that is known of a protocol, hunted with no hint, and the time to its first detection: CPU of this process,
 * which has everything compiled. Of several first seeds the median counts.
 *
 *     --protocol=NAME   of this one alone; may be given more than once
 *     --only=TEXT       bugs whose name has this in it
 *     --starts=N        first seeds, 3 if absent
 *     --cpu=SECONDS     for each hunt at most, 10 if absent
 *     --json            a line of JSON for each bug
 *     --page            writes docs/hunt.md
 *
 * Before that the same search is made in what has no bug, for as long: whatever it finds there is wrong.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadProtocols } from '../protocols/index.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { type Found, type Searched, search } from '../protocols/search.ts';
import { PACKAGE_ROOT } from '../src/node/version.ts';
import type { Mutant } from '../test/scenarios/mutant.ts';
import { type Bug, bugsOf, searchedOf } from './hunt/bugs.ts';
import { huntDocument, type Row, summaryOf } from './hunt/page.ts';

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', default: '' },
    starts: { type: 'string', default: '3' },
    cpu: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});
const starts = Number(values.starts);
const budget = Number(values.cpu);
if (!(Number.isInteger(starts) && starts >= 1 && budget > 0)) throw new Error('--starts=N from 1, --cpu=SECONDS above 0');

/** Between two first seeds: no hunt comes so far. */
const APART = 1_000_000;

const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

interface Hunt {
  readonly found: Found | undefined;
  readonly steps: number;
  readonly seconds: number;
}

async function hunt(searched: Searched, start: number): Promise<Hunt> {
  const begun = spent();
  const { found, steps } = await search(searched, { from: start * APART, isOver: () => spent() - begun >= budget });
  return { found, steps, seconds: spent() - begun };
}

async function measured({ protocol, kind, name, searched }: Bug): Promise<Row> {
  const hunts: Hunt[] = [];
  for (let start = 0; start < starts; start++) hunts.push(await hunt(searched, start));
  hunts.sort((one, other) => Number(one.found === undefined) - Number(other.found === undefined) || one.seconds - other.seconds);
  const { found, steps, seconds } = hunts[Math.floor((starts - 1) / 2)] ?? { found: undefined, steps: 0, seconds: 0 };
  const missed = hunts.filter(each => each.found === undefined).length;
  return { protocol, kind, name, found, steps, seconds, slowest: Math.max(...hunts.map(each => each.seconds)), missed };
}

async function mutantsOf({ name }: Protocol): Promise<readonly Mutant[]> {
  const { mutants } = await import(new URL(`../test/scenarios/${name}/mutants.js`, import.meta.url).href);
  return mutants;
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const tell = (text: string): boolean => process.stderr.write(`${text}\n`);

const rows: Row[] = [];
const known = await loadProtocols();
for (const protocol of known.filter(({ name }) => values.protocol.length === 0 || values.protocol.includes(name))) {
  const { found, steps } = await hunt(searchedOf(protocol), 0);
  if (found !== undefined) throw new Error(`${protocol.name} has no bug, and ${found.where} finds one: ${found.why}`);
  tell(`${protocol.name} without a bug: nothing found in ${steps} runs and cases`);
  const bugs = bugsOf(protocol, await mutantsOf(protocol)).filter(({ name }) => name.includes(values.only));
  for (const [index, bug] of bugs.entries()) {
    const row = await measured(bug);
    rows.push(row);
    const where = row.found === undefined ? 'NOT FOUND' : row.found.where;
    tell(
      `[${index + 1}/${bugs.length}] ${protocol.name} ${bug.kind} ${bug.name}: ${row.seconds.toFixed(2)} s, ${row.steps} steps, ${where}`,
    );
    if (values.json) say(JSON.stringify(row));
  }
}
if (!values.json) say(summaryOf(rows));
if (values.page) writeFileSync(new URL('docs/hunt.md', PACKAGE_ROOT), huntDocument(rows, { starts, budget }));
