/**
 * The gateway child of one host: it holds one connection to that host's lond, and lets any number of local clients use it
 * through a Unix-domain socket. Spec: README.md, L3 to L5.
 * Lacks: the dialogue (connection.ts), the two sides (upstream.ts, local-clients.ts), the files (delayed-run.ts, journal.ts).
 */
import type { Daemon, Host, Timer } from '../../host/host.ts';
import type { Disposition } from '../../host/signal.ts';
import { ZERO } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import { holdLifeline } from '../supervision/lifeline.ts';
import { logBackOff, logNote } from './child-log.ts';
import type { ChildOptions } from './child-options.ts';
import { childOptions } from './child-options.ts';
import type { ConnectionRules, Link } from './connection.ts';
import { CORRECTED as CONNECTION, Connection } from './connection.ts';
import type { Action, ActionOf, Input, NoAnswer } from './connection-actions.ts';
import { DELAYED_TIMEOUT, REQUEST_TIMEOUT } from './connection-table.ts';
import type { DelayedRules } from './delayed.ts';
import { CORRECTED as DELAYED } from './delayed.ts';
import type { DelayedMessage } from './delayed-run.ts';
import { DelayedRun } from './delayed-run.ts';
import { Journal } from './journal.ts';
import type { LocalHooks, LocalRequest } from './local-clients.ts';
import { LocalClients } from './local-clients.ts';
import { socketPath } from './places.ts';
import type { Quirks } from './quirks.ts';
import type { CipherRules } from './secure-text.ts';
import { CORRECTED as CIPHER, SecureText } from './secure-text.ts';
import { scaled } from './settings.ts';
import type { UpstreamRules } from './upstream.ts';
import { CORRECTED as UPSTREAM, Upstream } from './upstream.ts';
import { CLOSE_REQUEST, CON_LOST, discreet, ENCRYPT, shown } from './wire.ts';

/** The two sides of a child. */
export interface Sides {
  readonly clients: LocalClients;
  readonly link: Link;
}

/** Who the sides belong to. */
export interface SidesOf {
  readonly host: Host;
  readonly hooks: LocalHooks;
  readonly connection: Connection;
  readonly upstream: Upstream;
  /** Gives the link an input. */
  handle(input: Input): void;
}

export interface ChildRules extends ConnectionRules, UpstreamRules, DelayedRules, CipherRules {
  /** L3, L4: who reads and writes, and when: at all times and at once. */
  readonly sides: (child: SidesOf) => Sides;
  /** L9: it does not leave its socket file when it ends. */
  readonly removesSocket: boolean;
  /** L9: a write to who is gone fails, and no more. */
  readonly sigpipe: Disposition;
  /** L9: sets handlers of signals that a child has from its parent. */
  readonly inherits: (host: Host, options: ChildOptions, journal: Journal) => void;
  /** L9: what SIGUSR1 does beside writing the status. */
  readonly interrupted: (sides: Sides) => void;
  /** L3: nobody can connect while it backs off. */
  readonly closesInBackOff: boolean;
  /** L4: whether a request is the one that ends the child. */
  readonly isCloseRequest: (text: string) => boolean;
  /** L5: lines that follow a delayed message which is encrypted. */
  readonly afterEncrypted: readonly string[];
  /** L8: what the log shows of a request that timed out. */
  readonly timedOut: (request: string, sent: string) => string;
}

export const CORRECTED: ChildRules = {
  ...CONNECTION,
  ...UPSTREAM,
  ...DELAYED,
  ...CIPHER,
  sides: ({ host, hooks, connection }) => ({ clients: new LocalClients(host, hooks), link: connection }),
  removesSocket: true,
  sigpipe: 'ignore',
  inherits: () => {},
  interrupted: () => {},
  closesInBackOff: true,
  isCloseRequest: text => text === CLOSE_REQUEST,
  afterEncrypted: [],
  timedOut: request => shown(discreet(request)),
};

/** What a transaction is for. */
type Work =
  | { readonly kind: 'local'; readonly request: LocalRequest; readonly sent: string }
  | { readonly kind: 'delayed'; readonly message: DelayedMessage };

/** `replacedBy`: what quirks decide instead. */
export const gatewayChildBy =
  (replacedBy: (quirks: Quirks) => Partial<ChildRules>): Daemon =>
  host => {
    const options = childOptions(host);
    new GatewayChild(host, options, { ...CORRECTED, ...replacedBy(options.quirks) }).start();
  };

class GatewayChild {
  readonly #host: Host;
  readonly #options: ChildOptions;
  readonly #rules: ChildRules;
  readonly #journal: Journal;
  readonly #upstream: Upstream;
  readonly #link: Link;
  readonly #clients: LocalClients;
  readonly #cipher: SecureText;
  readonly #delayed: DelayedRun;
  #timer: Timer | undefined;
  #work: Work | undefined;
  #pumping = false;
  #leaving = false;

  constructor(host: Host, options: ChildOptions, rules: ChildRules) {
    const { peer, address, from, settings } = options;
    this.#host = host;
    this.#options = options;
    this.#rules = rules;
    this.#journal = new Journal(host, settings, 'lonc', peer);
    const to = { transport: 'tcp', address, port: settings.londPort } as const;
    const upward = { input: (input: Input) => this.#feed(input), handedOver: () => this.#pump() };
    this.#upstream = new Upstream(host, { to, from }, upward, rules);
    const sides = rules.sides({
      host,
      hooks: {
        arrived: () => this.#pump(),
        accepted: () => this.#journal.status(`Accept new connection: ${peer}`),
        refused: detail => this.#journal.log('plain', 'client-closed', `Closed a client: ${detail}`),
      },
      connection: new Connection({ peer, random: bound => host.random.below(bound) }, rules),
      upstream: this.#upstream,
      handle: input => this.#handle(input),
    });
    this.#link = sides.link;
    this.#clients = sides.clients;
    this.#delayed = new DelayedRun(host, options, this.#journal, () => this.#pump(), rules);
    this.#cipher = new SecureText({ server: peer, client: settings.lonHostID }, rules);
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
    const { removesSocket, sigpipe, inherits, interrupted } = this.#rules;
    // Who leaves nothing behind is ended by the signal itself.
    const ends = removesSocket ? () => this.#leave(EXIT_CLEAN) : 'default';
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, ends);
    signals.handle('SIGHUP', 'ignore');
    signals.handle('SIGPIPE', sigpipe);
    signals.handle('SIGUSR1', () => {
      this.#journal.writeStatus();
      interrupted({ clients: this.#clients, link: this.#link });
    });
    signals.handle('SIGQUIT', () => {
      const { peer } = this.#options;
      this.#journal.log('critical', 'abnormal-exit', `ABNORMAL EXIT. Child ${process.pid} for server [${peer}] died through "QUIT"`);
      this.#leave(EXIT_FAILURE);
    });
    inherits(this.#host, this.#options, this.#journal);
  }

  // ── the connection ────────────────────────────────────────────────────────────────────────────────────────────────

  #handle(input: Input): void {
    this.#feed(input);
    this.#pump();
  }

  /** Acts on an input, and begins nothing. A line that came together with an answer came before the next request, and must not answer that (L3). */
  #feed(input: Input): void {
    // Each act takes the action of its name; what is looked up by a name that is not known before has lost this.
    for (const action of this.#link.handle(input)) (this.#acts[action.action] as (action: Action) => void)(action);
  }

  readonly #acts: { readonly [Name in Action['action']]: (action: ActionOf<Name>) => void } = {
    connect: () => {
      this.#journal.status('Opening TCP');
      this.#upstream.connect();
    },
    send: ({ text }) => this.#upstream.send(text),
    timer: ({ delay }) => {
      this.#timer?.cancel();
      this.#timer = this.#host.clock.setTimer(scaled(this.#options.settings, delay), () => this.#handle({ input: 'timeout' }));
    },
    cancel: () => this.#timer?.cancel(),
    disconnect: () => this.#upstream.disconnect(),
    key: action => {
      this.#upstream.openForReplies();
      this.#journal.status('Initialize cipher');
      this.#cipher.build(action);
      this.#journal.log('plain', 'cipher-ready', 'Secure connection initialized');
    },
    note: action => logNote(this.#journal, this.#options.peer, action),
    drain: () => {
      this.#journal.log('good', 'connection-open', `Connection to ${this.#options.peer} open`);
      this.#delayed.find();
    },
    listen: () => this.#listen(),
    serve: () => {
      this.#journal.status('Main loop');
      if (this.#rules.looksAgain) this.#delayed.scan();
    },
    answer: action => this.#answered(action),
    'no-answer': ({ cause }) => this.#unanswered(cause),
    lost: ({ detail }) => {
      this.#journal.status('Connection lost');
      this.#journal.log('critical', 'connection-lost', `lond connection lost: ${detail}`);
      this.#journal.log('plain', 'reconnecting', 'Attempting to open a new connection');
      // The actions that follow this one come first.
      this.#host.clock.setTimer(ZERO, () => this.#handle({ input: 'begin' }));
    },
    'back-off': action => {
      logBackOff(this.#journal, this.#options, action);
      if (this.#rules.closesInBackOff) this.#stopListening();
    },
    end: () => this.#leave(EXIT_CLEAN),
    aside: ({ act }) => act(),
  };

  #listen(): void {
    const { peer, settings } = this.#options;
    this.#journal.status('Opening socket');
    this.#clients.listen(socketPath(settings, peer), result => {
      // lond may have gone meanwhile; then it backs off, and listens to nobody.
      if (this.#link.state !== 'listen') this.#stopListening();
      else if (!result.ok) this.#handle({ input: 'not-listening', reason: result.error.code });
      else {
        this.#journal.log('good', 'online', `${peer} online`);
        this.#handle({ input: 'listening' });
      }
    });
  }

  #stopListening(): void {
    const { peer, settings } = this.#options;
    // Also a socket whose opening is under way: it is closed when the Host tells of it.
    if (this.#clients.close()) this.#host.storage.unlink(socketPath(settings, peer));
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
    while (this.#link.free && !this.#leaving) {
      const delayed = this.#delayed.next();
      if (delayed !== undefined) {
        this.#beginDelayed(delayed);
        continue;
      }
      if (this.#link.state === 'delayed') {
        this.#handle({ input: 'drained' });
        return;
      }
      const request = this.#clients.take();
      if (request === undefined) return;
      this.#begin(request);
    }
  }

  #begin(request: LocalRequest): void {
    const { text } = request;
    if (this.#rules.isCloseRequest(text)) {
      this.#journal.status('Request close connection');
      this.#journal.log('critical', 'close-request', 'Request Close Connection ... exiting');
      this.#leave(EXIT_CLEAN);
      return;
    }
    const sent = this.#wireForm(text);
    this.#work = { kind: 'local', request, sent };
    this.#handle({ input: 'request', text: sent, timeout: REQUEST_TIMEOUT });
  }

  #beginDelayed(message: DelayedMessage): void {
    const { command } = message;
    this.#work = { kind: 'delayed', message };
    this.#handle({ input: 'request', text: this.#wireForm(command), timeout: DELAYED_TIMEOUT });
    if (command.startsWith(ENCRYPT)) for (const line of this.#rules.afterEncrypted) this.#upstream.send(line);
  }

  #wireForm(command: string): string {
    return command.startsWith(ENCRYPT) ? this.#cipher.encrypt(command.slice(ENCRYPT.length)) : command;
  }

  /** The transaction is over. */
  #done(): Work {
    const work = this.#work;
    this.#work = undefined;
    if (work === undefined) throw new Error('an answer to nothing');
    return work;
  }

  #answered({ text, cut }: ActionOf<'answer'>): void {
    const work = this.#done();
    if (work.kind === 'delayed') {
      this.#delayed.delivered(work.message, text);
      return;
    }
    this.#clients.answer(work.request.client, this.#cipher.decrypt(text), cut === true ? 'cut' : 'reply');
    this.#journal.status(`Completed: ${discreet(work.request.text)}`);
  }

  #unanswered(cause: NoAnswer): void {
    const work = this.#done();
    if (work.kind === 'delayed') {
      this.#journal.log('warning', 'delayed-kept', `Delayed message kept, no answer: ${cause}`);
      this.#delayed.rest();
      return;
    }
    const { request, sent } = work;
    if (cause === 'timeout') this.#journal.log('critical', 'timeout', `Timeout: ${this.#rules.timedOut(request.text, sent)}`);
    this.#clients.answer(request.client, CON_LOST, 'lost');
  }

  #leave(status: number): void {
    this.#leaving = true;
    if (this.#work?.kind === 'local') this.#clients.answer(this.#work.request.client, CON_LOST, 'lost');
    if (this.#rules.removesSocket) this.#stopListening();
    else this.#clients.close();
    this.#host.process.exit(status);
  }
}
