/**
 * Writes steps.ts of a protocol anew: how many steps its scenarios have as a rule, which is what half of the runs of the first seeds have at
 * most. Needed whenever they become much longer or shorter: `node --import tsx test/scenarios/measure-steps.ts PROTOCOL…`, and format them.
 */
import { writeFileSync } from 'node:fs';
import { planOf } from '../../src/check/run.ts';
import { protocols } from '../support/protocols.ts';
import { stepsOf } from '../support/steps.ts';

const SEEDS = 21;

for (const { name, scenarios } of protocols.filter(each => process.argv.includes(each.name))) {
  const rows = scenarios.map(scenario => {
    const counts = Array.from({ length: SEEDS }, (_, seed) => stepsOf(scenario, planOf(scenario, seed, 'corrected'), seed));
    counts.sort((one, other) => one - other);
    return `  '${scenario.name}': ${Math.max(1, counts[SEEDS >> 1] ?? 1)},`;
  });
  const text = `/**
 * How many steps a run of a scenario has as a rule: written by test/scenarios/measure-steps.ts, from the first ${SEEDS} seeds.
 * What is not in it draws them.
 */
import type { Steps } from '../../src/check/steps.ts';

export const STEPS: Steps = {
${rows.join('\n')}
};
`;
  writeFileSync(new URL(`../../scenarios/${name}/steps.ts`, import.meta.url), text);
}
