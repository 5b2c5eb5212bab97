/**
 * One kernel: a responder, and the links by which others are connected to it.
 * Lacks: how connections come about (server.ts, client.ts).
 */
import type { Host, Stream, StreamHandler } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import { linkRules } from './as-written-link.ts';
import { responderRules } from './as-written-responder.ts';
import { type Link, type LinkListener, type LinkOptions, makeLink } from './link.ts';
import type { LinkRules, Role } from './link-rules.ts';
import { kernelId } from './names.ts';
import { Outgoing } from './outgoing.ts';
import type { Quirks } from './quirks.ts';
import { Responder } from './responder.ts';
import { noted } from './responder-log.ts';

/** Links whose negotiation is not over; one more breaks the oldest of them, so that those who say nothing do not keep others out. */
export const NEGOTIATING_MAX = 1_024;
/** Links of any kind; one more connection is closed at once. */
export const LINKS_MAX = 8_192;

export interface KernelOptions {
  readonly name: string | undefined;
  readonly aliases: readonly string[];
  /** What is accepted, or offered in this order. */
  readonly serializers: readonly string[];
  /** Of a negotiation. */
  readonly timeout: Duration;
  readonly quirks: Quirks;
  /** Of a process that has several kernels: which it is. */
  readonly number?: number;
}

export interface KernelHooks {
  readonly opened?: (link: Link) => void;
  readonly closed?: (link: Link, why: string) => void;
  /** A peer has told of an error. */
  readonly remoteError?: (link: Link, text: string) => void;
}

export class Kernel {
  readonly responder: Responder;
  readonly outgoing: Outgoing;
  readonly #host: Host;
  readonly #options: KernelOptions;
  readonly #hooks: KernelHooks;
  readonly #rules: LinkRules;
  /** Shared by all links, and as written used up by the first of them (B-T06c). */
  readonly #serializers: string[];
  readonly #links: Set<Link> = new Set();
  /** How each can be broken, in the order in which they came. */
  readonly #negotiating: Map<Link, () => void> = new Map();
  #count = 0;

  constructor(host: Host, options: KernelOptions, hooks: KernelHooks = {}) {
    const { name, aliases, quirks, number } = options;
    this.#host = host;
    this.#options = options;
    this.#hooks = hooks;
    this.#rules = linkRules(quirks);
    this.#serializers = [...options.serializers];
    const id = kernelId(host, number);
    this.responder = new Responder(host, { id, name, aliases, rules: responderRules(quirks), remoteError: hooks.remoteError });
    this.outgoing = new Outgoing(this.responder);
  }

  /** Links that have not ended, whether they are open or not. */
  get links(): number {
    return this.#links.size;
  }

  get full(): boolean {
    return this.#links.size >= LINKS_MAX;
  }

  /** A new connection. `configured`: of a client, the address as it was given. */
  join(stream: Stream, role: Role, configured?: string): StreamHandler {
    const { name, aliases, timeout } = this.#options;
    const { id } = this.responder;
    const serializers = this.#serializers;
    const options: LinkOptions = { role, number: ++this.#count, id, name, aliases, configured, serializers, timeout, rules: this.#rules };
    const { link, handler } = makeLink(this.#host, stream, options, this.#listener());
    this.#links.add(link);
    this.#negotiating.set(link, () => {
      stream.reset();
      handler.close?.(undefined);
    });
    const [oldest] = this.#negotiating.values();
    if (this.#negotiating.size > NEGOTIATING_MAX) oldest?.();
    return handler;
  }

  #listener(): LinkListener {
    const { responder } = this;
    return {
      opened: link => {
        this.#negotiating.delete(link);
        responder.opened(link);
        this.#hooks.opened?.(link);
      },
      request: (link, request) => responder.request(link, request),
      unreadable: (link, why) => responder.unreadable(link, why),
      unsendable: (link, request, why) => responder.unsendable(link, request, why),
      closed: (link, why) => {
        this.#links.delete(link);
        this.#negotiating.delete(link);
        responder.closed(link);
        this.#hooks.closed?.(link, why);
      },
    };
  }

  /** B12: no request is heard any more; what was accepted is sent, then each link ends, and `closed` is called for it. */
  shutdown(): void {
    noted(this.#host)['shutting-down']({ links: this.#links.size });
    this.responder.shutdown();
    for (const link of [...this.#links]) link.shutdown();
  }
}
