/**
 * Two machines on loopback, `east` (127.0.0.2) and `west` (127.0.0.3): each has its configuration files in a temporary
 * directory, a lond and a gateway as processes of the kernel, started as a user would: `slipway serve`.
 * A loopback connection comes from 127.0.0.1 wherever it goes, unless it is told another address: so the gateways are (`--from`).
 * The ids have four letters (A-B08). Linux only: it reads /proc.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

export const ADDRESSES = { east: '127.0.0.2', west: '127.0.0.3' } as const;
export type MachineId = keyof typeof ADDRESSES;
export type DaemonName = 'lond' | 'gateway';

/** A line of a daemon's log. */
export interface LogLine {
  readonly machine: MachineId;
  readonly log: string;
  readonly program: string;
  readonly pid: number;
  readonly text?: string;
}

/** How the daemon itself ended; its children are its own affair. */
export interface Ending {
  readonly daemon: string;
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RealProcess {
  readonly pid: number;
  readonly command: string;
}

/** Beside the compiled bench; a test that runs from source says where it is. */
const SLIPWAY = fileURLToPath(new URL('../../../slipway', import.meta.url));
/** Starting a Node process takes seconds on a busy machine; the dialogue has a pause of 5 s (L3). */
const READY_MS = 60_000;
const STOP_MS = 40_000;
const POLL_MS = 20;

export interface RealMachinesOptions {
  /** The command. */
  readonly slipway?: string;
  /** More lines of the configuration: names and values. */
  readonly variables?: Readonly<Record<string, string | number>>;
}

export class RealMachines {
  readonly directory: string;
  readonly #port: number;
  readonly #options: RealMachinesOptions;
  readonly #daemons: { readonly name: string; readonly kind: DaemonName; readonly child: ChildProcess }[] = [];
  readonly #lines: LogLine[] = [];
  #stderr = '';

  private constructor(port: number, options: RealMachinesOptions) {
    this.directory = mkdtempSync(`${tmpdir()}/slw-`);
    this.#port = port;
    this.#options = options;
    for (const id of MACHINES) this.#configure(id);
  }

  /** Directories and files; nothing runs yet. */
  static async make(options: RealMachinesOptions = {}): Promise<RealMachines> {
    return new RealMachines(await freePort(), options);
  }

  /** Both machines, each with a gateway that is online to the other. Whoever calls this calls `destroy` in the end. */
  async start(): Promise<void> {
    // A gateway that is first finds nobody, and rests for minutes.
    await Promise.all(MACHINES.map(id => this.startLond(id)));
    await Promise.all(MACHINES.map(id => this.startGateway(id)));
  }

  /** Until it listens. */
  async startLond(id: MachineId): Promise<void> {
    const { mark } = this;
    this.#start(id, 'lond', [`--listen=${ADDRESSES[id]}`]);
    await this.logged(line => line.machine === id && line.log === 'listening', mark);
  }

  /** Until it is online to the other machine. */
  async startGateway(id: MachineId): Promise<void> {
    const { mark } = this;
    this.#start(id, 'gateway', [`--from=${ADDRESSES[id]}`]);
    await this.logged(line => line.machine === id && line.log === 'online' && line.text === `${other(id)} online`, mark);
  }

  /** Where the files of a machine are, its configuration too. */
  home(id: MachineId): string {
    return `${this.directory}/${id}`;
  }

  conf(id: MachineId): string {
    return `${this.home(id)}/loncapa.conf`;
  }

  /** The socket on which local programs of `at` reach `peer`. */
  socket(at: MachineId, peer: MachineId): string {
    return `${this.directory}/${at}/s/${peer}`;
  }

  /** What the daemons logged so far. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Log lines so far: a mark for `logged`. */
  get mark(): number {
    return this.#lines.length;
  }

  /** The first line after `mark` for which `wanted` holds, when it is there. */
  async logged(wanted: (line: LogLine) => boolean, mark = 0, limitMs: number = READY_MS): Promise<LogLine> {
    const until = performance.now() + limitMs;
    for (;;) {
      const line = this.#lines.slice(mark).find(wanted);
      if (line !== undefined) return line;
      if (performance.now() > until) throw new Error(`not logged within ${limitMs} ms; the last lines:\n${this.tail()}`);
      await pause(POLL_MS);
    }
  }

  /** The last of what the daemons said, for people. */
  tail(): string {
    const lines = this.#lines.slice(-20).map(({ machine, program, pid, log, text = '' }) => `${machine} ${program}[${pid}] ${log} ${text}`);
    return [...lines, this.#stderr].join('\n');
  }

  /** What runs with this directory in its command line: all daemons and their children, and nobody else. */
  processes(): readonly RealProcess[] {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(name => ({ pid: Number(name), command: commandOf(name) }))
      .filter(({ command }) => command.includes(`${this.directory}/`));
  }

  /** The child of a daemon of `at`: lond-child, or the gateway-child for `peer`. */
  childOf(at: MachineId, program: 'lond-child' | 'gateway-child', peer?: MachineId): number {
    const found = this.processes().find(
      ({ command }) =>
        command.includes(` ${program} `) &&
        command.includes(`${this.directory}/${at}/`) &&
        (peer === undefined || command.includes(` --peer=${peer} `)),
    );
    if (found === undefined) throw new Error(`${at} has no ${program}`);
    return found.pid;
  }

  /** SIGTERM to a daemon, until it has ended. */
  async stopOne(id: MachineId, kind: DaemonName): Promise<void> {
    const daemon = this.#daemons.findLast(({ name }) => name === `${kind} of ${id}`);
    if (daemon === undefined) throw new Error(`${id} has no ${kind}`);
    daemon.child.kill('SIGTERM');
    await this.#until(() => daemon.child.exitCode !== null || daemon.child.signalCode !== null);
  }

  /** SIGTERM to the gateways, then to the londs. What had not ended in time is killed, and is in `left`. */
  async stop(): Promise<{ readonly endings: readonly Ending[]; readonly left: readonly RealProcess[] }> {
    const endings: Ending[] = [];
    for (const kind of ['gateway', 'lond'] as const) {
      const stopped = this.#daemons.filter(daemon => daemon.kind === kind);
      for (const { child } of stopped) child.kill('SIGTERM');
      for (const { name, child } of stopped) {
        await this.#until(() => child.exitCode !== null || child.signalCode !== null);
        endings.push({ daemon: name, code: child.exitCode, signal: child.signalCode });
      }
    }
    const left = this.processes();
    this.destroy();
    return { endings, left };
  }

  /** SIGKILL to all of it, at once. For when something has gone wrong; harmless after `stop`. */
  destroy(): void {
    for (const { child } of this.#daemons) child.kill('SIGKILL');
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ESRCH: it has just ended by itself.
      }
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #until(holds: () => boolean): Promise<void> {
    const until = performance.now() + STOP_MS;
    while (!holds() && performance.now() < until) await pause(POLL_MS);
  }

  #configure(id: MachineId): void {
    const home = this.home(id);
    for (const path of ['t', 'd/logs', 's/delayed', 'w/lon-status']) mkdirSync(`${home}/${path}`, { recursive: true });
    writeFileSync(`${home}/t/hosts.tab`, MACHINES.map(each => hostLine(each, ADDRESSES[each])).join(''));
    const variables = {
      lonHostID: id,
      lonDaemons: `${home}/d`,
      lonTabDir: `${home}/t`,
      lonSockDir: `${home}/s`,
      lonDocRoot: `${home}/w`,
      londPort: this.#port,
      ...this.#options.variables,
    };
    const lines = Object.entries(variables).map(([name, value]) => `PerlSetVar ${name} ${value}\n`);
    writeFileSync(this.conf(id), `# Of machine ${id}\n${lines.join('')}`);
  }

  #start(id: MachineId, kind: DaemonName, options: readonly string[]): void {
    const args = [this.#options.slipway ?? SLIPWAY, 'serve', kind, '--', `--conf=${this.conf(id)}`, ...options];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#daemons.push({ name: `${kind} of ${id}`, kind, child });
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', piece => {
      const parts = (text + piece).split('\n');
      text = parts.pop() ?? '';
      for (const part of parts) this.#hear(id, part);
    });
  }

  #hear(machine: MachineId, text: string): void {
    const line = text.startsWith('{') ? logLineOf(machine, text) : undefined;
    if (line !== undefined) this.#lines.push(line);
    else this.#stderr = `${this.#stderr}${machine}: ${text}\n`.slice(-4_000);
  }
}

const MACHINES: readonly MachineId[] = ['east', 'west'];
const other = (id: MachineId): MachineId => (id === 'east' ? 'west' : 'east');
const hostLine = (id: MachineId, address: string): string => `${id}:bench:library:${id}.example:${address}\n`;
export const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds));

function logLineOf(machine: MachineId, text: string): LogLine | undefined {
  const { log, program, pid, text: said }: { log?: unknown; program?: unknown; pid?: unknown; text?: unknown } = JSON.parse(text);
  if (typeof log !== 'string' || typeof program !== 'string' || typeof pid !== 'number') return undefined;
  return { machine, log, program, pid, ...(typeof said === 'string' ? { text: said } : {}) };
}

/** The arguments, each with a blank after it; '' when it has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** One that is free on both addresses: all londs of a network have the same. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = await portIfFree(ADDRESSES.east, 0);
    if (port !== undefined && (await portIfFree(ADDRESSES.west, port)) !== undefined) return port;
  }
  throw new Error('no port is free on both 127.0.0.2 and 127.0.0.3: are these addresses of this machine? Linux has them on lo');
}

function portIfFree(address: string, port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer();
    server.on('error', () => resolve(undefined));
    server.listen(port, address, () => {
      // A TCP server has an address and a port, not a path.
      const bound = server.address() as AddressInfo;
      server.close(() => resolve(bound.port));
    });
  });
}
