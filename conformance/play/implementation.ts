/**
 * How the implementation is started, made ready, signalled and ended. One that was there before the case is only met.
 * Lacks: what it says and does on its channels; how one that forks is followed (forks.ts).
 */
import { textOf } from '../../src/host/bytes.ts';
import type { Descriptor, Endpoint, Pid, StreamHandler, Timer } from '../../src/host/host.ts';
import type { HostErrorCode } from '../../src/host/result.ts';
import type { Signal } from '../../src/host/signal.ts';
import { formatTime } from '../../src/host/time.ts';
import { NOTE } from '../judge/notes.ts';
import type { Ended } from '../judge/observations.ts';
import { type Forks, type Implementation, isAttached, type Peer, type Ready } from '../peer.ts';
import type { Children } from './children.ts';
import { AGAIN, type TesterContext } from './context.ts';
import type { CaseFiles } from './files.ts';
import { type Command, Follower, type Means } from './forks.ts';

/** A longer line is looked at in pieces. */
const LINE_LIMIT = 65_536;
/** A line may say that it is ready, on these. */
const SPOKEN: readonly Descriptor[] = [1, 2];

export interface Surrounding {
  readonly files: CaseFiles;
  readonly children: Children;
  /** Where streams meet: the port of the case, or what takes its place. */
  readonly address: () => Endpoint;
  /** To follow what forks. */
  readonly means: Means;
}

export class ImplementationHandle {
  readonly #context: TesterContext;
  readonly #peer: Peer;
  readonly #surrounding: Surrounding;
  /** To which signals go. */
  #child: Pid | undefined;
  #running = false;
  /** What it is waited for, until it has been seen. */
  #awaited: Ready | undefined;
  /** Of one that forks, until its main process is known. */
  #follower: Follower | undefined;
  #mainAwaited = false;
  #limit: Timer | undefined;
  readonly #lines: Map<Descriptor, string> = new Map();

  constructor(context: TesterContext, peer: Peer, surrounding: Surrounding) {
    this.#context = context;
    this.#peer = peer;
    this.#surrounding = surrounding;
  }

  /** Whether there is a process of ours that has not been seen to end. */
  get running(): boolean {
    return this.#running;
  }

  /** `args` are complete. */
  start(begun: Omit<Command, 'program'>): void {
    if (isAttached(this.#peer)) {
      this.#context.note(NOTE.started, { attached: true });
      this.#context.observe({ kind: 'started', attached: true });
    } else this.#spawn(this.#peer, begun);
  }

  #spawn({ program, ready, forks }: Implementation, { args, ...options }: Omit<Command, 'program'>): void {
    if (forks !== undefined) {
      this.#spawnForking({ program, args, ...options }, forks, ready);
      return;
    }
    const spawned = this.#surrounding.children.spawn(program, args, options, status => this.#ended(status));
    if (spawned.ok) this.#started(spawned.value, ready, undefined);
    else this.#notStarted(spawned.error.code);
  }

  #spawnForking(command: Command, forks: Forks, ready: Ready | undefined): void {
    const { children, files, means } = this.#surrounding;
    const follower = new Follower(this.#context, children, files, means, forks, {
      first: pid => this.#started(pid, ready, forks),
      notStarted: code => this.#notStarted(code),
      main: (pid, by) => this.#foundMain(pid, by),
      gone: (pid, status) => {
        this.#context.note(NOTE.gone, { pid, ...('unknown' in status ? {} : status) });
        this.#ended(status);
      },
      lost: (why, firstRuns) => {
        this.#running = firstRuns;
        this.#unready(why);
      },
    });
    this.#follower = follower;
    const spawned = follower.begin(command);
    if (!spawned.ok) this.#notStarted(spawned.error.code);
  }

  #started(pid: Pid, ready: Ready | undefined, forks: Forks | undefined): void {
    this.#child = pid;
    this.#running = true;
    this.#mainAwaited = forks !== undefined;
    const awaits = (ready ?? forks) !== undefined;
    this.#context.note(NOTE.started, { pid, ...(awaits ? { awaits } : {}), ...(forks === undefined ? {} : { forks: true }) });
    if (ready !== undefined) this.#await(ready);
    this.#context.observe({ kind: 'started', awaits });
  }

  #notStarted(code: HostErrorCode): void {
    this.#context.note(NOTE.notStarted, { code });
    this.#context.observe({ kind: 'not-started', code });
  }

  #ended(status: Ended): void {
    this.#running = false;
    this.#giveUp();
    this.#context.observe({ kind: 'exit', status });
  }

  signal(signal: Signal): void {
    if (this.#child === undefined || !this.#running) return;
    this.#follower?.signalled();
    this.#context.host.process.kill(this.#child, signal);
  }

  // ── that forks ────────────────────────────────────────────────────────────────────────────────────────────────────

  #foundMain(pid: Pid, by: string): void {
    this.#child = pid;
    this.#context.note(NOTE.main, { pid, by });
    if (!this.#mainAwaited) return; // another one has taken its place
    this.#mainAwaited = false;
    if (this.#awaited === undefined) this.#isReady(by);
  }

  // ── until it is ready ─────────────────────────────────────────────────────────────────────────────────────────────

  #await(ready: Ready): void {
    this.#awaited = ready;
    this.#limit = this.#context.host.clock.setTimer(this.#context.patient(ready.within), () => this.#notReady(ready));
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
    const { network } = this.#context.host;
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
    this.#context.host.clock.setTimer(AGAIN, () => {
      if (this.#awaited !== undefined && !this.#context.over()) act();
    });
  }

  #ready(by: string): void {
    if (this.#awaited === undefined) return;
    this.#giveUp();
    if (!this.#mainAwaited) this.#isReady(by);
  }

  #isReady(by: string): void {
    this.#context.note(NOTE.ready, { by });
    this.#context.observe({ kind: 'ready' });
  }

  #notReady(ready: Ready): void {
    this.#unready(`${signText(ready)} within ${formatTime(ready.within)}`);
  }

  #unready(why: string): void {
    this.#giveUp();
    this.#context.note(NOTE.notReady, { why });
    this.#context.observe({ kind: 'not-ready', why });
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
