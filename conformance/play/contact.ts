/**
 * How the implementation is started, made ready, signalled and ended. One that was there before the case is only met.
 * Lacks: what it says and does on its channels.
 * May import: host, eyes.ts, peer.ts.
 */
import { textOf } from '../../src/host/bytes.ts';
import type { Descriptor, Pid, StreamHandler, TcpEndpoint, Timer } from '../../src/host/host.ts';
import type { Signal } from '../../src/host/signal.ts';
import { formatTime } from '../../src/host/time.ts';
import type { Children } from './children.ts';
import { AGAIN, type Eyes } from './eyes.ts';
import type { CaseFiles } from './files.ts';
import { NOTE } from './notes.ts';
import { type Implementation, isAttached, type Peer, type Ready } from './peer.ts';

/** A longer line is looked at in pieces. */
const LINE_LIMIT = 65_536;
/** A line may say that it is ready, on these. */
const SPOKEN: readonly Descriptor[] = [1, 2];

export interface Surrounding {
  readonly files: CaseFiles;
  readonly children: Children;
  /** Where the port of the case is. */
  readonly address: () => TcpEndpoint;
}

export class Contact {
  readonly #eyes: Eyes;
  readonly #peer: Peer;
  readonly #surrounding: Surrounding;
  #child: Pid | undefined;
  #running = false;
  /** What it is waited for, until it has been seen. */
  #awaited: Ready | undefined;
  #limit: Timer | undefined;
  readonly #lines: Map<Descriptor, string> = new Map();

  constructor(eyes: Eyes, peer: Peer, surrounding: Surrounding) {
    this.#eyes = eyes;
    this.#peer = peer;
    this.#surrounding = surrounding;
  }

  /** Whether there is a process of ours that has not been seen to end. */
  get running(): boolean {
    return this.#running;
  }

  /** `args` are complete. */
  start(args: readonly string[], descriptors: Readonly<Record<number, Descriptor>>): void {
    if (isAttached(this.#peer)) {
      this.#eyes.note(NOTE.started, { attached: true });
      this.#eyes.observe({ kind: 'started', attached: true });
    } else this.#spawn(this.#peer, args, descriptors);
  }

  #spawn({ program, ready }: Implementation, args: readonly string[], descriptors: Readonly<Record<number, Descriptor>>): void {
    const spawned = this.#surrounding.children.spawn(program, args, { descriptors }, status => {
      this.#running = false;
      this.#giveUp();
      this.#eyes.observe({ kind: 'exit', status });
    });
    if (!spawned.ok) {
      this.#eyes.note(NOTE.notStarted, { code: spawned.error.code });
      this.#eyes.observe({ kind: 'not-started', code: spawned.error.code });
      return;
    }
    this.#child = spawned.value;
    this.#running = true;
    const awaits = ready !== undefined;
    this.#eyes.note(NOTE.started, { pid: spawned.value, ...(awaits ? { awaits } : {}) });
    if (awaits) this.#await(ready);
    this.#eyes.observe({ kind: 'started', awaits });
  }

  signal(signal: Signal): void {
    if (this.#child !== undefined && this.#running) this.#eyes.host.process.kill(this.#child, signal);
  }

  // ── until it is ready ─────────────────────────────────────────────────────────────────────────────────────────────

  #await(ready: Ready): void {
    this.#awaited = ready;
    this.#limit = this.#eyes.host.clock.setTimer(this.#eyes.patient(ready.within), () => this.#notReady(ready));
    if ('port' in ready) this.#knock();
    else if ('file' in ready) this.#look(ready.file);
  }

  /** What it said on a descriptor. */
  heard(descriptor: Descriptor, bytes: Uint8Array): void {
    if (this.#awaited === undefined || !('line' in this.#awaited) || !SPOKEN.includes(descriptor)) return;
    const { line } = this.#awaited;
    const lines = ((this.#lines.get(descriptor) ?? '') + textOf(bytes)).split('\n');
    this.#lines.set(descriptor, (lines.at(-1) ?? '').slice(-LINE_LIMIT));
    if (lines.slice(0, -1).some(each => each.includes(line))) this.#ready('line');
  }

  #knock(): void {
    const { network } = this.#eyes.host;
    network.connect(this.#surrounding.address(), {}, result => {
      if (result.ok) result.value.close();
      if (result.ok) this.#ready('port');
      else this.#again(() => this.#knock());
      return NOBODY;
    });
  }

  #look(path: string): void {
    if (this.#surrounding.files.exists(path)) this.#ready('file');
    else this.#again(() => this.#look(path));
  }

  #again(act: () => void): void {
    this.#eyes.host.clock.setTimer(AGAIN, () => {
      if (this.#awaited !== undefined && !this.#eyes.over()) act();
    });
  }

  #ready(by: string): void {
    if (this.#awaited === undefined) return;
    this.#giveUp();
    this.#eyes.note(NOTE.ready, { by });
    this.#eyes.observe({ kind: 'ready' });
  }

  #notReady(ready: Ready): void {
    this.#giveUp();
    const why = `${signText(ready)} within ${formatTime(ready.within)}`;
    this.#eyes.note(NOTE.notReady, { why });
    this.#eyes.observe({ kind: 'not-ready', why });
  }

  #giveUp(): void {
    this.#awaited = undefined;
    this.#limit?.cancel();
  }
}

function signText(ready: Ready): string {
  if ('port' in ready) return 'nobody accepted a connection at the port of the case';
  return 'line' in ready ? `no line of its output had ${JSON.stringify(ready.line)} in it` : `there was no file ${ready.file}`;
}

const NOBODY: StreamHandler = { data: () => {} };
