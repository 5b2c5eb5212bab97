/**
 * A-B17: a lond that says nothing any more, after ok. As written its child waits for ever.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { dialogueIsBounded } from './properties/connection.ts';
import { backOffMet } from './properties/links.ts';

export const pongWithoutTimeout: Scenario<LinkPlan> = link({
  slug: 'pong-without-timeout',
  title: 'Every step of the dialogue has a limit.',
  quirk: QUIRK.WAIT_FOR_PONG,
  cast: ({ turn }) => ({ lond: [`--silent=${turn === 0 ? 'pong' : 'ekey'}`] }),
  properties: [dialogueIsBounded, backOffMet],
  fails: ['dialogue-is-bounded'],
  chaos: 90,
  liveness: 300,
});
