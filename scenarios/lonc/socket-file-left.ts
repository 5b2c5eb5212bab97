/**
 * A-B26: a child is told to end. As written its socket file stays.
 * May import: check, impl, the folders beside it.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lonc/quirks.ts';
import { OPERATOR } from './daemons/names.ts';
import { type LinkPlan, link } from './parts/link.ts';
import { endsWhenTold, socketRemoved } from './properties/connection.ts';
import { onlineMet } from './properties/links.ts';

export const socketFileLeft: Scenario<LinkPlan> = link({
  slug: 'socket-file-left',
  title: 'A child that ends removes its socket.',
  quirk: QUIRK.LEAVE_SOCKET,
  cast: ({ first }) => ({ local: [[OPERATOR, `--send=${first}:SIGTERM:h2`]] }),
  properties: [socketRemoved, endsWhenTold, onlineMet],
  fails: ['socket-file-removed'],
});
