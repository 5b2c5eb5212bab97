/**
 * The process of a lond that serves. A Host cannot hand a connected socket to a child, so the published "one child for
 * each connection" is one session for each connection, all in this process: what happens to one process happens to all
 * connections. Its parent (lond.ts) starts it again. Spec: README.md, L6 and L10.
 * Lacks: the dialogue (session.ts) and the commands (commands.ts).
 */
import type { Daemon, Host, Stream, StreamHandler, Timer } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import { epochOf } from '../calendar/ctime.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import { holdLifeline } from '../supervision/lifeline.ts';
import { askChild, LOCAL_TIMEOUT, pokeGateway } from './client.ts';
import { answerCommand } from './commands.ts';
import type { HostsTable } from './hosts-table.ts';
import { hostAt } from './hosts-table.ts';
import { Journal } from './journal.ts';
import { LineReader } from './lines.ts';
import { Options } from './options.ts';
import { socketPath } from './places.ts';
import { Session } from './session.ts';
import type { SessionAction, SessionInput } from './session-actions.ts';
import { LOND_FACTS, type LondFacts } from './session-table.ts';
import type { Settings } from './settings.ts';
import { scaled } from './settings.ts';
import { readHosts, readSettings, refuseUsage } from './settings-file.ts';
import { UserStore } from './user-store.ts';
import { DIALOGUE_MAX, ENCRYPTED_MAX, lineOf, PING, SELF_REPLY, shown } from './wire.ts';

/** Connections at a time; one more is closed at once. */
export const SESSIONS_MAX = 1_024;
/** Connections of one host; one more closes its oldest. No message of the protocol finds a connection whose other end is gone, so they would add up. */
export const SESSIONS_PER_HOST = 16;
/** Callers that were closed and have not taken their last lines yet; one more closes the oldest at once. */
export const LEAVING_MAX = 64;
const BACKLOG = 128;
/** Replies that a caller has not taken. Past it none of its lines is looked at, and it is not read. */
export const UNTAKEN_MAX = 1_048_576;
/** What of the reply to a reverse ping is passed on. An id is shorter; the reply to pong is a line of the dialogue. */
export const REVERSE_PING_MAX = 200;
/** How long a caller has to take its last lines. */
const LINGER: Duration = seconds(5);
const TIMEOUT_MAX = 86_400;

interface LondChildOptions {
  readonly settings: Settings;
  readonly hosts: HostsTable;
  readonly facts: LondFacts;
  readonly listen: string;
}

export const londChild: Daemon = host => {
  const options = new Options(host.process.args);
  const conf = options.all('conf');
  const lifeline = options.number('lifeline', 1_048_575);
  const requestTimeout = options.number('request-timeout', TIMEOUT_MAX);
  const encryptedOnly = options.text('encrypted-only');
  const listen = options.address('listen') ?? '0.0.0.0';
  refuseUsage(host, options.problem);
  const settings = readSettings(host, conf);
  const facts: LondFacts = {
    ...LOND_FACTS,
    ...(requestTimeout === undefined ? {} : { requestTimeout: seconds(requestTimeout) }),
    ...(encryptedOnly === undefined ? {} : { encryptedOnly: encryptedOnly.split(',') }),
  };
  if (lifeline !== undefined) holdLifeline(host, lifeline, () => host.process.exit(EXIT_CLEAN));
  new LondChild(host, { settings, hosts: readHosts(host, settings), facts, listen }).start();
};

class LondChild {
  readonly #host: Host;
  readonly #options: LondChildOptions;
  readonly #journal: Journal;
  readonly #store: UserStore;
  readonly #callers: Set<Caller> = new Set();
  readonly #leaving: Set<Caller> = new Set();

  constructor(host: Host, options: LondChildOptions) {
    this.#host = host;
    this.#options = options;
    this.#journal = new Journal(host, options.settings, 'lond', options.settings.lonHostID);
    this.#journal.status('Serving');
    this.#store = new UserStore(host.storage, options.settings.lonUsersDir);
  }

  start(): void {
    const { signals, network, process } = this.#host;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, () => process.exit(EXIT_CLEAN));
    signals.handle('SIGHUP', 'ignore');
    signals.handle('SIGPIPE', 'ignore');
    signals.handle('SIGUSR1', () => this.#journal.writeStatus());
    const { listen, settings } = this.#options;
    network.listen(
      { transport: 'tcp', address: listen, port: settings.londPort },
      { backlog: BACKLOG },
      {
        opened: result => {
          if (result.ok) this.#journal.log('good', 'listening', `Listening on port ${settings.londPort}`);
          else {
            this.#journal.log('critical', 'not-listening', `Cannot listen on port ${settings.londPort}: ${result.error.code}`);
            process.exit(EXIT_FAILURE);
          }
        },
        accept: stream => this.#accept(stream),
      },
    );
  }

  #accept(stream: Stream): StreamHandler {
    const { hosts, settings, facts } = this.#options;
    const address = stream.remote?.transport === 'tcp' ? stream.remote.address : '';
    const peer = hostAt(hosts, address);
    const { random, process, clock } = this.#host;
    const digits = (): string => String(random.below(100_000));
    const epoch = (): number => epochOf(clock.wall());
    const session = new Session({
      own: settings.lonHostID,
      caller: peer,
      facts,
      // The published challenge is pid and time, which can be guessed.
      challenge: () => `${process.pid}${epoch()}${digits()}`,
      buildKey: () => `${digits()}${`${epoch()}${process.pid}${digits()}`.replace(/[1-6]/g, lettersFor)}${digits()}`,
    });
    const lines = new LineReader(DIALOGUE_MAX);
    const caller: Caller = { stream, session, peer, lines, paused: false, timer: undefined, gone: false };
    this.#makeRoom(peer);
    if (this.#callers.size >= SESSIONS_MAX) {
      this.#journal.log('warning', 'too-many', `More than ${SESSIONS_MAX} connections: ${address} is turned away`);
      this.#leave(caller, 'too many');
    } else {
      this.#callers.add(caller);
      this.#handle(caller, { input: 'begin' });
    }
    return this.#handlerOf(caller, address);
  }

  #makeRoom(peer: string | undefined): void {
    const same = [...this.#callers].filter(caller => caller.peer === peer);
    const [oldest] = same;
    if (peer === undefined || oldest === undefined || same.length < SESSIONS_PER_HOST) return;
    this.#journal.log('warning', 'too-many', `More than ${SESSIONS_PER_HOST} connections of ${peer}: its oldest is closed`);
    this.#handle(oldest, { input: 'end', detail: 'the oldest of too many' });
  }

  #handlerOf(caller: Caller, address: string): StreamHandler {
    const end = (detail: string): void => {
      if (!caller.gone) this.#handle(caller, { input: 'end', detail });
    };
    return {
      data: bytes => {
        // Who was closed is read and not heard: with unread input the last lines to it would be lost in a reset.
        if (caller.gone) return;
        caller.lines.feed(bytes);
        this.#read(caller, address);
      },
      drain: () => this.#read(caller, address),
      end: () => end('closed by the caller'),
      close: () => {
        this.#leaving.delete(caller);
        end('broken');
      },
    };
  }

  /** Obeys lines while the caller takes the replies. */
  #read(caller: Caller, address: string): void {
    const { lines, stream } = caller;
    while (!caller.gone && stream.pending <= UNTAKEN_MAX) {
      const event = lines.next();
      if (event === undefined) {
        if (caller.paused) stream.resume();
        caller.paused = false;
        return;
      }
      if (event.kind === 'violation') this.#journal.log('warning', 'violation', `${address}: ${event.detail}`);
      this.#handle(caller, event.kind === 'line' ? { input: 'line', text: event.text } : { input: 'end', detail: event.detail });
    }
    if (caller.gone || caller.paused) return;
    caller.paused = true;
    stream.pause();
  }

  #handle(caller: Caller, input: SessionInput): void {
    for (const action of caller.session.handle(input)) this.#act(caller, action);
  }

  #act(caller: Caller, action: SessionAction): void {
    const { peer = '?', stream } = caller;
    switch (action.action) {
      case 'send':
        stream.write(lineOf(action.text));
        return;
      case 'timer':
        caller.timer?.cancel();
        caller.timer = this.#host.clock.setTimer(scaled(this.#options.settings, action.delay), () =>
          this.#handle(caller, { input: 'timeout' }),
        );
        return;
      case 'cancel':
        caller.timer?.cancel();
        return;
      case 'command':
        this.#handle(caller, {
          input: 'answer',
          text: answerCommand(action.text, { store: this.#store, sessions: () => [this.#callers.size, SESSIONS_MAX] }),
        });
        return;
      case 'reverse-ping':
        this.#reversePing(caller);
        return;
      case 'admitted':
        caller.lines.limit = ENCRYPTED_MAX;
        this.#journal.log('good', 'admitted', `Established connection: ${peer}`);
        // L10: whoever calls is up, so our own gateway may try that host again.
        pokeGateway(this.#host, this.#options.settings);
        return;
      case 'refused':
        this.#journal.log('critical', 'refused', `Refused a connection: ${shown(action.detail)}`);
        return;
      case 'close':
        this.#leave(caller, action.detail);
        return;
      default:
        action satisfies never;
    }
  }

  /** L2: who calls from this address answers a ping that we send there. */
  #reversePing(caller: Caller): void {
    const { settings } = this.#options;
    const { peer = '' } = caller;
    const answer = (reply: string): void => {
      if (!caller.gone) this.#handle(caller, { input: 'answer', text: reply.slice(0, REVERSE_PING_MAX) });
    };
    if (peer === settings.lonHostID) answer(SELF_REPLY);
    else askChild(this.#host, { path: socketPath(settings, peer), command: PING, timeout: scaled(settings, LOCAL_TIMEOUT) }, answer);
  }

  #leave(caller: Caller, detail: string): void {
    caller.gone = true;
    caller.timer?.cancel();
    this.#callers.delete(caller);
    this.#host.log('debug', 'session-closed', { peer: caller.peer ?? '', detail });
    if (caller.paused) caller.stream.resume();
    // What was written is still delivered; what the caller says now is not heard.
    caller.stream.end();
    this.#leaving.add(caller);
    this.#host.clock.setTimer(LINGER, () => this.#discard(caller));
    const [oldest] = this.#leaving;
    if (oldest !== undefined && this.#leaving.size > LEAVING_MAX) this.#discard(oldest);
  }

  #discard(caller: Caller): void {
    if (this.#leaving.delete(caller)) caller.stream.close();
  }
}

interface Caller {
  readonly stream: Stream;
  readonly session: Session;
  readonly peer: string | undefined;
  readonly lines: LineReader;
  /** The caller is not read. */
  paused: boolean;
  timer: Timer | undefined;
  gone: boolean;
}

/** In a build key the digits 1 to 6 become A to F. */
const lettersFor = (digit: string): string => String.fromCharCode(digit.charCodeAt(0) + 16);
