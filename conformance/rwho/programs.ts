/**
 * The programs of this suite: our rwhod and its readers, and the mutants.
 * May import: host, impl, its own folder.
 */
import type { Programs } from '../../src/host/host.ts';
import { ruptimeCommand, rwhoCommand } from '../../src/impl/rwho/readers/command.ts';
import { rwhod } from '../../src/impl/rwho/rwhod.ts';
import { HELPERS } from '../helpers.ts';
import { MUTANT_PROGRAMS } from './mutants/mutants.ts';

export const programs: Programs = { rwhod, ruptime: ruptimeCommand, rwho: rwhoCommand, ...MUTANT_PROGRAMS, ...HELPERS };
