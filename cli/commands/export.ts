/**
 * `slipway export`: a trace, or a capture, in the form of another tool.
 */
import type { Catalogue } from '../../protocols/catalogue.ts';
import { concat, printable, utf8 } from '../../src/host/bytes.ts';
import { captureOf } from '../../src/trace/capture/capture.ts';
import { DecodedTrace } from '../../src/trace/decoded.ts';
import type { TraceEvent, TraceHeader } from '../../src/trace/event.ts';
import { luaDissector, shapesOf } from '../../src/trace/export/lua.ts';
import { markdownOf } from '../../src/trace/export/markdown.ts';
import { mermaidOf } from '../../src/trace/export/mermaid.ts';
import { notesOf } from '../../src/trace/export/notes.ts';
import { perfettoOf } from '../../src/trace/export/perfetto.ts';
import { svgOf } from '../../src/trace/export/svg.ts';
import { labelsOf } from '../../src/trace/labels.ts';
import { streamOf } from '../../src/trace/message.ts';
import { drawnOf } from '../../src/trace/sequence.ts';
import { streamsOf } from '../../src/trace/streams.ts';
import type { Knowing } from '../context.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { noteDropped, noteProblems } from '../in-part.ts';
import { decodersOf, protocolsIn } from '../known.ts';
import { loadCatalogue, protocolIn } from '../load.ts';
import type { LoadedTrace } from '../loaded-trace.ts';
import { requireWritable } from '../places.ts';
import { count, plural } from '../screen.ts';
import { loadTrace, saveBytes } from '../trace-files.ts';

export const EXPORT_FORMS = ['pcapng', 'lua', 'perfetto', 'mermaid', 'svg', 'markdown'] as const;
type Form = (typeof EXPORT_FORMS)[number];

export interface ExportFlags {
  readonly as: string;
  readonly process?: string;
  readonly out?: string;
}

interface Exported {
  readonly trace: LoadedTrace & { readonly header: NonNullable<LoadedTrace['header']> };
  /** The first is that of the trace. */
  readonly spoken: readonly [Spoken, ...Spoken[]];
  /** Each form decodes once. */
  readonly decoded: DecodedTrace;
}

/** A protocol, and the events of the streams that speak it. */
interface Spoken {
  readonly protocol: string;
  readonly title: string;
  readonly events: readonly TraceEvent[];
}

/** What was made, and what is not in it. */
interface Made {
  readonly parts: readonly Uint8Array[];
  readonly lacks?: string;
}

const MAKE: Readonly<Record<Form, (exported: Exported) => Made>> = {
  pcapng({ trace: { header, events }, spoken, decoded }) {
    const notes = new Map(spoken.flatMap(each => [...notesOf(each.events, each.protocol, decoded)]));
    const { parts, omitted } = captureOf(events, { comment: header.title, notes });
    return { parts, ...(omitted === 0 ? {} : { lacks: `${plural(omitted, 'packet')} beyond the limit left out` }) };
  },
  lua: ({ spoken, decoded }) =>
    // Names of one script are not those of the next.
    text(spoken.length === 1 ? luaOf(spoken[0], decoded) : spoken.map(each => `do\n${luaOf(each, decoded)}end\n`).join('\n')),
  perfetto: ({ trace, decoded }) => ({ parts: [...perfettoOf(trace.events, labelsOf(trace.events, decoded))].map(utf8) }),
  mermaid: exported => text(mermaidOf(rowsOf(exported))),
  svg: exported => text(svgOf(rowsOf(exported), `${exported.trace.header.name}: ${exported.trace.header.title}`)),
  markdown: exported => text(markdownOf(rowsOf(exported), exported.trace.header, exported.trace.footer)),
};

function luaOf({ protocol, title, events }: Spoken, decoded: DecodedTrace): string {
  return luaDissector(protocol, title, shapesOf(events, decoded));
}

const text = (whole: string): Made => ({ parts: [utf8(whole)] });
const rowsOf = ({ trace: { events }, decoded }: Exported): ReturnType<typeof drawnOf> =>
  drawnOf(events, labelsOf(events, decoded), undefined);

export async function exportTrace(file: string, { as, process: named, out }: ExportFlags, { screen, modules }: Knowing): Promise<ExitCode> {
  const form = EXPORT_FORMS.find(each => each === as);
  if (form === undefined) throw usage(`--as ${printable(as, 40)}: the forms are ${EXPORT_FORMS.join(', ')}`);
  if (out !== undefined) requireWritable('--out', out);
  const { header, ...rest } = await loadTrace(file, modules);
  if (header === undefined) throw usage(`${file}: not a trace`);
  const events = named === undefined ? rest.events : of(named, rest.events);
  const catalogue = await loadCatalogue(modules, protocolsIn(header));
  const decoded = new DecodedTrace(decodersOf(header, catalogue));
  const { parts, lacks } = MAKE[form]({
    trace: { ...rest, events, header },
    spoken: spokenIn(header, events, catalogue),
    decoded,
  });
  if (out === undefined) process.stdout.write(concat(parts));
  else {
    saveBytes(out, parts);
    screen.line(`${out}: ${count(parts.reduce((sum, part) => sum + part.length, 0))} bytes, ${plural(events.length, 'event')}`);
  }
  if (lacks !== undefined) screen.note(`${file}: ${lacks}`);
  noteDropped(decoded.dropped, screen);
  noteProblems(file, rest.problems, screen);
  return EXIT.ok;
}

function spokenIn(header: TraceHeader, events: readonly TraceEvent[], { protocols }: Pick<Catalogue, 'protocols'>): Exported['spoken'] {
  const own = protocolIn(header.name);
  const streams = streamsOf(header);
  const spoken = (protocol: string): Spoken => ({
    protocol,
    title: protocols.find(({ name }) => name === protocol)?.title ?? protocol,
    events: streams.size === 0 ? events : events.filter(({ channel }) => (streams.get(streamOf(channel)) ?? own) === protocol),
  });
  return [spoken(own), ...protocolsIn(header).slice(1).map(spoken)];
}

function of(process: string, events: readonly TraceEvent[]): readonly TraceEvent[] {
  const names = [...new Set(events.map(each => each.process))].filter(each => each !== '');
  if (!names.includes(process)) throw usage(`--process ${printable(process, 60)}: there are ${printable(names.join(', '), 400)}`);
  return events.filter(each => each.process === process);
}
