/**
 * WHAT A KERNEL TELLS, a second time: when a server or a client has to log what of its links, of the requests that it hears, of its tries to
 * connect again, and of its end; told from what crossed its Host.
 * Lacks: names that come and go (properties/registry.ts); steps (properties/prints.ts); who is sent what is forwarded.
 */
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { printable } from '../../../src/host/bytes.ts';
import { after, type Instant, seconds } from '../../../src/host/time.ts';
import { connectionLog } from '../../../src/impl/ikc/client.ts';
import { demoLog } from '../../../src/impl/ikc/demo.ts';
import type { Role } from '../../../src/impl/ikc/link-rules.ts';
import { linkNoted, linkStep, linkWarned } from '../../../src/impl/ikc/log.ts';
import { noted, warned } from '../../../src/impl/ikc/responder-log.ts';
import { serverLog } from '../../../src/impl/ikc/server.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { argsIn } from '../../usage-property.ts';
import { Incoming } from '../parts/incoming.ts';
import { SERVER } from '../parts/programs.ts';
import { Dialogue, type Self } from './dialogue.ts';
import { hashOf, placeOf, plainOf } from './plain.ts';

const LINES_MAX = 1_000;
const LOGGED_MAX = 10;
const TEXT_MAX = 1_000;
const BACK_OFF_MAX = 60;
const INBOUND: ReadonlySet<EventKind> = new Set<EventKind>(['accept', 'open', 'recv', 'eof', 'signal', 'fire']);
/** How much later than due a process may be: one that is stopped, or late as a schedule may have it. */
const LATE = seconds(20);

/** What is refused before it reaches a state. */
const BEFORE = /^(?:Session '|(?:The (?:rsvp|event|parameters) of|An answer goes|A request is|A frame cannot) )/;

/** Of reasons of which the end is another one each time, or that nobody knows here. */
const BEGINNINGS: readonly string[] = ['', 'the peer gave more answers than'];

interface Heard {
  readonly session: string;
  readonly state: string;
  readonly call: boolean;
  readonly isError: boolean;
  /** Of an error that is told. */
  readonly text: string | undefined;
}

/** What is told of a link while it is there: one of these, if any. */
const ofLink = (event: TraceEvent) => ({
  step: linkStep.phase.of(event),
  nonsense: linkWarned.nonsense.of(event),
  open: linkNoted['link-open'].of(event),
  violation: linkWarned.violation.of(event),
  timeout: linkWarned['negotiation-timeout'].of(event),
});

/** One connection, as one end has it. */
class TellingLink {
  readonly number: number;
  readonly #dialogue: Dialogue;
  readonly #in: Incoming;
  readonly #address: string;
  /** What is to be logged, in order. */
  readonly #due: string[] = [];
  #lines = 0;
  #nonsense = 0;
  /** Requests that were heard and not told of. */
  readonly #heard: Heard[] = [];
  id = '';
  /** How the reason begins why it is closed, where that is known. */
  why = '';

  constructor(role: Role, self: Self, number: number, address: string) {
    this.number = number;
    this.#address = address;
    this.#dialogue = new Dialogue(role, self);
    this.#in = new Incoming(
      line => this.#hears(line),
      () => this.#dialogue.phase === 'up',
    );
  }

  #hears(line: string): void {
    const { phase } = this.#dialogue;
    if (phase === 'up' || phase === 'over' || this.why !== '') return;
    if (++this.#lines > LINES_MAX) {
      this.why = `more than ${LINES_MAX} lines, and no end of the negotiation`;
      return;
    }
    this.#dialogue.hears(line);
    if (this.#dialogue.isNonsense && this.#nonsense++ < LOGGED_MAX) this.#due.push(`nonsense ${phase} ${printable(line)}`);
    for (let from: string = phase; from !== this.#dialogue.phase; ) {
      const next = NEXT[from] ?? this.#dialogue.phase;
      this.#due.push(`phase ${from} ${next}`);
      from = next;
    }
    if (this.#dialogue.phase === 'over') this.why = line === 'UP' ? 'the peer gave more answers than' : 'the peer refused every serializer';
    if (this.#dialogue.phase !== 'up') return;
    const { heard, serializer } = this.#dialogue;
    const names = heard.includes(this.#address) || this.#address === '' ? heard : [...heard, this.#address];
    this.id = names[0] ?? '';
    // Of who has no name at all nothing is opened.
    if (names.length > 0) this.#due.push(`open ${this.id} ${names.length - 1} ${serializer}`);
  }

  takes(bytes: Uint8Array): void {
    const isRead = this.#in.wrong === undefined && this.why === '';
    const { frames } = this.#in.take(bytes);
    const { wrong } = this.#in;
    if (isRead && wrong !== undefined && this.why === '') {
      this.#due.push(`violation ${wrong.why} ${wrong.offset}`);
      this.why = wrong.why;
    }
    for (const frame of isRead ? frames : []) {
      const request = hashOf(plainOf(frame, this.#dialogue.serializer));
      const event = placeOf(request?.['event']);
      const params = request?.['params'] ?? null;
      const { session = '', state = '' } = event ?? {};
      const isTold = session === 'IKC' && state === 'remote_error' && (params === null || typeof params === 'string');
      this.#heard.push({
        session,
        state: state === 'IKC:proxy' && Array.isArray(params) ? String(params[0]) : state,
        call: placeOf(request?.['rsvp']) !== undefined,
        isError: ![undefined, null, '', '0'].includes(request?.['is_error'] as string),
        text: isTold ? printable(params ?? '', TEXT_MAX) : undefined,
      });
    }
  }

  /** By itself: what has come since then, in one piece with what was before, is not read. */
  shutsDown(): void {
    const unread = this.#due.findIndex(each => each.startsWith('violation '));
    if (unread >= 0) this.#due.splice(unread);
    if (unread >= 0 || this.why === '') this.why = 'shutdown';
  }

  /** The other end has ended; what has come of a line or a frame is told as well. */
  ends(): void {
    const { phase } = this.#dialogue;
    if (this.why === '')
      this.why = `the peer ended ${this.#in.unfinished === undefined ? (phase === 'up' ? 'between frames' : `in phase ${phase}`) : `after ${this.#in.unfinished}`}`;
  }

  /** Of one of its own logs; undefined: it is right. */
  tells(event: TraceEvent): string | undefined {
    const { step, nonsense, open, violation, timeout } = ofLink(event);
    if (timeout !== undefined) {
      const { phase } = this.#dialogue;
      if (this.why === '') this.why = `the negotiation was not over in time, but in phase ${phase}`;
      return timeout.phase === phase ? undefined : `tells that phase ${timeout.phase} was not over in time, and it was ${phase}`;
    }
    const is =
      violation !== undefined
        ? `violation ${violation.why} ${violation.offset}`
        : step !== undefined
          ? `phase ${step.from} ${step.to}`
          : nonsense !== undefined
            ? `nonsense ${nonsense.phase} ${nonsense.line}`
            : `open ${open?.peer} ${open?.aliases} ${open?.serializer}`;
    const due = this.#due.shift();
    return due === is ? undefined : `tells '${is}' of link ${this.number}, and '${due ?? 'nothing'}' was to be told`;
  }

  /** A request that is told of: it must be the next that was heard. */
  request(is: { readonly session: string; readonly state: string; readonly call: boolean }): string | undefined {
    const next = this.#heard.shift();
    const right =
      next !== undefined && printable(next.session) === is.session && printable(next.state) === is.state && next.call === is.call;
    return right ? undefined : `tells of a request ${is.session}/${is.state}, and ${next?.session}/${next?.state} was heard`;
  }

  /** The same of one that is refused; without one it is a call that was to be answered later. */
  refused(told: boolean): string | undefined {
    const next = this.#heard.shift();
    return next === undefined || told !== next.isError
      ? undefined
      : `tells that ${next.session}/${next.state} was refused, and that it ${told ? 'was' : 'was not'} told so`;
  }

  get nextText(): string | undefined {
    return this.#heard[0]?.text;
  }

  get left(): string | undefined {
    const [due] = this.#due;
    if (due !== undefined) return `does not tell '${due}' of link ${this.number}`;
    const [heard] = this.#heard;
    return heard === undefined ? undefined : `does not tell of the request ${heard.session}/${heard.state}`;
  }
}

/** A client goes through two phases at once where it offers nothing. */
const NEXT: Readonly<Record<string, string>> = { '000': '001', '001': '002', '002': '003', '003': 'up' };

export class TellingKernel {
  readonly #self: Self;
  readonly #role: Role;
  readonly #connect: string;
  readonly #links: Map<string, TellingLink> = new Map();
  /** By their numbers, those that have ended as well. */
  readonly #all: Map<number, TellingLink> = new Map();
  #count = 0;
  #told = false;
  /** A server has told that it listens; that it ends, as a client does; and that it has. */
  #listens = false;
  #ends = false;
  #stopped = false;
  /** The next pause before it connects again; and when it has to. */
  #backOff = 1;
  #connectAt: Instant | undefined;
  /** The state that was reached last, which may have failed. */
  #reached: string | undefined;
  #remoteErrors: string[] = [];
  /** How often `demo/note` was reached, and how many of these were told of. */
  #notes = 0;
  #noted = 0;

  constructor(start: TraceEvent, self: Self) {
    this.#self = self;
    this.#role = programOf(start.process) === SERVER ? 'server' : 'client';
    this.#connect =
      argsIn(start)
        .find(each => each.startsWith('--connect='))
        ?.slice('--connect='.length) ?? '';
  }

  see(event: TraceEvent): string | undefined {
    const { kind, channel, bytes, data, time } = event;
    const stream = channel.slice(0, -1);
    if (INBOUND.has(kind)) this.#reached = undefined;
    if (INBOUND.has(kind) && this.#noted !== this.#notes) return `does not tell that it was called for the ${this.#notes}. time`;
    if (INBOUND.has(kind) && !this.#told) for (const link of this.#links.values()) if (link.left !== undefined) return link.left;
    switch (kind) {
      case 'accept':
        if (!this.#listens) return 'does not tell that it listens';
        // One on a Unix-domain socket has no address of its own.
        this.#joins(stream, String(data?.['peer']).replace(/^unix:.*/, ''));
        return undefined;
      case 'connect':
        return this.#connects(time);
      case 'open':
        if (data?.['error'] === undefined)
          this.#joins(
            stream,
            this.#connect.replace(/^(?:unix:)?(\/.*)/, (_, path: string) => `unix:${path.replaceAll('/', '_')}`),
          );
        return undefined;
      case 'recv':
        if (bytes !== undefined && !this.#told) this.#links.get(stream)?.takes(bytes);
        return undefined;
      case 'eof':
        this.#links.get(stream)?.ends();
        this.#links.delete(stream);
        return undefined;
      case 'end':
      case 'close':
      case 'reset':
        this.#links.delete(stream);
        return undefined;
      case 'signal':
        this.#told = true;
        return undefined;
      case 'log':
        return this.#ofItself(event) ?? (this.#told ? undefined : this.#tells(event));
      case 'exit':
        return this.#role === 'server' && data?.['code'] === 0 && !this.#stopped ? 'does not tell that it has stopped' : undefined;
      default:
        return undefined;
    }
  }

  #ofItself(event: TraceEvent): string | undefined {
    const listening = serverLog.listening.of(event);
    if (listening !== undefined) this.#listens = true;
    if (noted['shutting-down'].of(event) !== undefined) {
      this.#ends = true;
      for (const link of this.#links.values()) link.shutsDown();
    }
    if (serverLog.stopped.of(event) !== undefined) this.#stopped = true;
    if (listening?.kernel === '') return 'does not say which kernel it is that listens';
    const request = noted.request.of(event);
    return this.#ends && request !== undefined
      ? `hears a request ${request.session}/${request.state} when it has told that it ends`
      : undefined;
  }

  #joins(stream: string, address: string): void {
    const link = new TellingLink(this.#role, this.#self, ++this.#count, address);
    this.#links.set(stream, link);
    this.#all.set(this.#count, link);
  }

  /** After 1 s, 2 s, 4 s, up to 60 s. */
  #connects(now: Instant): string | undefined {
    const due = this.#connectAt;
    this.#connectAt = undefined;
    if (due === undefined || (now >= due && now <= after(due, LATE))) return undefined;
    return `connects again ${now < due ? 'too early' : 'too late'}`;
  }

  #tells(event: TraceEvent): string | undefined {
    const again = connectionLog.reconnecting.of(event);
    if (again !== undefined) {
      const due = this.#backOff;
      this.#connectAt = after(event.time, seconds(due));
      this.#backOff = Math.min(2 * due, BACK_OFF_MAX);
      return again.seconds === due ? undefined : `waits ${again.seconds} s before it connects again, and it is to be ${due} s`;
    }
    if (linkNoted['link-open'].of(event) !== undefined) this.#backOff = 1;
    const closed = linkNoted['link-closed'].of(event);
    const due = closed === undefined ? undefined : this.#all.get(closed.link)?.why;
    if (
      closed !== undefined &&
      (closed.why === '' || !(BEGINNINGS.includes(due ?? '') ? closed.why.startsWith(due ?? '') : closed.why === due))
    )
      return `says that link ${closed.link} was closed since '${closed.why}', and it was '${due}'`;
    const note = demoLog.noted.of(event);
    if (note !== undefined && (++this.#noted !== this.#notes || note.count !== this.#notes))
      return `tells of call ${note.count}, and it is the ${this.#notes}.`;
    const error = warned['remote-error'].of(event);
    if (error !== undefined) {
      const heard = this.#remoteErrors.shift();
      return heard === undefined || heard === error.text ? undefined : `tells of the error '${error.text}', and heard '${heard}'`;
    }
    return this.#ofRequests(event) ?? this.#ofLinks(event);
  }

  /** Of one that has ended nothing is told any more but why. */
  #ofLinks(event: TraceEvent): string | undefined {
    const told = Object.values(ofLink(event)).find(each => each !== undefined);
    if (told === undefined) return undefined;
    const link = [...this.#links.values()].find(({ number }) => number === told.link);
    return link === undefined ? `tells of link ${told.link}, which has ended` : link.tells(event);
  }

  #ofRequests(event: TraceEvent): string | undefined {
    const request = noted.request.of(event);
    const refused = warned.refused.of(event);
    const kernel = request?.kernel ?? refused?.kernel;
    if (kernel === undefined || kernel === '') return undefined;
    const link = [...this.#links.values()].find(
      ({ id, left }) => printable(id) === kernel && left?.startsWith('does not tell of the request') === true,
    );
    if (request !== undefined) {
      this.#reached = `/${request.session}/${request.state}]`;
      if (request.session === 'demo' && request.state === 'note') this.#notes += 1;
      const text = link?.nextText;
      if (text !== undefined) this.#remoteErrors.push(text);
      return link?.request(request);
    }
    // A state that has failed is told of twice.
    const isFailed = this.#reached !== undefined && refused?.text.includes(this.#reached) === true && !BEFORE.test(refused.text);
    this.#reached = undefined;
    return isFailed ? undefined : link?.refused(refused?.told === true);
  }
}
