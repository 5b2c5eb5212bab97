/**
 * A world with something of everything: streams over TCP, Unix-domain sockets and pipes, datagrams, processes, signals,
 * files, chance, and a plan of faults. `determinism.test.ts` runs it here and, through the command at the end, in a process of its own.
 */
import { pathToFileURL } from 'node:url';
import { hex } from '../../src/host/bytes.ts';
import type { Daemon, Programs } from '../../src/host/host.ts';
import { instantOf, micros, millis, seconds } from '../../src/host/time.ts';
import type { Schedule } from '../../src/sim/core/options.ts';
import type { Fault } from '../../src/sim/fault.ts';
import { World } from '../../src/sim/world.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { bytesOf, echo, later, must, nothing, PORT, SERVER } from './kit.ts';

const caller: Daemon = host => {
  const again = (): void =>
    host.network.connect({ transport: 'tcp', address: SERVER, port: PORT }, {}, result => {
      later(host, millis(host.random.below(2_000)), again);
      if (!result.ok) return nothing;
      const stream = result.value;
      stream.write(new Uint8Array(host.random.below(100_000) + 1));
      let got = 0;
      return {
        data: bytes => {
          got += bytes.length;
          if (host.random.below(50) === 0) stream.close();
        },
        close: error => host.log('info', 'closed', { got, error: error?.code ?? '' }),
      };
    });
  again();
};

const shell: Daemon = host => {
  const round = (): void => {
    const { read, write } = must(host.descriptors.pipe());
    const child = must(host.process.spawn('worker', [String(write)], { descriptors: { 3: write } }));
    host.descriptors.close(write);
    must(host.descriptors.attach(read, 'read', { data: bytes => host.log('info', 'heard', { size: bytes.length }), end: () => {} }));
    host.process.wait(() => later(host, millis(100), round));
    if (host.random.below(3) === 0) later(host, millis(host.random.below(50)), () => void host.process.kill(child, 'SIGTERM'));
  };
  round();
};
const worker: Daemon = host => {
  const stream = must(host.descriptors.attach(3, 'write', nothing));
  stream.write(new Uint8Array(host.random.below(100_000) + 1));
  stream.end();
  later(host, millis(20), () => host.process.exit(host.random.below(256)));
};

const keeper: Daemon = host => {
  for (let round = 0; round < 100; round++)
    later(host, millis(150 * round), () => {
      host.storage.append('/d/log', bytesOf(`${round}\n`));
      if (round % 3 === 0) host.storage.sync('/d/log');
      host.storage.write('/d/new', bytesOf(String(round)));
      host.storage.rename('/d/new', `/d/${round % 7}`);
      host.log('info', 'files', { names: must(host.storage.list('/d')).join() });
    });
};

const shouter: Daemon = host =>
  host.network.bind(
    { address: '0.0.0.0', port: 9 },
    { broadcast: true },
    {
      opened: result => {
        for (let round = 0; round < 100; round++)
          later(host, millis(100 * round), () => must(result).send(bytesOf(String(round)), { address: '10.0.0.255', port: 9 }));
      },
      message: bytes => host.log('info', 'heard', { text: hex(bytes) }),
    },
  );

const PROGRAMS: Programs = { echo, caller, shell, worker, keeper, shouter };
const spell = { duration: seconds(2) };
const FAULTS: readonly Fault[] = [
  { kind: 'latency', at: seconds(1), ...spell, extra: millis(300) },
  { kind: 'segmentation', at: seconds(2), ...spell, most: 1_000 },
  { kind: 'loss', at: seconds(3), ...spell, chance: 300 },
  { kind: 'duplicate', at: seconds(3), ...spell, chance: 300 },
  { kind: 'reorder', at: seconds(4), ...spell, chance: 300 },
  { kind: 'partition', at: seconds(5), ...spell, shape: 'swizzle', machines: ['a', 'b', 'c'] },
  { kind: 'reset', at: millis(7_500), program: 'caller' },
  { kind: 'half-open', at: millis(7_600), program: 'caller' },
  { kind: 'kill', at: seconds(8), program: 'worker', call: 3 },
  { kind: 'pause', at: seconds(8), ...spell, program: 'echo' },
  { kind: 'power-cut', at: seconds(10), ...spell, machine: 'b', unsynced: 'torn' },
  { kind: 'disk-full', at: seconds(12), ...spell, machine: 'a' },
  { kind: 'slow-sync', at: seconds(1), ...spell, machine: 'a', extra: millis(50) },
  { kind: 'clock-step', at: seconds(2), machine: 'a', by: seconds(-100) },
  { kind: 'clock-drift', at: seconds(3), ...spell, machine: 'b', partsPerMillion: -3_000 },
];

export interface Outcome {
  readonly fingerprint: string;
  readonly events: number;
  readonly fired: readonly number[];
}

export function busyRun(seed: string, schedule: Schedule, sink?: (event: TraceEvent) => void): Outcome {
  const local = schedule.strategy === 'fifo' ? {} : { latencyMin: micros(50), latencyMax: micros(50) };
  const world = new World({ seed, programs: PROGRAMS, schedule, local, ...(sink === undefined ? {} : { sink }) });
  const [a, b, c] = ['a', 'b', 'c'].map(name => world.machine(name, { directories: ['/d'] }));
  a?.start('echo');
  for (const program of ['keeper', 'shouter', 'shell']) {
    a?.start(program);
    b?.start(program);
  }
  b?.start('caller');
  c?.start('caller');
  c?.start('shouter');
  world.inject(FAULTS);
  world.run(instantOf(15_000_000), 60_000);
  world.heal();
  world.run(instantOf(20_000_000), 80_000);
  return { fingerprint: world.fingerprint(), events: world.events, fired: world.firings().map(firing => firing.fired) };
}

/** Everything there is to know of an event, as text. */
export const lineOf = (event: TraceEvent): string =>
  JSON.stringify({ ...event, bytes: event.bytes === undefined ? undefined : hex(event.bytes) });

const STRATEGIES: Readonly<Record<string, Schedule>> = {
  fifo: { strategy: 'fifo' },
  random: { strategy: 'random' },
  pct: { strategy: 'pct', depth: 3 },
};
export const scheduleOf = (name: string): Schedule => STRATEGIES[name] ?? { strategy: 'fifo' };

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , seed = '', name = ''] = process.argv;
  let lines = '';
  const outcome = busyRun(seed, scheduleOf(name), event => {
    lines += `${lineOf(event)}\n`;
  });
  const { createHash } = await import('node:crypto');
  process.stdout.write(JSON.stringify({ ...outcome, lines: createHash('sha256').update(lines).digest('hex') }));
}
