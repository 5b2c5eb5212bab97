/**
 * IKC as a value.
 */
import { disclosed } from '../conformance/ikc/message-fields.ts';
import { programs } from '../conformance/ikc/programs.ts';
import { IKC } from '../conformance/ikc/suite.ts';
import { STAGE } from '../scenarios/ikc/looks.ts';
import { recordings } from '../scenarios/ikc/recordings.ts';
import { scenarios } from '../scenarios/ikc/scenarios.ts';
import { programs as daemons } from '../src/impl/ikc/programs.ts';
import { TRAPS } from '../src/impl/ikc/quirks.ts';
import { bundled } from '../src/node/package.ts';
import { decoders } from './decoders.ts';
import { commands } from './ikc-commands.ts';
import type { Protocol } from './protocol.ts';

export const ikc: Protocol = {
  name: 'ikc',
  title: IKC.title,
  daemons,
  scenarios,
  recordings,
  stage: STAGE,
  suite: IKC,
  programs,
  module: bundled('conformance/ikc/programs.ts'),
  traps: TRAPS,
  commands,
  decoders: decoders.ikc,
  disclosed,
};
