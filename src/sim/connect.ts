/**
 * How a connection comes about: over TCP by SYNs that are retried until somebody answers, over a Unix-domain path at once.
 * Lacks: simultaneous open, IPv6 beyond [::1].
 * May import: host.
 */

import { formatEndpoint, isLoopback } from '../host/address.ts';
import { refuseAddress, refuseEndpoint } from '../host/arguments.ts';
import type { Endpoint, Stream, StreamHandler, TcpEndpoint, UnixEndpoint } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import type { Duration } from '../host/time.ts';
import { seconds, ZERO } from '../host/time.ts';
import type { Entry } from './agenda.ts';
import { Channel, type Transit } from './channel.ts';
import type { Core } from './core.ts';
import { localTransit } from './descriptors.ts';
import { isBoundTo, type SimListener } from './listener.ts';
import type { Machine } from './machine.ts';
import { CONNECT_TIMEOUT, STREAM_CAPACITY } from './options.ts';
import type { Held, SimProcess } from './process.ts';
import { BufferRoom, ByteRoom, type Room } from './room.ts';
import { SimStream } from './stream.ts';

type Opened = (result: Result<Stream>) => StreamHandler;

/** Linux retransmits a SYN after 1, 3, 7, 15, 31 and 63 seconds. */
const SYN_TIMES: readonly Duration[] = [0, 1, 3, 7, 15, 31, 63].map(seconds);
/** Nobody answers ARP for the address: the kernel gives up after three probes a second apart. */
const UNREACHABLE_AFTER: Duration = seconds(3);

export function connect(process: SimProcess, to: Endpoint, from: string | undefined, opened: Opened): void {
  const cause = process.record('connect', { data: { to: formatEndpoint(to) } });
  const attempt = new Attempt(process, to, opened, cause);
  const refused = refuseEndpoint(to) ?? (from === undefined ? undefined : refuseAddress(from));
  if (refused !== undefined) attempt.later(fail(refused, attempt.call));
  else if (to.transport === 'unix') connectUnix(attempt, to);
  else connectTcp(attempt, to, from);
}

function connectUnix(attempt: Attempt, to: UnixEndpoint): void {
  const found = unixListener(attempt.process.machine, to.path, attempt.call);
  if (!found.ok) {
    attempt.later(found);
    return;
  }
  const listener = found.value;
  const local: UnixEndpoint = { transport: 'unix', path: '' };
  const transit = localTransit(attempt.process);
  const pair = pairOf(attempt.process.core, 'unix', transit, transit);
  listener.enqueue({ fromClient: pair.up, toClient: pair.down, local: listener.local, remote: local, cause: attempt.cause });
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
function unixListener(machine: Machine, path: string, call: string): Result<SimListener> {
  const inode = machine.disk.lookup(path, call);
  if (!inode.ok) return inode;
  const listener = machine.unix.get(inode.value);
  if (listener === undefined) return fail('ECONNREFUSED', call);
  return listener.full ? fail('EAGAIN', call) : ok(listener);
}

function connectTcp(attempt: Attempt, to: TcpEndpoint, from: string | undefined): void {
  const { machine } = attempt.process;
  const { network } = machine;
  const { call } = attempt;
  const target = network.machineAt(to.address, machine);
  if (from !== undefined && !machine.owns(from)) attempt.later(fail('EADDRNOTAVAIL', call));
  else if (target === undefined) attempt.giveUpAfter(UNREACHABLE_AFTER, fail('EHOSTUNREACH', call));
  else {
    const local: TcpEndpoint = {
      transport: 'tcp',
      address: from ?? sourceAddress(machine, to.address),
      port: machine.nextPort(() => false) ?? 0,
    };
    attempt.retryAt(SYN_TIMES, () => syn(attempt, target, to, local));
    attempt.giveUpAfter(CONNECT_TIMEOUT, fail('ETIMEDOUT', call));
  }
}

/** One SYN: it is lost on a cut path, dropped by a full backlog, answered by RST where nobody listens. */
function syn(attempt: Attempt, target: Machine, to: TcpEndpoint, local: TcpEndpoint): void {
  const { core, machine } = attempt.process;
  const { network } = machine;
  if (attempt.over || !network.open(machine, target)) return;
  core.in(network.delay(machine, target), () => {
    if (attempt.over || attempt.established || !network.open(machine, target)) return;
    const listener = [...target.tcp].find(other => isBoundTo(other.local, to.address, to.port));
    if (listener === undefined) {
      if (network.open(target, machine)) core.in(network.delay(target, machine), () => attempt.finish(fail('ECONNREFUSED', attempt.call)));
      return;
    }
    // The SYN-ACK must find its way back; if not, the client tries again.
    if (!listener.full && network.open(target, machine)) establish(attempt, target, listener, to, local);
  });
}

function establish(attempt: Attempt, target: Machine, listener: SimListener, to: TcpEndpoint, local: TcpEndpoint): void {
  const { core, machine } = attempt.process;
  const { network } = machine;
  attempt.establish();
  const pair = pairOf(core, 'tcp', network.transit(machine, target), network.transit(target, machine));
  listener.enqueue({
    fromClient: pair.up,
    toClient: pair.down,
    local: { ...to, port: portOf(listener.local) },
    remote: local,
    cause: attempt.cause,
  });
  core.in(network.delay(target, machine), () => {
    if (attempt.over) {
      pair.up.terminate('reset', -1);
      pair.down.dropReader();
      return;
    }
    const stream = new SimStream(core, attempt.process, { kind: 'tcp', local, remote: to, incoming: pair.down, outgoing: pair.up });
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
  readonly process: SimProcess;
  readonly call: string;
  readonly cause: number;
  readonly #image: number;
  readonly #opened: Opened;
  #established = false;
  #over = false;
  #retry: Entry | undefined;
  #timeout: Entry | undefined;

  constructor(process: SimProcess, to: Endpoint, opened: Opened, cause: number) {
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

  establish(): void {
    this.#established = true;
    this.abandon();
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
  abandon(): void {
    if (this.#retry !== undefined) this.process.core.agenda.cancel(this.#retry);
    if (this.#timeout !== undefined) this.process.core.agenda.cancel(this.#timeout);
    this.process.held.delete(this);
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
    this.abandon();
    this.process.deliver(this.#image, () => {
      this.process.record('open', { data: { error: result.error.code }, cause: this.cause });
      this.#opened(result);
    });
  }

  succeed(stream: SimStream, channel: string): void {
    this.#over = true;
    this.abandon();
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

/** The local address of a connection that did not bind one. */
function sourceAddress(machine: Machine, to: string): string {
  const outside = machine.interfaces.find(each => !each.loopback);
  return isLoopback(to) || outside === undefined ? '127.0.0.1' : outside.address;
}

const portOf = (endpoint: Endpoint): number => (endpoint.transport === 'tcp' ? endpoint.port : 0);
