/**
 * A-B10b: a file that is no message: of two lines, or empty. As written its first line is sent, be it empty, and all of it deleted.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { wholeMessages } from './properties/connection.ts';
import { onlineMet } from './properties/links.ts';

export const delayedFirstLine: Scenario<LinkPlan> = link({
  slug: 'delayed-first-line',
  title: 'What was kept and is no message is kept on.',
  quirk: QUIRK.FIRST_LINE_ONLY,
  cast: ({ turn, count }) => ({ delayed: { [`100${count}.put.h2`]: ['put:net:all:env:a=1\nput:net:all:env:b=2\n', '\n'][turn] ?? '' } }),
  properties: [wholeMessages, onlineMet],
  fails: ['nothing-thrown-away'],
});
