/**
 * What becomes of a request that is due, as a table (R6, R7): due, running here or in a worker, with something to be done outside of the
 * log, ended.
 * Lacks: what the actions do (runner.ts).
 */
import type { Table } from '../tables/table.ts';
import type { Outcome } from './main-loop.ts';

/** attempting: that it is run again is being logged. declaring: what it does outside of the log is. acting: that is being done. */
export type RunState = 'due' | 'attempting' | 'running' | 'in-worker' | 'declaring' | 'acting' | 'ended';

export type RunInput =
  /** Nothing else runs here. */
  | { readonly input: 'turn' }
  /** What was logged last is durable, or will not be. */
  | { readonly input: 'durable' }
  | { readonly input: 'not-durable' }
  /** It is for a worker from the beginning. */
  | { readonly input: 'elsewhere' }
  /** It has taken too long. */
  | { readonly input: 'alarm' }
  | { readonly input: 'outcome'; readonly outcome: Outcome }
  | { readonly input: 'fatal'; readonly why: string }
  /** Its worker has ended without an outcome. */
  | { readonly input: 'lost'; readonly why: string }
  | { readonly input: 'acted' }
  | { readonly input: 'not-acted' }
  /** It is time to try again. */
  | { readonly input: 'again' };

export interface RunFacts {
  /** It was begun before: in an earlier life of the daemon, or in a worker that has died of it. */
  readonly again: boolean;
  /** It has ended what ran it often enough. */
  readonly spent: boolean;
  /** Its object has another value than its worker was told. */
  readonly stale: boolean;
  /** What is to be done outside of the log is declared. */
  readonly declares: boolean;
  /** A fatalError in a worker is the worker's alone. */
  readonly outlives: boolean;
}

export type RunAction =
  | 'give-up'
  | 'log-attempt'
  | 'put-back'
  | 'start'
  | 'hand-over'
  | 'die'
  | 'queue-again'
  | 'declare'
  | 'act'
  | 'try-later'
  | 'finish';

type RunTable = Table<RunState, RunInput, RunFacts, RunAction>;
type Ended = NonNullable<RunTable[RunState]['outcome']>;

const does =
  (...actions: readonly RunAction[]) =>
  (): readonly RunAction[] =>
    actions;

/** It is known what it has done. */
const KNOWN: Ended = [
  {
    when: ({ outcome }, { declares }) => outcome.declared.length > 0 && declares,
    next: 'declaring',
    does: does('declare'),
  },
  { when: ({ outcome }) => outcome.declared.length > 0, next: 'acting', does: does('act') },
  { next: 'ended', does: does('finish') },
];

export const RUN_TABLE: RunTable = {
  due: {
    turn: [
      { when: (_, { again, spent }) => again && spent, next: 'running', does: does('give-up') },
      { when: (_, { again }) => again, next: 'attempting', does: does('log-attempt') },
      { next: 'running', does: does('start') },
    ],
  },
  attempting: {
    durable: [{ next: 'running', does: does('start') }],
    'not-durable': [{ next: 'due', does: does('put-back') }],
  },
  running: {
    outcome: KNOWN,
    elsewhere: [{ next: 'in-worker', does: does('hand-over') }],
    alarm: [{ next: 'in-worker', does: does('hand-over') }],
    fatal: [{ next: 'ended', does: does('die') }],
  },
  'in-worker': {
    // What another of the same user has changed meanwhile would be lost.
    outcome: [
      { when: ({ outcome }, { stale }) => stale && outcome.changes.length > 0, next: 'in-worker', does: does('hand-over') },
      ...KNOWN,
    ],
    lost: [
      { when: (_, { outlives }) => !outlives, next: 'ended', does: does('die') },
      { next: 'due', does: does('queue-again') },
    ],
  },
  declaring: {
    durable: [{ next: 'acting', does: does('act') }],
    'not-durable': [{ next: 'declaring', does: does('try-later') }],
    again: [{ next: 'declaring', does: does('declare') }],
  },
  acting: {
    acted: [{ next: 'ended', does: does('finish') }],
    'not-acted': [{ next: 'acting', does: does('try-later') }],
    again: [{ next: 'acting', does: does('act') }],
  },
  ended: {},
};
