/**
 * A-B13, played: the shutdown routine of the parent, run by a child that was restarted and has its handlers.
 */
import type { Host, Pid } from '../../host/host.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import type { ChildOptions } from './child-options.ts';
import { askChild, LOCAL_TIMEOUT } from './client.ts';
import type { Journal } from './journal.ts';
import { pidPath, socketPath } from './places.ts';
import { scaled } from './settings.ts';
import { EXIT, shown } from './wire.ts';

/** One sibling after the other: `exit` through its socket, then SIGINT; then the pid file, which is the parent's. */
export function endSiblings(
  host: Host,
  { settings, conf }: Pick<ChildOptions, 'settings' | 'conf'>,
  journal: Journal,
  siblings: readonly (readonly [pid: Pid, peer: string])[],
  then: 'exit' | 'restart',
): void {
  const [first, ...rest] = siblings;
  if (first === undefined) {
    host.storage.unlink(pidPath(settings, 'lonc'));
    journal.log('critical', then === 'exit' ? 'shutting-down' : 'restarting', then === 'exit' ? 'Shutting down' : 'Restarting');
    if (then === 'restart')
      host.process.exec(
        'gateway',
        conf.map(path => `--conf=${path}`),
      );
    host.process.exit(then === 'exit' ? EXIT_CLEAN : EXIT_FAILURE);
  }
  const [pid, peer] = first;
  askChild(host, { path: socketPath(settings, peer), command: EXIT, timeout: scaled(settings, LOCAL_TIMEOUT) }, reply => {
    journal.log('plain', 'closing', `Closing ${peer}: ${shown(reply)}`);
    host.process.kill(pid, 'SIGINT');
    endSiblings(host, { settings, conf }, journal, rest, then);
  });
}
