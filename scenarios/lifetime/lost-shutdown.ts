/**
 * DC-04: a request to shut down that comes before the child listens for one is dropped, and nobody repeats it. The control pipe
 * is closed at about the time the child starts; one that forgets runs on until its parent sends SIGTERM, five seconds later.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { askedIsSuccess } from './properties/child.ts';
import { parentEnds, stopsOnEof } from './properties/ends.ts';
import { stopInStartUp } from './properties/reach.ts';
import { legalOrder } from './properties/wire.ts';

export const lostShutdown: Scenario<LifetimePlan> = pair({
  slug: 'lost-shutdown',
  title: 'A parent closes the control pipe while its child starts, and the child stops.',
  quirk: QUIRK.LOSE_REQUEST,
  ranges: { stopAfter: [0, 1], openDelay: [0, 2] },
  properties: [stopsOnEof, askedIsSuccess, legalOrder, parentEnds, stopInStartUp],
  fails: ['stops-on-eof'],
});
