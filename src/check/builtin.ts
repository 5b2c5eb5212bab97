/**
 * What must hold of every scenario, whatever its protocol.
 * Lacks: the limit on the events of a whole run, which src/check/run.ts sets and judges.
 */
import { seconds } from '../host/time.ts';
import { type AlwaysProperty, always } from './property.ts';

/** A daemon never throws: the world reports one that does as a `bug`. */
export const noBug: AlwaysProperty = always(
  'no-bug',
  'No daemon throws.',
  () => ({ see: event => `${event.process} threw: ${String(event.data?.['message'] ?? 'no message')}` }),
  ['bug'],
);

/** Events of one process in one second that no scenario here needs; one that moves much data byte by byte sets its own. */
export const BUSY_LOOP_LIMIT = 20_000;

/** Counted in whole seconds of simulated time, so that a burst across their edge may have twice as many. */
export function noBusyLoop(limit: number = BUSY_LOOP_LIMIT): AlwaysProperty {
  return always('no-busy-loop', `No process has more than ${limit} events in one second.`, () => {
    const counts = new Map<string, { second: number; count: number }>();
    return {
      see: event => {
        // The world's own events have no process: a schedule may decide as often as it must.
        if (event.process === '') return undefined;
        const second = Math.floor(event.time / seconds(1));
        const current = counts.get(event.process);
        if (current === undefined || current.second !== second) {
          counts.set(event.process, { second, count: 1 });
          return undefined;
        }
        current.count++;
        return current.count > limit ? `${event.process} had more than ${limit} events in second ${second}` : undefined;
      },
    };
  });
}

/** The name under which a run that used up its events is reported. */
export const EVENT_LIMIT = 'event-limit';
