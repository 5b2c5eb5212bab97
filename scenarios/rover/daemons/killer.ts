/**
 * Sends a signal to a process of its machine: `PID SIGNAL`.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { SIGNALS } from '../../../src/host/signal.ts';

export const killer: Daemon = ({ process }) => {
  const [pid, name] = process.args;
  const signal = SIGNALS.find(each => each === name);
  if (signal !== undefined) process.kill(Number(pid), signal);
  process.exit(0);
};
