/**
 * A command that a protocol brings, as a row. Its options of one letter go to it as they came, because their order counts.
 */
import type { CommandOption, CommandOutput, ProtocolCommand } from '../../protocols/protocol.ts';
import { type CommandRow, JSON_OPTION, type OptionRow } from './row.ts';

export function broughtRow({ name, description, args, options, examples, run }: ProtocolCommand, protocol: string): CommandRow {
  const row = ({ name: option, value, text, choices }: CommandOption): [string, OptionRow] => [
    `--${option} <${value}>`,
    choices === undefined ? { text } : { text, choices },
  ];
  return {
    name,
    group: `Of ${protocol}:`,
    description,
    args: { '[args...]': args },
    options: { ...Object.fromEntries(options.map(row)), ...JSON_OPTION },
    takesAnyOption: true,
    examples,
    run: async ({ screen }, words, { json: _json, ...flags }) => {
      const output: CommandOutput = {
        out: bytes => void process.stdout.write(bytes),
        err: bytes => void process.stderr.write(bytes),
        json: screen.json ? value => screen.value(value) : undefined,
      };
      process.exitCode = await run(words, flags, output);
      return undefined;
    },
  };
}
