/**
 * A-B04: con_lost is what a lond says, as a reply. As written that tears its healthy connection down.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { wordAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, conLostMet } from './properties/answers.ts';
import { keepsHealthyConnection } from './properties/connection.ts';

export const conLostInBand: Scenario<LinkPlan> = link({
  slug: 'con-lost-in-band',
  title: 'A reply is a reply, whatever it says.',
  quirk: QUIRK.IN_BAND_MARKER,
  cast: ({ first }) => ({ local: [[CLIENT, '--peer=h2', `--say=${first}:${wordAsk('con_lost')}`]] }),
  properties: [answersAreOwn, keepsHealthyConnection, conLostMet],
  fails: ['keeps-healthy-connection', 'answers-are-own'],
});
