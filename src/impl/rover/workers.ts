/**
 * The processes that run what takes too long, or what has to be run as another user of the machine (R7): at most so many at a time, each
 * for one request. They end with the daemon.
 * Lacks: what runs in them (worker.ts).
 */
import { concat } from '../../host/bytes.ts';
import type { Descriptor, Host, Pid } from '../../host/host.ts';
import { Queue } from '../../host/queue.ts';
import type { Result } from '../../host/result.ts';
import { formatExit } from '../../host/signal.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { LIFELINE } from '../supervision/lifeline.ts';
import type { Request } from './form.ts';
import { STANDARD_ERROR } from './last-words.ts';
import { stepped, warned } from './log.ts';
import type { Fatal, Outcome } from './main-loop.ts';
import { decodeOutcome, encodeTask, Gathered, OUTCOME_PIPE, REQUEST_PIPE } from './worker-wire.ts';

export const WORKERS_MAX = 8;
/** Until another is tried, where the machine has no process or no descriptor left. */
const RETRY: Duration = seconds(1);

/** Undefined: it ended without. */
type Ended = (outcome: Outcome | Fatal | undefined) => void;

interface Waiting {
  readonly request: Request;
  /** Asked when it begins. */
  readonly value: () => Uint8Array | undefined;
  readonly ended: Ended;
}

interface Worker {
  readonly ended: Ended;
  readonly lifeline: Descriptor;
  outcome: Outcome | Fatal | undefined;
  /** Of two: that it has ended, and that its pipe has. */
  reaped: boolean;
  read: boolean;
}

export class Workers {
  readonly #host: Host;
  readonly #argsFor: (user: string) => readonly string[];
  readonly #waiting: Queue<Waiting> = new Queue();
  readonly #running: Map<Pid, Worker> = new Map();
  #retrying = false;

  constructor(host: Host, argsFor: (user: string) => readonly string[]) {
    this.#host = host;
    this.#argsFor = argsFor;
  }

  get busy(): number {
    return this.#running.size + this.#waiting.length;
  }

  start(request: Request, value: Waiting['value'], ended: Ended): void {
    this.#waiting.push({ request, value, ended });
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#running.size < WORKERS_MAX && !this.#retrying) {
      const next = this.#waiting.first;
      if (next === undefined) return;
      const spawned = this.#spawn(next);
      if (!spawned.ok) {
        warned(this.#host)['no-worker']({ error: spawned.error.code });
        this.#later();
        return;
      }
      this.#waiting.shift();
    }
  }

  #later(): void {
    this.#retrying = true;
    this.#host.clock.setTimer(RETRY, () => {
      this.#retrying = false;
      this.#dispatch();
    });
  }

  #spawn({ request, value, ended }: Waiting): Result<Pid> {
    const { descriptors, process } = this.#host;
    const open: Descriptor[] = [];
    const pipe = (): ReturnType<typeof descriptors.pipe> => {
      const made = descriptors.pipe();
      if (made.ok) open.push(made.value.read, made.value.write);
      return made;
    };
    const abandon = <T>(failed: Result<T>): Result<T> => {
      for (const each of open) descriptors.close(each);
      return failed;
    };
    const [life, down, up] = [pipe(), pipe(), pipe()];
    if (!life.ok) return abandon(life);
    if (!down.ok) return abandon(down);
    if (!up.ok) return abandon(up);
    const given = { [LIFELINE]: life.value.read, [REQUEST_PIPE]: down.value.read, [OUTCOME_PIPE]: up.value.write };
    const spawned = process.spawn('rover-worker', this.#argsFor(request.user), { descriptors: { ...STANDARD_ERROR, ...given } });
    if (!spawned.ok) return abandon(spawned);
    for (const each of Object.values(given)) descriptors.close(each);
    const worker: Worker = { ended, lifeline: life.value.write, outcome: undefined, reaped: false, read: false };
    this.#running.set(spawned.value, worker);
    stepped(this.#host)['worker-started']({ worker: spawned.value, user: request.user, number: request.place?.number ?? 0 });
    this.#tell(down.value.write, encodeTask({ pairs: request.pairs, value: value() }));
    this.#hear(up.value.read, spawned.value, worker);
    this.#reap();
    return spawned;
  }

  #tell(descriptor: Descriptor, bytes: Uint8Array): void {
    const stream = this.#host.descriptors.attach(descriptor, 'write', { data: () => {} });
    if (!stream.ok) return;
    stream.value.write(bytes);
    stream.value.end();
  }

  #hear(descriptor: Descriptor, pid: Pid, worker: Worker): void {
    const gathered = new Gathered();
    const over = (): void => {
      if (worker.read) return;
      worker.read = true;
      const bytes = gathered.whole;
      worker.outcome = bytes === undefined ? undefined : decodeOutcome(concat(bytes));
      this.#finish(pid, worker);
    };
    const stream = this.#host.descriptors.attach(descriptor, 'read', { data: bytes => gathered.add(bytes), end: over, close: over });
    if (!stream.ok) over();
  }

  /** One call for each worker. */
  #reap(): void {
    this.#host.process.wait(result => {
      if (!result.ok) return;
      const { pid, status } = result.value;
      const worker = this.#running.get(pid);
      if (worker === undefined) return;
      if (!('code' in status) || status.code !== 0) warned(this.#host)['worker-ended']({ worker: pid, status: formatExit(status) });
      worker.reaped = true;
      this.#finish(pid, worker);
    });
  }

  #finish(pid: Pid, worker: Worker): void {
    if (!worker.reaped || !worker.read) return;
    this.#running.delete(pid);
    this.#host.descriptors.close(worker.lifeline);
    worker.ended(worker.outcome);
    this.#dispatch();
  }
}
