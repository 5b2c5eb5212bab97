/**
 * The responder (B8 to B12): what comes in is refused, or reaches a state of a session of this kernel and is answered.
 * Lacks: connections (kernel.ts), what is asked of others (outgoing.ts), and all bytes (link.ts).
 */
import { printable } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { ZERO } from '../../host/time.ts';
import type { PerlValue } from '../storable/values.ts';
import { Awaited, ERROR_TEXT_MAX } from './awaited.ts';
import { builtIn } from './built-in.ts';
import type { Link, LinkListener } from './link.ts';
import { Monitors } from './monitors.ts';
import { Permissions } from './permissions.ts';
import { Postponed } from './postponed.ts';
import { type Names, Registry } from './registry.ts';
import { REQUEST_PROBLEMS, type Request, readRequest, requestHash, type UnreadRequest } from './request.ts';
import { fatal, noted, warned } from './responder-log.ts';
import type { ResponderRules } from './responder-rules.ts';
import { type Invocation, itemsOf, type Later, Refusal, type Returned, Sessions, scalarOf } from './sessions.ts';
import { EVERY_KERNEL, formatSpecifier, PROXY_STATE, type Specifier, specifierOf } from './specifier.ts';

/** The session of every responder. */
export const IKC = 'IKC';
/** What a process ends with that dies of a frame: `die` of Perl. */
export const EXIT_DIED = 255;

export interface ResponderOptions {
  /** Kernel id of this process. */
  readonly id: string;
  readonly name: string | undefined;
  readonly aliases: readonly string[];
  readonly rules: ResponderRules;
  /** A peer has told of an error. */
  readonly remoteError?: ((link: Link, text: string) => void) | undefined;
}

export class Responder implements LinkListener {
  readonly host: Host;
  readonly id: string;
  readonly rules: ResponderRules;
  readonly sessions: Sessions = new Sessions();
  readonly registry: Registry<Link>;
  /** This kernel as a peer of itself: what is sent there comes in when what is being done has been done. */
  readonly self: Link;
  readonly monitors: Monitors = new Monitors();
  readonly awaited: Awaited;
  readonly #permissions: Permissions;
  readonly #postponed: Postponed = new Postponed();
  #unsendable: string | undefined;
  #shut = false;

  constructor(host: Host, { id, name, aliases, rules, remoteError }: ResponderOptions) {
    this.host = host;
    this.id = id;
    this.rules = rules;
    this.registry = new Registry<Link>([id, ...(name === undefined ? [] : [name]), ...aliases], rules);
    this.#permissions = new Permissions(rules);
    this.awaited = new Awaited(host.clock, this.sessions, this.#permissions);
    this.self = {
      peer: { id, aliases },
      open: true,
      send: request => {
        host.clock.setTimer(ZERO, () => this.request(this.self, request));
        return true;
      },
      shutdown: () => {},
    };
    this.sessions.define(IKC, builtIn(this, remoteError));
  }

  // ── links ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  opened(link: Link): void {
    const { peer } = link;
    if (peer === undefined) return;
    const unfit = [peer.id, ...peer.aliases].find(name => !this.rules.registers(name));
    if (unfit !== undefined) this.die(`'${unfit}' isn't a valid specifier`);
    const changes = this.registry.register(link, peer);
    if (this.registry.find(peer.id) !== link) warned(this.host)['id-taken']({ kernel: peer.id });
    this.#tell(changes);
  }

  closed(link: Link): void {
    this.#postponed.gone(link);
    const { changes, closes } = this.registry.unregister(link);
    this.#tell(changes);
    closes?.shutdown();
    this.awaited.gone(link);
  }

  unreadable(link: Link, why: string): void {
    this.#mishap(link, UNREAD, `A frame cannot be read: ${why}`);
  }

  unsendable(_: Link, __: PerlValue, why: string): void {
    this.#unsendable = why;
  }

  /** No request is heard any more, and each call that is not answered yet is refused. The links are shut down by whoever has them. */
  shutdown(): void {
    if (this.#shut) return;
    this.#postponed.refuseAll('The kernel is shutting down');
    this.#shut = true;
    this.awaited.shutdown();
    this.monitors.shutdown();
  }

  #tell(changes: ReturnType<Registry<Link>['register']>): void {
    for (const { change, name, isId, peer } of changes) {
      const kernel = printable(peer?.peer?.id ?? this.id);
      noted(this.host)[change]({ name: printable(name), kernel, isId });
      this.monitors.tell({ change, name, isId, kernel: peer?.peer?.id ?? this.id });
    }
  }

  // ── what comes in ─────────────────────────────────────────────────────────────────────────────────────────────────

  request(link: Link, value: PerlValue): void {
    if (this.#shut) return;
    const request = readRequest(value);
    if ('problem' in request) {
      const text = REQUEST_PROBLEMS[request.problem];
      if (request.problem === 'not-hash') this.#mishap(link, request, text);
      else this.#refuse(link, request, `${text}${this.rules.place}`);
      return;
    }
    const refusal = this.#refusalOf(link, request);
    if (refusal === undefined) this.#invoke(link, request);
    else this.#refuse(link, request, refusal);
  }

  /** B9: allowed is what is published, and once what was asked for. */
  #refusalOf(link: Link, { event: { session, state }, rsvp, badRsvp }: Request): string | undefined {
    const { answers, mishap, tells } = this.rules;
    if (!this.#permissions.use(link, { session, state })) {
      if (!this.sessions.isPublished(session)) return `Session '${session}' is not available for remote kernels${tells(this.sessions)}`;
      if (!this.sessions.isPublished(session, state)) return `Session '${session}' has not published state '${state}'`;
    }
    if (!this.sessions.has(session)) return `Unknown session '${session}'`;
    if (badRsvp && mishap === 'is answered') return 'The rsvp of the request is no valid specifier of a session and a state';
    if (rsvp !== undefined && answers === 'to whoever asked' && !this.#isOf(link, rsvp.kernel))
      return `An answer goes to the kernel that asks, and that is not '${rsvp.kernel}'`;
    return undefined;
  }

  #isOf(link: Link, name: string): boolean {
    const { id, aliases = [] } = this.#names(link) ?? {};
    return name === '' || name === id || aliases.includes(name);
  }

  #invoke(link: Link, request: Request): void {
    const { event, args, from, wantsList } = request;
    const { session, state } = event;
    noted(this.host).request({
      kernel: this.#nameOf(link),
      session: printable(session),
      state: printable(state),
      call: request.rsvp !== undefined,
    });
    let later: Later | undefined;
    const call: Invocation = {
      link,
      state,
      args,
      from,
      wantsList,
      later: () => {
        later ??= this.#postponed.add(link, {
          answer: value => this.#answer(link, request, value),
          refuse: text => this.#refuse(link, request, text),
        });
        return later;
      },
      respond: (answer, values) => this.#respond(link, request, answer, values),
    };
    try {
      const returned = this.sessions.handler(session, state)?.(call);
      if (later === undefined) this.#answer(link, request, returned);
    } catch (thrown) {
      // Not an Error: the process has ended.
      if (!(thrown instanceof Error)) throw thrown;
      const settled = later !== undefined && !this.#postponed.drop(link, later);
      this.#thrown(link, request, thrown, settled);
    }
  }

  /** `settled`: the peer has its answer already. */
  #thrown(link: Link, request: Request, error: Error, settled: boolean): void {
    const { session, state } = request.event;
    const refused = error instanceof Refusal;
    if (!refused)
      warned(this.host)['handler-failed']({ session: printable(session), state: printable(state), text: printable(error.message) });
    if (!settled) this.#mishap(link, request, refused ? error.message : `State '${state}' of session '${session}' has failed`);
  }

  // ── what goes back ────────────────────────────────────────────────────────────────────────────────────────────────

  #answer(link: Link, request: Request, returned: Returned): void {
    const { rsvp, badRsvp, event, wantsList } = request;
    const params = wantsList ? itemsOf(returned) : scalarOf(returned);
    const isNothing = Array.isArray(params) && wantsList ? params.length === 0 : params === null;
    if (isNothing && this.rules.nothing === 'is no answer') return;
    if (badRsvp) this.die('the rsvp of a request is no specifier');
    if (rsvp === undefined) return;
    const hash = requestHash({ event: rsvp, params, from: this.#as(event.session) });
    for (const to of this.#back(link, rsvp.kernel)) {
      const problem = this.send(to, hash);
      if (problem !== undefined && to.open) this.#refuse(link, request, `The answer cannot be sent: ${problem}`);
    }
  }

  /** Reply by the proxy of the sender (B8). */
  #respond(link: Link, { from, event: { session } }: Request, state: string, args: readonly PerlValue[]): boolean {
    if (from === undefined) return false;
    const proxied = from.state === PROXY_STATE;
    const target = proxied ? from : { ...from, state };
    const params = proxied ? [state, [...args]] : [...args];
    const hash = requestHash({ event: target, params, from: this.#as(session) });
    const links = this.#back(link, from.kernel);
    return links.length > 0 && links.every(to => this.send(to, hash) === undefined);
  }

  /** A session of ours that has something published, as a sender (B8). */
  #as(session: string): Specifier {
    return { kernel: this.id, session, state: PROXY_STATE };
  }

  /** Who gets what is said to somebody who has asked. Nobody, before the link is open: who it is, is not known. */
  #back(link: Link, name: string): readonly Link[] {
    if (this.rules.answers === 'to whoever is named') return this.route(name);
    return this.#names(link) === undefined ? [] : [link];
  }

  #refuse(link: Link, { event, from, isError }: Pick<Request, 'event' | 'from' | 'isError'> | UnreadRequest, text: string): void {
    const target = event === undefined ? '' : ` [${formatSpecifier(event)}]`;
    const said = `${text}${target}${from === undefined ? '' : ` sent by [${formatSpecifier(from)}]`}`;
    const id = this.#names(link)?.id;
    const told = !isError && id !== undefined;
    warned(this.host).refused({ kernel: this.#nameOf(link), text: printable(said, ERROR_TEXT_MAX), told });
    if (told) this.send(link, requestHash({ event: { kernel: id, session: IKC, state: 'remote_error' }, params: said, isError: true }));
  }

  /** What the published responder dies of. */
  #mishap(link: Link, request: Pick<Request, 'event' | 'from' | 'isError'> | UnreadRequest, text: string): void {
    if (this.rules.mishap === 'ends the process') this.die(text);
    this.#refuse(link, request, text);
  }

  /** The whole kernel, as the published one does. */
  die(why: string): never {
    fatal(this.host).died({ why: printable(why) });
    return this.host.process.exit(EXIT_DIED);
  }

  /** Why it was not sent, if it was not. */
  send(link: Link, request: PerlValue): string | undefined {
    this.#unsendable = undefined;
    if (link.send(request)) return undefined;
    const why: string = this.#unsendable ?? 'the link is closed';
    warned(this.host).unsent({ kernel: this.#nameOf(link), to: printable(targetOf(request)), why });
    return why;
  }

  /** Everybody of this name: none, or one, but for `*` and where this kernel is one of them. */
  route(name: string): readonly Link[] {
    if (name === EVERY_KERNEL) return this.registry.registered;
    const link = name === '' ? this.#standard : this.registry.find(name);
    if (link !== undefined) return [link];
    const unset = name === '' && this.rules.defaultKernel === 'nobody';
    warned(this.host)['unknown-kernel']({ name: unset ? 'HASH(0x0)' : printable(name) });
    return [];
  }

  get #standard(): Link | undefined {
    return this.rules.defaultKernel === 'nobody' ? undefined : this.registry.registered[0];
  }

  /** What it said; undefined before the link is open. */
  #names(link: Link): Names | undefined {
    return link === this.self ? link.peer : this.registry.namesOf(link);
  }

  #nameOf(link: Link): string {
    return printable(this.#names(link)?.id ?? '');
  }
}

/** Of a frame of which nothing is known. */
const UNREAD: UnreadRequest = { problem: 'not-hash', event: undefined, from: undefined, isError: false };

/** Of a request that is made here. */
function targetOf(request: PerlValue): string {
  const event = request instanceof Map ? specifierOf(request.get('event')) : undefined;
  return event === undefined ? '' : formatSpecifier(event);
}
