/**
 * A request that is due, and what is known of it until it has ended.
 */
import { EMPTY } from '../../host/bytes.ts';
import type { Due } from '../fifo/fifo.ts';
import type { Place, Request } from './form.ts';
import type { Outcome } from './main-loop.ts';
import type { RunState } from './run-table.ts';
import type { Reply } from './wire.ts';

export interface Job extends Due<Request> {
  state: RunState;
  /** It was begun before: in an earlier life of the daemon, or in a worker that has died of it. */
  again: boolean;
  /** What it has done, when that is known. */
  outcome: Outcome;
  /** What is to be done outside of the log may have been done. */
  mayHaveActed: boolean;
  /** The value of its object that its worker was told. */
  value: Uint8Array | undefined;
  /** Its place among those of its stream was given to the next. */
  released: boolean;
  /** Its answer, whatever it asks for: it was not who it said. */
  readonly instead: Reply | undefined;
}

/** Nothing was done, and nothing is said. */
export const NOTHING: Outcome = {
  reply: { status: 200, result: 'done', type: 'text/plain', body: EMPTY },
  changes: [],
  declared: [],
  raw: EMPTY,
  failed: true,
};

export const jobOf = (due: Due<Request>, again: boolean, instead: Reply | undefined): Job => ({
  ...due,
  state: 'due',
  again,
  outcome: NOTHING,
  mayHaveActed: false,
  value: undefined,
  released: false,
  instead,
});

export const placeOf = ({ stream, epoch, number }: Due<Request>): Place => ({ stream, epoch, number });

/** For the log. */
export const told = ({
  item: { user, host },
  epoch,
  number,
}: Job): { readonly user: string; readonly host: string; readonly epoch: number; readonly number: number } => ({
  user,
  host,
  epoch,
  number,
});
