/**
 * What a child of ours may write to its event pipe, judged by what it wrote and not by what anybody says of it.
 */

import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import type { EventData } from '../../../src/host/event.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { LEGAL_BEGINNING } from '../frames.ts';
import { WIRE_KINDS, Wire, type Writing } from '../wire.ts';

/** A property of what a child has written, looked at after each of its writes. */
function ofWriting(name: string, text: string, judge: (writing: Writing) => string | undefined): AlwaysProperty {
  return always(
    name,
    text,
    () => {
      const wire = new Wire();
      return {
        see: event => {
          const writing = wire.see(event);
          return writing === undefined ? undefined : judge(writing);
        },
      };
    },
    WIRE_KINDS,
  );
}

export const framesWellFormed: AlwaysProperty = ofWriting(
  'frames-well-formed',
  'What a child writes to its event pipe is frames and nothing else (C2).',
  ({ family, tap }) => (tap.garbled === undefined ? undefined : `${family.child} wrote ${tap.garbled}`),
);

export const legalOrder: AlwaysProperty = ofWriting('legal-order', 'A child sends its messages in the order of C5.', ({ family, tap }) =>
  LEGAL_BEGINNING.test(tap.letters) ? undefined : `${family.child} sent ${tap.letters}`,
);

/** The exit of a child, with what it has written. */
type Leaving = Writing & { readonly exit: EventData };

/** A property of what a child has written by the time it ends; `log` is what it logged. */
function atExit(name: string, text: string, judge: (leaving: Leaving, logged: ReadonlySet<string>) => string | undefined): AlwaysProperty {
  return always(
    name,
    text,
    () => {
      const wire = new Wire();
      const logs = new Map<string, Set<string>>();
      return {
        see: event => {
          wire.see(event);
          if (event.kind === 'log') note(logs, event);
          const writing = event.kind === 'exit' ? wire.writtenBy(event.process) : undefined;
          if (writing === undefined || event.data === undefined) return undefined;
          return judge({ ...writing, exit: event.data }, logs.get(event.process) ?? NOTHING);
        },
      };
    },
    [...WIRE_KINDS, 'log'],
  );
}

const NOTHING: ReadonlySet<string> = new Set();

function note(logs: Map<string, Set<string>>, { process, data }: TraceEvent): void {
  const logged = logs.get(process) ?? new Set();
  logged.add(String(data?.['event']));
  logs.set(process, logged);
}

/** Whoever ends by exit had time to finish what it began; whoever is killed had not. */
export const wholeFrames: AlwaysProperty = atExit(
  'whole-frames',
  'A child that exits has written whole frames (DC-08).',
  ({ exit, tap, family }) => {
    if (exit['code'] === undefined || tap.unfinished === 0 || tap.garbled !== undefined) return undefined;
    return `${family.child} exited with ${tap.unfinished} bytes of a frame written and the rest not`;
  },
);

/** Its last words: 2,0, unless its database was never open, or the pipe broke, or its parent did not read; then its log says so. */
export const footerIsLast: AlwaysProperty = atExit(
  'footer-is-last',
  'A child that exits has sent 2,0, or tells its log why not (C5, DC-07, DC-18).',
  ({ exit, tap, family }, logged) => {
    if (exit['code'] === undefined || tap.letters.endsWith('d') || tap.garbled !== undefined) return undefined;
    if (logged.has('events-lost') || logged.has('database-open-failed')) return undefined;
    return `${family.child} exited with status ${String(exit['code'])} having sent ${tap.letters}`;
  },
);

/** Whose pipe broke before, for its parent was gone when it started, has nobody to say it to; its log says that. */
export const stopIsAnnounced: AlwaysProperty = always(
  'stop-is-announced',
  'A child says 2,1 before it stops its server (DC-03).',
  () => {
    const wire = new Wire();
    const broken = new Set<string>();
    return {
      see: event => {
        wire.see(event);
        if (event.kind !== 'log') return undefined;
        if (event.data?.['event'] === 'pipe-failed') broken.add(event.process);
        if (event.data?.['event'] !== 'server-stopped' || broken.has(event.process)) return undefined;
        const letters = wire.writtenBy(event.process)?.tap.letters ?? '';
        return letters.endsWith('p') ? undefined : `${event.process} has stopped its server having sent ${letters}`;
      },
    };
  },
  [...WIRE_KINDS, 'log'],
);
