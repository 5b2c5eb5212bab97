/**
 * Who wants to know of a kernel (B11): that it has come, that it has left, and that this one shuts down.
 */
import { EVERY_KERNEL } from './specifier.ts';

export interface Observed {
  readonly change: 'registered' | 'unregistered' | 'shutdown';
  /** The id or the alias that it is about; of a shutdown what was monitored. */
  readonly name: string;
  /** True only for the id of a kernel. */
  readonly isId: boolean;
  /** Id of the kernel. */
  readonly kernel: string;
}

export type Monitor = (observed: Observed) => void;

export class Monitors {
  readonly #monitors: Map<string, Set<Monitor>> = new Map();

  /** `name`: of a kernel or an alias, or `*` for all. Returns what ends it. */
  add(name: string, monitor: Monitor): () => void {
    const same = this.#monitors.get(name) ?? new Set();
    same.add(monitor);
    this.#monitors.set(name, same);
    return () => {
      same.delete(monitor);
      if (same.size === 0) this.#monitors.delete(name);
    };
  }

  tell(observed: Observed): void {
    for (const name of [observed.name, EVERY_KERNEL]) for (const monitor of [...(this.#monitors.get(name) ?? [])]) monitor(observed);
  }

  /** Each is told, and there are none any more. */
  shutdown(): void {
    const all = [...this.#monitors];
    this.#monitors.clear();
    for (const [name, same] of all) for (const monitor of same) monitor({ change: 'shutdown', name, isId: false, kernel: '' });
  }
}
