/**
 * Listening and connecting, over node:net. Every connection may be half-closed and has TCP_NODELAY, as the contract's writes are whole.
 * Lacks: host names (EINVAL) and IPv6 interfaces, which have no broadcast. A listener keeps accepting while its daemon works, so a
 * backlog only ever fills while the process is stopped.
 */
import net from 'node:net';
import { formatEndpoint } from '../host/address.ts';
import { refuseAddress, refuseEndpoint } from '../host/arguments.ts';
import type {
  DatagramAddress,
  DatagramHandler,
  DatagramOptions,
  Endpoint,
  ListenHandler,
  Network,
  NetworkInterface,
  Stream,
  StreamHandler,
  TcpEndpoint,
} from '../host/host.ts';
import { otherFamily } from '../host/internet.ts';
import { fail, type HostErrorCode, type Result } from '../host/result.ts';
import type { Crossings } from './crossings.ts';
import { openDatagrams } from './datagrams.ts';
import { refuse } from './errors.ts';
import type { Image, Resource } from './guard.ts';
import { interfaces } from './interfaces.ts';
import { openListener } from './listeners.ts';
import { NodeStream } from './streams.ts';

export class NodeNetwork implements Network {
  readonly #image: Image;
  readonly #crossings: Crossings;
  readonly #brokenPipe: () => void;

  constructor(image: Image, crossings: Crossings, brokenPipe: () => void) {
    this.#image = image;
    this.#crossings = crossings;
    this.#brokenPipe = brokenPipe;
  }

  listen(at: Endpoint, options: { readonly backlog: number }, handler: ListenHandler): void {
    this.#image.check();
    const refused = refuseEndpoint(at);
    if (refused !== undefined) {
      this.#crossings.report('listen', { at: formatEndpoint(at), error: refused });
      this.#image.later(() => handler.opened(fail(refused, `bind ${formatEndpoint(at)}`)));
    } else openListener({ image: this.#image, crossings: this.#crossings, brokenPipe: this.#brokenPipe }, at, options.backlog, handler);
  }

  connect(to: Endpoint, options: { readonly from?: string }, opened: (result: Result<Stream>) => StreamHandler): void {
    this.#image.check();
    this.#crossings.report('connect', { to: formatEndpoint(to) });
    const failed = (result: Result<never>): void => {
      if (!result.ok) this.#crossings.report('open', { error: result.error.code });
      opened(result);
    };
    const call = `connect ${formatEndpoint(to)}`;
    const refused = refuseEndpoint(to) ?? refuseFrom(to, options.from);
    if (refused !== undefined) {
      this.#image.later(() => failed(fail(refused, call)));
      return;
    }
    const socket = dial(to, options.from);
    const attempt: Resource = { release: () => socket.destroy() };
    this.#image.own(attempt);
    const refuseWith = (error: Error): void => {
      this.#image.disown(attempt);
      this.#image.run(() => failed(refuse(error, call)));
    };
    socket.once('error', refuseWith);
    socket.once('connect', () => {
      socket.removeListener('error', refuseWith);
      this.#image.disown(attempt);
      this.#image.run(() => {
        const { local, remote } = endsOf(socket, to);
        const channels = this.#crossings.connection(to.transport, 'connecting');
        const setup = { socket, kind: to.transport, local, remote, channels, writable: true, brokenPipe: this.#brokenPipe };
        const stream = new NodeStream(this.#image, this.#crossings, setup);
        this.#crossings.report('open', { at: formatEndpoint(local) }, channels.out);
        stream.start(opened({ ok: true, value: stream }));
      });
    });
  }

  bind(at: DatagramAddress, options: DatagramOptions, handler: DatagramHandler): void {
    this.#image.check();
    openDatagrams(this.#image, this.#crossings, at, options, handler);
  }

  interfaces(): readonly NetworkInterface[] {
    this.#image.check();
    return interfaces();
  }
}

/** The socket is of the family of the destination; libuv says EINVAL whichever of the two it is. */
function refuseFrom(to: Endpoint, from: string | undefined): HostErrorCode | undefined {
  if (from === undefined) return undefined;
  return refuseAddress(from) ?? (to.transport === 'unix' ? undefined : otherFamily(to.address, from));
}

function dial(to: Endpoint, from: string | undefined): net.Socket {
  const socket =
    to.transport === 'unix'
      ? net.connect({ path: to.path, allowHalfOpen: true })
      : net.connect({
          host: to.address,
          port: to.port,
          allowHalfOpen: true,
          noDelay: true,
          ...(from === undefined ? {} : { localAddress: from }),
        });
  socket._read = (): void => {}; // reading begins with NodeStream.start
  return socket;
}

/** As the kernel has them: whoever calls 0.0.0.0 is connected with an address. */
function endsOf(socket: net.Socket, to: Endpoint): { readonly local: Endpoint; readonly remote: Endpoint } {
  if (to.transport === 'unix') return { local: { transport: 'unix', path: '' }, remote: to };
  const remote: TcpEndpoint = { transport: 'tcp', address: socket.remoteAddress ?? to.address, port: socket.remotePort ?? to.port };
  return { local: { transport: 'tcp', address: socket.localAddress ?? '', port: socket.localPort ?? 0 }, remote };
}
