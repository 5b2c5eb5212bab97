/**
 * A-B09, as in schedule L-06: an encrypted delayed message. As written an empty request follows it, and its reply is taken for the next
 * one’s (together with A-B06; corrected, a line that nobody asked for ends the connection).
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { HUSH, PING } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, replyMet } from './properties/answers.ts';
import { delayedMet } from './properties/links.ts';
import { noSecretInLogs, noSecretOnWire } from './properties/secrets.ts';

export const delayedExtraNewline: Scenario<LinkPlan> = link({
  slug: 'delayed-extra-newline',
  title: 'A delayed message is one request.',
  quirk: QUIRK.EXTRA_NEWLINE,
  cast: ({ first, gap }) => ({
    peer: 'srv1',
    // 14 bytes, as then.
    delayed: { '1000.put.srv1': `encrypt:put:${HUSH}:all:x\n` },
    lond: ['--do=1:say:ok-enc'],
    local: [[CLIENT, '--peer=srv1', `--say=${first}:${PING}`, `--say=${first + 500 + gap}:${PING}`]],
  }),
  properties: [answersAreOwn, noSecretOnWire, noSecretInLogs, delayedMet, replyMet],
  fails: ['answers-are-own'],
  mayFail: ['no-secret-in-logs'],
});
