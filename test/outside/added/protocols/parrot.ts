/** parrot as a value. */
import { programs } from '../conformance/parrot/programs.ts';
import { PARROT } from '../conformance/parrot/suite.ts';
import { scenarios } from '../scenarios/parrot/scenarios.ts';
import { programs as daemons } from '../src/impl/parrot/programs.ts';
import { TRAPS } from '../src/impl/parrot/quirks.ts';
import { bundled } from '../src/node/package.ts';
import type { Protocol } from './protocol.ts';

export const parrot: Protocol = {
  name: 'parrot',
  title: PARROT.title,
  daemons,
  scenarios,
  suite: PARROT,
  programs,
  module: bundled('conformance/parrot/programs.ts'),
  traps: TRAPS,
};
