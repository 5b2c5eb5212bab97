/**
 * `slipway rover`: asks a Rover server from a shell, now or when it can be reached, and shows what waits.
 */
import { mkdirSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { printable, textOf, utf8 } from '../src/host/bytes.ts';
import type { Daemon, LogFields } from '../src/host/host.ts';
import type { ExitStatus } from '../src/host/signal.ts';
import { clientOptions } from '../src/impl/rover/client-options.ts';
import { escaped, runClient, type Told } from '../src/impl/rover/client-program.ts';
import { ClientQueue, WINDOW_DEFAULT } from '../src/impl/rover/client-queue.ts';
import { recover } from '../src/impl/rover/client-records.ts';
import { readFolder } from '../src/impl/stable-log/folder.ts';
import { createNodeHost, type NodeHost } from '../src/node/host.ts';
import type { CommandOption, CommandOutput, ProtocolCommand } from './protocol.ts';

const OPTIONS: readonly CommandOption[] = [
  { name: 'server', value: 'address', text: 'IPv4 address and port (default 127.0.0.1:9090)' },
  { name: 'user', value: 'name', text: 'who asks (default: who you are on this machine)' },
  { name: 'host', value: 'name', text: 'the name that this client keeps wherever it is (default: the first part of that of this machine)' },
  { name: 'auth', value: 'secret', text: 'of the user; nobody needs none' },
  {
    name: 'state',
    value: 'dir',
    text: 'where its queue is (default ~/.local/state/slipway/rover/SERVER/USER@HOST, below $XDG_STATE_HOME if that is set)',
  },
];
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

export const roverCommand: ProtocolCommand = {
  name: 'rover',
  description: 'ask a Rover server now, or when it can be reached (send); show what waits (queue)',
  args: 'send COMMAND [OBJECT] [DATA], or queue',
  options: OPTIONS,
  examples: [
    'rover send IMPORTDATA Irolo__work --user nobody',
    "rover send EXPORT Irolo__work 'ann\t555-1234' --auth s3cret",
    'rover queue',
  ],
  run,
};

export const commands: readonly ProtocolCommand[] = [roverCommand];

type Options = Readonly<Record<string, string | undefined>>;

async function run([verb, ...words]: readonly string[], options: Options, output: CommandOutput): Promise<number> {
  const usage = (problem: string): number => {
    output.err(utf8(`slipway rover: ${problem}\n`));
    return EXIT_USAGE;
  };
  const [command = '', object = '', data = ''] = words;
  if (verb !== 'send' && verb !== 'queue') return usage('say send COMMAND [OBJECT] [DATA], or queue');
  if (verb === 'queue' && words.length > 0) return usage('queue takes no more words');
  if (verb === 'send' && (command === '' || words.length > 3)) return usage('send takes COMMAND [OBJECT] [DATA]');
  if (`${command}${object}`.includes(' ')) return usage('no blanks in COMMAND and OBJECT');
  const args = argumentsOf(options);
  const parsed = clientOptions([...args, ...(verb === 'send' ? [`--send=${command} ${object} ${data}`] : [])]);
  if ('problem' in parsed) return usage(parsed.problem);
  const { state } = parsed.client;
  if (verb === 'queue') return show(state, output);
  try {
    mkdirSync(dirname(state), { recursive: true });
  } catch (error) {
    return usage(`${printable(state)} cannot be made: ${error instanceof Error ? error.message : error}`);
  }
  const answers: unknown[] = [];
  const status = await ended(host => runClient(host, parsed, toldTo(output, answers)), saying(output, parsed.client.server, state));
  output.json?.(answers);
  return 'code' in status && status.code === 0 ? 0 : 'code' in status && status.code === EXIT_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

/** As the daemon has them. */
function argumentsOf(options: Options): readonly string[] {
  const server = options['server'] ?? '127.0.0.1:9090';
  const user = options['user'] ?? userInfo().username;
  const host = options['host'] ?? hostname().split('.')[0] ?? '';
  const folder = join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'slipway', 'rover', server, `${user}@${host}`);
  const auth = options['auth'] === undefined ? [] : [`--auth=${options['auth']}`];
  return [`--server=${server}`, `--user=${user}`, `--host=${host}`, `--state=${options['state'] ?? folder}`, ...auth];
}

/** Bytes as they came where it is all that was asked for; `number`: of an answer of an earlier life as well. */
const toldTo = ({ json, out }: CommandOutput, answers: unknown[]): Told => ({
  answered: (number, { status, result, body }) => {
    if (json === undefined) out(utf8(`${number} ${status} ${result} ${escaped(body)}\n`));
    else answers.push({ number, status, result, body: textOf(body) });
  },
  whenTaken: then => then(),
});

/** What somebody at a shell has to know of what it logs; a server that cannot be reached is told once. */
function saying({ err }: CommandOutput, { address, port }: { readonly address: string; readonly port: number }, state: string) {
  let isTold = false;
  return (event: string, fields: LogFields): void => {
    const say = (text: string): void => err(utf8(`slipway rover: ${text}\n`));
    if (event === 'again' && fields['outcome'] === 'lost' && !isTold) {
      isTold = true;
      say(`${address}:${port} does not answer (${fields['why']}) and is asked again; Ctrl-C leaves the request in the queue`);
    }
    if (event === 'left') say(`${fields['waiting']} in the queue ${printable(state)}: sent before anything else the next time`);
    if (event === 'replaced') say(`the server refuses number ${fields['number']} (${fields['status']}); TESTNULL goes in its place`);
    if (event === 'stuck') say(`the server refuses number ${fields['number']} whatever it is (${fields['status']}); it stays in the queue`);
    if (event === 'unlogged') say(`the request cannot be logged, and is not sent: ${fields['error']}`);
    if (event === 'log-failed') say(`the queue cannot be written: ${fields['error']}`);
    if (event === 'taken-over') say('another process has taken the queue over, and sends what is in it');
    if (event === 'log-damaged') say(`the queue cannot be used: ${fields['what']}, at byte ${fields['offset']} of ${fields['file']}`);
  };
}

/** `NUMBER COMMAND OBJECT STATE`, a line each. Changes nothing. */
async function show(state: string, { out, err, json }: CommandOutput): Promise<number> {
  const queue = new ClientQueue(WINDOW_DEFAULT);
  let wrong: string | undefined;
  await ended(({ storage, process }) => {
    const read = storage.stat(state).ok ? readFolder(storage, state) : undefined;
    const was = read?.ok === true ? recover(read.value.records, queue) : undefined;
    if (read?.ok === false) wrong = `${read.refusal.what}, at byte ${read.refusal.offset} of ${read.refusal.file}`;
    else if (typeof was === 'string') wrong = was;
    process.exit(0);
  });
  if (wrong !== undefined) {
    err(utf8(`slipway rover: the queue cannot be used: ${wrong}\n`));
    return EXIT_FAILED;
  }
  const waiting = queue.entries.map(({ number, request: { command, object }, answer }) => {
    const what = answer === undefined ? 'waits' : answer.result === 'refused' ? 'refused' : 'answered';
    return { number, command, object, state: what };
  });
  if (json !== undefined) json(waiting);
  else out(utf8(waiting.map(each => `${each.number} ${printable(each.command)} ${printable(each.object)} ${each.state}\n`).join('')));
  return 0;
}

/** Runs it in this process. */
async function ended(daemon: Daemon, log: (event: string, fields: LogFields) => void = () => {}): Promise<ExitStatus> {
  let node: NodeHost | undefined;
  const status = new Promise<ExitStatus>(resolve => {
    node = createNodeHost({
      programs: {},
      programsModule: '',
      program: 'rover-client',
      onExit: resolve,
      output: () => {},
      log: (_, event, fields = {}) => log(event, fields),
    });
    node.run(daemon);
  });
  try {
    return await status;
  } finally {
    await node?.close();
  }
}
