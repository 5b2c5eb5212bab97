/**
 * Local clients of `east` ask the lond of `west` through the gateway of `east`, all of it real, while processes are killed.
 *
 * A gateway child that has lost its lond connects again at once; the next lond-child takes longer than that to start, so the
 * connection is refused and the child rests for 120 to 359 s (L3). Here nobody waits for that: the child is told to end, and its
 * parent starts another one at once. What `pauses` has is the time until clients are served again.
 */
import { createConnection } from 'node:net';
import { runClients, type Tally } from './clients.ts';
import { type Ending, RealMachines, type RealProcess } from './machines.ts';
import { preparation, stored } from './requests.ts';

export type Victim = 'lond-child' | 'gateway-child';

export interface RealOptions {
  readonly clients: number;
  readonly requests: number;
  /** One after the other, evenly over the requests. */
  readonly kills: readonly Victim[];
  readonly limitMs: number;
}

export interface RealRun extends Tally {
  /** Seconds without service, for every kill that was made. */
  readonly pauses: readonly (readonly [victim: Victim, seconds: number])[];
  readonly endings: readonly Ending[];
  readonly left: readonly RealProcess[];
}

const RECOVERY_MS = 60_000;
/** Over the limit of the clients: the start, what is unanswered, what is recovering, the end. */
const MARGIN_MS = 65_000;

/** Ends every process it started, whatever happens. */
export async function runReal(options: RealOptions): Promise<RealRun> {
  const machines = await RealMachines.make();
  const destroy = (why: string): void => {
    console.error(`${why}; the last the daemons said:\n${machines.tail()}`);
    machines.destroy();
    process.exit(1);
  };
  const watchdog = setTimeout(() => destroy('taking too long'), options.limitMs + MARGIN_MS);
  process.once('SIGINT', destroy).once('SIGTERM', destroy);
  try {
    await machines.start();
    const path = machines.socket('east', 'west');
    for (let client = 0; client < options.clients; client++) {
      const answer = await ask(path, preparation(client));
      if (answer !== 'ok') throw new Error(`could not prepare: ${answer}\n${machines.tail()}`);
    }
    const killer = new Killer(machines, options);
    const tally = await runClients({ ...options, path, questions: stored, progress: answered => killer.progress(answered) });
    const pauses = await killer.finished();
    return { ...tally, pauses, ...(await machines.stop()) };
  } finally {
    clearTimeout(watchdog);
    process.off('SIGINT', destroy).off('SIGTERM', destroy);
    machines.destroy();
  }
}

class Killer {
  readonly #machines: RealMachines;
  readonly #victims: Victim[];
  readonly #step: number;
  readonly #pauses: (readonly [Victim, number])[] = [];
  #due: number;
  #running: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(machines: RealMachines, { requests, kills }: RealOptions) {
    this.#machines = machines;
    this.#victims = [...kills];
    this.#step = requests / (kills.length + 1);
    this.#due = this.#step;
  }

  progress(answered: number): void {
    if (answered < this.#due || this.#busy) return;
    const victim = this.#victims.shift();
    if (victim === undefined) return;
    this.#due += this.#step;
    this.#busy = true;
    this.#running = this.#kill(victim);
    // `finished` hears of it; until then it is not unhandled.
    this.#running.catch(() => {});
  }

  async finished(): Promise<readonly (readonly [Victim, number])[]> {
    await this.#running;
    return this.#pauses;
  }

  async #kill(victim: Victim): Promise<void> {
    const machines = this.#machines;
    const begun = performance.now();
    const mark = machines.mark;
    const child = machines.childOf('east', 'gateway-child', 'west');
    process.kill(victim === 'lond-child' ? machines.childOf('west', 'lond-child') : child, 'SIGKILL');
    if (victim === 'lond-child') {
      await machines.logged(line => line.machine === 'west' && line.log === 'listening', mark, RECOVERY_MS);
      const next = await machines.logged(line => line.pid === child && AFTER_LOSS.includes(line.log), mark, RECOVERY_MS);
      if (next.log === 'back-off') {
        process.kill(child, 'SIGTERM');
        await this.#online(mark);
      }
    } else await this.#online(mark);
    this.#pauses.push([victim, (performance.now() - begun) / 1_000]);
    this.#busy = false;
  }

  async #online(mark: number): Promise<void> {
    await this.#machines.logged(line => line.machine === 'east' && line.text === 'west online', mark, RECOVERY_MS);
  }
}

/** What a gateway child says when its connection is lost and it has tried again. */
const AFTER_LOSS = ['back-off', 'remote-open'];

/** One request on a connection of its own. */
export function ask(path: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = createConnection(path, () => socket.write(`${request}\n`));
    socket.setEncoding('latin1').on('data', piece => {
      text += piece;
      if (text.endsWith('\n')) socket.end();
    });
    socket.on('error', reject).on('close', () => resolve(text.trimEnd()));
  });
}
