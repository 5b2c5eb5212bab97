/**
 * One end of a TCP connection, a Unix-domain connection or a pipe, over net.Socket.
 * The socket's own buffers are kept empty: a write goes to the kernel one chunk at a time, what has no room waits here, and reading
 * is switched at the handle, so that `pending` is exact and a paused stream leaves its bytes in the kernel.
 * Lacks: urgent data. Uses four undocumented members of the handle (readStart, readStop, writeQueueSize, onread), the same in Node 20 to 24.
 */
import type { Socket } from 'node:net';
import type { Endpoint, Stream, StreamHandler } from '../host/host.ts';
import type { HostError } from '../host/result.ts';
import type { Channels, Crossings } from './crossings.ts';
import { codeOf, hostError } from './errors.ts';
import type { Image, Resource } from './guard.ts';
import { plain } from './storage.ts';

export interface StreamSetup {
  readonly socket: Socket;
  readonly kind: Stream['kind'];
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
  readonly channels: Channels;
  readonly writable: boolean;
  /** The kernel's word for a write nobody can read any more. */
  readonly brokenPipe: () => void;
  /** The socket is closed and its descriptor free. */
  readonly closed?: () => void;
}

export class NodeStream implements Stream, Resource {
  readonly #image: Image;
  readonly #crossings: Crossings;
  readonly #setup: StreamSetup;
  readonly #handle: Handle;
  #handler: StreamHandler | undefined;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Set while the socket has a chunk the kernel did not take whole; its rest is the handle's writeQueueSize. */
  #writing: object | undefined;
  #ended = false;
  #closed = false;
  #broken: HostError | undefined;
  #paused = false;
  /** Callbacks that came although reading was stopped: end of file was read before the pause. */
  readonly #held: (() => void)[] = [];

  constructor(image: Image, crossings: Crossings, setup: StreamSetup) {
    this.#image = image;
    this.#crossings = crossings;
    this.#setup = setup;
    this.#handle = takeReading(setup.socket);
    if (setup.kind !== 'pipe') askTwice(this.#handle);
    setup.socket.on('error', error => this.#break(error));
    image.own(this);
  }

  get kind(): Stream['kind'] {
    return this.#setup.kind;
  }
  get local(): Endpoint | undefined {
    return this.#setup.local;
  }
  get remote(): Endpoint | undefined {
    return this.#setup.remote;
  }

  get pending(): number {
    if (this.#closed) return 0;
    return this.#waitingBytes + (this.#writing === undefined ? 0 : this.#handle.writeQueueSize);
  }

  /** Begins reading. Nothing arrives before the present callback has returned. */
  start(handler: StreamHandler): void {
    if (this.#closed) return;
    this.#handler = handler;
    const { socket } = this.#setup;
    socket.on('data', chunk => this.#deliver(() => this.#data(chunk)));
    socket.on('end', () => this.#deliver(() => this.#endOfFile()));
    socket.on('close', () => this.#finished());
    if (this.#broken !== undefined) socket.destroy();
    else if (!this.#paused) this.#read(true);
  }

  write(bytes: Uint8Array): number {
    this.#image.check();
    if (!this.#setup.writable) throw new Error(`write on the read end of a pipe (${this.#setup.channels.in})`);
    if (this.#ended || this.#closed) throw new Error(`write after ${this.#closed ? 'close' : 'end'} (${this.#setup.channels.out})`);
    if (bytes.length === 0) return this.pending;
    const copy = bytes.slice();
    this.#crossings.report('send', undefined, this.#setup.channels.out, copy);
    this.#waiting.push(copy);
    this.#waitingBytes += copy.length;
    this.#flush();
    return this.pending;
  }

  end(): void {
    this.#image.check();
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    if (!this.#setup.writable) return;
    this.#crossings.report('end', undefined, this.#setup.channels.out);
    this.#endWhenWritten();
  }

  close(): void {
    this.#image.check();
    if (this.#closed) return;
    this.#crossings.report('close', undefined, this.#name());
    this.release();
  }

  reset(): void {
    this.#image.check();
    if (this.#closed) return;
    this.#crossings.report('reset', undefined, this.#name());
    const { socket } = this.#setup;
    if (this.kind === 'tcp' && !socket.destroyed) {
      this.#closed = true;
      this.#image.disown(this);
      resetSocket(socket);
    } else this.release();
  }

  pause(): void {
    this.#image.check();
    if (this.#paused || this.#closed) return;
    this.#paused = true;
    this.#crossings.report('pause', undefined, this.#name());
    this.#read(false);
  }

  resume(): void {
    this.#image.check();
    if (!this.#paused || this.#closed) return;
    this.#paused = false;
    this.#crossings.report('resume', undefined, this.#name());
    const held = this.#held.splice(0);
    for (const callback of held) this.#image.later(() => this.#deliver(callback));
    if (this.#handler !== undefined) this.#read(true);
  }

  release(): void {
    this.#closed = true;
    this.#image.disown(this);
    this.#setup.socket.destroy();
  }

  #name(): string {
    return this.#setup.writable ? this.#setup.channels.out : this.#setup.channels.in;
  }

  #read(on: boolean): void {
    if (this.#setup.socket.destroyed || this.#handle.reading === on) return;
    this.#handle.reading = on;
    if (on) this.#handle.readStart();
    else this.#handle.readStop();
  }

  /** One chunk at a time, never joined: a write of up to PIPE_BUF has to enter a pipe whole or not at all (pipe(7)). */
  #flush(): void {
    const { socket } = this.#setup;
    while (this.#writing === undefined && this.#broken === undefined) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) return;
      const token = {};
      this.#writing = token;
      socket.write(chunk, () => this.#written(token));
      if (socket.errored) {
        this.#waiting.unshift(chunk);
        this.#writing = undefined;
        this.#break(socket.errored);
        return;
      }
      this.#waitingBytes -= chunk.length;
      if (socket.writableLength === 0) this.#writing = undefined;
    }
  }

  /** Node calls this for every write; it only means something for the one that had to wait. */
  #written(token: object): void {
    if (this.#writing !== token || this.#closed) return;
    this.#writing = undefined;
    if (this.#setup.socket.errored) return;
    this.#flush();
    if (this.pending > 0 || this.#broken !== undefined) return;
    this.#deliverAlways(() => {
      this.#crossings.report('drain', undefined, this.#setup.channels.out);
      this.#handler?.drain?.();
    });
    if (this.#ended) this.#endWhenWritten();
  }

  #endWhenWritten(): void {
    if (this.#writing === undefined && this.#waiting.length === 0 && !this.#closed && this.#broken === undefined) this.#setup.socket.end();
  }

  #data(chunk: Uint8Array): void {
    const bytes = plain(chunk);
    this.#crossings.report('recv', undefined, this.#setup.channels.in, this.#crossings.observed ? bytes.slice() : bytes);
    this.#handler?.data(bytes);
  }

  #endOfFile(): void {
    this.#crossings.report('eof', undefined, this.#setup.channels.in);
    this.#handler?.end?.();
  }

  #break(error: Error): void {
    if (this.#broken !== undefined || this.#closed) return;
    this.#broken = hostError(error, `stream ${this.#name()}`);
    // write(2): the signal comes before the answer EPIPE.
    if (codeOf(error) === 'EPIPE') this.#setup.brokenPipe();
  }

  /** Waits a turn, so that a handler of SIGPIPE comes before `close`. */
  #finished(): void {
    this.#setup.closed?.();
    if (this.#closed) return;
    const error = this.#broken;
    this.#image.later(() =>
      this.#deliver(() => {
        this.#closed = true;
        this.#image.disown(this);
        this.#crossings.report('close', error === undefined ? undefined : { error: error.code }, this.#name());
        this.#handler?.close?.(error);
      }),
    );
  }

  #deliver(callback: () => void): void {
    if (this.#paused && !this.#closed && this.#broken === undefined) this.#held.push(callback);
    else this.#deliverAlways(callback);
  }

  #deliverAlways(callback: () => void): void {
    this.#image.run(() => {
      if (!this.#closed) callback();
    });
  }
}

/** What this Host uses of a net.Socket's handle. */
interface Handle {
  reading: boolean;
  readStart(): number;
  readStop(): number;
  /** Bytes of the current write the kernel has not taken. */
  readonly writeQueueSize: number;
  /** Called with what was read, without it at end of file and for errors. */
  onread: (this: unknown, data?: ArrayBuffer) => unknown;
}

/** From now on only the handle's readStart and readStop decide about reading; the Readable on top always flows and never asks. */
function takeReading(socket: Socket): Handle {
  // Every connected net.Socket has its handle there (lib/net.js), a StreamBase with these members.
  const handle = (socket as unknown as { readonly _handle: Handle })._handle;
  handle.reading = false;
  handle.readStop();
  socket._read = (): void => {};
  socket.resume();
  return handle;
}

/**
 * libuv takes a hang-up that it meets together with the last bytes for end of file (uv__stream_io), without reading once more: a reset
 * that came while nobody read would look like a proper end. So the first end of file is not believed; the read after it tells.
 */
function askTwice(handle: Handle): void {
  const told = handle.onread;
  let asked = false;
  handle.onread = function (data) {
    if (data === undefined && !asked) {
      asked = true;
      // Refused after an error, which needs no second opinion.
      if (handle.readStart() === 0) return undefined;
    }
    return told.call(this, data);
  };
}

/** RST. While a half-close is under way libuv refuses SO_LINGER; nothing is left to write then, so it is done within a turn. */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}
