/**
 * Servers and clients that are started with any options: each value that may be given and its neighbours that may not, words that are no
 * options, and addresses where nobody is. Who cannot take its options says which, and ends; who can goes on.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, evenly, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { usageMet } from '../usage-property.ts';
import { STEPS } from './model/usage.ts';
import { CASTING, CLIENT, DIRECTORIES, LITE, SERVER } from './parts/network.ts';
import { refusesUsage } from './properties/usage.ts';

const given = (name: string, ...values: readonly string[]): readonly string[] => values.map(value => `--${name}=${value}`);
const path = (length: number): string => `/${'p'.repeat(length - 1)}`;

const ADDRESSES = [
  ...['127.0.0.1:0', '127.0.0.1:65535', '127.0.0.1:65536', '127.0.0.1:99999', '127.0.0.1:100000', '127.0.0.1:', '127.0.0.1', ':0'],
  ...[
    'localhost:7',
    'other:7',
    '127.0.0.256:7',
    '127.0.0:7',
    '1:2:3',
    '',
    '/run/ikc',
    'unix:/run/ikc',
    'unix:ikc',
    'unix:',
    path(107),
    path(108),
  ],
];
const NAMES = [
  ...[
    'Inet',
    'a.b-c_1',
    'Kernel:603',
    '10.0.0.1:603',
    'unix:_run_ikc',
    'unix:_run_ikc:100-1',
    'a:b',
    'a:1:2',
    'unix:a:1',
    'bad name',
    'bad/name',
    '',
  ],
  ...['n'.repeat(255), 'n'.repeat(256), 'é', '0'],
];
const NUMBERS = (most: number): readonly string[] => ['0', '1', String(most), String(most + 1), '-1', '1.5', 'x', '', '99999999999'];
const KERNEL: readonly string[] = [
  ...['--name', '--alias', '--nothing', '--nothing=1', '--', '--Name=x', '--listen', '--connect', '--serializer'],
  ...given('name', ...NAMES),
  ...given('alias', ...NAMES),
  ...given('serializer', 'Storable', 'JSON', 'Data::Dumper', ''),
  ...given('negotiation-timeout', ...NUMBERS(86_400)),
  ...given('profile', 'corrected', 'other'),
];
const OF_SERVER: readonly string[] = [
  ...KERNEL,
  ...given('listen', ...ADDRESSES),
  ...given('concurrency', ...NUMBERS(8_192)),
  ...given('processes', '0', '1', '65', 'x', '2'),
  ...given('connections', ...NUMBERS(1_000_000_000)),
  ...given('lifeline', '1048575', '1048576', 'x', ''),
  ...given('run', '', '/run', path(92), path(93)),
  ...['--reconnect', '--stay', '--publish', '--call=poe:/demo/echo'],
];
const OF_CLIENT: readonly string[] = [
  ...KERNEL,
  ...given('connect', ...ADDRESSES),
  ...['call', 'list', 'post', 'subscribe'].flatMap(verb => given(verb, ...Object.keys(STEPS))),
  ...given('call', 'a'.repeat(1_024), 'a'.repeat(1_025)),
  ...given('repeat', '0', '1', '1000000001', 'x'),
  ...given('pause', ...NUMBERS(86_400_000)),
  ...given('timeout', ...NUMBERS(86_400_000)),
  ...[
    '--reconnect',
    '--stay',
    '--publish',
    '--reconnect=1',
    '--stay=',
    '--publish=yes',
    '--processes=2',
    '--call',
    '--list',
    '--post',
    '--subscribe',
  ],
];
/** As many as may be given, and one more: options of their own. */
const MANY = [64, 65] as const;

interface Line {
  readonly program: string;
  /** Where it listens or connects: 0: it is not told. */
  readonly at: number;
  readonly options: readonly number[];
}
interface Lines {
  readonly lines: readonly Line[];
}
const MOST = 1_000;
const LINE = workloads<Line>({
  program: choice(SERVER, CLIENT, LITE),
  at: choice(1, 2, 1, 2, 1, 2, 0),
  options: list(evenly(0, MOST), 3),
});
const LINES = workloads<Lines>({ lines: list({ arbitrary: fc.record(LINE.arbitraries, PLAIN), shape: object(LINE.shapes) }, 10, 5) });

function wordsOf({ program, at, options }: Line, index: number): readonly string[] {
  const all = program === SERVER ? OF_SERVER : OF_CLIENT;
  const where = [[], [`127.0.0.1:${700 + index}`], [`/run/ikc-${index}`]][at] ?? [];
  const words = options.flatMap(each => {
    const option = each % (all.length + MANY.length);
    const many = MANY[option - all.length];
    return many === undefined ? [all[option] ?? ''] : Array.from({ length: many }, (_, number) => `--alias=a${number}`);
  });
  return [...where.map(each => `--${program === SERVER ? 'listen' : 'connect'}=${each}`), ...words];
}

export const commandLines: Scenario<CommonPlan & Lines> = defineScenario<CommonPlan & Lines>({
  name: 'ikc/command-lines',
  protocol: 'ikc',
  title: 'Whatever a server or a client is started with, it says what is wrong, or takes it.',
  housekeeping: { programs: { [SERVER]: {}, [CLIENT]: {}, [LITE]: {} } },
  exempt: { 'no-leak': 'Nobody stops those that run.' },
  programs: () => CASTING,
  plans: profile => plans<Lines>(profile, {}, LINES.arbitraries),
  workload: LINES.shapes,
  build: (world, { lines }) => {
    const machine = world.machine('m0', { directories: DIRECTORIES });
    for (const [index, line] of lines.entries()) machine.start(line.program, wordsOf(line, index));
  },
  properties: [refusesUsage, usageMet],
  chaos: seconds(1),
  liveness: seconds(1),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
