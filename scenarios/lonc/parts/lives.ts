/**
 * The gateway children of every machine: which of them live, for whom, and since when.
 */
import type { Instant } from '../../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { machineOf, optionOf, programOf } from './processes.ts';

export const LIFE_KINDS: readonly EventKind[] = ['start', 'exec', 'exit', 'power'];
const CHILD = 'gateway-child';

export interface Life {
  /** The link, as `h1 for h2`. */
  readonly link: string;
  readonly process: string;
  readonly began: Instant;
}

export interface LifeChange {
  readonly kind: 'born' | 'died';
  readonly life: Life;
}

export class Lives {
  readonly #living = new Map<string, Life>();

  see(event: TraceEvent): LifeChange | undefined {
    const { kind, process, data } = event;
    if (kind === 'power') for (const key of [...this.#living.keys()]) if (machineOf(key) === data?.['machine']) this.#living.delete(key);
    const child = programOf(process) === CHILD || (kind === 'exec' && data?.['program'] === CHILD);
    if (!child) return undefined;
    if (kind === 'exit') {
      const life = this.#living.get(process);
      this.#living.delete(process);
      return life === undefined ? undefined : { kind: 'died', life };
    }
    const peer = optionOf(event, 'peer');
    if ((kind !== 'start' && kind !== 'exec') || peer === undefined) return undefined;
    const pid = process.slice(process.lastIndexOf('.'));
    const life = { link: `${machineOf(process)} for ${peer}`, process: `${machineOf(process)}/${CHILD}${pid}`, began: event.time };
    this.#living.set(life.process, life);
    return { kind: 'born', life };
  }

  get all(): readonly Life[] {
    return [...this.#living.values()];
  }

  of(link: string): readonly Life[] {
    return this.all.filter(life => life.link === link);
  }
}
