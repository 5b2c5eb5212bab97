/**
 * `slipway ruptime` and `slipway rwho`: the historical commands over a spool of rwhod, with their options and their output.
 */
import { ruptime } from '../src/impl/rwho/readers/ruptime.ts';
import { rwho } from '../src/impl/rwho/readers/rwho.ts';
import { SPOOL, terminalBytes } from '../src/impl/rwho/readers/spool-files.ts';
import { CORRECTED, VARIANTS, variantNamed } from '../src/impl/rwho/readers/variant.ts';
import { secondsOf } from '../src/impl/rwho/time.ts';
import { createNodeHost } from '../src/node/host.ts';
import type { CommandOption, CommandOutput, ProtocolCommand } from './protocol.ts';

const OPTIONS: readonly CommandOption[] = [
  { name: 'spool', value: 'dir', text: `where rwhod keeps its records (default ${SPOOL})` },
  { name: 'format', value: 'name', text: 'whose output (default corrected)', choices: VARIANTS.map(each => each.name) },
];

const ruptimeCommand: ProtocolCommand = {
  name: 'ruptime',
  description: 'who is up: one line for each host that rwhod has heard of',
  args: '-alrut: all users; by load; reversed; by users; by uptime',
  options: OPTIONS,
  examples: ['ruptime -a', 'ruptime --spool spool --format bsd44'],
  run: (args, options, output) => read('ruptime', args, options, output),
};

const rwhoCommand: ProtocolCommand = {
  name: 'rwho',
  description: 'who is logged in on the hosts that are up',
  args: '-a: also people who have been idle for an hour',
  options: OPTIONS,
  examples: ['rwho -a', 'rwho --spool spool --format bsd44'],
  run: (args, options, output) => read('rwho', args, options, output),
};

export const commands: readonly ProtocolCommand[] = [ruptimeCommand, rwhoCommand];

/** Ends as the historical commands do: 1 where there is nothing to read. */
async function read(
  command: 'ruptime' | 'rwho',
  args: readonly string[],
  { spool = SPOOL, format = '' }: Readonly<Record<string, string | undefined>>,
  { out, err, json }: CommandOutput,
): Promise<number> {
  const variant = variantNamed(format) ?? CORRECTED;
  const node = createNodeHost({ programs: {}, programsModule: '', program: command, onExit: () => {}, output: () => {} });
  try {
    const { storage, clock } = node.host;
    const options = { storage, spool, now: secondsOf(clock.wall()), variant, zone: localOffset };
    const answer = command === 'ruptime' ? ruptime(args, options) : rwho(args, options);
    if (json !== undefined) json('hosts' in answer ? answer.hosts : answer.people);
    else {
      err(terminalBytes(answer.err, CORRECTED));
      out(terminalBytes(answer.out, variant));
    }
    return answer.status === 0 ? 0 : 1;
  } finally {
    await node.close();
  }
}

const localOffset = (seconds: number): number => -60 * new Date(seconds * 1_000).getTimezoneOffset();
