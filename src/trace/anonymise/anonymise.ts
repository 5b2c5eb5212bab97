/**
 * A trace that can be given away: what happened, when, in which order and how long it was stays, and of what was said what its protocol discloses.
 * Lacks: files, and where chance comes from; what times, lengths, and the equality of values tell.
 */
import type { TraceEnding } from '../encode.ts';
import { TRACE_VERSION, type TraceEvent, type TraceFooter, type TraceHeader } from '../event.ts';
import type { Decoders } from '../message.ts';
import { streamsOf, streamsPlan } from '../streams.ts';
import type { Disclosure } from './disclosure.ts';
import { anonymousBytes } from './flows.ts';
import { type Draw, Pseudonyms } from './pseudonyms.ts';
import { Said } from './said.ts';

export interface AnonymiseOptions {
  readonly decoders: Decoders;
  /** Absent: nothing of any message stays. */
  readonly disclosed: Disclosure | undefined;
  /** By protocols: of the streams that have another than the trace. */
  readonly disclosedBy?: ((protocol: string) => Disclosure | undefined) | undefined;
  /** Names that anybody may see: of programs, and of the trace where it is of a scenario or case that is known. */
  readonly programs: ReadonlySet<string>;
  readonly name: string;
  readonly draw: Draw;
}

export interface Anonymous {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
  readonly ending: TraceEnding | undefined;
  /** Different values that were replaced, and bytes of payloads that stayed and that did not. */
  readonly values: number;
  readonly kept: number;
  readonly replaced: number;
}

export function anonymised(
  {
    header,
    events,
    footer,
  }: { readonly header: TraceHeader; readonly events: readonly TraceEvent[]; readonly footer: TraceFooter | undefined },
  { decoders, disclosed, disclosedBy = () => undefined, programs, name, draw }: AnonymiseOptions,
): Anonymous {
  const pseudonyms = new Pseudonyms(draw);
  const said = new Said({ pseudonyms, programs });
  const streams = streamsOf(header);
  const disclosedIn = (stream: string): Disclosure | undefined => {
    const protocol = streams.get(stream);
    return protocol === undefined ? disclosed : disclosedBy(protocol);
  };
  const { bytes, kept } = anonymousBytes(events, { decoders, disclosed, disclosedIn, pseudonyms });
  let replaced = -kept;
  const told = events.map((event): TraceEvent => {
    const own = bytes.get(event.index);
    replaced += own?.length ?? 0;
    return { ...event, process: said.process(event.process), channel: said.channel(event.channel), bytes: own, data: said.data(event) };
  });
  const { values } = pseudonyms;
  return {
    header: {
      ...header,
      version: TRACE_VERSION,
      kind: 'anonymised',
      name,
      // A seed could bring back what was drawn from it.
      seed: '',
      title: 'An anonymised trace: what nobody may see was replaced by something of the same length.',
      plan: { anonymised: { from: header.kind, values, kept, replaced }, ...streamsPlan(streams) },
    },
    events: told,
    ending: footer === undefined ? undefined : endingOf(footer),
    values,
    kept,
    replaced,
  };
}

/** The reason tells what was said. */
const endingOf = ({ outcome, check, at }: TraceFooter): TraceEnding => ({
  outcome,
  check: /^[\w./-]{0,120}$/.test(check) ? check : '',
  at,
  why: '',
});
