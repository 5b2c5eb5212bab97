/**
 * What a lond must say to its callers, and may: the greeting, one reply for each request in turn and what is in it, and when it ends a
 * connection (README.md of lonc, L2, L6 and L10). One model is one process.
 * Lacks: when a caller is served who does not read its replies.
 */
import { after, type Instant, seconds } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { type KeyParts, opened } from '../parts/sealed.ts';
import type { Duties } from './duties.ts';
import {
  DIALOGUE_MAX,
  ENCRYPTED_MAX,
  GREETING_TIMEOUT,
  KERNEL_MAX,
  LEAVING_MAX,
  LINGER,
  LOND_REQUEST,
  SESSIONS_MAX,
  SESSIONS_PER_HOST,
  UNTAKEN_MAX,
  WAITING_MAX,
} from './facts.ts';
import { Lines } from './lines.ts';
import { type Ping, ReversePings } from './reverse-ping.ts';
import { shown } from './shown.ts';
import type { StoreModel } from './store.ts';

interface Session {
  readonly stream: string;
  /** Host id of the caller; undefined: its address is in no table. */
  readonly caller: string | undefined;
  readonly lines: Lines;
  phase: 'greeting' | 'challenged' | 'open' | 'ending';
  /** What it has to say before it ends. */
  readonly last: string[];
  /** Requests that have no reply yet. */
  readonly asked: string[];
  /** A line that comes now is not heard any more. */
  deaf: boolean;
  challenge: string | undefined;
  /** It has said bye. */
  over: boolean;
  key: KeyParts | undefined;
  /** Characters of replies that the caller has not read. */
  untaken: number;
  /** The ping by which pong is answered. */
  ping: Ping | undefined;
}

export interface LondIds {
  readonly process: string;
  /** Its host id, which is the name of its machine. */
  readonly own: string;
  /** Host ids by address. */
  readonly hosts: ReadonlyMap<string, string>;
  /** What its command line says otherwise. */
  readonly requestTimeout: string | undefined;
  readonly encryptedOnly: string | undefined;
  readonly listen: string | undefined;
}

const SECRET = ['currentauth', 'auth', 'passwd', 'makeuser', 'changeuserauth'];

export class LondModel {
  readonly #ids: LondIds;
  readonly #duties: Duties;
  readonly #store: StoreModel;
  readonly #faulty: () => boolean;
  /** In the order in which they came. */
  readonly #sessions = new Map<string, Session>();
  /** Streams that it has ended, and not yet closed. */
  readonly #leaving = new Set<string>();
  readonly #pings = new ReversePings();
  readonly #secret: readonly string[];
  /** The last line that was added to some user's log. */
  #appended = '';

  constructor(ids: LondIds, duties: Duties, store: StoreModel, faulty: () => boolean) {
    this.#ids = ids;
    this.#duties = duties;
    this.#store = store;
    this.#faulty = faulty;
    this.#secret = ids.encryptedOnly?.split(',') ?? SECRET;
  }

  see(event: TraceEvent, text: string): string | undefined {
    const { kind, channel, time, data } = event;
    if (kind === 'append') this.#appended = `${String(data?.['path'])}: ${text}`;
    if (kind === 'listen' && data?.['at'] !== `${this.#ids.listen ?? '0.0.0.0'}:5663`) return `listens on ${String(data?.['at'])}`;
    if (kind === 'connect' || kind === 'open' || channel.startsWith('unix')) return this.#pinged(event, text);
    if (!channel.startsWith('tcp')) return undefined;
    const stream = channel.slice(0, -1);
    if (kind === 'accept') return this.#accepts(stream, String(data?.['peer']).split(':')[0] ?? '', time);
    const session = this.#sessions.get(stream);
    if (session === undefined) return undefined;
    switch (kind) {
      case 'recv':
        return this.#readsOn(session) ?? this.#hears(session, text, time);
      case 'send':
        return this.#says(session, text, time);
      case 'drain':
        session.untaken = Math.min(session.untaken, KERNEL_MAX);
        if (!session.deaf) this.#turn(session, time);
        return undefined;
      case 'eof':
        if (!session.deaf) this.#mustEnd(session, time);
        return undefined;
      case 'end':
        return this.#ends(session, time);
      case 'close':
        return this.#closes(session, data?.['error'] !== undefined, time);
      default:
        return undefined;
    }
  }

  /** A caller has read so much. */
  taken(stream: string, length: number): void {
    const session = this.#sessions.get(stream);
    if (session !== undefined) session.untaken -= length;
  }

  /** The process is gone: what it was doing may be done or not. */
  dies(): void {
    for (const { phase, asked, key } of this.#sessions.values())
      if (phase === 'open' && asked[0] !== undefined) this.#store.perhaps(clearOf(asked[0], key) ?? '');
    this.#duties.forget(this.#ids.process);
  }

  // ── the greeting ──────────────────────────────────────────────────────────────────────────────────────────────────

  #accepts(stream: string, address: string, time: Instant): undefined {
    const caller = this.#ids.hosts.get(address);
    const alive = [...this.#sessions.values()].filter(({ deaf }) => !deaf);
    const same = alive.filter(each => each.caller === caller);
    const [oldest] = same;
    if (caller !== undefined && oldest !== undefined && same.length >= SESSIONS_PER_HOST) this.#mustEnd(oldest, time);
    const session: Session = {
      stream,
      caller,
      lines: new Lines(),
      phase: 'greeting',
      last: [],
      asked: [],
      deaf: false,
      challenge: undefined,
      over: false,
      key: undefined,
      untaken: 0,
      ping: undefined,
    };
    this.#sessions.set(stream, session);
    if (alive.length >= SESSIONS_MAX) this.#mustEnd(session, time);
    else if (caller === undefined) this.#refuses(session, time);
    else this.#owe(session, 'end', after(time, GREETING_TIMEOUT), 'waits for init for longer than 60 s');
  }

  #refuses(session: Session, time: Instant): void {
    session.last.push('bye', 'refused');
    this.#owe(session, 'reply', time, 'owes a caller the word bye, and refused');
    this.#mustEnd(session, time);
  }

  /** A line that was left unanswered waits for the caller to read, and so does all behind it. */
  #readsOn(session: Session): string | undefined {
    const [next] = session.asked;
    if (next === undefined || session.deaf || this.#isPong(session)) return undefined;
    return `reads on from ${session.caller ?? 'a stranger'}, and has not answered '${shown(next)}'`;
  }

  #hears(session: Session, text: string, time: Instant): undefined {
    if (session.deaf) return;
    session.lines.feed(text);
    for (;;) {
      const { line, tooLong } = session.lines.next(session.phase === 'open' ? ENCRYPTED_MAX : DIALOGUE_MAX);
      if (tooLong === true) this.#mustEnd(session, time);
      if (line === undefined) return;
      this.#hearsLine(session, line, time);
      if (session.deaf) return;
    }
  }

  #hearsLine(session: Session, line: string, time: Instant): void {
    const words = line.replace(/\W/g, '');
    if (session.phase === 'greeting') {
      if (words !== 'init') this.#refuses(session, time);
      else {
        session.phase = 'challenged';
        this.#owe(session, 'reply', time, 'owes a caller its challenge');
        this.#owe(session, 'end', after(time, GREETING_TIMEOUT), 'waits for the echo for longer than 60 s');
      }
    } else if (session.phase === 'challenged') {
      if (words !== session.challenge) this.#refuses(session, time);
      else {
        session.phase = 'open';
        session.challenge = undefined;
        this.#done(session, 'end');
        this.#owe(session, 'reply', time, 'owes a caller the word ok');
      }
    } else {
      const waits = session.asked.length > 0 && this.#isPong(session);
      if (waits && session.asked.length > WAITING_MAX) this.#mustEnd(session, time);
      else session.asked.push(line);
      this.#turn(session, time);
    }
  }

  #isPong({ asked, key }: Session): boolean {
    return asked[0] !== undefined && clearOf(asked[0], key) === 'pong';
  }

  #turn(session: Session, time: Instant): void {
    const [next] = session.asked;
    if (next === undefined || session.untaken > UNTAKEN_MAX) return;
    if (this.#isPong(session) && session.caller !== this.#ids.own) this.#mustPing(session, time);
    else if (this.#duties.due(this.#ids.process, `reply ${session.stream}`) === undefined)
      this.#owe(session, 'reply', time, `does not answer '${shown(next)}'`);
  }

  #mustPing(session: Session, time: Instant): void {
    if (session.ping !== undefined) return;
    session.ping = this.#pings.begin(session.caller ?? '', time);
    this.#owe(session, 'reply', time, `does not ask its gateway who ${session.caller ?? 'a stranger'} is`);
    const { requestTimeout } = this.#ids;
    const limit = requestTimeout === undefined ? LOND_REQUEST : seconds(Number(requestTimeout));
    this.#owe(session, 'end', after(time, limit), `answers ${session.caller ?? 'a stranger'} for longer than it may take`);
  }

  #pinged(event: TraceEvent, text: string): string | undefined {
    const ping = this.#pings.see(event, text);
    if (event.kind === 'connect' && ping === undefined) return `connects to ${String(event.data?.['to'])}`;
    for (const session of this.#sessions.values())
      if (ping !== undefined && session.ping === ping && !session.deaf)
        this.#owe(session, 'reply', ping.at, `does not answer pong with '${ping.answer}'`);
    return undefined;
  }

  // ── replies ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #says(session: Session, text: string, time: Instant): string | undefined {
    if (!/^[^\n]*\n$/.test(text)) return `says '${shown(text)}', which is no line`;
    const room = session.untaken <= UNTAKEN_MAX + KERNEL_MAX;
    session.untaken += text.length;
    this.#done(session, 'reply');
    const why = room ? this.#judge(session, text.slice(0, -1), time) : 'yet another line, and none of them is read';
    if (session.last.length > 0) this.#owe(session, 'reply', time, 'owes a caller another line');
    if (session.over) this.#mustEnd(session, time);
    this.#turn(session, time);
    return why === undefined ? undefined : `says to ${session.caller ?? 'a stranger'}: ${why}`;
  }

  #judge(session: Session, line: string, time: Instant): string | undefined {
    if (session.phase === 'challenged' && session.challenge === undefined) {
      session.challenge = line;
      return /^[0-9]{1,40}$/.test(line) ? undefined : `a challenge '${shown(line)}'`;
    }
    const last = session.last.shift();
    if (last !== undefined) return line === last ? undefined : `'${shown(line)}' instead of ${last}`;
    if (session.phase !== 'open') return `'${shown(line)}', and nobody has asked`;
    if (session.challenge === undefined) {
      session.challenge = '';
      return line === 'ok' ? undefined : `'${shown(line)}' instead of ok`;
    }
    const request = session.asked.shift();
    return request === undefined ? `'${shown(line)}', and nobody has asked` : this.#wrongReply(session, request, line, time);
  }

  #wrongReply(session: Session, request: string, reply: string, time: Instant): string | undefined {
    const clear = clearOf(request, session.key);
    if (clear === undefined) return is(reply, session.key === undefined ? 'error:no_key' : 'error:not_decrypted');
    const [name = ''] = clear.split(':', 1);
    if (clear === request && this.#secret.includes(name)) return is(reply, 'refused');
    if (clear === 'ping') return is(reply, this.#ids.own);
    if (clear === 'ekey') return this.#takesKey(session, reply);
    if (clear === 'exit' || clear === 'init') session.over = true;
    if (session.over) return is(reply, 'bye');
    if (clear === 'load') return is(reply, String(Math.floor((100 * this.#alive) / SESSIONS_MAX)));
    if (clear === 'pong') return this.#wrongPong(session, reply, time);
    if (!this.#store.knows(clear)) return is(reply, 'unknown_cmd');
    const said = name === 'eget' && !reply.startsWith('error:') ? this.#unsealed(session, reply) : reply;
    if (said === undefined) return `'${shown(reply)}', which is not encrypted`;
    if (name === 'eget' && session.key === undefined) return is(reply, 'error:no_key');
    if (name === 'log' && reply === 'ok' && !this.#appended.endsWith(`/activity.log: ${clear.split(':').slice(3).join(':')}\n`))
      return `ok to '${shown(clear)}', and its log has '${shown(this.#appended)}'`;
    return this.#store.judge(clear, said, this.#faulty());
  }

  get #alive(): number {
    return [...this.#sessions.values()].filter(({ deaf }) => !deaf).length;
  }

  #unsealed({ key }: Session, reply: string): string | undefined {
    return key === undefined ? undefined : opened(key, reply);
  }

  #takesKey(session: Session, reply: string): string | undefined {
    session.key = { server: this.#ids.own, client: session.caller ?? '', buildKey: reply };
    return /^[0-9A-F]{1,64}$/.test(reply) ? undefined : `a build key '${shown(reply)}'`;
  }

  #wrongPong(session: Session, reply: string, time: Instant): string | undefined {
    const { ping, caller } = session;
    session.ping = undefined;
    this.#done(session, 'end');
    if (caller === this.#ids.own) return is(reply, `${caller}:self_reply`);
    if (ping === undefined || ping.at > time) return `'${shown(reply)}' to pong, before its time`;
    if (ping.mute) return `'${shown(reply)}' to pong, and has not asked its gateway`;
    return is(reply, `${this.#ids.own}:${ping.answer}`);
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #mustEnd(session: Session, time: Instant): void {
    session.deaf = true;
    if (session.last.length === 0) this.#done(session, 'reply');
    session.asked.length = 0;
    this.#owe(session, 'end', time, `does not end the session of ${session.caller ?? 'a stranger'}`);
  }

  #ends(session: Session, time: Instant): string | undefined {
    const due = this.#duties.due(this.#ids.process, `end ${session.stream}`);
    this.#done(session, 'end');
    if (due === undefined || due > time) return `ends the session of ${session.caller ?? 'a stranger'}, which is ${session.phase}`;
    session.deaf = true;
    this.#done(session, 'reply');
    this.#owe(session, 'close', after(time, LINGER), 'holds a caller whom it has let go for longer than 5 s');
    this.#leaving.add(session.stream);
    this.#letsGo(time);
    return undefined;
  }

  #letsGo(time: Instant): void {
    const [oldest] = this.#leaving;
    if (oldest !== undefined && this.#leaving.size > LEAVING_MAX)
      this.#duties.owe(this.#ids.process, `close ${oldest}`, time, `holds more than ${LEAVING_MAX} callers whom it has let go`);
  }

  #closes(session: Session, broken: boolean, time: Instant): string | undefined {
    const ended = this.#duties.due(this.#ids.process, `close ${session.stream}`) !== undefined;
    for (const key of ['reply', 'end', 'close']) this.#done(session, key);
    this.#sessions.delete(session.stream);
    this.#leaving.delete(session.stream);
    this.#letsGo(time);
    return broken || ended ? undefined : `closes the session of ${session.caller ?? 'a stranger'}, and has not ended it`;
  }

  #owe({ stream }: Session, key: string, at: Instant, what: string): void {
    this.#duties.owe(this.#ids.process, `${key} ${stream}`, at, what);
  }

  #done({ stream }: Session, key: string): void {
    this.#duties.done(this.#ids.process, `${key} ${stream}`);
  }
}

/** What a line says; undefined: it cannot be decrypted. */
function clearOf(line: string, key: KeyParts | undefined): string | undefined {
  if (!line.startsWith('enc:')) return line;
  const text = key === undefined ? undefined : opened(key, line);
  return text?.includes('\n') === true ? undefined : text;
}

const is = (reply: string, right: string): string | undefined =>
  reply === right ? undefined : `'${shown(reply)}' instead of '${shown(right)}'`;
