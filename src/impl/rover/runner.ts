/**
 * What runs: one request at a time, and those that have been handed to workers beside it (R6, R7). What becomes of each is a table
 * (run-table.ts); this does what the table says.
 * Lacks: which request is due (intake.ts and the Fifo), and what a command does (main-loop.ts).
 */
import { concat, EMPTY, printable } from '../../host/bytes.ts';
import type { Host, Timer } from '../../host/host.ts';
import { Queue } from '../../host/queue.ts';
import { type Duration, millis, seconds } from '../../host/time.ts';
import type { Due } from '../fifo/fifo.ts';
import { wayOf } from '../tables/table.ts';
import { act } from './acts.ts';
import { busy, encodeAnswer, errorReply } from './answer.ts';
import { EXIT_FATAL } from './exit.ts';
import type { Request } from './form.ts';
import { type Job, jobOf, NOTHING, placeOf, told } from './job.ts';
import type { Journal } from './journal.ts';
import { sayLast } from './last-words.ts';
import { noted, warned } from './log.ts';
import { type Fatal, type LoopRules, mainLoop, type Outcome, type Prepared, type Surroundings } from './main-loop.ts';
import type { Entry } from './records.ts';
import { RUN_TABLE, type RunAction, type RunFacts, type RunInput, type RunState } from './run-table.ts';
import type { State } from './state.ts';
import { Waiters } from './waiters.ts';
import type { Reply } from './wire.ts';
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
  /** Nothing runs here, and nothing is due. */
  readonly idle: () => void;
}

/** In these a request keeps others from running here; in those it is beside them. */
const HERE: ReadonlySet<RunState> = new Set(['attempting', 'running']);
const BESIDE: ReadonlySet<RunState> = new Set(['in-worker', 'declaring', 'acting']);

export class Runner {
  readonly #parts: RunnerParts;
  readonly #due: Queue<Job> = new Queue();
  readonly #waiters: Waiters;
  readonly #beside: Set<Job> = new Set();
  #current: Job | undefined;
  #pumping = false;
  #sleep: Timer | undefined;
  #alarm: Timer | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#waiters = new Waiters(parts.state);
  }

  get waiters(): Waiters {
    return this.#waiters;
  }

  /** Nothing is left to be done. */
  get isIdle(): boolean {
    return this.#isReady && this.#beside.size === 0;
  }

  /** To be run when all that is due already was. `again`: it was begun in an earlier life. */
  run(due: Due<Request>, { again = false, instead }: { readonly again?: boolean; readonly instead?: Reply | undefined } = {}): void {
    this.#due.push(jobOf(due, again, instead));
    this.#pump();
  }

  /** The log takes entries again. */
  resume(): void {
    this.#pump();
  }

  get #isReady(): boolean {
    return this.#current === undefined && this.#due.length === 0;
  }

  /** What it begins may end at once, and call it again. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#current === undefined && this.#parts.journal().open) {
      const job = this.#due.shift();
      if (job === undefined) break;
      this.#current = job;
      this.#step(job, { input: 'turn' });
    }
    this.#pumping = false;
    if (this.#isReady) this.#parts.idle();
  }

  #step(job: Job, input: RunInput): void {
    const way = wayOf(RUN_TABLE, job.state, input, this.#factsOf(job));
    job.state = way.next;
    if (input.input === 'outcome') job.outcome = input.outcome;
    if (this.#current === job && !HERE.has(way.next)) this.#current = undefined;
    if (BESIDE.has(way.next)) this.#beside.add(job);
    else this.#beside.delete(job);
    for (const action of way.does(input, this.#factsOf(job))) this.#actions[action](job, input);
    this.#pump();
  }

  #factsOf(job: Job): RunFacts {
    const { state, rules } = this.#parts;
    const { user, object } = job.item;
    return {
      again: job.again,
      spent: state.attempts(job) + 1 >= rules.fatalsMax,
      stale: !job.released && state.value(user, object) !== job.value,
      declares: rules.declares,
      outlives: rules.outlivesWorker,
    };
  }

  readonly #actions: Readonly<Record<RunAction, (job: Job, input: RunInput) => void>> = {
    'give-up': job => {
      const why = `it has ended the server ${this.#parts.state.attempts(job) + 1} times`;
      this.#step(job, { input: 'outcome', outcome: { ...NOTHING, reply: errorReply(500, why) } });
    },
    'log-attempt': job => {
      const count = this.#parts.state.attempts(job) + 1;
      this.#commit(job, [{ kind: 'attempt', place: placeOf(job), count }], () => this.#parts.state.attempted(job, count));
    },
    'put-back': job => {
      const rest = this.#due.all();
      this.#due.clear();
      for (const each of [job, ...rest]) this.#due.push(each);
      this.#waiters.tell(job, busy('the log cannot be written'));
    },
    start: job => this.#start(job),
    'hand-over': job => this.#handOver(job),
    die: (_, input) => {
      sayLast(this.#parts.host, 'why' in input ? input.why : '');
      this.#parts.host.process.exit(EXIT_FATAL);
    },
    'queue-again': (job, input) => {
      warned(this.#parts.host)['no-worker']({ error: printable('why' in input ? input.why : '') });
      job.again = true;
      this.#due.push(job);
    },
    declare: job => {
      const { state } = this.#parts;
      const { declared } = job.outcome;
      job.mayHaveActed = state.declared(job).length > 0;
      const entries = declared.map((each): Entry => ({ kind: 'recovery', place: placeOf(job), declared: each }));
      this.#commit(job, job.mayHaveActed ? [] : entries, () => {
        for (const each of declared) state.declare(job, each);
      });
    },
    act: job => this.#step(job, { input: this.#act(job) ? 'acted' : 'not-acted' }),
    'try-later': job => {
      this.#waiters.tell(job, busy('what it asks for could not be done yet'));
      this.#parts.host.clock.setTimer(ACT_RETRY, () => this.#step(job, { input: 'again' }));
    },
    finish: job => this.#finish(job),
  };

  /** `then`: what is so when they are durable. */
  #commit(job: Job, entries: readonly Entry[], then: () => void): void {
    this.#parts.journal().commit(entries, durable => {
      if (durable) then();
      this.#step(job, { input: durable ? 'durable' : 'not-durable' });
    });
  }

  // ── here, and in a worker ─────────────────────────────────────────────────────────────────────────────────────────

  #start(job: Job): void {
    const { host, state, around, elsewhere } = this.#parts;
    const { user, command, logId } = job.item;
    const attempt = state.attempts(job) + 1;
    noted(host).running({ ...told(job), command: printable(command, 40), logid: printable(logId, 80), attempt });
    if (job.instead !== undefined) this.#step(job, { input: 'outcome', outcome: { ...NOTHING, reply: job.instead } });
    else if (elsewhere(user)) this.#step(job, { input: 'elsewhere' });
    else {
      const prepared = mainLoop(job.item, around);
      if (prepared.takes > 0) this.#wait(job, prepared);
      else this.#landed(job, prepared.run());
    }
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
    this.#step(job, { input: 'alarm' });
  }

  #landed(job: Job, outcome: Outcome | Fatal): void {
    this.#step(job, 'fatal' in outcome ? { input: 'fatal', why: outcome.fatal } : this.#known(outcome));
  }

  #handOver(job: Job): void {
    const { host, state, rules, workers } = this.#parts;
    const { user, object } = job.item;
    noted(host)['handed-over'](told(job));
    if (!rules.waitsForWorker && !job.released) this.#release(job);
    const value = (): Uint8Array | undefined => {
      job.value = state.value(user, object);
      return job.value;
    };
    workers.start(job.item, value, outcome => {
      if (outcome === undefined) this.#step(job, { input: 'lost', why: 'a worker has ended without an outcome' });
      else if ('fatal' in outcome) this.#step(job, { input: 'lost', why: outcome.fatal });
      else this.#step(job, this.#known(this.#merged(outcome)));
    });
  }

  /** Where there is no room for what it has changed, nothing is. */
  #known(outcome: Outcome): RunInput & { readonly input: 'outcome' } {
    if (this.#parts.state.hasRoom(outcome.changes)) return { input: 'outcome', outcome };
    return { input: 'outcome', outcome: { ...NOTHING, reply: errorReply(422, 'no room for so much'), raw: outcome.raw } };
  }

  #merged(outcome: Outcome): Outcome {
    const { rules } = this.#parts;
    const changes = rules.mergesWorker ? outcome.changes : [];
    if (rules.dropsOutput) return { ...outcome, changes };
    return { ...outcome, changes, raw: concat([encodeAnswer({ ...outcome.reply, body: EMPTY }), outcome.raw]) };
  }

  /** As if it had a result. */
  #release(job: Job): void {
    job.released = true;
    this.#next(this.#parts.state.finished(job, [], NOTHING.reply));
  }

  // ── the end of a request ──────────────────────────────────────────────────────────────────────────────────────────

  /** Whether all that it has declared was done. */
  #act(job: Job): boolean {
    for (const declared of job.outcome.declared) {
      const done = act(this.#parts.around, declared, job.mayHaveActed);
      if (done === undefined || done.ok) continue;
      warned(this.#parts.host)['act-failed']({ module: declared.module, error: done.error.code });
      job.mayHaveActed = true;
      return false;
    }
    return true;
  }

  #finish(job: Job): void {
    const { host, state, journal } = this.#parts;
    const place = placeOf(job);
    const { reply, changes, raw } = job.outcome;
    const entries: Entry[] = changes.map(change => ({ kind: 'variable', place, change }));
    if (job.released) state.change(changes);
    else this.#next(state.finished(place, changes, reply));
    journal().commit([...entries, { kind: 'result', place, reply }], durable => {
      if (durable) noted(host).finished({ ...told(job), status: reply.status });
      this.#waiters.tell(place, durable ? reply : busy('the log cannot be written'), raw);
    });
  }

  #next(due: Due<Request> | undefined): void {
    if (due !== undefined) this.#due.push(jobOf(due, false, undefined));
  }
}
