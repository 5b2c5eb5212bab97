/** Runs the library of a local program (programs.ts) as a process of the kernel. */
import { command, type Ended, ROOT } from '../../../support/slipway.ts';

const MAIN = `${ROOT}dist/src/node/main.js`;
const PROGRAMS = `${ROOT}dist/test/impl/lonc/real/programs.js`;

export interface Critical {
  readonly conf: string;
  readonly peer: string;
  readonly commands: readonly string[];
  /** Of the shell: what is done first, in the same process. */
  readonly first?: string;
}

/** The answers, in order. */
export async function critical({
  conf,
  peer,
  commands,
  first = ':',
}: Critical): Promise<{ readonly answers: readonly string[]; readonly ended: Ended }> {
  const args = [process.execPath, MAIN, PROGRAMS, 'critical', `--conf=${conf}`, peer, ...commands];
  const ended = await command('/bin/sh', ['-c', `${first}; exec "$@"`, 'sh', ...args]);
  const lines = ended.stderr.split('\n').filter(line => line.startsWith('{'));
  const logs: readonly { log?: unknown; text?: unknown }[] = lines.map(line => JSON.parse(line));
  return { answers: logs.filter(({ log }) => log === 'answer').map(({ text }) => String(text)), ended };
}
