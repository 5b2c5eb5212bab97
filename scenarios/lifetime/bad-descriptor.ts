/**
 * DC-14: a descriptor that is not open. As written, a bad --pipetx loses all events without a word, and the child runs.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import { OTHER_PARENT } from './daemons/names.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { badDescriptorIsUsage } from './properties/child.ts';
import { parentEnds } from './properties/ends.ts';
import { findsBadDescriptor } from './properties/reach.ts';

export const badDescriptor: Scenario<LifetimePlan> = pair({
  slug: 'bad-descriptor',
  title: 'A child that is told of a descriptor that is not open refuses to start.',
  quirk: QUIRK.BAD_DESCRIPTORS,
  parent: OTHER_PARENT,
  parentArgs: ['--lies'],
  properties: [badDescriptorIsUsage, parentEnds, findsBadDescriptor],
  fails: ['bad-descriptor-is-usage'],
});
