/**
 * rwho as a value.
 */
import { disclosed } from '../conformance/rwho/message-fields.ts';
import { programs } from '../conformance/rwho/programs.ts';
import { RWHO } from '../conformance/rwho/suite.ts';
import { STAGE } from '../scenarios/rwho/looks.ts';
import { recordings } from '../scenarios/rwho/recordings.ts';
import { scenarios } from '../scenarios/rwho/scenarios.ts';
import { programs as daemons } from '../src/impl/rwho/programs.ts';
import { TRAPS } from '../src/impl/rwho/quirks.ts';
import { bundled } from '../src/node/package.ts';
import { decoders } from './decoders.ts';
import type { Protocol } from './protocol.ts';
import { commands } from './rwho-commands.ts';

export const rwho: Protocol = {
  name: 'rwho',
  title: RWHO.title,
  daemons,
  scenarios,
  recordings,
  stage: STAGE,
  suite: RWHO,
  programs,
  module: bundled('conformance/rwho/programs.ts'),
  traps: TRAPS,
  decoders: decoders.rwho,
  disclosed,
  commands,
};
