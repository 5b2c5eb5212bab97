/**
 * Messages that were kept in files survive a power cut on either machine, with whatever the disk makes of what was not synced.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { type DelayedPlan, keeping } from './parts/keeping.ts';
import { oneChildPerHost } from './properties/children.ts';
import { cutWithMessageMet, delayedInOrder, removedWhenAnswered } from './properties/delayed.ts';
import { delayedMet } from './properties/links.ts';

export const delayedPowerCut: Scenario<DelayedPlan> = keeping({
  slug: 'delayed-power-cut',
  title: 'A message that was kept for later is there after a power cut, and is delivered.',
  kinds: { 'power-cut': 2, kill: 1 },
  properties: [delayedInOrder, removedWhenAnswered, oneChildPerHost, delayedMet, cutWithMessageMet],
  asWritten: { fails: ['delayed-in-order'], mayFail: ['delayed-arrives', 'removed-when-answered'] },
});
