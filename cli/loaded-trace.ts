/**
 * A trace that came out of a file, or its events as they come.
 */
import type { TraceEnding } from '../src/trace/encode.ts';
import type { TraceEvent, TraceHeader } from '../src/trace/event.ts';
import type { Decoders } from '../src/trace/message.ts';
import type { Problem } from '../src/trace/problem.ts';
import type { ReadTrace } from '../src/trace/read.ts';

export interface LoadedTrace extends ReadTrace {
  /** The file itself is damaged: what could be read of it is here. */
  readonly damage: string | undefined;
}

/** What is known before the events, which are asked for once. */
export interface KnownEvents {
  readonly header: TraceHeader;
  readonly decoders: Decoders;
  readonly state: LoadedTrace['state'];
  readonly ending: TraceEnding | undefined;
  /** In order, until all were taken. What is wrong with the file is known then. */
  each(take: (event: TraceEvent) => void): Promise<readonly Problem[]>;
}
