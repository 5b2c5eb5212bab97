import type { Programs } from '../../../src/host/host.ts';
import type { Mutant } from '../../suite.ts';

export const CLAIMS: Readonly<Record<'daemon' | 'cgi', readonly string[]>> = {
  daemon: ['users', 'tests', 'cards', 'agent', 'fields', 'epochs', 'acked'],
  cgi: ['users', 'tests', 'cards', 'fields', 'hands-on'],
};
export const MUTANTS: readonly Mutant[] = [];
export const MUTANT_PROGRAMS: Programs = {};
