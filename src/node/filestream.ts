/**
 * A descriptor that is neither pipe nor socket, as a stream: a shell may hand a daemon a file, a terminal or /dev/null.
 * Reads go through the thread pool, writes are synchronous, as for any file; so nothing is ever pending.
 * Lacks: back-pressure of terminals.
 */
import fs from 'node:fs';
import type { Descriptor, Stream, StreamHandler } from '../host/host.ts';
import type { HostError } from '../host/result.ts';
import type { Crossings } from './crossings.ts';
import { codeOf, hostError } from './errors.ts';
import type { Image, Resource } from './guard.ts';

export interface FileSetup {
  readonly descriptor: Descriptor;
  readonly direction: 'read' | 'write';
  readonly handler: StreamHandler;
  readonly channel: string;
  /** Frees the descriptor. */
  readonly closed: () => void;
}

export class FileStream implements Stream, Resource {
  readonly kind = 'pipe';
  readonly local: undefined;
  readonly remote: undefined;
  readonly pending: number = 0;
  readonly #image: Image;
  readonly #crossings: Crossings;
  readonly #setup: FileSetup;
  #ended = false;
  #closed = false;
  #paused = false;
  #reading = false;

  constructor(image: Image, crossings: Crossings, setup: FileSetup) {
    this.#image = image;
    this.#crossings = crossings;
    this.#setup = setup;
    image.own(this);
    if (setup.direction === 'read') image.later(() => this.#read());
  }

  write(bytes: Uint8Array): number {
    this.#image.check();
    const { direction, descriptor, channel } = this.#setup;
    if (direction === 'read') throw new Error(`write on a descriptor attached to read (${channel})`);
    if (this.#ended || this.#closed) throw new Error(`write after ${this.#closed ? 'close' : 'end'} (${channel})`);
    this.#crossings.report('send', undefined, channel, bytes.slice());
    try {
      for (let offset = 0; offset < bytes.length; ) offset += fs.writeSync(descriptor, bytes, offset);
    } catch (thrown) {
      const error = hostError(thrown, `write ${channel}`);
      this.#image.later(() => this.#finish(error));
      return bytes.length;
    }
    return 0;
  }

  end(): void {
    this.#image.check();
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    if (this.#setup.direction === 'read') return;
    this.#crossings.report('end', undefined, this.#setup.channel);
    this.#image.later(() => this.#finish(undefined));
  }

  close(): void {
    this.#image.check();
    if (this.#closed) return;
    this.#crossings.report('close', undefined, this.#setup.channel);
    this.release();
  }

  reset(): void {
    this.close();
  }

  pause(): void {
    this.#image.check();
    this.#paused = true;
  }

  resume(): void {
    this.#image.check();
    this.#paused = false;
    if (this.#setup.direction === 'read') this.#image.later(() => this.#read());
  }

  release(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#image.disown(this);
    if (!this.#reading) this.#setup.closed();
  }

  #read(): void {
    if (this.#closed || this.#paused || this.#reading) return;
    this.#reading = true;
    const buffer = new Uint8Array(READ_SIZE);
    fs.read(this.#setup.descriptor, buffer, 0, READ_SIZE, null, (error, count) => {
      this.#reading = false;
      if (this.#closed) this.#setup.closed();
      else this.#image.run(() => this.#took(error, buffer.subarray(0, count ?? 0)));
    });
  }

  #took(error: Error | null, bytes: Uint8Array): void {
    const { handler, channel } = this.#setup;
    if (error !== null && codeOf(error) !== 'EAGAIN') this.#finish(hostError(error, `read ${channel}`));
    else if (error === null && bytes.length === 0) {
      this.#crossings.report('eof', undefined, channel);
      handler.end?.();
      this.#finish(undefined);
    } else {
      if (bytes.length > 0) {
        this.#crossings.report('recv', undefined, channel, bytes.slice());
        handler.data(bytes);
      }
      this.#image.later(() => this.#read());
    }
  }

  #finish(error: HostError | undefined): void {
    if (this.#closed) return;
    this.#crossings.report('close', error === undefined ? undefined : { error: error.code }, this.#setup.channel);
    this.release();
    this.#setup.handler.close?.(error);
  }
}

const READ_SIZE = 65_536;
