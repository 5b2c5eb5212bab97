/**
 * The events of one implementation as the steps of a case: what its peers did to it is done again, in the same order and with the same pauses, and
 * what it said then is awaited, field by field, as the table of its role says (Varying). role-channels.ts has which stream is which channel.
 * Lacks: datagrams to more than one peer; messages of a length that a bound value in them changes; a second key
 * that is drawn while the first one is still used.
 */

import type { EventData } from '../../src/host/event.ts';
import { SIGNALS, type Signal } from '../../src/host/signal.ts';
import { type Duration, type Instant, micros, seconds, since } from '../../src/host/time.ts';
import { HOLE } from '../../src/trace/decoded.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { ChannelName, Decoder, ExpectedMessage, Message, Retelling, Step, Target, Wiring } from '../case.ts';
import { BoundValues } from './bound.ts';
import { isAsking, isService, type RoleChannels } from './role-channels.ts';

/** How long an answer is waited for, at least; and a pause that is kept. */
const PATIENCE = seconds(10);
const PAUSE = seconds(1);
/** Of a pause, what is not watched at its end: an answer may come a little earlier than it did. */
const PAUSE_SLACK = 0.2;
const STEP_LIMIT = 10_000;

/** One connection, pipe, or socket of datagrams. */
interface Talk {
  readonly channel: ChannelName;
  readonly decoder: Decoder | undefined;
  readonly retelling: Retelling | undefined;
  /** What it said, and is to be said again. */
  awaited: ExpectedMessage[];
  ended: boolean;
  /** When the first of that came. */
  from: Instant | undefined;
  over: boolean;
  /** The peer says nothing more on it. */
  heardOut: boolean;
}

export class CaseMaker {
  readonly #wiring: Wiring;
  readonly #steps: Step[] = [{ verb: 'start' }];
  readonly #talks = new Map<string, Talk>();
  readonly #channels: RoleChannels;
  readonly #worker: boolean;
  #stopped = false;
  readonly #left = new Set<string>();
  readonly #bound: BoundValues;
  /** Where the last `connect` goes. */
  #connecting = '';
  #streams = 0;
  #messages = 0;
  /** What it is started by, where the role says how. */
  readonly #said: Message[] = [];
  #last: Instant | undefined;

  /** `worker`: another process was started, and is asked to end. */
  constructor(wiring: Wiring, channels: RoleChannels, worker: boolean) {
    this.#wiring = wiring;
    this.#bound = new BoundValues(wiring.varies ?? []);
    this.#channels = channels;
    this.#worker = worker;
  }

  see(event: TraceEvent): void {
    const { kind, channel, data = {}, bytes, time } = event;
    if (this.#stopped) return;
    if (this.#steps.length > STEP_LIMIT) {
      this.#left.add(`what comes after ${STEP_LIMIT} steps`);
      return;
    }
    switch (kind) {
      case 'accept':
        this.#open(event, this.#channels.dialled(), name => ({ verb: 'dial', channel: name, to: this.#target(channel), within: PATIENCE }));
        return;
      case 'connect':
        this.#connecting = String(data['to']);
        return;
      case 'open':
        if (data['error'] === undefined && !isService(this.#connecting))
          this.#open(event, this.#channels.accepted(), name => ({ verb: 'expect-open', channel: name, within: this.#wait(time) }));
        return;
      case 'attach':
        this.#given(event, this.#channels.given(event));
        return;
      case 'signal':
        if (isAsking(data['signal'])) this.#signal(data['signal'] as Signal, time);
        return;
      case 'exit':
        this.#exit(data, time);
        return;
      case 'bind':
        this.#bindings(channel);
        return;
      case 'recv':
      case 'receive':
        if (bytes !== undefined) this.#peer(event, talk => this.#tell(talk.channel, talk.retelling?.feed(bytes) ?? [bytes]));
        return;
      case 'eof':
        this.#peer(event, talk => this.#heardOut(talk));
        return;
      case 'send':
      case 'datagram':
        if (bytes !== undefined) this.#own(event, decoder => decoder.feed(bytes));
        return;
      case 'end':
      case 'reset':
        this.#own(event, decoder => decoder.end(), true);
        return;
      case 'close':
        if (data['error'] === undefined) this.#own(event, decoder => decoder.end(), true);
        else this.#peer(event, talk => this.#reset(talk));
        return;
      case 'log':
        if (data['event'] === HOLE) this.#cut(channel, `what ${channel} has behind bytes that the capture has not`);
        return;
      default:
    }
  }

  finish(): {
    readonly steps: readonly Step[];
    readonly deadline: Duration;
    readonly streams: number;
    readonly messages: number;
    readonly left: readonly string[];
  } {
    this.#flush();
    for (const { over, channel, retelling } of this.#talks.values()) if (!over) this.#tell(channel, retelling?.end() ?? []);
    const options = this.#wiring.startOf?.(this.#said);
    if (options !== undefined) this.#steps[0] = { verb: 'start', options };
    const waits = this.#steps.reduce((sum, step) => sum + ('within' in step ? step.within : 'lasting' in step ? step.lasting : 0), 0);
    return {
      steps: this.#steps,
      deadline: micros(waits + PATIENCE),
      streams: this.#streams,
      messages: this.#messages,
      left: [...this.#left],
    };
  }

  // ── streams ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #open({ channel, time }: TraceEvent, name: ChannelName | undefined, step: (name: ChannelName) => Step): void {
    const stream = streamOf(channel);
    if (name === undefined) {
      this.#left.add('connections beyond those that the role has channels for');
      return;
    }
    this.#flush();
    this.#pause(time);
    this.#steps.push(step(name));
    this.#talk(stream, name);
  }

  #bindings(channel: string): void {
    const { datagrams } = this.#channels;
    if (datagrams !== undefined && !this.#talks.has(channel) && this.#streams === 0) this.#talk(channel, datagrams);
  }

  /** A role that is met at a Unix-domain socket has that at a place of its own; any other is met at the port. */
  #target(channel: string): Target {
    const { local } = this.#wiring;
    return local !== undefined && channel.startsWith('unix') ? { unix: local } : { tcp: 'port' };
  }

  #given({ channel }: TraceEvent, name: ChannelName | undefined): void {
    if (name === undefined || [...this.#talks.values()].some(each => each.channel === name)) return;
    this.#talk(streamOf(channel), name);
  }

  #talk(stream: string, channel: ChannelName): void {
    const { decoder, retelling } = this.#wiring.channels[channel] ?? {};
    const means = { decoder: decoder?.(this.#bound.saved), retelling: retelling?.(this.#bound.saved) };
    this.#talks.set(stream, { channel, ...means, awaited: [], ended: false, from: undefined, over: false, heardOut: false });
    this.#streams++;
  }

  #cut(channel: string, what: string): void {
    const talk = this.#talks.get(streamOf(channel));
    if (talk === undefined || talk.over) return;
    talk.over = true;
    this.#left.add(what);
  }

  // ── what the peer did ─────────────────────────────────────────────────────────────────────────────────────────────

  #peer({ channel, time }: TraceEvent, act: (talk: Talk) => void): void {
    const talk = this.#talks.get(streamOf(channel));
    if (talk === undefined || talk.over || this.#wiring.channels[talk.channel]?.direction === 'in') return;
    this.#flush();
    this.#pause(time);
    act(talk);
  }

  /** Who reads on finds the end again. */
  #heardOut(talk: Talk): void {
    if (talk.heardOut) return;
    talk.heardOut = true;
    this.#tell(talk.channel, talk.retelling?.end() ?? []);
    this.#steps.push({ verb: this.#wiring.channels[talk.channel]?.direction === 'out' ? 'close' : 'half-close', channel: talk.channel });
  }

  #signal(signal: Signal, time: Instant): void {
    if (this.#worker) {
      this.#stopped = true;
      this.#left.add(`what it did after ${signal}: it is a worker, and another process answers for it`);
      return;
    }
    this.#flush();
    this.#pause(time);
    this.#steps.push({ verb: 'signal', signal });
  }

  #reset(talk: Talk): void {
    this.#tell(talk.channel, talk.retelling?.end() ?? []);
    this.#steps.push({ verb: 'reset', channel: talk.channel });
    talk.over = true;
  }

  #tell(channel: ChannelName, said: readonly (Uint8Array | string)[]): void {
    for (const each of said) {
      if (typeof each === 'string') this.#steps.push({ verb: 'say', channel, text: each });
      else this.#send(channel, each);
    }
  }

  /** What is read in several pieces at once is sent at once; a bound value may be in two of them. */
  #send(channel: ChannelName, bytes: Uint8Array): void {
    const last = this.#steps.at(-1);
    const isStream = this.#wiring.channels[channel]?.datagrams === undefined;
    const before = isStream && last?.verb === 'send' && last.channel === channel && last.insert === undefined ? last : undefined;
    if (before !== undefined) this.#steps.pop();
    this.#steps.push({ verb: 'send', channel, ...this.#bound.said(bytes, before?.hex) });
  }

  /** Nothing came for a while before the peer went on: that nothing comes is a part of what was captured. */
  #pause(time: Instant): void {
    const length = this.#last === undefined ? 0 : since(this.#last, time);
    this.#last = time;
    const channels = [...this.#talks.values()]
      .filter(({ over, ended }) => !over && !ended)
      .map(({ channel }) => channel)
      .filter(channel => this.#wiring.channels[channel]?.direction !== 'out');
    if (length >= PAUSE && channels.length > 0)
      this.#steps.push({ verb: 'expect-silence', channels, lasting: micros(length * (1 - PAUSE_SLACK)) });
  }

  // ── what it did itself ────────────────────────────────────────────────────────────────────────────────────────────

  #own(
    { channel, time }: TraceEvent,
    decode: (decoder: Decoder) => readonly (Message | { readonly kind: 'violation'; readonly detail: string })[],
    ends = false,
  ): void {
    const talk = this.#talks.get(streamOf(channel));
    if (talk === undefined || talk.over || talk.ended || this.#wiring.channels[talk.channel]?.direction === 'out') return;
    talk.from ??= this.#last ?? time;
    this.#last = time;
    for (const item of talk.decoder === undefined ? [] : decode(talk.decoder)) {
      if (item.kind === 'violation') {
        this.#flush();
        this.#cut(channel, `what ${channel} has behind bytes that break the format: ${item.detail}`);
        return;
      }
      this.#messages++;
      if (this.#wiring.startOf !== undefined) this.#said.push(item);
      talk.awaited.push(this.#bound.expected(item));
    }
    // Nobody sees a socket of datagrams end.
    if (!ends || this.#wiring.channels[talk.channel]?.datagrams !== undefined) return;
    talk.ended = true;
    this.#ending.add(talk);
  }

  readonly #ending = new Set<Talk>();

  /**
   * Of the pipes that it was never seen to write to nobody knows more than that they ended without a word; of standard output, which is as a rule there
   * before a log begins, not even that.
   */
  #exit(data: EventData, time: Instant): void {
    if (this.#worker) return;
    if (data['signal'] === 'SIGKILL') this.#signal('SIGKILL', time);
    this.#flush();
    const within = this.#wait(time);
    const said = [...this.#talks.values()].map(({ channel }) => channel);
    for (const channel of this.#channels.written)
      if (!said.includes(channel) && this.#wiring.channels[channel]?.descriptor !== STDOUT)
        this.#steps.push({ verb: 'expect-sequence', channel, items: [], thenEof: true, within });
    const { code, signal } = data;
    this.#steps.push({
      verb: 'expect-exit',
      ...(typeof code === 'number' ? { codes: [code] } : {}),
      ...(SIGNALS.includes(signal as Signal) ? { signals: [signal as Signal] } : {}),
      within,
    });
  }

  /** What was said until now is awaited before anything else is done. */
  #flush(): void {
    for (const talk of this.#talks.values()) {
      const thenEof = this.#ending.delete(talk);
      if (talk.awaited.length === 0 && !thenEof) continue;
      this.#steps.push({
        verb: 'expect-sequence',
        channel: talk.channel,
        items: talk.awaited,
        ...(thenEof ? { thenEof } : {}),
        within: this.#wait(talk.from),
      });
      talk.awaited = [];
      talk.from = undefined;
    }
  }

  /** Three times as long as it took. */
  #wait(from: Instant | undefined): Duration {
    return micros(Math.max(PATIENCE, from === undefined || this.#last === undefined ? 0 : 3 * since(from, this.#last)));
  }
}

const STDOUT = 1;

const streamOf = (channel: string): string => channel.replace(/[<>]$/, '');
