/**
 * A-B08: ids and build key are short. As written the newline of the build key goes into the key of this end, and not of the other.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { CLIENT } from './daemons/names.ts';
import { secretAsk } from './parts/asks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { answersAreOwn, secretMet } from './properties/answers.ts';
import { noSecretInLogs, noSecretOnWire } from './properties/secrets.ts';

export const buildKeyNewline: Scenario<LinkPlan> = link({
  slug: 'build-key-newline',
  title: 'What one end encrypts, the other decrypts, however short the build key.',
  quirk: QUIRK.KEY_WITH_NEWLINE,
  cast: ({ first, count }) => ({ lond: 'ours', local: [[CLIENT, '--peer=h2', `--say=${first}:${secretAsk(count)}`]] }),
  properties: [answersAreOwn, noSecretOnWire, noSecretInLogs, secretMet],
  fails: ['answers-are-own'],
});
