/**
 * The programs of this suite: ours, and the mutants.
 */
import type { Programs } from '../../src/host/host.ts';
import { programs as daemons } from '../../src/impl/rover/programs.ts';
import { HELPERS } from '../helpers.ts';
import { MUTANT_PROGRAMS } from './mutants/mutants.ts';

export const programs: Programs = {
  ...daemons,
  ...MUTANT_PROGRAMS,
  ...HELPERS,
};
