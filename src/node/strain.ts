/**
 * How much time this computer did not have: how late our own timers are, how long processes were ready to run and did not
 * (schedstat in proc(5)), and how long the machine stood still for disks or memory (/proc/pressure).
 * Lacks: processes that ended before they were asked about, and all but our own timers where there is no /proc.
 */
import type { Pid } from '../host/host.ts';
import { type Duration, micros } from '../host/time.ts';
import { namesIn, textAt } from './proc.ts';

export interface Measured {
  readonly lag: Duration;
  readonly waited: Duration;
  readonly stalled: Duration;
}

/** Between two looks at the clock, in milliseconds. A timer that is later than the second is late. */
const TICK_MS = 20;
const LATE_MS = 5;

/** Measures from its making until `close`. */
export class StrainGauge {
  readonly #members: () => readonly Pid[];
  /** Also what waits for the cores of the machine counts as standing still: of a process that cannot be asked. */
  readonly #resources: readonly string[];
  readonly #ticks: NodeJS.Timeout;
  #due: number = performance.now() + TICK_MS;
  #lateMillis = 0;
  /** Who was there at the last measurement. */
  #known: readonly Pid[] = [];

  /** `members` are the processes that are asked about; none where they are not ours to see. */
  constructor(members: (() => readonly Pid[]) | undefined) {
    this.#members = members ?? (() => []);
    this.#resources = members === undefined ? ['cpu', 'io', 'memory'] : ['io', 'memory'];
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.#ticks.unref();
  }

  /** Of the time from now until it is asked. */
  begin(): () => Measured {
    const lateMillis = this.#late();
    const waited = new Map(this.#known.map(pid => [pid, waitOf(pid)]));
    const stalled = this.#resources.map(stallOf);
    return () => {
      this.#known = this.#members();
      const waits = this.#known.map(pid => waitOf(pid) - (waited.get(pid) ?? 0));
      const stalls = this.#resources.map((resource, index) => stallOf(resource) - (stalled[index] ?? 0));
      return {
        lag: micros((this.#late() - lateMillis) * 1_000),
        waited: micros(Math.max(0, ...waits) / 1_000),
        stalled: micros(Math.max(0, ...stalls)),
      };
    };
  }

  close(): void {
    clearInterval(this.#ticks);
  }

  #tick(): void {
    this.#lateMillis = this.#late();
    this.#due = performance.now() + TICK_MS;
  }

  /** With the tick that should have come already. */
  #late(): number {
    const late = performance.now() - this.#due;
    return this.#lateMillis + (late < LATE_MS ? 0 : late);
  }
}

/** Of its longest waiting thread, in nanoseconds: the second number of schedstat. */
function waitOf(pid: Pid): number {
  const tasks = `/proc/${pid}/task`;
  return Math.max(0, ...namesIn(tasks).map(task => Number(textAt(`${tasks}/${task}/schedstat`).split(' ')[1] ?? 0)));
}

/** In microseconds: `some avg10=… total=N`. */
const stallOf = (resource: string): number => Number(/^some .*total=(\d+)/m.exec(textAt(`/proc/pressure/${resource}`))?.[1] ?? 0);
