/**
 * A parent made for breaking: the plainest right one there is, and a plan that says what it does wrong. It shares no code
 * with the implementation of the protocol.
 */
import { concat, fromUtf8, textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Descriptor, Host, Pid, Reaped, Stream } from '../../../src/host/host.ts';
import type { Result } from '../../../src/host/result.ts';
import type { ExitStatus } from '../../../src/host/signal.ts';
import { millis, seconds } from '../../../src/host/time.ts';

/** What is not named is done right. */
export interface ParentPlan {
  readonly options?: readonly string[];
  /** Numbers that the child is told. */
  readonly told?: { readonly pipetx: number; readonly piperx: number };
  readonly anyVersion?: boolean;
  /** Says nothing of what breaks the format. */
  readonly silent?: boolean;
  /** Dies of what breaks the format. */
  readonly brittle?: boolean;
  /** A helper that holds a copy of the control pipe, and is ended with an orderly stop only. */
  readonly heir?: string;
  readonly unknown?: 'skip' | 'stop' | 'skip-header-only';
  readonly longestType?: number;
  readonly shortestType?: number;
  /** Of the type, only these first bytes are compared. */
  readonly comparedBytes?: number;
  readonly eventLength?: 'exact' | 'at-least' | 'padded';
  readonly payloadLimit?: number;
  /** What the end of the pipe inside a frame becomes. */
  readonly cut?: 'drop' | 'pad' | 'deliver';
  readonly perChunk?: 'rest' | 'first' | 'none';
  /** A frame that comes in more pieces is given up. */
  readonly pieces?: number;
  readonly knownIdsOnly?: boolean;
  readonly pausesAfterAddresses?: boolean;
  readonly reversesAddress?: boolean;
  readonly swapsEvents?: boolean;
  readonly names?: Readonly<Record<number, string>>;
  readonly stopsBy?: 'control' | 'SIGTERM' | 'SIGKILL' | 'nothing';
  /** When the control pipe is closed, beside the stop. */
  readonly closesControl?: 'on-stop' | 'at-once' | 'at-first-event';
  readonly writesControl?: boolean;
  readonly leaksControl?: boolean;
  readonly readsAfterStop?: boolean;
  /** An incomplete sequence is called a violation. */
  readonly wantsAll?: boolean;
  readonly endsWithEvents?: boolean;
  readonly escalates?: boolean;
  readonly reports?: 'truth' | 'zero' | 'nothing';
  readonly stays?: boolean;
}

const GUARD = seconds(60);
const GRACE = millis(200);
const KNOWN = ['lifetimeevent', 'p2plistenaddr', 'rpclistenaddr'];

export const clumsyParent =
  (plan: ParentPlan): Daemon =>
  host =>
    new ClumsyParent(host, plan).begin();

class ClumsyParent {
  readonly #host: Host;
  readonly #plan: ParentPlan;
  #out: Stream | undefined;
  #events: Stream | undefined;
  #control: Descriptor | undefined;
  #child: Pid = 0;
  #heir: Pid | undefined;
  #held: Uint8Array = new Uint8Array(0);
  #pieces = 0;
  #over = false;
  #eof = false;
  #status: ExitStatus | undefined;
  #addresses = 0;
  #last = '';

  constructor(host: Host, plan: ParentPlan) {
    this.#host = host;
    this.#plan = plan;
  }

  begin(): void {
    const { signals, clock, descriptors } = this.#host;
    signals.handle('SIGPIPE', () => {});
    for (const signal of ['SIGTERM', 'SIGINT'] as const) signals.handle(signal, () => this.#stop());
    clock.setTimer(GUARD, () => this.#host.process.exit(99));
    const out = descriptors.attach(1, 'write', { data: () => {}, drain: () => this.#settle() });
    if (out.ok) this.#out = out.value;
    this.#spawn();
  }

  #spawn(): void {
    const { descriptors, process } = this.#host;
    const events = descriptors.pipe();
    const control = descriptors.pipe();
    const [program = '', ...args] = process.args.slice(process.args.indexOf('--') + 1);
    if (!events.ok || !control.ok) {
      process.exit(1);
      return;
    }
    const { options = ['--lifetimeevents', '--boundaddrevents'], told = { pipetx: 3, piperx: 4 }, leaksControl } = this.#plan;
    const inherited: Record<number, Descriptor> = { 3: events.value.write, 4: control.value.read };
    if (leaksControl === true) inherited[5] = control.value.write;
    const spawned = process.spawn(program, [...args, `--pipetx=${told.pipetx}`, `--piperx=${told.piperx}`, ...options], {
      descriptors: inherited,
    });
    if (!spawned.ok) {
      process.exit(1);
      return;
    }
    this.#child = spawned.value;
    descriptors.close(events.value.write);
    descriptors.close(control.value.read);
    if (this.#plan.heir !== undefined) {
      const heir = process.spawn(this.#plan.heir, [], { descriptors: { 3: control.value.write } });
      if (heir.ok) this.#heir = heir.value;
    }
    this.#useControl(control.value.write);
    const attached = descriptors.attach(events.value.read, 'read', {
      data: bytes => this.#take(bytes),
      end: () => this.#endOfEvents(),
    });
    if (attached.ok) this.#events = attached.value;
    process.wait(result => this.#reaped(result));
  }

  #reaped(result: Result<Reaped>): void {
    if (!result.ok) return;
    if (result.value.pid === this.#child) {
      this.#status = result.value.status;
      this.#settle();
    } else this.#host.process.wait(next => this.#reaped(next));
  }

  #useControl(descriptor: Descriptor): void {
    this.#control = descriptor;
    if (this.#plan.closesControl === 'at-once') this.#closeControl();
    if (this.#plan.writesControl !== true) return;
    const attached = this.#host.descriptors.attach(descriptor, 'write', { data: () => {} });
    if (!attached.ok) return;
    attached.value.write(utf8('hello'));
    this.#closeControl = () => attached.value.end();
  }

  #closeControl: () => void = () => {
    if (this.#control !== undefined) this.#host.descriptors.close(this.#control);
    this.#control = undefined;
  };

  // ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #take(bytes: Uint8Array): void {
    if (this.#over) return;
    const { perChunk = 'none', pieces = Number.POSITIVE_INFINITY } = this.#plan;
    this.#pieces += 1;
    this.#held = perChunk === 'rest' ? bytes : concat([this.#held, bytes]);
    while (!this.#over && this.#frame()) {
      this.#pieces = 0;
      if (perChunk === 'first') {
        this.#held = new Uint8Array(0);
        return;
      }
    }
    if (this.#pieces > pieces) this.#violation('too many pieces');
  }

  /** Takes one frame off what is held; false when there is none. */
  #frame(): boolean {
    const { anyVersion, payloadLimit = 1_000_000, longestType = 255, shortestType = 0, unknown = 'skip' } = this.#plan;
    const [version, typeLength] = this.#held;
    if (version === undefined || (version !== 1 && anyVersion !== true)) return version === undefined ? false : this.#violation('version');
    if (typeLength === undefined || this.#held.length < 6 + typeLength) return false;
    if (typeLength > longestType || typeLength < shortestType) return this.#violation('type length');
    const name = this.#held.subarray(2, 2 + typeLength);
    const size = this.#size(2 + typeLength);
    const known = this.#known(name);
    if (known !== undefined && size > payloadLimit) return this.#violation('payload length');
    const whole = 6 + typeLength + (known === undefined && unknown === 'skip-header-only' ? 0 : size);
    if (this.#held.length < whole) return false;
    const payload = this.#held.slice(6 + typeLength, whole);
    this.#held = this.#held.slice(whole);
    if (known === undefined) return unknown === 'stop' ? this.#violation('type') : true;
    return this.#message(known, payload);
  }

  #size(offset: number): number {
    return [3, 2, 1, 0].reduce((sum, index) => sum * 256 + (this.#held[offset + index] ?? 0), 0);
  }

  #known(name: Uint8Array): string | undefined {
    const { comparedBytes } = this.#plan;
    if (comparedBytes === undefined) return KNOWN.find(type => type === fromUtf8(name));
    return KNOWN.find(type => type.length === name.length && textOf(name.subarray(0, comparedBytes)) === type.slice(0, comparedBytes));
  }

  #message(type: string, payload: Uint8Array): boolean {
    if (this.#plan.closesControl === 'at-first-event') this.#closeControl();
    if (type === 'lifetimeevent') return this.#event(payload);
    const text = textOf(payload);
    this.#addresses += 1;
    if (this.#addresses === 2 && this.#plan.pausesAfterAddresses === true) this.#events?.pause();
    this.#say({ event: 'address', type, address: this.#plan.reversesAddress === true ? [...text].reverse().join('') : text });
    return true;
  }

  #event(payload: Uint8Array): boolean {
    const { eventLength = 'exact', knownIdsOnly, swapsEvents, names = { 0: 'database', 1: 'p2p-server' } } = this.#plan;
    const [kind = 0, id = 0] = payload;
    const fits = eventLength === 'padded' || payload.length === 2 || (eventLength === 'at-least' && payload.length > 2);
    if (!fits) return this.#violation('event length');
    if (knownIdsOnly === true && id > 1) return this.#violation('id');
    this.#last = `${kind},${id}`;
    const name = kind === 1 ? 'complete' : (names[id] ?? 'unknown');
    this.#say(swapsEvents === true ? { event: 'lifetime', kind: id, id: kind, name } : { event: 'lifetime', kind, id, name });
    return true;
  }

  /** What there is of the last payload. */
  #deliver(): void {
    const typeLength = this.#held[1] ?? 0;
    const type = this.#known(this.#held.subarray(2, 2 + typeLength));
    if (type === undefined || this.#held.length < 6 + typeLength) return;
    this.#message(type, this.#held.slice(6 + typeLength));
    this.#held = new Uint8Array(0);
  }

  #violation(what: string): false {
    if (this.#plan.brittle === true) this.#host.process.exit(139);
    this.#over = true;
    if (this.#plan.silent !== true) this.#say({ event: 'violation', clause: 'C2', detail: what });
    this.#events?.close();
    this.#eof = true;
    this.#stop();
    this.#settle();
    return false;
  }

  #endOfEvents(): void {
    if (this.#over) return;
    const { cut = 'drop', wantsAll, endsWithEvents } = this.#plan;
    if (this.#held.length > 0 && cut === 'pad') this.#take(PADDING);
    if (cut === 'deliver') this.#deliver();
    if (this.#held.length > 0 && cut !== 'pad') this.#violation('the pipe ended inside a frame');
    if (wantsAll === true && !this.#over && !['1,0', '2,0'].includes(this.#last)) this.#violation('the sequence is not complete');
    if (wantsAll === true && !this.#over && this.#last === '2,0' && this.#addresses === 0) this.#violation('no addresses');
    this.#eof = true;
    if (endsWithEvents === true) this.#host.process.exit(0);
    this.#settle();
  }

  // ── the child ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #stop(): void {
    const { stopsBy = 'control', readsAfterStop = true, escalates = true } = this.#plan;
    if (this.#heir !== undefined) this.#host.process.kill(this.#heir, 'SIGKILL');
    if (!readsAfterStop) {
      this.#over = true;
      this.#events?.close();
      this.#eof = true;
    }
    if (stopsBy === 'control') this.#closeControl();
    else if (stopsBy !== 'nothing') this.#host.process.kill(this.#child, stopsBy);
    if (escalates && stopsBy !== 'nothing') this.#host.clock.setTimer(GRACE, () => void this.#host.process.kill(this.#child, 'SIGKILL'));
  }

  #settle(): void {
    if (this.#status === undefined || !this.#eof) return;
    const { reports = 'truth', stays } = this.#plan;
    if (reports === 'truth') this.#say({ event: 'ended', ...this.#status });
    if (reports === 'zero') this.#say({ event: 'ended', code: 0 });
    this.#status = undefined;
    if (stays !== true) this.#leave();
  }

  #leave(): void {
    if (this.#out === undefined || this.#out.pending === 0) this.#host.process.exit(0);
    this.#host.clock.setTimer(millis(20), () => this.#leave());
  }

  #say(line: Readonly<Record<string, string | number>>): void {
    this.#out?.write(utf8(`${JSON.stringify(line)}\n`));
  }
}

/** What a buffer that was never filled holds. */
const PADDING = new Uint8Array(64);
