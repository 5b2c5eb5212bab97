/**
 * The programs of this suite: our parent and child, what the tester stands in their place, and the mutants.
 * May import: host, impl, its own folder.
 */
import type { Programs } from '../../src/host/host.ts';
import { lifetimeChild } from '../../src/impl/lifetime/child.ts';
import { lifetimeParent } from '../../src/impl/lifetime/parent.ts';
import { HELPERS } from '../helpers.ts';
import { MUTANT_PROGRAMS } from './mutants/mutants.ts';
import { lifetimeProbe } from './probe.ts';

export const programs: Programs = {
  'lifetime-child': lifetimeChild,
  'lifetime-parent': lifetimeParent,
  'lifetime-probe': lifetimeProbe,
  ...MUTANT_PROGRAMS,
  ...HELPERS,
};
