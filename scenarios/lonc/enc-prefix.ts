/**
 * A-B23: a reply that begins with the letters enc and is not encrypted. As written it is decrypted, to nothing.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { wordAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, replyMet } from './properties/answers.ts';

export const encPrefix: Scenario<LinkPlan> = link({
  slug: 'enc-prefix',
  title: 'Only what is encrypted is decrypted.',
  quirk: QUIRK.DECRYPT_PREFIX,
  cast: ({ first, turn }) => ({
    local: [[CLIENT, '--peer=h2', `--say=${first}:${wordAsk(turn === 0 ? 'encyclopedia' : 'enchanted:3:x')}`]],
  }),
  properties: [answersAreOwn, replyMet],
  fails: ['answers-are-own'],
});
