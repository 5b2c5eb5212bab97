/**
 * lifetime as a value.
 */

import { disclosed } from '../conformance/lifetime/message-fields.ts';
import { programs } from '../conformance/lifetime/programs.ts';
import { LIFETIME } from '../conformance/lifetime/suite.ts';
import { STAGE } from '../scenarios/lifetime/looks.ts';
import { recordings } from '../scenarios/lifetime/recordings.ts';
import { scenarios } from '../scenarios/lifetime/scenarios.ts';
import { programs as daemons } from '../src/impl/lifetime/programs.ts';
import { TRAPS } from '../src/impl/lifetime/quirks.ts';
import { bundled } from '../src/node/package.ts';
import { decoders } from './decoders.ts';
import type { Protocol } from './protocol.ts';

export const lifetime: Protocol = {
  name: 'lifetime',
  title: LIFETIME.title,
  daemons,
  scenarios,
  recordings,
  stage: STAGE,
  suite: LIFETIME,
  programs,
  module: bundled('conformance/lifetime/programs.ts'),
  traps: TRAPS,
  decoders: decoders.lifetime,
  disclosed,
  tour: {
    healthy: { scenario: 'lifetime/healthy', seed: 4 },
    bug: { scenario: 'lifetime/lost-shutdown', trap: 'DC-04', text: 'a child that is told to stop while it starts forgets it' },
    foreign: {
      role: 'child',
      interpreter: { name: 'Python', program: 'python3' },
      file: 'examples/lifetime-child.py',
      fault: { args: ['--fault=comment-ids'], text: 'a wrong id of an event', found: 'lifetime.child.ids.constants' },
      cases: ['lifetime.child.start.database-first', 'lifetime.child.ids.*', 'lifetime.child.stop.control-eof'],
    },
  },
};
