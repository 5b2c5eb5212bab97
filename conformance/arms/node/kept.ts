/**
 * An implementation that is there across cases: somebody else started it, or a command of the claims file did. Between cases it is
 * reset, where there is a command for that. When it is gone it is started again, where there is a command for that, and the run
 * goes on; otherwise the run cannot.
 * Lacks: datagrams: whether somebody receives them cannot be seen.
 */
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { type Address, addressText, isAttached, type Peer, type Sign } from '../../peer.ts';
import type { AdaptedArm, Arm, Play, Recorded } from '../arm.ts';
import type { Command } from './command.ts';
import { DaemonProcess, type Forking, runCommand } from './daemon.ts';

export interface AttachOptions {
  readonly start?: Command;
  /** The command ends once it has started what goes on. */
  readonly forks?: Forking;
  /** Without one: that the addresses answer. */
  readonly ready?: Sign;
  readonly readyMillis: number;
  readonly reset?: Command;
  readonly resetMillis: number;
  readonly stop?: Command;
  readonly stopSignal: NodeJS.Signals;
  readonly stopMillis: number;
}

export const KEPT: AttachOptions = { readyMillis: 10_000, resetMillis: 10_000, stopSignal: 'SIGTERM', stopMillis: 5_000 };

const KNOCK_MILLIS = 2_000;
const POLL_MILLIS = 50;
const DYING_MILLIS = 500;
const KILL_MILLIS = 2_000;

export const keptArm = (arm: Arm, kept: AttachOptions, peer: Peer): AdaptedArm =>
  new KeptArm(arm, kept, isAttached(peer) ? peer.addresses : []);

class KeptArm implements AdaptedArm {
  readonly name: Arm['name'];
  readonly warnings: string[] = [];
  readonly #arm: Arm;
  readonly #kept: AttachOptions;
  readonly #addresses: readonly Address[];
  #daemon: DaemonProcess | undefined;
  #played = 0;
  /** The last case did not pass: perhaps because nobody is there any more. */
  #doubtful = true;

  constructor(arm: Arm, kept: AttachOptions, addresses: readonly Address[]) {
    this.name = arm.name;
    this.#arm = arm;
    this.#kept = kept;
    this.#addresses = addresses;
  }

  async play(play: Play): Promise<Recorded> {
    const setup = (await this.#present(play)) ?? (await this.#reset());
    if (setup !== undefined) return { ...NOTHING, setup };
    const recorded = await this.#arm.play(play);
    this.#played += 1;
    this.#doubtful = recorded.played?.machine.verdict?.verdict !== 'pass';
    return recorded;
  }

  async close(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    const { stop, stopSignal, stopMillis } = this.#kept;
    if (stop !== undefined) {
      const why = await runCommand(stop, stopMillis);
      if (why !== undefined) this.warnings.push(`the stop command failed: ${why}`);
    } else daemon.signal(stopSignal);
    if (!(await daemon.ends(stopMillis)))
      this.warnings.push(`the implementation did not end within ${stopMillis / 1_000} s, and was killed`);
    daemon.signal('SIGKILL');
    await daemon.ends(KILL_MILLIS);
  }

  /** Why it is not there, whatever was done about it. */
  async #present(play: Play): Promise<string | undefined> {
    const { start } = this.#kept;
    if (start === undefined) return this.#doubtful ? this.#answers(play) : undefined;
    // Who ended in the midst of the last case may be seen to have ended a moment later.
    if (this.#doubtful) await this.#daemon?.ends(DYING_MILLIS);
    const how = this.#daemon?.how;
    if (this.#daemon !== undefined && how === undefined) return undefined;
    if (how !== undefined) this.warnings.push(`the implementation ended before ${play.case.id} (${how}), and was started again`);
    return this.#start(start, play);
  }

  async #start(start: Command, play: Play): Promise<string | undefined> {
    const { ready, readyMillis } = this.#kept;
    // What the one before left of its group.
    this.#daemon?.signal('SIGKILL');
    const daemon = new DaemonProcess(start, ready !== undefined && 'line' in ready ? ready.line : undefined, this.#kept.forks);
    this.#daemon = daemon;
    const until = Date.now() + (readyMillis * play.patience) / 1_000;
    for (;;) {
      const missing = await this.#missing(daemon, play);
      if (missing === undefined && daemon.how === undefined) return undefined;
      const output = daemon.tail === '' ? '' : `; it said: ${daemon.tail}`;
      if (daemon.how !== undefined) return `the implementation ended before it was ready: ${daemon.how}${output}`;
      if (Date.now() > until) return `the implementation is not ready after ${readyMillis / 1_000} s: ${missing}${output}`;
      await daemon.ends(POLL_MILLIS);
    }
  }

  async #missing(daemon: DaemonProcess, play: Play): Promise<string | undefined> {
    const { ready } = this.#kept;
    if (ready === undefined || 'port' in ready) return this.#answers(play);
    if ('line' in ready) return daemon.said ? undefined : `no line of its output had ${JSON.stringify(ready.line)} in it`;
    return existsSync(ready.file) ? undefined : `there was no file ${ready.file}`;
  }

  /** Of the addresses at which it is called: at a port on which the tester itself listens nobody is. */
  async #answers({ wiring }: Play): Promise<string | undefined> {
    const listening = (wiring.environment?.accepts.length ?? 0) > 0;
    for (const address of this.#addresses) {
      if (address.transport === 'udp' || (address.transport === 'tcp' && listening)) continue;
      const code = await knock(address);
      if (code !== undefined) return `nobody answers at ${addressText(address)}: ${code}`;
    }
    return undefined;
  }

  async #reset(): Promise<string | undefined> {
    const { reset, resetMillis } = this.#kept;
    if (reset === undefined || this.#played === 0) return undefined;
    const why = await runCommand(reset, resetMillis);
    return why === undefined ? undefined : `the reset command failed: ${why}`;
  }
}

const NOTHING: Recorded = { played: undefined, events: [], tester: '', clock: 'monotonic', millis: undefined, bugs: [] };

/** What keeps a connection from being made; it is closed at once. */
function knock(address: Exclude<Address, { readonly transport: 'udp' }>): Promise<string | undefined> {
  return new Promise(resolve => {
    const at = address.transport === 'unix' ? { path: address.path } : { host: address.address, port: address.port };
    const socket = connect({ ...at, timeout: KNOCK_MILLIS });
    const end = (code: string | undefined): void => {
      socket.destroy();
      resolve(code);
    };
    socket.on('connect', () => end(undefined));
    socket.on('timeout', () => end('ETIMEDOUT'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
