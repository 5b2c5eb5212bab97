/**
 * Sends a signal to processes of its machine, as an operator does: `--at=MS --signal=NAME --pid=N…`.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { Options } from '../../../src/impl/command-line/options.ts';

const SECOND = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export const signaller: Daemon = ({ clock, process }) => {
  const options = new Options(process.args);
  const at = millis(options.number('at', SECOND) ?? 0);
  const signal = options.choice('signal', SIGNALS, 'SIGINT');
  const pids = options.all('pid').map(Number);
  if (options.problem !== undefined) throw new Error(options.problem);
  clock.setTimer(at, () => {
    for (const pid of pids) process.kill(pid, signal);
  });
};
