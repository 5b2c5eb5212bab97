/**
 * `slipway demo` (`npm start`): the main job, once, for somebody who has just cloned this: every scenario in the simulator,
 * our own daemons as real processes against the conformance suites, and every recorded trace run again.
 * May import: everything below.
 */

import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Catalogue } from '../../protocols/catalogue.ts';
import { ENOUGH_RUNS } from '../../src/check/sweep.ts';
import { PACKAGE_ROOT } from '../../src/node/version.ts';
import { conformOwn, type OwnResult } from '../conforming.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { count, plural, type Screen } from '../screen.ts';
import { parseSeeds, type Seeds } from '../seeds.ts';
import { jobsOf, type SweepResult, showEnd, showSweep, summary, sweepJobs } from '../sweeping.ts';
import { type Replayed, replayFile, showBriefly } from './replay.ts';

/** Nobody should have to wait for minutes: where much happens in a run there are fewer seeds, but no fewer than a sweep needs to prove something. */
const ENOUGH = { runs: ENOUGH_RUNS, events: 30_000 };

export interface DemoFlags {
  readonly seeds: string;
}

export async function demo(flags: DemoFlags, context: Context): Promise<ExitCode> {
  const { screen, catalogue } = context;
  const seeds = parseSeeds(flags.seeds);
  const interrupt = new Interrupt();
  const started = performance.now();
  try {
    screen.line(screen.style('bold', 'Slipway tries protocol implementations before they meet the sea.'));
    screen.line();
    const sweeps = await sweepAll(seeds, context, interrupt);
    const conformed = await conformAll(context, interrupt);
    const replays = await replayAll(context, interrupt);
    const results = { sweeps, conformed, replays, seconds: (performance.now() - started) / 1_000 };
    return interrupt.asked ? concludeEarly(results, ownOf(catalogue).length, screen) : conclude(results, screen);
  } finally {
    interrupt.release();
  }
}

function sweepAll(seeds: Seeds, context: Context, interrupt: Interrupt): Promise<readonly SweepResult[]> {
  const { screen, catalogue } = context;
  const asked = plural(seeds.to - seeds.from + 1, 'seed');
  heading(screen, '1', `every scenario in the simulator, up to ${asked} each: virtual time, random segmentation, faults`);
  const options = { seeds, milliseconds: undefined, enough: ENOUGH, finished: (result: SweepResult) => showSweep(result, screen) };
  return sweepJobs(jobsOf(catalogue.scenarios, 'both'), options, context, interrupt);
}

const ownOf = ({ protocols }: Catalogue) =>
  protocols.flatMap(protocol => {
    const { suite } = protocol;
    return suite === undefined ? [] : Object.keys(suite.own).map(role => ({ protocol, suite, role }));
  });

async function conformAll({ screen, catalogue }: Context, interrupt: Interrupt): Promise<readonly OwnResult[]> {
  const conformed: OwnResult[] = [];
  if (!interrupt.asked) heading(screen, '2', 'our own against the conformance suites: real processes, or simulated where a protocol waits');
  for (const { protocol, suite, role } of ownOf(catalogue))
    if (!(await interrupt.stops())) conformed.push(await conformOwn(protocol, suite, role, screen, interrupt));
  return conformed;
}

async function replayAll({ screen, catalogue }: Context, interrupt: Interrupt): Promise<readonly Replayed[]> {
  const replays: Replayed[] = [];
  if (!interrupt.asked) heading(screen, '3', 'recorded runs, failures among them, run again byte for byte');
  for (const file of recordedTraces()) {
    if (await interrupt.stops()) break;
    const replayed = await replayFile(file, catalogue);
    replays.push(replayed);
    showBriefly(replayed, screen);
  }
  return replays;
}

function heading(screen: Screen, number: string, text: string): void {
  screen.line(`${screen.style('cyan', number)}  ${screen.style('bold', text)}`);
}

/** Every trace in traces/, in the order of their names, as paths from here. */
export function recordedTraces(): readonly string[] {
  const root = fileURLToPath(new URL('traces', PACKAGE_ROOT));
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.jsonl(\.gz)?$/.test(name))
    .sort((left, right) => (left < right ? -1 : 1))
    .map(name => relative(process.cwd(), join(root, name)));
}

interface Results {
  readonly sweeps: readonly SweepResult[];
  readonly conformed: readonly OwnResult[];
  readonly replays: readonly Replayed[];
  readonly seconds: number;
}

/** What was done before Ctrl-C, and what was not. */
function concludeEarly({ sweeps, conformed, replays }: Results, roles: number, screen: Screen): ExitCode {
  screen.line();
  screen.line(screen.style('yellow', `stopped; ${summary(sweeps)}`));
  showEnd(sweeps, screen);
  screen.line(`  ${conformed.filter(each => each.complete).length} of ${plural(roles, 'role')} met their suite to its end`);
  showOtherFindings({ conformed, replays }, screen);
  screen.line(`  ${replays.length} of ${plural(recordedTraces().length, 'recorded trace')} replayed`);
  return EXIT.interrupted;
}

/** What did not conform, and what was not reproduced, once more. */
function showOtherFindings({ conformed, replays }: Pick<Results, 'conformed' | 'replays'>, screen: Screen): void {
  for (const { suite, role, conforms, complete } of conformed)
    if (!conforms && complete)
      screen.line(`  ${screen.style('red', `${suite}, role ${role}, does not conform`)}: ${COMMAND} conform ${suite} --role ${role}`);
  for (const { file, verdict } of replays)
    if (verdict !== 'reproduced') screen.line(`  ${screen.style('red', `${file} is ${verdict}`)}: ${COMMAND} replay ${file}`);
}

function conclude({ sweeps, conformed, replays, seconds }: Results, screen: Screen): ExitCode {
  const runs = sweeps.reduce((sum, each) => sum + each.report.counts.runs, 0);
  const simulated = sweeps.reduce((sum, each) => sum + each.report.counts.simulated, 0) / 1e6;
  const quirks = sweeps.filter(each => Object.keys(each.report.expected).length > 0).length;
  const cases = conformed.reduce((sum, each) => sum + each.cases, 0);
  const good =
    sweeps.every(each => each.state === 'done' && each.report.verdict === 'holds') &&
    conformed.every(each => each.conforms) &&
    replays.every(each => each.verdict === 'reproduced');
  const failed = replays.find(each => each.property !== '');
  screen.line();
  screen.line(screen.style(good ? 'green' : 'red', good ? 'What just happened' : 'Something was found'));
  showEnd(sweeps, screen);
  showOtherFindings({ conformed, replays }, screen);
  screen.line(
    `  ${count(runs)} simulated runs, ${count(simulated)} s of simulated time; all of it in ${seconds.toFixed(1)} s on this machine.`,
  );
  screen.line(
    `  ${plural(quirks, 'scenario')} showed a bug of the published sources: the as-written side failed, the corrected side held.`,
  );
  screen.line(`  ${plural(cases, 'conformance case')}, those of lifetime with real child processes over real pipes.`);
  screen.line(`  ${plural(replays.length, 'recorded trace')} replayed; a trace is a text file you can read, commit and mail.`);
  screen.line();
  screen.line(screen.style('bold', 'What to type next'));
  const hints: readonly (readonly [string, string])[] = [
    [`${COMMAND} conform lifetime --exec 'python3 examples/lifetime-child.py'`, "test somebody else's implementation"],
    [`${COMMAND} run lifetime/lost-shutdown --profile as-written --seeds 0..99`, 'see a published bug happen'],
    ...(failed === undefined ? [] : [[`${COMMAND} replay ${failed.file}`, 'replay a recorded failure'] as const]),
    [`${COMMAND} explain DC-04`, 'what that bug is'],
    [`${COMMAND} list scenarios`, 'everything there is'],
  ];
  const width = Math.max(...hints.map(([command]) => command.length));
  for (const [command, why] of hints) screen.line(`  ${command.padEnd(width)}   ${screen.style('dim', why)}`);
  return good ? EXIT.ok : EXIT.findings;
}
