/**
 * The parent (R9): keeps the daemon, whatever it dies of, and waits the longer the sooner it dies. What it ends with ends both.
 * Lacks: how a child is kept, which is ../supervision.
 */
import type { Host } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import { formatExit } from '../../host/signal.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { LIFELINE } from '../supervision/lifeline.ts';
import { SUPERVISOR_DEFAULTS, Supervisor, type SupervisorEvent, type SupervisorPolicy } from '../supervision/supervisor.ts';
import { EXIT_NO_PERMISSION } from './exit.ts';
import { STANDARD_ERROR } from './last-words.ts';
import type { ServerOptions } from './options.ts';
import { readUsers } from './users-file.ts';

const HEALTHY_LIFE: Duration = seconds(10);
const PAUSE_MAX = 30;

/** At once, then after 1, 2, 4 … 30 s. */
export const pauseBefore = (attempt: number): Duration => seconds(attempt <= 1 ? 0 : Math.min(PAUSE_MAX, 2 ** (attempt - 2)));

const POLICY: SupervisorPolicy = {
  ...SUPERVISOR_DEFAULTS,
  attemptsMax: Number.MAX_SAFE_INTEGER,
  healthyLife: HEALTHY_LIFE,
  restartPause: pauseBefore,
  shortagePause: seconds(1),
  stopSignal: 'SIGTERM',
  // The daemon takes five for what runs.
  stopGrace: seconds(10),
};

const FORMS = {
  'daemon-starting': {},
  'daemon-ended': { daemon: 'number', status: 'string' },
  'daemon-restarting': { attempt: 'number' },
} as const;
export const parentLog: Logs<typeof FORMS> = logs(FORMS);
const FAILURES = { 'not-started': { why: 'string' } } as const;
export const parentFailed: Logs<typeof FAILURES> = logs(FAILURES, 'critical');

export function keepDaemon(host: Host, options: ServerOptions): void {
  host.signals.handle('SIGPIPE', 'ignore');
  const [user] = options.identity === 'system' ? readUsers(host, options.users).keys() : [];
  if (user === undefined) keep(host, options);
  else probe(host, options.state, user, () => keep(host, options));
}

/** Whether a process of this machine may become its users; if not, this one ends. */
function probe(host: Host, state: string, user: string, permitted: () => void): void {
  const failed = parentFailed(host)['not-started'];
  const spawned = host.process.spawn('rover-worker', [`--state=${state}`, `--become=${user}`, '--probe']);
  const refuse = (why: string): never => {
    failed({ why });
    return host.process.exit(EXIT_NO_PERMISSION);
  };
  if (!spawned.ok) refuse(spawned.error.code);
  host.process.wait(reaped => {
    if (reaped.ok && 'code' in reaped.value.status && reaped.value.status.code === 0) permitted();
    else refuse(`--identity=system: no process of this one can become ${user}`);
  });
}

function keep(host: Host, { state, passed }: ServerOptions): void {
  // For the pid file; a folder that cannot be made is told by that.
  host.storage.makeDirectory(state);
  new Supervisor(host, {
    pidFile: `${state}/rover.pid`,
    peers: ['daemon'],
    policy: POLICY,
    launch: () => ({ program: 'rover-daemon', args: [...passed, `--lifeline=${LIFELINE}`], descriptors: STANDARD_ERROR }),
    farewell: (_, done) => done(),
    report: event => report(host, event),
    successor: { program: 'rover', args: host.process.args },
  }).start();
}

function report(host: Host, event: SupervisorEvent): void {
  const log = parentLog(host);
  const failed = parentFailed(host)['not-started'];
  switch (event.event) {
    case 'starting-child':
      log['daemon-starting']();
      return;
    case 'child-ended':
      log['daemon-ended']({ daemon: event.pid, status: formatExit(event.status) });
      return;
    case 'restarting':
      log['daemon-restarting']({ attempt: event.attempt });
      return;
    case 'spawn-failed':
      failed({ why: event.error.code });
      return;
    case 'already-running':
      failed({ why: `process ${event.by} has this folder` });
      return;
    case 'pid-file-failed':
      failed({ why: `the pid file cannot be written: ${event.error.code}` });
  }
}
