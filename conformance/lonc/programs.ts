/**
 * The programs of this suite: our gateway and lond, and the mutants.
 * May import: host, impl, its own folder.
 */
import type { Programs } from '../../src/host/host.ts';
import { gatewayChild } from '../../src/impl/lonc/child.ts';
import { lond } from '../../src/impl/lonc/lond.ts';
import { londChild } from '../../src/impl/lonc/lond-child.ts';
import { gateway } from '../../src/impl/lonc/parent.ts';
import { HELPERS } from '../helpers.ts';
import { MUTANT_PROGRAMS } from './mutants/mutants.ts';

export const programs: Programs = {
  gateway,
  'gateway-child': gatewayChild,
  lond,
  'lond-child': londChild,
  ...MUTANT_PROGRAMS,
  ...HELPERS,
};
