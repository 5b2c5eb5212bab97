/**
 * A worker: one request, out of a pipe, and what came of it into another (R7). It has neither the log nor a socket.
 * Lacks: what is done with the outcome (runner.ts).
 */
import { concat, EMPTY, printable } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { millis } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import { holdLifeline, LIFELINE } from '../supervision/lifeline.ts';
import { errorReply } from './answer.ts';
import { EXIT_FATAL, EXIT_NO_PERMISSION } from './exit.ts';
import { formOf } from './form.ts';
import { isRefusal } from './header.ts';
import { sayLast } from './last-words.ts';
import { failed, stepped } from './log.ts';
import { type Fatal, mainLoop, type Outcome } from './main-loop.ts';
import { PLUG_INS } from './modules.ts';
import type { WorkerOptions } from './options.ts';
import type { Rules } from './rules.ts';
import { decodeTask, encodeOutcome, Gathered, OUTCOME_PIPE, REQUEST_PIPE, type Task } from './worker-wire.ts';

export function work(host: Host, options: WorkerOptions, rules: Rules): void {
  const { process, signals, descriptors } = host;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGPIPE'] as const) signals.handle(signal, signal === 'SIGPIPE' ? 'ignore' : 'default');
  const become = becomes(host, options);
  if (options.probe) process.exit(become ? EXIT_CLEAN : EXIT_NO_PERMISSION);
  holdLifeline(host, LIFELINE, () => process.exit(EXIT_FAILURE));
  const gathered = new Gathered();
  const heard = (): void => {
    const bytes = gathered.whole;
    const task = bytes === undefined ? undefined : decodeTask(concat(bytes));
    if (task === undefined) process.exit(EXIT_FAILURE);
    else if (become) run(host, options, rules, task);
    else tell(host, rules, strange(options.become));
  };
  const stream = descriptors.attach(REQUEST_PIPE, 'read', { data: bytes => gathered.add(bytes), end: once(heard) });
  if (!stream.ok) process.exit(EXIT_FAILURE);
}

function becomes(host: Host, { become }: WorkerOptions): boolean {
  if (become === undefined) return true;
  const became = host.process.become(become);
  if (!became.ok) failed(host).fatal({ text: `this process cannot become ${printable(become)}: ${became.error.code}` });
  return became.ok;
}

const strange = (user = ''): Outcome => ({
  reply: errorReply(403, `this machine has no user ${printable(user)}, or does not let him be`),
  changes: [],
  declared: [],
  raw: EMPTY,
  failed: true,
});

function run(host: Host, { state, tests }: WorkerOptions, rules: Rules, { pairs, value }: Task): void {
  const request = formOf(pairs, false, rules);
  if (isRefusal(request)) host.process.exit(EXIT_FAILURE);
  const { takes, run: finish } = mainLoop(request, {
    rules,
    plugIns: PLUG_INS,
    disk: { storage: host.storage, folder: state },
    tests,
    value: () => value,
    print: text => stepped(host).printed({ text }),
    left: { identity: undefined },
  });
  host.clock.setTimer(millis(takes), () => tell(host, rules, finish()));
}

function tell(host: Host, rules: Rules, outcome: Outcome | Fatal): void {
  const fatal = 'fatal' in outcome;
  if (fatal) sayLast(host, outcome.fatal);
  const end = (): void => {
    // A worker whose request has failed does not come back to where others are accepted (RV-14).
    if (fatal) host.process.exit(EXIT_FATAL);
    if (rules.workerEnds || !outcome.failed) host.process.exit(EXIT_CLEAN);
  };
  const stream = host.descriptors.attach(OUTCOME_PIPE, 'write', { data: () => {}, close: once(end) });
  if (!stream.ok) {
    end();
    return;
  }
  stream.value.write(encodeOutcome(outcome));
  stream.value.end();
}

function once(call: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    call();
  };
}
