/**
 * The daemons of the lifetime pipe, by the names under which a Host starts them.
 */
import type { Daemon, Host, Programs } from '../../host/host.ts';
import { EXIT_USAGE } from '../command-line/exit.ts';
import { rulesOf } from './as-written.ts';
import { Child } from './child.ts';
import { childOptions } from './child-options.ts';
import { UsageError } from './options.ts';
import { Parent } from './parent.ts';
import { parentOptions } from './parent-options.ts';

const program =
  <Given>(read: (host: Host) => Given | UsageError, start: (host: Host, options: Given) => void): Daemon =>
  host => {
    const options = read(host);
    if (!(options instanceof UsageError)) return start(host, options);
    host.log('error', 'usage', { text: options.text });
    return host.process.exit(EXIT_USAGE);
  };

export const programs: Programs = {
  'lifetime-child': program(
    ({ process, storage }) => childOptions(process.args, storage, rulesOf),
    (host, options) => new Child(host, options).start(),
  ),
  'lifetime-parent': program(
    ({ process }) => parentOptions(process.args, rulesOf),
    (host, options) => new Parent(host, options).start(),
  ),
};
