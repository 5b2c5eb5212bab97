/**
 * The simulated arm in a worker: what runs there may never come back, and Ctrl-C cuts its case off.
 * Lacks: several cases at once.
 */
import type { Arm, Play, Recorded } from '../conformance/arms/arm.ts';
import type { Task, Update } from './case-worker.ts';
import type { Interrupt } from './interrupt.ts';
import { workerModule } from './workers/start.ts';
import { Workers } from './workers/workers.ts';

export class CaseWorkers {
  readonly arm: Arm = { name: 'sim', play: play => this.#play(play) };
  readonly #protocol: string;
  readonly #workers: Workers<Task, Update>;
  readonly #cut: (id: string) => void;

  /** `cut` is told of the case that was cut off. */
  constructor(protocol: string, modules: readonly string[], interrupt: Interrupt, cut: (id: string) => void) {
    this.#protocol = protocol;
    this.#workers = new Workers(modules, workerModule('case-worker'));
    this.#cut = cut;
    interrupt.signal.addEventListener('abort', () => this.#workers.stop());
  }

  close(): Promise<void> {
    return this.#workers.close();
  }

  async #play({ wiring: _, ...play }: Play): Promise<Recorded> {
    let update: Update | undefined;
    await this.#workers.run({ ...play, protocol: this.#protocol }, message => {
      update = message;
    });
    if (update === undefined) {
      this.#cut(play.case.id);
      return CUT;
    }
    const { recorded, played, heard } = update;
    if (played === undefined) return { ...recorded, played };
    const { verdict, ...rest } = played;
    return { ...recorded, played: { ...rest, machine: { verdict, inbox: channel => ({ history: heard[channel] ?? [] }) } } };
  }
}

/** Of a case that was stopped in its midst. */
const CUT: Recorded = { played: undefined, events: [], tester: '', clock: 'virtual', millis: undefined, bugs: [], cut: true };
