/**
 * DC-10: the length of a type is one byte. A type of 300 bytes has length 44 there, the whole of it follows, and every reader
 * takes the rest for a length and a payload.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { noViolation } from './properties/parent.ts';
import { cleanStop, requestRefused } from './properties/reach.ts';
import { footerIsLast, framesWellFormed, legalOrder } from './properties/wire.ts';

const TYPE = 'note-'.repeat(60);

export const typeTooLong: Scenario<LifetimePlan> = pair({
  slug: 'type-too-long',
  title: 'A child does not send a type of more than 255 bytes.',
  quirk: QUIRK.WRAP_TYPE,
  childArgs: [`--message=${TYPE}:00`],
  ranges: { stopAfter: [10, 60], extras: [0, 1] },
  properties: [framesWellFormed, legalOrder, footerIsLast, noViolation, requestRefused, cleanStop],
  fails: ['frames-well-formed', 'no-violation'],
});
