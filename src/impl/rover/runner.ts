/**
 * What runs: one request at a time, each until its result is in the log, and those that have been handed to workers beside it (R6, R7).
 * Lacks: which request is due (intake.ts and the Fifo), and what a command does (main-loop.ts).
 */
import { concat, EMPTY, printable } from '../../host/bytes.ts';
import type { Host, Timer } from '../../host/host.ts';
import { Queue } from '../../host/queue.ts';
import type { Result } from '../../host/result.ts';
import { type Duration, millis, seconds } from '../../host/time.ts';
import type { Due } from '../fifo/fifo.ts';
import { busy, encodeAnswer, errorReply } from './answer.ts';
import type { Answered } from './connection.ts';
import { EXIT_FATAL } from './exit.ts';
import type { Place, Request } from './form.ts';
import type { Journal } from './journal.ts';
import { sayLast } from './last-words.ts';
import { noted, warned } from './log.ts';
import { type Fatal, type LoopRules, mainLoop, type Outcome, type Prepared, type Surroundings } from './main-loop.ts';
import type { Declaration } from './plug-ins.ts';
import type { Entry } from './records.ts';
import { keyOf, type State } from './state.ts';
import type { Answer, Reply } from './wire.ts';
import type { Workers } from './workers.ts';

/** How often a request may end the process that runs it (R6). */
export const FATALS_MAX = 3;
/** Until what was declared is tried again. */
const ACT_RETRY: Duration = seconds(1);

export interface RunRules extends LoopRules {
  /** RV-17. */
  readonly fatalsMax: number;
  /** RV-12: the alarm of a request that has ended does not go off. */
  readonly cancelsAlarm: boolean;
  /** RV-08: the next of the stream waits for the worker. */
  readonly waitsForWorker: boolean;
  /** RV-09: what a worker has changed is known to the daemon. */
  readonly mergesWorker: boolean;
  /** RV-11: what was said before the worker began is forgotten. */
  readonly dropsOutput: boolean;
  /** RV-16: a fatalError in a worker is the worker's alone. */
  readonly outlivesWorker: boolean;
}

export interface RunnerParts {
  readonly host: Host;
  readonly state: State;
  readonly journal: () => Journal;
  readonly workers: Workers;
  readonly around: Surroundings;
  readonly rules: RunRules;
  /** TIMEOUT_SECS and TIMEOUT_USECS. */
  readonly timeout: Duration;
  /** Whether a user's requests are for a worker from the beginning. */
  readonly elsewhere: (user: string) => boolean;
  /** Nothing runs, and nothing is due. */
  readonly idle: () => void;
}

interface Waiter {
  readonly answered: Answered;
}

/** A request that is due. */
interface Job extends Due<Request> {
  /** It was begun before: in an earlier life of the daemon, or in a worker that has died of it. */
  readonly again: boolean;
  /** Its place among those of its stream was given to the next. */
  released?: true;
  /** Its answer, whatever it asks for: it was not who it said. */
  readonly instead?: Reply;
}

export class Runner {
  readonly #parts: RunnerParts;
  readonly #due: Queue<Job> = new Queue();
  readonly #waiters: Map<string, Waiter[]> = new Map();
  /** What runs in this process, until its result is known. */
  #current: Job | undefined;
  /** Beside it, in workers or between a declaration and its result. */
  #elsewhere = 0;
  #pumping = false;
  /** The body of the last answer. */
  #said: Uint8Array = EMPTY;
  #sleep: Timer | undefined;
  #alarm: Timer | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  get said(): Uint8Array {
    return this.#said;
  }

  get isIdle(): boolean {
    return this.#current === undefined && this.#due.length === 0 && this.#elsewhere === 0;
  }

  /** Nothing waits for this process; workers may run. */
  get isReady(): boolean {
    return this.#current === undefined && this.#due.length === 0;
  }

  /** To be run when all that is due already was. */
  run(due: Due<Request>, instead?: Reply): void {
    this.#push({ ...due, again: false, ...(instead === undefined ? {} : { instead }) });
  }

  /** Of an earlier life. */
  runAgain(due: Due<Request>): void {
    this.#push({ ...due, again: true });
  }

  /** Its answer is for this one, too. */
  wait(place: Place, answered: Answered): void {
    const key = keyOf(place);
    this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), { answered }]);
  }

  /** It was not taken. */
  refuse(place: Place, reply: Reply): void {
    this.#answer(place, undefined, reply);
  }

  /** The log takes entries again. */
  resume(): void {
    this.#pump();
  }

  #push(job: Job): void {
    this.#due.push(job);
    this.#pump();
  }

  /** What it begins may end at once, and call it again. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#current === undefined && this.#parts.journal().open) {
      const job = this.#due.shift();
      if (job === undefined) break;
      this.#current = job;
      if (job.again) this.#attempt(job);
      else this.#begin(job);
    }
    this.#pumping = false;
    if (this.isReady) this.#parts.idle();
  }

  /** What has ended the server often enough is not begun again. */
  #attempt(job: Job): void {
    const { state, journal, rules } = this.#parts;
    const count = state.attempts(job) + 1;
    if (count >= rules.fatalsMax) {
      this.#finish(job, plain(errorReply(500, `it has ended the server ${count} times`)));
      return;
    }
    journal().commit([{ kind: 'attempt', place: placeOf(job), count }], durable => {
      if (!durable) {
        this.#putBack(job);
        return;
      }
      state.attempted(job, count);
      this.#begin(job);
    });
  }

  #putBack(job: Job): void {
    const rest = this.#due.all();
    this.#due.clear();
    for (const each of [job, ...rest]) this.#due.push(each);
    this.#current = undefined;
    this.#answer(job, undefined, busy('the log cannot be written'));
    this.#pump();
  }

  // ── here ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  #begin(job: Job): void {
    const { host, state, around, elsewhere } = this.#parts;
    const { user, command, logId } = job.item;
    const attempt = state.attempts(job) + 1;
    noted(host).running({ ...told(job), command: printable(command, 40), logid: printable(logId, 80), attempt });
    if (job.instead !== undefined) {
      this.#finish(job, plain(job.instead));
      return;
    }
    if (elsewhere(user)) {
      this.#handOver(job);
      return;
    }
    const prepared = mainLoop(job.item, around);
    if (prepared.takes > 0) this.#wait(job, prepared);
    else this.#landed(job, prepared.run());
  }

  /** It is at nothing for a time, which the alarm may end. */
  #wait(job: Job, { takes, run }: Prepared): void {
    const { host, rules, timeout } = this.#parts;
    this.#sleep = host.clock.setTimer(millis(takes), () => {
      this.#sleep = undefined;
      if (rules.cancelsAlarm) this.#alarm?.cancel();
      this.#landed(job, run());
    });
    this.#alarm = host.clock.setTimer(timeout, () => this.#alarmed());
  }

  /** Whatever runs is given up here. */
  #alarmed(): void {
    const job = this.#current;
    if (job === undefined || this.#sleep === undefined) return;
    this.#sleep.cancel();
    this.#sleep = undefined;
    this.#handOver(job);
  }

  // ── in a worker ───────────────────────────────────────────────────────────────────────────────────────────────────

  #handOver(job: Job): void {
    const { host, state, rules, workers } = this.#parts;
    const { item } = job;
    noted(host)['handed-over'](told(job));
    this.#current = undefined;
    this.#elsewhere += 1;
    if (!rules.waitsForWorker) this.#release(job);
    const value = (): Uint8Array | undefined => state.value(item.user, item.object);
    workers.start(item, value, outcome => {
      this.#elsewhere -= 1;
      if (outcome === undefined) this.#lost(job, 'a worker has ended without an outcome');
      else if ('fatal' in outcome) this.#lost(job, outcome.fatal);
      else this.#finish(job, this.#merged(outcome));
      this.#pump();
    });
    this.#pump();
  }

  #merged(outcome: Outcome): Outcome {
    const { rules } = this.#parts;
    const changes = rules.mergesWorker ? outcome.changes : [];
    if (rules.dropsOutput) return { ...outcome, changes };
    const said = encodeAnswer({ ...outcome.reply, body: EMPTY });
    return { ...outcome, changes, raw: concat([said, outcome.raw]) };
  }

  /** The worker has had a fatal error. */
  #lost(job: Job, why: string): void {
    const { host, rules } = this.#parts;
    if (!rules.outlivesWorker) this.#die(why);
    warned(host)['no-worker']({ error: printable(why) });
    if (job.released === true) this.#answer(job, undefined, busy(why));
    else this.#push({ ...job, again: true });
  }

  /** As if it had a result. */
  #release(job: Job): void {
    job.released = true;
    this.#next(this.#parts.state.finished(job, [], { status: 200, result: 'done', type: 'text/plain', body: EMPTY }));
  }

  // ── the end of a request ──────────────────────────────────────────────────────────────────────────────────────────

  #landed(job: Job, outcome: Outcome | Fatal): void {
    if ('fatal' in outcome) this.#die(outcome.fatal);
    this.#finish(job, outcome);
  }

  #die(why: string): never {
    sayLast(this.#parts.host, why);
    return this.#parts.host.process.exit(EXIT_FATAL);
  }

  /** What is to be done outside of the log comes between. */
  #finish(job: Job, outcome: Outcome): void {
    if (this.#current === job) this.#current = undefined;
    if (outcome.declared.length === 0) this.#result(job, outcome);
    else {
      this.#elsewhere += 1;
      this.#declare(job, outcome);
    }
    this.#pump();
  }

  #declare(job: Job, outcome: Outcome): void {
    const { state, journal, rules } = this.#parts;
    const known = state.declared(job).length > 0;
    const entries: readonly Entry[] = outcome.declared.map(declared => ({ kind: 'recovery', place: placeOf(job), declared }));
    if (!rules.declares) this.#act(job, outcome, false);
    else
      journal().commit(known ? [] : entries, durable => {
        if (durable) for (const each of outcome.declared) state.declare(job, each);
        if (durable) this.#act(job, outcome, known);
        else this.#actLater(job, () => this.#declare(job, outcome));
      });
  }

  /** `again`: it may have been done, so that the recovery procedure is asked. */
  #act(job: Job, outcome: Outcome, again: boolean): void {
    const { host } = this.#parts;
    for (const declared of outcome.declared) {
      const done = this.#do(declared, again);
      if (done === undefined || done.ok) continue;
      warned(host)['act-failed']({ module: declared.module, error: done.error.code });
      this.#actLater(job, () => this.#act(job, outcome, true));
      return;
    }
    this.#elsewhere -= 1;
    this.#result(job, outcome);
    this.#pump();
  }

  #do(declared: Declaration, again: boolean): Result<void> | undefined {
    const { around, rules } = this.#parts;
    const plugIn = around.plugIns.find(({ id }) => id === declared.module);
    const recover = again && plugIn !== undefined ? rules.recoverOf(plugIn) : undefined;
    return recover === undefined ? plugIn?.act?.(around.disk, declared) : recover(around.disk, declared);
  }

  #actLater(job: Job, then: () => void): void {
    this.#answer(job, undefined, busy('what it asks for could not be done yet'));
    this.#parts.host.clock.setTimer(ACT_RETRY, then);
  }

  #result(job: Job, { reply, changes, raw }: Outcome): void {
    const { host, state, journal } = this.#parts;
    const place = placeOf(job);
    const entries: Entry[] = changes.map(change => ({ kind: 'variable', place, change }));
    if (job.released === true) state.change(changes);
    else this.#next(state.finished(place, changes, reply));
    journal().commit([...entries, { kind: 'result', place, reply }], durable => {
      if (durable) noted(host).finished({ ...told(job), status: reply.status });
      this.#answer(job, raw, durable ? reply : busy('the log cannot be written'));
    });
  }

  #next(due: Due<Request> | undefined): void {
    if (due !== undefined) this.#due.push({ ...due, again: false });
  }

  #answer(place: Place, raw: Uint8Array | undefined, reply: Reply): void {
    const key = keyOf(place);
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    this.#said = reply.body;
    const next = this.#parts.state.order.awaited(place.stream)?.number;
    const answer: Answer = { ...reply, message: place.number, ...(next === undefined ? {} : { next }) };
    for (const { answered } of waiters) answered(answer, raw);
  }
}

const plain = (reply: Reply): Outcome => ({ reply, changes: [], declared: [], raw: EMPTY, failed: true });
const placeOf = ({ stream, epoch, number }: Due<Request>): Place => ({ stream, epoch, number });
const told = ({
  item,
  epoch,
  number,
}: Job): { readonly user: string; readonly host: string; readonly epoch: number; readonly number: number } => ({
  user: item.user,
  host: item.host,
  epoch,
  number,
});
