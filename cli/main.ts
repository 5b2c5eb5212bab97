/**
 * The `slipway` command: what may be typed, and how it ends. Every command is a function in commands/ that returns its
 * exit code or throws a `Stop`.
 */
import { Command, CommanderError, Option } from 'commander';
import type { CommandOutput, ProtocolCommand } from '../protocols/protocol.ts';
import { FAULTS } from '../src/impl/proxy/fault.ts';
import { packageVersion } from '../src/node/version.ts';
import type { ProxyFlags } from './commands/proxy.ts';
import type { Context, Knowing } from './context.ts';
import { EXIT, EXIT_MEANING, type ExitCode, Stop } from './exit.ts';
import { catalogues, loadCatalogue, type Wanted } from './load.ts';
import { takeModules } from './modules.ts';
import { Screen } from './screen.ts';

const EXIT_HELP = `
Exit codes:
${Object.entries(EXIT)
  .map(([name, code]) => `  ${String(code).padStart(3)}  ${Object.entries(EXIT_MEANING).find(([each]) => each === name)?.[1] ?? ''}`)
  .join('\n')}
`;

interface Common {
  readonly json?: boolean;
}

let exitCode: ExitCode | undefined;

/** Of a command that needs no protocol. */
async function act(flags: Common, command: (screen: Screen) => ExitCode | Promise<ExitCode>): Promise<void> {
  exitCode = await command(new Screen({ json: flags.json === true }));
}

/** A command that a protocol brings: its options of one letter go to it as they came, because their order counts. */
function addCommand(root: Command, { name, description, args, options, examples, run }: ProtocolCommand): void {
  const command = root.command(name).argument('[args...]', args).allowUnknownOption().description(description);
  for (const { name: option, value, text, choices } of options) {
    const made = new Option(`--${option} <${value}>`, text);
    command.addOption(choices === undefined ? made : made.choices(choices));
  }
  command
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', `\nExamples:${examples.map(each => `\n  slipway ${each}`).join('')}`)
    .action(async (words: string[], { json, ...flags }: Common & Record<string, string>) => {
      const output: CommandOutput = {
        out: bytes => void process.stdout.write(bytes),
        err: bytes => void process.stderr.write(bytes),
        json: json === true ? value => new Screen({ json }).value(value) : undefined,
      };
      process.exitCode = await run(words, flags, output);
    });
}

function program(modules: readonly string[]): Command {
  /** Of a command that needs the protocols: they are loaded now. */
  const actKnowing = async (
    flags: Common,
    command: (context: Context) => ExitCode | Promise<ExitCode>,
    wanted: Wanted = [],
  ): Promise<void> => {
    const catalogue = await loadCatalogue(modules, wanted);
    await act(flags, screen => command({ screen, catalogue, modules }));
  };
  /** Of a command that learns from its files which protocol it needs. */
  const actLearning = (flags: Common, command: (knowing: Knowing) => Promise<ExitCode>): Promise<void> =>
    act(flags, screen => command({ screen, modules, catalogueOf: catalogues(modules) }));
  const root = new Command('slipway')
    .description('Deterministic simulation and conformance tests for wire protocols.')
    .version(packageVersion())
    .showHelpAfterError("('slipway --help', or --help after a command, shows how)")
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'slipway: ')) })
    .exitOverride()
    .option('--config <file>', 'a module with protocols of yours (default: slipway.config.ts, .mts, .js or .mjs in this folder)')
    .option('--load <module>', 'another; may be given more than once')
    .addHelpText('after', EXIT_HELP);
  root
    .command('run')
    .argument(
      '[scenario...]',
      'names or prefixes, as `slipway list scenarios` shows them; when none is named all, or those of slipway.config.ts',
    )
    .description('run scenarios in the simulator')
    .option('--seed <n>', 'one run of one scenario, in detail')
    .option('--seeds <a..b>', 'a range of seeds, both ends included (default 0..199)')
    .option('--minutes <m>', 'go on with further seeds until so many minutes are over')
    .option('--jobs <n>', 'sweep with so many threads (default: one for each processor, at most 8)')
    .option('--profile <p>', 'corrected, as-written, a variant by its name, or both: all there are', 'both')
    .option('--trace <file>', 'with --seed: write the run as a trace (gzip when the name ends in .gz)')
    .option('--shrink', 'make each different failure smaller, keep it in slipway-failures, and tell it, as `slipway sweep` does')
    .option('--check-determinism', 'repeat every run in a second process and compare the fingerprints')
    .option('--node <path>', 'with --check-determinism: the Node binary of the second process')
    .option('--json', 'one JSON document on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway run\n  slipway run lifetime/chaos --seeds 0..1999\n  slipway run lifetime/lost-shutdown --profile as-written --seed 2 --trace lost.jsonl\n  slipway run --minutes 10\n  slipway run --seeds 0..99 --check-determinism --node /opt/node-24/bin/node',
    )
    .action((names: string[], flags) =>
      actKnowing(
        flags,
        async context => (await import('./commands/run.ts')).run(names, flags, context),
        names.length === 0 && modules.length > 0 ? 'brought' : names,
      ),
    );
  root
    .command('sweep')
    .argument('[scenario...]', 'as for `slipway run`; with --merge folders')
    .description('run scenarios over many seeds, keep each different failure, made smaller, and try it first the next time')
    .option('--seeds <a..b>', 'a range of seeds, both ends included (default 0..199)')
    .option('--seeds-from <text>', 'as many seeds, others for each text; commit: for each commit of git')
    .option('--shard <i/n>', 'only a part of the seeds, of several machines')
    .option('--minutes <m>', 'go on with further seeds until so many minutes are over')
    .option('--jobs <n>', 'so many threads (default: one for each processor, at most 8)')
    .option('--profile <p>', 'corrected, as-written, a variant by its name, or both: all there are', 'both')
    .option('--patience <s>', 'a run in which nothing happens for so many seconds hangs: it is ended, and a finding (default 30)')
    .option('--fail-fast', 'stop at the first failure')
    .option('--distinct <n>', 'stop after so many different failures')
    .option('--guided', 'make plans of those that reached something new')
    .option('--corpus <dir>', 'with --guided: where those are kept (default slipway-corpus)')
    .option('--failures <dir>', 'where failures are kept', 'slipway-failures')
    .option('--out <dir>', 'write down what is done, so that it can be gone on with or added up')
    .option('--resume <dir>', 'go on with what was begun with --out, however it was ended')
    .option('--merge <dir...>', 'add up what shards of one sweep have written')
    .option('--json', 'one JSON document on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway sweep lonc --seeds 0..9999 --out out/sweep\n  slipway sweep --resume out/sweep\n  slipway sweep lonc --shard 1/2 --out out/first\n  slipway sweep --merge out/first out/second\n  slipway sweep --minutes 10 --fail-fast --seeds-from commit',
    )
    .action((names: string[], flags) =>
      actKnowing(
        flags,
        async context => (await import('./commands/sweep.ts')).sweep(names, flags, context),
        names.length === 0 && modules.length > 0 ? 'brought' : names,
      ),
    );
  root
    .command('exhaust')
    .argument('<scenario>', 'as `slipway list scenarios` shows them')
    .description('make a run in which nothing goes wrong, and again with each fault at each Host call at which it may strike')
    .option('--seed <n>', 'the run', '0')
    .option('--profile <p>', 'corrected, as-written, or a variant by its name', 'corrected')
    .option(
      '--faults <names>',
      'only these, with commas: kill, pause, reset, half-open, power-lost, EIO …; default: all that its budget allows',
    )
    .option('--pairs <n>', 'also so many pairs of moments that are near each other', '0')
    .option('--jobs <n>', 'with so many threads (default: one for each processor)')
    .option('--at <call:fault>', 'only this moment, in detail; two with a comma')
    .option('--trace <file>', 'with --at: write the run as a trace')
    .option('--json', 'one JSON document on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway exhaust lifetime/chaos\n  slipway exhaust lonc/mesh --faults kill,reset --pairs 1000\n  slipway exhaust lifetime/chaos --at 13:kill --trace killed.jsonl',
    )
    .action((name: string, flags) =>
      actKnowing(flags, async context => (await import('./commands/exhaust.ts')).exhaust([name], flags, context), [name]),
    );
  root
    .command('replay')
    .argument('<file...>', 'traces; .gz is unpacked')
    .description('run recorded runs again: reproduced, reproduced differently, not reproduced, diverged, or unreplayable')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', '\nExamples:\n  slipway replay traces/lifetime/*.jsonl\n  slipway replay failure.jsonl.gz --json')
    .action((files: string[], flags) => actLearning(flags, async knowing => (await import('./commands/replay.ts')).replay(files, knowing)));
  root
    .command('shrink')
    .argument('<file>', 'the trace of a failure')
    .description('find a smaller plan that fails in the same way, write its trace, and tell what happens in it')
    .option('--out <file>', 'where to write it (default: FILE with .shrunk.jsonl)')
    .option('--runs <n>', 'runs to spend', '1000')
    .option('--seconds <s>', 'stop after so many seconds, with the best so far')
    .option('--minutes <m>', 'the same in minutes')
    .option('--jobs <n>', 'with so many threads (default: one for each processor); what comes out is the same')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', '\nExamples:\n  slipway shrink failure.jsonl\n  slipway shrink failure.jsonl --out smallest.jsonl --seconds 10')
    .action((file: string, flags) =>
      actLearning(flags, async knowing => (await import('./commands/shrink.ts')).shrink(file, flags, knowing)),
    );
  root
    .command('cause')
    .argument('<file>', 'the trace of a failure')
    .description('name the event after which a failure could not be avoided, by runs with the same beginning and other chance')
    .option('--runs <n>', 'so many for each event that is looked at; three times as many for the one that is named', '20')
    .option('--seed <n>', 'of the other chance', '0')
    .option('--seconds <s>', 'stop after so many seconds')
    .option('--minutes <m>', 'the same in minutes')
    .option('--jobs <n>', 'with so many threads (default: one for each processor); what comes out is the same')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', '\nExamples:\n  slipway cause failure.jsonl\n  slipway cause smallest.jsonl --runs 100 --seed 7')
    .action((file: string, flags) =>
      actLearning(flags, async knowing => (await import('./commands/cause.ts')).cause(file, flags, knowing)),
    );
  root
    .command('diff')
    .argument('<a>', 'a trace')
    .argument('<b>', 'another')
    .description('show the first event in which two traces differ')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', '\nExamples:\n  slipway diff before.jsonl after.jsonl\n  slipway diff before.jsonl.gz after.jsonl --json')
    .action((a: string, b: string, flags) => act(flags, async screen => (await import('./commands/diff.ts')).diff(a, b, screen)));
  root
    .command('show')
    .argument('<file>', 'a trace')
    .description('print the events of a trace, a line each, and the messages in them')
    .option('--from <n>', 'the first event', '0')
    .option('--count <n>', 'so many events')
    .option('--json', 'what is known of the trace, without its events')
    .addHelpText('after', '\nExamples:\n  slipway show failure.jsonl\n  slipway show failure.jsonl --from 20 --count 10')
    .action((file: string, flags) => act(flags, async screen => (await import('./commands/show.ts')).show(file, flags, modules, screen)));
  root
    .command('conform')
    .argument('<suite>', 'as `slipway list suites` shows them')
    .argument('[command...]', 'after --: the implementation and its arguments, instead of --exec')
    .description("test an implementation, anyone's, against a suite; without one, test ours")
    .option(
      '--exec <command>',
      'the implementation: a program and its arguments, quoted as for a shell; {port}, {dir}, {fd:CHANNEL} … are replaced',
    )
    .option('--attach <address...>', 'an implementation that runs already: tcp://IP:PORT, udp://IP:PORT, unix:/PATH')
    .option('--shim <command>', 'a program that stands before the implementation and speaks JSON lines with us')
    .option('--claims-file <file>', 'what the implementation claims, and how it is met')
    .option('--init [file]', 'write a claims file, by probing the implementation or by asking')
    .option('--env <variable...>', 'NAME=VALUE for the implementation')
    .option('--cwd <dir>', 'where the implementation is started')
    .option('--ready <sign>', 'the start is over when there is: port, line:TEXT, file:PATH')
    .option('--ready-within <s>', 'how long that may take (default 10)')
    .option('--forks', 'its program ends with 0 once it has started what goes on, as a daemon that leaves its terminal does')
    .option('--pid-file <path>', 'with --forks: where the pid of what goes on is written down; {dir} … are replaced')
    .option('--at <address>', 'where it is once it has been started: udp://10.77.0.2:513, or unix:PATH in place of the port of the case')
    .option('--set <name=value...>', 'what the tester has to know of it, where that is not what the suite expects')
    .option('--reader <name=command...>', 'a program of it that shows what it knows: ruptime=COMMAND, rwho=COMMAND')
    .option('--role <role...>', 'what the implementation is; all for every role (default: the first role of the suite)')
    .option('--case <pattern...>', 'only these cases; * is any text')
    .option('--claim <name...>', 'optional features the implementation has; --no-claims for none')
    .option('--no-claims', 'the implementation claims nothing optional')
    .option('--probe-unclaimed', 'also try one case of each feature that is not claimed, and tell which work')
    .option('--sim', 'ours in the simulator instead of real processes')
    .option('--slow', 'also the cases that take minutes of real time')
    .option('--strict', 'a SHOULD that is not met is a finding: exit 1')
    .option('--patience <factor>', 'multiply every deadline (default 1)')
    .option('--time-scale <n>', "the implementation's own timers run n times as fast: what waits for them waits less")
    .option('--faketime <n>', 'start it with a clock n times as fast, by libfaketime: sleep, poll and select, not alarm(2)')
    .option('--repeat <n>', 'play every case n times under varied pressure; one failure is one: sometimes, k of n')
    .option('--jobs <n>', 'play so many cases side by side, where each has an implementation of its own (default 1)')
    .option('--report <dir>', 'write report.html, report.json and a trace for each case')
    .option('--format <names>', 'with --report: also these forms of it, as `slipway list forms` shows them')
    .option('--pcap', 'with --report: also a capture of each case, for Wireshark')
    .option('--baseline <file>', 'what is known to fail: it is no finding, and an entry that does not hold any more is one')
    .option('--write-baseline <file>', 'write what fails now as a baseline; one that is there may only shrink')
    .option('--force', 'with --write-baseline: it may grow')
    .option('--json', 'the report on standard output')
    .addHelpText(
      'after',
      "\nExamples:\n  slipway conform lifetime --exec 'python3 examples/lifetime-child.py'\n  slipway conform lifetime --role parent --report report\n  slipway conform lifetime --case 'lifetime.child.*' -- ./my-daemon --simnet",
    )
    .action((suite: string, command: string[], flags) =>
      actKnowing(flags, async context => (await import('./commands/conform.ts')).conform(suite, command, flags, context), [suite]),
    );
  root
    .command('report')
    .argument('<report>', 'a report.json, or the folder that `slipway conform --report` wrote')
    .description('show a stored report again, in any of its forms')
    .option('--format <names>', 'forms, as `slipway list forms` shows them, with commas; or all', 'text')
    .option('--out <dir>', 'write a file for each form there, instead of one form on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway report out/report.json\n  slipway report out --format markdown >> "$GITHUB_STEP_SUMMARY"\n  slipway report out --format junit,sarif,badge --out public',
    )
    .action((file: string, flags) => act(flags, async screen => (await import('./commands/report.ts')).report(file, flags, screen)));
  root
    .command('compare')
    .argument('<old>', 'a report.json, or the folder it is in')
    .argument('<new>', 'another of the same suite')
    .description('say which cases became better, worse or different from one report to the next; exit 1 when one became worse')
    .option('--format <name>', 'text or markdown', 'text')
    .option('--json', 'one JSON document on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway compare last-week/report.json report.json\n  slipway compare main branch --format markdown >> "$GITHUB_STEP_SUMMARY"',
    )
    .action((old: string, now: string, flags) =>
      actLearning(flags, async knowing => (await import('./commands/compare.ts')).compare(old, now, flags, knowing)),
    );
  root
    .command('matrix')
    .argument('<report...>', 'reports of one suite: report.json files, or the folders they are in')
    .description('put reports of several implementations side by side: a row for each case, a column for each report')
    .option('--disagreements', 'only cases on which they disagree')
    .option('--format <name>', 'text, markdown or html', 'text')
    .option('--json', 'one JSON document on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway matrix ours theirs --disagreements\n  slipway matrix a/report.json b/report.json c/report.json --format html > matrix.html',
    )
    .action((files: string[], flags) => act(flags, async screen => (await import('./commands/matrix.ts')).matrix(files, flags, screen)));
  root
    .command('serve')
    .argument('<daemon>', 'as `slipway list daemons` shows them')
    .argument('[args...]', "after --: the daemon's own options")
    .description('run a daemon of ours for real, as this process')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway serve lifetime-parent -- --stop-after=500 -- lifetime-child\n  slipway serve gateway -- --conf=/etc/loncapa.conf\n  slipway serve rwhod -- --spool=spool --neighbour=127.0.0.2 --port=1513',
    )
    .action(async (daemon: string, args: string[]) =>
      (await import('./commands/serve.ts')).serve(daemon, args, await loadCatalogue(modules)),
    );
  root
    .command('proxy')
    .description('stand before a server and break the connections to it: delays, pieces, ends, resets, silence')
    .requiredOption('--listen <address>', 'where clients connect: tcp://127.0.0.1:PORT (0: any that is free) or unix:/PATH')
    .requiredOption('--to <address>', 'the server: tcp://IP:PORT or unix:/PATH')
    .option('--fault <fault...>', 'what is done to a connection; all of several are')
    .option('--script <file>', 'a file with a fault on each line')
    .option('--seed <n>', 'of what is drawn by LEAST..MOST, jitter and chance (default: any; it is told)')
    .option('--once', 'end when the first connection is over')
    .option('--exposed', 'listen on an address that others can reach, not only on the loopback')
    .option('--json', 'one JSON object a line on standard output')
    .addHelpText(
      'after',
      `\nFaults:\n${Object.entries(FAULTS)
        .map(([kind, text]) => `  ${kind.padEnd(10)} ${text}`)
        .join(
          '\n',
        )}\n\nAfter each, with commas: after=100 (bytes of its direction), after=3s, after=0..500 (drawn), direction=up (from the client)\nor down, connection=2 or 2-4, chance=20 (percent); and of the first four for=2s.\n\nExamples:\n  slipway proxy --listen tcp://127.0.0.1:7001 --to tcp://127.0.0.1:7000 --fault split=1\n  slipway proxy --listen unix:/tmp/broken.sock --to unix:/run/daemon.sock --fault delay=200ms,jitter=50ms --fault reset,after=3s\n  slipway proxy --listen tcp://127.0.0.1:7001 --to tcp://127.0.0.1:7000 --fault cut,after=0..500,direction=down,chance=20 --seed 7 --json`,
    )
    .action((flags: ProxyFlags & Common) => act(flags, async screen => (await import('./commands/proxy.ts')).proxy(flags, screen)));
  root
    .command('list')
    .argument('[kind]', 'scenarios, properties, faults, quirks, suites, cases, requirements, mutants, daemons, forms, exit-codes')
    .description('list everything of one kind, or the kinds')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', '\nExamples:\n  slipway list scenarios\n  slipway list requirements --json')
    .action((kind: string | undefined, flags) =>
      actKnowing(flags, async context => (await import('./commands/list.ts')).list(kind, context)),
    );
  root
    .command('explain')
    .argument('<id>', 'of a scenario, property, requirement, clause, case, mutant, quirk, fault or exit code')
    .description('say what something is')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', '\nExamples:\n  slipway explain DC-04\n  slipway explain lifetime/chaos')
    .action((id: string, flags) => actKnowing(flags, async context => (await import('./commands/explain.ts')).explain(id, context)));
  root
    .command('new')
    .argument('<name>', 'of the protocol, and of the folder: small letters, digits and hyphens')
    .description('make a folder with a small protocol that works, as a beginning of your own')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', '\nExamples:\n  slipway new my-protocol\n  slipway new tally --json')
    .action((name: string, flags) => actKnowing(flags, async context => (await import('./commands/new.ts')).create(name, context)));
  root
    .command('tour')
    .description('half a minute: a run, a bug that is found and made smaller, a foreign program that is tested (`npm start`)')
    .addHelpText('after', '\nExamples:\n  slipway tour\n  slipway tour | less')
    .action(flags => actKnowing(flags, async context => (await import('./commands/tour.ts')).tour(context)));
  root
    .command('fingerprints', { hidden: true })
    .argument('<job...>', 'SCENARIO:PROFILE')
    .requiredOption('--seeds <a..b>')
    .action((jobs: string[], flags) =>
      actKnowing(flags, async context => (await import('./commands/fingerprints.ts')).printFingerprints(jobs, flags.seeds, context)),
    );
  return root;
}

/** `undefined`: the command goes on as a daemon, or has said itself how it ends. */
export async function main(words: readonly string[]): Promise<ExitCode | undefined> {
  exitCode = undefined;
  try {
    const { modules, rest } = takeModules(words);
    const root = program(modules);
    if (!isOwn(root, rest)) await addCommands(root, modules);
    await root.parseAsync(rest, { from: 'user' });
  } catch (error) {
    exitCode = ending(error);
  }
  return exitCode;
}

/** Whether the words name a command that is there whatever protocols are. */
function isOwn(root: Command, words: readonly string[]): boolean {
  const named = words.find(word => !word.startsWith('-'));
  return named === undefined ? words.includes('--version') : root.commands.some(each => each.name() === named);
}

async function addCommands(root: Command, modules: readonly string[]): Promise<void> {
  for (const { commands = [] } of (await loadCatalogue(modules)).protocols) for (const each of commands) addCommand(root, each);
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
