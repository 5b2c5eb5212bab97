/**
 * `npm run bench:hunt`: every bug that is known of a protocol, hunted with no hint, and the time to its first detection: CPU of this process,
 * which has everything compiled. Of several first seeds the median counts.
 *
 *     --protocol=NAME   of this one alone; may be given more than once
 *     --only=TEXT       bugs whose name has this in it
 *     --starts=A..B     numbers of first seeds, 0..2 if absent
 *     --cpu=SECONDS     for each hunt at most, 10 if absent
 *     --json            a line of JSON for each hunt
 *     --read=FILE       such lines, of hunts that were made before; may be given more than once. Without --starts no other is made
 *     --page            writes docs/hunt.md
 *     --note=TEXT       on what machine, for the page
 *
 * Before that the same search is made in what has no bug, for as long: whatever it finds there is wrong.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadProtocols } from '../protocols/index.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { type Searched, type SearchResult, search, searchedOf } from '../protocols/search.ts';
import { PACKAGE_ROOT } from '../src/node/package.ts';
import type { Mutant } from '../test/scenarios/mutant.ts';
import { bugsOf } from './hunt/bugs.ts';
import { type Hunt, huntDocument, rowsOf, summaryOf } from './hunt/page.ts';

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', default: '' },
    starts: { type: 'string' },
    read: { type: 'string', multiple: true, default: [] },
    cpu: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    note: { type: 'string', default: '' },
  },
});
const [first = NaN, last = first] = (values.starts ?? (values.read.length > 0 ? '0..-1' : '0..2')).split('..').map(Number);
const budget = Number(values.cpu);
if (!(Number.isInteger(first) && Number.isInteger(last) && budget > 0)) throw new Error('--starts=A..B, --cpu=SECONDS above 0');

/** Between two first seeds: no hunt comes so far. */
const APART = 1_000_000;

const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function hunt(searched: Searched, start: number): Promise<SearchResult & Pick<Hunt, 'seconds'>> {
  const begun = spent();
  const result = await search(searched, { from: start * APART, isOver: () => spent() - begun >= budget });
  return { ...result, seconds: spent() - begun };
}

async function mutantsOf({ name }: Protocol): Promise<readonly Mutant[]> {
  const { mutants } = await import(new URL(`../test/scenarios/${name}/mutants.js`, import.meta.url).href);
  return mutants;
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const tell = (text: string): boolean => process.stderr.write(`${text}\n`);

const hunts: Hunt[] = values.read.flatMap(file =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Hunt),
);
const wanted = ({ name }: Protocol): boolean => first <= last && (values.protocol.length === 0 || values.protocol.includes(name));
for (const protocol of (await loadProtocols()).filter(wanted)) {
  const { found, steps } = await hunt(searchedOf(protocol), first);
  if (found !== undefined) throw new Error(`${protocol.name} has no bug, and ${found.where} finds one: ${found.why}`);
  tell(`${protocol.name} without a bug: nothing found in ${steps} runs and cases`);
  const bugs = bugsOf(protocol, await mutantsOf(protocol)).filter(({ name }) => name.includes(values.only));
  for (const [index, { kind, name, searched }] of bugs.entries()) {
    for (let start = first; start <= last; start++) {
      const result = await hunt(searched, start);
      const one: Hunt = { protocol: protocol.name, kind, name, start, ...result };
      hunts.push(one);
      const where = result.found?.where ?? 'NOT FOUND';
      tell(
        `[${index + 1}/${bugs.length}] ${protocol.name} ${kind} ${name}: ${result.seconds.toFixed(2)} s, ${result.steps} steps, ${where}`,
      );
      if (values.json) say(JSON.stringify(one));
    }
  }
}
const rows = rowsOf(hunts);
if (!values.json) say(summaryOf(rows));
if (values.page) writeFileSync(new URL('docs/hunt.md', PACKAGE_ROOT), huntDocument(rows, budget, values.note));
