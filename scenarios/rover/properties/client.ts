/**
 * A CLIENT AS IT SHOULD BE: R11 a second time, over what its machine has sent and heard in all lives of the client. Nothing of src/impl/rover
 * decides here but the form of its log.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { printable, textOf } from '../../../src/host/bytes.ts';
import { after, type Duration, type Instant, type Span, seconds } from '../../../src/host/time.ts';
import { clientNoted, clientStep, clientWarned, SHOWN_MAX } from '../../../src/impl/rover/client-log.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { type Answer, answerIn, Incoming, octets, type Tokens, tokensIn } from '../parts/messages.ts';
import { CLIENT } from '../parts/network.ts';

const WIRE: readonly EventKind[] = ['start', 'open', 'send', 'recv', 'close', 'reset', 'sync', 'log', 'exit', 'power'];

const sameAs = ({ COMMAND = '', OBJECT = '', DATA = '' }: Tokens): string => `${COMMAND} ${OBJECT} ${DATA}`;
const NULL = 'TESTNULL  ';
const isFinal = ({ status, result }: Answer): boolean =>
  result === 'done' || result === 'failed' || (result === 'refused' && status !== 408);

/** What keeps a number from being over. */
const whyOf = ({ result, number }: Answer, asked: number): string =>
  number === asked && (result === 'held' || result === 'busy') ? result : 'lost';
/** Whether it need not wait for its time any more, after an answer to another. */
const helps = (answer: Answer, to: number, number: number, why: string): boolean =>
  (why === 'lost' && (answer.result === 'held' || isFinal(answer))) ||
  (why === 'held' && to === number - 1 && isFinal(answer) && answer.result !== 'refused');

/** One try, as its process sees it. */
interface Try {
  readonly request: Incoming;
  readonly answer: Incoming;
  number: number | undefined;
}

/** One life: a process. */
class Life {
  readonly tries: Map<string, Try> = new Map();
  /** By number: since when it is not on its way, after how many tries, and whether anything has come since that helps it. */
  readonly waits: Map<number, { readonly since: Instant; readonly tries: number; readonly why: string; recalled: boolean }> = new Map();
  lastTold = 0;
  /** Those that wait to be asked again, by what it tells, and why. */
  readonly putOff: Map<number, string> = new Map();
  /** Since when a number is to be asked again at once, after what helps it has come. */
  readonly recalled: Map<number, Instant> = new Map();

  late(now: Instant): string | undefined {
    const late = [...this.recalled].find(([, since]) => now > since);
    return late === undefined ? undefined : `does not ask number ${late[0]} again, which need not wait any more`;
  }
}

/** All lives of the client of one machine. */
class Queue {
  readonly #lives: Map<string, Life> = new Map();
  readonly #window: number;
  readonly #who: string;
  /** What was asked by each number, and what was heard of it. */
  readonly #asked: Map<number, string> = new Map();
  /** What each number was given to, as it tells, and all that it was told to send. */
  readonly #taken: Map<number, string> = new Map();
  readonly #args: string;
  readonly #heard: Map<number, Answer> = new Map();
  readonly #refused: Set<number> = new Set();
  #epoch: string | undefined;
  #queued = 0;
  #first = 1;
  #lastTold = 0;
  /** Told, and not yet written down by the life that told it. */
  readonly #fresh: Map<number, string> = new Map();

  constructor({ data }: TraceEvent) {
    const args = String(data?.['args']);
    const given = (name: string): string => new RegExp(`--${name}=(\\S*)`).exec(args)?.[1] ?? '';
    this.#args = `${args} --`;
    this.#window = Number(given('window') || '4');
    this.#who = `${given('user')} ${given('host')}`;
  }

  see(event: TraceEvent): string | undefined {
    const { kind, process, channel, bytes, data } = event;
    const life = this.#lives.get(process) ?? new Life();
    this.#lives.set(process, life);
    const stream = channel.slice(0, -1);
    if (kind === 'exit') this.#lives.delete(process);
    const late = kind === 'exit' ? undefined : life.late(event.time);
    if (late !== undefined) return late;
    const again = clientStep.again.of(event);
    const sent = clientStep.sent.of(event);
    if (again !== undefined) life.putOff.set(again.number, again.outcome);
    if (sent !== undefined) for (const each of [life.putOff, life.recalled]) each.delete(sent.number);
    if (kind === 'sync' && data?.['error'] === undefined && !String(data?.['path']).endsWith('.new')) this.#written(process);
    const open = clientNoted['queue-open'].of(event);
    if (open !== undefined && open.next <= this.#queued) return `has forgotten number ${this.#queued}: the next is ${open.next}`;
    // A life that ends between the log and the word for it has taken it all the same.
    if (open !== undefined) this.#queued = open.next - 1;
    const queued = clientNoted.queued.of(event);
    if (queued !== undefined) {
      this.#taken.set(queued.number, `${queued.command} ${queued.object}`);
      if (queued.number !== ++this.#queued) return `takes number ${queued.number} after ${this.#queued - 1}`;
    }
    const told = clientNoted.answer.of(event);
    if (told !== undefined) return this.#told(process, life, told);
    if (kind === 'open' && data?.['error'] === undefined)
      life.tries.set(stream, { request: new Incoming(), answer: new Incoming(), number: undefined });
    const one = life.tries.get(stream);
    if (one === undefined) return undefined;
    if (kind === 'send' && bytes !== undefined) return this.#sends(life, one, bytes, event.time);
    if (kind === 'recv' && bytes !== undefined) return this.#hears(life, one, bytes, event.time);
    if (kind === 'close' || kind === 'reset') this.#over(life, stream, one, event.time);
    return undefined;
  }

  // ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #sends(life: Life, one: Try, bytes: Uint8Array, now: Instant): string | undefined {
    if (one.number !== undefined) return 'sends more than a request on a connection';
    one.request.take(bytes);
    const { message } = one.request;
    if (message === undefined) return undefined;
    const tokens = tokensIn(message.body);
    one.number = Number(tokens['MSGID']);
    return this.#asks(one.number, tokens) ?? this.#again(life, one, one.number, now);
  }

  #asks(number: number, tokens: Tokens): string | undefined {
    const { USER, HOST, EPOCH, ACKED = '0' } = tokens;
    const request = sameAs(tokens);
    const before = this.#asked.get(number);
    if (`${USER} ${HOST}` !== this.#who) return `asks as ${USER} at ${HOST}`;
    if (this.#epoch !== undefined && EPOCH !== this.#epoch) return `asks in epoch ${EPOCH} after ${this.#epoch}`;
    this.#epoch = EPOCH;
    if (number > this.#queued) return `asks number ${number}, and has taken ${this.#queued}`;
    if (before !== undefined && before !== request && !(request === NULL && this.#refused.has(number)))
      return `asks '${request}' as number ${number}, which was '${before}'`;
    const other = before === undefined && request !== NULL ? this.#isOther(number, tokens) : undefined;
    if (other !== undefined) return other;
    if (before === undefined) this.#asked.set(number, request);
    if (number >= this.#first + this.#window)
      return `asks number ${number} while ${this.#first} has no answer, with a window of ${this.#window}`;
    if (number <= this.#lastTold && !this.#refused.has(number) && !this.#fresh.has(number))
      return `asks number ${number}, whose answer it has told`;
    return Number(ACKED) >= this.#first ? `says that it has the answers up to ${ACKED}, and ${this.#first} has none` : undefined;
  }

  /** The first time: it is what was given to this number, and one of those that it was told. */
  #isOther(number: number, { COMMAND = '', OBJECT = '', DATA = '' }: Tokens): string | undefined {
    const head = `${COMMAND} ${OBJECT}`;
    const taken = this.#taken.get(number);
    if (taken !== undefined && taken !== head) return `asks '${head}' as number ${number}, which it has given to '${taken}'`;
    const words = textOf(octets(`${head} ${DATA}`)).replace(/ +$/, '');
    return this.#args.includes(`--send=${words} --`) ? undefined : `asks '${words}', and was not told to`;
  }

  #again(life: Life, one: Try, number: number, now: Instant): string | undefined {
    if ([...life.tries.values()].some(each => each !== one && each.number === number)) return `asks number ${number} twice at once`;
    const waits = life.waits.get(number);
    if (waits === undefined || waits.recalled) return undefined;
    const least: Duration = seconds(Math.min(60, 2 ** (waits.tries - 1)));
    return now < after(waits.since, least) ? `asks number ${number} again before ${least / seconds(1)} s are over` : undefined;
  }

  #over(life: Life, stream: string, { number, answer }: Try, now: Instant): void {
    life.tries.delete(stream);
    if (number === undefined) return;
    const tries = (life.waits.get(number)?.tries ?? 0) + 1;
    const { message } = answer;
    // What goes on as TESTNULL does so at once.
    if (message !== undefined && isFinal(answerIn(message))) life.waits.delete(number);
    else
      life.waits.set(number, {
        since: now,
        tries,
        why: message === undefined ? 'lost' : whyOf(answerIn(message), number),
        recalled: false,
      });
  }

  // ── hearing and telling ───────────────────────────────────────────────────────────────────────────────────────────

  #hears(life: Life, one: Try, bytes: Uint8Array, now: Instant): undefined {
    const wasWhole = one.answer.message !== undefined;
    one.answer.take(bytes);
    const { message } = one.answer;
    if (message === undefined || wasWhole || one.number === undefined) return;
    const answer = answerIn(message);
    if (answer.number !== undefined && answer.number !== one.number) return;
    for (const [number, each] of life.waits) if (helps(answer, one.number, number, each.why)) each.recalled = true;
    for (const [number, why] of life.putOff) {
      const isInWindow = number >= this.#first && number < this.#first + this.#window;
      if (answer.number !== undefined && isInWindow && helps(answer, one.number, number, why)) life.recalled.set(number, now);
    }
    if (!isFinal(answer)) return;
    if (answer.result === 'refused' && !((answer.next ?? 0) > one.number)) this.#refused.add(one.number);
    else this.#asked.set(one.number, sameAs(tokensIn(one.request.message?.body ?? '')));
    if (!this.#heard.has(one.number)) this.#heard.set(one.number, answer);
    if (answer.result !== 'refused' || (answer.next ?? 0) > one.number) this.#consumed.add(one.number);
    while (this.#consumed.has(this.#first)) this.#first += 1;
  }
  readonly #consumed: Set<number> = new Set();

  #told(process: string, life: Life, told: { number: number; status: number; result: string; body: string }): string | undefined {
    const { number, status, result } = told;
    const heard = this.#heard.get(number);
    if (heard === undefined) return `tells an answer to ${number}, which it has not heard`;
    if (heard.status !== status || heard.result !== result || told.body !== printable(textOf(octets(heard.body)), SHOWN_MAX))
      return `tells ${status} ${result} '${told.body}' of number ${number}, and has heard ${heard.status} ${heard.result} '${heard.body}'`;
    if (number <= life.lastTold) return `tells ${number} after ${life.lastTold}`;
    life.lastTold = number;
    const teller = this.#fresh.get(number);
    if (number <= this.#lastTold && (teller === undefined || teller === process)) return `tells number ${number} again`;
    if (number > this.#lastTold + 1) return `tells number ${number} before ${this.#lastTold + 1}`;
    this.#lastTold = Math.max(this.#lastTold, number);
    this.#fresh.set(number, process);
    return undefined;
  }

  #written(process: string): void {
    for (const [number, teller] of this.#fresh) if (teller === process) this.#fresh.delete(number);
  }

  get lastTold(): number {
    return this.#lastTold;
  }
}

const isClient = ({ process }: TraceEvent): boolean => programOf(process) === CLIENT;

export const clientAsModelled: AlwaysProperty = always(
  'client-as-modelled',
  'A client asks its numbers without a gap, each with one content, within its window and with patience; it tells what it has heard, in order, once.',
  () => {
    const queues = new Map<string, Queue>();
    return {
      see: event => {
        const { kind, process } = event;
        if (!isClient(event)) return undefined;
        const machine = machineOf(process);
        if (kind === 'start' && !queues.has(machine)) queues.set(machine, new Queue(event));
        const why = queues.get(machine)?.see(event);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  WIRE,
);

/** In the end each client has ended by itself, and has told of all that it had queued. */
export const allFinish = (within: Span, machines?: readonly string[]): EventuallyProperty =>
  eventually(
    'all-finish',
    'Every client comes to its end, and has told the answers to all that it had taken.',
    { within },
    () => {
      const queued = new Map<string, number>();
      const told = new Map<string, number>();
      /** What each was told to ask, unless it has said that it cannot. */
      const wanted = new Map<string, number>();
      const seen = new Set<string>();
      const ended = new Set<string>();
      const behind = (): readonly string[] =>
        [...seen].filter(
          machine => !ended.has(machine) || (told.get(machine) ?? 0) < Math.max(queued.get(machine) ?? 0, wanted.get(machine) ?? 0),
        );
      return {
        see: event => {
          const { kind, process, data } = event;
          if (isClient(event)) {
            const machine = machineOf(process);
            seen.add(machine);
            if (kind === 'start') {
              const sends = String(data?.['args']).split('--send=').length - 1;
              if (!wanted.has(machine)) wanted.set(machine, sends);
              ended.delete(machine);
            }
            if (kind === 'exit' && (data?.['code'] === 0 || data?.['code'] === 1)) ended.add(machine);
            const open = clientNoted['queue-open'].of(event);
            const number = clientNoted.queued.of(event)?.number ?? (open === undefined ? undefined : open.next - 1);
            if (number !== undefined) queued.set(machine, number);
            if (clientWarned.unlogged.of(event) !== undefined) wanted.set(machine, 0);
            const answer = clientNoted.answer.of(event)?.number;
            if (answer !== undefined) told.set(machine, Math.max(told.get(machine) ?? 0, answer));
          }
          // A power cut asks again for all of it.
          if (kind === 'power') ended.delete(String(data?.['machine']));
          return (machines ?? [...seen]).every(each => seen.has(each)) && seen.size > 0 && behind().length === 0;
        },
        missing: () =>
          behind()
            .map(each => `${each} has told ${told.get(each) ?? 0} of ${queued.get(each) ?? 0}`)
            .join(', '),
      };
    },
    ['start', 'exit', 'log', 'power'],
  );

const met = (name: string, text: string, is: (event: TraceEvent) => boolean): SometimesProperty =>
  sometimes(name, text, () => ({ see: event => isClient(event) && is(event) }), ['log', 'recv']);

export const resumedMet: SometimesProperty = met(
  'queue-resumed',
  'A client goes on with what an earlier life has left.',
  event => (clientNoted['queue-open'].of(event)?.waiting ?? 0) > 0,
);
export const toldMet: SometimesProperty = met(
  'answer-told',
  'An answer is told.',
  event => clientNoted.answer.of(event)?.result === 'done',
);
export const refusalMet: SometimesProperty = met(
  'refusal-told',
  'A refusal is told.',
  event => clientNoted.answer.of(event)?.result === 'refused',
);
export const logAgainMet: SometimesProperty = met(
  'log-failed-and-again',
  'A log that has failed goes on.',
  event => clientNoted['log-again'].of(event) !== undefined,
);
