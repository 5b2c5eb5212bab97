/**
 * What each stream and each socket of datagrams had to say, counted while a capture is read: of packets directly, of a log by its events.
 * Lacks: an account of more of them than the limit: the rest are counted.
 */
import { EMPTY } from '../host/bytes.ts';
import type { Instant } from '../host/time.ts';
import { HOLE } from '../trace/decoded.ts';
import type { EventKind, TraceEvent } from '../trace/event.ts';
import { CARRIERS, type Carrier, type Decoder, type Decoders, type FormatViolation } from '../trace/message.ts';
import { type Endpoint, endpointText } from './endpoint.ts';
import type { Connection, FlowSink } from './flow.ts';
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
  readonly #decoders: Decoders;
  readonly #limit: number;
  readonly #accounts: Account[] = [];
  /** Streams and sockets beyond the limit. */
  omitted = 0;
  /** What the decoders of all have of messages that are not whole. */
  readonly held: Held = { bytes: 0 };

  /** `limit`: streams and sockets that are told of. */
  constructor(decoders: Decoders, limit: number = FLOW_LIMIT) {
    this.#decoders = decoders;
    this.#limit = limit;
  }

  get flows(): readonly FlowAccount[] {
    return this.#accounts.map(each => each.told());
  }

  /** `undefined` beyond the limit. */
  open(channel: string, from: string, to: string, time: number, midway: boolean): Account | undefined {
    if (this.#accounts.length >= this.#limit) {
      this.omitted++;
      return undefined;
    }
    const carrier = CARRIERS.find(each => channel.startsWith(each));
    const account = new Account({ channel, from, to, first: time as Instant, midway }, this.#decoderOf(carrier), this.held);
    this.#accounts.push(account);
    return account;
  }

  #decoderOf(carrier: Carrier | undefined): () => Decoder | undefined {
    const make = carrier === undefined ? undefined : this.#decoders[carrier];
    return () => make?.('');
  }
}

interface Held {
  bytes: number;
}

type Beginning = Pick<FlowAccount, 'channel' | 'from' | 'to' | 'first' | 'midway'>;

export class Account {
  readonly #beginning: Beginning;
  last: Instant;
  end: FlowAccount['end'] = 'open';
  readonly sent: Direction;
  readonly received: Direction;

  constructor(beginning: Beginning, decoder: () => Decoder | undefined, held: Held) {
    this.#beginning = beginning;
    this.last = beginning.first;
    const whole = beginning.channel.startsWith('udp') ? decoder : undefined;
    this.sent = new Direction(decoder(), whole, held);
    this.received = new Direction(decoder(), whole, held);
  }

  /** Both directions have ended. */
  close(): void {
    if (this.end === 'open' && this.sent.over && this.received.over) this.end = 'closed';
  }

  told(): FlowAccount {
    const { channel, from, to, first, midway } = this.#beginning;
    return { channel, from, to, first, last: this.last, midway, end: this.end, sent: this.sent.told(), received: this.received.told() };
  }
}

class Direction {
  over = false;
  #decoder: Decoder | undefined;
  /** Makes a decoder for each datagram, which is a whole. */
  readonly #fresh: (() => Decoder | undefined) | undefined;
  #bytes = 0;
  #messages = 0;
  #missing = 0;
  #violation: FormatViolation | undefined;
  readonly #all: Held;
  /** What the decoder holds, as it is counted in all. */
  #held = 0;

  constructor(decoder: Decoder | undefined, fresh: (() => Decoder | undefined) | undefined, held: Held) {
    this.#decoder = decoder;
    this.#fresh = fresh;
    this.#all = held;
  }

  /** A part of `bytes`, which is not kept. */
  feed(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes += end - start;
    if (this.#fresh !== undefined) this.#decoder = this.#fresh();
    if (this.#decoder !== undefined) this.#ask(this.#decoder, bytes.slice(start, end));
  }

  /** Behind a hole nobody knows where a message begins. */
  hole(length: number): void {
    this.#missing += length;
    this.#drop();
  }

  finish(): void {
    if (this.over) return;
    this.over = true;
    if (this.#decoder !== undefined && this.#fresh === undefined) this.#ask(this.#decoder, undefined);
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
    const account = this.#streams[place];
    if (account !== undefined) (fromClient ? account.sent : account.received).hole(length);
  }

  ended({ place }: Connection, fromClient: boolean, time: number): void {
    const account = this.#streams[place];
    if (account === undefined) return;
    account.last = this.#time(time) as Instant;
    (fromClient ? account.sent : account.received).finish();
    account.close();
  }

  reset({ place }: Connection, _byClient: boolean, time: number): void {
    const account = this.#streams[place];
    if (account === undefined) return;
    account.last = this.#time(time) as Instant;
    account.end = 'reset';
  }

  forgotten({ place }: Connection): void {
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
    // `<` is what the end that was connected to writes.
    const side = channel.endsWith('<') || kind === 'receive' ? account.received : account.sent;
    if (kind === 'log' && data['event'] === HOLE) side.hole(Number(data['bytes']));
    else if (kind === 'reset' || (kind === 'close' && data['error'] !== undefined)) account.end = 'reset';
    else if (kind === 'end' || kind === 'eof') {
      side.finish();
      account.close();
    } else if (CARRYING.has(kind)) side.feed(bytes, 0, bytes.length);
  }

  #accountOf(kind: EventKind, channel: string, process: string, time: Instant, at: string): Account | undefined {
    const stream = channel.replace(/[<>]$/, '');
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
