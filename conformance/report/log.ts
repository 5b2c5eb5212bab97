/**
 * The wire log of a case: what its trace says, told for people. Bytes are put together until they make a message, notes are
 * kept where they explain the messages.
 * Lacks: timers, and whatever the tester does only for itself; the trace has them.
 */
import { concat, EMPTY, hex, printable, textOf, unhex } from '../../src/host/bytes.ts';
import type { EventData } from '../../src/host/event.ts';
import type { Instant } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Case, ChannelName, Wiring } from '../case.ts';
import type { Fed } from '../judge/judge.ts';
import { feed } from '../judge/judge.ts';
import { describeItem } from '../judge/match.ts';
import { NOTE } from '../judge/notes.ts';
import { itemsOf } from './items.ts';
import { type LogItem, type LogLine, NONE, type ReportEnd } from './report.ts';

/** Lines of one case; an implementation decides how many there could be. */
export const LOG_LIMIT = 200;
/** Bytes of the line at which the verdict fell; every other line has as many as there is room for in its case, and the first ones anyhow. */
const DECIDED_BYTES = 4_096;
const LINE_BYTES = 64;
const CASE_BYTES = 16_384;
const TEXT_LIMIT = 200;
/** Bytes without a message in them make a line of their own then. */
const HELD_LIMIT = 4_096;

export interface WireLog {
  readonly lines: readonly LogLine[];
  readonly omitted: number;
  readonly ends: readonly ReportEnd[];
  /** The line at which the verdict fell: the last thing that came, or the deadline. */
  readonly decided: number;
}

export function wireLog(testCase: Case, wiring: Wiring, events: readonly TraceEvent[], tester: string): WireLog {
  const writer = new LogWriter(wiring);
  feed(testCase, wiring, events, tester, telling => writer.take(telling));
  return writer.finish();
}

interface Held {
  readonly parts: Uint8Array[];
  length: number;
  at: Instant;
  /** Items of the channel that have been told. */
  shown: number;
  /** Bytes of the channel that have been told. */
  before: number;
}

class LogWriter {
  readonly #wiring: Wiring;
  readonly #lines: LogLine[] = [];
  readonly #held: Map<ChannelName, Held> = new Map();
  readonly #ends: Map<ChannelName, ReportEnd['how']> = new Map();
  #omitted = 0;
  #step: number = NONE;
  #decided: number = NONE;
  #lastPeer: number = NONE;
  #forks = false;

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
  }

  take(telling: Fed): void {
    const { event, channel } = telling;
    if (event.kind === 'log') this.#note(event, event.data ?? {}, telling);
    else if (channel === undefined) this.#world(event, event.data ?? {});
    else this.#onChannel(telling, channel);
  }

  finish(): WireLog {
    for (const channel of this.#held.keys()) this.#flush(channel, undefined);
    const channels = Object.entries(this.#wiring.channels).filter(([, { descriptor }]) => descriptor !== 1 && descriptor !== 2);
    const ends = channels.map(([channel, { direction, start = 1 }]): ReportEnd => {
      const how = this.#ends.get(channel);
      return { channel, how: how ?? (direction === 'both' || start > 1 ? 'never opened' : 'open') };
    });
    const seen = ends.filter(({ how }) => how !== 'never opened');
    return { lines: this.#trimmed(), omitted: this.#omitted, ends: seen, decided: this.#decided };
  }

  /** With as many bytes as a report has room for. */
  #trimmed(): readonly LogLine[] {
    let room = CASE_BYTES;
    return this.#lines.map((line, index) => {
      const bytes = index === this.#decided ? DECIDED_BYTES : Math.max(LINE_BYTES, room);
      const hex = line.hex.slice(0, 2 * bytes);
      room -= Math.max(0, hex.length / 2 - LINE_BYTES);
      return { ...line, hex };
    });
  }

  #onChannel({ event, machine }: Fed, channel: ChannelName): void {
    switch (event.kind) {
      case 'attach':
        this.#ends.set(channel, 'open');
        return;
      case 'datagram':
        this.#line(event.time, 'tester', channel, this.#meaning(channel, event.bytes ?? EMPTY), event.bytes);
        return;
      case 'send':
        this.#line(event.time, 'tester', channel, printable(textOf(event.bytes ?? EMPTY), TEXT_LIMIT), event.bytes);
        return;
      case 'bind':
        this.#ends.set(channel, 'open');
        return;
      case 'receive':
        this.#hold(event, channel);
        this.#flush(channel, machine, 0);
        return;
      case 'recv':
        this.#hold(event, channel);
        if (machine.inbox(channel).history.length > this.#heldOf(channel, event.time).shown || this.#isFull(channel))
          this.#flush(channel, machine);
        return;
      case 'open':
      case 'accept':
        this.#ends.set(channel, 'open');
        this.#line(event.time, event.kind === 'open' ? 'tester' : 'peer', channel, event.kind === 'open' ? 'connects' : 'connects to us');
        return;
      case 'eof':
        this.#flush(channel, machine);
        this.#ended(event.time, channel, 'peer', 'half-closed by it', 'ends its direction');
        return;
      case 'end':
        this.#line(event.time, 'tester', channel, 'ends its direction');
        return;
      case 'close':
      case 'reset':
        this.#flush(channel, machine);
        this.#closed(event, channel);
        return;
      default:
    }
  }

  #closed(event: TraceEvent, channel: ChannelName): void {
    const error = event.data?.['error'];
    if (event.kind === 'reset') this.#ended(event.time, channel, 'tester', 'reset by us', 'resets');
    else if (error !== undefined)
      this.#ended(event.time, channel, 'peer', 'reset by it', `breaks: ${printable(String(error), TEXT_LIMIT)}`);
    else if (this.#ends.get(channel) === 'half-closed by it') this.#ends.set(channel, 'closed by it');
    else this.#ended(event.time, channel, 'tester', 'closed by us', 'closes');
  }

  #ended(at: Instant, channel: ChannelName, from: LogLine['from'], how: ReportEnd['how'], text: string): void {
    this.#ends.set(channel, how);
    // Output is closed by whoever ends: that is told once, as the end of the process.
    if (this.#decided < 0) this.#line(at, from, channel, text);
  }

  #world(event: TraceEvent, data: EventData): void {
    // Of one that forks, the main process is no child of the tester: its end is a note.
    if (event.kind === 'wait' && !this.#forks) this.#line(event.time, 'peer', '', endText(data));
    else if (event.kind === 'kill') this.#line(event.time, 'tester', '', `${data['signal']}`);
  }

  #note(event: TraceEvent, data: EventData, { observations, machine }: Fed): void {
    switch (data['event']) {
      case NOTE.step:
        this.#step = Number(data['step']);
        return;
      case NOTE.started:
        this.#forks = data['forks'] === true;
        this.#line(event.time, 'note', '', data['attached'] === true ? 'the implementation is there' : 'the implementation is started');
        return;
      case NOTE.main:
        this.#line(event.time, 'peer', '', `goes on as another process, known by its ${data['by']}`);
        return;
      case NOTE.broke:
        this.#line(event.time, 'tester', String(data['channel']), `a fault breaks it: ${data['how']}`);
        return;
      case NOTE.gone:
        this.#line(event.time, 'peer', '', endText(data));
        return;
      case NOTE.ready:
        this.#line(event.time, 'note', '', `it is ready: ${data['by']}`);
        return;
      case NOTE.notReady:
        this.#line(event.time, 'note', '', `it is not ready: ${data['why']}`);
        return;
      case NOTE.notStarted:
        this.#line(event.time, 'note', '', `it cannot be started: ${data['code']}`);
        return;
      case NOTE.file:
        this.#line(
          event.time,
          'peer',
          '',
          `the file ${data['path']} ${data['there'] === true ? `has ${printable(String(data['text']), TEXT_LIMIT)}` : 'is not there'}`,
        );
        return;
      case NOTE.content:
        this.#content(event, data, machine);
        return;
      case NOTE.asked:
        this.#line(event.time, 'note', '', `${data['reader']} is run`);
        return;
      case NOTE.report:
        for (const each of observations)
          if (each.kind === 'bytes') this.#items(event.time, each.channel, machine.inbox(each.channel).history);
        return;
      case NOTE.verdict:
        this.#verdict(event, machine);
        return;
      default:
    }
  }

  #content({ time }: TraceEvent, data: EventData, machine: Fed['machine']): void {
    const item = machine.inbox(String(data['channel'])).history.at(-1);
    const text = data['there'] === true && item !== undefined ? `holds ${describeItem(item, 0)}` : 'is not there';
    const bytes = unhex(String(data['hex'])) ?? EMPTY;
    const items = data['there'] === true && item !== undefined ? itemsOf([item], bytes, 0) : [];
    this.#line(time, 'peer', String(data['channel']), `the file ${data['path']} ${text}`, bytes, items);
  }

  #verdict(event: TraceEvent, machine: Fed['machine']): void {
    for (const channel of this.#held.keys()) this.#flush(channel, machine);
    const verdict = machine.verdict;
    const byTime = verdict?.verdict === 'fail' && verdict.by === 'time';
    this.#line(event.time, 'note', '', byTime ? 'the deadline is over' : 'decided');
    this.#decided = verdict?.verdict === 'fail' && !byTime && this.#lastPeer >= 0 ? this.#lastPeer : this.#lines.length - 1;
  }

  // ── bytes until they are a message ────────────────────────────────────────────────────────────────────────────────

  #heldOf(channel: ChannelName, at: Instant): Held {
    const held = this.#held.get(channel) ?? { parts: [], length: 0, at, shown: 0, before: 0 };
    this.#held.set(channel, held);
    return held;
  }

  #hold(event: TraceEvent, channel: ChannelName): void {
    const held = this.#heldOf(channel, event.time);
    const bytes = event.bytes ?? EMPTY;
    held.parts.push(bytes);
    held.length += bytes.length;
    held.at = event.time;
  }

  /** Of a datagram that the tester sent. */
  #meaning(channel: ChannelName, bytes: Uint8Array): string {
    try {
      const items = this.#wiring.channels[channel]?.decoder?.(new Map()).feed(bytes) ?? [];
      if (items.length > 0) return items.map(item => describeItem(item, 0)).join('; ');
    } catch {
      // A decoder with a fault: its rows are errors, and the log of them is told.
    }
    return printable(textOf(bytes), TEXT_LIMIT);
  }

  #isFull(channel: ChannelName): boolean {
    return (this.#held.get(channel)?.length ?? 0) >= HELD_LIMIT;
  }

  /** `base`: where a message of these bytes counts from, if it is not the beginning of the channel. */
  #flush(channel: ChannelName, machine: Fed['machine'] | undefined, base?: number): void {
    const held = this.#held.get(channel);
    if (held === undefined || held.length === 0) return;
    const items = machine?.inbox(channel).history ?? [];
    const fresh = items.slice(held.shown);
    held.shown = Math.max(held.shown, items.length);
    const bytes = concat(held.parts.splice(0));
    held.length = 0;
    const from = base ?? held.before;
    held.before += bytes.length;
    const text = fresh.length === 0 ? printable(textOf(bytes), TEXT_LIMIT) : fresh.map(item => describeItem(item, 0)).join('; ');
    this.#line(held.at, 'peer', channel, text.slice(0, TEXT_LIMIT * 2), bytes, itemsOf(fresh, bytes, from));
  }

  #items(at: Instant, channel: ChannelName, items: readonly Parameters<typeof describeItem>[0][]): void {
    for (const item of items) this.#line(at, 'peer', channel, describeItem(item, 0), item.kind === 'message' ? item.bytes : EMPTY);
  }

  #line(
    at: Instant,
    from: LogLine['from'],
    channel: ChannelName,
    text: string,
    bytes: Uint8Array = EMPTY,
    items: readonly LogItem[] = [],
  ): void {
    if (this.#lines.length >= LOG_LIMIT) {
      this.#omitted += 1;
      return;
    }
    if (from === 'peer') this.#lastPeer = this.#lines.length;
    const line = { at, from, step: this.#step, channel, text, length: bytes.length, hex: hex(bytes.subarray(0, DECIDED_BYTES)) };
    this.#lines.push(items.length === 0 ? line : { ...line, items });
  }
}

function endText(data: EventData): string {
  if (data['signal'] !== undefined) return `ends: ${data['signal']}`;
  return data['code'] === undefined ? 'ends, nobody knows how' : `ends: status ${data['code']}`;
}
