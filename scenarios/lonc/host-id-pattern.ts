/**
 * A-B10c: the id of the host is a.b, and there is a message for axb. As written it is taken for its own.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { takesItsOwn } from './properties/connection.ts';
import { onlineMet } from './properties/links.ts';

export const hostIdPattern: Scenario<LinkPlan> = link({
  slug: 'host-id-pattern',
  title: 'A child sends the messages of its own host.',
  quirk: QUIRK.ID_AS_PATTERN,
  cast: ({ count }) => ({ peer: 'a.b', delayed: { [`100${count}.put.axb`]: 'put:net:all:env:a=1\n' } }),
  properties: [takesItsOwn, onlineMet],
  fails: ['takes-its-own-messages'],
});
