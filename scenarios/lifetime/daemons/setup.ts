/**
 * Writes the files a scenario needs, then becomes the program it was told to be: `PROGRAM ARGS…`. Before it, `--file=PATH:LENGTH` is one
 * more of so many bytes.
 */
import type { Daemon } from '../../../src/host/host.ts';

const FILLED = 0x62;

export const setup =
  (files: Readonly<Record<string, Uint8Array>>): Daemon =>
  host => {
    for (const [path, bytes] of Object.entries(files)) host.storage.write(path, bytes);
    const first = host.process.args.findIndex(each => !each.startsWith('--file='));
    for (const more of host.process.args.slice(0, first)) {
      const [path = '', length = ''] = more.slice('--file='.length).split(':');
      host.storage.write(path, new Uint8Array(Number(length)).fill(FILLED));
    }
    const [program = '', ...args] = host.process.args.slice(first);
    host.process.exec(program, args);
    throw new Error(`setup: there is no program ${program}`);
  };
