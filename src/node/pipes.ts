/**
 * Pipes of the kernel. Node has no pipe(2), and what its child_process calls a pipe is a pair of Unix-domain sockets: no PIPE_BUF,
 * another capacity. So a pipe here is a FIFO without a name: made by mkfifo(1) in a private directory, opened at both ends, unlinked.
 * Each end has its own open file description, in blocking mode, as pipe(2) gives it: a child in any language can use it.
 * Lacks: platforms without mkfifo (EIO). The first of every POOL pipes costs about 5 ms for starting that program.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { Descriptor } from '../host/host.ts';
import { codeOf } from './errors.ts';

export interface PipeEnds {
  readonly read: Descriptor;
  readonly write: Descriptor;
}

export class PipeSource {
  readonly #ready: PipeEnds[] = [];
  readonly #spawning: () => void;
  readonly #mark: string;

  /**
   * `spawning` is told before a child is run that the daemon knows nothing of: the kernel will send SIGCHLD for it. The mark is
   * in the names of the pipes, as /proc shows them of whoever has one open.
   */
  constructor(spawning: () => void, mark: string) {
    this.#spawning = spawning;
    this.#mark = mark;
  }

  /** Throws what node:fs throws. */
  take(): PipeEnds {
    if (this.#ready.length === 0) this.#make();
    const ends = this.#ready.shift();
    if (ends === undefined) throw new Error('mkfifo made no pipe');
    return ends;
  }

  release(): void {
    for (const { read, write } of this.#ready.splice(0)) {
      closeAnyway(read);
      closeAnyway(write);
    }
  }

  /** Nothing of it is left in the file system when this returns. */
  #make(): void {
    const directory = fs.mkdtempSync(join(os.tmpdir(), `slipway-${this.#mark}`));
    try {
      const names = Array.from({ length: POOL }, (_, index) => join(directory, String(index)));
      this.#spawning();
      const made = spawnSync('mkfifo', ['-m', '600', ...names], { stdio: 'ignore' });
      // No such program is no such file.
      if (made.error !== undefined) throw codeOf(made.error) === 'ENOENT' ? new Error(`mkfifo: ${made.error.message}`) : made.error;
      for (const name of names) this.#ready.push(openBoth(name));
    } catch (thrown) {
      if (this.#ready.length === 0) throw thrown;
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  }
}

/** Open for both first, so that neither of the two that follow waits for the other. Node opens everything O_CLOEXEC. */
function openBoth(name: string): PipeEnds {
  const opened: number[] = [];
  const open = (flags: number): number => {
    const descriptor = fs.openSync(name, flags);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const both = open(fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    const read = open(fs.constants.O_RDONLY);
    const write = open(fs.constants.O_WRONLY);
    fs.closeSync(both);
    return { read, write };
  } catch (thrown) {
    for (const descriptor of opened) fs.closeSync(descriptor);
    throw thrown;
  }
}

/** Whatever close(2) answers, the number is free afterwards on Linux; and it is asked for in places where nobody hears of a failure. */
export function closeAnyway(descriptor: Descriptor): void {
  try {
    fs.closeSync(descriptor);
  } catch {
    // EIO of a disk that is gone, EBADF of a number that Node has closed already.
  }
}

const POOL = 4;
