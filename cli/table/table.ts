/**
 * All commands of `slipway` but those that protocols bring, in the order in which `slipway --help` lists them.
 */
import { BEGINNING, HIDDEN, LOOKING_UP, REAL } from './others.ts';
import type { CommandRow } from './row.ts';
import { RUNS } from './runs.ts';
import { SUITES } from './suites.ts';
import { TRACE_WORK } from './trace-work.ts';
import { TRACES } from './traces.ts';

export const TABLE: readonly CommandRow[] = [...RUNS, ...TRACES, ...TRACE_WORK, ...SUITES, ...REAL, ...LOOKING_UP, ...BEGINNING, ...HIDDEN];
