/**
 * Captures as files: told from traces by their first bytes, read piece by piece. A `.gz` is unpacked.
 */

import { comingBack } from '../conformance/arms/node/bounded.ts';
import { loadDecoders } from '../protocols/index.ts';
import { type Guess, guesses } from '../src/capture/guess.ts';
import { CAPTURE_ENDING, type CaptureAccount, CaptureImport, captureHeader, importFormatOf } from '../src/capture/import.ts';
import type { TraceEvent, TraceHeader } from '../src/trace/event.ts';
import { EVENT_LIMIT } from '../src/trace/limits.ts';
import type { Decoders } from '../src/trace/message.ts';
import type { Problem } from '../src/trace/problem.ts';
import { usage } from './exit.ts';
import { loadCatalogue } from './load.ts';
import type { KnownEvents, LoadedTrace } from './loaded-trace.ts';
import { openedAgain } from './opened-again.ts';

/** Bytes of one read. */
const PIECE = 1_048_576;
/** By so many events the protocol is guessed. */
const GUESSED_BY = 20_000;
/** And by no more bytes of them. */
const GUESSED_BY_BYTES = 16_777_216;
/** For one piece, of which honest ones take well under a second: decoders of a user may never come back, and nothing else is heard meanwhile. */
const PIECE_MS = 10_000;

export interface Spoken {
  /** `capture` where nobody knows. */
  readonly protocol: string;
  readonly decoders: Decoders;
  /** What else it could be, the best first; empty where it was said. */
  readonly guesses: readonly Guess[];
}

/** The file begins as a capture does. */
export async function isCapture(path: string): Promise<boolean> {
  for await (const chunk of await openedAgain(path, PIECE)) return importFormatOf(chunk) !== undefined;
  return false;
}

/** `named`: the protocol that the user said. */
export async function spokenIn(path: string, known: Readonly<Record<string, Decoders>>, named: string | undefined): Promise<Spoken> {
  if (named !== undefined) return { protocol: named, decoders: known[named] ?? {}, guesses: [] };
  const events: TraceEvent[] = [];
  let bytes = 0;
  const isEnough = (): boolean => events.length >= GUESSED_BY || bytes >= GUESSED_BY_BYTES;
  const reading = new CaptureImport({
    flows: 0,
    take(event) {
      if (isEnough()) return;
      events.push(event);
      bytes += event.bytes?.length ?? 0;
    },
  });
  for await (const chunk of await openedAgain(path, PIECE)) {
    bounded(path, () => reading.feed(chunk));
    if (!reading.reading || isEnough()) break;
  }
  if (!isEnough()) reading.end();
  const found = bounded(path, () => guesses(events, known));
  const [best] = found;
  return { protocol: best?.protocol ?? 'capture', decoders: known[best?.protocol ?? ''] ?? {}, guesses: found };
}

export interface ReadOptions {
  /** Absent: no stream is told of by itself. */
  readonly decoders?: Decoders;
  readonly take?: ((event: TraceEvent) => void) | undefined;
  /** Asked after each piece; `bytes`: how many were read. True: it is enough. */
  readonly pause?: (bytes: number) => Promise<boolean>;
}

/** The whole of it. What is wrong with it is in the account. */
export async function readCapture(path: string, { decoders, take, pause }: ReadOptions): Promise<CaptureAccount> {
  const reading = new CaptureImport({ ...(decoders === undefined ? { flows: 0 } : { decoders }), ...(take === undefined ? {} : { take }) });
  const chunks = await openedAgain(path, PIECE);
  for await (const chunk of chunks) {
    bounded(path, () => reading.feed(chunk));
    if (!reading.reading || (await pause?.(reading.bytes)) === true) break;
  }
  const account = bounded(path, () => reading.end());
  const { problem } = chunks;
  return problem === undefined
    ? account
    : { ...account, problems: [...account.problems, { offset: account.bytes, message: problem.text }] };
}

const bounded = <T>(path: string, act: () => T): T =>
  comingBack(act, PIECE_MS, () =>
    usage(`${path}: a decoder does not come back: it was ended after ${PIECE_MS / 1_000} s; --protocol names a protocol with another`),
  );

/** What is known of how protocols are decoded: ours, and those of the modules. */
export async function decodersKnown(modules: readonly string[], named?: string): Promise<Readonly<Record<string, Decoders>>> {
  // Where nothing is brought, what is not asked for need not be loaded, nor the rest of what is.
  if (modules.length === 0) {
    const known = await loadDecoders(named === undefined ? undefined : [named]);
    if (named === undefined || Object.hasOwn(known, named)) return known;
  }
  const { protocols } = await loadCatalogue(modules, named === undefined ? [] : [named]);
  return Object.fromEntries(protocols.map(({ name, decoders = {} }) => [name, decoders]));
}

/** One event after the other, none of them kept. */
export async function eventsOf(path: string, modules: readonly string[]): Promise<KnownEvents> {
  const spoken = await spokenIn(path, await decodersKnown(modules), undefined);
  return {
    ...{ header: headerOf(path, spoken), decoders: spoken.decoders, state: 'complete', ending: CAPTURE_ENDING },
    each: async take => problemsOf(await readCapture(path, { take })),
  };
}

/** In memory, as a trace is: its first events where it has more than can be kept. */
export async function loadCapture(path: string, modules: readonly string[], limit: number = EVENT_LIMIT): Promise<LoadedTrace> {
  const spoken = await spokenIn(path, await decodersKnown(modules), undefined);
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

export const headerOf = (path: string, { protocol }: Spoken): TraceHeader => captureHeader(protocol, path.replace(/^.*\//, ''));
export { CAPTURE_ENDING };
