/** Kernels in a small world: programs on machines `a` and `b`, what they logged, and a peer that says whatever it is told to. */
import { concat, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Programs, Stream } from '../../../src/host/host.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { Kernel, type KernelHooks, type KernelOptions } from '../../../src/impl/ikc/kernel.ts';
import { programs } from '../../../src/impl/ikc/programs.ts';
import type { Quirk } from '../../../src/impl/ikc/quirks.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import type { PerlValue } from '../../../src/impl/storable/values.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

export interface Start {
  readonly on?: 'a' | 'b';
  /** A program of ours, or one that is made here. */
  readonly program: string | Daemon;
  readonly args?: readonly string[];
  /** In seconds. */
  readonly at?: number;
}

export interface Run {
  readonly trace: readonly TraceEvent[];
  /** `slug field=value …` of all logs of programs of this name, in order, debug left out. */
  logs(program: string): readonly string[];
  /** Values of one field of all logs of a slug. */
  fields(slug: string, field: string): readonly unknown[];
  /** `program status`, of whatever ended. */
  readonly ends: readonly string[];
}

export const SERVER = ['--listen=0.0.0.0:603', '--name=Inet'] as const;
export const quirk = (slug: Quirk): string => `--quirk=${slug}`;

export function run(
  starts: readonly Start[],
  { until = 60, seed = 's', faults = [] }: { until?: number; seed?: string; faults?: readonly Fault[] } = {},
): Run {
  const trace: TraceEvent[] = [];
  const own: Record<string, Daemon> = {};
  const named = starts.map((start, index) => {
    if (typeof start.program === 'string') return { ...start, name: start.program };
    const name = `own-${index}`;
    own[name] = start.program;
    return { ...start, name };
  });
  for (const machine of ['a', 'b'] as const)
    own[`starter-${machine}`] = host => {
      for (const { on = 'a', name, args = [], at = 0 } of named)
        if (on === machine) host.clock.setTimer(seconds(at), () => void host.process.spawn(name, args));
    };
  const world = new World({ seed, programs: { ...programs, ...own } as Programs, sink: event => trace.push(event) });
  for (const name of ['a', 'b'] as const) world.machine(name, { directories: ['/run'] }).start(`starter-${name}`);
  world.inject(faults);
  world.run(instantOf(until * 1_000_000), 2_000_000);
  const bug = trace.find(event => event.kind === 'bug');
  if (bug !== undefined) throw new Error(`${bug.process}: ${bug.data?.['message']}`);
  return { trace, ...readers(trace) };
}

function readers(trace: readonly TraceEvent[]): Omit<Run, 'trace'> {
  const logs = trace.filter(event => event.kind === 'log' && event.data?.['severity'] !== 'debug');
  return {
    logs: program => logs.filter(event => event.process.includes(`/${program}.`)).map(shown),
    fields: (slug, field) => logs.filter(event => event.data?.['event'] === slug).map(event => event.data?.[field]),
    ends: trace
      .filter(event => event.kind === 'exit')
      .map(event => `${event.process.slice(2, event.process.lastIndexOf('.'))} ${event.data?.['signal'] ?? event.data?.['code']}`),
  };
}

function shown({ data = {} }: TraceEvent): string {
  const { event, severity: _, ...fields } = data;
  return [event, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(' ');
}

// ── a kernel as a library ───────────────────────────────────────────────────────────────────────────────────────────

export const KERNEL: KernelOptions = { name: undefined, aliases: [], serializers: ['Storable'], timeout: seconds(30), quirks: new Set() };

/** A program that is one kernel, connected to the server of machine `b` unless it is told otherwise. */
export const kernel =
  (options: Partial<KernelOptions>, act: (kernel: Kernel, host: Host) => KernelHooks, to = { address: '10.0.0.2', port: 603 }): Daemon =>
  host => {
    host.signals.handle('SIGPIPE', 'ignore');
    const hooks: { now: KernelHooks } = { now: {} };
    const made = new Kernel(
      host,
      { ...KERNEL, ...options },
      {
        opened: link => hooks.now.opened?.(link),
        closed: (link, why) => hooks.now.closed?.(link, why),
        remoteError: (link, text) => hooks.now.remoteError?.(link, text),
      },
    );
    hooks.now = act(made, host);
    host.network.connect({ transport: 'tcp', ...to }, {}, result => {
      if (!result.ok) throw new Error(result.error.code);
      return made.join(result.value, 'client', `${to.address}:${to.port}`);
    });
  };

// ── a peer that says what it likes ──────────────────────────────────────────────────────────────────────────────────

export interface Raw {
  readonly host: Host;
  readonly stream: Stream;
  send(request: PerlValue): void;
  frame(payload: Uint8Array): void;
  bytes(bytes: Uint8Array | string): void;
}

/** Negotiates as a client of these names, then does `up`. What the server sends is told to `heard`, or logged as `frame`, with JSON text. */
export const raw =
  (names: readonly string[], up: (raw: Raw) => void, heard?: (request: PerlValue, raw: Raw) => void): Daemon =>
  host => {
    host.signals.handle('SIGPIPE', 'ignore');
    let bytes: Uint8Array = new Uint8Array(0);
    let phase: 'lines' | 'frames' = 'lines';
    const to = { transport: 'tcp', address: '10.0.0.2', port: 603 } as const;
    host.network.connect(to, {}, result => {
      if (!result.ok) throw new Error(result.error.code);
      const stream = result.value;
      const write = (data: Uint8Array): void => void stream.write(data);
      const peer: Raw = {
        host,
        stream,
        send: request => peer.frame(freeze(request)),
        frame: payload => write(concat([utf8(`${payload.length}\0`), payload])),
        bytes: data => write(typeof data === 'string' ? utf8(data) : data),
      };
      write(utf8('HELLO\r\n'));
      const line = (text: string): void => {
        if (text.startsWith('IAM ')) write(utf8('OK\r\n'));
        else if (text === 'DONE') write(utf8(`${names.map(name => `IAM ${name}\r\n`).join('')}DONE\r\nFREEZER Storable\r\nWORLD\r\n`));
        else if (text === 'UP') {
          phase = 'frames';
          up(peer);
        }
      };
      const read = (): void => {
        for (;;) {
          const end = bytes.indexOf(phase === 'lines' ? 10 : 0);
          if (end < 0) return;
          const head = new TextDecoder().decode(bytes.subarray(0, end)).trim();
          const size = phase === 'lines' ? 0 : Number(head);
          if (bytes.length < end + 1 + size) return;
          const payload = bytes.slice(end + 1, end + 1 + size);
          bytes = bytes.slice(end + 1 + size);
          if (phase === 'lines') line(head);
          else {
            const thawed = thaw(payload);
            if (!thawed.ok) throw new Error(thawed.message);
            if (heard === undefined) host.log('info', 'frame', { text: JSON.stringify(plain(thawed.value)) });
            else heard(thawed.value, peer);
          }
        }
      };
      return {
        data: data => {
          bytes = concat([bytes, data]);
          read();
        },
        end: () => host.log('info', 'eof', {}),
      };
    });
  };

/** Hashes as objects, with sorted keys. */
export function plain(value: PerlValue): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** The other way. */
export function perl(value: unknown): PerlValue {
  if (Array.isArray(value)) return value.map(perl);
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value).map(([key, each]) => [key, perl(each)]));
  return value as PerlValue;
}
