/**
 * The `slipway` command: its words, found in the table of commands (table/), and how it ends. Every command is a function in
 * commands/ that returns its exit code or throws a `Stop`.
 */
import { Command, CommanderError, Option } from 'commander';
import { loadCommands } from '../protocols/index.ts';
import { packageVersion } from '../src/node/package.ts';
import { EXIT, EXIT_CODES, type ExitCode, Stop } from './exit.ts';
import { loadCatalogue } from './load.ts';
import { takeModules } from './modules.ts';
import { broughtRow } from './table/brought.ts';
import { LOOK_UP } from './table/others.ts';
import { Call, type CommandRow, type OptionRow, type Words } from './table/row.ts';
import { TABLE } from './table/table.ts';

const EXIT_HELP = `
Exit codes:
${EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}
`;

/** `undefined`: the command goes on as a daemon, or has said itself how it ends. */
export async function main(words: readonly string[]): Promise<ExitCode | undefined> {
  let exitCode: ExitCode | undefined;
  try {
    const { modules, rest } = takeModules(words);
    const root = program();
    const add = (row: CommandRow): void => {
      addCommand(root, row, async (...given) => {
        // Behind the arguments commander gives the options, and the command itself.
        exitCode = await row.run(new Call(modules, given.at(-2)?.json === true), ...given);
      });
    };
    TABLE.forEach(add);
    if (!isOwn(rest)) for (const row of await broughtRows(modules)) add(row);
    await root.parseAsync(rest, { from: 'user' });
  } catch (error) {
    exitCode = ending(error);
  }
  return exitCode;
}

function program(): Command {
  return (
    new Command('slipway')
      .description('Deterministic simulation and conformance tests for wire protocols.')
      .version(packageVersion())
      .showHelpAfterError("('slipway --help', or --help after a command, shows how)")
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'slipway: ')) })
      .exitOverride()
      .option('--config <file>', 'a module with protocols of yours (default: slipway.config.ts, .mts, .js or .mjs in this folder)')
      .option('--load <module>', 'another; may be given more than once')
      // Where commander lists its own command, `help`.
      .commandsGroup(LOOK_UP)
      .helpCommand(true)
      .addHelpText('after', EXIT_HELP)
  );
}

function addCommand(root: Command, row: CommandRow, act: (...words: Words) => Promise<void>): void {
  const { name, description, group, args = {}, options = {}, takesAnyOption = false, help, examples } = row;
  const command = root
    .command(name, { hidden: group === undefined })
    .description(description)
    .allowUnknownOption(takesAnyOption);
  if (group !== undefined) command.helpGroup(group);
  for (const [syntax, text] of Object.entries(args)) command.argument(syntax, text);
  for (const [syntax, option] of Object.entries(options))
    command.addOption(optionOf(syntax, typeof option === 'string' ? { text: option } : option));
  if (help !== undefined) command.addHelpText('after', `\n${help.trimEnd()}`);
  if (examples.length > 0) command.addHelpText('after', `\nExamples:${examples.map(each => `\n  slipway ${each}`).join('')}`);
  command.action(act);
}

function optionOf(syntax: string, { text, default: value, required = false, choices }: OptionRow): Option {
  const option = new Option(syntax, text).makeOptionMandatory(required);
  if (value !== undefined) option.default(value);
  return choices === undefined ? option : option.choices(choices);
}

/** Whether the words name a command that is there whatever protocols are. */
function isOwn(words: readonly string[]): boolean {
  const named = words.find(word => !word.startsWith('-'));
  return named === undefined ? words.includes('--version') : TABLE.some(({ name }) => name === named);
}

async function broughtRows(modules: readonly string[]): Promise<readonly CommandRow[]> {
  const brought = modules.length === 0 ? [] : (await loadCatalogue(modules, 'brought')).protocols;
  const all = [...brought.map(({ name, commands = [] }) => [name, commands] as const), ...Object.entries(await loadCommands())];
  return all.flatMap(([name, commands]) => commands.map(each => broughtRow(each, name)));
}

function ending(error: unknown): ExitCode {
  // commander has printed its complaint already; --help and --version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Stop) {
    process.stderr.write(`slipway: ${error.message}\n`);
    return error.code;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`slipway: a fault of its own, please report it: ${text}\n`);
  return EXIT.internal;
}
