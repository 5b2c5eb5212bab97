/**
 * When a gateway child has to say what (README.md of lonc, L5, L8 and L9): of its connection, of delayed messages, of clients that it closes, of
 * signals.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';
import { SPOOL } from '../parts/places.ts';
import type { JournalModel } from './journal.ts';

/** Since what, and what it says then that it does: a client can come at any time once there is a socket. */
const DOES = {
  starts: '',
  opens: 'Opening TCP',
  greets: 'Init dialogue: {P}|Ponging',
  keyed: 'Initialize cipher|Checking for delayed messages|Sending delayed: .*|Opening socket',
  serves: 'Main loop|Checking for delayed messages|Sending delayed: .*|Completed: .*|Initialize cipher|Request close connection',
  lost: 'Connection lost',
} as const;
/** Why it may end with status 0. */
const REASONS = ['back-off', 'close-request'];
/** What a client, or a look for delayed messages, makes of that. */
const MEANWHILE = 'Accept new connection: {P}|Checking for delayed messages|Main loop';
/** What a loss was told by, where somebody waited for an answer. */
const LOSSES: Readonly<Record<string, string>> = {
  'no answer: timeout': 'not answered in time',
  'no answer: end': 'lond closed',
  'no answer: violation': 'more than',
};

export class ChildTells {
  readonly #journal: JournalModel;
  readonly #peer: string;
  #since: keyof typeof DOES = 'starts';
  #served = false;
  /** Lines that it has said over its connection. */
  #lines = 0;
  /** Local streams that were ended, by either end. */
  readonly #ended = new Set<string>();
  /** It may end. */
  #told = false;
  /** It may connect. */
  #connects = true;
  /** Clients may come, or delayed messages are looked for later. */
  #meanwhile = false;
  /** The text of the entry before. */
  #before = '';

  constructor(journal: JournalModel, peer: string) {
    this.#journal = journal;
    this.#peer = peer;
  }

  /** What it is doing, as a pattern. */
  get doing(): string {
    return this.#meanwhile ? `${DOES[this.#since]}|${MEANWHILE}` : DOES[this.#since];
  }

  /** Before the journal sees it: what this event makes it owe, it owes from then on. */
  see(event: TraceEvent): string | undefined {
    const { kind, channel, data } = event;
    switch (kind) {
      case 'connect':
        return this.#connect();
      case 'open':
        this.#opened(data?.['error']);
        return undefined;
      case 'send':
        if (channel.startsWith('tcp')) this.#lines += 1;
        return undefined;
      case 'eof':
        if (channel.startsWith('pipe')) this.#told = true;
        this.#ended.add(channel.slice(0, -1));
        return undefined;
      case 'end':
        this.#ended.add(channel.slice(0, -1));
        return undefined;
      case 'close':
        if (channel.startsWith('unix') && data?.['error'] === undefined && !this.#ended.has(channel.slice(0, -1)))
          this.#journal.owe('client-closed');
        return undefined;
      case 'list':
        if (data?.['error'] !== undefined && data['error'] !== 'ENOENT')
          this.#journal.owe('delayed-unlisted', `Delayed messages: ${String(data['error'])}`);
        return undefined;
      case 'unlink':
        this.#removes(event);
        return undefined;
      case 'signal':
        this.#signalled(String(data?.['signal']));
        return undefined;
      case 'log':
        return this.#says(String(data?.['event']), String(data?.['text']));
      case 'exit':
        return data?.['code'] === 0 && !this.#told ? 'ends, and says not why' : undefined;
      default:
        return undefined;
    }
  }

  #connect(): string | undefined {
    const right = this.#connects;
    this.#connects = false;
    this.#since = 'opens';
    this.#lines = 0;
    return right ? undefined : 'connects again, and has not said so';
  }

  #opened(error: unknown): void {
    if (error === undefined) this.#journal.owe('connected', `Connected to ${this.#peer}, initing`);
    else this.#journal.owe('back-off');
  }

  #removes({ data }: TraceEvent): void {
    const path = String(data?.['path']);
    if (!path.startsWith(`${SPOOL}/`)) return;
    if (data?.['error'] !== undefined)
      this.#journal.owe('delayed-stays', `Cannot remove ${path}: ${String(data['error'])}; it will be sent again`);
    this.#journal.owe('delayed-sent');
    this.#journal.owe('permanent', `S:${this.#peer}:.*`);
  }

  #signalled(signal: string): void {
    if (signal === 'SIGUSR1') this.#journal.owe('status');
    if (signal === 'SIGQUIT') this.#journal.owe('abnormal-exit');
    if (signal === 'SIGTERM' || signal === 'SIGINT') this.#told = true;
  }

  /** What follows from an entry, and what must have come before it. */
  #says(slug: string, text: string): string | undefined {
    const before = this.#before;
    if (slug !== 'permanent') this.#before = text;
    if (REASONS.includes(slug)) this.#told = true;
    if (slug === 'reconnecting') this.#connects = true;
    if (slug === 'online' || slug === 'delayed-kept') this.#meanwhile = true;
    if (STRICT.includes(slug) && !this.#journal.owes(slug)) return `says '${text}', and it is not so`;
    switch (slug) {
      case 'connected':
        this.#since = 'greets';
        return undefined;
      case 'cipher-ready':
        this.#since = this.#served ? 'serves' : 'keyed';
        this.#journal.owe('remote-open');
        return undefined;
      case 'remote-open':
        if (!this.#served) this.#journal.owe('connection-open');
        return undefined;
      case 'connection-lost':
        this.#since = 'lost';
        this.#journal.owe('reconnecting');
        return this.#wrongLoss(before, text);
      case 'back-off':
        return this.#wrongFailure(before, text);
      default:
        return undefined;
    }
  }

  /** What it does changes with an entry, after that. */
  said(slug: string): void {
    if (slug !== 'online') return;
    this.#served = true;
    this.#since = 'serves';
  }

  #wrongLoss(before: string, text: string): string | undefined {
    const [cause] = /no answer: [a-z]+/.exec(before) ?? [];
    const right = cause === undefined ? (before.startsWith('Timeout: ') ? 'not answered in time' : undefined) : LOSSES[cause];
    if (right !== undefined && !text.includes(right)) return `says '${text}' after '${before}'`;
    return right === undefined && text.includes('not answered in time') ? `says '${text}', and not to what` : undefined;
  }

  #wrongFailure(before: string, text: string): string | undefined {
    const connecting = this.#since === 'opens';
    if (text.startsWith("Couldn't connect") !== connecting) return `says '${text}', and ${connecting ? 'has not' : 'has'} connected`;
    if (text.includes('init answered') !== before.startsWith('Init reply')) return `says '${text}' after '${before}'`;
    // It has said init, and then the echo: the answer to that is the one that is waited for.
    const timedOut = this.#since === 'greets' && this.#lines === 2 && text.endsWith(': timeout');
    return timedOut === (before === 'Timed out during init') ? undefined : `says '${text}' after '${before}'`;
  }
}

/** What is said when there is this reason for it, and only then. */
const STRICT = [
  'connected',
  'delayed-unlisted',
  'delayed-stays',
  'delayed-sent',
  'remote-open',
  'connection-open',
  'reconnecting',
  'abnormal-exit',
  'client-closed',
];
