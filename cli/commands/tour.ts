/**
 * `slipway tour` (`npm start`): half a minute for somebody who has just cloned this: a healthy run as a sequence, a published bug
 * found, shrunk, told and replayed, and a foreign program in which a fault was planted. What it shows is a protocol's (Tour).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typed } from '../../conformance/report/commands.ts';
import type { Report } from '../../conformance/report/report.ts';
import type { Suite } from '../../conformance/suite.ts';
import type { Protocol, Tour } from '../../protocols/protocol.ts';
import { traceOf } from '../../src/check/record.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { signatureOf } from '../../src/check/signature.ts';
import { neededOf } from '../../src/check/story/needed.ts';
import { storyOf } from '../../src/check/story/story.ts';
import { packaged } from '../../src/node/package.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { labelsOf } from '../../src/trace/labels.ts';
import { drawSequence } from '../../src/trace/sequence.ts';
import { conformTo, NOBODY, programsOf, type Subject } from '../conforming.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { plural, type Screen } from '../screen.ts';
import { showStory } from '../story.ts';
import { sweepJobs } from '../sweep/sweeping.ts';
import { saveTrace } from '../trace-files.ts';
import { replayFile, showReplay } from './replay.ts';

const SEEDS = { from: 0, to: 199 };
/** A smaller failure than so many runs find is for `slipway shrink`. */
const SHRINK_RUNS = 300;

interface Guest {
  readonly protocol: Protocol;
  readonly suite: Suite;
  readonly tour: Tour;
}

export async function tour(context: Context): Promise<ExitCode> {
  const { screen, catalogue } = context;
  const started = performance.now();
  const guest = guestOf(catalogue.protocols);
  screen.line(screen.style('bold', 'Slipway tries protocol implementations before they meet the sea.'));
  healthy(guest, context);
  const found = await bug(guest, context);
  const named = found === STOPPED ? STOPPED : await heeding(interrupt => foreign(guest, screen, interrupt));
  if (named === STOPPED) {
    screen.line(screen.style('yellow', '\nstopped before its end'));
    return EXIT.interrupted;
  }
  next(guest, (performance.now() - started) / 1_000, screen);
  return found && named ? EXIT.ok : EXIT.findings;
}

const STOPPED = Symbol('stopped');

/** What has workers or children heeds Ctrl-C while it lasts; between that, runs in this process end with it as any program does. */
async function heeding<T>(work: (interrupt: Interrupt) => Promise<T>): Promise<T | typeof STOPPED> {
  const interrupt = new Interrupt();
  try {
    const done = await work(interrupt);
    return interrupt.asked ? STOPPED : done;
  } finally {
    interrupt.release();
  }
}

function guestOf(protocols: readonly Protocol[]): Guest {
  const [first] = protocols.flatMap(protocol => {
    const { suite, tour } = protocol;
    return suite === undefined || tour === undefined ? [] : [{ protocol, suite, tour }];
  });
  if (first === undefined) throw new Error('no protocol has a tour');
  return first;
}

function heading(screen: Screen, number: number, text: string): void {
  screen.line(`\n${screen.style('cyan', String(number))}  ${screen.style('bold', text)}`);
}

function scenarioOf(name: string, { catalogue }: Context): Scenario {
  const scenario = catalogue.scenarioNamed(name);
  if (scenario === undefined) throw new Error(`the tour shows a scenario ${name}, which there is not`);
  return scenario;
}

function healthy({ protocol, tour: { healthy } }: Guest, context: Context): void {
  const { screen } = context;
  const scenario = scenarioOf(healthy.scenario, context);
  heading(screen, 1, `a healthy run, in virtual time: ${scenario.title}`);
  const { events = [] } = runPlan(scenario, planOf(scenario, healthy.seed, 'corrected'), healthy.seed, { keep: true });
  healthySequence(events, protocol, screen);
}

const MARGIN = '   ';

function healthySequence(events: readonly TraceEvent[], protocol: Protocol, screen: Screen): void {
  const columns = screen.columns - MARGIN.length;
  for (const line of drawSequence(events, { labels: labelsOf(events, protocol.decoders), columns })) screen.line(`${MARGIN}${line}`);
}

/** Whether a bug was found, made smaller, and found again from its trace. */
async function bug({ protocol, tour }: Guest, context: Context): Promise<boolean | typeof STOPPED> {
  const { screen } = context;
  const scenario = scenarioOf(tour.bug.scenario, context);
  const job = { scenario, profile: 'as-written' } as const;
  const sweep = await heeding(interrupt => {
    heading(screen, 2, `a bug of the published source, looked for in ${plural(SEEDS.to + 1, 'run')}: ${tour.bug.text}`);
    return sweepJobs([job], { seeds: SEEDS, finished: () => {} }, context, interrupt);
  });
  if (sweep === STOPPED) return STOPPED;
  const [swept] = sweep;
  const { expected = {} } = swept?.report ?? {};
  const known = scenario.expected[job.profile];
  // What the scenario is about, before what may fail beside it.
  const property = typeof known === 'object' ? known.fails.find(each => expected[each] !== undefined) : undefined;
  const { runs = 0, seeds = [] } = property === undefined ? {} : (expected[property] ?? {});
  const [seed] = seeds;
  if (property === undefined || seed === undefined) return false;
  screen.line(`   found in ${runs} of ${plural(swept?.report.counts.runs ?? 0, 'run')}; the first is that of seed ${seed}`);
  const shrunk = shrinkPlan(scenario, planOf(scenario, seed, job.profile), seed, property, {
    maxRuns: SHRINK_RUNS,
    onProgress: ({ runs, accepted }) => screen.progress(() => `shrinking: ${plural(runs, 'run')}, ${accepted} smaller`),
  });
  if (shrunk === undefined) return false;
  screen.line(`   made smaller ${plural(shrunk.accepted, 'time')} in ${plural(shrunk.runs, 'run')}; what is left:\n`);
  const { violation } = shrunk;
  const { plan, events = [], bugs } = shrunk.result;
  const needed = neededOf(scenario, plan, seed, signatureOf(scenario, plan.profile, violation, events));
  const columns = screen.columns - MARGIN.length;
  const story = storyOf(scenario, { plan, events, violation, bugs, needed }, { decoders: protocol.decoders, columns });
  showStory(story, screen, MARGIN);
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-tour-')), 'smallest.jsonl');
  saveTrace(file, traceOf(scenario, shrunk.result, { kind: 'shrunk', property }));
  screen.line('   and once more, from its trace:');
  const replayed = await replayFile(file, async () => context.catalogue);
  showReplay(replayed, screen);
  return replayed.verdict === 'reproduced';
}

/** Whether the fault was found, and nothing else. */
async function foreign({ protocol, suite, tour: { foreign } }: Guest, screen: Screen, interrupt: Interrupt): Promise<boolean> {
  const { role, interpreter, file, fault, cases } = foreign;
  const script = packaged(file);
  heading(screen, 3, `a program in ${interpreter.name} that shares no code with ours, over real pipes; ${fault.text} was planted in it`);
  if (spawnSync(interpreter.program, ['--version']).status !== 0) {
    screen.line(`   ${interpreter.program} is not here, so this was left out`);
    return true;
  }
  const [args, claims] = [[script, ...fault.args], suite.own[role]?.claims ?? []];
  const program = interpreter.program;
  const tested = { role, implementation: { program, args }, adapter: { kind: 'program' }, command: [program, ...args], claims } as const;
  const subject: Subject = {
    suite,
    programs: programsOf(protocol),
    modules: [],
    roles: [tested],
    arm: 'node',
    identity: NOBODY,
    cases,
    patience: 1_000,
    slow: false,
    repeat: 1,
    options: '',
    folder: undefined,
  };
  const report = await conformTo(subject, screen, interrupt);
  if (interrupt.asked) return false;
  for (const row of report.rows) showRow(row, report, screen);
  screen.line(`   again: ${COMMAND} conform ${suite.name} --role ${role} --exec ${typed([program, file, ...fault.args].join(' '))}`);
  return report.rows.every(row => (row.verdict === 'fail') === (row.case === fault.found));
}

function showRow({ case: id, verdict, refuted }: Report['rows'][number], { requirements }: Report, screen: Screen): void {
  screen.line(`   ${verdict === 'pass' ? screen.style('green', '✓') : screen.style('red', '✗')} ${id}`);
  if (refuted === undefined) return;
  const broken = requirements.find(each => each.id === refuted.requirement);
  screen.line(`     breaks    ${refuted.requirement} (${refuted.clause}): ${broken?.text ?? ''}`);
  screen.line(`     expected  ${refuted.expected}`);
  screen.line(`     received  ${refuted.received}`);
}

function next({ tour: { bug } }: Guest, seconds: number, screen: Screen): void {
  screen.line(`\n${seconds.toFixed(1)} s. ${screen.style('bold', 'What to type next')}`);
  const hints: readonly (readonly [string, string])[] = [
    [`${COMMAND} run`, 'every scenario, 200 seeds each: every bug found, every correction holds'],
    [`${COMMAND} explain ${bug.trap}`, 'what the bug above is'],
    [`${COMMAND} list suites`, 'what can be tested'],
    [`${COMMAND} --help`, 'everything there is'],
  ];
  const width = Math.max(...hints.map(([command]) => command.length));
  for (const [command, why] of hints) screen.line(`  ${command.padEnd(width)}   ${screen.style('dim', why)}`);
}
