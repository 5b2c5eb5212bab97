/**
 * What each stream and each socket of datagrams had to say, counted while a capture is read: of packets directly, of a log by its events.
 * Lacks: an account of more of them than the limit: the rest are counted.
 */
import { EMPTY } from '../host/bytes.ts';
import type { Instant } from '../host/time.ts';
import { HOLE } from '../trace/decoded.ts';
import type { EventKind, TraceEvent } from '../trace/event.ts';
import { CARRIERS, type Decoder, type Decoders, type FormatViolation, streamOf } from '../trace/message.ts';
import { type Endpoint, endpointText } from './endpoint.ts';
import type { Connection, FlowSink } from './flow.ts';
import { Guesses, type Progress, type Side, type StreamGuess } from './guess.ts';
import { HELD_LIMIT } from './limits.ts';

/** Streams and sockets that are told of, unless fewer are asked for. */
export const FLOW_LIMIT = 10_000;

export interface DirectionAccount {
  readonly bytes: number;
  readonly messages: number;
  /** Bytes that the capture has not. */
  readonly missing: number;
  /** Where it stopped to be what the protocol says. */
  readonly violation: FormatViolation | undefined;
}

export interface FlowAccount {
  readonly channel: string;
  /** That it speaks, where that was guessed; `null`: none that is known makes sense of it. */
  readonly protocol?: string | null;
  /** Bytes of the file before the packet or the line that began it. */
  readonly offset: number;
  /** `10.0.0.2:40000`; of datagrams who sent. */
  readonly from: string;
  readonly to: string;
  readonly first: Instant;
  readonly last: Instant;
  /** It was there before the capture. */
  readonly midway: boolean;
  readonly end: 'open' | 'closed' | 'reset';
  readonly sent: DirectionAccount;
  readonly received: DirectionAccount;
}

export class FlowAccounts {
  readonly #by: Decoders | Guesses;
  readonly #limit: number;
  readonly #onlyGuess: boolean;
  readonly #accounts: Account[] = [];
  /** Streams and sockets beyond the limit. */
  omitted = 0;
  /** What the decoders of all have of messages that are not whole. */
  readonly held: Held = { bytes: 0 };
  /** Where the file is read. */
  offset: () => number = () => 0;

  /**
   * `by`: these decoders tell of streams, or those of the protocol that each is guessed to speak. `limit`: streams and sockets that are told of.
   * `onlyGuess`: nobody asks what a stream says, once it is known what it speaks.
   */
  constructor(by: Decoders | Guesses, limit: number = FLOW_LIMIT, onlyGuess: boolean = false) {
    this.#by = by;
    this.#limit = limit;
    this.#onlyGuess = onlyGuess;
  }

  get flows(): readonly FlowAccount[] {
    for (const each of this.#accounts) each.settle();
    return this.#accounts.map(each => each.told());
  }

  /** `undefined` beyond the limit. */
  open(channel: string, from: string, to: string, time: number, midway: boolean): Account | undefined {
    if (this.#accounts.length >= this.#limit) {
      this.omitted++;
      return undefined;
    }
    const beginning = { channel, from, to, first: time as Instant, midway, offset: this.offset() };
    const account = new Account(beginning, this.#by, this.held, this.#onlyGuess);
    this.#accounts.push(account);
    return account;
  }
}

interface Held {
  bytes: number;
}

type Beginning = Pick<FlowAccount, 'channel' | 'from' | 'to' | 'first' | 'midway' | 'offset'>;

export class Account {
  readonly #beginning: Beginning;
  last: Instant;
  end: FlowAccount['end'] = 'open';
  readonly sent: Direction;
  readonly received: Direction;
  readonly #guess: StreamGuess | undefined;

  constructor(beginning: Beginning, by: Decoders | Guesses, held: Held, onlyGuess: boolean) {
    this.#beginning = beginning;
    this.last = beginning.first;
    const { channel } = beginning;
    if (by instanceof Guesses) {
      this.#guess = by.stream(channel, guess => {
        const decoder = onlyGuess || guess.protocol === undefined ? undefined : decoderOf(by.known[guess.protocol] ?? {}, channel);
        for (const [side, direction] of [this.sent, this.received].entries())
          direction.decide(decoder === undefined ? undefined : guess.progress(guess.protocol ?? '', side as Side), this.#fresh(decoder));
      });
      this.sent = new Direction(undefined, undefined, held, this.#guess, 0);
      this.received = new Direction(undefined, undefined, held, this.#guess, 1);
    } else {
      this.#guess = undefined;
      const decoder = decoderOf(by, channel);
      this.sent = new Direction(decoder?.(), this.#fresh(decoder), held);
      this.received = new Direction(decoder?.(), this.#fresh(decoder), held);
    }
  }

  #fresh(decoder: (() => Decoder | undefined) | undefined): (() => Decoder | undefined) | undefined {
    return this.#beginning.channel.startsWith('udp') ? decoder : undefined;
  }

  /** Behind a hole nobody knows where a message begins. */
  hole(side: Side, length: number): void {
    (side === 0 ? this.sent : this.received).hole(length);
    this.#guess?.end(side, true);
  }

  /** Of one direction. */
  finish(side: Side): void {
    (side === 0 ? this.sent : this.received).finish();
    this.#guess?.end(side, false);
    if (this.end === 'open' && this.sent.over && this.received.over) this.end = 'closed';
  }

  reset(): void {
    this.end = 'reset';
    this.settle();
  }

  /** Nothing more is told of it: what it speaks is decided by what there is. */
  settle(): void {
    this.#guess?.decide();
  }

  told(): FlowAccount {
    const { channel, from, to, first, midway, offset } = this.#beginning;
    const protocol = this.#guess === undefined ? {} : { protocol: this.#guess.protocol ?? null };
    return {
      ...{ channel, ...protocol, offset, from, to, first, last: this.last, midway, end: this.end },
      ...{ sent: this.sent.told(), received: this.received.told() },
    };
  }
}

function decoderOf(decoders: Decoders, channel: string): (() => Decoder | undefined) | undefined {
  const carrier = CARRIERS.find(each => channel.startsWith(each));
  const make = carrier === undefined ? undefined : decoders[carrier];
  return make === undefined ? undefined : () => make('', channel);
}

class Direction {
  over = false;
  #decoder: Decoder | undefined;
  /** Makes a decoder for each datagram, which is a whole. */
  #fresh: (() => Decoder | undefined) | undefined;
  /** Takes what comes until it is decided what it is. */
  #guess: StreamGuess | undefined;
  readonly #side: Side;
  #bytes = 0;
  #messages = 0;
  #missing = 0;
  #violation: FormatViolation | undefined;
  readonly #all: Held;
  /** What the decoder holds, as it is counted in all. */
  #held = 0;

  constructor(
    decoder: Decoder | undefined,
    fresh: (() => Decoder | undefined) | undefined,
    held: Held,
    guess?: StreamGuess,
    side: Side = 0,
  ) {
    this.#decoder = decoder;
    this.#fresh = fresh;
    this.#all = held;
    this.#guess = guess;
    this.#side = side;
  }

  /** A part of `bytes`, which is not kept. */
  feed(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes += end - start;
    if (this.#guess !== undefined) {
      this.#guess.feed(this.#side, bytes, start, end);
      return;
    }
    if (this.#fresh !== undefined) this.#decoder = this.#fresh();
    if (this.#decoder !== undefined) this.#ask(this.#decoder, bytes.slice(start, end));
  }

  hole(length: number): void {
    this.#missing += length;
    this.#drop();
  }

  finish(): void {
    if (this.over) return;
    this.over = true;
    if (this.#decoder !== undefined && this.#fresh === undefined) this.#ask(this.#decoder, undefined);
  }

  /** What it is, and what was made of it so far; `undefined`: nothing, and nothing will be. */
  decide(progress: Progress | undefined, fresh: (() => Decoder | undefined) | undefined): void {
    this.#guess = undefined;
    if (progress === undefined) return;
    const { decoder, messages, violation } = progress;
    this.#messages = messages;
    this.#violation = violation;
    if (this.over || this.#missing > 0) return;
    this.#fresh = fresh;
    this.#decoder = decoder;
    if (fresh !== undefined) return;
    this.#hold(decoder?.held ?? 0);
    if (this.#violation !== undefined) this.#drop();
  }

  told(): DirectionAccount {
    return { bytes: this.#bytes, messages: this.#messages, missing: this.#missing, violation: this.#violation };
  }

  /** `bytes`: what comes next; `undefined`: nothing more. A decoder that throws, or has found that the format is broken, is not asked again. */
  #ask(decoder: Decoder, bytes: Uint8Array | undefined): void {
    try {
      const items = bytes === undefined ? decoder.end() : decoder.feed(bytes);
      for (let index = 0; index < items.length; index++) {
        const item = items[index];
        if (item?.kind === 'message') this.#messages++;
        else this.#violation ??= item;
      }
      if (this.#fresh === undefined) this.#hold(bytes === undefined ? 0 : (decoder.held ?? 0));
      if (this.#violation !== undefined && this.#fresh === undefined) this.#drop();
    } catch {
      this.#drop();
    }
  }

  /** What is a whole datagram holds nothing back. */
  #hold(bytes: number): void {
    this.#all.bytes += bytes - this.#held;
    this.#held = bytes;
    if (bytes === 0 || this.#all.bytes <= HELD_LIMIT) return;
    const detail = `more than ${HELD_LIMIT} bytes of messages have not come to their end: it is not decoded any further`;
    this.#violation ??= { kind: 'violation', clause: 'HELD_LIMIT', detail, offset: this.#bytes - bytes };
  }

  #drop(): void {
    this.#decoder = undefined;
    this.#all.bytes -= this.#held;
    this.#held = 0;
  }
}

/** Of packets. */
export class PacketAccounts implements FlowSink {
  readonly #accounts: FlowAccounts;
  /** By the place of a connection. */
  readonly #streams: (Account | undefined)[] = [];
  /** `undefined`: beyond the limit. */
  readonly #sockets = new Map<Endpoint, Account | undefined>();
  #socketCount = 0;
  began: number | undefined;

  constructor(accounts: FlowAccounts) {
    this.#accounts = accounts;
  }

  dialled(_connection: Connection, time: number): void {
    this.#time(time);
  }

  opened({ id, place, client, server, whole }: Connection, time: number): void {
    this.#streams[place] = this.#accounts.open(`tcp${id}`, endpointText(client), endpointText(server), this.#time(time), !whole);
  }

  refused(_connection: Connection, time: number): void {
    this.#time(time);
  }

  data(place: number, fromClient: boolean, bytes: Uint8Array, start: number, end: number, time: number): void {
    const account = this.#streams[place];
    if (account === undefined) return;
    account.last = this.#time(time) as Instant;
    (fromClient ? account.sent : account.received).feed(bytes, start, end);
  }

  hole({ place }: Connection, fromClient: boolean, length: number): void {
    this.#streams[place]?.hole(fromClient ? 0 : 1, length);
  }

  ended({ place }: Connection, fromClient: boolean, time: number): void {
    const account = this.#streams[place];
    if (account === undefined) return;
    account.last = this.#time(time) as Instant;
    account.finish(fromClient ? 0 : 1);
  }

  reset({ place }: Connection, _byClient: boolean, time: number): void {
    const account = this.#streams[place];
    if (account === undefined) return;
    account.last = this.#time(time) as Instant;
    account.reset();
  }

  forgotten({ place }: Connection): void {
    this.#streams[place]?.settle();
    this.#streams[place] = undefined;
  }

  endpointsForgotten(): void {
    this.#sockets.clear();
  }

  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number, time: number): void {
    const at = this.#time(time);
    for (const [endpoint, side] of [
      [from, 'sent'],
      [to, 'received'],
    ] as const) {
      if (!this.#sockets.has(endpoint))
        this.#sockets.set(endpoint, this.#accounts.open(`udp${++this.#socketCount}`, endpointText(endpoint), '*', at, false));
      const account = this.#sockets.get(endpoint);
      if (account === undefined) continue;
      account.last = at as Instant;
      account[side].feed(bytes, start, end);
    }
  }

  #time(time: number): number {
    this.began ??= time;
    return Math.max(0, time - this.began);
  }
}

/** Of the events of a log, in which each end of a stream has a channel of its own. */
export class EventAccounts {
  readonly #accounts: FlowAccounts;
  readonly #streams = new Map<string, Account>();
  /** Where the last `connect` of each process goes. */
  readonly #dialled = new Map<string, string>();

  constructor(accounts: FlowAccounts) {
    this.#accounts = accounts;
  }

  see({ kind, channel, process, time, data = {}, bytes = EMPTY }: TraceEvent): void {
    if (kind === 'connect') this.#dialled.set(process, String(data['to']));
    if (channel === '') return;
    const account = this.#accountOf(kind, channel, process, time, String(data['peer'] ?? data['at'] ?? ''));
    if (account === undefined) return;
    account.last = time;
    // `<` is what the end that was connected to writes; of a pipe both ends may be in the log.
    const isRead = kind === 'receive' || (channel.startsWith('pipe') && (kind === 'recv' || kind === 'eof'));
    const side = channel.endsWith('<') || isRead ? 1 : 0;
    if (kind === 'log' && data['event'] === HOLE) account.hole(side, Number(data['bytes']));
    else if (kind === 'reset' || (kind === 'close' && data['error'] !== undefined)) account.reset();
    else if (kind === 'end' || kind === 'eof') account.finish(side);
    else if (CARRYING.has(kind)) (side === 0 ? account.sent : account.received).feed(bytes, 0, bytes.length);
  }

  #accountOf(kind: EventKind, channel: string, process: string, time: Instant, at: string): Account | undefined {
    const stream = streamOf(channel);
    const found = this.#streams.get(stream);
    if (found !== undefined || !BEGINNINGS.has(kind)) return found;
    const [from, to] =
      kind === 'accept'
        ? [at || '?', process]
        : kind === 'bind'
          ? [at, '*']
          : [process, kind === 'open' ? (this.#dialled.get(process) ?? '?') : '?'];
    const account = this.#accounts.open(stream, from, to, time, false);
    if (account !== undefined) this.#streams.set(stream, account);
    return account;
  }
}

const CARRYING: ReadonlySet<EventKind> = new Set(['send', 'recv', 'datagram', 'receive'] as const);
/** What begins an account. */
const BEGINNINGS: ReadonlySet<EventKind> = new Set(['accept', 'open', 'bind', 'send', 'recv'] as const);
