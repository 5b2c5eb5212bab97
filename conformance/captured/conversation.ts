/**
 * What a capture, or any other trace, has of one implementation as a case: what its peers did to it is done again, in the same order and with the same
 * pauses, and what it said then is awaited, field by field, as the table of its role says (Varying).
 * Lacks: pipes and descriptors; datagrams to more than one peer; messages of a length that a bound value in them changes; a second key that is
 * drawn while the first one is still used.
 */

import { concat, EMPTY, hex, unhex, utf8 } from '../../src/host/bytes.ts';
import { type Duration, type Instant, micros, seconds, since } from '../../src/host/time.ts';
import { HOLE } from '../../src/trace/decoded.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { rowOf, type Varying } from '../../src/trace/varying.ts';
import type { Case, ChannelName, Decoder, ExpectedMessage, FieldPattern, Message, Retelling, Save, Step, Wiring } from '../case.ts';

export interface ConversationOptions {
  readonly role: string;
  readonly wiring: Wiring;
  /** The lane of the implementation; absent: the one that has most of what the role has. */
  readonly process?: string;
  /** The requirement that is broken where it does something else. */
  readonly requirement: string;
  readonly id: string;
  readonly title: string;
}

export interface Conversation {
  readonly testCase: Case;
  readonly process: string;
  /** Streams and messages of it that are in the case. */
  readonly streams: number;
  readonly messages: number;
  /** What is in the capture and not in the case, and why; a sentence each. */
  readonly left: readonly string[];
}

/** How long an answer is waited for, at least; and a pause that is kept. */
const PATIENCE = seconds(10);
const PAUSE = seconds(1);
/** Of a pause, what is not watched at its end: an answer may come a little earlier than it did. */
const PAUSE_SLACK = 0.2;
/** Bound values that are shorter stand in too many messages by accident. */
const BOUND_LEAST = 3;
const STEP_LIMIT = 10_000;
/** Where nothing is said of a field. */
const EXACT: Pick<Varying, 'mode' | 'as'> = { mode: 'exact' };

/** Throws an Error that says why there is none. */
export function conversationOf(events: readonly TraceEvent[], options: ConversationOptions): Conversation {
  const process = options.process ?? busiest(events, options.wiring);
  if (process === undefined)
    throw new Error(`nobody in it ${calls(options.wiring) ? 'connects' : 'is connected to'} as the role ${options.role} does`);
  if (!events.some(event => event.process === process))
    throw new Error(`no process ${process} is in it; there are ${lanes(events).join(', ')}`);
  const maker = new CaseMaker(options.wiring);
  for (const event of events) if (event.process === process) maker.see(event);
  const { steps, deadline, streams, messages, left } = maker.finish();
  if (streams === 0) throw new Error(`${process} has no connection in it that can be played; ${left.join('; ')}`);
  const { role, requirement, id, title } = options;
  return { testCase: { id, rev: 1, title, role, requirements: [requirement], steps, deadline }, process, streams, messages, left };
}

/** The implementation of the role opens connections itself. */
const calls = ({ environment }: Wiring): boolean => (environment?.accepts.length ?? 0) > 0;
const lanes = (events: readonly TraceEvent[]): readonly string[] => [...new Set(events.map(({ process }) => process))].slice(0, 20);

function busiest(events: readonly TraceEvent[], wiring: Wiring): string | undefined {
  const kinds = Object.values(wiring.channels).some(({ datagrams }) => datagrams !== undefined)
    ? ['datagram']
    : calls(wiring)
      ? ['open']
      : ['accept'];
  const counts = new Map<string, number>();
  for (const { kind, process, channel } of events)
    if (kinds.includes(kind) && channel !== '') counts.set(process, (counts.get(process) ?? 0) + 1);
  return [...counts].reduce<readonly [string, number] | undefined>(
    (best, each) => (best === undefined || each[1] > best[1] ? each : best),
    undefined,
  )?.[0];
}

/** One connection, or the socket of datagrams. */
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
}

class CaseMaker {
  readonly #wiring: Wiring;
  readonly #steps: Step[] = [{ verb: 'start' }];
  readonly #talks = new Map<string, Talk>();
  readonly #dialled: readonly ChannelName[];
  readonly #accepted: readonly ChannelName[];
  readonly #left = new Set<string>();
  /** Captured text of bound values, by the name under which a play saves its own. */
  readonly #bound = new Map<string, string>();
  /** Those that channels look for. */
  readonly #saved = new Map<string, string>();
  #dials = 0;
  #accepts = 0;
  #streams = 0;
  #messages = 0;
  #last: Instant | undefined;

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
    this.#accepted = wiring.environment?.accepts ?? [];
    const sockets = Object.entries(wiring.channels).filter(
      ([, { descriptor, direction }]) => descriptor === undefined && direction === 'both',
    );
    this.#dialled = sockets.map(([name]) => name).filter(name => !this.#accepted.includes(name));
  }

  see(event: TraceEvent): void {
    const { kind, channel, data = {}, bytes, time } = event;
    if (this.#steps.length > STEP_LIMIT) {
      this.#left.add(`what comes after ${STEP_LIMIT} steps`);
      return;
    }
    switch (kind) {
      case 'accept':
        this.#open(event, this.#dialled[this.#dials++], name => ({ verb: 'dial', channel: name, to: { tcp: 'port' }, within: PATIENCE }));
        return;
      case 'open':
        if (data['error'] === undefined)
          this.#open(event, this.#accepted[this.#accepts++], name => ({ verb: 'expect-open', channel: name, within: this.#wait(time) }));
        return;
      case 'bind':
        this.#bindings(channel);
        return;
      case 'recv':
      case 'receive':
        if (bytes !== undefined) this.#peer(event, talk => this.#tell(talk.channel, talk.retelling?.feed(bytes) ?? [bytes]));
        return;
      case 'eof':
        this.#peer(event, talk => {
          this.#tell(talk.channel, talk.retelling?.end() ?? []);
          this.#steps.push({ verb: 'half-close', channel: talk.channel });
        });
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
    if (name === undefined || !stream.startsWith('tcp')) {
      this.#left.add(name === undefined ? 'connections beyond those that the role has channels for' : `${stream}, which is no TCP`);
      return;
    }
    this.#flush();
    this.#pause(time);
    this.#steps.push(step(name));
    this.#talk(stream, name);
  }

  #bindings(channel: string): void {
    const found = Object.entries(this.#wiring.channels).find(([, { datagrams }]) => datagrams === 'port');
    if (found !== undefined && !this.#talks.has(channel) && this.#streams === 0) this.#talk(channel, found[0]);
  }

  #talk(stream: string, channel: ChannelName): void {
    const { decoder, retelling } = this.#wiring.channels[channel] ?? {};
    const means = { decoder: decoder?.(this.#saved), retelling: retelling?.(this.#saved) };
    this.#talks.set(stream, { channel, ...means, awaited: [], ended: false, from: undefined, over: false });
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
    if (talk === undefined || talk.over) return;
    this.#flush();
    this.#pause(time);
    act(talk);
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
    const said = before?.hex ?? '';
    const longest = Math.max(0, ...[...this.#bound.values()].map(text => utf8(text).length));
    const looked = Math.max(0, said.length - 2 * longest);
    const again = concat([unhex(said.slice(looked)) ?? EMPTY, bytes]);
    const insert: { at: number; saved: string }[] = [];
    let digits = said.slice(0, looked);
    let at = 0;
    while (at < again.length) {
      const found = this.#boundAt(again, at);
      if (found === undefined) digits += hex(again.subarray(at, ++at));
      else {
        insert.push({ at: digits.length / 2, saved: found.name });
        at += found.length;
      }
    }
    if (before !== undefined) this.#steps.pop();
    this.#steps.push({ verb: 'send', channel, hex: digits, ...(insert.length === 0 ? {} : { insert }) });
  }

  #boundAt(bytes: Uint8Array, at: number): { readonly name: string; readonly length: number } | undefined {
    for (const [name, text] of this.#bound) {
      const wanted = utf8(text);
      if (wanted.every((byte, index) => bytes[at + index] === byte)) return { name, length: wanted.length };
    }
    return undefined;
  }

  /** Nothing came for a while before the peer went on: that nothing comes is a part of what was captured. */
  #pause(time: Instant): void {
    const length = this.#last === undefined ? 0 : since(this.#last, time);
    this.#last = time;
    const channels = [...this.#talks.values()].filter(({ over, ended }) => !over && !ended).map(({ channel }) => channel);
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
    if (talk === undefined || talk.over || talk.ended) return;
    talk.from ??= this.#last ?? time;
    this.#last = time;
    for (const item of talk.decoder === undefined ? [] : decode(talk.decoder)) {
      if (item.kind === 'violation') {
        this.#flush();
        this.#cut(channel, `what ${channel} has behind bytes that break the format: ${item.detail}`);
        return;
      }
      this.#messages++;
      talk.awaited.push(this.#expected(item));
    }
    talk.ended ||= ends;
    if (ends) this.#ending.add(talk);
  }

  readonly #ending = new Set<Talk>();

  #expected(message: Message): ExpectedMessage {
    const fields: Record<string, FieldPattern> = {};
    const save: Save[] = [];
    for (const [field, value] of Object.entries(message.fields)) {
      const { mode, as = `captured-${letters(this.#bound.size)}` } =
        rowOf(this.#wiring.varies ?? [], message.type, field, String(value)) ?? EXACT;
      if (mode === 'exact') fields[field] = value;
      else if (mode !== 'ignore') fields[field] = { form: 'any' };
      if (mode !== 'bound' || String(value).length < BOUND_LEAST) continue;
      // Of two equal values the first one is bound.
      save.push({ field, as });
      this.#saved.set(as, String(value));
      if (![...this.#bound.values()].includes(String(value))) this.#bound.set(as, String(value));
    }
    const [first = ''] = Object.values(message.fields).map(String);
    return {
      message: { type: message.type, fields, name: first === '' ? message.type : `${message.type} ${first.slice(0, 60)}` },
      times: 'one',
      ...(save.length === 0 ? {} : { save }),
    };
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

const streamOf = (channel: string): string => channel.replace(/[<>]$/, '');

/** The names of saved values have no digits. */
const letters = (number: number): string =>
  number.toString(26).replace(/./g, digit => String.fromCharCode(97 + Number.parseInt(digit, 26)));
