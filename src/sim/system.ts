/**
 * What a simulated machine knows of itself and of the people on it. A scenario sets it; the clock of the machine does the rest.
 * Lacks: processes that make load, and terminals: somebody has to say who types.
 */
import type { EventValue } from '../host/event.ts';
import type { Login, System } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import type { Duration, Instant } from '../host/time.ts';
import { instantOf, since } from '../host/time.ts';
import type { SimProcess } from './process/process.ts';

/** Somebody who is logged in, as a scenario says it. */
export interface Session {
  readonly line: string;
  readonly user: string;
  /** Wall time of the machine. */
  readonly since: Instant;
  /** Wall time of the last input; absent for a terminal without a node. */
  readonly lastInput: Instant | undefined;
}

/** A scenario may change all of it at any time. */
export interface MachineStatus {
  hostName: string;
  /** In hundredths. */
  load: readonly [one: number, five: number, fifteen: number];
  sessions: readonly Session[];
  /** Whether somebody keeps account of logins, and lets it be read. */
  accounting: 'kept' | 'absent' | 'unreadable';
}

const HOST_NAME_MAX = 64;

/** Of a machine that nobody has said anything about. */
export const statusOf = (name: string): MachineStatus => ({ hostName: name, load: [0, 0, 0], sessions: [], accounting: 'kept' });

export class SimSystem implements System {
  readonly #process: SimProcess;
  readonly #status: MachineStatus;

  constructor(process: SimProcess, status: MachineStatus) {
    this.#process = process;
    this.#status = status;
  }

  hostName(): string {
    return this.#answer('hostname', this.#status.hostName.slice(0, HOST_NAME_MAX));
  }

  bootTime(): Instant {
    const { core, computer } = this.#process;
    const { clock } = computer;
    return instantOf(this.#answer('boot', clock.wall(core.now) - clock.monotonic(core.now)));
  }

  loadAverages(): readonly [number, number, number] {
    const { load } = this.#status;
    this.#answer('load', load.join(' '));
    return load;
  }

  logins(): Result<readonly Login[]> {
    const { accounting, sessions } = this.#status;
    const call = 'logins';
    if (accounting !== 'kept') {
      const code = accounting === 'absent' ? 'ENOENT' : 'EACCES';
      this.#answer(call, code);
      return fail(code, call);
    }
    this.#answer(call, sessions.length);
    const { core, computer } = this.#process;
    const now = computer.clock.wall(core.now);
    const idle = (last: Instant | undefined): Duration | undefined => (last === undefined ? undefined : since(last, now));
    return ok(sessions.map(({ line, user, since: start, lastInput }) => ({ line, user, since: start, idle: idle(lastInput) })));
  }

  #answer<T extends EventValue>(of: string, answer: T): T {
    this.#process.call();
    this.#process.record('inquire', { data: { of, answer } });
    return answer;
  }
}
