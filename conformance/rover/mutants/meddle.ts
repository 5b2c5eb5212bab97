/**
 * Our daemon with somebody between it and its Host who changes what it is asked and what it answers: most mutants are one such change of a
 * text. What nobody changes passes as it is.
 * Lacks: the forked server (meddle-cgi.ts).
 */
import { concat, EMPTY } from '../../../src/host/bytes.ts';
import type { Daemon, Descriptor, Descriptors, Host, Network, ProcessControl, Stream, StreamHandler } from '../../../src/host/host.ts';
import type { Signal } from '../../../src/host/signal.ts';
import type { Duration } from '../../../src/host/time.ts';
import { replaced } from '../../replaced.ts';

/** What becomes of a text, a character for each byte; undefined to leave it. */
export type Change = (text: string) => string | undefined;

export interface Meddling {
  /** A whole request, header and body. */
  readonly asks?: Change;
  /** A whole answer; `request` is what was asked, as it came. */
  readonly answers?: (answer: string, request: string) => string | undefined;
  /** What arrives, as it arrives. */
  readonly takes?: Change;
  /** What is on standard error. */
  readonly complains?: Change;
  /** Connections are never ended by us. */
  readonly holds?: true;
  readonly delay?: (delay: Duration) => Duration;
  readonly exits?: (status: number) => number;
  readonly signal?: (signal: Signal) => 'ignore' | 'default' | undefined;
  /** Nothing that was kept is there when a process starts. */
  readonly forgets?: true;
  /** In place of a program another is started; `nth` counts what this process has started, from 1. */
  readonly starts?: (program: string, nth: number) => string;
}

/** `daemon` on a Host that is meddled with. */
export const meddled =
  (daemon: Daemon, meddling: Meddling): Daemon =>
  host => {
    if (meddling.forgets === true) forget(host);
    const { delay, signal } = meddling;
    daemon(
      replaced(host, {
        network: networkOf(host, meddling),
        process: processOf(host, meddling),
        ...(meddling.complains === undefined ? {} : { descriptors: complaining(host.descriptors, meddling.complains) }),
        ...(delay === undefined ? {} : { clock: replaced(host.clock, { setTimer: (wait, act) => host.clock.setTimer(delay(wait), act) }) }),
        ...(signal === undefined
          ? {}
          : { signals: replaced(host.signals, { handle: (name, disposition) => host.signals.handle(name, signal(name) ?? disposition) }) }),
      }),
    );
  };

/** The files of the state folder, but those of others. */
export function forget({ process, storage }: Host): void {
  const folder = process.args.find(each => each.startsWith('--state='))?.slice(8) ?? '';
  const names = storage.list(folder);
  for (const name of names.ok ? names.value : []) if (!name.endsWith('.pid')) storage.unlink(`${folder}/${name}`);
}

export function processOf({ process }: Host, { exits, starts }: Meddling): ProcessControl {
  let started = 0;
  return replaced(process, {
    ...(exits === undefined ? {} : { exit: status => process.exit(exits(status)) }),
    ...(starts === undefined
      ? {}
      : {
          spawn: (program, args, options) => {
            started += 1;
            return process.spawn(starts(program, started), args, options);
          },
        }),
  });
}

const STDERR: Descriptor = 2;
export const complaining = (descriptors: Descriptors, change: Change): Descriptors =>
  replaced(descriptors, {
    attach: (descriptor, direction, handler) => {
      const attached = descriptors.attach(descriptor, direction, handler);
      return descriptor === STDERR && attached.ok ? { ok: true, value: saying(attached.value, change) } : attached;
    },
  });

/** What is written to the stream is changed, each write by itself. */
export const saying = (stream: Stream, change: Change): Stream =>
  replaced(stream, {
    write: bytes => {
      const changed = bytesOf(change(textOf(bytes)) ?? textOf(bytes));
      return changed.length === 0 ? stream.pending : stream.write(changed);
    },
  });

function networkOf({ network }: Host, meddling: Meddling): Network {
  return replaced(network, {
    listen: (at, options, handler) =>
      network.listen(at, options, {
        opened: result => handler.opened(result),
        accept: stream => {
          const middle = new Middle(stream, meddling);
          return middle.handlerOf(handler.accept(middle.stream()));
        },
      }),
  });
}

/** One connection: a request is held until it is whole, an answer until it is ended. */
class Middle {
  readonly #stream: Stream;
  readonly #meddling: Meddling;
  /** What came, all of it. */
  #asked = '';
  #held = '';
  #passes: boolean;
  #said: Uint8Array[] = [];

  constructor(stream: Stream, meddling: Meddling) {
    this.#stream = stream;
    this.#meddling = meddling;
    this.#passes = meddling.asks === undefined;
  }

  /** As the daemon has it. */
  stream(): Stream {
    const stream = this.#stream;
    const { answers, holds } = this.#meddling;
    const flush = (): void => {
      const whole = textOf(concat(this.#said));
      this.#said = [];
      const changed = bytesOf(answers?.(whole, this.#asked) ?? whole);
      if (changed.length > 0) stream.write(changed);
    };
    return replaced(stream, {
      write: bytes => {
        const text = textOf(bytes);
        if (answers === undefined || text.startsWith('HTTP/1.1 100')) return stream.write(bytes);
        this.#said.push(bytes.slice());
        return stream.pending;
      },
      end: () => {
        flush();
        if (holds !== true) stream.end();
      },
      close: () => {
        if (holds !== true) stream.close();
      },
    });
  }

  handlerOf(handler: StreamHandler): StreamHandler {
    const { takes } = this.#meddling;
    return {
      data: bytes => {
        const arrived = this.#arrived(takes === undefined ? bytes : bytesOf(takes(textOf(bytes)) ?? textOf(bytes)));
        if (arrived.length > 0) handler.data(arrived);
      },
      end: () => {
        if (this.#held !== '') handler.data(this.#changed());
        handler.end?.();
      },
      drain: () => handler.drain?.(),
      close: error => {
        handler.close?.(error);
      },
    };
  }

  #arrived(bytes: Uint8Array): Uint8Array {
    this.#asked += textOf(bytes);
    if (this.#passes) return bytes;
    this.#held += textOf(bytes);
    return isWhole(this.#held) ? this.#changed() : EMPTY;
  }

  #changed(): Uint8Array {
    const text = this.#held;
    this.#held = '';
    this.#passes = true;
    return bytesOf(this.#meddling.asks?.(text) ?? text);
  }
}

/** All that its header says is there; of what has no length nothing more is awaited. */
function isWhole(text: string): boolean {
  const head = /^.*?\r?\n\r?\n/s.exec(text)?.[0];
  if (head === undefined) return false;
  const length = Number(/^content-length: *(\d+)\r?$/im.exec(head)?.[1] ?? 0);
  return length > WAITED_MAX || /^expect:/im.test(head) || text.length >= head.length + length;
}
const WAITED_MAX = 1_048_576;

export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));
