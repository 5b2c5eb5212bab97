/**
 * How a server shares itself out (B14), a second time: so many links at a time, the others connected and waiting, in the order in which they
 * came; so many connections, and then it ends; and of several processes, that each serves no more than it may and everybody is served.
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { linkNoted } from '../../../src/impl/ikc/log.ts';
import { serverLog, serverWarning } from '../../../src/impl/ikc/server.ts';
import { clientLog } from '../../../src/impl/ikc/telling.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { argsIn } from '../../usage-property.ts';
import { CLIENT, SERVER } from '../parts/network.ts';

const INBOUND: ReadonlySet<EventKind> = new Set<EventKind>(['accept', 'recv', 'eof', 'fire', 'signal', 'wait', 'open']);

const numberIn = (start: TraceEvent, name: string): number | undefined => {
  const given = argsIn(start).findLast(each => each.startsWith(`--${name}=`));
  return given === undefined ? undefined : Number(given.slice(name.length + 3));
};
const textIn = (start: TraceEvent, name: string): string =>
  argsIn(start)
    .find(each => each.startsWith(`--${name}=`))
    ?.slice(name.length + 3) ?? '';

/** Links that are not open yet; of one more the oldest is reset. */
const NEGOTIATING_MAX = 1_024;

/** A process that serves by itself. */
class Served {
  readonly #most: number;
  readonly #connections: number | undefined;
  readonly #socket: string | undefined;
  /** It serves nobody itself. */
  readonly #carries: boolean;
  readonly #links: Set<string> = new Set();
  /** In the order in which they came. */
  readonly #waiting: Set<string> = new Set();
  /** Where it carries to one process alone: connections that none has taken, in the order in which they came. */
  #queued: string[] = [];
  /** Those of them that it tries to hand on. */
  readonly #tried: string[] = [];
  readonly #queues: boolean;
  /** By the number of their link, and those of them that are not open. */
  readonly #joined: string[] = [];
  readonly #negotiating: Set<string> = new Set();
  #newest = '';
  /** There was no room for it. */
  #refused: string | undefined;
  #accepted = 0;
  #waits = 0;
  #logged = 0;
  #told = false;
  #unlinked = false;
  #listens = false;

  constructor(start: TraceEvent) {
    this.#most = numberIn(start, 'concurrency') ?? Number.POSITIVE_INFINITY;
    this.#connections = numberIn(start, 'connections');
    const processes = numberIn(start, 'processes') ?? 1;
    this.#carries = processes > 1;
    this.#queues = processes === 2;
    const at = textIn(start, 'listen').replace(/^unix:/, '');
    this.#socket = at.startsWith('/') ? at : undefined;
  }

  see(event: TraceEvent): string | undefined {
    const { kind, channel, data } = event;
    const late = INBOUND.has(kind) ? this.#left() : undefined;
    if (late !== undefined) return late;
    const stream = channel.slice(0, -1);
    const isPipe = !/^(?:tcp|unix)/.test(channel);
    switch (kind) {
      case 'listen':
        if (data?.['error'] === undefined) this.#listens = true;
        return undefined;
      case 'accept':
        if (this.#told) return 'is told to end, and takes a connection';
        this.#accepted += 1;
        this.#newest = stream;
        if (this.#queues) this.#queued.push(stream);
        if (this.#told || this.#carries) return undefined;
        if (this.#links.size < this.#most) this.#joins(stream);
        else {
          this.#waiting.add(stream);
          this.#waits += 1;
        }
        return this.#accepted > (this.#connections ?? Number.POSITIVE_INFINITY)
          ? `takes more than ${this.#connections} connections`
          : undefined;
      case 'connect':
        this.#tried.push(...this.#queued.splice(0, 1));
        return undefined;
      case 'open': {
        const tried = this.#tried.shift();
        if (data?.['error'] !== undefined && tried !== undefined) this.#queued.unshift(tried);
        return undefined;
      }
      case 'recv':
      case 'send':
        return this.#waiting.has(stream) ? `serves ${stream}, which has to wait` : this.#outOfTurn(stream);
      case 'resume': {
        const outOfTurn = this.#outOfTurn(stream);
        if (outOfTurn !== undefined) return outOfTurn;
        const [next] = this.#waiting;
        if (!this.#waiting.has(stream)) return undefined;
        if (stream !== next) return `serves ${stream} before ${next}, which has waited longer`;
        if (this.#links.size >= this.#most) return `serves more than ${this.#most} at a time`;
        this.#waiting.delete(stream);
        this.#joins(stream);
        return undefined;
      }
      case 'close':
      case 'reset':
        if (isPipe) return undefined;
        if (stream === this.#refused) this.#refused = undefined;
        this.#queued = this.#queued.filter(each => each !== stream);
        this.#links.delete(stream);
        this.#negotiating.delete(stream);
        this.#waiting.delete(stream);
        return undefined;
      case 'signal':
        if (data?.['action'] === 'handler') this.#told = true;
        return undefined;
      case 'eof':
        // Its parent has gone.
        if (isPipe) this.#told = true;
        return undefined;
      case 'unlink':
        if (String(data?.['path']) === this.#socket) this.#unlinked = true;
        return undefined;
      case 'log':
        if (serverLog.waits.of(event) !== undefined) this.#logged += 1;
        this.#negotiating.delete(this.#joined[(linkNoted['link-open'].of(event)?.link ?? 0) - 1] ?? '');
        if (serverWarning['too-many'].of(event) !== undefined) {
          this.#refused = this.#newest;
          if (this.#waiting.delete(this.#newest)) this.#waits -= 1;
        }
        return undefined;
      case 'exit':
        return this.#ends(data?.['code']);
      default:
        return undefined;
    }
  }

  #joins(stream: string): void {
    this.#links.add(stream);
    this.#joined.push(stream);
    this.#negotiating.add(stream);
  }

  #outOfTurn(stream: string): string | undefined {
    const [first] = this.#queued;
    return this.#queued.includes(stream) ? `hands on ${stream}, and ${first} has waited longer` : undefined;
  }

  /** Who waits is served as soon as there is room, and let go when it is told to end; and when all have been served, it ends. */
  #left(): string | undefined {
    if (this.#refused !== undefined) return `has no room for ${this.#refused}, and does not close it`;
    if (this.#negotiating.size > NEGOTIATING_MAX) return `negotiates with ${this.#negotiating.size} at a time`;
    const [held] = this.#waiting;
    if (this.#told && held !== undefined) return `is told to end, and keeps ${held}, which waits`;
    if (this.#told || this.#carries) return undefined;
    if (this.#logged !== this.#waits) return `has told of ${this.#logged} who wait, and there were ${this.#waits}`;
    const [next] = this.#waiting;
    if (next !== undefined && this.#links.size < this.#most) return `has room for ${next}, and lets it wait`;
    const isOver = this.#connections !== undefined && this.#accepted >= this.#connections && this.#links.size + this.#waiting.size === 0;
    return isOver ? `has served ${this.#accepted} connections, and does not end` : undefined;
  }

  #ends(code: unknown): string | undefined {
    if (code !== 0 || !this.#listens) return undefined;
    if (this.#socket !== undefined && !this.#unlinked) return `ends, and leaves ${this.#socket}`;
    if (this.#told || this.#carries) return undefined;
    const isOver = this.#accepted === this.#connections && this.#links.size === 0;
    return isOver ? undefined : `ends after ${this.#accepted} connections, with ${this.#links.size} that are open`;
  }
}

export const servesAsTold: AlwaysProperty = always(
  'serves-as-told',
  'A server serves so many at a time as it was told, the others in their order as soon as there is room, ends after so many, and leaves no socket.',
  () => {
    const all = new Map<string, Served>();
    return {
      see: event => {
        const { kind, process, data } = event;
        if (kind === 'power') for (const each of [...all.keys()]) if (each.startsWith(`${String(data?.['machine'])}/`)) all.delete(each);
        if (kind === 'start' && programOf(process) === SERVER) all.set(process, new Served(event));
        const why = all.get(process)?.see(event);
        if (kind === 'exit') all.delete(process);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  [...INBOUND, 'start', 'listen', 'connect', 'send', 'resume', 'close', 'reset', 'unlink', 'log', 'exit', 'power'],
);

/** `isFree`: nothing goes wrong that is none of its business. */
export const everybodyIsServed: AlwaysProperty = always(
  'everybody-is-served',
  'A client whose connection a server has taken is served, if nothing breaks and nobody tells the server to end.',
  () => {
    const taken = new Set<string>();
    const streams = new Map<string, string>();
    let excused = false;
    return {
      see: event => {
        const { kind, process, channel, data } = event;
        if (kind === 'fault' || (kind === 'kill' && programOf(process) !== SERVER)) excused = true;
        if (kind === 'accept' && machineOf(process) === 'hub') taken.add(channel.slice(0, -1));
        if (kind === 'open' && programOf(process) === CLIENT && data?.['error'] === undefined) streams.set(process, channel.slice(0, -1));
        const finished = clientLog.finished.of(event);
        if (finished === undefined || excused || finished.failed === 0) return undefined;
        return taken.has(streams.get(process) ?? '') ? `${process} was taken, and ${finished.failed} of its steps have failed` : undefined;
      },
    };
  },
  ['fault', 'kill', 'accept', 'open', 'log'],
);

export const waitedMet: SometimesProperty = sometimes(
  'somebody-waits',
  'A connection has to wait for its turn.',
  () => ({ see: event => serverLog.waits.of(event) !== undefined }),
  ['log'],
);
export const enoughMet: SometimesProperty = sometimes(
  'a-server-has-served',
  'A server ends when it has served as many as it was told.',
  () => ({ see: event => serverLog.stopped.of(event) !== undefined }),
  ['log'],
);
