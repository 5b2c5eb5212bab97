/**
 * One machine `a` (10.0.0.1, calls itself bravo) with a rwhod, in a simulated world, and `b` (10.0.0.2), which sends what a test
 * tells it to, from any port. What a said and keeps is read from outside.
 */
import { hex } from '../../../src/host/bytes.ts';
import type { Daemon, DatagramSocket, Host } from '../../../src/host/host.ts';
import type { Result } from '../../../src/host/result.ts';
import type { Signal } from '../../../src/host/signal.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { rwhod } from '../../../src/impl/rwho/rwhod.ts';
import type { Decoded, Status } from '../../../src/impl/rwho/wire.ts';
import { decode, encode } from '../../../src/impl/rwho/wire.ts';
import type { Disk } from '../../../src/sim/disk/disk.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import type { AddressOptions } from '../../../src/sim/machine.ts';
import type { MachineStatus } from '../../../src/sim/system.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

export const SPOOL = '/spool';
/** Seconds since 1970 when a world begins. */
export const EPOCH = 1_767_225_600;
export const OWN = 'bravo';
const PORT = 513;

export interface Setup {
  readonly args?: readonly string[];
  /** [second, what b sends, or what else happens then]. */
  readonly acts?: readonly (readonly [second: number, act: Uint8Array | ((bench: Bench) => void)])[];
  readonly status?: Partial<MachineStatus>;
  readonly addresses?: readonly AddressOptions[];
  /** Of b; default in the network of a. */
  readonly peerAddress?: AddressOptions;
  /** On a, before its rwhod starts. */
  readonly before?: (host: Host) => void;
  readonly faults?: readonly Fault[];
  readonly directories?: readonly string[];
  readonly until?: number;
  readonly seed?: string;
}

export interface Bench {
  send(bytes: Uint8Array, port?: number, to?: string): void;
  /** To the oldest or newest rwhod of a. */
  kill(signal: Signal, which?: 'oldest' | 'newest'): void;
  readonly status: MachineStatus;
  readonly disk: Pick<Disk, 'read'>;
}

export interface Said {
  readonly second: number;
  readonly time: number;
  readonly to: string;
  readonly bytes: Uint8Array;
  readonly report: Decoded | undefined;
}

export interface Run {
  /** Records at the end, by host. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly said: readonly Said[];
  readonly logs: readonly string[];
  readonly ends: readonly string[];
  readonly alive: number;
  readonly trace: readonly TraceEvent[];
}

const LAN: AddressOptions = { address: '10.0.0.1', netmask: '255.255.255.0' };

export function run(setup: Setup = {}): Run {
  const trace: TraceEvent[] = [];
  const keeper: Daemon = host => {
    setup.before?.(host);
    host.process.spawn('rwhod', [`--spool=${SPOOL}`, ...(setup.args ?? [])]);
    host.process.wait(() => {});
  };
  const peer: Daemon = host => {
    const sockets = new Map<number, { socket?: DatagramSocket; readonly waiting: (() => void)[] }>();
    const send = (bytes: Uint8Array, port = PORT, to = '10.0.0.1'): void => {
      const known = sockets.get(port);
      const place = known ?? { waiting: [] };
      const act = (): void => place.socket?.send(bytes, { address: to, port: PORT });
      if (place.socket !== undefined) act();
      else place.waiting.push(act);
      if (known !== undefined) return;
      sockets.set(port, place);
      const opened = (result: Result<DatagramSocket>): void => {
        if (!result.ok) throw new Error(result.error.call);
        Object.assign(place, { socket: result.value });
        for (const each of place.waiting) each();
      };
      host.network.bind({ address: '0.0.0.0', port }, { broadcast: true }, { opened, message: () => {} });
    };
    for (const [second, act] of setup.acts ?? []) {
      host.clock.setTimer(seconds(second), () => {
        if (typeof act !== 'function') return send(act);
        act({
          send,
          disk: a.disk,
          status: a.status,
          kill: (signal, which = 'oldest') => {
            const all = a.processes.filter(process => process.program === 'rwhod');
            const found = which === 'oldest' ? all[0] : all.at(-1);
            if (found !== undefined) found.raise(signal, -1);
          },
        });
      });
    }
  };
  const world = new World({ seed: setup.seed ?? 's', programs: { rwhod, keeper, peer }, sink: event => trace.push(event) });
  const a = world.machine('a', { directories: setup.directories ?? [SPOOL], addresses: setup.addresses ?? [LAN] });
  Object.assign(a.status, { hostName: OWN, ...setup.status });
  const b = world.machine('b', { addresses: [setup.peerAddress ?? { address: '10.0.0.2', netmask: '255.255.255.0' }] });
  a.start('keeper');
  b.start('peer');
  world.inject(setup.faults ?? []);
  world.run(instantOf(seconds(setup.until ?? 60)), 2_000_000);
  if (world.bugs.length > 0) throw world.bugs[0];
  return { trace, ...told(trace), files: filesOf(a.disk), alive: a.processes.filter(process => process.program === 'rwhod').length };
}

function told(trace: readonly TraceEvent[]): Pick<Run, 'said' | 'logs' | 'ends'> {
  const own = trace.filter(({ process }) => process.startsWith('a/rwhod.'));
  return {
    said: own.flatMap(({ kind, bytes, data, time }) =>
      kind === 'datagram' && bytes !== undefined
        ? [{ second: Math.floor(time / 1e6), time: time / 1e6, to: String(data?.['to']), bytes, report: decode(bytes) }]
        : [],
    ),
    logs: own.flatMap(({ kind, data }) => (kind === 'log' ? [String(data?.['event'])] : [])),
    ends: own.flatMap(({ kind, data }) => (kind === 'exit' ? [String(data?.['signal'] ?? data?.['code'])] : [])),
  };
}

function filesOf(disk: Disk): ReadonlyMap<string, Uint8Array> {
  const listed = disk.list(SPOOL);
  const files = new Map<string, Uint8Array>();
  for (const name of listed.ok ? listed.value.toSorted() : []) {
    const read = disk.read(`${SPOOL}/${name}`);
    if (read.ok && name.startsWith('whod.')) files.set(name.slice(5), read.value);
  }
  return files;
}

/** A report that is right, sent at that second of the world. */
export function report(hostName: string, second: number, changed: Partial<Status> = {}): Uint8Array {
  return encode({
    sendTime: EPOCH + second,
    receiveTime: 0,
    hostName,
    load: [101, 202, 303],
    bootTime: EPOCH - 1_000,
    entries: [],
    ...changed,
  });
}

/** A record without its stamp, which is the clock of a. */
export const unstamped = (record: Uint8Array): string => `${hex(record.subarray(0, 8))}········${hex(record.subarray(12))}`;

/** The second of the world at which a record arrived. */
export const arrived = (record: Uint8Array): number =>
  new DataView(record.buffer, record.byteOffset, record.byteLength).getInt32(8, true) - EPOCH;
