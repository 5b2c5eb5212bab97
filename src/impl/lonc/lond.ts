/**
 * lond: the parent of the process that serves (lond-child.ts), which it keeps alive. Spec: README.md, L10.
 * Lacks: preforking; there is one child.
 */
import type { Daemon } from '../../host/host.ts';
import { LIFELINE } from '../supervision/lifeline.ts';
import type { SupervisorEvent } from '../supervision/supervisor.ts';
import { SUPERVISOR_DEFAULTS, Supervisor } from '../supervision/supervisor.ts';
import { Journal } from './journal.ts';
import { Options } from './options.ts';
import { reportSupervision } from './parent.ts';
import { pidPath } from './places.ts';
import { readSettings, refuseUsage } from './settings-file.ts';

/** The options that are the child's. */
const PASSED = ['listen', 'request-timeout', 'encrypted-only'] as const;

export const lond: Daemon = host => {
  const options = new Options(host.process.args);
  const conf = options.all('conf');
  const passed = PASSED.flatMap(name => options.all(name).map(value => `--${name}=${value}`));
  refuseUsage(host, options.problem);
  const settings = readSettings(host, conf);
  const journal = new Journal(host, settings, 'lond', 'SHELL');
  journal.status('Keeping a child');
  const report = (event: SupervisorEvent): void => {
    if (event.event === 'starting') {
      journal.retag('PARENT');
      journal.log('critical', 'starting', '---------- Starting ----------');
    } else if (event.event === 'sweeping') {
      journal.beginStatus();
      journal.writeStatus();
    } else if (event.event !== 'rearming' && event.event !== 'stop-signal') reportSupervision(journal, event);
  };
  new Supervisor(host, {
    pidFile: pidPath(settings, 'lond'),
    peers: [settings.lonHostID],
    policy: SUPERVISOR_DEFAULTS,
    launch: () => ({ program: 'lond-child', args: [...conf.map(path => `--conf=${path}`), ...passed, `--lifeline=${LIFELINE}`] }),
    farewell: (_peer, done) => done(),
    report,
    successor: { program: 'lond', args: host.process.args },
  }).start();
};
