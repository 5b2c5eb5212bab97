/**
 * A trace from a file with what is known here of it: its protocol, how that is decoded, and its scenario.
 */
import type { Catalogue } from '../protocols/catalogue.ts';
import type { Protocol } from '../protocols/protocol.ts';
import type { Scenario } from '../src/check/scenario.ts';
import type { TraceHeader } from '../src/trace/event.ts';
import type { Decoders } from '../src/trace/message.ts';
import { decodersFor, NOBODY, streamsOf } from '../src/trace/streams.ts';
import { usage } from './exit.ts';
import { loadCatalogue, protocolIn } from './load.ts';
import type { KnownEvents, LoadedTrace } from './loaded-trace.ts';
import { requireReadable } from './places.ts';
import { loadTrace } from './trace-files.ts';

export interface KnownTrace {
  readonly file: string;
  readonly trace: LoadedTrace & { readonly header: TraceHeader };
  readonly protocol: Protocol | undefined;
  /** That one, and those that some of its streams speak. */
  readonly protocols: readonly Protocol[];
  /** Empty where nothing is known. */
  readonly decoders: Decoders;
  /** Of a simulated run. */
  readonly scenario: Scenario | undefined;
}

/** Ends the command with one line when there is no trace in the file. */
export async function knownTrace(file: string, modules: readonly string[]): Promise<KnownTrace> {
  const { header, ...rest } = await loadTrace(file, modules);
  if (header === undefined) throw usage(`${file}: not a trace`);
  const name = protocolIn(header.name);
  const names = protocolsIn(header);
  const catalogue = await loadCatalogue(modules, names);
  const protocols = catalogue.protocols.filter(each => names.includes(each.name));
  const protocol = protocols.find(each => each.name === name);
  const known = { protocol, protocols, decoders: decodersOf(header, catalogue), scenario: catalogue.scenarioNamed(header.name) };
  return { file, trace: { header, ...rest }, ...known };
}

/** The protocol of a trace, and those of streams that have another. */
export const protocolsIn = (header: TraceHeader): readonly string[] => [
  ...new Set([protocolIn(header.name), ...[...streamsOf(header).values()].filter(each => each !== NOBODY)]),
];

/** How the streams of a trace are decoded; none where nothing is known. */
export function decodersOf(header: TraceHeader, { protocols }: Pick<Catalogue, 'protocols'>): Decoders {
  const known = (name: string): Decoders | undefined => protocols.find(each => each.name === name)?.decoders;
  return decodersFor(header, known(protocolIn(header.name)) ?? {}, known);
}

/** For whoever looks at each event once: of a capture, which may be larger than memory, they are taken as they are read. */
export async function knownEvents(file: string, modules: readonly string[]): Promise<KnownEvents> {
  requireReadable('the trace', file);
  const captures = await import('./captures.ts');
  if (await captures.isCapture(file)) return captures.eventsOf(file, modules);
  const { trace, decoders } = await knownTrace(file, modules);
  const { header, state, footer, events, problems } = trace;
  return {
    ...{ header, decoders, state, ending: footer },
    each: async take => {
      events.forEach(take);
      return problems;
    },
  };
}
