/**
 * `slipway serve DAEMON -- ARGS`: a daemon as this very process, on the real kernel, with the descriptors the shell gave it. The
 * command becomes the daemon: its exit status and signals are the daemon's.
 */
import type { Catalogue } from '../../protocols/catalogue.ts';
import { bundled } from '../../src/node/package.ts';
import { unknown } from '../names.ts';

export async function serve(daemon: string, args: readonly string[], catalogue: Catalogue): Promise<void> {
  const protocol = catalogue.withDaemon(daemon);
  if (protocol === undefined) throw unknown('daemon', daemon, catalogue.daemons);
  process.argv = [process.execPath, bundled('src/node/main.ts'), protocol.module, daemon, ...args];
  // The entry of every real daemon; it takes over from here.
  await import('../../src/node/main.ts');
}
