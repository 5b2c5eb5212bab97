/**
 * Streams between processes: who listens where, how a connection comes about, and which paths are cut.
 * Lacks: routing (every machine can reach every other unless a path is cut), IPv6 beyond [::1], TIME_WAIT, simultaneous
 * open, and the retransmission timeout of a sender whose data arrives while only the acknowledgements are lost.
 * May import: host.
 */

import { utf8 } from '../host/bytes.ts';
import type { Endpoint, Listener, ListenHandler, Stream, StreamHandler, TcpEndpoint, UnixEndpoint } from '../host/host.ts';
import { fail, ok, type Result } from '../host/result.ts';
import type { Duration } from '../host/time.ts';
import { millis, seconds, ZERO } from '../host/time.ts';
import { isAny, isLoopback } from './address.ts';
import type { Entry } from './agenda.ts';
import { Channel, type Transit } from './channel.ts';
import type { Core } from './core.ts';
import type { DatagramConditions } from './datagram.ts';
import { localTransit } from './descriptors.ts';
import { formatEndpoint, SimListener } from './listener.ts';
import type { Machine } from './machine.ts';
import { CONNECT_TIMEOUT, STREAM_CAPACITY, UNIX_PATH_MAX } from './options.ts';
import type { Prng } from './prng.ts';
import type { Held, SimProcess } from './process.ts';
import { ByteRoom } from './room.ts';
import { SimStream } from './stream.ts';

type Opened = (result: Result<Stream>) => StreamHandler;

/** Linux retransmits a SYN after 1, 3, 7, 15, 31 and 63 seconds. */
const SYN_TIMES: readonly Duration[] = [0, 1, 3, 7, 15, 31, 63].map(seconds);
/** TCP_RTO_MIN of Linux: a lost segment comes again after this, then after twice as long, and so on, this often. */
const RETRANSMIT_DELAY: Duration = millis(200);
const RETRANSMIT_DOUBLINGS = 8;
/** Nobody answers ARP for the address: the kernel gives up after three probes a second apart. */
const UNREACHABLE_AFTER: Duration = seconds(3);

export class Network {
  readonly datagrams: DatagramConditions = { loss: undefined, duplicate: undefined, reorder: undefined };
  readonly #core: Core;
  readonly #machines: () => Iterable<Machine>;
  /** `a>b` -> who cut it, to be told whenever it held something back. */
  readonly #cuts = new Map<string, (() => void)[]>();
  /** Channels that hold something back, and the machine that would send it. */
  readonly #held = new Map<Channel, Machine>();

  constructor(core: Core, machines: () => Iterable<Machine>) {
    this.#core = core;
    this.#machines = machines;
  }

  // ── paths ──

  cut(from: string, to: string, fired: () => void): void {
    const path = `${from}>${to}`;
    this.#cuts.set(path, [...(this.#cuts.get(path) ?? []), fired]);
  }

  /** Takes back the cut that was made with `fired`; another one may still hold. */
  mend(from: string, to: string, fired: () => void): void {
    const path = `${from}>${to}`;
    const left = (this.#cuts.get(path) ?? []).filter(other => other !== fired);
    if (left.length > 0) this.#cuts.set(path, left);
    else this.#cuts.delete(path);
    this.release();
  }

  open(from: Machine, to: Machine): boolean {
    if (!from.up || !to.up) return false;
    const cut = this.#cuts.size === 0 ? undefined : this.#cuts.get(`${from.name}>${to.name}`);
    if (cut === undefined) return true;
    for (const fired of cut) fired();
    return false;
  }

  /** Lets what was held try its path again. */
  release(): void {
    const held = [...this.#held.keys()];
    this.#held.clear();
    for (const channel of held) channel.release();
  }

  /** A machine lost power: what it held for another try is gone. */
  forsake(machine: Machine): void {
    for (const [channel, sender] of [...this.#held]) {
      if (sender !== machine) continue;
      this.#held.delete(channel);
      channel.forsake();
    }
  }

  machineAt(address: string, from: Machine): Machine | undefined {
    if (isLoopback(address) || isAny(address)) return from;
    for (const machine of this.#machines()) if (machine.interfaces.some(each => each.address === address)) return machine;
    return undefined;
  }

  all(): Iterable<Machine> {
    return this.#machines();
  }

  delay(from: Machine, to: Machine, prng: Prng = this.link(from, to)): Duration {
    const { latencyMin, latencyMax } = from === to ? this.#core.local : this.#core.link;
    const base = prng.between(latencyMin, latencyMax);
    return (base + (this.#core.conditions.latency?.pick(prng) ?? 0)) as Duration;
  }

  /** Where the delays and the fate of what goes from one machine to another are drawn. */
  link(from: Machine, to: Machine): Prng {
    return this.#core.chance.stream(`link/${from.name}>${to.name}`);
  }

  // ── listening ──

  listen(process: SimProcess, at: Endpoint, backlog: number, handler: ListenHandler): void {
    const made = at.transport === 'tcp' ? this.#listenTcp(process, at, backlog, handler) : this.#listenUnix(process, at, backlog, handler);
    const data = made.ok ? { at: formatEndpoint(made.value.local) } : { at: formatEndpoint(at), error: made.error.code };
    process.record('listen', { data });
    const image = process.image;
    process.soon(() =>
      process.deliver(image, () => {
        if (made.ok) made.value.opened();
        handler.opened(made);
      }),
    );
  }

  #listenTcp(process: SimProcess, at: TcpEndpoint, backlog: number, handler: ListenHandler): Result<SimListener & Listener> {
    const machine = process.machine;
    const call = `bind ${formatEndpoint(at)}`;
    if (!machine.owns(at.address)) return fail('EADDRNOTAVAIL', call);
    const taken = (port: number): boolean => [...machine.tcp].some(other => clash(other.local, at.address, port));
    const port = at.port === 0 ? machine.nextPort(taken) : at.port;
    if (port === undefined || taken(port)) return fail('EADDRINUSE', call);
    const listener: SimListener = new SimListener(process, { transport: 'tcp', address: at.address, port }, backlog, handler, () =>
      machine.tcp.delete(listener),
    );
    machine.tcp.add(listener);
    return ok(listener);
  }

  #listenUnix(process: SimProcess, at: UnixEndpoint, backlog: number, handler: ListenHandler): Result<SimListener & Listener> {
    const machine = process.machine;
    const call = `bind ${at.path}`;
    if (utf8(at.path).length > UNIX_PATH_MAX) return fail('ENAMETOOLONG', call);
    const inode = machine.disk.bindSocket(at.path, call, machine.clock.wall(this.#core.now));
    if (!inode.ok) return inode;
    const listener = new SimListener(process, at, backlog, handler, () => machine.unix.delete(inode.value));
    machine.unix.set(inode.value, listener);
    return ok(listener);
  }

  // ── connecting ──

  connect(process: SimProcess, to: Endpoint, from: string | undefined, opened: Opened): void {
    const cause = process.record('connect', { data: { to: formatEndpoint(to) } });
    const attempt = new Attempt(process, to, opened, cause);
    if (to.transport === 'unix') this.#connectUnix(attempt, to);
    else this.#connectTcp(attempt, to, from);
  }

  #connectUnix(attempt: Attempt, to: UnixEndpoint): void {
    const found = this.#unixListener(attempt.process.machine, to.path, attempt.call);
    if (!found.ok) {
      attempt.later(found);
      return;
    }
    const listener = found.value;
    const local: UnixEndpoint = { transport: 'unix', path: '' };
    const transit = localTransit(attempt.process);
    const pair = this.#pair('unix', transit, transit, false);
    listener.enqueue({ fromClient: pair.up, toClient: pair.down, local: listener.local, remote: local, cause: attempt.cause });
    const stream = new SimStream(this.#core, attempt.process, { kind: 'unix', local, remote: to, incoming: pair.down, outgoing: pair.up });
    attempt.process.soon(() => attempt.succeed(stream, pair.up.name));
  }

  /** unix(7): whoever connects learns at once what is wrong with the path. */
  #unixListener(machine: Machine, path: string, call: string): Result<SimListener> {
    if (utf8(path).length > UNIX_PATH_MAX) return fail('ENAMETOOLONG', call);
    const inode = machine.disk.lookup(path, call);
    if (!inode.ok) return inode;
    const listener = machine.unix.get(inode.value);
    if (listener === undefined) return fail('ECONNREFUSED', call);
    return listener.full ? fail('EAGAIN', call) : ok(listener);
  }

  #connectTcp(attempt: Attempt, to: TcpEndpoint, from: string | undefined): void {
    const machine = attempt.process.machine;
    const call = attempt.call;
    const target = this.machineAt(to.address, machine);
    if (from !== undefined && !machine.owns(from)) attempt.later(fail('EADDRNOTAVAIL', call));
    else if (target === undefined) attempt.giveUpAfter(UNREACHABLE_AFTER, fail('EHOSTUNREACH', call));
    else {
      const local: TcpEndpoint = {
        transport: 'tcp',
        address: from ?? sourceAddress(machine, to.address),
        port: machine.nextPort(() => false) ?? 0,
      };
      attempt.retryAt(SYN_TIMES, () => this.#syn(attempt, target, to, local));
      attempt.giveUpAfter(CONNECT_TIMEOUT, fail('ETIMEDOUT', call));
    }
  }

  /** One SYN: it is lost on a cut path, dropped by a full backlog, answered by RST where nobody listens. */
  #syn(attempt: Attempt, target: Machine, to: TcpEndpoint, local: TcpEndpoint): void {
    const machine = attempt.process.machine;
    if (attempt.over || !this.open(machine, target)) return;
    this.#core.in(this.delay(machine, target), () => {
      if (attempt.over || attempt.established || !this.open(machine, target)) return;
      const listener = [...target.tcp].find(other => clash(other.local, to.address, to.port));
      if (listener === undefined) {
        if (this.open(target, machine))
          this.#core.in(this.delay(target, machine), () => attempt.finish(fail('ECONNREFUSED', attempt.call)));
        return;
      }
      // The SYN-ACK must find its way back; if not, the client tries again.
      if (!listener.full && this.open(target, machine)) this.#establish(attempt, target, listener, to, local);
    });
  }

  #establish(attempt: Attempt, target: Machine, listener: SimListener, to: TcpEndpoint, local: TcpEndpoint): void {
    const machine = attempt.process.machine;
    attempt.establish();
    const pair = this.#pair('tcp', this.#transit(machine, target), this.#transit(target, machine), true);
    listener.enqueue({
      fromClient: pair.up,
      toClient: pair.down,
      local: { ...to, port: portOf(listener.local) },
      remote: local,
      cause: attempt.cause,
    });
    this.#core.in(this.delay(target, machine), () => {
      if (attempt.over) {
        pair.up.terminate('reset', -1);
        pair.down.dropReader();
        return;
      }
      const stream = new SimStream(this.#core, attempt.process, { kind: 'tcp', local, remote: to, incoming: pair.down, outgoing: pair.up });
      attempt.succeed(stream, pair.up.name);
    });
  }

  #pair(prefix: string, up: Transit, down: Transit, remote: boolean): { readonly up: Channel; readonly down: Channel } {
    const name = this.#core.nextName(prefix);
    return {
      up: new Channel(this.#core, `${name}>`, new ByteRoom(STREAM_CAPACITY), up, remote),
      down: new Channel(this.#core, `${name}<`, new ByteRoom(STREAM_CAPACITY), down, remote),
    };
  }

  #transit(from: Machine, to: Machine): Transit {
    const prng = this.link(from, to);
    return {
      prng: this.#core.chance.stream(`read/${to.name}<${from.name}`),
      readMax: this.#core.link.readMax,
      delay: () => (this.open(from, to) ? ((this.delay(from, to, prng) + this.#retransmission(from, to, prng)) as Duration) : undefined),
      held: channel => this.#held.set(channel, from),
    };
  }

  /** What the loss of packets means to a stream: a segment comes later. */
  #retransmission(from: Machine, to: Machine, prng: Prng): number {
    const { loss } = this.datagrams;
    const base = this.#core.link.loss;
    if (from === to || (base === 0 && loss === undefined)) return 0;
    let delay = 0;
    for (let doubling = 0; doubling < RETRANSMIT_DOUBLINGS; doubling++) {
      const hit = loss !== undefined && prng.chance(loss.chance);
      if (hit) loss.fired();
      else if (!prng.chance(base)) break;
      delay += RETRANSMIT_DELAY * 2 ** doubling;
    }
    return delay;
  }
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

/** Whether a socket bound to `bound` stands for `address:port`. */
export function clash(bound: Endpoint, address: string, port: number): boolean {
  return bound.transport === 'tcp' && bound.port === port && (bound.address === address || isAny(bound.address) || isAny(address));
}
