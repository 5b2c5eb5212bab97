/**
 * The programs of this suite: our parent and child, what the tester stands in their place, and the mutants.
 */
import type { Programs } from '../../src/host/host.ts';
import { programs as daemons } from '../../src/impl/lifetime/programs.ts';
import { HELPERS } from '../helpers.ts';
import { MUTANT_PROGRAMS } from './mutants/mutants.ts';
import { lifetimeProbe } from './probe.ts';

export const programs: Programs = {
  ...daemons,
  'lifetime-probe': lifetimeProbe,
  ...MUTANT_PROGRAMS,
  ...HELPERS,
};
