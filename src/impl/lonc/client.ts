/**
 * The library of a local client: a request to a lond, through the gateway child of that host. Every answer is one line;
 * what is not a reply is a word of the library (con_lost, con_delayed, con_failed, no_such_host). Spec: README.md, L5.
 * Lacks: connections that are kept; each request has its own.
 */
import type { Host, Stream, StreamHandler, Timer } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import { readPidFile } from '../supervision/pid-file.ts';
import { storeDelayed } from './delayed.ts';
import type { HostsTable } from './hosts-table.ts';
import { Journal } from './journal.ts';
import { LineReader } from './lines.ts';
import { delayedDirectory, pidPath, socketPath } from './places.ts';
import type { Settings } from './settings.ts';
import { scaled } from './settings.ts';
import { CON_DELAYED, CON_FAILED, CON_LOST, lineOf, NO_SUCH_HOST, PING, PONG, REPLY_MAX, recorded } from './wire.ts';

/** How long a parent or a lond waits for a child (README.md, L9). */
export const LOCAL_TIMEOUT: Duration = seconds(10);
/** A library waits for a reply at least as long as a child does for lond. */
export const REPLY_TIMEOUT: Duration = seconds(310);
/** After a poke: how long until the socket is looked for, and how much longer if it is not there. */
const POKE_WAIT: Duration = seconds(5);
const POKE_WAIT_LONGER: Duration = seconds(10);

type Done = (answer: string) => void;

export interface LocalRequestOptions {
  readonly path: string;
  readonly command: string;
  /** How long the connection may take, and then again the reply. */
  readonly timeout: Duration;
}

/** One request to a gateway child. con_lost: no child, no reply in time, or the child said so. `done` is called later, once. */
export function askChild(host: Host, { path, command, timeout }: LocalRequestOptions, done: Done): void {
  const bytes = lineOf(command);
  const lines = new LineReader(REPLY_MAX);
  let stream: Stream | undefined;
  let finished = false;
  const finish = (answer: string): void => {
    if (finished) return;
    finished = true;
    timer.cancel();
    stream?.close();
    done(answer);
  };
  let timer: Timer = host.clock.setTimer(timeout, () => finish(CON_LOST));
  const handler: StreamHandler = {
    data: piece => {
      const [first] = lines.push(piece);
      if (first !== undefined) finish(first.kind === 'line' ? first.text : CON_LOST);
    },
    end: () => finish(CON_LOST),
    close: () => {
      stream = undefined;
      finish(CON_LOST);
    },
  };
  host.network.connect({ transport: 'unix', path }, {}, opened => {
    if (!opened.ok) finish(CON_LOST);
    else if (finished) opened.value.close();
    else {
      stream = opened.value;
      timer.cancel();
      timer = host.clock.setTimer(timeout, () => finish(CON_LOST));
      stream.write(bytes);
    }
    return handler;
  });
}

/** SIGUSR1 to the gateway, so that it tries again what it has given up. False when there is none. */
export function pokeGateway(host: Host, settings: Settings): boolean {
  const pid = readPidFile(host.storage, pidPath(settings, 'lonc'));
  return pid !== undefined && host.process.kill(pid, 'SIGUSR1').ok;
}

export class LoncClient {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #hosts: HostsTable;
  readonly #journal: Journal;
  readonly #timeout: Duration;
  #stored = 0;

  constructor(host: Host, settings: Settings, hosts: HostsTable, timeout: Duration = REPLY_TIMEOUT) {
    this.#host = host;
    this.#settings = settings;
    this.#hosts = hosts;
    this.#timeout = timeout;
    this.#journal = new Journal(host, settings, 'lonc', 'SHELL');
    // A child that dies while it is written to must not take us with it.
    host.signals.handle('SIGPIPE', 'ignore');
  }

  /** The reply to a command, or con_lost, or no_such_host. The command may or may not have been done if it is con_lost. */
  reply(command: string, peer: string, done: Done): void {
    if (this.#hosts.has(peer))
      askChild(this.#host, { path: socketPath(this.#settings, peer), command, timeout: scaled(this.#settings, this.#timeout) }, done);
    else this.#host.clock.setTimer(seconds(0), () => done(NO_SUCH_HOST));
  }

  /**
   * A command that must get there: tried again after the gateway was poked, then kept in a file until it can be sent.
   * con_delayed: it will be done at least once. con_failed: it could not be kept either.
   */
  critical(command: string, peer: string, done: Done): void {
    const step = (request: string, next: Done): void => this.reply(request, peer, next);
    step(command, first => {
      if (first !== CON_LOST) done(first);
      else
        step(PING, () =>
          this.#poke(peer, () =>
            step(PONG, () => step(command, second => done(second === CON_LOST ? this.#delay(command, peer) : second))),
          ),
        );
    });
  }

  #delay(command: string, peer: string): string {
    this.#stored += 1;
    const stored = storeDelayed(this.#host, delayedDirectory(this.#settings), { command, peer, count: this.#stored });
    this.#journal.permanent(stored.ok ? 'D' : 'F', peer, recorded(command));
    if (!stored.ok) this.#journal.log('critical', 'delay-failed', `Could not keep a message for ${peer}: ${stored.error.code}`);
    return stored.ok ? CON_DELAYED : CON_FAILED;
  }

  #poke(peer: string, next: () => void): void {
    const { clock, storage } = this.#host;
    if (!pokeGateway(this.#host, this.#settings)) {
      this.#journal.log('warning', 'no-gateway', 'Nobody to poke: the gateway is not running');
      clock.setTimer(seconds(0), next);
      return;
    }
    clock.setTimer(scaled(this.#settings, POKE_WAIT), () => {
      const found = storage.stat(socketPath(this.#settings, peer));
      if (found.ok) next();
      else clock.setTimer(scaled(this.#settings, POKE_WAIT_LONGER), next);
    });
  }
}
