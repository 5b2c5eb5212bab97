/**
 * Rover as a value.
 */
import { HELPERS } from '../conformance/helpers.ts';
import { recordings } from '../scenarios/rover/recordings.ts';
import { scenarios } from '../scenarios/rover/scenarios.ts';
import { programs as daemons } from '../src/impl/rover/programs.ts';
import { TRAPS } from '../src/impl/rover/quirks.ts';
import { compiled } from './compiled.ts';
import type { Protocol } from './protocol.ts';
import { roverCommand } from './rover-commands.ts';

export const rover: Protocol = {
  name: 'rover',
  title: 'the server of the MIT Rover toolkit',
  daemons,
  scenarios,
  recordings,
  commands: [roverCommand],
  programs: { ...HELPERS, ...daemons },
  module: compiled('src/impl/rover/programs.ts'),
  traps: TRAPS,
};
