/**
 * `node --import tsx kills.ts`: plays all cases against ours and against every mutant, in the simulator, and says who did not fail what
 * it has to, which case nobody fails, and ends with 1 then. With --print: what each failed, instead.
 */
import { runSuite, simArm } from 'slipway/conformance';
import config from './slipway.config.ts';
import { suite } from './suite.ts';

const arm = simArm(config.protocols[0]?.programs ?? {});

async function failsOf(program: string): Promise<readonly string[]> {
  const run = await runSuite({ suite, role: 'server', arm, implementation: { program, args: ['{options}'] }, claims: [] });
  if (run.outcome !== 'ran') throw new Error(run.why);
  return run.rows.filter(row => row.verdict.verdict !== 'pass').map(row => row.testCase.id);
}

const wrong: string[] = [];
const caught = new Set<string>();
const own = await failsOf('memcached-server');
if (own.length > 0) wrong.push(`ours fails ${own.join(', ')}`);
for (const { name, program, fails, depends } of suite.mutants) {
  const failed = await failsOf(program);
  for (const id of failed) caught.add(id);
  if (process.argv.includes('--print')) console.log(name, failed.map(id => id.split('.').at(-1)).join(' '));
  else if (fails.some(id => !failed.includes(id)) || (depends === undefined && failed.length > fails.length))
    wrong.push(`${name} fails ${failed.join(', ') || 'nothing'}`);
}
wrong.push(...suite.cases.filter(({ id }) => !caught.has(id)).map(({ id }) => `nobody fails ${id}`));
for (const each of wrong) console.log(each);
console.log(`${suite.cases.length} cases, ${suite.mutants.length} mutants`);
process.exitCode = wrong.length > 0 ? 1 : 0;
