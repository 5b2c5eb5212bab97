/**
 * NO SIGNAL TO THE DEAD: the pid of a child that was waited for may be anybody's by now, so that nobody signals it any more.
 * Lacks: pids that somebody else reaped, of which a process cannot know.
 */
import type { TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always } from '../property.ts';
import { machineOf } from './housekeeping.ts';

export const noSignalToReaped: AlwaysProperty = always(
  'no-signal-to-reaped',
  'Nobody sends a signal to a child that it has waited for.',
  () => new ReapedMonitor(),
  ['spawn', 'wait', 'kill', 'exit', 'power'],
);

class ReapedMonitor implements AlwaysMonitor {
  /** Process -> pids of its children that it has waited for. */
  readonly #reaped = new Map<string, Set<unknown>>();

  see({ kind, process, data = {} }: TraceEvent): string | undefined {
    const own = this.#reaped.get(process);
    if (kind === 'wait' && data['error'] === undefined) this.#reaped.set(process, (own ?? new Set()).add(data['child']));
    else if (kind === 'spawn') own?.delete(data['child']);
    else if (kind === 'exit') this.#reaped.delete(process);
    else if (kind === 'power') this.#cut(data['machine']);
    else if (kind === 'kill' && data['signal'] !== 0 && own?.has(data['target']) === true)
      return `${process} sends ${String(data['signal'])} to ${String(data['target'])}, which it has waited for`;
    return undefined;
  }

  #cut(machine: unknown): void {
    for (const process of this.#reaped.keys()) if (machineOf(process) === machine) this.#reaped.delete(process);
  }
}
