/**
 * DC-13: zero means that a pipe is off, although zero is a descriptor. A child with its control pipe there never hears that it
 * should stop.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import { OTHER_PARENT } from './daemons/names.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { askedIsSuccess } from './properties/child.ts';
import { stopsOnEof } from './properties/ends.ts';
import { cleanStop } from './properties/reach.ts';
import { footerIsLast } from './properties/wire.ts';

export const descriptorZero: Scenario<LifetimePlan> = pair({
  slug: 'descriptor-zero',
  title: 'A child whose control pipe is descriptor 0 stops when it is closed.',
  quirk: QUIRK.ZERO_IS_OFF,
  parent: OTHER_PARENT,
  parentArgs: ['--control=0'],
  properties: [stopsOnEof, askedIsSuccess, footerIsLast, cleanStop],
  fails: ['stops-on-eof'],
});
