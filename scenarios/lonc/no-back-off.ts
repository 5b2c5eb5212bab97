/**
 * A-B20: a lond that does not say ok. As written its child ends at once, and uses up its attempts in minutes.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { attemptsAsConfigured } from './properties/children.ts';
import { failureBacksOff } from './properties/connection.ts';
import { backOffMet } from './properties/links.ts';

export const noBackOff: Scenario<LinkPlan> = link({
  slug: 'no-back-off',
  title: 'A child that fails backs off before it ends.',
  quirk: QUIRK.NO_BACK_OFF,
  cast: ({ turn }) => ({ gateway: true, lond: ['--silent=challenge', ...(turn === 0 ? [] : ['--late=init:1000'])] }),
  properties: [failureBacksOff, attemptsAsConfigured, backOffMet],
  fails: ['failure-backs-off'],
  chaos: 700,
});
