/**
 * What each stream and each pair of datagram ends had to say, counted while the events of a capture pass by.
 * Lacks: an account of more than FLOW_LIMIT of them: the rest are counted.
 */
import type { EventData } from '../host/event.ts';
import type { Instant } from '../host/time.ts';
import { DecodedTrace, HOLE } from '../trace/decoded.ts';
import type { EventKind, TraceEvent } from '../trace/event.ts';
import type { Decoders, FormatViolation } from '../trace/message.ts';

/** Streams and sockets that are told of. */
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

type Side = 'sent' | 'received';

export class FlowAccounts {
  readonly #flows = new Map<string, Account>();
  readonly #decoded: DecodedTrace;
  /** Where a `connect` goes, by its index. */
  readonly #dialled = new Map<number, string>();
  #omitted = new Set<string>();

  constructor(decoders: Decoders) {
    this.#decoded = new DecodedTrace(decoders);
  }

  get flows(): readonly FlowAccount[] {
    return [...this.#flows.values()].map(each => each.told());
  }

  get omitted(): number {
    return this.#omitted.size;
  }

  see(event: TraceEvent): void {
    const { kind, channel, data = {} } = event;
    if (kind === 'connect') this.#dialled.set(event.index, String(data['to']));
    const stream = channel.replace(/[<>]$/, '');
    if (stream === '') return;
    let account = this.#flows.get(stream);
    if (account === undefined) {
      if (!BEGINNINGS.has(kind)) return;
      if (this.#flows.size >= FLOW_LIMIT) {
        this.#omitted.add(stream);
        return;
      }
      account = new Account(stream, event, endsOf(event, this.#dialled.get(event.cause)));
      this.#dialled.delete(event.cause);
      this.#flows.set(stream, account);
    }
    account.last = event.time;
    this.#count(account, event, data);
  }

  #count(account: Account, event: TraceEvent, data: EventData): void {
    const { kind, channel, bytes } = event;
    if (kind === 'reset') account.end = 'reset';
    const side: Side = channel.endsWith('<') || kind === 'receive' ? 'received' : 'sent';
    if (kind === 'log' && data['event'] === HOLE) account.missing[side] += Number(data['bytes']);
    if ((kind === 'eof' || kind === 'end') && account.isOver(channel) && account.end === 'open') account.end = 'closed';
    const items = this.#decoded.see(event);
    if (!account.counts(side, kind)) return;
    account.bytes[side] += bytes?.length ?? 0;
    for (const item of items) {
      if (item.kind === 'message') account.messages[side]++;
      else account.violations[side] ??= item;
    }
  }
}

/** What begins an account. */
const BEGINNINGS: ReadonlySet<EventKind> = new Set(['accept', 'open', 'bind', 'send', 'recv'] as const);
const COUNTED: Readonly<Partial<Record<EventKind, 'sender' | 'receiver'>>> = {
  send: 'sender',
  end: 'sender',
  datagram: 'sender',
  recv: 'receiver',
  eof: 'receiver',
  receive: 'receiver',
};

function endsOf({ kind, data = {}, process }: TraceEvent, dialled: string | undefined): readonly [from: string, to: string] {
  if (kind === 'bind') return [String(data['at']), '*'];
  if (kind === 'accept') return [String(data['peer']), dialled ?? process];
  return [process, dialled ?? '?'];
}

class Account {
  readonly #channel: string;
  readonly #ends: readonly [from: string, to: string];
  readonly #first: Instant;
  readonly #midway: boolean;
  readonly #by: Partial<Record<Side, 'sender' | 'receiver'>> = {};
  readonly #ended = new Set<string>();
  last: Instant;
  end: FlowAccount['end'] = 'open';
  readonly bytes: Record<Side, number> = { sent: 0, received: 0 };
  readonly messages: Record<Side, number> = { sent: 0, received: 0 };
  readonly missing: Record<Side, number> = { sent: 0, received: 0 };
  readonly violations: Record<Side, FormatViolation | undefined> = { sent: undefined, received: undefined };

  constructor(channel: string, { time, data }: TraceEvent, ends: readonly [string, string]) {
    this.#channel = channel;
    this.#ends = ends;
    this.#first = this.last = time;
    this.#midway = data?.['midway'] === true;
  }

  /** Where both ends were seen, what is received was sent: the first of the two that comes is counted. */
  counts(side: Side, kind: EventKind): boolean {
    const by = COUNTED[kind];
    if (by === undefined) return false;
    this.#by[side] ??= by;
    return this.#by[side] === by;
  }

  /** Both directions have ended, this one with it. */
  isOver(channel: string): boolean {
    this.#ended.add(channel);
    return this.#ended.size === 2;
  }

  told(): FlowAccount {
    const [from, to] = this.#ends;
    const side = (of: Side): DirectionAccount => ({
      bytes: this.bytes[of],
      messages: this.messages[of],
      missing: this.missing[of],
      violation: this.violations[of],
    });
    const { end, last } = this;
    return {
      channel: this.#channel,
      from,
      to,
      first: this.#first,
      last,
      midway: this.#midway,
      end,
      sent: side('sent'),
      received: side('received'),
    };
  }
}
