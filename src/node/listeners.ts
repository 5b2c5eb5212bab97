/**
 * Listeners, TCP and Unix-domain.
 * The file of a Unix-domain socket stays when the listener closes and when the process ends. libuv unlinks it on close, so it is moved
 * aside meanwhile: for some microseconds the path does not exist. A process that exits or is killed leaves it untouched.
 * Lacks: SO_REUSEPORT; IPV6_V6ONLY, so `::` also takes IPv4 where the kernel's bindv6only is 0.
 */
import fs from 'node:fs';
import net from 'node:net';
import { dirname } from 'node:path';
import { formatEndpoint } from '../host/address.ts';
import { backlogOf } from '../host/arguments.ts';
import type { Endpoint, Listener, ListenHandler } from '../host/host.ts';
import type { HostError } from '../host/result.ts';
import { ok } from '../host/result.ts';
import type { Crossings } from './crossings.ts';
import { codeOf, hostError } from './errors.ts';
import type { Image, Resource } from './guard.ts';
import { NodeStream } from './streams.ts';

export interface ListenerContext {
  readonly image: Image;
  readonly crossings: Crossings;
  readonly brokenPipe: () => void;
}

export function openListener(context: ListenerContext, at: Endpoint, backlog: number, handler: ListenHandler): void {
  const { image, crossings } = context;
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  const attempt: Resource = { release: () => closeServer(server, at) };
  image.own(attempt);
  const refused = (error: Error): void => {
    image.disown(attempt);
    const failure = bindError(error, at);
    image.run(() => {
      crossings.report('listen', { at: formatEndpoint(at), error: failure.code });
      handler.opened({ ok: false, error: failure });
    });
  };
  server.once('error', refused);
  server.once('listening', () => {
    image.disown(attempt);
    server.removeListener('error', refused);
    // accept(2) failed, for want of descriptors as a rule: libuv has closed that connection and goes on listening.
    server.on('error', () => {});
    image.run(() => {
      const local = boundTo(server, at);
      const listener = new NodeListener(context, server, local, handler);
      crossings.report('listen', { at: formatEndpoint(local) });
      handler.opened(ok(listener));
    });
  });
  const where = at.transport === 'unix' ? { path: at.path } : { host: at.address, port: at.port };
  server.listen({ ...where, backlog: backlogOf(backlog) || NO_BACKLOG, exclusive: true });
}

/** Node takes 0 for a backlog that was not given; this becomes 0 on its way to listen(2). */
const NO_BACKLOG = 0.5;

class NodeListener implements Listener, Resource {
  readonly local: Endpoint;
  readonly #context: ListenerContext;
  readonly #server: net.Server;
  #closed = false;

  constructor(context: ListenerContext, server: net.Server, local: Endpoint, handler: ListenHandler) {
    this.#context = context;
    this.#server = server;
    this.local = local;
    context.image.own(this);
    server.on('connection', socket => this.#accept(socket, handler));
  }

  close(): void {
    const { image, crossings } = this.#context;
    image.check();
    if (this.#closed) return;
    crossings.report('close', { at: formatEndpoint(this.local) });
    this.release();
  }

  release(): void {
    this.#closed = true;
    this.#context.image.disown(this);
    closeServer(this.#server, this.local);
  }

  #accept(socket: net.Socket, handler: ListenHandler): void {
    const { image, crossings, brokenPipe } = this.#context;
    if (!image.alive || this.#closed) {
      socket.destroy();
      return;
    }
    const { local } = this;
    const remote = remoteOf(socket, local);
    const channels = crossings.connection(local.transport, 'accepting');
    const setup = { socket, kind: local.transport, local: nearEnd(socket, local), remote, channels, writable: true, brokenPipe };
    image.run(() => {
      const stream = new NodeStream(image, crossings, setup);
      crossings.report('accept', { peer: formatEndpoint(remote) }, channels.out);
      stream.start(handler.accept(stream));
    });
  }
}

/** libuv turns ENOENT into EACCES for a path, as Windows has it; the directory tells which it was. */
function bindError(error: Error, at: Endpoint): HostError {
  const call = `bind ${formatEndpoint(at)}`;
  if (at.transport === 'tcp' || codeOf(error) !== 'EACCES') return hostError(error, call);
  // Nothing but a directory can be made where slashes follow.
  if (at.path.endsWith('/')) return { code: 'ENOENT', call };
  try {
    fs.statSync(dirname(at.path));
    return { code: 'EACCES', call };
  } catch (thrown) {
    return hostError(thrown, call);
  }
}

function boundTo(server: net.Server, at: Endpoint): Endpoint {
  const address = server.address();
  if (at.transport === 'unix' || address === null || typeof address === 'string') return at;
  return { transport: 'tcp', address: address.address, port: address.port };
}

/** Of a listener on 0.0.0.0, the address that was really reached. */
function nearEnd(socket: net.Socket, local: Endpoint): Endpoint {
  if (local.transport === 'unix') return local;
  return { transport: 'tcp', address: socket.localAddress ?? local.address, port: socket.localPort ?? local.port };
}

function remoteOf(socket: net.Socket, local: Endpoint): Endpoint {
  if (local.transport === 'unix') return { transport: 'unix', path: '' };
  return { transport: 'tcp', address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
}

/** Closes at once; what was accepted lives on. */
function closeServer(server: net.Server, at: Endpoint): void {
  if (at.transport === 'tcp' || !server.listening) {
    server.close();
    return;
  }
  const aside = setAside(at.path);
  server.close();
  if (aside !== undefined) putBack(aside, at.path);
}

function setAside(path: string): string | undefined {
  const aside = `${path}.closing-${process.pid}`;
  try {
    fs.renameSync(path, aside);
    return aside;
  } catch (thrown) {
    // ENOENT: somebody has unlinked it already. Anything else: nobody may rename here, so nobody may unlink either.
    void codeOf(thrown);
    return undefined;
  }
}

/** link fails where rename would replace: whoever bound the path meanwhile keeps it. */
function putBack(aside: string, path: string): void {
  try {
    fs.linkSync(aside, path);
  } catch {
    // The path is taken again, or the directory is gone: then the old file is too.
  }
  try {
    fs.rmSync(aside, { force: true });
  } catch {
    // Nobody may remove anything here any more.
  }
}
