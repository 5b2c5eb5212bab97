/**
 * Servers that are started with any options: each value that may be given and its neighbours that may not, words that are no options, spools
 * and addresses that are not there. Who cannot take its options says which, and ends; who can goes on.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { evenly, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { refusedEnd } from '../usage-property.ts';
import { WAYS } from './daemons/names.ts';
import { optionsIn } from './model/options.ts';
import { addMachine, CASTING, onLan, RWHOD } from './parts/network.ts';
import { optionRefused } from './properties/reports.ts';

const given = (name: string, ...values: readonly string[]): readonly string[] => values.map(value => `--${name}=${value}`);

const OPTIONS: readonly string[] = [
  ...['--forward', '--multicast', '--no-broadcast', '--no-point-to-point', '--forward=1', '--multicast=', '--no-broadcast=no'],
  ...['--port', '--learn', '--nothing', '--nothing=1', 'nothing', '-x', '--', '--Port=513'],
  ...given('spool', '/var/spool/rwho', '/none'),
  ...given('port', '1', '513', '65535', '65536', '0', 'who', '-1', ''),
  ...given('address', '0.0.0.0', '10.0.0.9', '10.0.0.256', '10.0.0', 'here', ''),
  ...given('interval', '0', '1', '180', '660', '661', '1.5', 'x'),
  ...given('interface', 'eth0', 'eth9', 'lo'),
  ...given(
    'neighbour',
    '10.0.0.7',
    '10.0.0.7:1',
    '10.0.0.7:65535',
    '10.0.0.7:0',
    '10.0.0.7:65536',
    '10.0.0.7:',
    '10.0.0.7:x',
    '10.0.0.7:1:2',
  ),
  ...given('neighbour', '10.0.0.256', 'here', '', ':513', '10.0.0.7:123456'),
  ...given('learn', 'yes', 'no', 'perhaps', ''),
  ...given('records', '0', '1', '4096', '100000', '100001', '-1', 'x'),
  ...given('profile', 'corrected', 'other'),
];
/** As many as may be given, and one more: options of their own. */
const MANY = [64, 65] as const;

interface Line {
  readonly options: readonly number[];
}
interface Lines {
  readonly lines: readonly Line[];
}
const LINE = workloads<Line>({ options: list(evenly(0, OPTIONS.length + MANY.length - 1), 3) });
const LINES = workloads<Lines>({ lines: list({ arbitrary: fc.record(LINE.arbitraries, PLAIN), shape: object(LINE.shapes) }, 8, 4) });

const wordsOf = (option: number): readonly string[] => {
  const many = MANY[option - OPTIONS.length];
  if (many === undefined) return [OPTIONS[option] ?? ''];
  return Array.from({ length: many }, (_, index) => `--neighbour=10.0.0.${100 + index}`);
};

export const commandLines: Scenario<CommonPlan & Lines> = defineScenario<CommonPlan & Lines>({
  name: 'rwho/command-lines',
  protocol: 'rwho',
  title: 'Whatever a server is started with, it says what is wrong, or takes it.',
  programs: () => CASTING,
  plans: profile => plans<Lines>(profile, {}, LINES.arbitraries),
  workload: LINES.shapes,
  build: (world, { lines }) => {
    for (const [index, { options }] of lines.entries())
      addMachine(world, {
        name: `m${index}`,
        addresses: [onLan(index + 1)],
        rwhod: options.flatMap(wordsOf),
        after: 1,
        others: [[WAYS, '--each']],
      });
  },
  properties: [optionRefused, refusedEnd((program, args) => program === RWHOD && optionsIn(args).wrong.length > 0)],
  chaos: seconds(30),
  liveness: seconds(10),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
