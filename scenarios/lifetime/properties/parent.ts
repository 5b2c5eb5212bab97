/**
 * What our parent makes of what its child writes: judged by its observations, against a second reading of the bytes.
 */

import { type AlwaysProperty, always, type ResponseProperty, responds } from '../../../src/check/property.ts';
import { formatTime, millis, seconds } from '../../../src/host/time.ts';
import { canonicalJson } from '../../../src/trace/canonical.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { FAMILY_KINDS } from '../family.ts';
import { expectedObservation } from '../frames.ts';
import { observationIn, WIRE_KINDS, Wire } from '../wire.ts';

/** Observations that are messages of the child. */
const MESSAGES: readonly unknown[] = ['lifetime', 'address', 'unknown'];

type Observation = ReturnType<typeof observationIn>;

/** Judges each event, and what a parent observes by it if it does, after the wire has seen it. */
const observing = (
  name: string,
  text: string,
  judging: (wire: Wire) => (event: TraceEvent, observed: Observation) => string | undefined,
): AlwaysProperty =>
  always(
    name,
    text,
    () => {
      const wire = new Wire();
      const judge = judging(wire);
      return {
        see: event => {
          wire.see(event);
          return judge(event, observationIn(event, wire.families));
        },
      };
    },
    WIRE_KINDS,
  );

/** Of an honest child: a kill can cut the sequence short, and every frame here is short enough to be written whole. */
export const noViolation: AlwaysProperty = observing(
  'no-violation',
  'A parent finds no fault with a child that keeps to the protocol.',
  () => (event, observed) =>
    observed?.['event'] === 'violation'
      ? `${event.process} reports ${String(observed['clause'])}: ${String(observed['detail'])}`
      : undefined,
);

export const observedAsSent: AlwaysProperty = observing(
  'observed-as-sent',
  'A parent observes the messages its child sent, each as it was sent, in order and without a gap.',
  wire => {
    const counts = new Map<string, number>();
    return (event, observed) => {
      if (observed === undefined || !MESSAGES.includes(observed['event'])) return undefined;
      const count = counts.get(event.process) ?? 0;
      counts.set(event.process, count + 1);
      const child = wire.families.ofParent(event.process)?.child ?? '';
      const frame = wire.writtenBy(child)?.tap.frames[count];
      if (frame === undefined) return `${event.process} observed message ${count}, which ${child} never sent`;
      const [left, right] = [canonicalJson(observed), canonicalJson(expectedObservation(frame))];
      return left === right ? undefined : `message ${count} was sent as ${right} and observed as ${left}`;
    };
  },
);

/** For runs in which nothing keeps the parent from reading: no faults, and less delay than its own limits. */
export const nothingUnread: AlwaysProperty = observing(
  'nothing-unread',
  'When a parent ends, it has observed every message of a child that exited by itself (DC-21, DC-22).',
  wire => {
    const counts = new Map<string, number>();
    return (event, observed) => {
      const count = counts.get(event.process) ?? 0;
      if (observed !== undefined && MESSAGES.includes(observed['event'])) counts.set(event.process, count + 1);
      const family = event.kind === 'exit' ? wire.families.ofParent(event.process) : undefined;
      if (family?.childExit?.['code'] === undefined) return undefined;
      const sent = wire.writtenBy(family.child)?.tap.frames.length ?? 0;
      return count < sent ? `${event.process} ended having observed ${count} of ${sent} messages` : undefined;
    };
  },
);

interface ParentState {
  stopped: boolean;
  violated: boolean;
}

export const statusIsTrue: AlwaysProperty = observing(
  'status-is-true',
  'A parent exits with status 0 if and only if it stopped a child that then exited with status 0 and kept to the protocol.',
  wire => {
    const states = new Map<string, ParentState>();
    return (event, observed) => {
      const what = observed?.['event'];
      const own = states.get(event.process) ?? { stopped: false, violated: false };
      if (what === 'stop' || what === 'violation') states.set(event.process, own);
      if (what === 'stop') own.stopped = true;
      if (what === 'violation') own.violated = true;
      const family = event.kind === 'exit' ? wire.families.ofParent(event.process) : undefined;
      const code = family?.parentExit?.['code'];
      if (family === undefined || code === undefined) return undefined;
      const clean = own.stopped && !own.violated && family.childExit?.['code'] === 0;
      const ended = `child ${JSON.stringify(family.childExit ?? {})}, stopped ${own.stopped}, violation ${own.violated}`;
      return clean === (code === 0) ? undefined : `${event.process} exited with status ${String(code)}: ${ended}`;
    };
  },
);

/** Read beyond the header of a payload that is too long: the read that brought the header, and one more. */
const BEYOND = 8_192;

/** The scenario reads at most half of BEYOND at once. */
export const memoryIsBounded: AlwaysProperty = always(
  'memory-is-bounded',
  `A parent reads at most ${BEYOND} bytes of a payload that is longer than its limit (DC-19).`,
  () => {
    const wire = new Wire();
    const read = new Map<string, number>();
    return {
      see: event => {
        wire.see(event);
        const family = event.kind === 'recv' ? wire.families.ofParent(event.process) : undefined;
        if (family === undefined || event.channel !== family.events) return undefined;
        const total = (read.get(event.process) ?? 0) + (event.bytes?.length ?? 0);
        read.set(event.process, total);
        const hugeAt = wire.writtenBy(family.child)?.tap.hugeAt ?? -1;
        return hugeAt >= 0 && total > hugeAt + BEYOND
          ? `${event.process} took ${total - hugeAt} bytes of a payload that is too long`
          : undefined;
      },
    };
  },
  [...WIRE_KINDS, 'recv'],
);

/** What a parent has written to a pipe that is its standard output, and nobody has read. */
class Unread {
  readonly #wire = new Wire();
  readonly #bytes = new Map<string, number>();
  readonly #paused = new Set<string>();
  readonly #writers = new Map<string, string>();

  /** The parent whose output this changes. */
  see(event: TraceEvent): { readonly parent: string; readonly bytes: number } | undefined {
    this.#wire.see(event);
    const { kind, process, channel, bytes } = event;
    const { families } = this.#wire;
    const family = families.ofParent(process);
    if (family !== undefined && kind === 'pause' && channel === family.events) this.#paused.add(process);
    // Nobody reads its observations any more, and so nothing waits to be read.
    if (kind === 'close' && this.#writers.get(channel) === process) return { parent: process, bytes: 0 };
    if (kind === 'resume' || kind === 'exit' || kind === 'close') this.#paused.delete(process);
    const written = kind === 'send' && family !== undefined && families.isOutput(event);
    if (written) this.#writers.set(channel, process);
    const parent = this.#writers.get(channel);
    if (parent === undefined || !(written || kind === 'recv')) return undefined;
    const left = (this.#bytes.get(channel) ?? 0) + (written ? 1 : -1) * (bytes?.length ?? 0);
    this.#bytes.set(channel, left);
    return { parent, bytes: left };
  }

  /** It has stopped reading what its child says. */
  isPaused(parent: string): boolean {
    return this.#paused.has(parent);
  }
}
const UNREAD_KINDS: readonly EventKind[] = [...WIRE_KINDS, 'recv', 'pause', 'resume', 'close'];

/** REPORT_PENDING_MAX beyond the 64 KiB that a pipe holds, and what one more read may bring. */
const OBSERVATIONS_MOST = 65_536 + 65_536 + 32_768;

export const observationsBounded: AlwaysProperty = always(
  'observations-bounded',
  'A parent whose observations nobody reads reads no further itself.',
  () => {
    const unread = new Unread();
    return {
      see: event => {
        const { parent, bytes = 0 } = unread.see(event) ?? {};
        return bytes > OBSERVATIONS_MOST ? `${parent} has observed ${bytes} bytes that nobody has read` : undefined;
      },
    };
  },
  UNREAD_KINDS,
);

const READS_ON = millis(200);

export const readsOn: ResponseProperty = responds(
  'reads-on',
  `A parent whose observations have all been read, or are read by nobody any more, reads on within ${formatTime(READS_ON)}.`,
  READS_ON,
  () => {
    const unread = new Unread();
    return {
      trigger: event => {
        const changed = unread.see(event);
        const isOver = event.kind === 'recv' || event.kind === 'close';
        return changed?.bytes === 0 && isOver && unread.isPaused(changed.parent) ? changed.parent : undefined;
      },
      response: ({ kind, process, data }) =>
        kind === 'resume' || kind === 'exit' || (kind === 'close' && data?.['error'] === undefined) ? process : undefined,
    };
  },
  UNREAD_KINDS,
);

/** Long enough for a parent to stop a child that hangs in the middle of a frame: only its end gives it away. */
const REPORTED = seconds(3);

export const violationIsReported: ResponseProperty = responds(
  'violation-is-reported',
  `A parent reports what its child did wrong within ${formatTime(REPORTED)}.`,
  REPORTED,
  () => {
    const wire = new Wire();
    return {
      trigger: event => {
        const writing = wire.see(event);
        return writing === undefined ? undefined : writing.family.parent;
      },
      response: event => (observationIn(event, wire.families)?.['event'] === 'violation' ? event.process : undefined),
    };
  },
  WIRE_KINDS,
);

/** A parent waits for every child, and soon: a child that nobody waits for stays in the process table. */
const REAPED = millis(500);

export const parentReaps: ResponseProperty = responds(
  'parent-reaps',
  `A parent waits for a child that has ended within ${formatTime(REAPED)}.`,
  REAPED,
  () => {
    const wire = new Wire();
    const childOf = (process: string): string => wire.families.ofParent(process)?.child ?? '';
    return {
      trigger: event => {
        wire.families.see(event);
        const family = event.kind === 'exit' ? wire.families.ofChild(event.process) : undefined;
        return family !== undefined && family.parentExit === undefined ? family.child : undefined;
      },
      response: event => {
        const child = childOf(event.process);
        if (event.kind === 'wait') return child.endsWith(`.${String(event.data?.['child'])}`) ? child : undefined;
        // A parent that was killed waits for nobody.
        return event.kind === 'exit' && event.data?.['signal'] !== undefined ? child : undefined;
      },
      excuses: event => event.kind === 'power',
    };
  },
  [...FAMILY_KINDS, 'wait', 'power'],
);
