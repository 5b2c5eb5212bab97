/**
 * Nobody blocks and nobody is left behind: everything here comes to an end, and in time.
 */

import { type ResponseMonitor, type ResponseProperty, responds } from '../../../src/check/property.ts';
import { type Duration, formatTime, seconds } from '../../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { FAMILY_KINDS, Families } from '../family.ts';

/** How long a child may take to stop: its steps, and FLUSH_LIMIT for a parent that does not read. */
export const STOPPED: Duration = seconds(2);
/** EOF_LIMIT and REPORT_LIMIT of the parent, one after the other, and some. */
const PARENT_ENDS: Duration = seconds(3);
const STARTED: Duration = seconds(2);

type Trigger = (event: TraceEvent, families: Families) => string | undefined;

/** Something happens, and a process ends. A machine without power owes nothing. */
function endsAfter(name: string, text: string, within: Duration, trigger: Trigger, kinds: readonly EventKind[] = []): ResponseProperty {
  const monitor = (): ResponseMonitor => {
    const families = new Families();
    return {
      // The response is asked for first: families know of an exit from there on.
      response: event => {
        families.see(event);
        return event.kind === 'exit' ? event.process : undefined;
      },
      trigger: event => trigger(event, families),
      excuses: isPowerCut,
    };
  };
  return responds(name, text, within, monitor, [...FAMILY_KINDS, 'power', ...kinds]);
}

const isPowerCut = (event: TraceEvent): boolean => event.kind === 'power';

export const stopsOnEof: ResponseProperty = endsAfter(
  'stops-on-eof',
  `A child whose control pipe its parent has closed ends within ${formatTime(STOPPED)} (DC-04, DC-06, DC-16).`,
  STOPPED,
  (event, families) => families.controlClosed(event)?.child,
);

export const noOrphan: ResponseProperty = endsAfter(
  'no-orphan',
  `A child whose parent has ended ends within ${formatTime(STOPPED)}.`,
  STOPPED,
  (event, families) => {
    const family = event.kind === 'exit' ? families.ofParent(event.process) : undefined;
    return family !== undefined && family.child !== '' && family.childExit === undefined ? family.child : undefined;
  },
);

export const stopsOnSignal: ResponseProperty = endsAfter(
  'stops-on-signal',
  `A child that gets SIGTERM ends within ${formatTime(STOPPED)}.`,
  STOPPED,
  ({ kind, process, data }, families) => {
    const family = kind === 'kill' && data?.['signal'] === 'SIGTERM' ? families.ofParent(process) : undefined;
    return family?.childExit === undefined ? family?.child : undefined;
  },
  ['kill'],
);

export const parentEnds: ResponseProperty = endsAfter(
  'parent-ends',
  `A parent whose child has ended ends within ${formatTime(PARENT_ENDS)}.`,
  PARENT_ENDS,
  (event, families) => {
    const family = event.kind === 'exit' ? families.ofChild(event.process) : undefined;
    return family?.parentExit === undefined ? family?.parent : undefined;
  },
);

export const startUpCompletes: ResponseProperty = responds(
  'start-up-completes',
  `A child that has started runs, or has ended, within ${formatTime(STARTED)} (DC-05, DC-06).`,
  STARTED,
  () => {
    const families = new Families();
    return {
      trigger: event => {
        families.see(event);
        return event.kind === 'start' && families.ofChild(event.process) !== undefined ? event.process : undefined;
      },
      response: event => (event.kind === 'exit' || event.data?.['event'] === 'running' ? event.process : undefined),
      excuses: isPowerCut,
    };
  },
  [...FAMILY_KINDS, 'start', 'log', 'power'],
);
