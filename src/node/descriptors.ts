/**
 * The descriptors a daemon may name: those it made, those its parent handed it, and 1 and 2. All others of the OS process are Node's own
 * and answer EBADF.
 * The write end of a pipe is opened anew through /proc when it is attached, because O_NONBLOCK, which Node needs, belongs to the open
 * file description: whoever else writes to the pipe, a child or a shell, keeps it blocking. (A read end opened anew would miss the hang-up
 * of a writer that went before: fifo(7) counts writers from the opening on.)
 * Lacks: duplication (dup2). Without /proc the direction of a descriptor is not checked before its first use.
 */
import fs from 'node:fs';
import net from 'node:net';
import type { Descriptor, Descriptors, Stream, StreamHandler } from '../host/host.ts';
import { DONE, fail, ok, type Result } from '../host/result.ts';
import type { Channels, Crossings } from './crossings.ts';
import { refuse } from './errors.ts';
import { FileStream } from './filestream.ts';
import type { Image } from './guard.ts';
import { accessMode } from './inherited.ts';
import { closeAnyway, PipeSource } from './pipes.ts';
import { NodeStream } from './streams.ts';

export interface DescriptorSetup {
  readonly crossings: Crossings;
  readonly brokenPipe: () => void;
  /** Told before a program is run that is no child of the daemon. */
  readonly spawning: () => void;
  readonly inherited: readonly Descriptor[];
  /** In the names of the pipes. */
  readonly mark: string;
  /** This OS process is the daemon's own, so its standard descriptors may really be closed. */
  readonly ownProcess: boolean;
}

interface Entry {
  /** 1 and 2 that nobody named lead to the log: they are there to be written to. */
  readonly forLog?: boolean;
  /** The name of the pipe in the trace, once it has one. */
  readonly channel: string | undefined;
  readonly attached: boolean;
}

export class NodeDescriptors implements Descriptors {
  #image: Image;
  readonly #setup: DescriptorSetup;
  readonly #pipes: PipeSource;
  readonly #table = new Map<Descriptor, Entry>();

  constructor(image: Image, setup: DescriptorSetup) {
    this.#image = image;
    this.#setup = setup;
    this.#pipes = new PipeSource(setup.spawning, setup.mark);
    for (const descriptor of [1, 2]) this.#table.set(descriptor, { channel: undefined, attached: false, forLog: true });
    for (const descriptor of setup.inherited) this.#table.set(descriptor, { channel: undefined, attached: false });
  }

  pipe(): Result<{ readonly read: Descriptor; readonly write: Descriptor }> {
    this.#image.check();
    try {
      const ends = this.#pipes.take();
      const channel = this.#setup.crossings.pipe();
      for (const end of [ends.read, ends.write]) this.#table.set(end, { channel, attached: false });
      this.#setup.crossings.report('pipe', { read: ends.read, write: ends.write }, channel);
      return ok(ends);
    } catch (thrown) {
      return refuse(thrown, 'pipe');
    }
  }

  attach(descriptor: Descriptor, direction: 'read' | 'write', handler: StreamHandler): Result<Stream> {
    this.#image.check();
    const entry = this.#table.get(descriptor);
    const result = this.#attach(descriptor, direction, handler, entry);
    const data = { fd: descriptor, direction, ...(result.ok ? {} : { error: result.error.code }) };
    this.#setup.crossings.report('attach', data, entry?.channel);
    return result;
  }

  close(descriptor: Descriptor): Result<void> {
    this.#image.check();
    if (!this.usable(descriptor)) {
      this.#setup.crossings.report('release', { fd: descriptor, error: 'EBADF' });
      return fail('EBADF', `close ${descriptor}`);
    }
    this.#setup.crossings.report('release', { fd: descriptor }, this.#table.get(descriptor)?.channel);
    this.#forget(descriptor);
    return DONE;
  }

  /** Open, and not the business of a stream. */
  usable(descriptor: Descriptor): boolean {
    return this.#table.get(descriptor)?.attached === false;
  }

  /** exec: what is not attached stays open. */
  replace(image: Image): void {
    this.#image = image;
  }

  /** The end of the process: whatever is still open. */
  release(): void {
    this.#pipes.release();
    for (const [descriptor, entry] of [...this.#table]) if (!entry.attached) this.#forget(descriptor);
  }

  #attach(descriptor: Descriptor, direction: 'read' | 'write', handler: StreamHandler, entry: Entry | undefined): Result<Stream> {
    const call = `attach ${descriptor} to ${direction}`;
    if (entry === undefined || entry.attached || !opensFor(descriptor, direction)) return fail('EBADF', call);
    if (entry.forLog === true && direction === 'read') return fail('EBADF', call);
    try {
      const status = fs.fstatSync(descriptor);
      if (status.isFIFO()) return ok(this.#attachPipe(descriptor, direction, handler, entry));
      if (status.isSocket()) return ok(this.#attachSocket(descriptor, handler));
      const channel = entry.channel ?? this.#setup.crossings.pipe();
      this.#table.set(descriptor, { channel, attached: true });
      const closed = (): void => this.#forget(descriptor);
      return ok(new FileStream(this.#image, this.#setup.crossings, { descriptor, direction, handler, channel, closed }));
    } catch (thrown) {
      return refuse(thrown, call);
    }
  }

  #attachPipe(descriptor: Descriptor, direction: 'read' | 'write', handler: StreamHandler, entry: Entry): Stream {
    const name = entry.channel ?? this.#setup.crossings.pipe();
    const own = direction === 'write' ? reopen(descriptor) : undefined;
    const socket = new net.Socket({
      fd: own ?? descriptor,
      readable: direction === 'read',
      writable: direction === 'write',
      allowHalfOpen: true,
    });
    if (own !== undefined) this.#forget(descriptor);
    else this.#table.set(descriptor, { channel: name, attached: true });
    const closed = own === undefined ? (): void => this.#closedBy(descriptor) : undefined;
    return this.#start(socket, handler, { out: name, in: name }, { kind: 'pipe', writable: direction === 'write', closed });
  }

  /** A socket is one description for both directions, so the stream has both, whichever was asked for. */
  #attachSocket(descriptor: Descriptor, handler: StreamHandler): Stream {
    const socket = new net.Socket({ fd: descriptor, readable: true, writable: true, allowHalfOpen: true });
    const kind = socket.remoteAddress === undefined ? 'unix' : 'tcp';
    const channels = this.#setup.crossings.connection(kind, 'accepting');
    this.#table.set(descriptor, { channel: channels.out, attached: true });
    return this.#start(socket, handler, channels, { kind, writable: true, closed: () => this.#closedBy(descriptor) });
  }

  #start(
    socket: net.Socket,
    handler: StreamHandler,
    channels: Channels,
    about: { readonly kind: Stream['kind']; readonly writable: boolean; readonly closed: (() => void) | undefined },
  ): Stream {
    const { crossings, brokenPipe } = this.#setup;
    const { kind, writable, closed } = about;
    const unnamed = kind === 'unix' ? ({ transport: 'unix', path: '' } as const) : undefined;
    const tcp = kind === 'tcp';
    const local = tcp ? endpointOf(socket.localAddress, socket.localPort) : unnamed;
    const remote = tcp ? endpointOf(socket.remoteAddress, socket.remotePort) : unnamed;
    const setup = { socket, kind, local, remote, channels, writable, brokenPipe, ...(closed === undefined ? {} : { closed }) };
    const stream = new NodeStream(this.#image, crossings, setup);
    stream.start(handler);
    return stream;
  }

  /** libuv has closed it, unless it is a standard one, which libuv never closes. */
  #closedBy(descriptor: Descriptor): void {
    if (descriptor <= 2) this.#forget(descriptor);
    else this.#table.delete(descriptor);
  }

  #forget(descriptor: Descriptor): void {
    this.#table.delete(descriptor);
    if (descriptor > 2) closeAnyway(descriptor);
    else if (this.#setup.ownProcess) closeStandard(descriptor);
  }
}

/** The write end of a pipe, opened once more for this stream alone. Nothing where that cannot be: no /proc, or no reader left (ENXIO). */
function reopen(descriptor: Descriptor): Descriptor | undefined {
  try {
    return fs.openSync(`/proc/self/fd/${descriptor}`, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

const opensFor = (descriptor: Descriptor, direction: 'read' | 'write'): boolean => {
  const mode = accessMode(descriptor);
  return mode === undefined || mode === 'both' || mode === direction;
};

/** The number stays taken, by /dev/null: the next file opened must not become somebody's standard output. */
function closeStandard(descriptor: Descriptor): void {
  fs.closeSync(descriptor);
  fs.openSync('/dev/null', 'r+'); // the lowest free number (POSIX open), and 0 to 2 are always taken
}

function endpointOf(address: string | undefined, port: number | undefined): Stream['local'] {
  return { transport: 'tcp', address: address ?? '', port: port ?? 0 };
}
