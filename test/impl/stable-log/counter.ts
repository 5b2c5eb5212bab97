/**
 * The smallest thing with a log: it is told numbers, and knows them afterwards. Each commit has its number three times, so that half a
 * commit would be seen; a checkpoint has them all.
 */
import type { HostErrorCode } from '../../../src/host/result.ts';
import { type Opened, openLog } from '../../../src/impl/stable-log/log.ts';
import type { LogRecord } from '../../../src/impl/stable-log/segment.ts';
import type { Computer } from './computer.ts';

export const FOLDER = '/log';
const PARTS = 3;

/** What it has been told, and what it was promised. */
export interface Account {
  /** Committed, in this order. */
  readonly told: number[];
  /** Called back with success, in this order. */
  readonly promised: number[];
  /** Called back with an error. */
  readonly refused: { readonly number: number; readonly code: HostErrorCode }[];
}

export const account = (): Account => ({ told: [], promised: [], refused: [] });

const recordOf = (number: number, part: number): LogRecord => ({
  kind: 10 + part,
  payload: Uint8Array.of(number >> 8, number & 255, 7, 7),
});

export class Counter {
  /** In the order in which they came. */
  readonly known: number[] = [];
  readonly opened: Opened;
  readonly #account: Account;

  constructor(computer: Computer, kept: Account, segment?: number) {
    this.#account = kept;
    this.opened = openLog(computer.host, {
      folder: FOLDER,
      ...(segment === undefined ? {} : { segment }),
      checkpoint: () => this.known.flatMap(number => [0, 1, 2].map(part => recordOf(number, part))),
    });
    if (this.opened.ok) this.#apply(this.opened.records);
  }

  get log(): Extract<Opened, { ok: true }>['log'] {
    if (this.opened.ok) return this.opened.log;
    throw new Error(`${this.opened.refusal.why}: ${this.opened.refusal.what}`);
  }

  tell(number: number): void {
    this.#account.told.push(number);
    this.log.commit(
      [0, 1, 2].map(part => recordOf(number, part)),
      result => {
        if (!result.ok) {
          this.#account.refused.push({ number, code: result.error.code });
          return;
        }
        this.#account.promised.push(number);
        if (!this.known.includes(number)) this.known.push(number);
      },
    );
  }

  /** Throws at half a commit. */
  #apply(records: readonly LogRecord[]): void {
    const numbers = records.map(({ kind, payload }) => ({ part: kind - 10, number: (payload[0] ?? 0) * 256 + (payload[1] ?? 0) }));
    for (const [at, { part, number }] of numbers.entries()) {
      const first = numbers[at - part];
      if (part !== at % PARTS || first?.number !== number) throw new Error(`half a commit: part ${part} of ${number}`);
      if (part === PARTS - 1 && !this.known.includes(number)) this.known.push(number);
    }
    if (numbers.length % PARTS !== 0) throw new Error('half a commit at the end');
  }
}
