/**
 * Cases for a gateway, seen from the lond it connects to: the dialogue, what ends it, and requests. Where a request has to
 * come from somewhere, the tester is a local client as well.
 */
import type { Case } from '../case.ts';
import { DIALOGUE_CASES } from './lond-client/dialogue.ts';
import { ENDING_CASES } from './lond-client/endings.ts';
import { REQUEST_CASES } from './lond-client/requests.ts';

export const LOND_CLIENT_CASES: readonly Case[] = [...DIALOGUE_CASES, ...ENDING_CASES, ...REQUEST_CASES];
