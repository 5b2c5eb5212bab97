/**
 * DC-29: of two listeners on one port the second cannot be bound. As written that is a line in the log, and the parent is told
 * that start-up is complete.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { listenersAllBound } from './properties/child.ts';
import { noViolation, statusIsTrue } from './properties/parent.ts';
import { listenFailed } from './properties/reach.ts';
import { footerIsLast, legalOrder } from './properties/wire.ts';

export const listenerFails: Scenario<LifetimePlan> = pair({
  slug: 'listener-fails',
  title: 'A child one of whose listeners cannot be bound does not run.',
  quirk: QUIRK.LISTENER_MAY_FAIL,
  childArgs: ['--listen=127.0.0.1:9108', '--listen=127.0.0.1:9108'],
  ranges: { stopAfter: [20, 60], openDelay: [0, 2], p2p: [1, 2] },
  properties: [listenersAllBound, legalOrder, footerIsLast, noViolation, statusIsTrue, listenFailed],
  fails: ['listeners-all-bound'],
  mayFail: ['status-is-true'],
});
