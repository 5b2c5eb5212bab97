/**
 * Cases for a lond, seen from a gateway that calls it.
 */
import type { Case } from '../case.ts';
import { DIALOGUE_CASES } from './lond/dialogue.ts';
import { ENCRYPTION_CASES } from './lond/encryption.ts';
import { REQUEST_CASES } from './lond/requests.ts';

export const LOND_CASES: readonly Case[] = [...DIALOGUE_CASES, ...REQUEST_CASES, ...ENCRYPTION_CASES];
