/**
 * WHAT A CLIENT TELLS OF ITSELF, a second time: each try and what came of it, what goes on in the place of what was refused, and how it ends.
 * Lacks: what it tells of answers, and when it may ask (properties/client.ts).
 */
import { printable } from '../../../src/host/bytes.ts';
import type { EventData } from '../../../src/host/event.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { type Answer, answerIn, Incoming, tokensIn } from '../parts/messages.ts';

/** Why there was no answer: what is no code of a Host. */
const REASONS =
  /^(closed|timeout|no answer|the end in the middle of the (header|body) of an answer|(no Rover-Result|no Content-Length, or one that is too large|status \d+ is none of a Rover server|no status line of HTTP: .*|field .* twice|more than 64 fields in a header|more than 8 times 100 Continue|a header of more than 16384 bytes|no field in a line of the header: .*), at byte \d+)$/s;

/** One life. */
export class TellingClient {
  readonly #args: string;
  readonly #lives: Lives;
  /** Tries that were told of, in order, and have no connection yet. */
  readonly #sent: { readonly number: number; readonly substitute: boolean }[] = [];
  readonly #tries: Map<number, number> = new Map();
  readonly #open: Map<string, { readonly asked: Incoming; readonly heard: Incoming; number: number | undefined }> = new Map();
  readonly #heard: Map<number, Answer> = new Map();
  readonly #errors: Set<string> = new Set();
  #failed = 0;
  #isFailing = false;
  #status: number | undefined;

  constructor({ data }: TraceEvent, lives: Lives) {
    this.#args = String(data?.['args']);
    this.#lives = lives;
  }

  see(event: TraceEvent): string | undefined {
    const { kind, channel, bytes, data } = event;
    if (data?.['error'] !== undefined) this.#errors.add(String(data['error']));
    if (kind === 'log' && data !== undefined) return this.#tells(data);
    const key = channel.slice(0, -1);
    if (kind === 'open' && data?.['error'] === undefined)
      this.#open.set(key, { asked: new Incoming(), heard: new Incoming(), number: undefined });
    const one = this.#open.get(key);
    if (kind === 'exit' && this.#status !== undefined && data?.['code'] !== undefined && data['code'] !== this.#status)
      return `ends with ${data['code']}, and was to end with ${this.#status}`;
    if (one === undefined || bytes === undefined) return undefined;
    if (kind === 'send') return this.#asks(one, bytes);
    if (kind === 'recv') one.heard.take(bytes);
    const { message } = one.heard;
    if (message !== undefined && one.number !== undefined) this.#heard.set(one.number, answerIn(message));
    return undefined;
  }

  #asks(one: { readonly asked: Incoming; number: number | undefined }, bytes: Uint8Array): string | undefined {
    one.asked.take(bytes);
    const { message } = one.asked;
    if (message === undefined || one.number !== undefined) return undefined;
    const { MSGID, COMMAND } = tokensIn(message.body);
    one.number = Number(MSGID);
    const at = this.#sent.findIndex(({ number }) => number === one.number);
    if (at < 0) return `asks number ${MSGID}, and has not told so`;
    const [told] = this.#sent.splice(at, 1);
    return told?.substitute === true && COMMAND !== 'TESTNULL' ? `tells that ${MSGID} is a substitute, and it is ${COMMAND}` : undefined;
  }

  #tells(data: EventData): string | undefined {
    const [event, number, error] = [String(data['event']), Number(data['number']), String(data['error'])];
    switch (event) {
      case 'queue-open':
        return this.#opens(data);
      case 'sent': {
        this.#sent.push({ number, substitute: data['substitute'] === true });
        // What another try has heard is no reason of this one.
        this.#heard.delete(number);
        const due = (this.#tries.get(number) ?? 0) + 1;
        if (data['try'] !== due) return `tells try ${data['try']} of ${number}, which is ${due}`;
        const isSubstitute = this.#lives.replaced.has(number);
        return data['substitute'] === isSubstitute ? undefined : `tells of ${number} that substitute is ${data['substitute']}`;
      }
      case 'again':
        this.#tries.set(number, (this.#tries.get(number) ?? 0) + 1);
        return this.#isReason(number, String(data['outcome']), String(data['why']));
      case 'replaced':
        this.#tries.delete(number);
        this.#lives.replaced.add(number);
        return this.#heard.get(number)?.status === data['status'] ? undefined : `tells that ${number} was refused with ${data['status']}`;
      case 'answer':
        if (!this.#lives.replaced.has(number)) this.#tries.delete(number);
        if (data['result'] !== 'done') this.#failed += 1;
        return undefined;
      case 'unlogged':
        this.#failed += 1;
        return this.#isSend(data) ? undefined : `tells that '${data['command']}' is not logged`;
      case 'queued':
        return this.#isSend(data) ? undefined : `tells that it has taken '${data['command']} ${data['object']}'`;
      case 'log-failed':
        this.#isFailing = true;
        return this.#errors.has(error) ? undefined : `tells the error ${error}, and nothing has failed so`;
      case 'log-again':
        return this.#isFailing ? undefined : 'tells that its log goes on, and not that it had failed';
      case 'finished':
        this.#status = data['failed'] === 0 ? 0 : 1;
        return data['failed'] === this.#failed ? undefined : `tells that ${data['failed']} have failed, and ${this.#failed} have`;
      case 'stuck':
        this.#status = 1;
        return this.#heard.get(number)?.status === data['status'] ? undefined : `is stuck at ${number} with ${data['status']}`;
      case 'left':
      case 'taken-over':
        this.#status = 1;
        return undefined;
      default:
        return ['log-damaged', 'usage'].includes(event) ? undefined : `tells ${event}, which no client does`;
    }
  }

  #opens({ user, host, epoch }: EventData): string | undefined {
    const given = (name: string): string => new RegExp(`--${name}=(\\S*)`).exec(this.#args)?.[1] ?? '';
    if (user !== given('user') || host !== given('host')) return `opens the queue of ${user} at ${host}`;
    this.#lives.epoch ??= Number(epoch);
    return this.#lives.epoch === epoch ? undefined : `opens its queue in epoch ${epoch}, which is ${this.#lives.epoch}`;
  }

  #isSend({ command, object }: EventData): boolean {
    return this.#args.includes(`--send=${command}${object === '' ? '' : ` ${object}`}`);
  }

  #isReason(number: number, outcome: string, why: string): string | undefined {
    const heard = this.#heard.get(number);
    this.#heard.delete(number);
    const isLog = outcome === 'busy' && this.#errors.has(why);
    if (isLog) return undefined;
    if (heard !== undefined) {
      const isItsOwn = (heard.number ?? number) === number && (heard.result === 'held' || heard.result === 'busy');
      const due = isItsOwn ? heard.result : 'lost';
      if (outcome === due && (why === `${heard.status} ${heard.result}` || (due === 'lost' && REASONS.test(why)))) return undefined;
      return `tells that ${number} is ${outcome} by '${why}', and has heard ${heard.status} ${heard.result}`;
    }
    const isKnown = this.#errors.has(why) || REASONS.test(why);
    return outcome === 'lost' && isKnown ? undefined : `tells that ${number} is ${outcome} by '${printable(why)}'`;
  }
}

/** What outlives a life. */
export class Lives {
  epoch: number | undefined;
  readonly replaced: Set<number> = new Set();
}
