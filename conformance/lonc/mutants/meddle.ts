/**
 * Our daemons with somebody between them and their Host who changes what they say, hear, wait for and leave behind: most
 * mutants are one such change. Lines that go out are whole writes, so they can be counted and replaced; what comes in is
 * changed by lines, or as it arrives.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import type {
  Clock,
  Daemon,
  Endpoint,
  Host,
  Network,
  ProcessControl,
  Signals,
  Storage,
  Stream,
  StreamHandler,
} from '../../../src/host/host.ts';
import { DONE, fail } from '../../../src/host/result.ts';
import type { Signal } from '../../../src/host/signal.ts';
import type { Duration } from '../../../src/host/time.ts';
import { ZERO } from '../../../src/host/time.ts';
import { replaced } from '../../replaced.ts';

/** What becomes of a line: bytes in its place, '' for nothing, or undefined to leave it. `at` counts lines of the stream from 0. */
export type Rewrite = (line: string, at: number) => string | undefined;

export interface Meddling {
  /** Towards the other end of TCP, and from there. */
  readonly says?: Rewrite;
  readonly hears?: Rewrite;
  /** What arrives from there, as it arrives: a character for each byte. */
  readonly takes?: (bytes: string) => string;
  /** The end of file from there is not noticed. */
  readonly deafToEnd?: boolean;
  /** What has come of a line when the connection is reset is a line. */
  readonly cutIsLine?: boolean;
  /** The end of a connection ends the process. */
  readonly fatalEnd?: boolean;
  /** TCP is never closed by us. */
  readonly holds?: boolean;
  /** The same towards local clients. */
  readonly answers?: Rewrite;
  readonly asked?: Rewrite;
  readonly askedBytes?: (bytes: string) => string;
  readonly deafToClients?: boolean;
  /** Said to whoever connects to a socket of ours. */
  readonly greeting?: string;
  /** A local client is closed after its first answer. */
  readonly oneAnswer?: boolean;
  /** Every connection is made twice. */
  readonly twice?: boolean;
  /** Connections of the process beyond so many never come about. */
  readonly connections?: number;
  /** It cannot start more processes than so many. */
  readonly children?: number;
  /** The end of a local client ends the process. */
  readonly fatalClient?: boolean;
  /** Local clients beyond so many are closed at once. */
  readonly clients?: number;
  /** Connections beyond so many that lond has accepted are closed at once. */
  readonly callers?: number;
  readonly delay?: (delay: Duration) => Duration;
  readonly signal?: (signal: Signal) => 'ignore' | 'default' | undefined;
  /** Files that cannot be removed, or not written to. */
  readonly keeps?: RegExp;
  /** Files that are gone once they have been read. */
  readonly drops?: RegExp;
  readonly readOnly?: RegExp;
  /** What a stored text is read as. */
  readonly reads?: (path: string, text: string) => string;
  /** Names of a directory, as they are listed. */
  readonly lists?: (names: readonly string[]) => readonly string[];
  /** Connects or listens here instead. */
  readonly elsewhere?: (at: Endpoint) => Endpoint;
  /** At the start, with the real Host. */
  readonly first?: (host: Host) => void;
}

/** `daemon` on a Host that is meddled with; what it starts by one name is started by another. */
export function meddled(daemon: Daemon, meddling: Meddling, names: Readonly<Record<string, string>> = {}): Daemon {
  return host => {
    meddling.first?.(host);
    daemon(
      replaced(host, {
        clock: clockOf(host, meddling),
        network: networkOf(host, meddling),
        process: processOf(host, meddling, names),
        signals: signalsOf(host, meddling),
        storage: storageOf(host, meddling),
      }),
    );
  };
}

const clockOf = ({ clock }: Host, { delay = same }: Meddling): Clock =>
  replaced(clock, { setTimer: (after, fire) => clock.setTimer(delay(after), fire) });

function processOf(
  { process }: Host,
  { children = Number.POSITIVE_INFINITY }: Meddling,
  names: Readonly<Record<string, string>>,
): ProcessControl {
  let started = 0;
  return replaced(process, {
    spawn: (program, args, options) => {
      started += 1;
      return started > children ? fail('EAGAIN', 'no more processes') : process.spawn(names[program] ?? program, args, options);
    },
    exec: (program, args) => process.exec(names[program] ?? program, args),
  });
}

const signalsOf = ({ signals }: Host, { signal: change }: Meddling): Signals =>
  replaced(signals, { handle: (signal, disposition) => signals.handle(signal, change?.(signal) ?? disposition) });

function storageOf({ storage }: Host, { keeps, drops, readOnly, reads, lists }: Meddling): Storage {
  return replaced(storage, {
    read: path => {
      const read = storage.read(path);
      if (drops?.test(path) === true) storage.unlink(path);
      return read.ok && reads !== undefined ? { ok: true, value: bytesOf(reads(path, textOf(read.value))) } : read;
    },
    write: (path, bytes) => (readOnly?.test(path) === true ? DONE : storage.write(path, bytes)),
    append: (path, bytes) => (readOnly?.test(path) === true ? DONE : storage.append(path, bytes)),
    rename: (from, to) => (readOnly?.test(to) === true ? DONE : storage.rename(from, to)),
    unlink: path => (keeps?.test(path) === true ? DONE : storage.unlink(path)),
    list: path => {
      const listed = storage.list(path);
      return listed.ok && lists !== undefined ? { ok: true, value: lists(listed.value) } : listed;
    },
    sync: path => (readOnly?.test(path) === true ? DONE : storage.sync(path)),
  });
}

function networkOf(host: Host, meddling: Meddling): Network {
  const { network } = host;
  const { elsewhere = same, twice, greeting } = meddling;
  const { clients = Number.POSITIVE_INFINITY, callers = Number.POSITIVE_INFINITY, connections = Number.POSITIVE_INFINITY } = meddling;
  let accepted = 0;
  let connected = 0;
  return replaced(network, {
    listen: (at, options, handler) =>
      network.listen(elsewhere(at), options, {
        opened: result => handler.opened(result),
        accept: stream => {
          accepted += 1;
          if (accepted > (stream.kind === 'unix' ? clients : callers)) {
            stream.close();
            return { data: () => {} };
          }
          const ours = new MeddledStream(host, stream, meddling);
          const handled = ours.handlerOf(handler.accept(ours));
          if (greeting !== undefined) stream.write(utf8(greeting));
          return handled;
        },
      }),
    connect: (to, options, opened) => {
      connected += 1;
      if (connected > connections) return;
      if (twice === true) network.connect(to, {}, () => ({ data: () => {} }));
      network.connect(elsewhere(to), options, result => {
        if (!result.ok) return opened(result);
        const ours = new MeddledStream(host, result.value, meddling);
        return ours.handlerOf(opened({ ok: true, value: ours }));
      });
    },
  });
}

class MeddledStream implements Stream {
  readonly #host: Host;
  readonly #stream: Stream;
  readonly #meddling: Meddling;
  readonly #local: boolean;
  #said = 0;
  #heard = 0;
  #held = '';

  constructor(host: Host, stream: Stream, meddling: Meddling) {
    this.#host = host;
    this.#stream = stream;
    this.#meddling = meddling;
    this.#local = stream.kind === 'unix';
  }

  get kind(): Stream['kind'] {
    return this.#stream.kind;
  }
  get local(): Endpoint | undefined {
    return this.#stream.local;
  }
  get remote(): Endpoint | undefined {
    return this.#stream.remote;
  }
  get pending(): number {
    return this.#stream.pending;
  }

  write(bytes: Uint8Array): number {
    const change = this.#local ? this.#meddling.answers : this.#meddling.says;
    const text = textOf(bytes);
    if (this.#local && this.#meddling.oneAnswer === true) this.#host.clock.setTimer(ZERO, () => this.#stream.close());
    if (change === undefined || !text.endsWith('\n')) return this.#stream.write(bytes);
    const changed = change(text.slice(0, -1), this.#said++) ?? text;
    return changed === '' ? this.#stream.pending : this.#stream.write(bytesOf(changed));
  }
  end(): void {
    if (this.#local || this.#meddling.holds !== true) this.#stream.end();
  }
  close(): void {
    if (this.#local || this.#meddling.holds !== true) this.#stream.close();
  }
  reset(): void {
    this.#stream.reset();
  }
  pause(): void {
    this.#stream.pause();
  }
  resume(): void {
    this.#stream.resume();
  }

  handlerOf(handler: StreamHandler): StreamHandler {
    const deaf = this.#local ? this.#meddling.deafToClients : this.#meddling.deafToEnd;
    const give = (text: string): void => {
      if (text !== '') handler.data(bytesOf(text));
    };
    return {
      data: bytes => give(this.#incoming(textOf(bytes))),
      end: () => {
        give(this.#held);
        this.#held = '';
        this.#dieOfIt();
        if (deaf !== true) handler.end?.();
      },
      drain: () => handler.drain?.(),
      close: error => {
        if (error !== undefined && this.#meddling.cutIsLine === true && this.#held !== '') give(`${this.#held}\n`);
        this.#dieOfIt();
        if (deaf !== true) handler.close?.(error);
      },
    };
  }

  #dieOfIt(): void {
    const { fatalEnd, fatalClient } = this.#meddling;
    if ((this.#local ? fatalClient : fatalEnd) === true) this.#host.process.exit(1);
  }

  #incoming(bytes: string): string {
    const chunk = this.#local ? this.#meddling.askedBytes : this.#meddling.takes;
    const change = this.#local ? this.#meddling.asked : this.#meddling.hears;
    const arrived = chunk?.(bytes) ?? bytes;
    if (change === undefined) return arrived;
    const lines = (this.#held + arrived).split('\n');
    this.#held = lines.pop() ?? '';
    return lines.map(line => change(line, this.#heard++) ?? `${line}\n`).join('');
  }
}

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function bytesOf(text: string): Uint8Array {
  return /^[\0-\x7f]*$/.test(text) ? utf8(text) : Uint8Array.from(text, character => character.charCodeAt(0));
}

function same<T>(value: T): T {
  return value;
}
