/**
 * NO UNANSWERED WAIT: in the end of a healed run nobody waits for what does not come. Judged when nothing is left to happen, or, while
 * something still does, of what was so before the last two eighths of the liveness phase began.
 *  - Bytes lie before a stream that was paused and is not resumed: a wake-up that was lost.
 *  - A program of which that is known (housekeeping.ts) has asked on a connection that it opened, and nothing came back; nor has it a timer
 *    that was set by then, and would end its waiting.
 * It is told as who waits for whom, and round a circle as the deadlock it is.
 * Lacks: waits that cross no stream (a child, a signal, a datagram); answers that are no answers, which only a protocol knows.
 */
import type { Duration } from '../../host/time.ts';
import type { EventKind, TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always, type RunEnding } from '../property.ts';
import { machineOf, programOf } from './housekeeping.ts';

const KINDS: readonly EventKind[] = [
  'send',
  'recv',
  'open',
  'accept',
  'attach',
  'pause',
  'resume',
  'end',
  'eof',
  'close',
  'reset',
  'exit',
  'exec',
  'power',
  'phase',
];

/** `liveness`: the length of that phase. `asking`: programs that get something back for all they send. */
export const noUnansweredWait = (liveness: Duration, asking: readonly string[]): AlwaysProperty =>
  always(
    'no-unanswered-wait',
    'In the end nobody waits for ever: what was asked is answered or its connection has ended, and no stream is paused with bytes before it.',
    () => new WaitMonitor(liveness, asking),
    asking.length === 0 ? KINDS : [...KINDS, 'timer', 'fire', 'cancel'],
  );

const WAITS = 2 / 8;

/** One direction of a stream, by its name. */
interface Way {
  readonly name: string;
  writer: string;
  reader: string;
  sent: number;
  read: number;
  /** The last event that sent something, and the last that read something. */
  lastSent: TraceEvent | undefined;
  lastRead: TraceEvent | undefined;
  /** The event since which its reader reads nothing. */
  paused: TraceEvent | undefined;
  /** Its writer has ended it, or its reader has seen its end. */
  over: boolean;
}

/** A process waits for another since an event. */
interface Wait {
  readonly who: string;
  readonly whom: string;
  readonly since: TraceEvent;
  readonly what: string;
}

class WaitMonitor implements AlwaysMonitor {
  readonly #liveness: number;
  readonly #asking: readonly string[];
  readonly #ways = new Map<string, Way>();
  /** Of processes of asking programs, when the timers were set that they have, by number. */
  readonly #timers = new Map<string, Map<unknown, number>>();
  #begun = Number.POSITIVE_INFINITY;

  constructor(liveness: number, asking: readonly string[]) {
    this.#liveness = liveness;
    this.#asking = asking;
  }

  see(event: TraceEvent): undefined {
    const { kind, process, channel, data } = event;
    switch (kind) {
      case 'send': {
        const way = this.#way(channel);
        way.writer = process;
        way.sent += event.bytes?.length ?? 0;
        way.lastSent = event;
        break;
      }
      case 'recv': {
        const way = this.#way(channel);
        way.reader = process;
        way.read += event.bytes?.length ?? 0;
        way.lastRead = event;
        break;
      }
      case 'open':
      case 'accept':
        if (data?.['error'] === undefined) this.#join(channel, process);
        break;
      case 'attach':
        if (data?.['direction'] === 'read') this.#way(channel).reader = process;
        break;
      case 'pause':
        this.#pausedBy(channel, process).paused = event;
        break;
      case 'resume':
        this.#pausedBy(channel, process).paused = undefined;
        break;
      case 'end':
      case 'eof':
        this.#way(channel).over = true;
        break;
      case 'close':
      case 'reset':
        for (const name of [channel, otherWay(channel)]) this.#ways.delete(name);
        break;
      case 'timer':
      case 'fire':
      case 'cancel':
        if (this.#asking.includes(programOf(process))) this.#timed(event);
        break;
      case 'exit':
      case 'exec':
        this.#timers.delete(process);
        this.#forget(each => each === process);
        break;
      case 'power':
        for (const each of this.#timers.keys()) if (machineOf(each) === data?.['machine']) this.#timers.delete(each);
        this.#forget(each => machineOf(each) === data?.['machine']);
        break;
      case 'phase':
        if (data?.['name'] === 'liveness') this.#begun = event.time;
        break;
    }
    return undefined;
  }

  end({ time, ended }: RunEnding): string | undefined {
    // A run that ends in between is healed for too short a time to say.
    const until = ended === 'quiet' ? time : this.#begun + this.#liveness * (1 - WAITS);
    const waits = [...this.#ways.values()].flatMap(way => this.#waits(way)).filter(({ since }) => since.time <= until);
    const [first] = waits;
    return first === undefined ? undefined : told(chain(first, waits));
  }

  #waits(way: Way): readonly Wait[] {
    const waits: Wait[] = [];
    const { name, writer, reader, paused, lastSent } = way;
    if (paused !== undefined && lastSent !== undefined && way.sent > way.read && writer !== '') {
      const since = paused.time > lastSent.time ? paused : lastSent;
      const what = `to read the ${way.sent - way.read} bytes on ${name}, which it paused at event ${paused.index} and has not resumed`;
      waits.push({ who: writer, whom: reader, since, what });
    }
    if (lastSent === undefined || !name.endsWith('>') || !this.#asking.includes(programOf(writer))) return waits;
    const back = this.#ways.get(otherWay(name));
    if (back === undefined || back.over || (back.lastRead?.index ?? -1) > lastSent.index) return waits;
    // What is on its way to somebody who does not look is told as his own wait.
    if (back.paused !== undefined && back.sent > back.read) return waits;
    if (this.#isTimed(writer, lastSent.time)) return waits;
    const read = way.read === way.sent ? ', who has read it' : '';
    waits.push({
      who: writer,
      whom: back.writer,
      since: lastSent,
      what: `to answer what it sent on ${name} at event ${lastSent.index}${read}`,
    });
    return waits;
  }

  #timed({ kind, process, time, data }: TraceEvent): void {
    const timers = this.#timers.get(process) ?? new Map<unknown, number>();
    this.#timers.set(process, timers);
    if (kind === 'timer') timers.set(data?.['id'], time);
    else timers.delete(data?.['id']);
  }

  #isTimed(process: string, since: number): boolean {
    return [...(this.#timers.get(process)?.values() ?? [])].some(set => set <= since);
  }

  #way(name: string): Way {
    let way = this.#ways.get(name);
    if (way === undefined) {
      way = { name, writer: '', reader: '', sent: 0, read: 0, lastSent: undefined, lastRead: undefined, paused: undefined, over: false };
      this.#ways.set(name, way);
    }
    return way;
  }

  /** Both ways of a connection, of which `channel` is the one that this end writes to. */
  #join(channel: string, process: string): void {
    this.#way(channel).writer = process;
    this.#way(otherWay(channel)).reader = process;
  }

  /** A stream is named by the way that its process writes to; only a pipe that is read, by itself. */
  #pausedBy(channel: string, process: string): Way {
    const isPipe = otherWay(channel) === channel;
    const way = this.#way(otherWay(channel));
    if (isPipe || way.reader === '') way.reader = process;
    return way;
  }

  #forget(gone: (process: string) => boolean): void {
    for (const [name, { writer, reader }] of this.#ways) {
      if (!gone(writer) && !gone(reader)) continue;
      this.#ways.delete(name);
    }
  }
}

/** From one wait to that of whom it is for, as far as it goes or until it comes back. */
function chain(first: Wait, waits: readonly Wait[]): readonly Wait[] {
  const found = [first];
  for (let next = follow(first, waits); next !== undefined && !found.includes(next); next = follow(next, waits)) found.push(next);
  return found;
}

const follow = ({ whom }: Wait, waits: readonly Wait[]): Wait | undefined => waits.find(({ who }) => who === whom);

function told(found: readonly Wait[]): string {
  const last = found.at(-1);
  const parts = found.map(({ who, whom, what }) => `${who} waits for ${whom === '' ? 'somebody' : whom} ${what}`);
  const back = found.findIndex(({ who }) => who === last?.whom);
  const end = back >= 0 ? `, which is a deadlock${back > 0 ? ' from there on' : ''}` : '';
  return `${parts.join('; ')}${end}`;
}

/** A connection is named by its two ways; a pipe has one. */
function otherWay(channel: string): string {
  if (channel.endsWith('>')) return `${channel.slice(0, -1)}<`;
  return channel.endsWith('<') ? `${channel.slice(0, -1)}>` : channel;
}
