/**
 * What a gateway child must do, and may: the dialogue with its lond, whom it answers what, its delayed messages, when it gives up
 * (README.md of lonc, L2 to L5 and L9). It is told what its process has seen and done, and says what is wrong.
 * Lacks: what is in its logs; when a client is passed over that may have more than UNTAKEN_MAX of answers to read.
 */
import { after, type Instant, ORIGIN, since } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { REFUSED } from '../daemons/names.ts';
import { opened, seal } from '../parts/sealed.ts';
import type { Duties } from './duties.ts';
import {
  BACK_OFF,
  CON_LOST,
  DELAYED_SCAN,
  DELAYED_TIMEOUT,
  DIALOGUE_MAX,
  DIALOGUE_TIMEOUT,
  OPENING,
  REPLY_MAX,
  REQUEST_TIMEOUT,
  SETTLE_TIME,
} from './facts.ts';
import { Lines } from './lines.ts';
import { type Client, LocalClientsModel } from './local-clients.ts';
import { shown } from './shown.ts';
import type { Spool } from './spool.ts';

/**
 * starting; connecting; the five steps of the dialogue; draining: the delayed messages first, before it listens; listening; serving;
 * asking: a request is outstanding; lost: about to connect again; backing-off; leaving.
 */
type Phase =
  | 'starting'
  | 'connecting'
  | 'init'
  | 'challenge'
  | 'settle'
  | 'pong'
  | 'key'
  | 'draining'
  | 'listening'
  | 'serving'
  | 'asking'
  | 'lost'
  | 'backing-off'
  | 'leaving';

const DIALOGUE: readonly Phase[] = ['init', 'challenge', 'settle', 'pong', 'key'];

/** What is being asked. */
type Work = { readonly client: Client; readonly sealed: boolean } | { readonly file: string };

export interface ChildIds {
  readonly process: string;
  readonly machine: string;
  readonly peer: string;
}

export class GatewayChildModel {
  readonly #ids: ChildIds;
  readonly #duties: Duties;
  readonly #spool: Spool;
  #phase: Phase = 'starting';
  #since: Instant = ORIGIN;
  /** Clients can connect. */
  #served = false;
  #tcp = '';
  #lines = new Lines();
  #said = new Lines();
  #buildKey = '';
  /** What it has to say next, and not before. */
  #toSay: { readonly text: string; readonly phase: Phase; readonly at: Instant } | undefined;
  /** The timer of its wait. */
  #wait: { readonly length: number; id: unknown } | undefined;
  readonly #clients: LocalClientsModel;
  #work: Work | undefined;
  /** Files that its last look has found and that it has not sent since. */
  #found: string[] = [];
  /** The one that it could not read, since when it has not looked again; '': none. */
  #unread = '';
  #restsUntil: Instant = ORIGIN;
  #status: number | undefined;

  constructor(ids: ChildIds, duties: Duties, spool: Spool) {
    this.#ids = ids;
    this.#duties = duties;
    this.#spool = spool;
    this.#clients = new LocalClientsModel(ids.process, duties, () => {
      if (this.#found.length === 0 && this.#phase === 'serving') duties.done(ids.process, 'go-on');
    });
  }

  see(event: TraceEvent, text: string): string | undefined {
    const { kind, channel, time, data } = event;
    const stream = channel.slice(0, -1);
    const tcp = channel.startsWith('tcp');
    switch (kind) {
      case 'connect':
        return this.#connects(time);
      case 'open':
        return this.#opens(stream, time, data?.['error'] !== undefined);
      case 'listen':
        return this.#listens(time, data?.['error'] !== undefined);
      case 'list':
        return this.#looks(time, data?.['error'] !== undefined);
      case 'read':
        return data?.['error'] === undefined ? undefined : this.#cannotRead(event);
      case 'log':
        if (data?.['event'] === REFUSED && data['call'] === 'read') return this.#cannotRead(event);
        return data?.['event'] === 'online' ? this.#comesOnline(time) : undefined;
      case 'accept':
        return this.#clients.accepts(stream, time);
      case 'timer':
        if (this.#wait !== undefined && this.#wait.id === undefined && data?.['delay'] === this.#wait.length) this.#wait.id = data['id'];
        return undefined;
      case 'fire':
        return this.#wait !== undefined && data?.['id'] === this.#wait.id ? this.#breaks(time) : undefined;
      case 'send':
        return tcp ? this.#says(text, time) : this.#clients.answers(stream, text);
      case 'recv':
        return tcp ? this.#hears(stream, text, time) : this.#asked(stream, text, time);
      case 'eof':
      case 'end':
      case 'close':
        return tcp ? this.#upstreamEnds(event, stream) : this.#clients.ends(event, stream);
      case 'drain':
        return this.#drained(stream, time);
      case 'unlink':
        return this.#unlinks(event);
      case 'signal':
        return this.#signalled(String(data?.['signal']), time);
      case 'exit':
        return this.#exits(event);
      default:
        return undefined;
    }
  }

  /** The other end of a connection within the machine has read so much. */
  taken(stream: string, length: number): void {
    this.#clients.taken(stream, length);
  }

  /** The kernel has all that the client was answered. */
  #drained(stream: string, time: Instant): undefined {
    if (this.#clients.drained(stream)) this.#free(time);
  }

  // ── the connection to lond ────────────────────────────────────────────────────────────────────────────────────────

  #connects(time: Instant): string | undefined {
    this.#duties.done(this.#ids.process, 'connect');
    if (this.#phase !== 'starting' && this.#phase !== 'lost') return `connects while it is ${this.#phase}`;
    this.#enter('connecting', time);
    return undefined;
  }

  #opens(stream: string, time: Instant, failed: boolean): string | undefined {
    if (this.#phase !== 'connecting') return undefined;
    if (failed) return this.#fails(time);
    this.#tcp = stream;
    this.#lines = new Lines();
    this.#said = new Lines();
    return this.#mustSay('init', 'init', time);
  }

  #mustSay(text: string, phase: Phase, at: Instant): undefined {
    this.#toSay = { text, phase, at };
    this.#wait = undefined;
    this.#owe('say', at, `owes its lond the line '${shown(text)}'`);
  }

  #hears(stream: string, text: string, time: Instant): string | undefined {
    if (stream !== this.#tcp) return undefined;
    this.#lines.feed(text);
    for (;;) {
      const { line, tooLong } = this.#lines.next(this.#inDialogue ? DIALOGUE_MAX : REPLY_MAX);
      if (tooLong === true) return this.#breaks(time);
      if (line === undefined || this.#tcp !== stream) return undefined;
      const wrong = this.#hearsLine(line, time);
      if (wrong !== undefined) return wrong;
    }
  }

  get #inDialogue(): boolean {
    return DIALOGUE.includes(this.#phase);
  }

  #hearsLine(line: string, time: Instant): string | undefined {
    switch (this.#phase) {
      case 'init':
        return this.#mustSay(line, 'challenge', time);
      case 'challenge':
        if (line !== 'ok') return this.#fails(time);
        this.#enter('settle', time);
        return this.#mustSay('pong', 'pong', after(time, SETTLE_TIME));
      case 'pong':
        return this.#mustSay('ekey', 'key', time);
      case 'key':
        this.#buildKey = line;
        this.#wait = undefined;
        this.#enter(this.#served ? 'serving' : 'draining', time);
        if (time >= this.#restsUntil) this.#owe('look', time, 'does not look for delayed messages');
        return this.#free(time);
      case 'asking':
        return this.#replied(line, time);
      default:
        return this.#breaks(time);
    }
  }

  /** The connection is of no use any more. */
  #breaks(time: Instant): undefined {
    if (this.#inDialogue || this.#phase === 'listening') {
      this.#fails(time);
      return;
    }
    const { process } = this.#ids;
    const work = this.#work;
    if (work !== undefined && 'client' in work) this.#clients.tell(work.client, CON_LOST, time);
    if (work !== undefined && 'file' in work) {
      this.#restsUntil = after(time, DELAYED_SCAN);
      this.#found = [];
      this.#owe('look', this.#restsUntil, 'does not look for delayed messages again');
    }
    this.#work = undefined;
    this.#enter('lost', time);
    this.#duties.done(process, 'go-on');
    this.#disconnects(time);
    this.#owe('connect', time, 'has lost its lond, and does not connect again');
  }

  /** Backs off: nobody can ask it any more. */
  #fails(time: Instant): undefined {
    this.#enter('backing-off', time);
    for (const key of ['go-on', 'look', 'connect', 'online']) this.#duties.done(this.#ids.process, key);
    this.#disconnects(time);
    this.#refuseAll(time);
    this.#owe('exit', after(time, BACK_OFF[1]), 'backs off for longer than 359 s');
  }

  #disconnects(time: Instant): void {
    this.#toSay = undefined;
    this.#wait = undefined;
    this.#duties.done(this.#ids.process, 'say');
    if (this.#tcp !== '') this.#owe('disconnect', time, 'keeps a connection to lond that is of no use');
  }

  #upstreamEnds({ kind, time, data }: TraceEvent, stream: string): string | undefined {
    if (stream !== this.#tcp) return undefined;
    if (kind === 'end') return 'ends its half of the connection to lond';
    const ours = kind === 'close' && data?.['error'] === undefined;
    if (ours && this.#duties.done(this.#ids.process, 'disconnect')) {
      this.#tcp = '';
      return undefined;
    }
    if (ours) return `closes a connection to lond that is good: it is ${this.#phase} since ${since(this.#since, time)} us`;
    if (kind === 'close') this.#tcp = '';
    if (this.#phase === 'lost' || this.#phase === 'backing-off') {
      if (kind === 'close') this.#duties.done(this.#ids.process, 'disconnect');
      return undefined;
    }
    return this.#breaks(time);
  }

  #says(text: string, time: Instant): string | undefined {
    this.#said.feed(text);
    const { line } = this.#said.next(Number.POSITIVE_INFINITY);
    if (line === undefined) return `says '${shown(text)}' to lond, which is no line`;
    const wanted = this.#toSay;
    if (wanted === undefined) return this.#asks(line, time);
    if (line !== wanted.text) return `says '${shown(line)}' to lond instead of '${shown(wanted.text)}'`;
    if (time < wanted.at) return `says '${shown(line)}' to lond before its time`;
    this.#toSay = undefined;
    this.#duties.done(this.#ids.process, 'say');
    this.#enter(wanted.phase, time);
    return this.#waitsFor(DIALOGUE_TIMEOUT, time);
  }

  #waitsFor(length: number, time: Instant): undefined {
    this.#wait = { length, id: undefined };
    this.#owe('give-up', after(time, length as typeof DIALOGUE_TIMEOUT), `waits for lond for longer than ${length / 1_000_000} s`);
  }

  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** It has nothing to wait for. */
  #free(time: Instant): undefined {
    const { next } = this.#clients;
    if (this.#phase === 'draining' || this.#found.length > 0) this.#owe('go-on', time, 'has something to do, and does not go on');
    else if (this.#phase === 'serving' && next?.text === 'close_connection_exit') {
      if (!this.#clients.isFirst(next)) return;
      this.#clients.drop(next);
      this.#leaves(0, time);
    } else if (this.#phase === 'serving' && next !== undefined) this.#owe('go-on', time, `does not ask '${shown(next.text)}'`);
  }

  #asks(line: string, time: Instant): string | undefined {
    if (this.#phase !== 'serving' && this.#phase !== 'draining') return `says '${shown(line)}' to lond while it is ${this.#phase}`;
    this.#duties.done(this.#ids.process, 'go-on');
    const request = this.#phase === 'serving' ? this.#clients.whose(text => this.#wireForm(text) === line) : undefined;
    if (request !== undefined) {
      if (this.#clients.isDeaf(request.client)) return `asks '${shown(line)}' for ${request.client.stream}, which reads nothing`;
      this.#clients.take(request, time);
      this.#work = { client: request.client, sealed: request.text.startsWith('encrypt:') };
    } else {
      const file = this.#spool.find(this.#ids.machine, this.#ids.peer, text => this.#wireForm(text) === line);
      if (file === undefined) return `asks '${shown(line)}', which is nobody's turn`;
      if (this.#unread !== '') return `sends '${shown(line)}', and could not read ${this.#unread} before it`;
      if (time < this.#restsUntil) return `sends '${shown(line)}' again, before its rest is over`;
      this.#found = this.#found.filter(each => each !== file);
      this.#work = { file };
    }
    this.#enter('asking', time);
    return this.#waitsFor(request === undefined ? DELAYED_TIMEOUT : REQUEST_TIMEOUT, time);
  }

  #wireForm(text: string): string {
    return text.startsWith('encrypt:') ? seal(this.#key, text.slice('encrypt:'.length)) : text;
  }

  get #key(): { readonly server: string; readonly client: string; readonly buildKey: string } {
    return { server: this.#ids.peer, client: this.#ids.machine, buildKey: this.#buildKey };
  }

  #replied(line: string, time: Instant): string | undefined {
    const work = this.#work;
    this.#work = undefined;
    this.#wait = undefined;
    this.#enter(this.#served ? 'serving' : 'draining', time);
    if (work !== undefined && 'client' in work)
      this.#clients.tell(work.client, line.startsWith('enc:') ? (opened(this.#key, line) ?? line) : line, time);
    if (work !== undefined && 'file' in work) {
      // A look while it was asked has found it once more.
      this.#found = this.#found.filter(each => each !== work.file);
      this.#owe(`unlink ${work.file}`, time, `does not remove ${work.file}, which was answered`);
    }
    return this.#free(time);
  }

  // ── local clients ─────────────────────────────────────────────────────────────────────────────────────────────────

  #listens(time: Instant, failed: boolean): string | undefined {
    this.#duties.done(this.#ids.process, 'go-on');
    if (this.#phase !== 'draining') return `listens while it is ${this.#phase}`;
    this.#enter('listening', time);
    if (failed) this.#fails(time);
    else this.#owe('online', after(time, OPENING), 'does not come online');
    return undefined;
  }

  #comesOnline(time: Instant): string | undefined {
    if (!this.#duties.done(this.#ids.process, 'online')) return `says that it is online while it is ${this.#phase}`;
    this.#served = true;
    this.#enter('serving', time);
    return undefined;
  }

  #looks(time: Instant, failed: boolean): string | undefined {
    const found = failed || time < this.#restsUntil ? [] : this.#spool.filesFor(this.#ids.machine, this.#ids.peer);
    this.#found = [...found];
    this.#unread = '';
    if (this.#phase === 'backing-off' || this.#phase === 'leaving') return undefined;
    this.#owe('look', after(time, DELAYED_SCAN), 'does not look for delayed messages again');
    return this.#phase === 'serving' || this.#phase === 'draining' ? this.#free(time) : undefined;
  }

  /** What is behind a message that cannot be read must not overtake it. */
  #cannotRead(event: TraceEvent): undefined {
    if (!this.#spool.has(this.#ids.machine, pathOf(event))) return;
    this.#found = [];
    this.#unread = pathOf(event);
  }

  #asked(stream: string, text: string, time: Instant): string | undefined {
    const heard = this.#clients.hears(stream, text, time);
    if (typeof heard === 'string') return heard;
    if (heard && this.#phase === 'serving') this.#free(time);
    return undefined;
  }

  /** Everybody who waits is told con_lost, and is disconnected; nobody else can come. */
  #refuseAll(time: Instant): void {
    this.#clients.refuseAll(time);
    if (this.#served) this.#owe('socket', time, 'leaves its socket file');
  }

  // ── files, signals, the end ───────────────────────────────────────────────────────────────────────────────────────

  #unlinks(event: TraceEvent): string | undefined {
    const path = pathOf(event);
    if (path === `/s/${this.#ids.peer}`) this.#duties.done(this.#ids.process, 'socket');
    if (!this.#spool.has(this.#ids.machine, path)) return undefined;
    return this.#duties.done(this.#ids.process, `unlink ${path}`) ? undefined : `removes ${path}, which was not answered`;
  }

  #signalled(signal: string, time: Instant): undefined {
    if (signal === 'SIGTERM' || signal === 'SIGINT') this.#leaves(0, time);
    if (signal === 'SIGQUIT') this.#leaves(1, time);
  }

  #leaves(status: number, time: Instant): void {
    if (this.#work !== undefined && 'client' in this.#work) this.#clients.tell(this.#work.client, CON_LOST, time);
    if (this.#phase !== 'backing-off') this.#refuseAll(time);
    // Who ends goes on with nothing, and what he holds is closed with him.
    for (const key of ['go-on', 'look', 'connect', 'online', 'say', 'disconnect']) this.#duties.done(this.#ids.process, key);
    this.#enter('leaving', time);
    this.#status = status;
    this.#owe('exit', time, 'was told to end, and does not');
  }

  /** Its lifeline was cut. */
  orphaned(): void {
    this.#phase = 'leaving';
    this.#status ??= 0;
    this.#duties.forget(this.#ids.process);
  }

  #exits({ time, data }: TraceEvent): string | undefined {
    const { process } = this.#ids;
    this.#duties.done(process, 'exit');
    const left = this.#duties.left(process, time);
    this.#duties.forget(process);
    if (data?.['signal'] !== undefined || this.#phase === 'starting') return undefined;
    if (left !== undefined) return `ends: it ${left}`;
    if (this.#phase === 'backing-off') {
      if (since(this.#since, time) < BACK_OFF[0]) return 'backs off for less than 120 s';
      return data?.['code'] === 0 ? undefined : `ends with status ${String(data?.['code'])}`;
    }
    if (this.#status === undefined) return `ends while it is ${this.#phase}, and has no reason`;
    return data?.['code'] === this.#status ? undefined : `ends with status ${String(data?.['code'])}`;
  }

  #enter(phase: Phase, time: Instant): void {
    this.#duties.done(this.#ids.process, 'give-up');
    this.#phase = phase;
    this.#since = time;
  }

  #owe(key: string, at: Instant, what: string): void {
    this.#duties.owe(this.#ids.process, key, at, what);
  }
}

const pathOf = ({ data }: TraceEvent): string => String(data?.['path'] ?? '');
