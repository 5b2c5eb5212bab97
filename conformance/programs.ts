/**
 * The programs of all suites: implementations of ours, what helps the tester, and mutants.
 * May import: host, the suites.
 */
import type { Programs } from '../src/host/host.ts';
import { programs as lifetime } from './lifetime/programs.ts';
import { programs as lonc } from './lonc/programs.ts';
import { programs as rwho } from './rwho/programs.ts';

export const programs: Programs = { ...lifetime, ...lonc, ...rwho };
