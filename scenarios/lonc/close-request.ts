/**
 * A-B07: the administrator’s request to close the connection. As written it is not recognised, and goes to lond.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn } from './properties/answers.ts';
import { closeRequestStays } from './properties/connection.ts';
import { onlineMet } from './properties/links.ts';

export const closeRequest: Scenario<LinkPlan> = link({
  slug: 'close-request',
  title: 'A child that is asked to close its connection ends, and tells nobody.',
  quirk: QUIRK.FORWARD_CLOSE,
  cast: ({ first }) => ({ local: [[CLIENT, '--peer=h2', `--say=${first}:${clearAsk(1)}|close_connection_exit`]] }),
  properties: [closeRequestStays, answersAreOwn, onlineMet],
  fails: ['close-request-stays-local'],
});
