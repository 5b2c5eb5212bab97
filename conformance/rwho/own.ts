/**
 * How our rwhod and its readers are run in a case: told of the tester and nobody else, so that nothing leaves by a real interface.
 */
import type { Reader } from '../peer.ts';

export const OWN_ARGUMENTS: readonly string[] = [
  '--spool={dir}/spool',
  '--address={host}',
  '--port={port}',
  '--interval={seconds:180}',
  '--no-broadcast',
  '--no-point-to-point',
  '--neighbour={tester}',
];

/** `format` is that of an edition. */
export const readersOf = (format: string): Readonly<Record<string, Reader>> => ({
  ruptime: { program: 'ruptime', args: ['--spool={dir}/spool', `--format=${format}`] },
  rwho: { program: 'rwho', args: ['--spool={dir}/spool', `--format=${format}`] },
});
export const OWN_READERS: Readonly<Record<string, Reader>> = readersOf('corrected');
