/**
 * A-B09: an encrypted delayed message. As written an empty request follows it, and its reply is taken for the next one’s (together with
 * A-B06; corrected, a line that nobody asked for ends the connection).
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { clearAsk, HUSH } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, replyMet } from './properties/answers.ts';
import { delayedMet } from './properties/links.ts';
import { noSecretInLogs, noSecretOnWire } from './properties/secrets.ts';

export const delayedExtraNewline: Scenario<LinkPlan> = link({
  slug: 'delayed-extra-newline',
  title: 'A delayed message is one request.',
  quirks: [QUIRK.EXTRA_NEWLINE, QUIRK.KEEP_LATE_REPLY],
  cast: ({ first, count }) => ({
    delayed: { '1000.put.h2': `encrypt:put:net:all:env:${HUSH}=${count}\n` },
    local: [[CLIENT, '--peer=h2', `--say=${first}:${clearAsk(count)}`]],
  }),
  properties: [answersAreOwn, noSecretOnWire, noSecretInLogs, delayedMet, replyMet],
  fails: ['answers-are-own'],
});
