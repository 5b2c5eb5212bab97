/**
 * DC-18: a sender goes on once the writer has taken its message, and the last thing a child sends is followed by its exit. If
 * the writer was not scheduled in between, 2,0 is never written and nobody knows.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { nothingUnread } from './properties/parent.ts';
import { cleanStop } from './properties/reach.ts';
import { footerIsLast, legalOrder } from './properties/wire.ts';

export const lastFrameLost: Scenario<LifetimePlan> = pair({
  slug: 'last-frame-lost',
  title: 'A child that exits has sent its last frame.',
  quirk: QUIRK.EXIT_UNFLUSHED,
  ranges: { openDelay: [0, 2] },
  properties: [footerIsLast, nothingUnread, legalOrder, cleanStop],
  fails: ['footer-is-last'],
});
