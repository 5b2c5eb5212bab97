/**
 * What an answer means to the queue of a client, as a table. R11.
 * Lacks: bytes, time, and who has the queue.
 */
import type { Answer } from './wire.ts';

/** What a number is asked for: what was sent, or TESTNULL in the place of what was refused, so that the numbers behind it can go on. */
export type Stage = 'request' | 'substitute';

/** How a try has ended. */
export type Outcome =
  /** `done` or `failed`: the number is consumed. */
  | 'final'
  | 'held'
  | 'refused'
  /** Not taken now: the request by the server, or its answer by the log. */
  | 'busy'
  /** No connection, no whole answer, one to something else, or that the request did not arrive in time: nobody knows. */
  | 'lost';

export type Meaning =
  /** The answer is the one that is told; the number is over. */
  | 'answered'
  /** The answer is told, and the number is not consumed. */
  | 'replaced'
  /** Nothing is told any more; the number is over. */
  | 'passed'
  /** To be asked again. */
  | 'again'
  /** The number can be consumed by nothing: the client stops. */
  | 'stuck';

export const MEANINGS: Readonly<Record<Stage, Readonly<Record<Outcome, Meaning>>>> = {
  request: { final: 'answered', held: 'again', refused: 'replaced', busy: 'again', lost: 'again' },
  substitute: { final: 'passed', held: 'again', refused: 'stuck', busy: 'again', lost: 'again' },
};

/** Where a number has been consumed all the same, by whatever it was, it needs no substitute. */
const CONSUMED: Readonly<Partial<Record<Meaning, Meaning>>> = { replaced: 'answered', stuck: 'passed' };

export function meaningOf(stage: Stage, outcome: Outcome, consumed: boolean): Meaning {
  const meaning = MEANINGS[stage][outcome];
  return (consumed ? CONSUMED[meaning] : undefined) ?? meaning;
}

/** That the request did not arrive in time is the doing of the network. */
const REQUEST_TIMEOUT = 408;

/** Of an answer to what was asked as `number`. */
export function outcomeOf({ result, status, message }: Answer, number: number): Outcome {
  const isFinal = result === 'done' || result === 'failed';
  if (message === undefined ? isFinal : message !== number) return 'lost';
  if (isFinal) return 'final';
  return status === REQUEST_TIMEOUT ? 'lost' : result;
}
