/**
 * The daemons of IKC, by the names under which a Host starts them.
 */
import type { Daemon, Host, Programs } from '../../host/host.ts';
import { EXIT_USAGE } from '../command-line/exit.ts';
import { standardOutput } from '../command-line/output.ts';
import { Client } from './client.ts';
import { Lite } from './lite.ts';
import { clientOptions, liteOptions, serverOptions } from './options.ts';
import { Prefork } from './prefork.ts';
import { Server } from './server.ts';

export const ikcServer: Daemon = host =>
  run(host, serverOptions(host.process.args), options =>
    (options.processes > 1 ? new Prefork(host, options) : new Server(host, options)).start(),
  );
export const ikcClient: Daemon = host =>
  run(host, clientOptions(host.process.args), options => new Client(host, options, standardOutput(host)).start());
export const ikcLite: Daemon = host =>
  run(host, liteOptions(host.process.args), options => new Lite(host, options, standardOutput(host)).start());

function run<Options extends object>(
  { log, process }: Host,
  options: Options | { readonly problem: string },
  start: (options: Options) => void,
): void {
  if (!('problem' in options)) {
    start(options);
    return;
  }
  log('critical', 'usage', { problem: options.problem });
  process.exit(EXIT_USAGE);
}

export const programs: Programs = { ikc: ikcServer, 'ikc-server': ikcServer, 'ikc-client': ikcClient, 'ikc-lite': ikcLite };
