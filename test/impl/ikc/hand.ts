/** A link whose stream and clock are moved by hand: what it is given in which pieces, and what it writes. worlds.ts has the simulated ones. */
import { concat, textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Endpoint, Host, LogFields, Stream, StreamHandler } from '../../../src/host/host.ts';
import { type Duration, type Instant, micros, ORIGIN } from '../../../src/host/time.ts';
import { linkRules } from '../../../src/impl/ikc/as-written-link.ts';
import { NEGOTIATION_TIMEOUT } from '../../../src/impl/ikc/limits.ts';
import { type Link, type LinkOptions, makeLink } from '../../../src/impl/ikc/link.ts';
import type { Quirk } from '../../../src/impl/ikc/quirks.ts';
import type { PerlValue } from '../../../src/impl/storable/values.ts';

const tcp = (port: number): Endpoint => ({ transport: 'tcp', address: '127.0.0.1', port });
export const unix = (path: string): Endpoint => ({ transport: 'unix', path });

export interface Setup extends Partial<Omit<LinkOptions, 'rules'>> {
  readonly quirks?: readonly Quirk[];
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
}

export class Hand {
  readonly link: Link;
  readonly #handler: StreamHandler;
  /** All that was written, in the pieces of the calls. */
  readonly writes: Uint8Array[] = [];
  /** What the listener was told, and what the stream was: `opened ID a,b`, `request`, `closed WHY`, `end`, `close`, `reset`, `pause`, `resume`. */
  readonly told: string[] = [];
  readonly requests: PerlValue[] = [];
  readonly logs: (readonly [event: string, fields: LogFields])[] = [];
  /** Bytes that the kernel has not taken; a write adds to it where `kernel` says so. */
  pending = 0;
  kernel: 'takes all' | 'takes nothing' = 'takes all';
  /** Called with each request. */
  onRequest: (request: PerlValue, link: Link) => void = () => {};
  #now: Instant = ORIGIN;
  #timers: { readonly at: Instant; readonly fire: () => void }[] = [];

  constructor({ quirks = [], local = tcp(603), remote = tcp(40_000), ...given }: Setup = {}) {
    const options: LinkOptions = {
      role: 'server',
      number: 1,
      id: 'id',
      name: 'Inet',
      aliases: [],
      serializers: ['Storable', 'JSON'],
      timeout: NEGOTIATION_TIMEOUT,
      rules: linkRules(new Set(quirks)),
      ...given,
    };
    const tell = (text: string): void => void this.told.push(text);
    const made = makeLink(this.#host(), this.#stream(local, remote), options, {
      opened: link => tell(`opened ${link.peer?.id} ${link.peer?.aliases.join(',')}`),
      request: (link, request) => {
        tell('request');
        this.requests.push(request);
        this.onRequest(request, link);
      },
      unreadable: (_, why) => tell(`unreadable ${why}`),
      unsendable: (_, _request, why) => tell(`unsendable ${why}`),
      closed: (_, why) => tell(`closed ${why}`),
    });
    this.link = made.link;
    this.#handler = made.handler;
  }

  /** What was written, as text. */
  get said(): string {
    return textOf(this.written);
  }

  get written(): Uint8Array {
    return concat(this.writes);
  }

  /** The lines that were written. */
  get lines(): readonly string[] {
    return this.said.split('\r\n').slice(0, -1);
  }

  hear(...pieces: readonly (string | Uint8Array)[]): this {
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? utf8(piece) : piece;
      if (bytes.length > 0) this.#handler.data(bytes);
    }
    return this;
  }

  /** Lines as they are sent, in one read each. */
  hearLines(...lines: readonly string[]): this {
    return this.hear(...lines.map(line => `${line}\r\n`));
  }

  peerEnds(): void {
    this.#handler.end?.();
  }

  streamCloses(code?: 'ECONNRESET'): void {
    this.#handler.close?.(code === undefined ? undefined : { code, call: 'read' });
  }

  /** The kernel has taken all but so many bytes. */
  drains(pending = 0): void {
    this.pending = pending;
    if (pending === 0) this.#handler.drain?.();
  }

  later(length: Duration): this {
    const until = (this.#now + length) as Instant;
    for (;;) {
      const next = this.#timers.filter(each => each.at <= until).toSorted((left, right) => left.at - right.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter(each => each !== next);
      this.#now = next.at;
      next.fire();
    }
    this.#now = until;
    return this;
  }

  /** Timers that are pending: of a link that is closed there must be none. */
  get timers(): number {
    return this.#timers.length;
  }

  slugs(): readonly string[] {
    return this.logs.map(([event]) => event);
  }

  #stream(local: Endpoint, remote: Endpoint): Stream {
    const hand = this;
    const tell = (text: string) => () => void this.told.push(text);
    const over = (): boolean => this.told.some(each => each === 'end' || each === 'close' || each === 'reset');
    return {
      kind: local.transport === 'tcp' ? 'tcp' : 'unix',
      local,
      remote,
      get pending() {
        return hand.pending;
      },
      write: bytes => {
        if (over()) throw new Error('written after the end');
        this.writes.push(bytes.slice());
        if (this.kernel === 'takes nothing') this.pending += bytes.length;
        return this.pending;
      },
      end: tell('end'),
      close: tell('close'),
      reset: tell('reset'),
      pause: tell('pause'),
      resume: tell('resume'),
    };
  }

  #host(): Host {
    const host = {
      clock: {
        monotonic: () => this.#now,
        setTimer: (delay: Duration, fire: () => void) => {
          const timer = { at: (this.#now + Math.max(delay, 0)) as Instant, fire };
          this.#timers.push(timer);
          return {
            cancel: () => {
              this.#timers = this.#timers.filter(each => each !== timer);
            },
          };
        },
      },
      process: { pid: 77 },
      log: (_severity: string, event: string, fields: LogFields = {}) => void this.logs.push([event, fields]),
    };
    // A link has no use for the rest of a Host.
    return host as unknown as Host;
  }
}

export const MOMENT: Duration = micros(1);
/** What the peer of a server says, and that of a client, with nothing but an id. */
export const AS_CLIENT: readonly string[] = ['HELLO', 'OK', 'OK', 'OK', 'IAM peer', 'DONE', 'FREEZER Storable', 'WORLD'];
export const AS_SERVER: readonly string[] = ['IAM peer', 'DONE', 'OK', 'OK', 'OK', 'OK', 'UP'];

/** A server that is open. */
export const openServer = (setup: Setup = {}): Hand => new Hand(setup).hearLines(...AS_CLIENT);
