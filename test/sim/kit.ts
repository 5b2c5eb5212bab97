/** What the tests of the simulator share: a world that keeps its events, and daemons that are written in one line. */
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Host, Programs, Stream, StreamHandler, TcpEndpoint } from '../../src/host/host.ts';
import type { HostErrorCode, Result } from '../../src/host/result.ts';
import { type Duration, type Instant, instantOf, seconds, ZERO } from '../../src/host/time.ts';
import type { WorldOptions } from '../../src/sim/core/options.ts';
import type { Fault, FaultKind } from '../../src/sim/fault.ts';
import type { Machine } from '../../src/sim/machine.ts';
import { type RunEnd, World } from '../../src/sim/world.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';

export const SERVER: string = '10.0.0.1';
export const PORT: number = 7000;
export const AT_SERVER: TcpEndpoint = { transport: 'tcp', address: SERVER, port: PORT };

/** Processes run as soon as they are there: for tests in which only what follows counts. */
export const AT_ONCE: { readonly startMin: Duration; readonly startMax: Duration } = { startMin: ZERO, startMax: ZERO };

export class Stage {
  readonly world: World;
  readonly events: TraceEvent[] = [];
  readonly #machines = new Map<string, Machine>();

  constructor(programs: Programs, options: Partial<WorldOptions> = {}) {
    this.world = new World({ seed: 'test', programs, sink: event => this.events.push(event), ...options });
  }

  /** Each program on a machine of its own, both of one name; `a` has the address SERVER. */
  static of(programs: Programs, options: Partial<WorldOptions> = {}, directories: readonly string[] = []): Stage {
    const stage = new Stage(programs, options);
    for (const name of Object.keys(programs)) stage.add(name, directories);
    for (const name of Object.keys(programs)) stage.machine(name).start(name);
    return stage;
  }

  add(name: string, directories: readonly string[] = []): Machine {
    const machine = this.world.machine(name, { directories });
    this.#machines.set(name, machine);
    return machine;
  }

  machine(name: string): Machine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`no machine ${name}`);
    return machine;
  }

  run(until: number, maxEvents?: number): RunEnd {
    return this.world.run(instantOf(until * 1_000_000), maxEvents);
  }

  inject(...faults: readonly Fault[]): this {
    this.world.inject(faults);
    return this;
  }

  of(kind: EventKind, program = ''): readonly TraceEvent[] {
    return this.events.filter(event => event.kind === kind && (program === '' || event.process.includes(`/${program}.`)));
  }

  /** The values of one field of the events of a kind. */
  data(kind: EventKind, key: string, program = ''): readonly unknown[] {
    return this.of(kind, program).map(event => event.data?.[key]);
  }

  /** The slugs that programs have logged. */
  logs(program = ''): readonly unknown[] {
    return this.data('log', 'event', program);
  }

  fired(): readonly number[] {
    return this.world.firings().map(firing => firing.fired);
  }

  /** The steps of the fault events of a kind. */
  steps(kind: FaultKind): readonly unknown[] {
    return this.of('fault')
      .filter(event => event.data?.['kind'] === kind)
      .map(event => event.data?.['step']);
  }
}

export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.call}`);
}

export const codeOf = (result: Result<unknown>): HostErrorCode | 'ok' => (result.ok ? 'ok' : result.error.code);

/** Listens on PORT and gives every connection to `handler`. */
export const serving =
  (handler: (stream: Stream, host: Host) => StreamHandler, backlog = 5): Daemon =>
  host => {
    const at = { transport: 'tcp', address: '0.0.0.0', port: PORT } as const;
    host.network.listen(at, { backlog }, { opened: result => void must(result), accept: stream => handler(stream, host) });
  };

/** Connects to SERVER, after a delay that lets it start, and gives the stream to `handler`. */
export const calling =
  (handler: (stream: Stream, host: Host) => StreamHandler, delay: Duration = seconds(1)): Daemon =>
  host => {
    host.clock.setTimer(delay, () => host.network.connect(AT_SERVER, {}, result => handler(must(result), host)));
  };

export const echo: Daemon = serving(stream => ({ data: bytes => void stream.write(bytes), end: () => stream.end() }));
export const nothing: StreamHandler = { data: () => {} };

/** A handler that logs what it is told. */
export const logging = (host: Host, more: Partial<StreamHandler> = {}): StreamHandler => ({
  data: bytes => host.log('info', 'data', { text: fromUtf8(bytes) ?? '', size: bytes.length }),
  end: () => host.log('info', 'end'),
  drain: () => host.log('info', 'drain'),
  close: error => host.log('info', error === undefined ? 'close' : `close-${error.code}`),
  ...more,
});

export const later = (host: Host, delay: Duration, act: () => void): void => void host.clock.setTimer(delay, act);
export const at = (event: TraceEvent | undefined): Instant => event?.time ?? instantOf(-1);
export const bytesOf = (text: string): Uint8Array => utf8(text);
