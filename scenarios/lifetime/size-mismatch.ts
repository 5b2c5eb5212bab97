/**
 * DC-11: a header says five bytes and two follow, or two and five. Either way the reader is out of step for good.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { noViolation } from './properties/parent.ts';
import { cleanStop, requestRefused } from './properties/reach.ts';
import { footerIsLast, framesWellFormed, legalOrder, wholeFrames } from './properties/wire.ts';

export const sizeMismatch: Scenario<LifetimePlan> = pair({
  slug: 'size-mismatch',
  title: 'A child sends no payload of another size than its header says.',
  quirk: QUIRK.TRUST_SIZE,
  childArgs: ['--message=note:6162:5', '--message=note:6162636465:2'],
  ranges: { stopAfter: [10, 60], extras: [0, 1] },
  properties: [framesWellFormed, legalOrder, wholeFrames, footerIsLast, noViolation, requestRefused, cleanStop],
  fails: ['frames-well-formed', 'no-violation'],
  mayFail: ['legal-order'],
});
