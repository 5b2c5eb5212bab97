/**
 * What a parent must do with its children when it is signalled: each is asked for its status, or ended, in time (README.md of lonc, L9, and
 * ../../../src/impl/supervision/README.md). How often they are started again is judged by properties/children.ts.
 * Lacks: what it says in its logs and its status file.
 */
import { after, type Duration, type Instant, ORIGIN, since } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Duties } from './duties.ts';
import { STOP_LIMIT, SWEEP_PAUSE } from './facts.ts';

export class ParentModel {
  readonly #process: string;
  readonly #duties: Duties;
  readonly #living = new Set<number>();
  /** Children that are still to be asked for their status. */
  #sweep = new Set<number>();
  #asked: Instant = ORIGIN;
  #stopping: 'exit' | 'exec' | undefined;
  #pidFile = '';

  constructor(process: string, duties: Duties) {
    this.#process = process;
    this.#duties = duties;
  }

  see(event: TraceEvent): string | undefined {
    const { kind, time, data } = event;
    switch (kind) {
      case 'spawn':
        return this.#spawns(data);
      case 'wait':
        this.#buries(Number(data?.['child']), time);
        return undefined;
      case 'rename':
        if (String(data?.['to']).endsWith('.pid') && data?.['error'] === undefined) this.#pidFile = String(data?.['to']);
        return undefined;
      case 'unlink':
        if (data?.['path'] === this.#pidFile) this.#pidFile = '';
        return undefined;
      case 'signal':
        return this.#signalled(String(data?.['signal']), time);
      case 'kill':
        return data?.['signal'] === 'SIGUSR1' ? this.#asks(Number(data['target']), time) : undefined;
      case 'exec':
      case 'exit':
        return this.#ends(event);
      default:
        return undefined;
    }
  }

  #spawns(data: TraceEvent['data']): string | undefined {
    if (this.#stopping !== undefined) return 'starts a child, and was told to end';
    if (data?.['error'] === undefined) this.#living.add(Number(data?.['child']));
    return undefined;
  }

  #buries(child: number, time: Instant): void {
    this.#living.delete(child);
    this.#sweep.delete(child);
    if (this.#sweep.size === 0) this.#duties.done(this.#process, 'sweep');
    if (this.#stopping !== undefined && this.#living.size === 0) this.#owe('end', time, 'has no children any more, and does not end');
  }

  #signalled(signal: string, time: Instant): undefined {
    if (signal === 'SIGUSR1' && this.#stopping === undefined) {
      this.#sweep = new Set(this.#living);
      const length = ((this.#sweep.size + 1) * SWEEP_PAUSE) as Duration;
      if (this.#sweep.size > 0) this.#owe('sweep', after(time, length), 'does not ask all of its children for their status');
    }
    if (signal !== 'SIGTERM' && signal !== 'SIGINT' && signal !== 'SIGHUP') return;
    const then = signal === 'SIGHUP' ? 'exec' : 'exit';
    this.#duties.done(this.#process, 'sweep');
    if (this.#stopping === undefined)
      this.#owe('end', after(time, this.#living.size === 0 ? (0 as Duration) : STOP_LIMIT), 'was told to end, and does not');
    if (this.#stopping === undefined || then === 'exit') this.#stopping = then;
  }

  #asks(child: number, time: Instant): string | undefined {
    if (!this.#living.has(child)) return `signals process ${child}, which is no child of its own`;
    const early = since(this.#asked, time) < SWEEP_PAUSE;
    this.#asked = time;
    this.#sweep.delete(child);
    if (this.#sweep.size === 0) this.#duties.done(this.#process, 'sweep');
    return early ? 'asks its children for their status without a pause' : undefined;
  }

  #ends({ kind, data }: TraceEvent): string | undefined {
    this.#duties.forget(this.#process);
    if (data?.['signal'] !== undefined || this.#stopping === undefined) return undefined;
    if (this.#living.size > 0) return `ends, and ${this.#living.size} of its children live on`;
    if (this.#pidFile !== '') return `ends, and leaves ${this.#pidFile}`;
    if (kind !== this.#stopping) return `was told to ${this.#stopping}, and does ${kind}`;
    return kind === 'exit' && data?.['code'] !== 0 ? `ends with status ${String(data?.['code'])}` : undefined;
  }

  #owe(key: string, at: Instant, what: string): void {
    this.#duties.owe(this.#process, key, at, what);
  }
}
