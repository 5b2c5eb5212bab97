/**
 * `slipway sweep`: scenarios over many seeds, on every processor. What fails is kept, made smaller, and tried first the next time; what
 * was done is written down, when it is asked for, so that a sweep can be ended, gone on with, and divided among machines.
 */

import { EVERY_PROFILE, PROFILES, type Profile, profilesOf, type Scenario } from '../../src/check/scenario.ts';
import type { Context } from '../context.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode, Stop, usage } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { selectScenarios } from '../names.ts';
import type { Screen } from '../screen.ts';
import { formatSeeds, parseSeeds, type Seeds, seedsFrom } from '../seeds.ts';
import { Guide } from '../sweep/corpus.ts';
import { Failures } from '../sweep/failures.ts';
import { isBad, type Job, JobState, nameOf, type SweepResult } from '../sweep/job.ts';
import { type Header, Journal, readJournal, requireOnce } from '../sweep/journal.ts';
import { parseShard } from '../sweep/ranges.ts';
import { type Showing, showEnd, showSweep, summary } from '../sweep/screen.ts';
import { ALL, jobsOf, sweepJobs } from '../sweep/sweeping.ts';

/** What is left out is not done; `slipway run` has only some. */
export interface SweepFlags {
  readonly seeds?: string;
  readonly seedsFrom?: string;
  readonly shard?: string;
  readonly minutes?: string;
  readonly jobs?: string;
  readonly profile: string;
  readonly patience?: string;
  readonly failFast?: boolean;
  readonly distinct?: string;
  readonly failures?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly merge?: readonly string[];
  readonly guided?: boolean;
  readonly corpus?: string;
}

/** Three weeks: no clock of Node counts much further. */
const MINUTES_LIMIT = 30_000;
/** More workers than any machine has use for. */
const JOBS_LIMIT = 64;
/** An hour. */
const PATIENCE_LIMIT = 3_600;
/** Nobody looks at so many failures. */
const DISTINCT_LIMIT = 10_000;

export const DEFAULT_SEEDS: Seeds = { from: 0, to: 199 };

export async function sweep(names: readonly string[], flags: SweepFlags, context: Context): Promise<ExitCode> {
  if (flags.merge !== undefined) return merge([...names, ...flags.merge], context);
  const { screen } = context;
  const milliseconds = parseMinutes(flags.minutes);
  const workers = flags.jobs === undefined ? undefined : parseCount('--jobs', flags.jobs, 1, JOBS_LIMIT);
  const patience = flags.patience === undefined ? undefined : parseCount('--patience', flags.patience, 1, PATIENCE_LIMIT);
  const distinct = parseDistinct(flags);
  const { journal, jobs, seeds, shard } = taskOf(names, flags, context);
  const failures = flags.failures === undefined ? undefined : failuresIn(flags.failures, journal, context);
  const guide = flags.guided === true ? guidesIn(flags.corpus ?? CORPUS, screen) : undefined;
  const showing = { failures, guided: guide !== undefined };
  const interrupt = new Interrupt();
  try {
    const finished = (result: SweepResult): void => showSweep(result, screen, showing);
    const options = { seeds, shard, milliseconds, workers, patience, distinct, journal, failures, guide, finished };
    const results = await sweepJobs(jobs, options, context, interrupt);
    return conclude(results, interrupt.asked, showing, screen);
  } finally {
    interrupt.release();
  }
}

/** Where a guided sweep keeps what it goes on from, when nobody names another place. */
const CORPUS = 'slipway-corpus';

interface SweepTask extends Pick<Header, 'shard'> {
  readonly jobs: readonly Job[];
  readonly seeds: Seeds;
  readonly journal: Journal | undefined;
}

/** What is to be done: as the options say, or as it was begun. */
function taskOf(names: readonly string[], flags: SweepFlags, context: Context): SweepTask {
  const { resume, out, guided } = flags;
  if (guided === true && (out ?? resume) !== undefined)
    throw usage('--guided goes on from its corpus, which says nothing of seeds; it excludes --out and --resume');
  if (resume !== undefined) {
    if (names.length > 0 || [flags.seeds, flags.seedsFrom, flags.shard, out].some(each => each !== undefined))
      throw usage('--resume goes on with what was begun: it takes no scenarios, no --seeds, --seeds-from, --shard or --out');
    const journal = Journal.resume(resume, text => context.screen.note(text));
    const { from, to, shard } = journal.written.header;
    return { journal, jobs: jobsIn(journal.written.header, resume, context), seeds: { from, to }, shard };
  }
  const scenarios = scenariosOf(names, context);
  const jobs = jobsOf(scenarios, parseProfile(flags.profile, scenarios));
  const seeds = seedsOf(flags, context.screen);
  const shard = flags.shard === undefined ? ALL : parseShard(flags.shard);
  const header = { jobs: jobs.map(({ scenario, profile }) => ({ scenario: scenario.name, profile })), ...seeds, shard };
  return { jobs, seeds, shard, journal: out === undefined ? undefined : Journal.create(out, header) };
}

function jobsIn({ jobs }: Header, folder: string, { catalogue }: Context): readonly Job[] {
  return jobs.map(({ scenario: name, profile }) => {
    const scenario = catalogue.scenarioNamed(name);
    if (scenario === undefined || !profilesOf(scenario).includes(profile))
      throw usage(`${folder}: there is no ${name} ${profile} any more`);
    return { scenario, profile };
  });
}

/** Shards of one sweep, added up. */
function merge(folders: readonly string[], context: Context): ExitCode {
  const { screen } = context;
  const all = folders.map(folder => ({ folder, ...readJournal('--merge', folder, text => screen.note(text)) }));
  const [first, ...others] = all;
  if (first === undefined) throw usage('--merge needs the folders of a sweep');
  const partsOf = ({ jobs, from, to, shard }: Header): string => JSON.stringify([jobs, from, to, shard.of]);
  for (const { folder, header } of others)
    if (partsOf(header) !== partsOf(first.header)) throw usage(`--merge ${folder}: another sweep than ${first.folder}`);
  const blocks = all.flatMap(each => each.blocks);
  try {
    requireOnce(blocks);
  } catch (thrown) {
    throw usage(`--merge: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
  const { from, to } = first.header;
  const states = jobsIn(first.header, first.folder, context).map(job => new JobState(job, [{ from, to }]));
  const byName = new Map(states.map(state => [nameOf(state.job), state]));
  for (const block of blocks) byName.get(`${block.scenario} ${block.profile}`)?.add(block);
  const results = states.map(state => state.result());
  for (const result of results) if (result.state !== 'not-begun') showSweep(result, screen);
  return conclude(results, false, {}, screen);
}

/** A story is told below its failure. */
const STORY_MARGIN = 4;

function failuresIn(folder: string, journal: Journal | undefined, { modules, screen }: Context): Failures {
  const { findings = [] } = journal?.written ?? {};
  return new Failures({
    folder,
    modules,
    columns: screen.columns - STORY_MARGIN,
    before: findings,
    keep: kept => journal?.finding(kept),
    note: text => screen.note(text),
  });
}

/** Each job has one, which stays the same. */
function guidesIn(folder: string, screen: Screen): (job: Job) => Guide {
  const guides = new Map<string, Guide>();
  return job => {
    const guide = guides.get(nameOf(job)) ?? new Guide(folder, job, text => screen.note(text));
    guides.set(nameOf(job), guide);
    return guide;
  };
}

/** Who brings protocols means those when none is named; nobody's names are all. */
export function scenariosOf(names: readonly string[], { catalogue, modules }: Context): readonly Scenario[] {
  const brought = catalogue.protocols.filter(each => modules.includes(each.module) && each.scenarios.length > 0).map(each => each.name);
  const scenarios = selectScenarios(catalogue, names.length > 0 ? names : brought);
  if (scenarios.length === 0)
    throw new Stop(EXIT.nothingRan, `what ${modules.join(', ')} brings has no scenarios; '${COMMAND} list scenarios' shows what there is`);
  return scenarios;
}

export function parseProfile(text: string, scenarios: readonly Scenario[]): Profile {
  const variants = scenarios.flatMap(profilesOf).filter(each => !PROFILES.includes(each));
  const known = [...new Set([...PROFILES, ...variants])];
  if (text !== EVERY_PROFILE && !known.includes(text))
    throw usage(`--profile must be ${known.join(', ')} or ${EVERY_PROFILE}, not '${text}'`);
  return text;
}

function seedsOf({ seeds: range, seedsFrom: text }: SweepFlags, screen: Screen): Seeds {
  const seeds = range === undefined ? DEFAULT_SEEDS : parseSeeds(range);
  if (text === undefined) return seeds;
  const drawn = seedsFrom(text, seeds);
  screen.line(`${formatSeeds(drawn)}, from ${text}`);
  return drawn;
}

function parseDistinct({ distinct, failFast }: SweepFlags): number | undefined {
  if (failFast === true && distinct !== undefined) throw usage('--fail-fast is --distinct 1; they exclude each other');
  if (failFast === true) return 1;
  return distinct === undefined ? undefined : parseCount('--distinct', distinct, 1, DISTINCT_LIMIT);
}

function parseMinutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minutes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (minutes <= 0 || minutes > MINUTES_LIMIT) throw usage(`--minutes must be a number above 0, at most ${MINUTES_LIMIT}, not '${text}'`);
  return Math.ceil(minutes * 60_000);
}

function conclude(results: readonly SweepResult[], interrupted: boolean, showing: Showing, screen: Screen): ExitCode {
  screen.value({ format: 'slipway-sweeps', v: 1, interrupted, sweeps: results.map(each => jsonOf(each, showing)) });
  const runs = results.reduce((sum, { report }) => sum + report.counts.runs, 0);
  const bad = results.some(isBad);
  const whole = results.every(({ state }) => state === 'done');
  screen.line(screen.style(bad ? 'red' : whole ? 'green' : 'yellow', `${interrupted ? 'stopped; ' : ''}${summary(results)}`));
  showEnd(results, screen, showing);
  if (interrupted) return EXIT.interrupted;
  if (bad) return EXIT.findings;
  return runs === 0 ? EXIT.nothingRan : EXIT.ok;
}

function jsonOf({ report, state, asked, from, to, milliseconds, features, again, sightings }: SweepResult, { failures }: Showing): object {
  const failed = Object.values(sightings).map(({ plan: _, ...sighting }) => ({
    ...sighting,
    smallest: failures?.kept.get(sighting.signature.id),
    story: failures?.stories.get(sighting.signature.id),
  }));
  return { ...report, state, asked, from, to, milliseconds: Math.round(milliseconds), features, again, failures: failed };
}
