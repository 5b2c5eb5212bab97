/**
 * The gateway: one child for every host of the table, its own id included. It carries no traffic itself. Spec: README.md, L9.
 * Lacks: how children are kept, which is ../supervision; detaching, which is for whoever starts it.
 */
import type { Daemon, Host } from '../../host/host.ts';
import { formatExit } from '../../host/signal.ts';
import type { Duration } from '../../host/time.ts';
import { micros, seconds } from '../../host/time.ts';
import { LIFELINE } from '../supervision/lifeline.ts';
import type { Life, SupervisorEvent, SupervisorPolicy } from '../supervision/supervisor.ts';
import { SUPERVISOR_DEFAULTS, Supervisor } from '../supervision/supervisor.ts';
import { askChild, LOCAL_TIMEOUT } from './client.ts';
import type { HostsTable } from './hosts-table.ts';
import { Journal } from './journal.ts';
import { Options } from './options.ts';
import { pidPath, socketPath } from './places.ts';
import type { Quirks } from './quirks.ts';
import type { Settings } from './settings.ts';
import { scaled } from './settings.ts';
import { readHosts, readSettings, refuseUsage } from './settings-file.ts';
import { EXIT, SELF_REPLY, shown } from './wire.ts';

/** A life that long was no failure: no child that only fails and backs off lives longer. */
export const HEALTHY_LIFE: Duration = seconds(900);

export interface GatewayRules {
  /** L9: a life that long begins the count of attempts anew; undefined: none does. */
  readonly healthyLife: SupervisorPolicy['healthyLife'];
  /** L9: whom SIGUSR1 starts. */
  readonly rearm: SupervisorPolicy['rearm'];
  /** L9: how long start-up takes, at most, until signals are handled. */
  readonly unguardedMax: Duration;
  /** L9: what a child is told of the life it is started for. */
  readonly inheritance: (life: Life) => readonly string[];
}

export const CORRECTED: GatewayRules = {
  healthyLife: HEALTHY_LIFE,
  rearm: 'given-up',
  unguardedMax: micros(0),
  inheritance: () => [],
};

/** `replacedBy`: what quirks decide instead. */
export const gatewayBy =
  (replacedBy: (quirks: Quirks) => Partial<GatewayRules>): Daemon =>
  host => {
    const options = new Options(host.process.args);
    const conf = options.all('conf');
    const quirks = options.quirks();
    const from = options.address('from');
    refuseUsage(host, options.problem);
    const settings = readSettings(host, conf);
    new Gateway(host, {
      conf,
      from,
      quirks,
      rules: { ...CORRECTED, ...replacedBy(quirks) },
      settings,
      hosts: readHosts(host, settings),
    }).start();
  };

interface GatewayOptions {
  readonly conf: readonly string[];
  readonly from: string | undefined;
  readonly quirks: Quirks;
  readonly rules: GatewayRules;
  readonly settings: Settings;
  readonly hosts: HostsTable;
}

class Gateway {
  readonly #host: Host;
  readonly #options: GatewayOptions;
  readonly #rules: GatewayRules;
  readonly #journal: Journal;

  constructor(host: Host, options: GatewayOptions) {
    this.#host = host;
    this.#options = options;
    this.#rules = options.rules;
    this.#journal = new Journal(host, options.settings, 'lonc', 'SHELL');
  }

  start(): void {
    const { hosts, settings } = this.#options;
    this.#host.signals.handle('SIGPIPE', 'ignore');
    this.#journal.status('Write PID');
    new Supervisor(this.#host, {
      pidFile: pidPath(settings, 'lonc'),
      peers: [...hosts.keys()],
      policy: this.#policy(),
      launch: (peer, life) => ({ program: 'gateway-child', args: this.#childArgs(peer, life) }),
      farewell: (peer, done) => this.#farewell(peer, done),
      report: event => this.#report(event),
      successor: { program: 'gateway', args: this.#host.process.args },
    }).start();
  }

  #policy(): SupervisorPolicy {
    const { settings } = this.#options;
    const { healthyLife, rearm, unguardedMax } = this.#rules;
    return {
      ...SUPERVISOR_DEFAULTS,
      healthyLife: healthyLife === undefined ? undefined : scaled(settings, healthyLife),
      rearm,
      sweepPause: scaled(settings, SUPERVISOR_DEFAULTS.sweepPause),
      farewellLimit: seconds(25),
      unguardedMax,
    };
  }

  #childArgs(peer: string, life: Life): readonly string[] {
    const { conf, from, quirks, hosts } = this.#options;
    const args = [`--peer=${peer}`, `--address=${hosts.get(peer)?.address ?? ''}`, `--lifeline=${LIFELINE}`];
    if (from !== undefined) args.push(`--from=${from}`);
    args.push(...conf.map(path => `--conf=${path}`), ...[...quirks].map(slug => `--quirk=${slug}`), ...this.#rules.inheritance(life));
    return args;
  }

  /** L9: `exit` through the child, so that lond closes in an orderly way. Our own lond is left alone. */
  #farewell(peer: string, done: () => void): void {
    const { settings } = this.#options;
    this.#journal.status(`Closing ${peer}`);
    if (peer === settings.lonHostID) {
      this.#journal.log('plain', 'closing', `Closing ${peer}: ${SELF_REPLY}`);
      done();
      return;
    }
    askChild(this.#host, { path: socketPath(settings, peer), command: EXIT, timeout: scaled(settings, LOCAL_TIMEOUT) }, reply => {
      this.#journal.log('plain', 'closing', `Closing ${peer}: ${shown(reply)}`);
      done();
    });
  }

  #report(event: SupervisorEvent): void {
    const journal = this.#journal;
    switch (event.event) {
      case 'starting':
        journal.retag('PARENT');
        journal.log('critical', 'starting', '---------- Starting ----------');
        journal.status('Forking ...');
        return;
      case 'rearming':
        journal.log('plain', 'usr1', 'USR1: Trying to establish connections again');
        return;
      case 'sweeping':
        journal.beginStatus();
        journal.writeStatus();
        journal.log('plain', 'sweep', 'Going to check on the children');
        return;
      case 'stop-signal':
        journal.status(`Kill PID ${event.pid} for ${event.peer}`);
        return;
      default:
        reportSupervision(journal, event);
    }
  }
}

type Reported = Exclude<SupervisorEvent, { event: 'starting' | 'rearming' | 'sweeping' | 'stop-signal' }>;

/** The log lines that a parent of ours has in common with another (L8). */
export function reportSupervision(journal: Journal, event: Reported): void {
  switch (event.event) {
    case 'already-running':
      journal.log('critical', 'already-running', `ABNORMAL EXIT: already running as process ${event.by}`);
      return;
    case 'pid-file-failed':
      journal.log('critical', 'pid-file-failed', `ABNORMAL EXIT: cannot write the pid file: ${event.error.code}`);
      return;
    case 'starting-child':
      journal.log('plain', 'starting-child', `Attempting to start child for server ${event.peer}`);
      return;
    case 'started':
      journal.log('plain', 'started', 'Done starting initial servers');
      journal.status('Woke up');
      return;
    case 'spawn-failed':
      journal.log('warning', 'spawn-failed', `Cannot start a child for ${event.peer}: ${event.error.code}`);
      return;
    case 'child-ended':
      journal.log('plain', 'child-ended', `Child ${event.pid} for ${event.peer} has ended: ${formatExit(event.status)}`);
      return;
    case 'restarting':
      journal.log('notice', 'restarting-child', `Trying to reconnect for ${event.peer} (${event.attempt} of ${event.of} attempts)`);
      return;
    case 'gave-up':
      journal.log('warning', 'skipped', `Skipped ${event.peer}`);
      return;
    case 'rearmed':
      journal.log('good', 'rearmed', `Restarting child for server: ${event.peer}`);
      return;
    case 'child-dead':
      journal.log('critical', 'child-dead', `Child ${event.pid} is dead`);
      return;
    case 'stopping':
      return;
    case 'stopped':
      journal.log(
        'critical',
        event.then === 'exit' ? 'shutting-down' : 'restarting',
        event.then === 'exit' ? 'Shutting down' : 'Restarting',
      );
      return;
    case 'quit':
      journal.log('critical', 'abnormal-exit', 'ABNORMAL EXIT. Parent died through "QUIT"');
      return;
    default:
      event satisfies never;
  }
}
