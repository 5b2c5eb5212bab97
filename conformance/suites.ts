/**
 * The suites there are, by name.
 * May import: suite.ts, the suites.
 */
import { LIFETIME } from './lifetime/suite.ts';
import { LONC } from './lonc/suite.ts';
import { RWHO } from './rwho/suite.ts';
import type { Suite } from './suite.ts';

export const SUITES: readonly Suite[] = [LIFETIME, LONC, RWHO];

export const suiteNamed = (name: string): Suite | undefined => SUITES.find(suite => suite.name === name);
