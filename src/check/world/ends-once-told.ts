/**
 * WHO IS TOLD TO END ENDS: a process that takes SIGTERM or SIGINT itself, instead of dying of it, accepts nobody from then on, brings to its end what
 * it has begun, and is gone. Judged when nothing is left to happen, or, while something still does, of what was told before the last two
 * eighths of the liveness phase began; and sooner of a program of which it is known how long it may take (housekeeping.ts), counted from the
 * healing where it was told before.
 * Lacks: what becomes of its children; whether it begins something new on connections that it has, which only a protocol knows.
 */
import { after, type Duration, formatTime, type Instant } from '../../host/time.ts';
import type { TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always, type RunEnding } from '../property.ts';
import { machineOf, programOf } from './housekeeping.ts';

/** `liveness`: the length of that phase. `within`: of programs of which that is known. */
export const endsOnceTold = (liveness: Duration, within: ReadonlyMap<string, Duration>): AlwaysProperty =>
  always(
    'ends-once-told',
    'A process that handles SIGTERM or SIGINT accepts nobody after it got one, and has ended in the end.',
    () => new EndMonitor(liveness, within),
    ['signal', 'accept', 'exit', 'power', 'phase'],
  );

const ORDERS: readonly unknown[] = ['SIGTERM', 'SIGINT'];
const ENDS = 2 / 8;

class EndMonitor implements AlwaysMonitor {
  readonly #liveness: number;
  readonly #within: ReadonlyMap<string, Duration>;
  /** Process -> the first order that it got. */
  readonly #told = new Map<string, TraceEvent>();
  #begun: Instant | undefined;

  constructor(liveness: number, within: ReadonlyMap<string, Duration>) {
    this.#liveness = liveness;
    this.#within = within;
  }

  see(event: TraceEvent): string | undefined {
    const { kind, process, time, data = {} } = event;
    const told = this.#told.get(process);
    switch (kind) {
      case 'exit':
        this.#told.delete(process);
        return told === undefined || !this.#isLate(process, told, time) ? undefined : `${order(told)}, and ended at ${formatTime(time)}`;
      case 'accept':
        return told === undefined ? undefined : `${order(told)}, and accepts ${event.channel}`;
      case 'power':
        for (const each of this.#told.keys()) if (machineOf(each) === data['machine']) this.#told.delete(each);
        return undefined;
      case 'phase':
        if (data['name'] === 'liveness') this.#begun = time;
        return undefined;
      default:
        if (told === undefined && data['action'] === 'handler' && ORDERS.includes(data['signal'])) this.#told.set(process, event);
        return undefined;
    }
  }

  end({ time, ended }: RunEnding): string | undefined {
    const until = ended === 'quiet' ? time : (this.#begun ?? Number.POSITIVE_INFINITY) + this.#liveness * (1 - ENDS);
    for (const [process, told] of this.#told)
      if (told.time <= until || this.#isLate(process, told, time)) return `${order(told)}, and has not ended`;
    return undefined;
  }

  #isLate(process: string, told: TraceEvent, time: Instant): boolean {
    const within = this.#within.get(programOf(process));
    if (within === undefined || this.#begun === undefined) return false;
    const from = told.time > this.#begun ? told.time : this.#begun;
    return time > after(from, within);
  }
}

const order = ({ process, index, data }: TraceEvent): string => `${process} got ${String(data?.['signal'])} at event ${index}`;
