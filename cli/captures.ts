/**
 * Captures as files: told from traces by their first bytes, read piece by piece. A `.gz` is unpacked.
 */

import { comingBack } from '../conformance/arms/node/bounded.ts';
import { type Guess, guesses } from '../src/capture/guess.ts';
import { CAPTURE_ENDING, type CaptureAccount, CaptureImport, captureHeader, importFormatOf } from '../src/capture/import.ts';
import { readChunks } from '../src/node/files.ts';
import type { TraceEvent, TraceHeader } from '../src/trace/event.ts';
import { EVENT_LIMIT } from '../src/trace/limits.ts';
import type { Decoders } from '../src/trace/message.ts';
import type { Problem } from '../src/trace/problem.ts';
import { usage } from './exit.ts';
import { loadCatalogue } from './load.ts';
import type { KnownEvents, LoadedTrace } from './loaded-trace.ts';

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
  for await (const chunk of opened(path)) return importFormatOf(chunk) !== undefined;
  return false;
}

/** `named`: the protocol that the user said. */
export async function spokenIn(path: string, known: Readonly<Record<string, Decoders>>, named: string | undefined): Promise<Spoken> {
  if (named !== undefined) return { protocol: named, decoders: known[named] ?? {}, guesses: [] };
  const events: TraceEvent[] = [];
  let bytes = 0;
  const isEnough = (): boolean => events.length >= GUESSED_BY || bytes >= GUESSED_BY_BYTES;
  const reading = new CaptureImport({
    take(event) {
      if (isEnough()) return;
      events.push(event);
      bytes += event.bytes?.length ?? 0;
    },
  });
  for await (const chunk of opened(path)) {
    bounded(path, () => reading.feed(chunk));
    if (!reading.reading || isEnough()) break;
  }
  if (!isEnough()) reading.end();
  const found = bounded(path, () => guesses(events, known));
  const [best] = found;
  return { protocol: best?.protocol ?? 'capture', decoders: known[best?.protocol ?? ''] ?? {}, guesses: found };
}

export interface ReadOptions {
  readonly decoders: Decoders;
  readonly take?: ((event: TraceEvent) => void) | undefined;
  /** Asked after each piece; `bytes`: how many were read. True: it is enough. */
  readonly pause?: (bytes: number) => Promise<boolean>;
}

/** The whole of it. What is wrong with it is in the account. */
export async function readCapture(path: string, { decoders, take, pause }: ReadOptions): Promise<CaptureAccount> {
  const reading = new CaptureImport({ decoders, ...(take === undefined ? {} : { take }) });
  const chunks = opened(path);
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
  const { protocols } = await loadCatalogue(modules, named === undefined ? [] : [named]);
  return Object.fromEntries(protocols.map(({ name, decoders = {} }) => [name, decoders]));
}

/** One event after the other, none of them kept. */
export async function eventsOf(path: string, modules: readonly string[]): Promise<KnownEvents> {
  const spoken = await spokenIn(path, await decodersKnown(modules), undefined);
  return {
    ...{ header: headerOf(path, spoken), decoders: spoken.decoders, state: 'complete', ending: CAPTURE_ENDING },
    each: async take => {
      await readCapture(path, { decoders: {}, take });
    },
  };
}

/** In memory, as a trace is: its first events where it has more than can be kept. */
export async function loadCapture(path: string, modules: readonly string[]): Promise<LoadedTrace> {
  const spoken = await spokenIn(path, await decodersKnown(modules), undefined);
  const events: TraceEvent[] = [];
  const take = (event: TraceEvent): void => {
    if (events.length < EVENT_LIMIT) events.push(event);
  };
  const account = await readCapture(path, { decoders: {}, take, pause: async () => events.length >= EVENT_LIMIT });
  const problems = account.problems.map(
    ({ offset, message }): Problem => ({
      ...{ code: 'incomplete', line: 0, offset, column: undefined, message },
      advice: 'slipway import tells what could be read of the capture',
    }),
  );
  const footer = { events: events.length, fingerprint: '', ...CAPTURE_ENDING };
  const damage =
    events.length < EVENT_LIMIT ? undefined : `only the first ${EVENT_LIMIT} events are here; slipway import --out keeps them all`;
  return { header: headerOf(path, spoken), events, footer, state: 'complete', problems, truncated: new Map(), unknownKinds: 0, damage };
}

export const headerOf = (path: string, { protocol }: Spoken): TraceHeader => captureHeader(protocol, path.replace(/^.*\//, ''));
export { CAPTURE_ENDING };

function opened(path: string): Exclude<ReturnType<typeof readChunks>, { ok: false }>['value'] {
  const chunks = readChunks(path, PIECE);
  if (!chunks.ok) throw usage(`${path}: cannot be read: ${chunks.error.code}`);
  return chunks.value;
}
