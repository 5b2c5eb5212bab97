/**
 * lonc as a value.
 */

import { disclosed } from '../conformance/lonc/message-fields.ts';
import { programs } from '../conformance/lonc/programs.ts';
import { LONC } from '../conformance/lonc/suite.ts';
import { STAGE } from '../scenarios/lonc/looks.ts';
import { recordings } from '../scenarios/lonc/recordings.ts';
import { scenarios } from '../scenarios/lonc/scenarios.ts';
import { programs as daemons } from '../src/impl/lonc/programs.ts';
import { TRAPS } from '../src/impl/lonc/quirks.ts';
import { bundled } from '../src/node/package.ts';
import { decoders } from './decoders.ts';
import type { Protocol } from './protocol.ts';

export const lonc: Protocol = {
  name: 'lonc',
  title: LONC.title,
  daemons,
  scenarios,
  recordings,
  stage: STAGE,
  suite: LONC,
  programs,
  module: bundled('conformance/lonc/programs.ts'),
  traps: TRAPS,
  decoders: decoders.lonc,
  disclosed,
};
