/**
 * Rover as a value.
 */
import { HELPERS } from '../conformance/helpers.ts';
import { programs as daemons } from '../src/impl/rover/programs.ts';
import { TRAPS } from '../src/impl/rover/quirks.ts';
import { compiled } from './compiled.ts';
import type { Protocol } from './protocol.ts';

export const rover: Protocol = {
  name: 'rover',
  title: 'the server of the MIT Rover toolkit',
  daemons,
  scenarios: [],
  programs: { ...HELPERS, ...daemons },
  module: compiled('src/impl/rover/programs.ts'),
  traps: TRAPS,
};
