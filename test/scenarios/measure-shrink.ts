/**
 * How small the failures of everything that must fail become, and in what time: of each trap and variant of a scenario, and of each mutant,
 * the first seed that shows it, made smaller on one core. `node --import tsx test/scenarios/measure-shrink.ts [PROTOCOL…]` prints a table, `--worst 20` only the largest.
 *  - step: an item of a list of the workload, a draw that is told, a schedule that is not in order of time.
 * Lacks: what no seed of the first SEEDS shows; it is named.
 */
import { planOf, runPlan } from '../../src/check/run.ts';
import { COMMON_FIELDS, type CommonPlan, type Profile, profilesOf, type Scenario } from '../../src/check/scenario.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { protocols } from '../support/protocols.ts';
import { mutants } from './mutants.ts';

const SEEDS = 40;
const FAULTS_MOST = 2;
const STEPS_MOST = 5;
const SECONDS_MOST = 10;

interface Bug {
  readonly name: string;
  readonly property: string;
  readonly profile: Profile;
  /** Where it may show; in the first that does it is looked at. */
  readonly scenarios: readonly Scenario[];
}

interface Row {
  readonly bug: string;
  readonly faults: readonly [before: number, after: number];
  readonly steps: number;
  readonly events: readonly [before: number, after: number];
  readonly runs: number;
  readonly seconds: number;
  readonly finished: boolean;
}

const broken = (scenario: Scenario, programs: (typeof mutants)[string][number]['programs']): Scenario => ({
  ...scenario,
  programs: plan => programs(scenario.programs(plan)),
});

function* bugsOf(protocol: (typeof protocols)[number]): Generator<Bug, void> {
  for (const scenario of protocol.scenarios)
    for (const profile of profilesOf(scenario)) {
      const expected = scenario.expected[profile] ?? 'holds';
      if (expected === 'holds') continue;
      for (const property of expected.fails) yield { name: `${scenario.name} ${profile}`, property, profile, scenarios: [scenario] };
    }
  for (const mutant of mutants[protocol.name] ?? [])
    for (const property of mutant.kills) {
      const scenarios = protocol.scenarios.filter(({ name }) => mutant.scenario === undefined || mutant.scenario === name);
      yield { name: mutant.name, property, profile: 'corrected', scenarios: scenarios.map(each => broken(each, mutant.programs)) };
    }
}

const stepsOf = (plan: CommonPlan): number =>
  Object.entries(plan).reduce((sum, [field, value]) => sum + (COMMON_FIELDS.includes(field) ? 0 : itemsOf(value)), 0) +
  Object.values(plan.tape?.set ?? {}).reduce((sum, draws) => sum + Object.keys(draws).length, 0) +
  (plan.schedule.strategy === 'fifo' ? 0 : 1);

const itemsOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, each) => sum + itemsOf(each), 0);
  return Array.isArray(value) ? Math.max(value.length, inner) : inner;
};

function measure({ name, property, profile, scenarios }: Bug): Row | undefined {
  for (const scenario of scenarios)
    for (let seed = 0; seed < SEEDS; seed++) {
      const { plan, violations, eventCount } = runPlan(scenario, planOf(scenario, seed, profile), seed);
      if (!violations.some(each => each.property === property)) continue;
      const begun = process.cpuUsage();
      const shrunk = shrinkPlan(scenario, plan, seed, property);
      if (shrunk === undefined) throw new Error(`${name} failed and then held`);
      const { user, system } = process.cpuUsage(begun);
      return {
        bug: `${name}: ${property}${name.startsWith(scenario.name) ? '' : ` (${scenario.name})`}`,
        faults: [plan.faults.length, shrunk.plan.faults.length],
        steps: stepsOf(shrunk.plan),
        events: [eventCount, shrunk.violation.at + 1],
        runs: shrunk.runs,
        seconds: (user + system) / 1e6,
        finished: shrunk.finished,
      };
    }
  return undefined;
}

const line = ({ bug, faults, steps, events, runs, seconds, finished }: Row): string =>
  [
    bug.padEnd(90),
    faults.join(' → ').padStart(7),
    String(steps).padStart(5),
    events.join(' → ').padStart(15),
    String(runs).padStart(5),
    `${seconds.toFixed(1)} s`.padStart(7),
    finished ? '' : 'more runs may find a smaller one',
  ].join('  ');

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const words = process.argv.slice(2);
const worst = words.includes('--worst') ? Number(words[words.indexOf('--worst') + 1]) : 0;
const wanted = words.filter((each, index) => !each.startsWith('--') && words[index - 1] !== '--worst');
const rows: Row[] = [];
for (const protocol of protocols) {
  if (wanted.length > 0 && !wanted.includes(protocol.name)) continue;
  for (const bug of bugsOf(protocol)) {
    const row = measure(bug);
    if (row === undefined) print(`${bug.name}: ${bug.property}: not seen in ${SEEDS} seeds`);
    else rows.push(row);
    if (row !== undefined && worst === 0) print(line(row));
  }
}
const small = ({ faults, steps }: Row): boolean => faults[1] <= FAULTS_MOST && steps <= STEPS_MOST;
const fast = ({ seconds }: Row): boolean => seconds <= SECONDS_MOST;
if (worst > 0) for (const row of rows.toSorted((one, other) => other.seconds - one.seconds).slice(0, worst)) print(line(row));
if (worst > 0) for (const row of rows.filter(each => !small(each))) print(line(row));
const sorted = rows.map(({ seconds }) => seconds).toSorted((one, other) => one - other);
print(
  `${rows.length} failures: ${rows.filter(small).length} with at most ${FAULTS_MOST} faults and ${STEPS_MOST} steps, ` +
    `${rows.filter(fast).length} in at most ${SECONDS_MOST} s of CPU, ${rows.filter(({ finished }) => finished).length} to the end; ` +
    `median ${sorted[sorted.length >> 1]?.toFixed(2)} s, longest ${sorted.at(-1)?.toFixed(1)} s`,
);
