/**
 * Rover as a value.
 */
import { disclosed } from '../conformance/rover/message-fields.ts';
import { programs } from '../conformance/rover/programs.ts';
import { ROVER } from '../conformance/rover/suite.ts';
import { recordings } from '../scenarios/rover/recordings.ts';
import { scenarios } from '../scenarios/rover/scenarios.ts';
import { programs as daemons } from '../src/impl/rover/programs.ts';
import { TRAPS } from '../src/impl/rover/quirks.ts';
import { bundled } from '../src/node/package.ts';
import { decoders } from './decoders.ts';
import type { Protocol } from './protocol.ts';
import { commands } from './rover-commands.ts';

export const rover: Protocol = {
  name: 'rover',
  title: ROVER.title,
  daemons,
  scenarios,
  recordings,
  suite: ROVER,
  programs,
  module: bundled('conformance/rover/programs.ts'),
  traps: TRAPS,
  commands,
  decoders: decoders.rover,
  disclosed,
};
