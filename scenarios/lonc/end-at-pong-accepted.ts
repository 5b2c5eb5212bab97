/**
 * A-B18: a lond that closes the connection instead of answering pong or ekey. As written that is an answer.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { dialogueIsBounded, secureIsOpen } from './properties/connection.ts';
import { backOffMet } from './properties/links.ts';

export const endAtPongAccepted: Scenario<LinkPlan> = link({
  slug: 'end-at-pong-accepted',
  title: 'A connection that has ended is not a secure one.',
  quirk: QUIRK.ACCEPT_EOF,
  cast: ({ turn }) => ({ lond: [`--closes=${turn === 0 ? 'pong' : 'ekey'}`] }),
  properties: [secureIsOpen, dialogueIsBounded, backOffMet],
  fails: ['secure-is-open'],
  chaos: 20,
  liveness: 300,
});
