/**
 * THE PUBLISHED SMALL CLIENT, trap by trap: which decisions of ours (CORRECTED_LITE) each replaces, and by what.
 * Lacks: what the traps are about (quirks.ts, and README.md).
 */
import { rulesOf } from '../command-line/traps.ts';
import { CORRECTED_LITE, type LiteRules } from './client-lite.ts';
import { type Quirks, TRAPS } from './quirks.ts';

export const AS_WRITTEN_LITE: Readonly<Record<string, Partial<LiteRules>>> = {
  'B-T21': { refusedAlarm: 'stays' },
  'B-T21b': { keepsLength: true },
  'B-T21c': { dropsRest: true },
  'B-T21d': { seeksLength: true },
};

export const liteRules = (quirks: Quirks): LiteRules => rulesOf(CORRECTED_LITE, AS_WRITTEN_LITE, TRAPS, quirks);
