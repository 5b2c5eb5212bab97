/**
 * The gateway child of one host: it holds one connection to that host's lond, and lets any number of local clients use it
 * through a Unix-domain socket. Spec: README.md, L3 to L5.
 * Lacks: the dialogue (connection.ts), the two sides (upstream.ts, local-clients.ts), the files (delayed-run.ts, journal.ts).
 * May import: host, ../cipher, ../supervision, its own folder.
 */
import type { Daemon, Host, Timer } from '../../host/host.ts';
import type { Signal } from '../../host/signal.ts';
import { ZERO } from '../../host/time.ts';
import { holdLifeline } from '../supervision/lifeline.ts';
import { logBackOff, logNote } from './child-log.ts';
import type { ChildOptions } from './child-options.ts';
import { childOptions } from './child-options.ts';
import { Connection, DELAYED_TIMEOUT, REQUEST_TIMEOUT } from './connection.ts';
import type { Action, Input } from './connection-actions.ts';
import type { DelayedMessage } from './delayed-run.ts';
import { DelayedRun } from './delayed-run.ts';
import { endSiblings } from './inherited.ts';
import { Journal } from './journal.ts';
import type { LocalClient, LocalRequest } from './local-clients.ts';
import { LocalClients } from './local-clients.ts';
import { socketPath } from './places.ts';
import { QUIRK } from './quirks.ts';
import { SecureText } from './secure-text.ts';
import { scaled } from './settings.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from './settings-file.ts';
import { Upstream } from './upstream.ts';
import { CLOSE_REQUEST, CON_LOST, discreet, ENCRYPT, shown } from './wire.ts';

/** What a transaction is for. */
type Work =
  | { readonly kind: 'local'; readonly request: LocalRequest; readonly sent: string }
  | { readonly kind: 'delayed'; readonly message: DelayedMessage };

export const gatewayChild: Daemon = host => new GatewayChild(host, childOptions(host)).start();

class GatewayChild {
  readonly #host: Host;
  readonly #options: ChildOptions;
  readonly #journal: Journal;
  readonly #connection: Connection;
  readonly #upstream: Upstream;
  readonly #clients: LocalClients;
  readonly #cipher: SecureText;
  readonly #delayed: DelayedRun;
  #timer: Timer | undefined;
  #work: Work | undefined;
  /** Clients that were told con_lost when the connection was lost (A-B03). */
  readonly #told: Set<LocalClient> = new Set();
  #pumping = false;
  #listening = false;
  #leaving = false;
  /** A-B01: the mask before the transaction. */
  #maskBefore: readonly Signal[] | undefined;

  constructor(host: Host, options: ChildOptions) {
    const { peer, address, from, settings, quirks } = options;
    this.#host = host;
    this.#options = options;
    this.#journal = new Journal(host, settings, 'lonc', peer);
    this.#connection = new Connection({ peer, quirks, random: bound => host.random.below(bound) });
    const to = { transport: 'tcp', address, port: settings.londPort } as const;
    this.#upstream = new Upstream(
      host,
      { to, from, quirks },
      {
        input: input => this.#feed(input),
        handedOver: () => this.#pump(),
      },
    );
    this.#clients = new LocalClients(host, quirks, {
      arrived: () => this.#pump(),
      accepted: () => this.#journal.status(`Accept new connection: ${peer}`),
      refused: detail => this.#journal.log('plain', 'client-closed', `Closed a client: ${detail}`),
    });
    this.#delayed = new DelayedRun(host, options, this.#journal, () => this.#pump());
    this.#cipher = new SecureText({ server: peer, client: settings.lonHostID }, quirks);
  }

  start(): void {
    const { lifeline, peer, settings } = this.#options;
    this.#handleSignals();
    if (lifeline !== undefined) holdLifeline(this.#host, lifeline, () => this.#host.process.exit(EXIT_CLEAN));
    this.#host.storage.unlink(socketPath(settings, peer));
    this.#handle({ input: 'begin' });
  }

  #handleSignals(): void {
    const { signals, process } = this.#host;
    const { quirks, restarted, siblings } = this.#options;
    const leaves = quirks.has(QUIRK.LEAVE_SOCKET) ? 'default' : () => this.#leave(EXIT_CLEAN);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, leaves);
    signals.handle('SIGHUP', 'ignore');
    signals.handle('SIGPIPE', quirks.has(QUIRK.DIE_OF_SIGPIPE) ? 'default' : 'ignore');
    signals.handle('SIGUSR1', () => this.#status());
    signals.handle('SIGQUIT', () => {
      this.#journal.log(
        'critical',
        'abnormal-exit',
        `ABNORMAL EXIT. Child ${process.pid} for server [${this.#options.peer}] died through "QUIT"`,
      );
      this.#leave(EXIT_FAILURE);
    });
    if (!restarted || !quirks.has(QUIRK.INHERIT_HANDLERS)) return;
    const inherit = (then: 'exit' | 'restart') => (): void => endSiblings(this.#host, this.#options, this.#journal, siblings, then);
    signals.handle('SIGTERM', inherit('exit'));
    signals.handle('SIGHUP', inherit('restart'));
  }

  /** SIGUSR1. A-B12: a child that waits for input does not survive it whole. */
  #status(): void {
    this.#journal.writeStatus();
    if (this.#options.quirks.has(QUIRK.HANG_ON_USR1) && this.#connection.free && this.#listening) this.#clients.hang();
  }

  // ── the connection ────────────────────────────────────────────────────────────────────────────────────────────────

  #handle(input: Input): void {
    this.#feed(input);
    this.#pump();
  }

  /** Begins nothing. A line that came together with an answer came before the next request, and must not answer that (L3). */
  #feed(input: Input): void {
    for (const action of this.#connection.handle(input)) this.#act(action);
    if (this.#maskBefore !== undefined && !this.#inTransaction()) this.#endTransaction();
  }

  #act(action: Action): void {
    switch (action.action) {
      case 'connect':
        this.#journal.status('Opening TCP');
        this.#upstream.connect();
        return;
      case 'send':
        if (this.#inTransaction()) this.#beginTransaction();
        this.#upstream.send(action.text);
        return;
      case 'timer':
        this.#timer?.cancel();
        this.#timer = this.#host.clock.setTimer(scaled(this.#options.settings, action.delay), () => this.#handle({ input: 'timeout' }));
        return;
      case 'cancel':
        this.#timer?.cancel();
        return;
      case 'disconnect':
        this.#upstream.disconnect();
        return;
      case 'forget-partial':
        this.#upstream.forgetPartial();
        return;
      case 'key':
        this.#upstream.openForReplies();
        this.#journal.status('Initialize cipher');
        this.#cipher.build(action.reply, action.ended);
        this.#journal.log('plain', 'cipher-ready', 'Secure connection initialized');
        return;
      case 'answer':
        this.#answered(action.text, action.ended);
        return;
      case 'no-answer':
        this.#unanswered(action.cause);
        return;
      default:
        this.#step(action);
    }
  }

  /** The actions that lead from one phase to another. */
  #step(
    action: Exclude<
      Action,
      { action: 'connect' | 'send' | 'timer' | 'cancel' | 'disconnect' | 'forget-partial' | 'key' | 'answer' | 'no-answer' }
    >,
  ): void {
    const { peer } = this.#options;
    switch (action.action) {
      case 'note':
        logNote(this.#journal, peer, action);
        return;
      case 'drain':
        this.#journal.log('good', 'connection-open', `Connection to ${peer} open`);
        this.#delayed.find();
        return;
      case 'listen':
        this.#journal.status('Opening socket');
        this.#clients.listen(socketPath(this.#options.settings, peer), result => {
          // lond may have gone meanwhile; then it backs off, and listens to nobody.
          if (this.#connection.state !== 'listen') this.#stopListening();
          else if (!result.ok) this.#handle({ input: 'not-listening', reason: result.error.code });
          else {
            this.#listening = true;
            this.#journal.log('good', 'online', `${peer} online`);
            this.#handle({ input: 'listening' });
          }
        });
        return;
      case 'serve':
        this.#serve();
        return;
      case 'lost':
        this.#clients.release();
        this.#journal.status('Connection lost');
        this.#journal.log('critical', 'connection-lost', `lond connection lost: ${action.detail}`);
        this.#journal.log('plain', 'reconnecting', 'Attempting to open a new connection');
        // After the actions that follow this one.
        this.#host.clock.setTimer(ZERO, () => this.#handle({ input: 'begin' }));
        return;
      case 'back-off':
        this.#backOff(action);
        return;
      case 'end':
        this.#leave(EXIT_CLEAN);
        return;
      default:
        action satisfies never;
    }
  }

  #backOff(action: Extract<Action, { action: 'back-off' }>): void {
    const { quirks } = this.#options;
    logBackOff(this.#journal, this.#options, action);
    if (!quirks.has(QUIRK.LISTEN_IN_BACK_OFF)) this.#stopListening();
  }

  #stopListening(): void {
    const { peer, settings } = this.#options;
    // Also a socket whose opening is under way: it is closed when the Host tells of it.
    if (this.#clients.close()) this.#host.storage.unlink(socketPath(settings, peer));
    this.#listening = false;
  }

  #serve(): void {
    const { quirks } = this.#options;
    this.#journal.status('Main loop');
    if (!quirks.has(QUIRK.DELAYED_ONCE)) this.#delayed.scan();
    const told = [...this.#told];
    this.#told.clear();
    if (!quirks.has(QUIRK.REPEAT_CON_LOST)) return;
    for (const client of told) this.#tell(client);
    if (told.some(client => !client.gone)) this.#declareLost(told);
  }

  /** A-B03, A-B04: where answers are written at once it is here that the marker is seen; by turns the write phase sees it. */
  #declareLost(told: readonly LocalClient[]): void {
    if (this.#options.quirks.has(QUIRK.DEFER_RECONNECT)) return;
    for (const client of told) this.#told.add(client);
    this.#host.clock.setTimer(ZERO, () => this.#connection.free && this.#handle({ input: 'declare-lost' }));
  }

  // ── transactions ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Begins what can be begun. */
  #pump(): void {
    // What is begun may be answered at once, and comes back here.
    if (this.#pumping) return;
    this.#pumping = true;
    this.#beginAll();
    this.#pumping = false;
  }

  #beginAll(): void {
    while (this.#connection.free && this.#work === undefined && !this.#leaving) {
      const delayed = this.#delayed.next();
      if (delayed !== undefined) {
        this.#beginDelayed(delayed);
        continue;
      }
      if (this.#connection.state === 'delayed') {
        this.#handle({ input: 'drained' });
        return;
      }
      const next = this.#clients.take();
      if (next === undefined) return;
      if ('lost' in next) {
        this.#told.add(next.lost);
        this.#handle({ input: 'declare-lost' });
      } else this.#begin(next);
    }
  }

  #begin(request: LocalRequest): void {
    const { text } = request;
    if (text === CLOSE_REQUEST && !this.#options.quirks.has(QUIRK.FORWARD_CLOSE)) {
      this.#journal.status('Request close connection');
      this.#journal.log('critical', 'close-request', 'Request Close Connection ... exiting');
      this.#leave(EXIT_CLEAN);
      return;
    }
    const sent = text.startsWith(ENCRYPT) ? this.#cipher.encrypt(text.slice(ENCRYPT.length)) : text;
    this.#work = { kind: 'local', request, sent };
    this.#handle({ input: 'request', text: sent, timeout: REQUEST_TIMEOUT });
  }

  #beginDelayed(message: DelayedMessage): void {
    const { command } = message;
    const encrypt = command.startsWith(ENCRYPT);
    this.#work = { kind: 'delayed', message };
    const text = encrypt ? this.#cipher.encrypt(command.slice(ENCRYPT.length)) : command;
    this.#handle({ input: 'request', text, timeout: DELAYED_TIMEOUT });
    // A-B09: the encrypted form has an end of line already.
    if (encrypt && this.#options.quirks.has(QUIRK.EXTRA_NEWLINE)) this.#upstream.send('');
  }

  #answered(text: string, ended: boolean): void {
    const work = this.#work;
    this.#work = undefined;
    if (work === undefined) throw new Error('an answer to nothing');
    if (work.kind === 'delayed') {
      this.#delayed.delivered(work.message, text);
      return;
    }
    const { client } = work.request;
    this.#clients.answer(client, this.#cipher.decrypt(text), { ended, failed: false });
    this.#journal.status(`Completed: ${discreet(work.request.text)}`);
    if (text === CON_LOST && this.#options.quirks.has(QUIRK.IN_BAND_MARKER)) this.#declareLost([client]);
  }

  #unanswered(cause: 'timeout' | 'end' | 'violation'): void {
    const work = this.#work;
    this.#work = undefined;
    if (work === undefined) throw new Error('no answer to nothing');
    if (work.kind === 'delayed') {
      this.#journal.log('warning', 'delayed-kept', `Delayed message kept, no answer: ${cause}`);
      if (!this.#options.quirks.has(QUIRK.FIRST_LINE_ONLY)) this.#delayed.rest();
      return;
    }
    if (cause === 'timeout') this.#journal.log('critical', 'timeout', `Timeout: ${this.#loggable(work.request.text, work.sent)}`);
    this.#tell(work.request.client);
  }

  #tell(client: LocalClient): void {
    this.#clients.answer(client, CON_LOST, { ended: true, failed: true });
    // By turns it is the write phase that knows whose output was the marker.
    if (!client.gone && !this.#options.quirks.has(QUIRK.DEFER_RECONNECT)) this.#told.add(client);
  }

  #loggable(command: string, sent: string): string {
    // A-B10d: as written the command is logged, or what was made of it.
    return shown(this.#options.quirks.has(QUIRK.LOG_CLEAR_TEXT) ? sent : discreet(command));
  }

  // ── signals and the end ───────────────────────────────────────────────────────────────────────────────────────────

  #inTransaction(): boolean {
    return this.#work !== undefined || this.#connection.state === 'init' || this.#connection.state === 'challenge';
  }

  #beginTransaction(): void {
    if (!this.#options.quirks.has(QUIRK.TOGGLE_MASK)) return;
    if (this.#maskBefore !== undefined) this.#endTransaction();
    this.#maskBefore = this.#host.signals.mask('block', TRANSACTION_SIGNALS);
  }

  /** A-B01: `unblock` where `set` was meant. */
  #endTransaction(): void {
    const before = this.#maskBefore ?? [];
    this.#maskBefore = undefined;
    this.#host.signals.mask('unblock', before);
  }

  #leave(status: number): void {
    const { quirks, settings, peer } = this.#options;
    this.#leaving = true;
    if (this.#work?.kind === 'local') this.#tell(this.#work.request.client);
    if (this.#clients.close() && !quirks.has(QUIRK.LEAVE_SOCKET)) this.#host.storage.unlink(socketPath(settings, peer));
    this.#host.process.exit(status);
  }
}

const TRANSACTION_SIGNALS: readonly Signal[] = ['SIGQUIT', 'SIGUSR1', 'SIGHUP', 'SIGINT', 'SIGTERM'];
