/**
 * The objects of a forked server (R10): a file for each, replaced as a whole. Of two writers at the same time the later one stays.
 * Lacks: a lock, and a log.
 */
import type { Host } from '../../host/host.ts';
import { DONE, ok, type Result } from '../../host/result.ts';
import { above } from '../stable-log/folder.ts';
import type { Change } from './main-loop.ts';

export class CgiFiles {
  readonly #host: Host;
  readonly #state: string;
  readonly #durably: boolean;

  /** `durably`: each is on the disk, and replaces the one before as a whole. */
  constructor(host: Host, state: string, durably: boolean) {
    this.#host = host;
    this.#state = state;
    this.#durably = durably;
  }

  /** Undefined where it was never written, or was taken away. */
  read(user: string, object: string): Result<Uint8Array | undefined> {
    const file = this.#host.storage.read(this.#path(user, object));
    return !file.ok && file.error.code === 'ENOENT' ? ok(undefined) : file;
  }

  /** The folder of the state and that of the objects. */
  makeFolder(): Result<void> {
    for (const path of [this.#state, this.#objects]) {
      const made = this.#host.storage.makeDirectory(path);
      // Also of one that is there: whoever made it may not have come to this.
      const named = made.ok || made.error.code === 'EEXIST' ? this.#host.storage.sync(above(path)) : made;
      if (!named.ok) return named;
    }
    return DONE;
  }

  write({ user, object, value }: Change): Result<void> {
    const { storage, process } = this.#host;
    const [folder, path] = [this.#folder(user), this.#path(user, object)];
    const made = storage.makeDirectory(folder);
    if (!made.ok && made.error.code !== 'EEXIST') return made;
    if (value === undefined) {
      const gone = storage.unlink(path);
      return gone.ok || gone.error.code === 'ENOENT' ? storage.sync(folder) : gone;
    }
    if (!this.#durably) return storage.write(path, value);
    // The names of objects may be as long as names can be.
    const draft = `${this.#objects}/draft-${process.pid}`;
    const steps = [
      () => storage.write(draft, value),
      () => storage.sync(draft),
      () => storage.rename(draft, path),
      () => storage.sync(folder),
      () => storage.sync(this.#objects),
    ];
    for (const step of steps) {
      const done = step();
      if (done.ok) continue;
      storage.unlink(draft);
      return done;
    }
    return DONE;
  }

  get #objects(): string {
    return `${this.#state}/objects`;
  }

  /** A user may be called `..`. */
  #folder(user: string): string {
    return `${this.#objects}/of-${user}`;
  }

  #path(user: string, object: string): string {
    return `${this.#folder(user)}/${object}`;
  }
}
