/**
 * Our daemons with somebody between them and their Host who changes what they say and hear, line by line and request by request: most mutants
 * are one such change. What nobody changes passes as it is.
 */
import { concat, EMPTY } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Network, Stream, StreamHandler } from '../../../src/host/host.ts';
import type { Signal } from '../../../src/host/signal.ts';
import { type Duration, ZERO } from '../../../src/host/time.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import type { PerlValue } from '../../../src/impl/storable/values.ts';
import { replaced } from '../../replaced.ts';

/** What becomes of a line: the text in its place, ended; '' for nothing; undefined to leave it. `at` counts lines of the stream from 0. */
export type LineChange = (line: string, at: number, end: string) => string | undefined;
export type Request = Map<string, PerlValue>;
/** What becomes of a request: what takes its place, none of them for nothing; undefined to leave it. */
export type RequestChange = (request: Request, at: number) => readonly PerlValue[] | undefined;
/** The same of the bytes of a frame, its count as well: a character for each byte. */
export type FrameChange = (frame: string, at: number) => string | undefined;

export interface Meddling {
  /** Towards the other end, and from there. */
  readonly says?: LineChange;
  readonly hears?: LineChange;
  readonly asks?: RequestChange;
  readonly asked?: RequestChange;
  readonly frames?: FrameChange;
  readonly framesIn?: FrameChange;
  /** What arrives, as it arrives: a character for each byte. */
  readonly takes?: (bytes: string) => string;
  /** Said as soon as there is a connection. */
  readonly greeting?: string;
  /** Connections are never ended by us, and the end of the other side is not noticed. */
  readonly holds?: boolean;
  /** The end of a connection, or its break, ends the process. */
  readonly fatalEnd?: boolean;
  readonly fatalBreak?: boolean;
  /** Ends as soon as something is to be sent that has not all been taken. */
  readonly impatient?: boolean;
  /** While a part of a frame is still to come on one connection the others are not heard. */
  readonly blocks?: boolean;
  /** Connections beyond so many are not answered. */
  readonly connections?: number;
  readonly delay?: (delay: Duration) => Duration;
  readonly signal?: (signal: Signal) => 'ignore' | undefined;
}

/** `daemon` on a Host that is meddled with. What a change remembers is of one process. */
export const meddled =
  (daemon: Daemon, make: (host: Host) => Meddling): Daemon =>
  host => {
    const meddling = make(host);
    const { delay, signal } = meddling;
    daemon(
      replaced(host, {
        network: networkOf(host, meddling),
        ...(delay === undefined ? {} : { clock: replaced(host.clock, { setTimer: (wait, act) => host.clock.setTimer(delay(wait), act) }) }),
        ...(signal === undefined
          ? {}
          : { signals: replaced(host.signals, { handle: (name, disposition) => host.signals.handle(name, signal(name) ?? disposition) }) }),
      }),
    );
  };

function networkOf(host: Host, meddling: Meddling): Network {
  const { network } = host;
  const all: Middle[] = [];
  const between = (stream: Stream, handler: (ours: Stream) => StreamHandler): StreamHandler => {
    if (all.length >= (meddling.connections ?? Number.POSITIVE_INFINITY)) return { data: () => {} };
    const middle = new Middle(host, stream, meddling, all);
    all.push(middle);
    return middle.handlerOf(handler(middle.stream()));
  };
  return replaced(network, {
    listen: (at, options, handler) =>
      network.listen(at, options, {
        opened: result => handler.opened(result),
        accept: stream => between(stream, ours => handler.accept(ours)),
      }),
    connect: (to, options, opened) =>
      network.connect(to, options, result => {
        const { ok } = result;
        return ok ? between(result.value, ours => opened({ ok, value: ours })) : opened(result);
      }),
  });
}

class Middle {
  readonly #host: Host;
  readonly #stream: Stream;
  readonly #meddling: Meddling;
  readonly #all: readonly Middle[];
  readonly #out: Changer;
  readonly #in: Changer;

  constructor(host: Host, stream: Stream, meddling: Meddling, all: readonly Middle[]) {
    const { says, asks, frames, hears, asked, framesIn } = meddling;
    this.#host = host;
    this.#stream = stream;
    this.#meddling = meddling;
    this.#all = all;
    this.#out = new Changer(says, asks, frames);
    this.#in = new Changer(hears, asked, framesIn);
    if (meddling.greeting !== undefined) stream.write(bytesOf(meddling.greeting));
  }

  /** As the daemon has it. */
  stream(): Stream {
    const stream = this.#stream;
    const { holds, impatient } = this.#meddling;
    return replaced(stream, {
      write: bytes => {
        const changed = this.#out.change(bytes);
        const pending = changed.length === 0 ? stream.pending : stream.write(changed);
        if (impatient === true && pending > 0) stream.close();
        return pending;
      },
      ...(holds === true ? { end: () => {}, close: () => {} } : {}),
    });
  }

  handlerOf(handler: StreamHandler): StreamHandler {
    const { takes, holds, fatalEnd, fatalBreak, blocks } = this.#meddling;
    return {
      data: bytes => {
        if (blocks === true && this.#all.some(each => each !== this && each.#in.waits)) return;
        const arrived = this.#in.change(takes === undefined ? bytes : bytesOf(takes(textOf(bytes))));
        if (arrived.length > 0) handler.data(arrived);
      },
      end: () => {
        if (fatalEnd === true) this.#host.clock.setTimer(ZERO, () => this.#host.process.exit(1));
        if (holds !== true) handler.end?.();
      },
      drain: () => handler.drain?.(),
      close: error => {
        if (fatalBreak === true && error !== undefined) this.#host.clock.setTimer(ZERO, () => this.#host.process.exit(1));
        if (holds !== true) handler.close?.(error);
      },
    };
  }
}

/** Lines and frames of one direction, changed; what is neither passes from then on. */
class Changer {
  readonly #line: LineChange | undefined;
  readonly #request: RequestChange | undefined;
  readonly #frame: FrameChange | undefined;
  #held = '';
  #lines = 0;
  #frames = 0;
  #passes: boolean;
  /** After the last line there are frames. */
  #framed = false;

  constructor(line: LineChange | undefined, request: RequestChange | undefined, frame: FrameChange | undefined) {
    this.#line = line;
    this.#request = request;
    this.#frame = frame;
    this.#passes = (line ?? request ?? frame) === undefined;
  }

  /** A part of a frame is still to come. */
  get waits(): boolean {
    return this.#framed && this.#held !== '';
  }

  change(bytes: Uint8Array): Uint8Array {
    if (this.#passes) return bytes;
    this.#held += textOf(bytes);
    const parts: Uint8Array[] = [];
    for (let part = this.#next(); part !== undefined; part = this.#next()) parts.push(part);
    return parts.length === 0 ? EMPTY : concat(parts);
  }

  #next(): Uint8Array | undefined {
    if (this.#held === '') return undefined;
    const [head, digits] = /^([0-9]{1,20})\0/.exec(this.#held) ?? [];
    if (head !== undefined) {
      const size = head.length + Number(digits);
      if (size > FRAME_MAX) return this.#rest();
      return this.#held.length < size ? undefined : this.#changedFrame(this.#taken(size), head.length);
    }
    if (/^[0-9]{1,20}$/.test(this.#held)) return undefined;
    // Of the last line the second half of its end may come late.
    if (this.#framed) return /^[\r\n]/.test(this.#held) ? bytesOf(this.#taken(1)) : this.#rest();
    const [whole, text = '', end = ''] = /^([^0-9\r\n][^\r\n]*)?(\r\n|\n\r|\r|\n)/.exec(this.#held) ?? [];
    if (whole === undefined && /^[^0-9]/.test(this.#held) && this.#held.length < LINE_MAX) return undefined;
    if (whole === undefined) return this.#rest();
    this.#taken(whole.length);
    const changed = this.#line?.(text, this.#lines++, end);
    this.#framed = text === 'WORLD' || text === 'UP';
    return bytesOf(changed ?? text + end);
  }

  #rest(): Uint8Array {
    this.#passes = true;
    return bytesOf(this.#taken(this.#held.length));
  }

  #taken(size: number): string {
    const taken = this.#held.slice(0, size);
    this.#held = this.#held.slice(size);
    return taken;
  }

  #changedFrame(frame: string, start: number): Uint8Array {
    const at = this.#frames++;
    const raw = this.#frame?.(frame, at);
    if (raw !== undefined) return bytesOf(raw);
    if (this.#request === undefined) return bytesOf(frame);
    const thawed = thaw(bytesOf(frame.slice(start)));
    if (!thawed.ok || !(thawed.value instanceof Map)) return bytesOf(frame);
    const changed = this.#request(thawed.value, at);
    if (changed === undefined) return bytesOf(frame);
    return concat(changed.map(each => framed(freeze(each))));
  }
}

const LINE_MAX = 4_096;
const FRAME_MAX = 16_777_216;
const framed = (payload: Uint8Array): Uint8Array => concat([bytesOf(`${payload.length}\0`), payload]);

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));
