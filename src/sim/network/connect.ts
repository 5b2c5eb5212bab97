/**
 * How a connection comes about: over TCP by SYNs that are retried until somebody answers, over a Unix-domain path at once.
 * Lacks: simultaneous open.
 */

import { formatEndpoint } from '../../host/address.ts';
import { refuseAddress, refuseEndpoint } from '../../host/arguments.ts';
import type { Endpoint, Stream, StreamHandler, TcpEndpoint, UnixEndpoint } from '../../host/host.ts';
import { canonical, inFamilyOf, isWide, otherFamily, plain } from '../../host/internet.ts';
import { fail, type HostErrorCode, ok, type Result } from '../../host/result.ts';
import type { Duration } from '../../host/time.ts';
import { seconds, ZERO } from '../../host/time.ts';
import { NO_CAUSE } from '../../trace/event.ts';
import { Channel, type Transit } from '../channel/channel.ts';
import { BufferRoom, ByteRoom, type Room } from '../channel/room.ts';
import type { Entry } from '../core/agenda.ts';
import type { Core } from '../core/core.ts';
import { CONNECT_TIMEOUT, STREAM_CAPACITY } from '../core/options.ts';
import type { Held } from '../process/held.ts';
import type { SimProcess } from '../process/process.ts';
import type { SimListener } from './listener.ts';
import { localTransit } from './pipes.ts';
import type { HeldPort } from './ports.ts';
import { bindable, type Route, routeOf } from './route.ts';
import type { NetworkStack } from './stack.ts';
import { SimStream } from './stream.ts';

type Opened = (result: Result<Stream>) => StreamHandler;

/** Linux retransmits a SYN after 1, 3, 7, 15, 31 and 63 seconds. */
const SYN_TIMES: readonly Duration[] = [0, 1, 3, 7, 15, 31, 63].map(seconds);
/** Nobody answers ARP for the address: the kernel gives up after three probes a second apart. */
const UNREACHABLE_AFTER: Duration = seconds(3);

export function connect(stack: NetworkStack, process: SimProcess, to: Endpoint, from: string | undefined, opened: Opened): void {
  const cause = process.record('connect', { data: { to: formatEndpoint(to) } });
  const attempt = new Attempt(stack, process, to, opened, cause);
  const refused = refuseEndpoint(to) ?? (from === undefined ? undefined : refuseAddress(from)) ?? process.refused('connect');
  if (refused !== undefined) attempt.later(fail(refused, attempt.call));
  else if (to.transport === 'unix') connectUnix(attempt, to);
  else connectTcp(attempt, to, from);
}

function connectUnix(attempt: Attempt, to: UnixEndpoint): void {
  const found = unixListener(attempt.stack, to.path, attempt.call);
  if (!found.ok) {
    attempt.later(found);
    return;
  }
  const listener = found.value;
  const local: UnixEndpoint = { transport: 'unix', path: '' };
  const transit = localTransit(attempt.process);
  const pair = pairOf(attempt.process.core, 'unix', transit, transit);
  listener.enqueue({
    fromClient: pair.up,
    toClient: pair.down,
    local: listener.local,
    remote: local,
    port: undefined,
    cause: attempt.cause,
  });
  const stream = new SimStream(attempt.process.core, attempt.process, {
    kind: 'unix',
    local,
    remote: to,
    incoming: pair.down,
    outgoing: pair.up,
  });
  attempt.process.soon(() => attempt.succeed(stream, pair.up.name));
}

/** unix(7): whoever connects learns at once what is wrong with the path. */
function unixListener(stack: NetworkStack, path: string, call: string): Result<SimListener> {
  const inode = stack.disk.lookup(path, call);
  if (!inode.ok) return inode;
  const listener = stack.unix.get(inode.value);
  if (listener === undefined) return fail('ECONNREFUSED', call);
  return listener.full ? fail('EAGAIN', call) : ok(listener);
}

/** One connection to be: its way, both ends as the connecting socket tells of them, and its port. */
interface Call {
  readonly attempt: Attempt;
  readonly target: NetworkStack;
  readonly route: Route;
  readonly local: TcpEndpoint;
  readonly remote: TcpEndpoint;
  readonly port: HeldPort;
}

function connectTcp(attempt: Attempt, to: TcpEndpoint, from: string | undefined): void {
  const { stack, call } = attempt;
  const route = wayTo(stack, to.address, from);
  if (typeof route === 'string') {
    attempt.later(fail(route, call));
    return;
  }
  const target = stack.network.machineAt(route.to, stack);
  const port = portFor(stack, route, to.port, from, target === stack);
  if (typeof port === 'string') {
    attempt.later(fail(port, call));
    return;
  }
  attempt.holds(port);
  if (target === undefined) {
    attempt.giveUpAfter(UNREACHABLE_AFTER, fail('EHOSTUNREACH', call));
    return;
  }
  const local: TcpEndpoint = { transport: 'tcp', address: inFamilyOf(to.address, route.source), port: port.port };
  const remote: TcpEndpoint = { transport: 'tcp', address: inFamilyOf(to.address, route.to), port: to.port };
  attempt.retryAt(SYN_TIMES, () => syn({ attempt, target, route, local, remote, port }));
  attempt.giveUpAfter(CONNECT_TIMEOUT, fail('ETIMEDOUT', call));
}

/** The socket is of the family of the destination; bind(2) comes first, then connect(2). */
function wayTo(stack: NetworkStack, to: string, from: string | undefined): Route | HostErrorCode {
  const destination = canonical(to);
  const source = from === undefined ? (isWide(to) ? '::' : '0.0.0.0') : canonical(from);
  if (destination === undefined || source === undefined) return 'EINVAL';
  const refused = otherFamily(destination, source) ?? bindable(stack, source, true);
  if (refused !== undefined) return refused;
  const route = routeOf(stack, source, destination);
  return typeof route === 'string' || route.kind === 'machine' ? route : 'ENETUNREACH';
}

/** connect(2) chooses the port, or bind(2) has if an address was asked for. */
function portFor(stack: NetworkStack, route: Route, to: number, from: string | undefined, inside: boolean): HeldPort | HostErrorCode {
  const address = route.source;
  if (from !== undefined) {
    const port = stack.tcp.chooseFor(plain(from));
    return port === undefined ? 'EADDRINUSE' : stack.tcp.hold({ address, port, yields: true });
  }
  const peer = `${route.to}:${to}`;
  const port = stack.tcp.chooseTowards(address, peer);
  return port === undefined ? 'EADDRNOTAVAIL' : stack.tcp.hold({ address, port, peer, inside });
}

/** One SYN: it is lost on a cut path, dropped by a full backlog, answered by RST where nobody listens. */
function syn(call: Call): void {
  const { attempt, target, route } = call;
  const { stack } = attempt;
  const { core } = attempt.process;
  const { network } = stack;
  if (attempt.over || !network.open(stack, target)) return;
  core.in(network.delay(stack, target), () => {
    if (attempt.over || attempt.established || !network.open(stack, target)) return;
    const listener = target.tcp.receiver(route.to, call.remote.port);
    // Whatever the answer is, it must find its way back; if not, the client tries again.
    if (listener?.full === true || !answers(target, route) || !network.open(target, stack)) return;
    if (listener === undefined) core.in(network.delay(target, stack), () => attempt.finish(fail('ECONNREFUSED', attempt.call)));
    else establish(call, listener);
  });
}

const answers = (target: NetworkStack, { to, source }: Route): boolean => typeof routeOf(target, to, source) !== 'string';

function establish(call: Call, listener: SimListener): void {
  const { attempt, target, route } = call;
  const { stack } = attempt;
  const { core } = attempt.process;
  const { network } = stack;
  attempt.establish();
  const pair = pairOf(core, 'tcp', network.transit(stack, target), network.transit(target, stack));
  const near = addressOf(listener.local);
  listener.enqueue({
    fromClient: pair.up,
    toClient: pair.down,
    local: { ...call.remote, address: inFamilyOf(near, route.to) },
    remote: { ...call.local, address: inFamilyOf(near, route.source) },
    port: target.tcp.hold({ address: route.to, port: call.remote.port, yields: true }),
    cause: attempt.cause,
  });
  core.in(network.delay(target, stack), () => {
    if (attempt.over) {
      call.port.release();
      pair.up.terminate('reset', NO_CAUSE);
      pair.down.dropReader();
      return;
    }
    const { local, remote, port } = call;
    const stream = new SimStream(core, attempt.process, { kind: 'tcp', local, remote, port, incoming: pair.down, outgoing: pair.up });
    attempt.succeed(stream, pair.up.name);
  });
}

function pairOf(core: Core, kind: 'tcp' | 'unix', up: Transit, down: Transit): { readonly up: Channel; readonly down: Channel } {
  const name = core.nextName(kind);
  const room = (): Room => (kind === 'tcp' ? new ByteRoom(STREAM_CAPACITY) : new BufferRoom());
  return {
    up: new Channel(core, `${name}>`, room(), up, kind === 'tcp'),
    down: new Channel(core, `${name}<`, room(), down, kind === 'tcp'),
  };
}

/** One call of connect, until it is answered once. */
class Attempt implements Held {
  readonly stack: NetworkStack;
  readonly process: SimProcess;
  readonly call: string;
  readonly cause: number;
  readonly #image: number;
  readonly #opened: Opened;
  #established = false;
  #over = false;
  #retry: Entry | undefined;
  #timeout: Entry | undefined;
  /** Until there is a connection that has it. */
  #port: HeldPort | undefined;

  constructor(stack: NetworkStack, process: SimProcess, to: Endpoint, opened: Opened, cause: number) {
    this.stack = stack;
    this.process = process;
    this.#image = process.image;
    this.call = `connect ${formatEndpoint(to)}`;
    this.#opened = opened;
    this.cause = cause;
    process.held.add(this);
  }

  /** The peer's kernel has answered: no more tries. */
  get established(): boolean {
    return this.#established;
  }

  holds(port: HeldPort): void {
    this.#port = port;
  }

  establish(): void {
    this.#established = true;
    this.#port = undefined;
    this.release();
  }

  /** Lets `act` happen at the times, counted from now, until there is an answer. */
  retryAt([time, ...others]: readonly Duration[], act: () => void, passed: Duration = ZERO): void {
    if (time === undefined) return;
    this.#retry = this.process.core.in((time - passed) as Duration, () => {
      this.retryAt(others, act, time);
      act();
    });
  }

  giveUpAfter(time: Duration, result: Result<never>): void {
    this.#timeout = this.process.core.in(time, () => this.finish(result));
  }

  /** Nothing is retried any more. */
  release(): void {
    if (this.#retry !== undefined) this.process.core.agenda.cancel(this.#retry);
    if (this.#timeout !== undefined) this.process.core.agenda.cancel(this.#timeout);
    this.process.held.delete(this);
    this.#port?.release();
    this.#port = undefined;
  }

  discard(): void {
    this.release();
  }

  get over(): boolean {
    return this.#over || this.process.ended || this.process.image !== this.#image;
  }

  /** The call itself has failed; the callback comes after it has returned. */
  later(result: Result<never>): void {
    this.process.soon(() => this.finish(result));
  }

  finish(result: Result<never>): void {
    if (this.over || this.#established || result.ok) return;
    this.#over = true;
    this.release();
    this.process.deliver(this.#image, () => {
      this.process.record('open', { data: { error: result.error.code }, cause: this.cause });
      this.#opened(result);
    });
  }

  succeed(stream: SimStream, channel: string): void {
    this.#over = true;
    this.release();
    this.process.deliver(this.#image, () => {
      this.process.record('open', {
        channel,
        data: { at: stream.local === undefined ? '' : formatEndpoint(stream.local) },
        cause: this.cause,
      });
      stream.begin(this.#opened(ok(stream)));
    });
  }
}

const addressOf = (endpoint: Endpoint): string => (endpoint.transport === 'tcp' ? endpoint.address : '');
