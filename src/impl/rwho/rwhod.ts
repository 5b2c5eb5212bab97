/**
 * rwhod as a program: its command line, and what it runs. Spec: README.md.
 */
import type { Daemon } from '../../host/host.ts';
import { EXIT_USAGE } from '../command-line/exit.ts';
import { rulesOf } from './as-written.ts';
import { parseOptions } from './options.ts';
import { sendOnly } from './sender.ts';
import { Server } from './server.ts';

export const rwhod: Daemon = host => {
  const options = parseOptions(host.process.args, rulesOf);
  if ('problem' in options) {
    host.log('critical', 'usage', { problem: options.problem });
    return host.process.exit(EXIT_USAGE);
  }
  if (options.senderOnly) sendOnly(host, options);
  else new Server(host, options).start();
};
