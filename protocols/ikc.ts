/**
 * IKC as a value.
 */
import { recordings } from '../scenarios/ikc/recordings.ts';
import { scenarios } from '../scenarios/ikc/scenarios.ts';
import { programs as daemons } from '../src/impl/ikc/programs.ts';
import { TRAPS } from '../src/impl/ikc/quirks.ts';
import { compiled } from './compiled.ts';
import { ikcCommand } from './ikc-commands.ts';
import type { Protocol } from './protocol.ts';

export const ikc: Protocol = {
  name: 'ikc',
  title: 'POE inter-kernel communication (POE::Component::IKC 0.2200)',
  daemons,
  scenarios,
  recordings,
  programs: daemons,
  module: compiled('src/impl/ikc/programs.ts'),
  traps: TRAPS,
  commands: [ikcCommand],
};
