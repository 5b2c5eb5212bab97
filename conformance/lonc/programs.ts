/**
 * The programs of this suite: our gateway and lond, and the mutants.
 */
import type { Programs } from '../../src/host/host.ts';
import { programs as daemons } from '../../src/impl/lonc/programs.ts';
import { HELPERS } from '../helpers.ts';
import { MUTANT_PROGRAMS } from './mutants/mutants.ts';

export const programs: Programs = {
  ...daemons,
  ...MUTANT_PROGRAMS,
  ...HELPERS,
};
