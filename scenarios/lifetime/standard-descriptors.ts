/**
 * DC-12: the event pipe is descriptor 1, which is where the log of the child goes as well; and once its reader is gone, a write
 * to a standard descriptor raises SIGPIPE, which is fatal there and nowhere else.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import { OTHER_PARENT } from './daemons/names.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { survivesItsReader } from './properties/child.ts';
import { stopsOnEof } from './properties/ends.ts';
import { readerGone } from './properties/reach.ts';
import { framesWellFormed } from './properties/wire.ts';

export const standardDescriptors: Scenario<LifetimePlan> = pair({
  slug: 'standard-descriptors',
  title: 'A child whose events go to descriptor 1 sends frames and nothing else, and survives its reader.',
  quirk: QUIRK.STANDARD_DESCRIPTORS,
  parent: OTHER_PARENT,
  parentArgs: ['--events=1', '--closes-after=50'],
  properties: [framesWellFormed, survivesItsReader, stopsOnEof, readerGone],
  fails: ['frames-well-formed', 'survives-its-reader'],
});
