/**
 * The log while the daemon runs: what was committed together is durable when it is called back. A log that has failed is begun anew from
 * memory, tried every second; until then nothing is taken.
 * Lacks: reading (daemon.ts), what the entries are (records.ts).
 */
import type { Host } from '../../host/host.ts';
import { type Duration, seconds } from '../../host/time.ts';
import type { StableLog } from '../stable-log/log.ts';
import { EXIT_LOG } from './exit.ts';
import { failed, noted, warned } from './log.ts';
import { type Entry, recordOf } from './records.ts';

const RETRY: Duration = seconds(1);

type Log = Pick<StableLog, 'open' | 'commit' | 'renew' | 'close'>;

export class Journal {
  readonly #host: Pick<Host, 'clock' | 'log' | 'process'>;
  readonly #log: Log;
  readonly #again: () => void;
  #retrying = false;
  #closed = false;

  /** `again`: called when a log that had failed takes entries again. */
  constructor(host: Pick<Host, 'clock' | 'log' | 'process'>, log: Log, again: () => void) {
    this.#host = host;
    this.#log = log;
    this.#again = again;
  }

  /** Something can be made durable. */
  get open(): boolean {
    return this.#log.open && !this.#closed;
  }

  /** All of them or none, in the order of the calls; `then` is told whether. Without entries: when all before it are. */
  commit(entries: readonly Entry[], then: (durable: boolean) => void): void {
    this.#log.commit(entries.map(recordOf), result => {
      if (!result.ok && !this.#log.open) this.#failed(result.error.code);
      then(result.ok);
    });
  }

  close(): void {
    this.#closed = true;
    this.#log.close();
  }

  #failed(error: string): void {
    if (this.#retrying || this.#closed) return;
    this.#retrying = true;
    warned(this.#host)['log-failed']({ error });
    this.#later();
  }

  #later(): void {
    this.#host.clock.setTimer(RETRY, () => {
      if (this.#closed) return;
      const renewed = this.#log.renew();
      if (!renewed.ok && renewed.error.code === 'ESTALE') {
        failed(this.#host)['log-damaged']({ file: renewed.error.call, offset: 0, what: 'another process writes to it' });
        this.#host.process.exit(EXIT_LOG);
      }
      if (!renewed.ok) {
        this.#later();
        return;
      }
      this.#retrying = false;
      noted(this.#host)['log-again']();
      this.#again();
    });
  }
}
