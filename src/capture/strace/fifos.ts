/**
 * Named pipes by their paths, as the calls of a log have them (fifo(7)): every end of one, whoever opens it, is an end of one channel.
 * Lacks: where a name is (folders.ts).
 */
import { FIFO_LIMIT } from '../limits.ts';

export class Fifos {
  readonly #channels = new Map<string, string>();

  /** Its channel; `undefined`: there is none of this name. */
  at(path: string): string | undefined {
    return this.#channels.get(path);
  }

  /** False: there are too many. */
  add(path: string, channel: string): boolean {
    if (this.#channels.size >= FIFO_LIMIT) return false;
    this.#channels.set(path, channel);
    return true;
  }

  /** Who has it open goes on with it. */
  remove(path: string): void {
    this.#channels.delete(path);
  }

  /** `undefined`: in a folder that nobody knows. */
  rename(from: string | undefined, to: string | undefined): void {
    const channel = from === undefined ? undefined : this.#channels.get(from);
    if (from !== undefined) this.remove(from);
    if (to === undefined) return;
    // What had that name is no more.
    this.remove(to);
    if (channel !== undefined) this.#channels.set(to, channel);
  }

  /** The log tells at last where a folder is. */
  move(from: string, to: string): void {
    for (const path of [...this.#channels.keys()])
      if (path.startsWith(`${from}/`)) this.rename(path, `${to.replace(/\/$/, '')}${path.slice(from.length)}`);
  }
}
