/**
 * Rover as a value.
 */
import { eitherDecoder } from '../conformance/rover/channels.ts';
import { programs } from '../conformance/rover/programs.ts';
import { ROVER } from '../conformance/rover/suite.ts';
import { programs as daemons } from '../src/impl/rover/programs.ts';
import { TRAPS } from '../src/impl/rover/quirks.ts';
import { compiled } from './compiled.ts';
import type { Protocol } from './protocol.ts';

export const rover: Protocol = {
  name: 'rover',
  title: ROVER.title,
  daemons,
  scenarios: [],
  suite: ROVER,
  programs,
  module: compiled('conformance/rover/programs.ts'),
  traps: TRAPS,
  decoders: { tcp: eitherDecoder },
};
