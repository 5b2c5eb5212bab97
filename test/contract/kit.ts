/**
 * What the cases share: short forms of common calls, to be waited for in a story.
 */
import type {
  Endpoint,
  Host,
  Listener,
  ListenHandler,
  Pid,
  Reaped,
  Stream,
  StreamHandler,
  TcpEndpoint,
  UnixEndpoint,
} from '../../src/host/host.ts';
import { ok, type Result } from '../../src/host/result.ts';
import type { Duration } from '../../src/host/time.ts';
import { millis } from '../../src/host/time.ts';
import { type Given, must, type Stage } from './case.ts';
import { End } from './end.ts';
import { answerOf, Condition, type Story } from './story.ts';

export const LOOPBACK = '127.0.0.1';
/** Any free port of the loopback interface. */
export const ANY_PORT: TcpEndpoint = { transport: 'tcp', address: LOOPBACK, port: 0 };
export const unixAt = (path: string): UnixEndpoint => ({ transport: 'unix', path });
export const tcpAt = (port: number, address: string = LOOPBACK): TcpEndpoint => ({ transport: 'tcp', address, port });
/** An address no machine of ours has (RFC 5737, TEST-NET-2). */
export const FOREIGN_ADDRESS = '198.51.100.7';

/** Long enough for anything to arrive that was to arrive, on a busy machine too. */
const SOON: Duration = millis(80);

/** Lets time pass in which something might happen that must not, or whose happening nobody tells. */
export function* pause(host: Host, delay: Duration = SOON): Story<void> {
  yield resume => void host.clock.setTimer(delay, resume);
}

export const outcome = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

export function portOf(endpoint: Endpoint | undefined): number {
  if (endpoint?.transport !== 'tcp') throw new Error('not a TCP endpoint');
  return endpoint.port;
}

export const addressOf = (endpoint: Endpoint | undefined): string => {
  if (endpoint === undefined) return 'none';
  return endpoint.transport === 'tcp' ? endpoint.address : JSON.stringify(endpoint.path);
};

/** Reads and forgets. */
export const IGNORE: StreamHandler = { data() {} };

// ── streams ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const BACKLOG = 16;

/** Listens; each connection is handed to `accept`. */
export function* listening(
  host: Host,
  at: Endpoint,
  accept: ListenHandler['accept'] = () => IGNORE,
  backlog: number = BACKLOG,
): Story<Listener> {
  return must(yield* answerOf<Result<Listener>>(opened => host.network.listen(at, { backlog }, { opened, accept })));
}

/** What listening there comes to; what was opened is closed again. */
export function* listenOutcome(host: Host, at: Endpoint): Story<string> {
  const result = yield* answerOf<Result<Listener>>(opened => host.network.listen(at, { backlog: 1 }, { opened, accept: () => IGNORE }));
  if (result.ok) result.value.close();
  return outcome(result);
}

interface Dial {
  readonly from?: string;
  /** Reading waits for `resume`. */
  readonly paused?: boolean;
}

function* dial(host: Host, to: Endpoint, { paused = false, ...options }: Dial): Story<Result<End>> {
  return yield* answerOf<Result<End>>(opened =>
    host.network.connect(to, options, result => {
      if (!result.ok) {
        opened(result);
        return IGNORE;
      }
      const end = observe(result.value, paused);
      opened({ ok: true, value: end });
      return end;
    }),
  );
}

function observe(stream: Stream, paused: boolean): End {
  if (paused) stream.pause();
  return new End(stream);
}

export function* connected(host: Host, to: Endpoint, options: Dial = {}): Story<End> {
  return must(yield* dial(host, to, options));
}

/** What connecting there comes to; what was opened is closed again. */
export function* connectOutcome(host: Host, to: Endpoint, options: Dial = {}): Story<string> {
  const result = yield* dial(host, to, options);
  if (result.ok) result.value.stream.close();
  return outcome(result);
}

/** A listener that keeps its connections: `next` waits for one. */
export class Door {
  readonly #accepted: End[] = [];
  readonly #arrived = new Condition();
  readonly #paused: boolean;

  /** `paused`: reading waits for `resume`. */
  constructor(paused = false) {
    this.#paused = paused;
  }

  readonly accept = (stream: Stream): StreamHandler => {
    const end = observe(stream, this.#paused);
    this.#accepted.push(end);
    this.#arrived.check();
    return end;
  };

  *next(): Story<End> {
    yield* this.#arrived.until(() => this.#accepted.length > 0);
    const end = this.#accepted.shift();
    if (end === undefined) throw new Error('two stories wait at one door');
    return end;
  }
}

export interface Pair {
  readonly client: End;
  readonly server: End;
  readonly listener: Listener;
}

/** A connection within this process; `paused` is the end that does not read until resumed. */
export function* pairOf(host: Host, at: Endpoint, paused?: 'client' | 'server'): Story<Pair> {
  const door = new Door(paused === 'server');
  const listener = yield* listening(host, at, door.accept);
  const client = yield* connected(host, listener.local, { paused: paused === 'client' });
  return { client, server: yield* door.next(), listener };
}

/** Both ends of a pipe, attached in this process. */
export function pipeHere(host: Host, paused = false): { readonly reader: End; readonly writer: End } {
  const { read, write } = must(host.descriptors.pipe());
  const reader = attach(host, read, 'read');
  if (paused) reader.stream.pause();
  return { reader, writer: attach(host, write, 'write') };
}

/** Attaches a descriptor of this process and observes it. */
export function attach(host: Host, descriptor: number, direction: 'read' | 'write'): End {
  let end: End | undefined;
  const handler: StreamHandler = {
    data: bytes => end?.data(bytes),
    end: () => end?.end(),
    drain: () => end?.drain(),
    close: error => end?.close(error),
  };
  end = new End(must(host.descriptors.attach(descriptor, direction, handler)));
  return end;
}

// ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Child {
  readonly pid: Pid;
  /** What we write here it reads from its descriptor 0. */
  readonly input: End;
  /** What it writes to its descriptor 1. */
  readonly output: End;
}

/** Starts a role with pipes on its descriptors 0 and 1, beside those given. */
export function converse(host: Host, stage: Stage, role: string, args: readonly string[] = [], given: Given = {}): Child {
  const down = must(host.descriptors.pipe());
  const up = must(host.descriptors.pipe());
  const pid = stage.start(role, args, { 0: down.read, 1: up.write, ...given });
  must(host.descriptors.close(down.read));
  must(host.descriptors.close(up.write));
  return { pid, input: attach(host, down.write, 'write'), output: attach(host, up.read, 'read') };
}

/** The child's side of `converse`. */
export function parentOf(host: Host): { readonly input: End; readonly output: End } {
  return { input: attach(host, 0, 'read'), output: attach(host, 1, 'write') };
}

export interface Ended {
  readonly pid: Pid;
  /** `exit 0` or the signal. */
  readonly how: string;
}

function* wait(host: Host): Story<Result<Ended>> {
  const result = yield* answerOf<Result<Reaped>>(told => host.process.wait(told));
  if (!result.ok) return result;
  const { pid, status } = result.value;
  return ok({ pid, how: 'code' in status ? `exit ${status.code}` : status.signal });
}

/** Waits for a child. */
export function* reaped(host: Host): Story<Ended> {
  return must(yield* wait(host));
}

/** How a child that was waited for ended, or why there was none. */
export function* waited(host: Host): Story<string> {
  const result = yield* wait(host);
  return result.ok ? result.value.how : result.error.code;
}

/** Whether the call throws, as misuse of the interface must. */
export function throws(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

/** Ports that are tried. */
const PORTS = 4;

/**
 * What comes of an address on a port that was chosen for another one: `ask` takes a new port each time. A stranger may have that port
 * there, so what is in use is asked again; what is in use because of us is so on every port.
 */
export function* onAnyPort(ask: () => Story<string>): Story<string> {
  let outcome = yield* ask();
  for (let port = 1; port < PORTS && outcome === 'EADDRINUSE'; port++) outcome = yield* ask();
  return outcome;
}
