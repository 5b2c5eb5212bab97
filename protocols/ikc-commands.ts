/**
 * `slipway ikc`: asks another kernel from a shell, and prints what it answers.
 */

import { utf8 } from '../src/host/bytes.ts';
import type { Daemon } from '../src/host/host.ts';
import type { ExitStatus } from '../src/host/signal.ts';
import { Client } from '../src/impl/ikc/client.ts';
import { clientOptions } from '../src/impl/ikc/options.ts';
import { createNodeHost, type NodeHost } from '../src/node/host.ts';
import type { CommandOption, CommandOutput, ProtocolCommand } from './protocol.ts';

const VERBS = ['call', 'list', 'post', 'subscribe'];
const OPTIONS: readonly CommandOption[] = [
  { name: 'connect', value: 'address', text: 'host:port, or the path of a Unix-domain socket (default 127.0.0.1:603)' },
  { name: 'name', value: 'name', text: 'of this kernel' },
  { name: 'serializer', value: 'name', text: 'Storable, unless it is said', choices: ['Storable', 'JSON'] },
  { name: 'timeout', value: 'ms', text: 'how long an answer is waited for (default 30000)' },
];
const EXIT_USAGE = 2;

const ikcCommand: ProtocolCommand = {
  name: 'ikc',
  description: 'ask another kernel for a state: call, list (in list context), post (no answer), subscribe (is it there?)',
  args: 'VERB SPECIFIER [JSON], and more of them: call poe:/demo/add [1,2]',
  options: OPTIONS,
  examples: ['ikc call poe:/demo/add [1,2] --connect 127.0.0.1:1603', 'ikc post poe:/demo/note call poe:/demo/count'],
  run,
};

export const commands: readonly ProtocolCommand[] = [ikcCommand];

async function run(
  words: readonly string[],
  options: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
): Promise<number> {
  const parsed = clientOptions(argumentsOf(words, options));
  if ('problem' in parsed) {
    output.err(utf8(`slipway ikc: ${parsed.problem}\n`));
    return EXIT_USAGE;
  }
  const lines: string[] = [];
  const line = (text: string): void => {
    if (output.json === undefined) output.out(utf8(`${text}\n`));
    else lines.push(text);
  };
  const status = await ended(host => new Client(host, parsed, { line, whenTaken: then => then() }).start());
  output.json?.(lines.map(each => JSON.parse(each)));
  return 'code' in status ? status.code : 1;
}

/** As the daemon has them. */
function argumentsOf(
  words: readonly string[],
  { connect = '127.0.0.1:603', ...options }: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const args = [`--connect=${connect}`];
  for (const { name } of OPTIONS) if (options[name] !== undefined) args.push(`--${name}=${options[name]}`);
  const steps: string[] = [];
  for (const word of words) {
    const last = steps.at(-1);
    if (VERBS.includes(word)) steps.push(`--${word}=`);
    else if (last === undefined) args.push(word);
    else steps[steps.length - 1] = last.endsWith('=') ? `${last}${word}` : `${last} ${word}`;
  }
  return [...args, ...steps];
}

/** Runs it in this process. */
async function ended(daemon: Daemon): Promise<ExitStatus> {
  let node: NodeHost | undefined;
  const status = new Promise<ExitStatus>(resolve => {
    node = createNodeHost({ programs: {}, programsModule: '', program: 'ikc', onExit: resolve, output: () => {}, log: () => {} });
    node.run(daemon);
  });
  try {
    return await status;
  } finally {
    await node?.close();
  }
}
