/** Traces for tests of the viewer: events of which only what matters is said. */
import { readFileSync } from 'node:fs';
import { concat, utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import {
  ENGINE_VERSION,
  NO_CAUSE,
  NO_EVENT,
  TRACE_VERSION,
  type TraceEvent,
  type TraceFooter,
  type TraceHeader,
} from '../../src/trace/event.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { type ReadTrace, readTrace } from '../../src/trace/read.ts';
import type { Columns } from '../../viewer/columns.ts';
import { packTrace } from '../../viewer/pack.ts';
import { unpackTrace } from '../../viewer/unpack.ts';
import { ROOT } from '../support/slipway.ts';

export type Said = Partial<Omit<TraceEvent, 'index' | 'time'>> & Pick<TraceEvent, 'kind'> & { readonly time?: number };

export const eventsOf = (said: readonly Said[]): readonly TraceEvent[] =>
  said.map(({ time, ...rest }, index) => ({
    index,
    time: instantOf(time ?? index * 1_000),
    process: 'm/a.1',
    cause: NO_CAUSE,
    message: 0,
    channel: '',
    bytes: undefined,
    data: undefined,
    ...rest,
  }));

export const HEADER: TraceHeader = {
  version: TRACE_VERSION,
  engine: ENGINE_VERSION,
  kind: 'sim',
  clock: 'virtual',
  name: 'toy/made',
  seed: '1',
  plan: { profile: 'corrected' },
  title: 'A trace for tests.',
};

/** With a footer that says so, where `ending` does. */
export function traceOf(
  events: readonly TraceEvent[],
  ending: Partial<Pick<TraceFooter, 'outcome' | 'check' | 'at' | 'why'>> = {},
  header: Partial<TraceHeader> = {},
): ReadTrace {
  const footer = { outcome: 'pass', check: '', at: NO_EVENT, why: '', ...ending } as const;
  return readTrace([concat([...encodeTrace({ ...HEADER, ...header }, events, footer)].map(utf8))]);
}

export const columnsOf = (trace: ReadTrace, decoders: Decoders = {}): Columns => unpackTrace(packTrace(trace, 'made.jsonl', decoders));
export const columnsOfSaid = (said: readonly Said[]): Columns => columnsOf(traceOf(eventsOf(said)));

/** One of those that are kept. */
export const kept = (path: string): ReadTrace => readTrace([readFileSync(`${ROOT}traces/${path}`)]);
