/**
 * `node dist/bench/guide.js SCENARIO…`: what guidance adds. The same scenario is swept twice, once by plain seeds and once guided as
 * `slipway sweep --guided` is (generations of as many seeds, from an empty corpus), in turns, until either has used up its seconds of CPU.
 *
 *     --cpu=SECONDS    of each way, 20 if absent
 *     --starts=N       first seeds, 3 if absent: medians of them are told
 *     --profile=NAME   corrected if absent
 */
import { parseArgs } from 'node:util';
import { loadProtocols } from '../protocols/index.ts';
import { Corpus } from '../src/check/corpus.ts';
import { Coverage } from '../src/check/coverage.ts';
import { guidedPlan, type KeptRun } from '../src/check/guide.ts';
import { planOf, runPlan } from '../src/check/run.ts';
import { propertiesOf, type Scenario } from '../src/check/scenario.ts';
import { sightingsOf } from '../src/check/signature.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cpu: { type: 'string', default: '20' },
    starts: { type: 'string', default: '3' },
    profile: { type: 'string', default: 'corrected' },
  },
});
const budget = Number(values.cpu);
const starts = Number(values.starts);

/** As cli/sweep/parts.ts has it. */
const SEEDS_OF_A_GENERATION = 128;
/** Between two first seeds: no sweep comes so far. */
const APART = 1_000_000;

class Way {
  readonly #scenario: Scenario;
  readonly #guided: boolean;
  readonly #corpus = new Corpus();
  readonly #reached = new Set<number>();
  readonly #met = new Set<string>();
  readonly #failed = new Set<string>();
  #seed: number;
  seconds = 0;

  constructor(scenario: Scenario, guided: boolean, from: number) {
    this.#scenario = scenario;
    this.#guided = guided;
    this.#seed = from;
  }

  generation(): void {
    const begun = process.cpuUsage();
    const kept = this.#corpus.kept.map(({ seed, plan }) => ({ seed, plan }));
    const first = this.#seed;
    const runs = Array.from({ length: SEEDS_OF_A_GENERATION }, (_, index) => this.#run(first + index, kept));
    if (this.#guided) this.#corpus.add(runs);
    this.#seed += SEEDS_OF_A_GENERATION;
    const { user, system } = process.cpuUsage(begun);
    this.seconds += (user + system) / 1e6;
  }

  /** A row of the table. */
  get result(): readonly number[] {
    return [this.#seed % APART, this.#reached.size, this.#met.size, this.#failed.size];
  }

  #run(at: number, known: readonly KeptRun[]) {
    const drawn = (): KeptRun => ({ seed: at, plan: planOf(this.#scenario, at, values.profile) });
    const { seed, plan } = this.#guided ? guidedPlan(this.#scenario, at, values.profile, known) : drawn();
    const coverage = new Coverage();
    const result = runPlan(this.#scenario, plan, seed, { sink: event => coverage.see(event) });
    const failed = Object.keys(sightingsOf(this.#scenario, result, []));
    const features = coverage.features(result, failed);
    for (const each of features) this.#reached.add(each);
    for (const each of result.met) this.#met.add(each);
    for (const each of failed) this.#failed.add(each);
    for (const { fault, fired } of result.firings) if (fired > 0) this.#met.add(fault.kind);
    return { seed, plan, features, events: result.eventCount };
  }
}

const median = (all: readonly (readonly number[])[]): readonly number[] =>
  (all[0] ?? []).map((_, column) => all.map(row => row[column] ?? 0).toSorted((one, other) => one - other)[(all.length - 1) >> 1] ?? 0);

const known = (await loadProtocols()).flatMap(({ scenarios }) => scenarios);
const row = (...cells: readonly unknown[]): boolean => process.stdout.write(`| ${cells.join(' | ')} |\n`);
row('scenario', 'way', 'runs', 'features', 'moments and faults', 'different failures');
row('---', '---', '---:', '---:', '---:', '---:');
for (const name of positionals) {
  const scenario = known.find(each => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const results: Record<'plain' | 'guided', (readonly number[])[]> = { plain: [], guided: [] };
  for (let start = 0; start < starts; start++) {
    const ways = { plain: new Way(scenario, false, start * APART), guided: new Way(scenario, true, start * APART) };
    while (ways.plain.seconds < budget || ways.guided.seconds < budget)
      (ways.plain.seconds <= ways.guided.seconds ? ways.plain : ways.guided).generation();
    results.plain.push(ways.plain.result);
    results.guided.push(ways.guided.result);
  }
  const possible = propertiesOf(scenario).filter(each => each.expectation === 'sometimes').length;
  for (const way of ['plain', 'guided'] as const) row(`${name} (${possible} moments)`, way, ...median(results[way]));
}
