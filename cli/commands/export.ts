/**
 * `slipway export`: a trace, or a capture, in the form of another tool.
 */
import { concat, printable, utf8 } from '../../src/host/bytes.ts';
import { captureOf } from '../../src/trace/capture/capture.ts';
import { DecodedTrace } from '../../src/trace/decoded.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { luaDissector, shapesOf } from '../../src/trace/export/lua.ts';
import { markdownOf } from '../../src/trace/export/markdown.ts';
import { mermaidOf } from '../../src/trace/export/mermaid.ts';
import { notesOf } from '../../src/trace/export/notes.ts';
import { perfettoOf } from '../../src/trace/export/perfetto.ts';
import { svgOf } from '../../src/trace/export/svg.ts';
import { labelsOf } from '../../src/trace/labels.ts';
import { drawnOf } from '../../src/trace/sequence.ts';
import type { Knowing } from '../context.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { noteDropped, noteProblems } from '../in-part.ts';
import { protocolIn } from '../load.ts';
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
  readonly protocol: string;
  readonly title: string;
  /** Each form decodes once. */
  readonly decoded: DecodedTrace;
}

/** What was made, and what is not in it. */
interface Made {
  readonly parts: readonly Uint8Array[];
  readonly lacks?: string;
}

const MAKE: Readonly<Record<Form, (exported: Exported) => Made>> = {
  pcapng({ trace: { header, events }, protocol, decoded }) {
    const { parts, omitted } = captureOf(events, { comment: header.title, notes: notesOf(events, protocol, decoded) });
    return { parts, ...(omitted === 0 ? {} : { lacks: `${plural(omitted, 'packet')} beyond the limit left out` }) };
  },
  lua: ({ trace, protocol, title, decoded }) => text(luaDissector(protocol, title, shapesOf(trace.events, decoded))),
  perfetto: ({ trace, decoded }) => ({ parts: [...perfettoOf(trace.events, labelsOf(trace.events, decoded))].map(utf8) }),
  mermaid: exported => text(mermaidOf(rowsOf(exported))),
  svg: exported => text(svgOf(rowsOf(exported), `${exported.trace.header.name}: ${exported.trace.header.title}`)),
  markdown: exported => text(markdownOf(rowsOf(exported), exported.trace.header, exported.trace.footer)),
};

const text = (whole: string): Made => ({ parts: [utf8(whole)] });
const rowsOf = ({ trace: { events }, decoded }: Exported): ReturnType<typeof drawnOf> =>
  drawnOf(events, labelsOf(events, decoded), undefined);

export async function exportTrace(
  file: string,
  { as, process: named, out }: ExportFlags,
  { screen, modules, catalogueOf }: Knowing,
): Promise<ExitCode> {
  const form = EXPORT_FORMS.find(each => each === as);
  if (form === undefined) throw usage(`--as ${printable(as, 40)}: the forms are ${EXPORT_FORMS.join(', ')}`);
  if (out !== undefined) requireWritable('--out', out);
  const { header, ...rest } = await loadTrace(file, modules);
  if (header === undefined) throw usage(`${file}: not a trace`);
  const events = named === undefined ? rest.events : of(named, rest.events);
  const name = protocolIn(header.name);
  const { protocols } = await catalogueOf(header.name);
  const protocol = protocols.find(each => each.name === name);
  const decoded = new DecodedTrace(protocol?.decoders ?? {});
  const { parts, lacks } = MAKE[form]({
    trace: { ...rest, events, header },
    protocol: name,
    title: protocol?.title ?? name,
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

function of(process: string, events: readonly TraceEvent[]): readonly TraceEvent[] {
  const names = [...new Set(events.map(each => each.process))].filter(each => each !== '');
  if (!names.includes(process)) throw usage(`--process ${printable(process, 60)}: there are ${printable(names.join(', '), 400)}`);
  return events.filter(each => each.process === process);
}
