/**
 * The sockets of a case: the port the tester listens on, the connections it makes, and its attempts to make one.
 * Lacks: datagrams, which datagrams.ts has.
 */
import type { Endpoint, Listener, Stream, StreamHandler, TcpEndpoint, UnixEndpoint } from '../../src/host/host.ts';
import type { ChannelName, Target } from '../case.ts';
import { NOTE } from '../judge/notes.ts';
import { isAttached, type Peer, tcpOf, unixIn, unixOf } from '../peer.ts';
import type { Channels } from './channels.ts';
import { LOOPBACK, orThrow, type TesterContext } from './context.ts';

/** As a command line has it: `127.0.0.1:7000`, or a path. */
export const endpointText = (at: Endpoint): string => (at.transport === 'unix' ? at.path : `${at.address}:${at.port}`);

const BACKLOG = 16;
/** Connections beyond those of the case, before the tester stops listening: each costs it a few events of the trace. */
const SURPLUS_LIMIT = 500;

/** Of a stream that no case uses. */
const UNUSED: StreamHandler = { data: () => {} };

export class Sockets {
  readonly #context: TesterContext;
  readonly #channels: Channels;
  readonly #accepts: readonly ChannelName[];
  readonly #peer: Peer;
  readonly #path: (path: string) => string;
  #listener: Listener | undefined;
  #accepted = 0;
  /** Where the tester listens, or the implementation has to: the port is known once there was a listener. */
  #at: TcpEndpoint;
  /** What takes the place of the port. */
  readonly #unix: UnixEndpoint | undefined;

  /** `accepts` are the channels that the implementation opens; `path` places a relative one in the directory of the case. */
  constructor(context: TesterContext, channels: Channels, accepts: readonly ChannelName[], peer: Peer, path: (path: string) => string) {
    this.#context = context;
    this.#channels = channels;
    this.#accepts = accepts;
    this.#peer = peer;
    this.#path = path;
    const at = isAttached(peer) ? tcpOf(peer) : undefined;
    const unix = accepts.length > 0 && isAttached(peer) ? undefined : unixIn(peer);
    this.#unix = unix === undefined ? undefined : { ...unix, path: path(unix.path) };
    this.#at = at ?? { transport: 'tcp', address: LOOPBACK, port: 0 };
  }

  get at(): TcpEndpoint {
    return this.#at;
  }

  /** Where streams meet: the port of the case, or what takes its place. */
  get meeting(): Endpoint {
    return this.#unix ?? this.#at;
  }

  /** Listens where connections are awaited; otherwise only finds a port that is free, where nobody has named one. */
  begin(ready: () => void): void {
    if (this.#accepts.length === 0 && (isAttached(this.#peer) || this.#unix !== undefined)) ready();
    else
      this.listen(() => {
        if (this.#accepts.length === 0) this.closeListener();
        ready();
      });
  }

  listen(opened: () => void): void {
    this.#context.host.network.listen(
      this.meeting,
      { backlog: BACKLOG },
      {
        opened: result => {
          this.#listener = orThrow(result, `a listener at ${endpointText(this.meeting)}`);
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
    if ('tcp' in to) return this.meeting;
    const attached = isAttached(this.#peer) ? unixOf(this.#peer) : undefined;
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
