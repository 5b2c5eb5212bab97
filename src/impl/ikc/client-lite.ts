/**
 * The small client (B15): posts and calls to one kernel, one after the other, without a responder. It says one name and no kernel id,
 * and asks for its serializer without waiting.
 * Lacks: being called; connections that the other end has not closed are used for the next request.
 */
import { printable, utf8 } from '../../host/bytes.ts';
import type { Host, Stream, StreamHandler, Timer } from '../../host/host.ts';
import { Queue } from '../../host/queue.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { frameOf } from '../framing/lines-then-frames.ts';
import type { PerlValue } from '../storable/values.ts';
import { type Answer, failed } from './awaited.ts';
import { CORRECTED_LITE_READER, LiteReader, type LiteReaderRules } from './lite-reader.ts';
import { unixText } from './names.ts';
import type { Address } from './options.ts';
import { requestHash } from './request.ts';
import type { Serializer } from './serializer.ts';
import { SERIALIZERS } from './serializers.ts';
import { formatSpecifier, parseSpecifier, type Specifier, scalarText, specifierOf } from './specifier.ts';

/** Of each of the four steps of a connection, and of a call (B13). */
export const LITE_TIMEOUT: Duration = seconds(30);
/** The session of every small client. */
export const IKC_LITE = 'IKCLite';

export interface LiteRules extends LiteReaderRules {
  /** B-T21: what becomes of the alarm of a step when the serializer is refused. */
  readonly refusedAlarm: 'is taken off' | 'stays';
}

export const CORRECTED_LITE: LiteRules = { ...CORRECTED_LITE_READER, refusedAlarm: 'is taken off' };

export interface LiteOptions {
  readonly connect: Address;
  readonly name: string;
  readonly serializers: readonly string[];
  readonly timeout: Duration;
  readonly rules: LiteRules;
}

/** What was asked: a post is over when it is sent. */
interface Asked {
  readonly to: string;
  readonly params: PerlValue;
  readonly call: boolean;
  readonly wantsList: boolean;
  readonly done: (answer: Answer | undefined) => void;
  /** It has been sent on a connection that was gone, and is sent once more. */
  again: boolean;
}

type Phase = 'hello' | 'name' | 'freezer' | 'world' | 'up';

/** B4, as this client says it: what it waits for in each phase, what it then says, and which is next. */
const PHASES: Readonly<Record<Exclude<Phase, 'up' | 'freezer'>, { readonly waits: string; readonly next: Phase }>> = {
  hello: { waits: 'DONE', next: 'name' },
  name: { waits: 'OK', next: 'freezer' },
  world: { waits: 'UP', next: 'up' },
};

export class ClientLite {
  readonly #host: Host;
  readonly #options: LiteOptions;
  readonly #queue: Queue<Asked> = new Queue();
  #current: Asked | undefined;
  #stream: Stream | undefined;
  #reader: LiteReader;
  #phase: Phase = 'hello';
  #offers: string[] = [];
  #serializer: Serializer | undefined;
  #timer: Timer | undefined;
  #number = 0;
  /** The connection that is made, or was: an earlier one may still be answered. */
  #attempt = 0;

  constructor(host: Host, options: LiteOptions) {
    this.#host = host;
    this.#options = options;
    this.#reader = new LiteReader(options.rules);
  }

  /** `done`: with an answer where it could not be sent. */
  post(to: string, params: PerlValue, done: (failure: Answer | undefined) => void): void {
    this.#ask({ to, params, call: false, wantsList: false, done, again: false });
  }

  call(to: string, params: PerlValue, wantsList: boolean, done: (answer: Answer) => void): void {
    const answered = (answer: Answer | undefined): void => done(answer ?? failed('unsent', 'not sent'));
    this.#ask({ to, params, call: true, wantsList, done: answered, again: false });
  }

  disconnect(): void {
    this.#attempt += 1;
    this.#timer?.cancel();
    this.#stream?.end();
    this.#stream = undefined;
  }

  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #ask(asked: Asked): void {
    this.#queue.push(asked);
    this.#next();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#queue.shift();
    if (this.#current === undefined) return;
    if (this.#stream === undefined) this.#connect();
    else this.#send(this.#current);
  }

  #send(asked: Asked): void {
    const event = this.#target(asked.to);
    const state = `response${this.#number}`;
    const own: Specifier = { kernel: this.#options.name, session: IKC_LITE, state };
    const answerTo = asked.call ? { rsvp: own, from: own, wantsList: asked.wantsList } : {};
    const frozen =
      event === undefined
        ? undefined
        : this.#serializer?.freeze(requestHash({ event, text: formatSpecifier(event), params: asked.params, ...answerTo }));
    if (frozen?.ok !== true) {
      this.#over(failed('unsent', frozen?.why ?? `'${printable(asked.to)}' is no specifier of a session and a state`));
      return;
    }
    this.#stream?.write(frameOf(frozen.bytes));
    if (!asked.call) this.#over(undefined);
    else this.#limit('no answer came in time');
  }

  /** The remote kernel is called by its address, as names have it (B2), never by the name that it has said (B15). */
  #target(to: string): Specifier | undefined {
    const event = parseSpecifier(to);
    if (event === undefined || event.session === '' || event.state === '') return undefined;
    return event.kernel === '' ? { ...event, kernel: nameOf(this.#options.connect) } : event;
  }

  #over(answer: Answer | undefined): void {
    const asked = this.#current;
    this.#current = undefined;
    this.#timer?.cancel();
    if (asked?.call === true) this.#number += 1;
    asked?.done(answer);
    this.#next();
  }

  // ── connection ────────────────────────────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    this.#reader = new LiteReader(this.#options.rules);
    this.#phase = 'hello';
    this.#offers = [...this.#options.serializers];
    this.#limit('no connection');
    const attempt = ++this.#attempt;
    this.#host.network.connect(this.#options.connect.endpoint, {}, result => {
      // It was given up before there was an answer.
      if (attempt !== this.#attempt) {
        if (result.ok) result.value.close();
        return { data: () => {} };
      }
      if (!result.ok) {
        this.#over(failed('unsent', `cannot connect: ${result.error.code}`));
        return { data: () => {} };
      }
      const stream = result.value;
      this.#stream = stream;
      this.#say('HELLO');
      return this.#handler(stream);
    });
  }

  #handler(stream: Stream): StreamHandler {
    const isCurrent = (): boolean => this.#stream === stream;
    return {
      data: bytes => {
        if (!isCurrent()) return;
        this.#reader.feed(bytes);
        this.#read(isCurrent);
      },
      end: () => {
        stream.close();
        if (isCurrent()) this.#lost('the connection ended');
      },
      close: error => {
        if (isCurrent()) this.#lost(`the connection broke${error === undefined ? '' : `: ${error.code}`}`);
      },
    };
  }

  #lost(why: string): void {
    this.#stream = undefined;
    const asked = this.#current;
    if (asked === undefined) return;
    // It was gone before anything was asked, or while it was: a request that may have been heard is not said twice.
    if (this.#phase === 'up' || asked.again) this.#over(failed('gone', why));
    else {
      asked.again = true;
      this.#connect();
    }
  }

  #fail(why: string): void {
    this.#attempt += 1;
    this.#stream?.close();
    this.#stream = undefined;
    this.#over(failed('unsent', why));
  }

  #limit(why: string): void {
    this.#timer?.cancel();
    this.#timer = this.#host.clock.setTimer(this.#options.timeout, () => this.#fail(`${why}, in phase ${this.#phase}`));
  }

  #say(text: string): void {
    this.#stream?.write(utf8(`${text}\r\n`));
    this.#limit('no answer of the other kernel');
  }

  #read(isCurrent: () => boolean): void {
    while (isCurrent()) {
      const read = this.#phase === 'up' ? this.#reader.frame() : this.#reader.line();
      if (read === undefined) return;
      if ('problem' in read) this.#fail(read.problem);
      else if (typeof read.item === 'string') this.#line(read.item);
      else this.#frame(read.item);
    }
  }

  #line(line: string): void {
    if (line.startsWith('IAM ') && this.#phase === 'hello') this.#say('OK');
    else if (this.#phase === 'freezer') this.#chosen(line);
    else if (this.#phase !== 'up' && line === PHASES[this.#phase].waits) this.#enter(PHASES[this.#phase].next);
    else this.#fail(`'${printable(line)}' in phase ${this.#phase}`);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    if (phase === 'name') this.#say(`IAM ${this.#options.name}`);
    else if (phase === 'freezer') {
      this.#say('DONE');
      this.#offer();
    } else if (phase === 'world') this.#say('WORLD');
    else if (this.#current === undefined) this.#timer?.cancel();
    else this.#send(this.#current);
  }

  #offer(): void {
    const [name] = this.#offers;
    if (name === undefined) this.#refused();
    else this.#say(`FREEZER ${name}`);
  }

  #chosen(line: string): void {
    const name = this.#offers.shift();
    if (line === 'OK') {
      this.#serializer = name === undefined ? undefined : SERIALIZERS.get(name);
      this.#enter('world');
    } else if (line === 'NOT') this.#offer();
    else this.#fail(`'${printable(line)}' in phase freezer`);
  }

  #refused(): void {
    if (this.#options.rules.refusedAlarm === 'stays') this.#host.signals.alarm(this.#options.timeout);
    this.#fail('the other kernel has none of the serializers');
  }

  // ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #frame(payload: Uint8Array): void {
    const thawed = this.#serializer?.thaw(payload);
    if (thawed?.ok !== true) {
      this.#fail(`a frame cannot be read: ${thawed?.why}`);
      return;
    }
    const answer = thawed.value instanceof Map ? this.#answerIn(thawed.value) : undefined;
    // Of a request that is over, or of nothing: it is skipped.
    if (answer === undefined) return;
    this.#reader.taken();
    this.#over(answer);
  }

  /** B15: those of its own session with the state that is waited for; and an error that names it. */
  #answerIn(request: ReadonlyMap<string, PerlValue>): Answer | undefined {
    const event = specifierOf(request.get('event'));
    if (event === undefined || this.#current?.call !== true) return undefined;
    const params = request.get('params') ?? null;
    const state = `response${this.#number}`;
    if (event.session === IKC_LITE && event.state === state) return { ok: true, value: params };
    const own = ` sent by [${formatSpecifier({ kernel: this.#options.name, session: IKC_LITE, state })}]`;
    const text = scalarText(params);
    if (event.session !== 'IKC' || event.state !== 'remote_error' || text?.endsWith(own) !== true) return undefined;
    return failed('remote-error', printable(text, 1_000));
  }
}

const nameOf = ({ text, endpoint }: Address): string => (endpoint.transport === 'unix' ? `unix:${unixText(endpoint.path)}` : text);
