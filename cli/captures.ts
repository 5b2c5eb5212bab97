/**
 * Captures as files: told from traces by their first bytes, read piece by piece. A `.gz` is unpacked.
 */

import { comingBack, hadNoTime } from '../conformance/arms/node/bounded.ts';
import { loadDecoders, protocols } from '../protocols/index.ts';
import type { FlowAccount } from '../src/capture/accounts.ts';
import { type Guess, Guesses } from '../src/capture/guess.ts';
import { CAPTURE_ENDING, type CaptureAccount, CaptureImport, captureHeader, importFormatOf } from '../src/capture/import.ts';
import type { TraceEvent, TraceHeader } from '../src/trace/event.ts';
import { EVENT_LIMIT } from '../src/trace/limits.ts';
import type { Decoders } from '../src/trace/message.ts';
import type { Problem } from '../src/trace/problem.ts';
import { decodersFor, NOBODY, type SpokenStreams } from '../src/trace/streams.ts';
import { EXIT, Stop, usage } from './exit.ts';
import { loadCatalogue } from './load.ts';
import type { KnownEvents, LoadedTrace } from './loaded-trace.ts';
import { openedAgain } from './opened-again.ts';

/** Bytes of one read. */
const PIECE = 1_048_576;
/** And where decoders of a user are asked: of a smaller one is known sooner that it does not come back. */
const BROUGHT_PIECE = 65_536;
/** For that, of which honest ones take milliseconds: decoders of a user may never come back, and nothing else is heard meanwhile. */
const PIECE_MS = 10_000;
/** Bytes of the file by which it is guessed what most of it is, where anything in them is surely of a protocol. */
const GUESSED_BY_BYTES = 2_097_152;
/** Streams of which is known what they speak: in a larger capture the rest are taken for what most of it is. */
const STREAMS_LIMIT = 262_144;

export interface Spoken {
  /** `capture` where nobody knows. */
  readonly protocol: string;
  readonly known: Readonly<Record<string, Decoders>>;
  /** What else most of it could be, the best first; empty where it was said. */
  readonly guesses: readonly Guess[];
  /** Those of another protocol. `undefined`: it was not looked at all of the file. */
  readonly streams: SpokenStreams | undefined;
}

/** The file begins as a capture does. */
export async function isCapture(path: string): Promise<boolean> {
  for await (const chunk of await openedAgain(path, PIECE)) return importFormatOf(chunk) !== undefined;
  return false;
}

/** `named`: the protocol that the user said; else the streams of the beginning are looked at, or all of them where the file is no longer. */
export async function spokenIn(path: string, known: Readonly<Record<string, Decoders>>, named: string | undefined): Promise<Spoken> {
  if (named !== undefined) return { protocol: named, known, guesses: [], streams: new Map() };
  const guesses = new Guesses(known);
  const { flows, whole } = await guessing(path, guesses, async bytes => bytes >= GUESSED_BY_BYTES && guesses.isSure);
  const found = guesses.best();
  guesses.file = found[0]?.protocol;
  const spoken = { protocol: guesses.file ?? NOBODY, known, guesses: found };
  return { ...spoken, streams: whole ? othersIn(flows(), spoken.protocol) : undefined };
}

/** The same, with what all streams speak. */
export async function allSpokenIn(
  spoken: Spoken,
  path: string,
  pause?: ReadOptions['pause'],
): Promise<Spoken & { readonly streams: SpokenStreams }> {
  const { protocol, streams } = spoken;
  if (streams !== undefined) return { ...spoken, streams };
  const { flows } = await guessing(path, guessesBy(spoken), pause);
  return { ...spoken, streams: othersIn(flows(), protocol) };
}

/** What guesses what each stream speaks, where it is known what most of the file is. */
export const guessesBy = ({ protocol, known }: Pick<Spoken, 'protocol' | 'known'>): Guesses =>
  new Guesses(known, protocol === NOBODY ? undefined : protocol);

interface Guessed {
  /** Told when it is known what most of the file is. */
  readonly flows: () => readonly FlowAccount[];
  readonly whole: boolean;
}

async function guessing(path: string, guesses: Guesses, pause: ReadOptions['pause']): Promise<Guessed> {
  const reading = new CaptureImport({ decoders: guesses, onlyGuess: true, flows: STREAMS_LIMIT });
  const brought = isBrought(guesses.known);
  const { whole } = await readBy(reading, path, brought, pause);
  boundedIf(brought, path, () => {
    if (whole) reading.end();
    // It is decided what each of them speaks.
    return reading.flows;
  });
  return { flows: () => reading.flows, whole };
}

const othersIn = (flows: readonly FlowAccount[], protocol: string): SpokenStreams =>
  new Map(flows.flatMap(each => (each.protocol === protocol || bytesIn(each) === 0 ? [] : [[each.channel, each.protocol ?? NOBODY]])));

const bytesIn = ({ sent, received }: FlowAccount): number => sent.bytes + received.bytes;

/** How its streams are decoded. */
export const decodersIn = (path: string, { known, ...spoken }: Spoken): Decoders =>
  decodersFor(headerOf(path, spoken), known[spoken.protocol] ?? {}, name => (Object.hasOwn(known, name) ? known[name] : undefined));

export interface ReadOptions {
  /** Absent: no stream is told of by itself. */
  readonly decoders?: Decoders | Guesses;
  readonly take?: ((event: TraceEvent) => void) | undefined;
  /** Decoders of a user are asked, by whoever takes the events as well. */
  readonly brought?: boolean;
  /** Asked after each piece; `bytes`: how many were read. True: it is enough. */
  readonly pause?: ((bytes: number) => Promise<boolean>) | undefined;
}

/** The whole of it. What is wrong with it is in the account. */
export async function readCapture(path: string, { decoders, take, pause, brought = false }: ReadOptions): Promise<CaptureAccount> {
  const reading = new CaptureImport({ ...(decoders === undefined ? { flows: 0 } : { decoders }), ...(take === undefined ? {} : { take }) });
  const { problem } = await readBy(reading, path, brought, pause);
  const account = boundedIf(brought, path, () => reading.end());
  return problem === undefined ? account : { ...account, problems: [...account.problems, { offset: account.bytes, message: problem }] };
}

async function readBy(
  reading: CaptureImport,
  path: string,
  brought: boolean,
  pause: ReadOptions['pause'],
): Promise<{ readonly whole: boolean; readonly problem: string | undefined }> {
  const chunks = await openedAgain(path, brought ? BROUGHT_PIECE : PIECE);
  for await (const chunk of chunks) {
    boundedIf(brought, path, () => reading.feed(chunk));
    if (!reading.reading) break;
    if ((await pause?.(reading.bytes)) === true) return { whole: false, problem: chunks.problem?.text };
  }
  return { whole: true, problem: chunks.problem?.text };
}

/** Of ours it is known that they come back. */
export const isBrought = (known: Readonly<Record<string, Decoders>>): boolean =>
  Object.keys(known).some(name => !Object.hasOwn(protocols, name));

/** `limit`: milliseconds. */
export const boundedIf = <T>(brought: boolean, path: string, act: () => T, limit: number = PIECE_MS): T =>
  brought ? comingBack(act, limit, worked => late(path, worked, limit)) : act();

function late(path: string, worked: number, limit: number): Stop {
  if (hadNoTime(worked, limit))
    return new Stop(
      EXIT.noTime,
      `${path}: this computer had no time: of ${limit / 1_000} s in which decoders were waited for, they were given ${(worked / 1_000).toFixed(1)} s; try again when less is running`,
    );
  return usage(`${path}: a decoder does not come back: it was ended after ${limit / 1_000} s; --protocol names a protocol with another`);
}

/** What is known of how protocols are decoded: ours, and those of the modules. */
export async function decodersKnown(modules: readonly string[], named?: string): Promise<Readonly<Record<string, Decoders>>> {
  // Where nothing is brought, what is not asked for need not be loaded, nor the rest of what is.
  if (modules.length === 0) {
    const known = await loadDecoders(named === undefined ? undefined : [named]);
    if (named === undefined || Object.hasOwn(known, named)) return known;
  }
  const all = await loadCatalogue(modules, named === undefined ? [] : [named]);
  return Object.fromEntries(all.protocols.map(({ name, decoders = {} }) => [name, decoders]));
}

/** With what all its streams speak. */
async function guessedIn(path: string, modules: readonly string[]): Promise<Spoken> {
  return allSpokenIn(await spokenIn(path, await decodersKnown(modules), undefined), path);
}

/** One event after the other, none of them kept. */
export async function eventsOf(path: string, modules: readonly string[]): Promise<KnownEvents> {
  const spoken = await guessedIn(path, modules);
  return {
    ...{ header: headerOf(path, spoken), decoders: decodersIn(path, spoken), state: 'complete', ending: CAPTURE_ENDING },
    each: async take => problemsOf(await readCapture(path, { take, brought: isBrought(spoken.known) })),
  };
}

/** In memory, as a trace is: its first events where it has more than can be kept. */
export async function loadCapture(path: string, modules: readonly string[], limit: number = EVENT_LIMIT): Promise<LoadedTrace> {
  const spoken = await guessedIn(path, modules);
  const events: TraceEvent[] = [];
  let omitted = 0;
  const take = (event: TraceEvent): void => {
    if (events.length < limit) events.push(event);
    else omitted++;
  };
  const account = await readCapture(path, { take, pause: async () => omitted > 0 });
  const problems = [...(omitted > 0 ? [tooMany(limit, account.bytes)] : []), ...problemsOf(account)];
  const footer = { events: events.length, fingerprint: '', ...CAPTURE_ENDING };
  return {
    header: headerOf(path, spoken),
    events,
    footer,
    state: 'complete',
    problems,
    truncated: new Map(),
    unknownKinds: 0,
    damage: undefined,
  };
}

const tooMany = (limit: number, offset: number): Problem => ({
  ...{ code: 'limit', line: 0, offset, column: undefined, message: `only the first ${limit} events of the capture are here` },
  advice: 'slipway show, grep and stats look at all of them',
});

const problemsOf = ({ problems }: CaptureAccount): readonly Problem[] =>
  problems.map(({ offset, message }) => ({
    ...{ code: 'incomplete', line: 0, offset, column: undefined, message },
    advice: 'slipway import tells what could be read of the capture',
  }));

export const headerOf = (path: string, { protocol, streams = new Map() }: Pick<Spoken, 'protocol' | 'streams'>): TraceHeader =>
  captureHeader(protocol, path.replace(/^.*\//, ''), streams);
export { CAPTURE_ENDING };
