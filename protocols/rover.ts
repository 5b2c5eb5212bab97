/**
 * Rover as a value.
 */
import { eitherDecoder } from '../conformance/rover/channels.ts';
import { disclosed } from '../conformance/rover/message-fields.ts';
import { programs } from '../conformance/rover/programs.ts';
import { ROVER } from '../conformance/rover/suite.ts';
import { recordings } from '../scenarios/rover/recordings.ts';
import { scenarios } from '../scenarios/rover/scenarios.ts';
import { programs as daemons } from '../src/impl/rover/programs.ts';
import { TRAPS } from '../src/impl/rover/quirks.ts';
import { compiled } from './compiled.ts';
import type { Protocol } from './protocol.ts';
import { roverCommand } from './rover-commands.ts';

export const rover: Protocol = {
  name: 'rover',
  title: ROVER.title,
  daemons,
  scenarios,
  recordings,
  suite: ROVER,
  programs,
  module: compiled('conformance/rover/programs.ts'),
  traps: TRAPS,
  commands: [roverCommand],
  decoders: { tcp: eitherDecoder },
  disclosed,
};
