/**
 * A-B19: a challenge that comes after its limit. As written an empty line is sent as its echo, and it is taken for the verdict.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { echoesChallenge } from './properties/connection.ts';
import { backOffMet } from './properties/links.ts';

export const initTimeoutIgnored: Scenario<LinkPlan> = link({
  slug: 'init-timeout-ignored',
  title: 'A challenge that comes too late is not answered.',
  quirk: QUIRK.IGNORE_INIT_TIMEOUT,
  cast: ({ gap }) => ({ lond: [`--late=init:${60_100 + 10 * gap}`] }),
  properties: [echoesChallenge, backOffMet],
  fails: ['echoes-the-challenge'],
  chaos: 120,
});
