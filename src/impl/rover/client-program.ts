/**
 * `rover-client`: the queue of a client as a program. It sends what it is told to, after what earlier lives have left, prints each answer as a
 * line, and ends when all is answered. R11.
 * Lacks: requests that come while it runs; client.ts has them.
 */
import { fromUtf8 } from '../../host/bytes.ts';
import type { Daemon, Host } from '../../host/host.ts';
import { EXIT_CLEAN, EXIT_FAILURE, EXIT_USAGE } from '../command-line/exit.ts';
import { type Output, standardOutput } from '../command-line/output.ts';
import { Client, type OpenProblem } from './client.ts';
import { clientFailed, clientNoted } from './client-log.ts';
import { type ClientCommandLine, clientOptions } from './client-options.ts';
import type { ClientAnswer } from './client-queue.ts';
import { textOf } from './text.ts';

/** sysexits.h EX_CONFIG, as the server has it: the log cannot be used. */
const EXIT_LOG = 78;

export const roverClient: Daemon = host => {
  const options = clientOptions(host.process.args);
  if (!('problem' in options)) {
    runClient(host, options, lineOutput(standardOutput(host)));
    return;
  }
  host.log('critical', 'usage', { problem: options.problem });
  host.process.exit(EXIT_USAGE);
};

/** Where a program tells what came. */
export interface Told {
  answered(number: number, answer: ClientAnswer): void;
  /** Calls `then` when all of it was taken. */
  whenTaken(then: () => void): void;
}

const lineOutput = (output: Output): Told => ({
  answered: (number, { status, result, body }) => output.line(`${number} ${status} ${result} ${escaped(body)}`),
  whenTaken: output.whenTaken,
});

/** Ends the process when all is answered. */
export function runClient(host: Host, { client: options, requests }: ClientCommandLine, told: Told): void {
  const client = Client.open(host, options);
  if ('problem' in client) host.process.exit(exitOf(host, client, options.state));
  let failed = 0;
  const end = (status: number): void => {
    client.close();
    told.whenTaken(() => host.process.exit(status));
  };
  for (const request of requests) client.send(request, queued => void (queued.ok || failed++));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    host.signals.handle(signal, () => {
      clientNoted(host).left({ waiting: client.waiting.length });
      end(EXIT_FAILURE);
    });
  client.start({
    answered: (number, _, answer) => {
      if (answer.result !== 'done') failed += 1;
      told.answered(number, answer);
    },
    idle: () => {
      clientNoted(host).finished({ failed });
      end(failed === 0 ? EXIT_CLEAN : EXIT_FAILURE);
    },
    stopped: () => end(EXIT_FAILURE),
  });
}

function exitOf(host: Host, problem: OpenProblem, state: string): number {
  const log = clientFailed(host)['log-damaged'];
  switch (problem.problem) {
    case 'damaged':
      log(problem.refusal);
      return EXIT_LOG;
    case 'unwritable':
      log({ file: state, offset: 0, what: problem.error.code });
      return EXIT_LOG;
    case 'foreign':
      log({ file: state, offset: 0, what: `the queue of ${problem.user} at ${problem.host}` });
      return EXIT_USAGE;
  }
}

/** One line of it: text where it is UTF-8, with what would end or disturb the line as `\n`, `\t`, `\\`, `\xNN` or `\u{…}`. */
export function escaped(body: Uint8Array): string {
  const text = fromUtf8(body);
  const unsafe = text === undefined ? /[\\\p{Cc}\u0080-\u00ff]/gu : /[\\\p{Cc}\u2028\u2029]/gu;
  return (text ?? textOf(body)).replace(unsafe, character => NAMED[character] ?? byCode(character));
}
const NAMED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };
function byCode(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`;
}
