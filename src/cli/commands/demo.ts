/**
 * `slipway demo` (`npm start`): the main job, once, for somebody who has just cloned this: every scenario in the simulator,
 * our own daemons as real processes against the conformance suites, and every recorded trace run again.
 * May import: everything below.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENOUGH_RUNS } from '../../check/sweep.ts';
import { conformOwn, type OwnResult } from '../conforming.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { SUITES, scenarios } from '../registry.ts';
import { count, plural, type Screen } from '../screen.ts';
import { parseSeeds } from '../seeds.ts';
import { jobsOf, type SweepResult, showSweep, sweepJobs } from '../sweeping.ts';
import { PACKAGE_ROOT } from '../../node/version.ts';
import { type Replayed, replayFile, showBriefly } from './replay.ts';

/** Nobody should have to wait for minutes: a slow scenario gets fewer seeds, but no fewer than a sweep needs to prove something. */
const ENOUGH = { runs: ENOUGH_RUNS, milliseconds: 1_000 };

export interface DemoFlags {
  readonly seeds: string;
}

export async function demo(flags: DemoFlags, screen: Screen): Promise<ExitCode> {
  const seeds = parseSeeds(flags.seeds);
  const interrupt = new Interrupt();
  const started = performance.now();
  try {
    screen.line(screen.style('bold', 'Slipway tries protocol implementations before they meet the sea.'));
    screen.line();
    heading(
      screen,
      '1',
      `every scenario in the simulator, up to ${plural(seeds.to - seeds.from + 1, 'seed')} each: virtual time, random segmentation, faults`,
    );
    const sweeps = await sweepJobs(
      jobsOf(scenarios, 'both'),
      { seeds, milliseconds: undefined, enough: ENOUGH, finished: result => showSweep(result, screen) },
      screen,
      interrupt,
    );
    if (interrupt.asked) return EXIT.interrupted;
    heading(screen, '2', 'our own against the conformance suites: real processes, or simulated where a protocol waits');
    const conformed: OwnResult[] = [];
    for (const suite of SUITES)
      for (const role of Object.keys(suite.roles)) conformed.push(await conformOwn(suite, role, screen, interrupt));
    if (interrupt.asked) return EXIT.interrupted;
    heading(screen, '3', 'recorded runs, failures among them, run again byte for byte');
    const replays: Replayed[] = [];
    for (const file of recordedTraces()) {
      const replayed = await replayFile(file);
      replays.push(replayed);
      showBriefly(replayed, screen);
    }
    return conclude({ sweeps, conformed, replays, seconds: (performance.now() - started) / 1_000 }, screen);
  } finally {
    interrupt.release();
  }
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

function conclude({ sweeps, conformed, replays, seconds }: Results, screen: Screen): ExitCode {
  const runs = sweeps.reduce((sum, each) => sum + each.report.counts.runs, 0);
  const simulated = sweeps.reduce((sum, each) => sum + each.report.counts.simulated, 0) / 1e6;
  const quirks = sweeps.filter(each => Object.keys(each.report.expected).length > 0).length;
  const cases = conformed.reduce((sum, each) => sum + each.cases, 0);
  const good =
    sweeps.every(each => each.report.verdict === 'holds') &&
    conformed.every(each => each.conforms) &&
    replays.every(each => each.verdict === 'reproduced');
  const failed = replays.find(each => each.property !== '');
  screen.line();
  screen.line(screen.style(good ? 'green' : 'red', good ? 'What just happened' : 'Something was found; the lines marked ✗ say what'));
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
