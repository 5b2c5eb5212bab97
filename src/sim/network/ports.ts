/**
 * The ports of one machine for one protocol: who holds which, who may bind beside whom, and who is found by what arrives.
 * As Linux decides it for sockets that Node makes: bind(2) has SO_REUSEADDR for TCP and not for UDP, `::` takes both families
 * (IPV6_V6ONLY is off), and IPv4 inside of IPv6 is IPv4 here.
 * Lacks: SO_REUSEPORT; TIME_WAIT on the listening side, where SO_REUSEADDR makes it unseen; FIN_WAIT_2 apart from TIME_WAIT.
 */
import { isAny } from '../../host/address.ts';
import { isWide } from '../../host/internet.ts';
import type { Duration, Instant } from '../../host/time.ts';
import { after, seconds } from '../../host/time.ts';
import type { Core } from '../core/core.ts';

/** TCP_TIMEWAIT_LEN of Linux. */
const TIME_WAIT: Duration = seconds(60);
/** net.ipv4.tcp_tw_reuse = 2: over the loopback another connection may have the port after this. */
const REUSE_INSIDE: Duration = seconds(1);

/** How a socket has a port. */
export interface Binding<Receiver> {
  /** As it is bound: an address, 0.0.0.0, or :: for all of both families. */
  readonly address: string;
  readonly port: number;
  /** What arrives there belongs to it: a listener, a datagram socket. */
  readonly receiver?: Receiver;
  /** Bound by bind(2) with SO_REUSEADDR, and no listener: another may be bound there as well. */
  readonly yields?: boolean;
  /** Of a connection whose port the kernel chose: `address:port` at the other end. */
  readonly peer?: string;
  /** The other end is on this machine. */
  readonly inside?: boolean;
}

/** A port that a socket has. */
export interface HeldPort {
  readonly port: number;
  readonly peer?: string;
  /** It is free now. */
  release(): void;
  /** The connection closed first: it is free a minute later. */
  linger(): void;
}

interface Holder<Receiver> extends Binding<Receiver>, HeldPort {
  /** In TIME_WAIT until then. */
  until?: Instant;
}

export class Ports<Receiver> {
  readonly #core: Core;
  /** The next ephemeral port that suits. */
  readonly #next: (taken: (port: number) => boolean) => number | undefined;
  readonly #holders = new Map<number, Set<Holder<Receiver>>>();
  /** Those with a receiver. A list is replaced when it changes, because whoever goes through it may meanwhile change it. */
  readonly #receiving = new Map<number, readonly Holder<Receiver>[]>();
  /** The one with a receiver, if there is one only. */
  #only: Holder<Receiver> | undefined;
  #receivers: readonly Receiver[] = [];

  constructor(core: Core, next: (taken: (port: number) => boolean) => number | undefined) {
    this.#core = core;
    this.#next = next;
  }

  /** Somebody is in the way of bind(2). */
  taken(address: string, port: number): boolean {
    return this.#some(port, holder => holder.yields !== true && overlap(holder, address));
  }

  /** bind(2) to port 0. */
  chooseFor(address: string): number | undefined {
    return this.#next(port => this.#some(port, holder => overlap(holder, address)));
  }

  /** connect(2) without bind(2): a port nobody bound, and no connection to the same place has from there. */
  chooseTowards(address: string, peer: string): number | undefined {
    return this.#next(port => this.#some(port, holder => holder.peer === undefined || this.#sameWay(holder, address, peer)));
  }

  /** Takes the port, which must be free. */
  hold(binding: Binding<Receiver>): HeldPort {
    const { port } = binding;
    const holder: Holder<Receiver> = {
      ...binding,
      release: () => this.#release(holder),
      linger: () => {
        holder.until = after(this.#core.now, TIME_WAIT);
      },
    };
    const holders = this.#holders.get(port);
    if (holders === undefined) this.#holders.set(port, new Set([holder]));
    else holders.add(holder);
    if (holder.receiver !== undefined) this.#receive(port, [...(this.#receiving.get(port) ?? []), holder]);
    return holder;
  }

  #release(holder: Holder<Receiver>): void {
    const { port } = holder;
    const holders = this.#holders.get(port);
    if (holders?.delete(holder) !== true) return;
    if (holders.size === 0) this.#holders.delete(port);
    if (holder.receiver === undefined) return;
    this.#receive(
      port,
      (this.#receiving.get(port) ?? []).filter(other => other !== holder),
    );
  }

  /** Whose it is that arrives there. There is never more than one. */
  receiver(address: string, port: number): Receiver | undefined {
    const only = this.#only;
    if (only !== undefined) return only.port === port && takes(only.address, address) ? only.receiver : undefined;
    return this.#receiving.get(port)?.find(holder => takes(holder.address, address))?.receiver;
  }

  get receivers(): readonly Receiver[] {
    return this.#receivers;
  }

  /** The machine lost power. */
  clear(): void {
    this.#holders.clear();
    this.#receiving.clear();
    this.#only = undefined;
    this.#receivers = [];
  }

  #receive(port: number, holders: readonly Holder<Receiver>[]): void {
    if (holders.length === 0) this.#receiving.delete(port);
    else this.#receiving.set(port, holders);
    const all = [...this.#receiving.values()].flat();
    this.#only = all.length === 1 ? all[0] : undefined;
    this.#receivers = all.flatMap(({ receiver }) => (receiver === undefined ? [] : [receiver]));
  }

  /** Of those that hold the port still. */
  #some(port: number, test: (holder: Holder<Receiver>) => boolean): boolean {
    const holders = this.#holders.get(port);
    if (holders === undefined) return false;
    for (const holder of holders) {
      if (holder.until !== undefined && holder.until <= this.#core.now) this.#release(holder);
      else if (test(holder)) return true;
    }
    return false;
  }

  #sameWay(holder: Holder<Receiver>, address: string, peer: string): boolean {
    if (holder.peer !== peer || holder.address !== address) return false;
    return holder.until === undefined || holder.inside !== true || this.#core.now < holder.until - TIME_WAIT + REUSE_INSIDE;
  }
}

/** Whether a socket bound to `bound` hears what is sent to `address`. */
export const takes = (bound: string, address: string): boolean =>
  bound === address || bound === '::' || (bound === '0.0.0.0' && !isWide(address));

/** Whether there are addresses that both stand for. */
function overlap(holder: Holder<unknown>, address: string): boolean {
  if (takes(holder.address, address) || takes(address, holder.address)) return true;
  // bind(2) of an IPv6 address sets IPV6_V6ONLY, connect(2) without it does not: ipv4_rcv_saddr_equal() then sees a wildcard.
  return holder.peer !== undefined && isAny(address);
}
