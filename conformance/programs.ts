/**
 * The programs that conformance runs start as processes: implementations of ours, what helps the tester, and mutants.
 * May import: host, impl, the suites.
 */
import type { Programs } from '../src/host/host.ts';
import { lifetimeChild } from '../src/impl/lifetime/child.ts';
import { lifetimeParent } from '../src/impl/lifetime/parent.ts';
import { SHIM_BRIDGE, shimBridge } from './adapt/shim-bridge.ts';
import { MUTANT_PROGRAMS } from './lifetime/mutants/mutants.ts';
import { lifetimeProbe } from './lifetime/probe.ts';
import { programs as loncPrograms } from './lonc/programs.ts';
import { pipeFiller } from './play/filler.ts';
import { FILLER } from './play/tester.ts';
import { programs as rwhoPrograms } from './rwho/programs.ts';

export const programs: Programs = {
  'lifetime-child': lifetimeChild,
  'lifetime-parent': lifetimeParent,
  'lifetime-probe': lifetimeProbe,
  [FILLER]: pipeFiller,
  [SHIM_BRIDGE]: shimBridge,
  ...MUTANT_PROGRAMS,
  ...loncPrograms,
  ...rwhoPrograms,
};
