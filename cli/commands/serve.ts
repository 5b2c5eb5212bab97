/**
 * `slipway serve DAEMON -- ARGS`: a daemon of ours as this very process, on the real kernel, with the descriptors the shell
 * gave it. The command becomes the daemon: its exit status and signals are the daemon's.
 * May import: node, cli.
 */
import { fileURLToPath } from 'node:url';
import { daemons, unknown } from '../registry.ts';

export async function serve(daemon: string, args: readonly string[]): Promise<void> {
  if (!daemons.includes(daemon)) throw unknown('daemon', daemon, daemons);
  const programs = fileURLToPath(new URL('../../src/impl/programs.js', import.meta.url));
  const entry = '../../src/node/main.js';
  process.argv = [process.execPath, entry, programs, daemon, ...args];
  // The entry of every real daemon; it takes over from here.
  await import(new URL(entry, import.meta.url).href);
}
