/**
 * What this kernel asks of others (B8, B10): posts, calls, and sessions elsewhere as if they were here.
 * Lacks: connections, and what comes in (responder.ts).
 */
import { printable } from '../../host/bytes.ts';
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import type { PerlValue } from '../storable/values.ts';
import { type Answered, type Failure, failed } from './awaited.ts';
import type { Link } from './link.ts';
import { requestHash } from './request.ts';
import { IKC, type Responder } from './responder.ts';
import { EVERY_KERNEL, formatSpecifier, PROXY_STATE, parseSpecifier, type Specifier, specifierHash } from './specifier.ts';

/** How long an answer is waited for when nobody says otherwise (B13). */
export const CALL_TIMEOUT: Duration = seconds(30);
/** And a receipt: the code's; its documentation says twice that (B10). */
export const SUBSCRIPTION_TIMEOUT: Duration = seconds(60);

export interface CallOptions {
  readonly wantsList?: boolean;
  readonly timeout?: Duration;
}

export interface Subscription {
  readonly specifier: string;
  /** Why it could not be had. */
  readonly missing: string | undefined;
}

/** A session of another kernel. */
interface Proxy {
  readonly link: Link;
  readonly kernel: string;
  readonly session: string;
}

interface Target {
  readonly event: Specifier;
  /** As text it stays text on the wire. */
  readonly text: string | undefined;
  readonly links: readonly Link[];
  /** B-T14: one hash for all, and this kernel adds to it first. */
  readonly leaks: boolean;
}
interface NoTarget {
  readonly failure: Failure;
  readonly why: string;
}

export class Outgoing {
  readonly #responder: Responder;
  /** By what they are called here (B10). */
  readonly #proxies: Map<string, Proxy> = new Map();
  #number = 0;

  constructor(responder: Responder) {
    this.#responder = responder;
    responder.monitors.add(EVERY_KERNEL, ({ change }) => {
      if (change === 'unregistered') this.#forgetProxies();
    });
  }

  /** Why it was not sent, if it was not, or not to all. `sender`: a session of this kernel that has something published. */
  post(to: string | Specifier, params: PerlValue, sender?: string): string | undefined {
    const target = this.#target(to);
    if ('why' in target) return target.why;
    const make = (): Map<string, PerlValue> => requestHash({ ...target, params, from: this.#sender(sender) });
    const shared = target.leaks ? leaked(make(), this.#responder.id) : undefined;
    let problem: string | undefined;
    for (const link of target.links) problem = this.#send(link, shared ?? make()) ?? problem;
    return problem;
  }

  #sender(session: string | undefined): Specifier | undefined {
    return session === undefined ? undefined : { kernel: this.#responder.id, session, state: PROXY_STATE };
  }

  /**
   * `answered` is called once for each kernel that is asked, or once when there is none; then before this returns. The sender that is
   * told is the state of the answer: an error names its sender, and so what it is about.
   */
  call(
    to: string | Specifier,
    params: PerlValue,
    answered: Answered,
    { wantsList = false, timeout = CALL_TIMEOUT }: CallOptions = {},
  ): void {
    const target = this.#target(to);
    if ('why' in target) {
      answered(failed(target.failure, target.why));
      return;
    }
    for (const link of target.links) {
      const place = { kernel: this.#responder.id, session: IKC, state: `response${this.#number++}` };
      const request = requestHash({ ...target, params, from: place, rsvp: place, wantsList });
      this.#responder.awaited.open(link, place, timeout, answered, () => this.#send(link, request));
    }
  }

  // ── subscriptions ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** `done` is called once, when all of them are answered or SUBSCRIPTION_TIMEOUT is over. */
  subscribe(specifiers: readonly string[], done: (subscriptions: readonly Subscription[]) => void): void {
    const results: Subscription[] = [];
    const settle = (specifier: string, missing: string | undefined): void => {
      results.push({ specifier, missing });
      if (results.length === specifiers.length) done(results);
    };
    if (specifiers.length === 0) done([]);
    for (const specifier of specifiers) this.#subscribe(specifier, missing => settle(specifier, missing));
  }

  #subscribe(text: string, settle: (missing: string | undefined) => void): void {
    const wanted = parseSpecifier(text);
    if (wanted === undefined || wanted.session === '' || wanted.kernel === EVERY_KERNEL) {
      settle('a session of one kernel can be subscribed to');
      return;
    }
    const { id, awaited, rules } = this.#responder;
    if (rules.subscribing === 'ends the process') this.#responder.die("can't locate object method ID");
    const [link] = this.#responder.route(wanted.kernel);
    if (link === undefined) {
      settle('there is no such kernel');
      return;
    }
    const place = { kernel: id, session: IKC, state: `IKC:receipt ${this.#number++} ${formatSpecifier(wanted)}` };
    const request = requestHash({
      event: { kernel: wanted.kernel, session: IKC, state: 'do_you_have' },
      params: [specifierHash(wanted), id],
      from: { kernel: id, session: IKC, state: '' },
      rsvp: place,
    });
    awaited.open(
      link,
      place,
      SUBSCRIPTION_TIMEOUT,
      answer => {
        if (!answer.ok) settle(answer.text);
        else if (Array.isArray(answer.value)) settle(this.#made(link, wanted));
        else settle('it is not published there');
      },
      () => this.#send(link, request),
    );
  }

  #made(link: Link, { kernel, session }: Specifier): undefined {
    const proxy: Proxy = { link, kernel, session };
    this.#proxies.set(formatSpecifier({ kernel, session, state: '' }), proxy);
    // The short name is of the first.
    if (!this.#proxies.has(session)) this.#proxies.set(session, proxy);
  }

  unsubscribe(text: string): void {
    const wanted = parseSpecifier(text);
    const proxy = wanted && this.#proxies.get(formatSpecifier({ ...wanted, state: '' }));
    for (const [alias, each] of this.#proxies) if (each === proxy) this.#proxies.delete(alias);
  }

  get proxies(): readonly string[] {
    return [...this.#proxies.keys()];
  }

  /** To a session that was subscribed to, by either of its names, with all arguments (B8). `sender`: a session of this kernel. */
  postProxy(alias: string, state: string, args: readonly PerlValue[], sender?: string): string | undefined {
    const proxy = this.#proxies.get(alias);
    if (proxy === undefined) return 'there is no subscription of that name';
    const { link, kernel, session } = proxy;
    const event = { kernel, session, state: PROXY_STATE };
    return this.#send(link, requestHash({ event, params: [state, [...args]], from: this.#sender(sender) }));
  }

  #forgetProxies(): void {
    for (const [alias, { link }] of this.#proxies) if (!link.open) this.#proxies.delete(alias);
  }

  // ── ways ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  #target(to: string | Specifier): Target | NoTarget {
    const event = typeof to === 'string' ? parseSpecifier(to) : to;
    if (event === undefined || event.session === '' || event.state === '')
      return {
        failure: 'unusable',
        why: `a specifier of a session and a state is wanted, not '${printable(typeof to === 'string' ? to : formatSpecifier(to))}'`,
      };
    const text = typeof to === 'string' ? to : undefined;
    const { registry, rules, self } = this.#responder;
    if (registry.isOwn(event.kernel)) return { event, text, links: [self], leaks: false };
    const peers = this.#responder.route(event.kernel);
    if (peers.length === 0) return { failure: 'unknown-kernel', why: `there is no kernel '${printable(event.kernel)}'` };
    const leaks = event.kernel === EVERY_KERNEL && rules.everyKernel === 'this one too, then the peers';
    return { event, text, links: leaks ? [self, ...peers] : peers, leaks };
  }

  #send(link: Link, request: PerlValue): string | undefined {
    return this.#responder.send(link, request);
  }
}

/** What a channel adds to each request that it takes, that of its own kernel included (B9). */
function leaked(request: Map<string, PerlValue>, id: string): Map<string, PerlValue> {
  request.set('errors_to', specifierHash({ kernel: id, session: IKC, state: 'remote_error' }));
  return request.set('call', new Map([['kernel', null]]));
}
