/**
 * The sockets of a case: the port the tester listens on, the connections it makes, and its attempts to make one.
 * Lacks: datagrams, which datagrams.ts has.
 */
import type { Endpoint, Listener, Stream, StreamHandler, TcpEndpoint } from '../../src/host/host.ts';
import type { ChannelName, Target } from '../case.ts';
import { NOTE } from '../judge/notes.ts';
import { type Attached, tcpOf, unixOf } from '../peer.ts';
import type { Channels } from './channels.ts';
import { LOOPBACK, orThrow, type TesterContext } from './context.ts';

const BACKLOG = 16;
/** Connections beyond those of the case, before the tester stops listening: each costs it a few events of the trace. */
const SURPLUS_LIMIT = 500;

/** Of a stream that no case uses. */
const UNUSED: StreamHandler = { data: () => {} };

export class Sockets {
  readonly #context: TesterContext;
  readonly #channels: Channels;
  readonly #accepts: readonly ChannelName[];
  readonly #attached: Attached | undefined;
  readonly #path: (path: string) => string;
  #listener: Listener | undefined;
  #accepted = 0;
  /** Where the tester listens, or the implementation has to: the port is known once there was a listener. */
  #at: TcpEndpoint;

  /** `accepts` are the channels that the implementation opens; `path` places a relative one in the directory of the case. */
  constructor(
    context: TesterContext,
    channels: Channels,
    accepts: readonly ChannelName[],
    attached: Attached | undefined,
    path: (path: string) => string,
  ) {
    this.#context = context;
    this.#channels = channels;
    this.#accepts = accepts;
    this.#attached = attached;
    this.#path = path;
    const at = attached === undefined ? undefined : tcpOf(attached);
    this.#at = at ?? { transport: 'tcp', address: LOOPBACK, port: 0 };
  }

  get at(): TcpEndpoint {
    return this.#at;
  }

  /** Listens where connections are awaited; otherwise only finds a port that is free, where nobody has named one. */
  begin(ready: () => void): void {
    if (this.#accepts.length === 0 && this.#attached !== undefined) ready();
    else
      this.listen(() => {
        if (this.#accepts.length === 0) this.closeListener();
        ready();
      });
  }

  listen(opened: () => void): void {
    this.#context.host.network.listen(
      this.#at,
      { backlog: BACKLOG },
      {
        opened: result => {
          this.#listener = orThrow(result, `a listener on ${this.#at.address} port ${this.#at.port}`);
          const { local } = this.#listener;
          if (local.transport === 'tcp') this.#at = { ...this.#at, port: local.port };
          opened();
        },
        accept: stream => this.#accept(stream),
      },
    );
  }

  closeListener(): void {
    this.#listener?.close();
  }

  #accept(stream: Stream): StreamHandler {
    const channel = this.#accepts[this.#accepted++];
    if (channel === undefined || this.#context.over()) {
      stream.close();
      if (this.#accepted >= SURPLUS_LIMIT) this.#listener?.close();
      return UNUSED;
    }
    return this.#channels.opened(channel, stream);
  }

  #endpoint(to: Target): Endpoint {
    if ('tcp' in to) return this.#at;
    const attached = this.#attached === undefined ? undefined : unixOf(this.#attached);
    return attached ?? { transport: 'unix', path: this.#path(to.unix) };
  }

  /** Until somebody accepts. */
  dial(channel: ChannelName, to: Target): void {
    this.#context.note(NOTE.dial, { channel });
    this.#context.host.network.connect(this.#endpoint(to), {}, result => {
      if (result.ok && !this.#context.over()) return this.#channels.opened(channel, result.value);
      this.#context.again(() => this.dial(channel, to));
      return UNUSED;
    });
  }

  /** Until nobody accepts. */
  try(to: Target): void {
    this.#context.note(NOTE.connect, {});
    this.#context.host.network.connect(this.#endpoint(to), {}, result => {
      this.#context.observe({ kind: 'connected', error: result.ok ? undefined : result.error.code });
      if (result.ok) {
        result.value.close();
        this.#context.again(() => this.try(to));
      }
      return UNUSED;
    });
  }

  /** Once, at an address that the implementation announced. */
  connect(address: string, port: number): void {
    this.#context.note(NOTE.connect, {});
    this.#context.host.network.connect({ transport: 'tcp', address, port }, {}, result => {
      this.#context.observe({ kind: 'connected', error: result.ok ? undefined : result.error.code });
      if (result.ok) result.value.close();
      return UNUSED;
    });
  }

  finish(): void {
    this.#listener?.close();
  }
}
