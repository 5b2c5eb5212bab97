/**
 * What one implementation did in a capture, done again: `slipway replay CAPTURE --as ROLE`, and the same as a case (`case-from`) or a test
 * (`scenario-from`) that a person can edit.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { type Conversation, conversationOf } from '../../conformance/captured/lane.ts';
import { bringsAbout, type CaptureReplay, judgeReplay } from '../../conformance/captured/replay.ts';
import { agreed } from '../../conformance/captured/story.ts';
import { capturedRequirement, caseText, withCases } from '../../conformance/captured/suite.ts';
import type { Case, Refutation, Step } from '../../conformance/case.ts';
import { type Row, runSuite } from '../../conformance/run/runner.ts';
import type { OwnImplementation, Suite } from '../../conformance/suite.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import { printable } from '../../src/host/bytes.ts';
import { PROFILES } from '../../src/host/profile.ts';
import type { Trap } from '../../src/impl/command-line/traps.ts';
import type { TraceEvent, TraceHeader } from '../../src/trace/event.ts';
import { streamOf } from '../../src/trace/message.ts';
import { NOBODY, streamsOf } from '../../src/trace/streams.ts';
import { caseOf } from '../case-files.ts';
import { CaseWorkers } from '../case-workers.ts';
import type { Knowing } from '../context.ts';
import { EXIT, type ExitCode, REPLAY_EXIT, usage } from '../exit.ts';
import { noteProblems } from '../in-part.ts';
import { Interrupt } from '../interrupt.ts';
import { protocolIn } from '../load.ts';
import { COMMAND } from '../name.ts';
import { unknown } from '../names.ts';
import { requireReadable, requireWritable, writtenWhole } from '../places.ts';
import { plural, type Screen } from '../screen.ts';
import { loadTrace } from '../trace-files.ts';

export interface CapturedFlags {
  readonly protocol?: string;
  readonly as?: string;
  readonly lane?: string;
}

export interface ReplayCaptureFlags extends CapturedFlags {
  readonly profile?: string;
  readonly quirk?: readonly string[];
  readonly option?: readonly string[];
  readonly place?: readonly string[];
}

/** What a test of the user imports. */
const VITEST = 'slipway/vitest';
/** Streams that are named. */
const STREAMS_SHOWN = 8;
/** Steps before a difference that are told. */
const BEFORE = 6;

interface Found {
  readonly conversation: Conversation;
  readonly protocol: Protocol;
  readonly suite: Suite;
  readonly role: string;
}

/** Of a capture, or of any other trace: what one lane of it did. */
async function found(
  file: string,
  { protocol: named, as, lane }: CapturedFlags,
  { screen, modules, catalogueOf }: Knowing,
): Promise<Found> {
  const { header, events: all, problems } = await loadTrace(file, modules);
  noteProblems(file, problems, screen);
  const name = named ?? protocolIn(header?.name ?? '');
  const { events, taken } = header === undefined ? { events: all, taken: undefined } : spokenBy(all, header, name);
  if (taken !== undefined) screen.note(`${file}: ${taken}${named === undefined ? '; --protocol says another' : ''}`);
  const { protocols } = await catalogueOf(name);
  const protocol = protocols.find(each => each.name === name);
  if (protocol === undefined)
    throw named === undefined
      ? usage(`${file}: nobody knows what is spoken in it; --protocol names it`)
      : unknown(
          'protocol',
          name,
          protocols.map(each => each.name),
        );
  const { suite } = protocol;
  if (suite === undefined) throw usage(`protocol ${name}: it has no suite, and so no roles to play`);
  const roles = Object.keys(suite.roles);
  if (as === undefined) throw usage(`--as says which role of it is played: ${roles.join(', ')}`);
  const wiring = suite.roles[as];
  if (wiring === undefined) throw usage(`${name} has no role ${printable(as, 40)}; it has ${roles.join(', ')}`);
  const slug =
    basename(file)
      .toLowerCase()
      .replace(/\..*$/, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'capture';
  try {
    const conversation = conversationOf(events, {
      ...(suite.own[as] === undefined ? {} : { program: suite.own[as].program }),
      ...{
        role: as,
        wiring,
        requirement: capturedRequirement(suite, as).id,
        id: `${name}.${as}.captured.${slug}`,
        title: `What ${printable(basename(file), 80)} has of the ${as}`,
      },
      ...(lane === undefined ? {} : { process: lane }),
    });
    return { conversation, protocol, suite, role: as };
  } catch (thrown) {
    throw usage(`${file}: ${printable(thrown instanceof Error ? thrown.message : String(thrown), 400)}`);
  }
}

/**
 * Of a capture in which several protocols are spoken the events of one, and which streams those are; all of them where no stream is known to be of that
 * one, or all are.
 */
function spokenBy(
  events: readonly TraceEvent[],
  header: TraceHeader,
  protocol: string,
): { readonly events: readonly TraceEvent[]; readonly taken: string | undefined } {
  const own = protocolIn(header.name);
  const streams = streamsOf(header);
  // One in which nothing was said is nobody's.
  const said = new Set(events.filter(({ bytes }) => bytes !== undefined && bytes.length > 0).map(({ channel }) => streamOf(channel)));
  const spokenIn = (stream: string): string => streams.get(stream) ?? (said.has(stream) ? own : NOBODY);
  const channels = [...new Set(events.map(({ channel }) => streamOf(channel)))].filter(channel => channel !== '');
  // Whoever speaks it may have been told nonsense as well, in streams that nobody makes sense of.
  const speakers = new Set(events.filter(({ channel }) => spokenIn(streamOf(channel)) === protocol).map(({ process }) => process));
  const others = new Set(events.filter(({ process }) => !speakers.has(process)).map(({ channel }) => streamOf(channel)));
  const isTaken = (stream: string): boolean => spokenIn(stream) === protocol || (spokenIn(stream) === NOBODY && !others.has(stream));
  const taken = channels.filter(isTaken);
  const isMixed = channels.some(channel => ![protocol, NOBODY].includes(spokenIn(channel)));
  if (!isMixed || speakers.size === 0) return { events, taken: undefined };
  const shown = taken.slice(0, STREAMS_SHOWN).join(', ');
  const more = taken.length > STREAMS_SHOWN ? ` and ${taken.length - STREAMS_SHOWN} more` : '';
  const told = `several protocols are spoken in it; ${plural(taken.length, 'stream')} of ${channels.length} taken for ${protocol}: ${shown}${more}`;
  const isLeft = new Set(channels.filter(channel => !isTaken(channel)));
  return { events: events.filter(({ channel }) => !isLeft.has(streamOf(channel))), taken: told };
}

// ── replay ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function replayCapture(file: string, flags: ReplayCaptureFlags, call: Knowing): Promise<ExitCode> {
  const { conversation, protocol, suite, role } = await found(file, flags, call);
  const own = suite.own[role];
  if (own === undefined)
    throw usage(`${protocol.name}: there is no ${role} of ours; slipway case-from makes a case of it, which conform plays against yours`);
  requireKnown(flags, protocol);
  const args = [
    ...(flags.profile === undefined ? [] : [`--profile=${flags.profile}`]),
    ...(flags.quirk ?? []).map(slug => `--quirk=${slug}`),
  ];
  const [start, ...steps] = conversation.testCase.steps;
  const options = flags.option === undefined || start?.verb !== 'start' ? start : { ...start, options: flags.option };
  const placed = (flags.place ?? []).map(placing);
  const testCase = options === undefined ? conversation.testCase : { ...conversation.testCase, steps: [...placed, options, ...steps] };
  const player = new Player(suite, testCase, protocol, call);
  try {
    const playedBy = (words: readonly string[]): Promise<Row['verdict'] | undefined> =>
      player.play({ ...own, args: [...own.args, ...words] });
    const played = await playedBy(args);
    const corrected = args.length === 0 ? played : await playedBy([]);
    if (played === undefined || corrected === undefined) return EXIT.interrupted;
    const replay = judgeReplay(played, corrected, testCase.steps.length);
    const traps: Trap<string>[] = [];
    const { failure } = replay;
    if (failure !== undefined)
      for (const trap of protocol.traps) {
        if (trap.quirk === undefined) continue;
        const alone = await playedBy([`--quirk=${trap.quirk}`]);
        if (alone === undefined) return EXIT.interrupted;
        if (bringsAbout(failure, alone)) traps.push(trap);
      }
    const who = [own.program, ...args].join(' ');
    return tellAll({ file, protocol, who, corrected: own.program, conversation, testCase, replay, traps }, call.screen);
  } finally {
    await player.close();
  }
}

/** A name that nobody has would make a program that does not start, and that would be told as what it does. */
function requireKnown({ profile, quirk = [] }: ReplayCaptureFlags, { traps }: Protocol): void {
  if (profile !== undefined && !PROFILES.includes(profile))
    throw usage(`there is no profile '${printable(profile, 40)}'; there are ${PROFILES.join(' and ')}`);
  const quirks = traps.flatMap(trap => trap.quirk ?? []);
  for (const slug of quirk) if (!quirks.includes(slug)) throw unknown('quirk', slug, quirks);
}

/** As text, and as JSON. */
function tellAll(told: Told, screen: Screen): ExitCode {
  const { file, protocol, conversation, testCase, replay, traps } = told;
  const { verdict, failure, difference, why } = replay;
  tell(told, screen);
  screen.value({
    ...{
      format: 'slipway-capture-replay',
      v: 2,
      file,
      protocol: protocol.name,
      role: testCase.role,
      verdict,
      process: conversation.process,
    },
    ...{ streams: conversation.streams, messages: conversation.messages, left: conversation.left },
    failure: unmetOf(failure),
    difference: unmetOf(difference),
    traps: traps.map(({ id, quirk = '' }) => ({ id, quirk })),
    why,
  });
  return REPLAY_EXIT[verdict];
}

const unmetOf = (
  unmet: Refutation | undefined,
): { readonly step: number; readonly expected: string; readonly received: string; readonly requirement: string } | null =>
  unmet === undefined ? null : { step: unmet.step, expected: unmet.expected, received: unmet.received, requirement: unmet.requirement };

/** `PATH=FILE`: a path in the directory of the case, and what it holds. */
function placing(text: string): Step {
  const at = text.indexOf('=');
  if (at <= 0) throw usage(`--place ${printable(text, 80)}: write PATH=FILE`);
  const file = text.slice(at + 1);
  requireReadable('--place', file);
  return { verb: 'place', path: text.slice(0, at), text: readFileSync(file, 'utf8') };
}

/** Plays one case in the simulator, in a worker: what is played may never come back. */
class Player {
  readonly #suite: Suite;
  readonly #testCase: Case;
  readonly #interrupt = new Interrupt();
  readonly #workers: CaseWorkers;

  constructor(suite: Suite, testCase: Case, protocol: Protocol, { modules, screen }: Knowing) {
    this.#suite = withCases(suite, [testCase]);
    this.#testCase = testCase;
    this.#workers = new CaseWorkers(protocol.name, modules, this.#interrupt, id => screen.note(`cut off in the midst of ${id}`));
  }

  /** Nothing where Ctrl-C cut it off. */
  async play(implementation: OwnImplementation): Promise<Row['verdict'] | undefined> {
    if (this.#interrupt.asked) return undefined;
    const { arm } = this.#workers;
    const suite = this.#suite;
    const run = await runSuite({ suite, role: this.#testCase.role, arm, implementation, claims: implementation.claims, slow: true });
    if (run.outcome !== 'ran') throw usage(run.why);
    return run.rows[0]?.verdict;
  }

  async close(): Promise<void> {
    await this.#workers.close();
    this.#interrupt.release();
  }
}

interface Told {
  readonly file: string;
  readonly protocol: Protocol;
  /** Who was asked for. */
  readonly who: string;
  readonly corrected: string;
  readonly conversation: Conversation;
  readonly testCase: Case;
  readonly replay: CaptureReplay;
  readonly traps: readonly Trap<string>[];
}

/** The verdict, and the story of what decided it: what was agreed before, what was captured, and who does what in its place. */
function tell({ file, who, corrected, conversation, testCase, replay, traps }: Told, screen: Screen): void {
  const { process, streams, messages, left } = conversation;
  const { verdict, why, failure, difference } = replay;
  const good = verdict === 'reproduced';
  const what = good ? `: ${plural(messages, 'message')} on ${plural(streams, 'stream')} of ${printable(process, 60)}` : '';
  screen.line(
    `${screen.style(good ? 'green' : 'red', good ? '✓' : '✗')} ${file}  ${screen.style('bold', verdict)}: ${printable(`${who} ${why}${what}`, 400)}`,
  );
  const decided = difference ?? failure;
  if (decided !== undefined) {
    for (const line of agreed(testCase, decided, BEFORE)) screen.line(`    agreed        ${printable(line, 300)}`);
    screen.line(screen.style('green', `  - captured      ${printable(decided.expected, 400)}`));
    screen.line(screen.style('red', `  + ${good ? 'corrected ' : 'played    '}    ${printable(decided.received, 400)}`));
    if (!decided.requirement.endsWith('.captured'))
      screen.line(`    it breaks ${decided.requirement}: ${COMMAND} explain ${decided.requirement}`);
  }
  if (failure !== undefined) {
    if (!good && failure.step !== difference?.step)
      screen.line(`    the failure   step ${failure.step + 1}: ${printable(`${failure.expected}; ${corrected} ${failure.received}`, 400)}`);
    for (const { id, quirk = '', text, instead } of traps)
      screen.line(`    ${id}, ${quirk}: ${printable(`${text}; corrected, ${instead}`, 400)}`);
  }
  for (const each of left) screen.line(`    left out: ${printable(each, 300)}`);
}

// ── as a case, and as a test ────────────────────────────────────────────────────────────────────────────────────────

export interface FromFlags extends CapturedFlags {
  readonly out: string;
}

/** A case that awaits nothing is passed by everybody. */
function requireAwaited(file: string, { process, testCase }: Conversation): void {
  if (testCase.steps.some(({ verb }) => verb.startsWith('expect'))) return;
  throw usage(
    `${file}: ${printable(process, 60)} says nothing in it, and neither ends nor keeps silent: there is nothing that could be awaited of it`,
  );
}

export async function caseFrom(file: string, flags: FromFlags, call: Knowing): Promise<ExitCode> {
  requireWritable('--out', flags.out);
  const { conversation, suite, role } = await found(file, flags, call);
  requireAwaited(file, conversation);
  writtenWhole(flags.out, path => writeFileSync(path, caseText(conversation.testCase)));
  caseOf(suite, flags.out);
  const { screen } = call;
  screen.line(
    `${flags.out}: ${plural(conversation.testCase.steps.length, 'step')}, ${plural(conversation.messages, 'message')} that are awaited`,
  );
  for (const each of conversation.left) screen.line(`  left out: ${printable(each, 300)}`);
  screen.line(`  ${COMMAND} conform ${suite.name} --role ${role} --case-file ${flags.out}`);
  screen.value({
    format: 'slipway-case-from',
    v: 1,
    out: flags.out,
    id: conversation.testCase.id,
    steps: conversation.testCase.steps.length,
    left: conversation.left,
  });
  return EXIT.ok;
}

/** As a module in the folder imports it. */
function importedFrom(folder: string, module: string): string {
  const path = relative(folder, resolve(module));
  return path.startsWith('.') ? path : `./${path}`;
}

export async function scenarioFrom(file: string, flags: FromFlags, call: Knowing): Promise<ExitCode> {
  if (!/\.test\.m?[jt]s$/.test(flags.out)) throw usage(`--out ${printable(flags.out, 80)}: a test of vitest is called NAME.test.ts`);
  requireWritable('--out', flags.out);
  const { conversation, protocol, role } = await found(file, flags, call);
  requireAwaited(file, conversation);
  const [module] = call.modules;
  const bringing = module === undefined ? '' : `import config from ${JSON.stringify(importedFrom(resolve(flags.out, '..'), module))};\n`;
  const source = `/**
 * ${conversation.testCase.title.replaceAll('*/', '')}, as a regression test: in the simulator our ${role} does it again. Written by
 * slipway scenario-from; edit it as you like.
 */
import { capturedTest } from ${JSON.stringify(VITEST)};
${bringing}
capturedTest({ protocol: ${module === undefined ? JSON.stringify(protocol.name) : `config.protocols.find(each => each.name === ${JSON.stringify(protocol.name)})`} }, ${caseText(conversation.testCase).trimEnd()});
`;
  writtenWhole(flags.out, path => writeFileSync(path, source));
  call.screen.line(`${flags.out}: npx vitest run ${flags.out}`);
  call.screen.value({ format: 'slipway-scenario-from', v: 1, out: flags.out, id: conversation.testCase.id, left: conversation.left });
  return EXIT.ok;
}
