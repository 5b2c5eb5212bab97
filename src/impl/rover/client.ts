/**
 * A client of a Rover server, as a library: what is to be asked is logged, and sent when the server can be reached, again and again, until it
 * is answered; answers are logged, and told in the order of the numbers. A client that dies goes on in its next life. R11.
 * Lacks: command line and output (client-program.ts); a lock: whoever opens the queue last has it, and the one before is told.
 */
import { printable, textOf } from '../../host/bytes.ts';
import type { Host, TcpEndpoint, Timer } from '../../host/host.ts';
import type { HostError, Result } from '../../host/result.ts';
import { seconds } from '../../host/time.ts';
import type { Refusal } from '../stable-log/folder.ts';
import { openLog, type StableLog } from '../stable-log/log.ts';
import { Exchange, type Heard } from './client-exchange.ts';
import { clientFailed, clientNoted, clientStep, clientWarned, SHOWN_MAX } from './client-log.ts';
import { type ClientAnswer, ClientQueue, type ClientRequest, type Entry, QUEUE_MAX } from './client-queue.ts';
import { answerRecord, checkpoint, passedRecord, recover, requestRecord, toldRecord } from './client-records.ts';
import { requestBytes, requestProblem, type Sender } from './client-request.ts';
import { type Meaning, meaningOf, type Outcome, outcomeOf } from './client-table.ts';
import type { Answer } from './wire.ts';

export interface ClientOptions {
  readonly server: TcpEndpoint;
  readonly user: string;
  /** The name that the client keeps wherever it is. */
  readonly host: string;
  readonly auth: string | undefined;
  /** The folder of its log, for this USER and HOST alone; the folder above it must be there. */
  readonly state: string;
  /** Requests that are sent at a time. */
  readonly window: number;
}

export interface ClientEvents {
  /** The answer to a request of this life or an earlier one; in the order of the numbers. */
  answered(number: number, request: ClientRequest, answer: ClientAnswer): void;
  /** All are answered, and told. */
  idle(): void;
  /** Nothing is sent any more: no server takes this number, or another process has the queue. */
  stopped(why: 'stuck' | 'taken-over'): void;
}

/** Why a queue cannot be used. */
export type OpenProblem =
  | { readonly problem: 'damaged'; readonly refusal: Refusal }
  /** It is somebody else's. */
  | { readonly problem: 'foreign'; readonly user: string; readonly host: string }
  | { readonly problem: 'unwritable'; readonly error: HostError };

/** Told when a request is durable, or cannot be: it may be there all the same if the client ends before its log goes on. */
export type Queued = (result: { readonly ok: true; readonly number: number } | { readonly ok: false; readonly why: string }) => void;

/** Between two tries to go on with a log that has failed. */
const LOG_AGAIN = seconds(1);

export class Client {
  readonly #host: Host;
  readonly #options: ClientOptions;
  readonly #queue: ClientQueue;
  readonly #log: StableLog;
  readonly #sender: Sender;
  readonly #exchanges: Map<number, Exchange> = new Map();
  readonly #timers: Map<number, Timer> = new Map();
  #events: ClientEvents | undefined;
  #logAgain: Timer | undefined;
  /** Commits of requests that were not called back. */
  #queueing = 0;
  #stopped = false;

  private constructor(host: Host, options: ClientOptions, queue: ClientQueue, log: StableLog, sender: Sender) {
    this.#host = host;
    this.#options = options;
    this.#queue = queue;
    this.#log = log;
    this.#sender = sender;
  }

  /** With what earlier lives have left. Nothing is sent before `start`. */
  static open(host: Host, options: ClientOptions): Client | OpenProblem {
    const { user, host: name, auth } = options;
    const queue = new ClientQueue(options.window);
    const own = { user, host: name, epoch: Math.max(0, Math.floor(host.clock.wall() / seconds(1))), auth };
    let sender: Sender = own;
    const opened = openLog(host, { folder: options.state, checkpoint: () => checkpoint(sender, queue) });
    if (!opened.ok) return { problem: 'damaged', refusal: opened.refusal };
    const was = recover(opened.records, queue);
    if (typeof was === 'string') return { problem: 'damaged', refusal: { why: 'damaged', file: options.state, offset: 0, what: was } };
    if (was !== undefined && (was.user !== user || was.host !== name)) return { problem: 'foreign', user: was.user, host: was.host };
    if (was !== undefined) sender = { ...was, auth };
    const renewed = opened.log.renew();
    if (!renewed.ok) return { problem: 'unwritable', error: renewed.error };
    clientNoted(host)['queue-open']({
      user,
      host: name,
      epoch: sender.epoch,
      next: queue.next,
      waiting: queue.entries.length,
      cut: opened.cut?.bytes ?? 0,
    });
    return new Client(host, options, queue, opened.log, sender);
  }

  /** What waits: not answered, or not told. */
  get waiting(): readonly Entry[] {
    return this.#queue.entries;
  }

  /** Begins to send, and to tell what an earlier life could not; none of the events comes before this has returned. */
  start(events: ClientEvents): void {
    this.#host.signals.handle('SIGPIPE', 'ignore');
    this.#log.commit([], () => {
      this.#events = events;
      this.#goOn();
    });
  }

  /** Logs a request and sends it in its turn. `queued` is called later. */
  send(request: ClientRequest, queued: Queued = () => {}): void {
    const problem = this.#problemOf(request);
    const note = (why: string): void => {
      clientWarned(this.#host).unlogged({ command: printable(request.command), object: printable(request.object), error: why });
      queued({ ok: false, why });
    };
    this.#queueing += 1;
    this.#log.commit(problem === undefined ? [requestRecord(request)] : [], result => {
      this.#queueing -= 1;
      if (problem !== undefined) note(problem);
      else if (!result.ok) {
        this.#logFailed(result.error);
        note(result.error.code);
      } else {
        const { number } = this.#queue.add(request);
        clientNoted(this.#host).queued({ number, command: printable(request.command), object: printable(request.object) });
        queued({ ok: true, number });
      }
      this.#goOn();
    });
  }

  /** Sends nothing more. What is not answered stays in the log. */
  close(): Result<void> {
    this.#stop();
    return this.#log.close();
  }

  #problemOf(request: ClientRequest): string | undefined {
    if (this.#stopped) return 'the client has stopped';
    const { length } = this.#queue.entries;
    if (length + this.#queueing >= QUEUE_MAX) return `${length} requests wait already`;
    return requestProblem(this.#sender, request);
  }

  // ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #goOn(): void {
    if (this.#stopped || this.#events === undefined) return;
    this.#tell(this.#events);
    for (const entry of this.#queue.take()) this.#send(entry);
    if (this.#queue.entries.length === 0 && this.#queueing === 0 && this.#log.open) this.#events.idle();
  }

  #send(entry: Entry): void {
    const { number, stage, tries } = entry;
    clientStep(this.#host).sent({ number, try: tries + 1, substitute: stage === 'substitute' });
    const bytes = requestBytes(this.#sender, entry, this.#queue.first - 1);
    this.#exchanges.set(number, new Exchange(this.#host, this.#options.server, bytes, heard => this.#heard(entry, heard)));
  }

  #heard(entry: Entry, heard: Heard): void {
    this.#exchanges.delete(entry.number);
    if (heard.kind === 'lost') this.#putOff(entry, 'lost', heard.why);
    else this.#answered(entry, heard.answer);
    this.#goOn();
  }

  #answered(entry: Entry, answer: Answer): void {
    const { number, stage } = entry;
    const { status, result, next } = answer;
    const outcome = outcomeOf(answer, number);
    // By an answer that helps nobody they would call each other without an end.
    if (outcome !== 'lost' && outcome !== 'busy')
      for (const each of this.#queue.recall(outcome === 'final' ? number : undefined)) this.#cancelTimer(each.number);
    if (stage === 'over') throw new Error(`an answer to ${number}, which is over`);
    const meaning = meaningOf(stage, outcome, next !== undefined && next > number);
    if (meaning === 'again') this.#putOff(entry, outcome, `${status} ${result}`);
    else if (meaning === 'stuck') {
      clientFailed(this.#host).stuck({ number, status });
      this.#stop('stuck');
    } else this.#settle(entry, meaning, answer);
  }

  /** Waits for its next try. */
  #putOff(entry: Entry, outcome: Outcome, why: string): void {
    const { number } = entry;
    clientStep(this.#host).again({ number, outcome, why: printable(why) });
    const delay = this.#queue.putOff(entry, outcome);
    const timer = this.#host.clock.setTimer(delay, () => {
      this.#timers.delete(number);
      this.#queue.wake(entry);
      this.#goOn();
    });
    this.#timers.set(number, timer);
  }

  #cancelTimer(number: number): void {
    this.#timers.get(number)?.cancel();
    this.#timers.delete(number);
  }

  // ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Logged first; until then the request counts as sent. */
  #settle(entry: Entry, meaning: Exclude<Meaning, 'again' | 'stuck'>, { status, result, body }: Answer): void {
    const { number } = entry;
    const answer: ClientAnswer | undefined = result === 'held' || result === 'busy' ? undefined : { status, result, body };
    const asPassed = meaning === 'passed' || answer === undefined;
    this.#log.commit([asPassed ? passedRecord(number) : answerRecord(number, answer, meaning === 'answered')], logged => {
      if (this.#stopped) return;
      if (logged.ok) {
        if (meaning === 'replaced') clientWarned(this.#host).replaced({ number, status });
        this.#queue.settle(entry, meaning, asPassed ? undefined : answer);
      } else {
        this.#logFailed(logged.error);
        // No answer of the server helps that.
        if (!this.#stopped) this.#putOff(entry, 'busy', logged.error.code);
      }
      this.#goOn();
    });
  }

  /** A life that ends between telling and its record tells it once more in the next. */
  #tell({ answered }: ClientEvents): void {
    let last: number | undefined;
    for (let entry = this.#queue.toTell(); entry !== undefined; entry = this.#queue.toTell()) {
      const { number, request, answer } = entry;
      const { status, result, body } = answer;
      this.#queue.tell(entry);
      clientNoted(this.#host).answer({ number, status, result, body: printable(textOf(body), SHOWN_MAX) });
      answered(number, request, answer);
      last = number;
    }
    if (last === undefined) return;
    this.#queueing += 1;
    this.#log.commit([toldRecord(last)], told => {
      this.#queueing -= 1;
      if (!told.ok) this.#logFailed(told.error);
      this.#goOn();
    });
  }

  // ── the log fails ─────────────────────────────────────────────────────────────────────────────────────────────────

  #logFailed({ code }: HostError): void {
    if (this.#stopped) return;
    if (code === 'ESTALE') {
      clientFailed(this.#host)['taken-over']();
      this.#stop('taken-over');
      return;
    }
    if (this.#log.open || this.#logAgain !== undefined) return;
    clientWarned(this.#host)['log-failed']({ error: code });
    this.#logAgain = this.#host.clock.setTimer(LOG_AGAIN, () => this.#renew());
  }

  #renew(): void {
    this.#logAgain = undefined;
    const renewed = this.#log.renew();
    if (!renewed.ok) {
      this.#logFailed(renewed.error);
      return;
    }
    clientNoted(this.#host)['log-again']();
    this.#goOn();
  }

  #stop(why?: 'stuck' | 'taken-over'): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const exchange of this.#exchanges.values()) exchange.cancel();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#logAgain?.cancel();
    if (why !== undefined) this.#events?.stopped(why);
  }
}
