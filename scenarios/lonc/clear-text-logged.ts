/**
 * A-B10d: a delayed message that is to be encrypted. As written its text is in two logs.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { HUSH } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { delayedMet } from './properties/links.ts';
import { noSecretInLogs, noSecretOnWire } from './properties/secrets.ts';

export const clearTextLogged: Scenario<LinkPlan> = link({
  slug: 'clear-text-logged',
  title: 'A log does not tell what was to be encrypted.',
  quirk: QUIRK.LOG_CLEAR_TEXT,
  cast: ({ count }) => ({ delayed: { '1000.put.h2': `encrypt:put:net:all:env:${HUSH}=${count}\n` } }),
  properties: [noSecretInLogs, noSecretOnWire, delayedMet],
  fails: ['no-secret-in-logs'],
});
