/** Two machines, `a` and `b`, each with a lond and a gateway, in a simulated world; and a scripted lond for what ours does not do. */
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Programs, Stream } from '../../../src/host/host.ts';
import type { Signal } from '../../../src/host/signal.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { LoncClient } from '../../../src/impl/lonc/client.ts';
import { bytesOf, latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { lond } from '../../../src/impl/lonc/lond.ts';
import { londChild } from '../../../src/impl/lonc/lond-child.ts';
import { gateway, gatewayChild } from '../../../src/impl/lonc/programs.ts';
import { readHosts, readSettings } from '../../../src/impl/lonc/settings-file.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import type { Machine } from '../../../src/sim/machine.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

export const CONF = '/etc/loncapa.conf';
export const programs: Programs = { gateway, 'gateway-child': gatewayChild, lond, 'lond-child': londChild };
const DIRECTORIES = ['/etc', '/run', '/d', '/d/logs', '/t', '/s', '/s/delayed', '/w', '/w/lon-status'];
const HOSTS = 'a:d:library:a:10.0.0.1\nb:d:access:b:10.0.0.2\n';

export type Act = (tester: Tester) => void;

/** [second, what the tester on `a` does]. */
export type Acts = readonly (readonly [second: number, act: Act])[];

export interface Setup {
  readonly seed?: string;
  readonly hosts?: string;
  /** Options of the gateway of `a`, or of its child if that is started alone. */
  readonly args?: readonly string[];
  /** What is started on `a`; `child`: only the child for b, by the tester. Default: gateway and lond. */
  readonly start?: 'all' | 'child' | 'gateway' | 'nothing';
  /** The lond of `b`: ours with its gateway, or a script. */
  readonly peer?: Script | 'none';
  /** When the lond of `b` is started, in seconds; 0 if absent. */
  readonly peerAt?: number;
  /** On `a`, before anything is started. */
  readonly before?: (host: Host) => void;
  readonly acts?: Acts;
  readonly faults?: readonly Fault[];
  readonly until?: number;
  /** In place of ours. */
  readonly programs?: Programs;
}

export interface Run {
  /** `second name answer`, in the order of arrival. */
  readonly heard: readonly string[];
  /** Slugs of the log of a program on `a`, each with its text. */
  logs(program: string): readonly string[];
  slugs(program: string): readonly string[];
  /** A file of `a` at the end, '' if there is none. */
  file(path: string): string;
  list(path: string): readonly string[];
  /** Lines the script read, by connection: `1 init`. */
  readonly wire: readonly string[];
  readonly trace: readonly TraceEvent[];
  /** `second program status`, of the processes of `a` that ended. */
  readonly ends: readonly string[];
  /** Bytes of floods of the script that the kernel took. */
  readonly flooded: number;
}

/** What a scripted lond does with a line: sends lines (without their LF), or what the functions say. */
export type Script = (line: string, caller: Caller) => void;

export interface Caller {
  /** From 1. */
  readonly number: number;
  readonly host: Host;
  say(text: string): void;
  raw(text: string): void;
  /** Goes on and on with a text, until it is cut off. */
  flood(text: string): void;
  /** Reads nothing any more. */
  pauseReading(): void;
  later(second: number, act: () => void): void;
  close(): void;
  reset(): void;
}

/** The opening dialogue as it should be; anything else goes to `then`. */
export const polite =
  (then: Script = () => {}): Script =>
  (line, caller) => {
    if (line === 'init') caller.say('12345');
    else if (line === '12345') caller.say('ok');
    else if (line === 'pong') caller.say('b:a');
    else if (line === 'ekey') caller.say('48213AC7B9E0F0B29A7D51200000000');
    else if (line === 'ping') caller.say('b');
    else then(line, caller);
  };

export class Tester {
  readonly host: Host;
  readonly #heard: string[];
  readonly #machine: Machine;
  #library: LoncClient | undefined;

  constructor(host: Host, heard: string[], machine: Machine) {
    this.host = host;
    this.#heard = heard;
    this.#machine = machine;
  }

  get library(): LoncClient {
    this.#library ??= new LoncClient(this.host, ...this.#config());
    return this.#library;
  }

  #config(): [ReturnType<typeof readSettings>, ReturnType<typeof readHosts>] {
    const settings = readSettings(this.host, [CONF]);
    return [settings, readHosts(this.host, settings)];
  }

  hear(name: string, text: string): void {
    this.#heard.push(`${Math.floor(this.host.clock.monotonic() / 1_000_000)} ${name} ${text}`);
  }

  /** A connection to the child for `peer` that is kept. Every line it hears is noted, and its end. */
  client(name: string, peer = 'b'): { send(text: string): void; close(): void } {
    let stream: Stream | undefined;
    const early: string[] = [];
    let text = '';
    let heardEnd = false;
    const end = (): void => {
      if (!heardEnd) this.hear(name, 'EOF');
      heardEnd = true;
    };
    this.host.network.connect({ transport: 'unix', path: `/s/${peer}` }, {}, result => {
      if (result.ok) {
        stream = result.value;
        for (const line of early) stream.write(utf8(line));
      } else this.hear(name, result.error.code);
      return {
        data: piece => {
          const parts = (text + latin1Of(piece)).split('\n');
          text = parts.pop() ?? '';
          for (const part of parts) this.hear(name, part.length > 100 ? `${part.length} bytes` : part);
        },
        end,
        close: () => {
          stream = undefined;
          end();
        },
      };
    });
    return {
      send: line => {
        if (stream === undefined) early.push(line);
        else stream.write(bytesOf(line));
      },
      close: () => {
        stream?.close();
        stream = undefined;
      },
    };
  }

  ask(name: string, command: string, peer = 'b'): void {
    this.library.reply(command, peer, answer => this.hear(name, answer));
  }

  critical(name: string, command: string, peer = 'b'): void {
    this.library.critical(command, peer, answer => this.hear(name, answer));
  }

  /** To the newest process of a program on `a`. */
  kill(program: string, signal: Signal, which: 'newest' | 'oldest' = 'newest'): void {
    const all = this.#machine.processes.filter(process => process.program === program);
    const process = which === 'newest' ? all.at(-1) : all[0];
    if (process === undefined) throw new Error(`no ${program}`);
    this.host.process.kill(process.pid, signal);
  }

  pidOf(program: string, args = ''): number {
    return this.#machine.processes.find(process => process.program === program && process.args.join(' ').includes(args))?.pid ?? 0;
  }
}

export const confFor = (id: string): string =>
  [`lonHostID ${id}`, 'lonDaemons /d', 'lonTabDir /t', 'lonSockDir /s', 'lonDocRoot /w'].map(text => `PerlSetVar ${text}\n`).join('');

export function configure(host: Host, id: string, hosts = HOSTS): void {
  host.storage.write(CONF, utf8(confFor(id)));
  host.storage.write('/t/hosts.tab', utf8(hosts));
}

export function run(setup: Setup = {}): Run {
  const heard: string[] = [];
  const wire: string[] = [];
  const trace: TraceEvent[] = [];
  const flooded = { bytes: 0 };
  let storage: Host['storage'] | undefined;
  const args = setup.args ?? [];
  const testerA: Daemon = host => {
    storage = host.storage;
    host.signals.handle('SIGPIPE', 'ignore');
    configure(host, 'a', setup.hosts);
    setup.before?.(host);
    const start = setup.start ?? 'all';
    if (start === 'all') host.process.spawn('lond', [`--conf=${CONF}`]);
    if (start === 'all' || start === 'gateway') startGateway(host, args);
    if (start === 'child') host.process.spawn('gateway-child', [`--conf=${CONF}`, '--peer=b', '--address=10.0.0.2', ...args]);
    reapAll(host);
    const tester = new Tester(host, heard, a);
    for (const [second, act] of setup.acts ?? []) host.clock.setTimer(seconds(second), () => act(tester));
  };
  const testerB: Daemon = host => {
    configure(host, 'b', setup.hosts);
    if (typeof setup.peer === 'function') scripted(host, setup.peer, wire, flooded);
    else if (setup.peer !== 'none') {
      host.clock.setTimer(seconds(setup.peerAt ?? 0), () => {
        host.process.spawn('lond', [`--conf=${CONF}`]);
        startGateway(host, []);
      });
    }
  };
  const world = new World({
    seed: setup.seed ?? 's',
    programs: { ...programs, ...setup.programs, testerA, testerB },
    sink: event => trace.push(event),
  });
  const a = world.machine('a', { directories: DIRECTORIES });
  const b = world.machine('b', { directories: DIRECTORIES });
  b.start('testerB');
  a.start('testerA');
  world.inject(setup.faults ?? []);
  world.run(instantOf((setup.until ?? 60) * 1_000_000), 400_000);
  const bug = trace.find(event => event.kind === 'bug');
  if (bug !== undefined) throw new Error(`${bug.process}: ${bug.data?.['message']}`);
  return { heard, wire, trace, ends: endsOf(trace), flooded: flooded.bytes, ...readers(trace, () => storage) };
}

function readers(trace: readonly TraceEvent[], storage: () => Host['storage'] | undefined): Pick<Run, 'logs' | 'slugs' | 'file' | 'list'> {
  const of = (program: string) =>
    trace.filter(event => event.kind === 'log' && event.process.startsWith(`a/${program}.`) && event.data?.['event'] !== 'permanent');
  return {
    logs: program => of(program).map(event => `${event.data?.['event']}: ${event.data?.['text']}`),
    slugs: program => of(program).map(event => String(event.data?.['event'])),
    file: path => {
      const file = storage()?.read(path);
      return file?.ok === true ? textOf(file.value) : '';
    },
    list: path => {
      const list = storage()?.list(path);
      return list?.ok === true ? list.value.toSorted() : [];
    },
  };
}

const endsOf = (trace: readonly TraceEvent[]): readonly string[] =>
  trace
    .filter(event => event.kind === 'exit' && event.process.startsWith('a/'))
    .map(event => {
      const program = event.process.slice(2, event.process.lastIndexOf('.'));
      return `${Math.floor(event.time / 1_000_000)} ${program} ${event.data?.['signal'] ?? event.data?.['code']}`;
    });

/** As init does: who has ended is not there any more. */
function reapAll(host: Host): void {
  host.process.wait(result => {
    if (result.ok) reapAll(host);
    else host.clock.setTimer(seconds(1), () => reapAll(host));
  });
}

/** A second after lond: a gateway that is first finds nobody, and backs off for minutes. */
function startGateway(host: Host, args: readonly string[]): void {
  host.clock.setTimer(seconds(1), () => void host.process.spawn('gateway', [`--conf=${CONF}`, ...args]));
}

/** How much of a flood is written at once, and when it is given up: nobody takes that much. */
const FLOOD_PIECE = 65_536;
const FLOOD_MAX = 1_000_000_000;

function scripted(host: Host, script: Script, wire: string[], flooded: { bytes: number }): void {
  host.signals.handle('SIGPIPE', 'ignore');
  let count = 0;
  host.network.listen(
    { transport: 'tcp', address: '0.0.0.0', port: 5_663 },
    { backlog: 16 },
    {
      opened: () => {},
      accept: stream => {
        count += 1;
        let text = '';
        let closed = false;
        const write = (line: string): void => {
          if (!closed) stream.write(bytesOf(line));
        };
        let flood: Uint8Array | undefined;
        const goOn = (): void => {
          while (flood !== undefined && !closed && flooded.bytes < FLOOD_MAX) {
            flooded.bytes += flood.length;
            if (stream.write(flood) > 0) return;
          }
        };
        const finish = (how: 'close' | 'reset') => (): void => {
          if (!closed) stream[how]();
          closed = true;
        };
        const caller: Caller = {
          number: count,
          host,
          say: line => write(`${line}\n`),
          raw: write,
          flood: line => {
            flood = bytesOf(line.repeat(Math.ceil(FLOOD_PIECE / line.length)));
            goOn();
          },
          pauseReading: () => stream.pause(),
          later: (second, act) => void host.clock.setTimer(seconds(second), act),
          close: finish('close'),
          reset: finish('reset'),
        };
        return {
          data: piece => {
            const parts = (text + latin1Of(piece)).split('\n');
            text = parts.pop() ?? '';
            for (const line of parts) {
              wire.push(`${caller.number} ${line}`);
              script(line, caller);
            }
          },
          end: () => caller.close(),
          drain: goOn,
          close: () => {
            closed = true;
          },
        };
      },
    },
  );
}
