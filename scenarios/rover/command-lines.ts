/**
 * Programs that are started with any options: each value that may be given and its neighbours that may not, and words that are no options. Who
 * cannot take its options says which, and ends; who can goes on.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, evenly, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { parentFailed } from '../../src/impl/rover/parent.ts';
import { refusesUsage, usageMet } from '../usage-property.ts';
import { isNamed, wrongFor } from './model/usage.ts';
import { addMachine, CASTING, CLIENT, DAEMON, PARENT, WORKER } from './parts/network.ts';

const CGI = 'rover-cgi';
const given = (name: string, ...values: readonly string[]): readonly string[] => values.map(value => `--${name}=${value}`);
const limits = (least: number, most: number): readonly string[] =>
  [least - 1, least, most, most + 1].map(String).concat('-1', '1.5', 'x', '', '99999999999');

const ADDRESSES = [
  ...['127.0.0.1:0', '127.0.0.1:1', '127.0.0.1:65535', '127.0.0.1:65536', '127.0.0.1:100000', '127.0.0.1:', '127.0.0.1', ':7', ''],
  ...['localhost:7', 'other:7', '127.0.0.256:7', '127.0.0:7', '1:2:3', '127.0.0.1.1:7'],
];
const NAMES = ['ann', 'A.b_c-1', '..', '', 'a b', 'a/b', 'é', 'n'.repeat(64), 'n'.repeat(65)];
const STRANGE = ['--nothing', '--nothing=1', '--', '--Tests', '--tests=1', '--state', '--state=', '--state=/var/other/'];
const RUNS: readonly string[] = [...STRANGE, '--tests', ...given('profile', 'corrected', 'other'), '--quirk=none'];
const OF: Readonly<Record<string, readonly string[]>> = {
  [PARENT]: [
    ...RUNS,
    ...given('listen', ...ADDRESSES),
    ...given('timeout', ...limits(1, 3_600_000)),
    ...given('request-timeout', ...limits(1, 3_600)),
    ...given('segment', ...limits(4_096, 67_108_864)),
    ...given('identity', 'abstract', 'other', ''),
    ...given('lifeline', '1048575', '1048576', 'x'),
    ...['--become=ann', '--daemon=127.0.0.1:7', '--users'],
  ],
  [WORKER]: [...RUNS, '--probe', '--probe=1', '--become', '--users=/etc/users', '--listen=127.0.0.1:7'],
  [CGI]: [...RUNS, ...given('daemon', ...ADDRESSES), '--users=/etc/users', '--users', '--listen=127.0.0.1:7', '--timeout=5'],
  [CLIENT]: [
    ...STRANGE,
    ...given('server', ...ADDRESSES),
    ...given('user', ...NAMES),
    ...given('host', ...NAMES),
    ...given('auth', '', 'é', 'a'.repeat(1_024), 'a'.repeat(1_025)),
    ...given('window', ...limits(1, 64)),
    ...given('send', '', 'TESTNULL', 'A  b', 'c'.repeat(1_024), 'c'.repeat(1_025), `A ${'o'.repeat(255)}`, `A ${'o'.repeat(256)}`),
    ...['--tests', '--users=/etc/users', '--send', '--auth'],
  ],
};

interface Line {
  readonly program: string;
  /** What is always needed is there. */
  readonly whole: number;
  readonly options: readonly number[];
}
interface Lines {
  readonly lines: readonly Line[];
}
const LINE = workloads<Line>({
  program: choice(PARENT, DAEMON, CLIENT, CGI, WORKER),
  whole: choice(1, 1, 1, 0),
  options: list(evenly(0, 1_000), 3),
});
const LINES = workloads<Lines>({ lines: list({ arbitrary: fc.record(LINE.arbitraries, PLAIN), shape: object(LINE.shapes) }, 12, 6) });

function wordsOf({ program, whole, options }: Line, index: number): readonly string[] {
  const all = OF[program === DAEMON ? PARENT : program] ?? [];
  const state = `--state=/var/s${index}`;
  const needed = program === CLIENT ? ['--server=127.0.0.1:7', '--user=ann', '--host=desk', state] : [state];
  const own = program === PARENT || program === DAEMON ? [`--listen=127.0.0.1:${700 + index}`] : [];
  return [...own, ...(whole === 1 ? needed : []), ...options.map(each => all[each % all.length] ?? '')];
}

const refusedMet: SometimesProperty = sometimes(
  'already-running',
  'A parent does not begin, because there is one.',
  () => ({ see: event => parentFailed['not-started'].of(event) !== undefined }),
  ['log'],
);

export const commandLines: Scenario<CommonPlan & Lines> = defineScenario<CommonPlan & Lines>({
  name: 'rover/command-lines',
  protocol: 'rover',
  title: 'Whatever a program is started with, it says what is wrong, or takes it.',
  housekeeping: { programs: { [PARENT]: {}, [DAEMON]: {}, [CLIENT]: {}, [WORKER]: {}, [CGI]: {} } },
  exempt: { 'no-leak': 'Nobody stops those that run.', 'durable-before-told': 'Nobody asks them for anything that would have to last.' },
  programs: () => CASTING,
  plans: profile => plans<Lines>(profile, {}, LINES.arbitraries),
  workload: LINES.shapes,
  build: (world, { lines }) => {
    const machine = addMachine(world, 'm0');
    for (const [index, line] of lines.entries()) machine.start(line.program, wordsOf(line, index));
    // Who is second finds the folder taken.
    for (const port of [690, 691]) machine.start(PARENT, [`--listen=127.0.0.1:${port}`, '--state=/var/taken']);
  },
  properties: [refusesUsage({ wrongFor, isNamed }), usageMet, refusedMet],
  chaos: seconds(1),
  liveness: seconds(1),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
