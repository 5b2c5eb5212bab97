/**
 * `npm run bench:budget`: what a run costs, in counts that are the same on every machine, as one JSON object. With `--write` they
 * become bench/baseline.json, with which a test compares them.
 * Heap is what was allocated for an event, judged as in a sweep: the script in package.json makes room for it, so that nothing is
 * collected on the way, and lets the compiler of the engine work in turn with the run, so that it repeats to a hundredth. It
 * depends on the version of Node.
 * Lacks: times.
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadProtocols } from '../protocols/index.ts';
import { planOf, runPlan } from '../src/check/run.ts';
import type { Scenario } from '../src/check/scenario.ts';
import { Prng } from '../src/sim/core/prng.ts';

/** Of a scenario, over the seeds below. */
interface Cost {
  readonly events: number;
  readonly choices: number;
  /** Numbers drawn in the world; its plan is not. */
  readonly draws: number;
  readonly heapBytesPerEvent: number;
}

const SCENARIOS = ['lifetime/chaos', 'lonc/exchange', 'rwho/neighbours'];
/** The first ones have the code compiled. */
const WARM = 10;
const SEEDS = 5;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // the engine's own

function seedsFrom(first: number, count: number, run: (seed: number) => void): void {
  for (let seed = first; seed < first + count; seed++) run(seed);
}

function counted(scenario: Scenario): Omit<Cost, 'heapBytesPerEvent'> {
  let [events, choices, draws] = [0, 0, 0];
  const { below } = Prng.prototype;
  Prng.prototype.below = function (bound) {
    draws++;
    return below.call(this, bound);
  };
  seedsFrom(WARM, SEEDS, seed => {
    const sink = ({ kind }: { readonly kind: string }): void => void (kind === 'choice' && choices++);
    events += runPlan(scenario, planOf(scenario, seed, 'corrected'), seed, { sink }).eventCount;
  });
  Prng.prototype.below = below;
  return { events, choices, draws };
}

function heapBytesPerEvent(scenario: Scenario): number {
  let [events, bytes] = [0, 0];
  seedsFrom(0, WARM + SEEDS, seed => {
    const plan = planOf(scenario, seed, 'corrected');
    collect();
    const before = process.memoryUsage().heapUsed;
    const { eventCount } = runPlan(scenario, plan, seed);
    const after = process.memoryUsage().heapUsed;
    if (seed < WARM) return;
    events += eventCount;
    bytes += after - before;
  });
  return Math.round(bytes / events);
}

const costs: Record<string, Cost> = {};
const known = (await loadProtocols()).flatMap(({ scenarios }) => scenarios);
for (const name of SCENARIOS) {
  const scenario = known.find(each => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const heap = heapBytesPerEvent(scenario);
  costs[name] = { ...counted(scenario), heapBytesPerEvent: heap };
}
const text = `${JSON.stringify({ node: Number.parseInt(process.versions.node, 10), costs }, undefined, 2)}\n`;
if (process.argv.includes('--write')) writeFileSync(new URL('../../bench/baseline.json', import.meta.url), text);
process.stdout.write(text);
