/**
 * A child made for breaking: the plainest right one there is, and a plan that says what it does wrong. It shares no code
 * with the implementation of the protocol, so that a mistake in one is not in the other.
 * Lacks: a database; its listeners are real only where a case connects to them.
 */
import { concat, unhex, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Stream } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';

/** What is not named is done right. Frames are [type, payload in hexadecimal, or `@p2p` and `@rpc` for the addresses]. */
export interface ChildPlan {
  readonly start?: readonly PlannedFrame[];
  readonly stop?: readonly PlannedFrame[];
  /** Bytes before everything, and after everything. */
  readonly prologue?: string;
  readonly epilogue?: string;
  readonly version?: number;
  /** How the length of a payload is written: most significant byte first, or in two bytes. */
  readonly lengths?: 'network' | 'short';
  /** The header of a frame stands before that of the next one again: its buffer is not emptied. */
  readonly stale?: boolean;
  /** Everything is put into a buffer, which nobody ever flushes. */
  readonly unflushed?: boolean;
  readonly addressForm?: (port: number) => string;
  /** Listeners are closed as soon as their addresses are known. */
  readonly deaf?: boolean;
  readonly onControlEnd?: 'stop' | 'ignore' | 'ignore-after-data';
  readonly onControlData?: 'ignore' | 'stop' | 'announce';
  readonly onSigterm?: 'stop' | 'ignore' | 'exit';
  readonly onSigint?: 'stop' | 'ignore' | 'exit';
  readonly onSecondRequest?: 'ignore' | 'exit' | 'announce';
  readonly onBrokenPipe?: 'run' | 'die' | 'exit';
  /** A request during start-up. */
  readonly early?: 'obey' | 'forget' | 'announce-server-stop' | 'crash';
  /** Between the frames, in milliseconds. */
  readonly pace?: number;
  readonly status?: number;
  readonly ignores?: readonly ('lifetimeevents' | 'boundaddrevents' | 'pipetx' | 'piperx')[];
  /** Stays when it should exit. */
  readonly stays?: boolean;
  /** Somebody else keeps the event pipe open. */
  readonly heir?: string;
  /** Stops writing when the parent does not read. */
  readonly drops?: boolean;
  /** Waits for each frame to be read. */
  readonly blocks?: boolean;
}

export type PlannedFrame = readonly [type: string, payload: string];

export const START_DATABASE: PlannedFrame = ['lifetimeevent', '0000'];
export const START_SERVER: PlannedFrame = ['lifetimeevent', '0001'];
export const COMPLETE: PlannedFrame = ['lifetimeevent', '0100'];
export const STOP_SERVER: PlannedFrame = ['lifetimeevent', '0201'];
export const STOP_DATABASE: PlannedFrame = ['lifetimeevent', '0200'];
export const P2P: PlannedFrame = ['p2plistenaddr', '@p2p'];
export const RPC: PlannedFrame = ['rpclistenaddr', '@rpc'];
export const STARTED: readonly PlannedFrame[] = [START_DATABASE, START_SERVER, P2P, RPC, COMPLETE];
export const STOPPED: readonly PlannedFrame[] = [STOP_SERVER, STOP_DATABASE];

/** Nothing keeps a mutant longer than any case lasts. */
const GUARD = seconds(60);

export const clumsyChild =
  (plan: ChildPlan): Daemon =>
  host =>
    new ClumsyChild(host, plan).begin();

class ClumsyChild {
  readonly #host: Host;
  readonly #plan: ChildPlan;
  readonly #ports: Map<string, number> = new Map();
  #events: Stream | undefined;
  #requested = false;
  #complete = false;
  #stopping = false;
  #onDrain: (() => void) | undefined;
  /** What a stale buffer holds. */
  #headers: Uint8Array = new Uint8Array(0);

  constructor(host: Host, plan: ChildPlan) {
    this.#host = host;
    this.#plan = plan;
  }

  begin(): void {
    const { signals, clock } = this.#host;
    const { onSigterm = 'stop', onSigint = 'stop', onBrokenPipe = 'run' } = this.#plan;
    for (const [signal, answer] of [
      ['SIGTERM', onSigterm],
      ['SIGINT', onSigint],
    ] as const) {
      signals.handle(signal, () => this.#signalled(answer));
    }
    if (onBrokenPipe !== 'die') signals.handle('SIGPIPE', 'ignore');
    clock.setTimer(GUARD, () => this.#host.process.exit(99));
    this.#openEvents();
    this.#openControl();
    this.#listen(['@p2p', '@rpc'], () => this.#start());
  }

  // ── options and pipes ─────────────────────────────────────────────────────────────────────────────────────────────

  #has(option: 'lifetimeevents' | 'boundaddrevents'): boolean {
    return this.#plan.ignores?.includes(option) === true || this.#host.process.args.includes(`--${option}`);
  }

  #descriptor(option: 'pipetx' | 'piperx', fallback: number): number | undefined {
    if (this.#plan.ignores?.includes(option) === true) return fallback;
    const found = this.#host.process.args.find(argument => argument.startsWith(`--${option}=`));
    return found === undefined ? undefined : Number(found.slice(option.length + 3));
  }

  #openEvents(): void {
    const descriptor = this.#descriptor('pipetx', 3);
    if (descriptor === undefined) return;
    const { heir, prologue = '', onBrokenPipe } = this.#plan;
    if (heir !== undefined) this.#host.process.spawn(heir, [], { descriptors: { 3: descriptor } });
    const attached = this.#host.descriptors.attach(descriptor, 'write', {
      data: () => {},
      drain: () => this.#drained(),
      close: () => {
        this.#events = undefined;
        if (onBrokenPipe === 'exit') this.#host.process.exit(1);
        this.#drained();
      },
    });
    if (attached.ok) this.#events = attached.value;
    this.#raw(prologue);
  }

  #openControl(): void {
    const descriptor = this.#descriptor('piperx', 4);
    if (descriptor === undefined) return;
    const { onControlData = 'ignore', onControlEnd = 'stop' } = this.#plan;
    let ignoresEnd = onControlEnd === 'ignore';
    this.#host.descriptors.attach(descriptor, 'read', {
      data: () => {
        ignoresEnd ||= onControlEnd === 'ignore-after-data';
        if (onControlData === 'stop') this.#request();
        if (onControlData === 'announce') this.#send(STOP_SERVER, () => {});
      },
      end: () => {
        if (!ignoresEnd) this.#request();
      },
    });
  }

  #listen(names: readonly string[], then: () => void): void {
    const [name, ...rest] = names;
    if (name === undefined) {
      then();
      return;
    }
    this.#host.network.listen(
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
      { backlog: 4 },
      {
        opened: result => {
          const local = result.ok ? result.value.local : undefined;
          this.#ports.set(name, local?.transport === 'tcp' ? local.port : 0);
          if (result.ok && this.#plan.deaf === true) result.value.close();
          this.#listen(rest, then);
        },
        accept: stream => ({ data: () => {}, end: () => stream.close() }),
      },
    );
  }

  // ── a life ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #start(): void {
    this.#all(this.#plan.start ?? STARTED, () => {
      this.#complete = true;
      if (this.#requested && this.#plan.early !== 'forget') this.#stop(this.#plan.stop ?? STOPPED);
    });
  }

  #signalled(answer: 'stop' | 'ignore' | 'exit'): void {
    if (answer === 'stop') this.#request();
    if (answer === 'exit') this.#host.process.exit(0);
  }

  #request(): void {
    const { early = 'obey', onSecondRequest = 'ignore', stop = STOPPED } = this.#plan;
    if (this.#stopping || this.#requested) {
      if (onSecondRequest === 'exit') this.#host.process.exit(1);
      if (onSecondRequest === 'announce') this.#send(STOP_DATABASE, () => {});
      return;
    }
    if (!this.#complete) {
      if (early === 'crash') this.#host.process.exit(3);
      if (early === 'forget') return;
      this.#requested = true;
      return;
    }
    this.#requested = true;
    this.#stop(stop);
  }

  #stop(frames: readonly PlannedFrame[]): void {
    this.#stopping = true;
    this.#all(frames, () => {
      this.#raw(this.#plan.epilogue ?? '');
      if (this.#plan.stays !== true) this.#host.process.exit(this.#plan.status ?? 0);
    });
  }

  /** A request that came meanwhile ends a start before its next frame. */
  #all(frames: readonly PlannedFrame[], then: () => void): void {
    const [frame, ...rest] = frames;
    if (frame === undefined) {
      then();
      return;
    }
    if (this.#requested && !this.#stopping && this.#plan.early !== 'forget') {
      this.#stop(this.#plan.early === 'announce-server-stop' ? STOPPED : [STOP_DATABASE]);
      return;
    }
    this.#send(frame, () => void this.#host.clock.setTimer(millis(this.#plan.pace ?? 2), () => this.#all(rest, then)));
  }

  // ── frames ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #send(frame: PlannedFrame, then: () => void): void {
    const [type, payload] = frame;
    const wanted = this.#has(type === 'lifetimeevent' ? 'lifetimeevents' : 'boundaddrevents');
    const lost = this.#plan.drops === true && this.#events !== undefined && this.#events.pending > 0;
    if (!wanted || this.#events === undefined || lost) {
      then();
      return;
    }
    if (this.#plan.unflushed === true) {
      then();
      return;
    }
    const waiting = this.#events.write(this.#frame(type, this.#payload(payload))) > 0;
    if (waiting && this.#plan.blocks === true) this.#onDrain = then;
    else then();
  }

  #payload(text: string): Uint8Array {
    const port = this.#ports.get(text);
    if (port === undefined) return unhex(text) ?? utf8(text);
    return utf8(this.#plan.addressForm === undefined ? `127.0.0.1:${port}` : this.#plan.addressForm(port));
  }

  #frame(type: string, payload: Uint8Array): Uint8Array {
    const name = utf8(type);
    const size = [0, 8, 16, 24].map(shift => (payload.length >>> shift) & 0xff);
    const written = { network: size.toReversed(), short: size.slice(0, 2), right: size }[this.#plan.lengths ?? 'right'];
    const header = concat([this.#headers, Uint8Array.of(this.#plan.version ?? 1, name.length & 0xff), name, Uint8Array.of(...written)]);
    if (this.#plan.stale === true) this.#headers = header;
    return concat([header, payload]);
  }

  #raw(text: string): void {
    const bytes = unhex(text);
    if (bytes !== undefined && bytes.length > 0) this.#events?.write(bytes);
  }

  #drained(): void {
    const then = this.#onDrain;
    this.#onDrain = undefined;
    then?.();
  }
}
