/**
 * NO USELESS TIMER: one that fires does something, or it should have been cancelled. For programs of which that is known
 * (housekeeping.ts): a callback that looks and does nothing is no mistake in itself.
 * Lacks: what does not cross the Host; reading a clock is nothing.
 */
import type { TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always } from '../property.ts';
import { programOf } from './housekeeping.ts';

/** By program, the lengths of timers that may do nothing. */
type Idle = ReadonlyMap<string, readonly number[]>;

export const timersAct = (idle: Idle): AlwaysProperty =>
  always(
    'timers-act',
    `A timer of ${[...idle.keys()].join(', ')} does something when it fires, or is cancelled.`,
    () => new TimerMonitor(idle),
  );

class TimerMonitor implements AlwaysMonitor {
  readonly #idle: Idle;
  /** By process: the same, for each event asks. */
  readonly #idleOf = new Map<string, readonly number[] | undefined>();
  /** Events at which timers were set that may do nothing. */
  readonly #mayIdle = new Set<number>();
  /** The last event of a process, if a timer fired there: all that a callback does comes right after it. */
  #fired: TraceEvent | undefined;

  constructor(idle: Idle) {
    this.#idle = idle;
  }

  see(event: TraceEvent): string | undefined {
    if (event.kind === 'timer') this.#set(event);
    // Whoever lost power in a callback has done nothing in it, whatever it would have done.
    if (event.kind === 'power' && this.#fired?.process.startsWith(`${String(event.data?.['machine'])}/`) === true) this.#fired = undefined;
    const fired = this.#fired;
    // What the world does is nobody's doing.
    if (event.process === '' || (fired === undefined && event.kind !== 'fire')) return undefined;
    this.#fired = event.kind === 'fire' ? event : undefined;
    return fired === undefined || acts(fired, event) ? undefined : this.#complaint(fired);
  }

  end(): string | undefined {
    return this.#fired === undefined ? undefined : this.#complaint(this.#fired);
  }

  #set({ index, process, data }: TraceEvent): void {
    if (!this.#idleOf.has(process)) this.#idleOf.set(process, this.#idle.get(programOf(process)));
    if (this.#idleOf.get(process)?.includes(Number(data?.['delay'])) === true) this.#mayIdle.add(index);
  }

  #complaint({ process, index, cause }: TraceEvent): string | undefined {
    if (!this.#idle.has(programOf(process)) || this.#mayIdle.delete(cause)) return undefined;
    return `the timer that fired at event ${index} did nothing: ${process} had no use for it any more`;
  }
}

const acts = (fired: TraceEvent, next: TraceEvent): boolean =>
  next.process === fired.process && next.time === fired.time && next.kind !== 'fire';
