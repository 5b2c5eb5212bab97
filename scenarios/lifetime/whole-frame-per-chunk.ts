/**
 * DC-20: a parent that takes every read for whole frames. A frame cut inside its header is lost, one cut inside its payload
 * is taken for a shorter one: an address without its last digit is an address.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair, reads } from './pair.ts';
import { noViolation, observedAsSent } from './properties/parent.ts';
import { readsPartialFrame } from './properties/reach.ts';

export const wholeFramePerChunk: Scenario<LifetimePlan> = pair({
  slug: 'whole-frame-per-chunk',
  title: 'A parent puts together what arrives in pieces.',
  quirk: QUIRK.FRAME_PER_CHUNK,
  local: reads(1, 40),
  properties: [observedAsSent, noViolation, readsPartialFrame],
  fails: ['observed-as-sent'],
  mayFail: ['no-violation'],
});
