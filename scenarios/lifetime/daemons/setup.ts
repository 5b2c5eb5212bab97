/**
 * Writes the files a scenario needs, then becomes the program it was told to be: `PROGRAM ARGS…`.
 */
import type { Daemon } from '../../../src/host/host.ts';

export const setup =
  (files: Readonly<Record<string, Uint8Array>>): Daemon =>
  host => {
    for (const [path, bytes] of Object.entries(files)) host.storage.write(path, bytes);
    const [program = '', ...args] = host.process.args;
    host.process.exec(program, args);
    throw new Error(`setup: there is no program ${program}`);
  };
