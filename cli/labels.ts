/**
 * What is written at the events of a run, for people: messages by the decoders of the suite, and when who starts and ends.
 */
import type { Decoder, Item } from '../conformance/case.ts';
import type { Suite } from '../conformance/suite.ts';
import type { TraceEvent } from '../src/trace/event.ts';

/** `undefined` for an event about which nothing is to be said. */
export function labelsOf(events: readonly TraceEvent[], suite: Suite): (event: TraceEvent) => string | undefined {
  const labels = new Map<number, string>();
  const programs = new Map<string, string>();
  const decoders = new Map<string, { readonly name: string; readonly decoder: Decoder | undefined }>();
  // What nobody in the run reads goes out of it: standard output.
  const read = new Set(events.filter(each => each.kind === 'recv').map(each => each.channel));
  for (const event of events) {
    const { kind, process, channel, data } = event;
    if (kind === 'start') programs.set(process, String(data?.['program']));
    if (kind === 'attach') {
      const found = channelOf(suite, programs.get(process), Number(data?.['fd']));
      if (found !== undefined && !decoders.has(channel)) decoders.set(channel, { name: found[0], decoder: found[1]?.(new Map()) });
    }
    const label = kind === 'send' && !read.has(channel) ? undefined : labelOf(event, decoders.get(channel));
    if (label !== undefined) labels.set(event.index, label);
  }
  return event => labels.get(event.index);
}

/** The channel of a role that one of ours plays, by the descriptor it has there. */
function channelOf(suite: Suite, program: string | undefined, descriptor: number) {
  const [role] = Object.entries(suite.own).find(([, own]) => own.program === program) ?? [''];
  const channels = Object.entries(suite.roles[role]?.channels ?? {});
  const [name, wiring] = channels.find(([, each]) => each.descriptor === descriptor) ?? [];
  return name === undefined ? undefined : ([name, wiring?.decoder] as const);
}

function labelOf({ kind, bytes, data }: TraceEvent, channel: { readonly name: string; readonly decoder: Decoder | undefined } | undefined) {
  switch (kind) {
    case 'start':
      return 'starts';
    case 'exit':
      return data?.['signal'] === undefined ? `ends with ${String(data?.['code'])}` : `is ended by ${String(data['signal'])}`;
    case 'eof':
      return `reads the end${channel === undefined ? '' : ` of ${channel.name}`}`;
    case 'send': {
      const items = channel?.decoder?.feed(bytes ?? new Uint8Array(0)) ?? [];
      return items.length === 0 ? undefined : items.map(itemText).join(', ');
    }
    default:
      return undefined;
  }
}

function itemText(item: Item): string {
  if (item.kind === 'violation') return `breaks ${item.clause}: ${item.detail}`;
  const fields = Object.entries(item.fields).map(([name, value]) => `${name} ${value}`);
  return [item.type, ...fields].join(' ');
}
