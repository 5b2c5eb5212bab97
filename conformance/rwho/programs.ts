/**
 * The programs of this suite: our rwhod and its readers, and the mutants.
 */
import type { Programs } from '../../src/host/host.ts';
import { programs as daemons } from '../../src/impl/rwho/programs.ts';
import { ruptimeCommand, rwhoCommand } from '../../src/impl/rwho/readers/command.ts';
import { HELPERS } from '../helpers.ts';
import { MUTANT_PROGRAMS } from './mutants/mutants.ts';

export const programs: Programs = { ...daemons, ruptime: ruptimeCommand, rwho: rwhoCommand, ...MUTANT_PROGRAMS, ...HELPERS };
