/**
 * Which channel of a role is which stream of a capture: connections in the order in which they are opened, pipes by the number that they have for
 * whoever was given them.
 * Lacks: pipes of a second start; standard error, which is for people.
 */
import type { TraceEvent } from '../../src/trace/event.ts';
import type { ChannelName, ChannelWiring, Wiring } from '../case.ts';

const STDERR = 2;
/** Those of the machine, which a C library connects to by itself. */
const SERVICES = /^\/(?:dev\/log$|(?:var\/)?run\/(?:nscd|systemd|dbus|avahi-daemon)\/)/;
/** What somebody asks of a daemon; the kernel sends others as well. */
const ASKING: readonly string[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGTERM'];

export class RoleChannels {
  readonly #accepted: readonly ChannelName[];
  readonly #dialled: readonly ChannelName[];
  readonly #datagrams: ChannelName | undefined;
  readonly #pipes: readonly (readonly [ChannelName, ChannelWiring])[];
  #accepts = 0;
  #dials = 0;

  constructor({ channels, environment }: Wiring) {
    const all = Object.entries(channels);
    this.#accepted = environment?.accepts ?? [];
    const sockets = all.filter(([, { descriptor, direction }]) => descriptor === undefined && direction === 'both').map(([name]) => name);
    this.#dialled = sockets.filter(name => !this.#accepted.includes(name));
    this.#datagrams = all.find(([, { datagrams }]) => datagrams === 'port')?.[0];
    this.#pipes = all.filter(
      ([, { descriptor, direction, decoder, start = 1 }]) =>
        descriptor !== undefined && descriptor !== STDERR && start === 1 && (direction === 'out' || decoder !== undefined),
    );
  }

  /** Of the next connection to it. */
  dialled(): ChannelName | undefined {
    return this.#dialled[this.#dials++];
  }

  /** Of the next connection that it makes. */
  accepted(): ChannelName | undefined {
    return this.#accepted[this.#accepts++];
  }

  get datagrams(): ChannelName | undefined {
    return this.#datagrams;
  }

  /** What it can say something on. */
  get written(): readonly ChannelName[] {
    return this.#pipes.filter(([, { direction }]) => direction === 'in').map(([name]) => name);
  }

  /** Of a pipe that it was given, as an `attach` event tells of it. */
  given({ data = {} }: TraceEvent): ChannelName | undefined {
    const direction = data['direction'] === 'write' ? 'in' : 'out';
    return this.#pipes.find(([, pipe]) => pipe.descriptor === data['fd'] && pipe.direction === direction)?.[0];
  }

  /** The event is one by which whoever has the role is known. */
  tells(event: TraceEvent): boolean {
    if (event.channel === '') return false;
    if (this.#datagrams !== undefined) return event.kind === 'datagram';
    if (this.#accepted.length > 0) return event.kind === 'open';
    if (this.#dialled.length > 0) return event.kind === 'accept';
    return event.kind === 'attach' && this.given(event) !== undefined;
  }

  /** In the passive: what nobody in a capture was seen to do. */
  get manner(): string {
    if (this.#accepted.length > 0) return 'connects';
    return this.#dialled.length > 0 ? 'is connected to' : 'has pipes';
  }
}

/** A connection to the machine, and none of the protocol. */
export const isService = (address: string): boolean => SERVICES.test(address);
export const isAsking = (signal: unknown): boolean => typeof signal === 'string' && ASKING.includes(signal);
