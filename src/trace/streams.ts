/**
 * Which streams of a trace speak another protocol than the trace, as its plan has it: `{"streams":{"ikc":"tcp1 tcp4-9","capture":"udp3"}}`, where
 * `capture` is nobody's.
 * Lacks: a bound; whoever writes it says of how many streams it is.
 */
import type { JsonValue, TraceHeader } from './event.ts';
import { type Decoders, decodersBy } from './message.ts';

/** In the place of a protocol, where nobody knows. */
export const NOBODY = 'capture';

/** By the name of a stream its protocol. */
export type SpokenStreams = ReadonlyMap<string, string>;

const STREAMS = 'streams';
/** A damaged file must not name streams without an end. */
const STREAMS_LIMIT = 1_000_000;

/** For the plan; nothing where all streams are of the protocol of the trace. */
export function streamsPlan(streams: SpokenStreams): { readonly [STREAMS]?: Readonly<Record<string, string>> } {
  if (streams.size === 0) return {};
  const names = new Map<string, string[]>();
  for (const [stream, protocol] of streams) names.set(protocol, [...(names.get(protocol) ?? []), stream]);
  return { [STREAMS]: Object.fromEntries([...names].map(([protocol, each]) => [protocol, rangesOf(each)])) };
}

/** What the plan of a trace says; empty where it says nothing. */
export function streamsOf({ plan }: Pick<TraceHeader, 'plan'>): SpokenStreams {
  const streams = new Map<string, string>();
  const table = fieldOf(plan, STREAMS);
  if (typeof table !== 'object' || table === null || Array.isArray(table)) return streams;
  for (const [protocol, text] of Object.entries(table)) {
    if (typeof text !== 'string') continue;
    for (const word of text.split(' '))
      for (const stream of rangeOf(word)) {
        if (streams.size >= STREAMS_LIMIT) return streams;
        streams.set(stream, protocol);
      }
  }
  return streams;
}

/** How the streams of a trace are decoded: those of another protocol by its decoders, as far as they are known, the rest by `own`. */
export function decodersFor(header: Pick<TraceHeader, 'plan'>, own: Decoders, known: (protocol: string) => Decoders | undefined): Decoders {
  const streams = streamsOf(header);
  if (streams.size === 0) return own;
  return decodersBy(stream => {
    const protocol = streams.get(stream);
    return protocol === undefined ? own : ((protocol === NOBODY ? undefined : known(protocol)) ?? {});
  });
}

/** Of names that end in numbers, in their order: those that follow each other as one. */
function rangesOf(names: readonly string[]): string {
  const words: string[] = [];
  let open: { carrier: string; first: number; last: number } | undefined;
  const close = (): void => {
    if (open !== undefined) words.push(`${open.carrier}${open.first}${open.last > open.first ? `-${open.last}` : ''}`);
    open = undefined;
  };
  for (const name of names) {
    const [, carrier = '', digits] = /^([a-z]+)([1-9]\d{0,14}|0)$/.exec(name) ?? [];
    if (digits === undefined) {
      close();
      words.push(name);
    } else if (open !== undefined && open.carrier === carrier && open.last + 1 === Number(digits)) open.last++;
    else {
      close();
      open = { carrier, first: Number(digits), last: Number(digits) };
    }
  }
  close();
  return words.join(' ');
}

function* rangeOf(word: string): Generator<string> {
  const [, carrier = '', first, last] = /^([a-z]+)(\d{1,15})-(\d{1,15})$/.exec(word) ?? [];
  if (first === undefined || last === undefined) {
    if (word !== '') yield word;
    return;
  }
  for (let at = Number(first); at <= Number(last); at++) yield `${carrier}${at}`;
}

const fieldOf = (plan: JsonValue, name: string): JsonValue | undefined =>
  typeof plan === 'object' && plan !== null && !Array.isArray(plan) && Object.hasOwn(plan, name)
    ? (plan as { readonly [key: string]: JsonValue })[name]
    : undefined;
