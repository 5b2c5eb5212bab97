/**
 * The door into a daemon. Every callback of the contract passes here, so the rules of the model hold in one place:
 * a callback runs to completion, none starts while the daemon is inside a call of ours, none comes after exit or exec.
 * An `Image` is one program from its start to its end; exec ends one image and begins another in the same process.
 * Lacks: anything that keeps a daemon in an endless loop from hanging its process.
 */

/** Thrown by `exit` and `exec` to leave the daemon's stack; a private value, so that nothing else can be mistaken for it. */
const UNWIND: unique symbol = Symbol('the image has ended');

/** What an image holds and has to let go of when it ends. `release` calls nothing of the daemon. */
export interface Resource {
  release(): void;
}

/** Runs one callback at a time. Shared by the images of a process: the old stack has to end before the new image starts. */
export class Guard {
  #inside = false;
  #unwinding = false;
  readonly #waiting: (() => void)[] = [];
  readonly #bug: (thrown: unknown) => void;

  /** `bug` is told what a daemon threw: nothing of the world ever makes a daemon throw, so it is a bug of the daemon. */
  constructor(bug: (thrown: unknown) => void) {
    this.#bug = bug;
  }

  /** True from exit or exec to the end of the callback, also when the daemon has caught what they throw. */
  get unwinding(): boolean {
    return this.#unwinding;
  }

  /** Leaves the daemon's stack, if there is one. */
  unwind(): void {
    if (!this.#inside) return;
    this.#unwinding = true;
    throw UNWIND;
  }

  run(callback: () => void): void {
    if (this.#inside) {
      // Node emitted synchronously out of a call the daemon is making; the callback has to wait for its return.
      this.#waiting.push(callback);
      return;
    }
    this.#inside = true;
    try {
      callback();
    } catch (thrown) {
      this.blame(thrown);
    } finally {
      this.#inside = false;
      this.#unwinding = false;
      if (this.#waiting.length > 0) setImmediate(() => this.#drain());
    }
  }

  /** A bug is told once and here, wherever it was thrown: it ends this process and not the program around it. */
  blame(thrown: unknown): void {
    if (thrown === UNWIND) return;
    try {
      this.#bug(thrown);
    } catch (unwound) {
      if (unwound !== UNWIND) throw unwound;
    }
  }

  #drain(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) this.run(next);
  }
}

export class Image {
  #alive = true;
  readonly #guard: Guard;
  readonly #resources = new Set<Resource>();

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Calls the daemon now, unless this image is over. */
  run(callback: () => void): void {
    if (!this.#alive) return;
    this.#guard.run(() => {
      if (this.#alive) callback();
    });
  }

  /** Calls the daemon soon: after the callback that runs now, in the order asked for. */
  later(callback: () => void): void {
    setImmediate(() => this.run(callback));
  }

  /** First thing in every call of the contract: a daemon that swallowed the unwinding is thrown out again. */
  check(): void {
    if (!this.#alive || this.#guard.unwinding) throw UNWIND;
  }

  own(resource: Resource): void {
    this.#resources.add(resource);
  }

  disown(resource: Resource): void {
    this.#resources.delete(resource);
  }

  /** No callback comes after this, and everything the image held is let go. */
  end(): void {
    this.#alive = false;
    const resources = [...this.#resources];
    this.#resources.clear();
    for (const resource of resources) {
      try {
        resource.release();
      } catch (thrown) {
        this.#guard.blame(thrown); // the others are to be let go as well
      }
    }
  }

  /** After `end`: leaves the daemon's stack if there is one. */
  unwind(): void {
    this.#guard.unwind();
  }
}
