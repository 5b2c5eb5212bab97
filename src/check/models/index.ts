/**
 * What is ready for use in a scenario: properties made of selectors, and models of simple objects.
 * Lacks: code.
 */
export {
  type Counterexample,
  checkHistory,
  drawCounterexample,
  explainCounterexample,
  type HistoryVerdict,
  type Operation,
  type Point,
  STEPS,
} from './history.ts';
export { type Linearizable, linearizable, type Moment } from './linearizable.ts';
export type { Model, Outcome } from './object.ts';
export {
  type AnsweredWithin,
  type AtMostOnce,
  answeredWithin,
  atMostOnce,
  type Entry,
  type EventuallyConsistent,
  eventuallyConsistent,
  type InOrder,
  type InSequence,
  inOrder,
  type Requests,
  requestResponse,
  type Selector,
} from './patterns.ts';
export type { Verdict } from './search.ts';
export type { LockCall, MapCall, QueueCall, RegisterCall } from './usual.ts';
export * as models from './usual.ts';
