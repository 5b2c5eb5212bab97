/**
 * The channels of a case as streams: pipes, made before the implementation starts, and sockets as they are opened.
 * Lacks: any idea of what is on them.
 */
import { textOf } from '../../src/host/bytes.ts';
import type { Descriptor, Stream, StreamHandler } from '../../src/host/host.ts';
import type { Duration } from '../../src/host/time.ts';
import { millis } from '../../src/host/time.ts';
import type { Fault } from '../../src/impl/proxy/fault.ts';
import { type Breaking, Flow, isBreaking } from '../../src/impl/proxy/flow.ts';
import type { ChannelName, Wiring } from '../case.ts';
import { CHANNEL_LIMIT, type Inbox, ITEM_LIMIT } from '../judge/inbox.ts';
import { NOTE } from '../judge/notes.ts';
import { orThrow, type TesterContext } from './context.ts';
import { Pace } from './pressure.ts';

export interface Output {
  readonly channel: ChannelName;
  readonly bytes: number;
  readonly tail: string;
}

/** What a read counts for beside its bytes: a flood of single bytes is one as well. */
const READ_COST = 2_048;
/**
 * What is decoded and comes faster than this is read in pauses, so that a flood costs its sender and not us. What nobody judges is
 * always read: whoever writes much of it must not have to wait for us.
 */
const BURST = 262_144;
const BURST_PAUSE: Duration = millis(20);
/** In virtual time, which reading does not move on, a flood that nobody looks at any more would have no end: there it has to wait. */
const UNSEEN_PAUSE: Duration = millis(500);

export interface Manner {
  /** What is written goes out in pieces, with pauses. */
  readonly slow: boolean;
  readonly virtual: boolean;
}

export class Channels {
  readonly #context: TesterContext;
  readonly #wiring: Wiring;
  readonly #inbox: (channel: ChannelName) => Inbox;
  readonly #streams: Map<ChannelName, Stream> = new Map();
  readonly #closed: Set<ChannelName> = new Set();
  /** Those that the case itself does not read. */
  readonly #paused: Set<ChannelName> = new Set();
  /** Pauses of ours that have begun, those that go on, and the channel of the last. */
  #pauses = 0;
  #resting = 0;
  #withheld: ChannelName | undefined;
  /** The implementation's ends of the pipes, until it has been started. */
  readonly theirs: Map<number, Descriptor> = new Map();

  /** What is sent on these meets faults; of some a write is not over. */
  readonly #flows: Map<ChannelName, Flow> = new Map();
  readonly #owed: Set<ChannelName> = new Set();
  /** The implementation, or the kernel, has finished them. */
  readonly #gone: Set<ChannelName> = new Set();
  readonly #paces: Map<ChannelName, Pace> = new Map();
  readonly #manner: Manner;

  constructor(context: TesterContext, wiring: Wiring, inbox: (channel: ChannelName) => Inbox, manner: Manner) {
    this.#manner = manner;
    this.#context = context;
    this.#wiring = wiring;
    this.#inbox = inbox;
  }

  /** Makes every pipe of the nth start. `seen` is told what comes on descriptors 1 and 2 beside the machine. */
  openPipes(nth: number, seen: (descriptor: Descriptor, bytes: Uint8Array) => void): void {
    const { descriptors } = this.#context.host;
    for (const [channel, { descriptor, direction, start = 1 }] of Object.entries(this.#wiring.channels)) {
      if (descriptor === undefined || start !== nth) continue;
      const { read, write } = orThrow(descriptors.pipe(), 'pipe');
      const incoming = direction === 'in';
      this.theirs.set(descriptor, incoming ? write : read);
      this.#context.note(NOTE.attach, { channel });
      const handler = incoming ? this.reader(channel, bytes => seen(descriptor, bytes)) : this.#writer(channel);
      const attached = descriptors.attach(incoming ? read : write, incoming ? 'read' : 'write', handler);
      this.#streams.set(channel, orThrow(attached, channel));
    }
  }

  /** A pipe for a process that is started now: its end of it. What comes is the channel. */
  pipeFrom(channel: ChannelName): Descriptor {
    const { descriptors } = this.#context.host;
    const { read, write } = orThrow(descriptors.pipe(), 'pipe');
    this.#context.note(NOTE.attach, { channel });
    this.#streams.set(
      channel,
      orThrow(
        descriptors.attach(
          read,
          'read',
          this.reader(channel, () => {}),
        ),
        channel,
      ),
    );
    return write;
  }

  /** Our copies would keep the pipes open after the implementation has ended. */
  closeTheirs(): void {
    for (const descriptor of this.theirs.values()) this.#context.host.descriptors.close(descriptor);
    this.theirs.clear();
  }

  /** A socket of the case. */
  opened(channel: ChannelName, stream: Stream): StreamHandler {
    this.#streams.set(channel, stream);
    this.#context.observe({ kind: 'opened', channel });
    return this.reader(channel, () => {});
  }

  /** Of a pipe that is only written to: whoever read it may be gone. */
  #writer(channel: ChannelName): StreamHandler {
    return { data: () => {}, close: () => void this.#gone.add(channel) };
  }

  reader(channel: ChannelName, seen: (bytes: Uint8Array) => void): StreamHandler {
    const judged = this.#wiring.channels[channel]?.decoder !== undefined;
    let burst = 0;
    let reads = 0;
    const end = (): void => this.#context.observe({ kind: 'eof', channel });
    return {
      data: bytes => {
        burst += bytes.length + READ_COST;
        reads += 1;
        if (burst >= BURST) {
          burst = 0;
          if (judged) this.#withhold(channel);
          else if (this.#manner.virtual && (this.#inbox(channel).bytes > CHANNEL_LIMIT || reads > ITEM_LIMIT))
            this.#rest(channel, UNSEEN_PAUSE, () => {});
        }
        this.#context.observe({ kind: 'bytes', channel, bytes });
        seen(bytes);
      },
      end,
      close: () => {
        this.#gone.add(channel);
        this.#flows.get(channel)?.stop();
        end();
      },
    };
  }

  #withhold(channel: ChannelName): void {
    this.#pauses += 1;
    this.#resting += 1;
    this.#withheld = channel;
    this.#rest(channel, BURST_PAUSE, () => {
      this.#resting -= 1;
    });
  }

  #rest(channel: ChannelName, pause: Duration, over: () => void): void {
    this.#streams.get(channel)?.pause();
    this.#context.host.clock.setTimer(pause, () => {
      over();
      if (!this.#context.over() && !this.#closed.has(channel) && !this.#paused.has(channel)) this.#streams.get(channel)?.resume();
    });
  }

  /** Tells, when it is asked, of a channel that has not been read all the time from now on. */
  withholding(): () => ChannelName | undefined {
    const over = this.#pauses - this.#resting;
    return () => (this.#pauses > over ? this.#withheld : undefined);
  }

  /** As one piece, however often it is repeated. */
  write(channel: ChannelName, bytes: Uint8Array, times: number): void {
    const whole = repeated(bytes, times);
    const flow = this.#flows.get(channel);
    if (flow !== undefined) {
      this.#owed.add(channel);
      flow.take(whole);
      if (!flow.busy) this.#delivered(channel);
      return;
    }
    if (this.#closed.has(channel)) return;
    const pace = this.#paceOf(channel);
    const first = this.#manner.slow && whole.length > 1 ? Math.floor(whole.length / 2) : whole.length;
    pace.act(() => this.#put(channel, whole.subarray(0, first)));
    if (first === whole.length) return;
    pace.rest();
    pace.act(() => this.#put(channel, whole.subarray(first)));
  }

  /** Nothing is written to who is gone, which may have happened while the writing waited. */
  #put(channel: ChannelName, bytes: Uint8Array): void {
    if (!this.#gone.has(channel)) this.#streams.get(channel)?.write(bytes);
  }

  /** What is sent from now on meets the fault. */
  disturb(channel: ChannelName, fault: Fault): void {
    const { direction, datagrams } = this.#wiring.channels[channel] ?? {};
    if (direction === undefined || direction === 'in' || datagrams !== undefined)
      throw new Error(`disturb is of a stream that the tester writes to, and ${channel} is none`);
    const flow = this.#flows.get(channel) ?? this.#flow(channel);
    this.#flows.set(channel, flow);
    flow.add(fault);
  }

  #flow(channel: ChannelName): Flow {
    const { clock, random } = this.#context.host;
    return new Flow(
      {
        clock,
        draw: bound => random.below(bound),
        // As without a fault: what the kernel has no room for waits in the stream.
        pending: () => 0,
        write: bytes => {
          if (!this.#context.over() && !this.#closed.has(channel)) this.#put(channel, bytes);
        },
        end: () => {},
        pressure: () => {},
        began: fault => {
          if (isBreaking(fault.kind) && !this.#closed.has(channel)) this.#broke(channel, fault.kind);
        },
        idle: () => this.#delivered(channel),
      },
      [],
    );
  }

  #broke(channel: ChannelName, how: Breaking): void {
    this.#context.note(NOTE.broke, { channel, how });
    if (how === 'half-open') {
      this.#closed.add(channel);
      this.pause(channel);
    } else this.close(channel, how === 'cut' ? 'close' : how === 'truncate' ? 'half-close' : how);
    this.#context.observe({ kind: 'broke', channel, how });
  }

  #delivered(channel: ChannelName): void {
    if (!this.#owed.delete(channel) || this.#context.over()) return;
    this.#context.note(NOTE.delivered, { channel });
    this.#context.observe({ kind: 'delivered', channel });
  }

  #paceOf(channel: ChannelName): Pace {
    const known = this.#paces.get(channel) ?? new Pace(this.#context);
    this.#paces.set(channel, known);
    return known;
  }

  pause(channel: ChannelName): void {
    this.#paused.add(channel);
    this.#streams.get(channel)?.pause();
  }

  resume(channel: ChannelName): void {
    this.#paused.delete(channel);
    this.#streams.get(channel)?.resume();
  }

  close(channel: ChannelName, how: 'close' | 'half-close' | 'reset'): void {
    if (this.#closed.has(channel)) return;
    this.#closed.add(channel);
    const stream = this.#streams.get(channel);
    this.#paceOf(channel).act(() => {
      if (how === 'reset') stream?.reset();
      else if (how === 'half-close' || this.#wiring.channels[channel]?.direction === 'out') stream?.end();
      else stream?.close();
    });
  }

  /** A pipe that the implementation wrote to has ended: it is about to end itself. */
  ending(): boolean {
    return this.#written().some(channel => this.#inbox(channel).ended);
  }

  /** All of them have: nothing of it can still come. */
  drained(): boolean {
    return this.#written().every(channel => this.#inbox(channel).ended || this.#closed.has(channel));
  }

  /** The pipes that the implementation writes to, of the starts that there were. */
  #written(): readonly ChannelName[] {
    const pipes = Object.entries(this.#wiring.channels).filter(
      ([channel, { direction, descriptor }]) => direction === 'in' && descriptor !== undefined && this.#streams.has(channel),
    );
    return pipes.map(([channel]) => channel);
  }

  /** Closes everything, and says what came on the pipes. */
  finish(): readonly Output[] {
    const output: Output[] = [];
    for (const [channel, { direction, descriptor }] of Object.entries(this.#wiring.channels)) {
      if (direction === 'both') this.#streams.get(channel)?.close();
      if (direction !== 'in' || descriptor === undefined || !this.#streams.has(channel)) continue;
      const { bytes, tail } = this.#inbox(channel);
      output.push({ channel, bytes, tail: textOf(tail) });
      if (!this.#closed.has(channel)) this.#streams.get(channel)?.close();
    }
    return output;
  }
}

function repeated(once: Uint8Array, times: number): Uint8Array {
  const whole = new Uint8Array(once.length * times);
  for (let index = 0; index < times; index++) whole.set(once, index * once.length);
  return whole;
}
