/**
 * Cases for a gateway, seen from the local programs that use it; the tester is its lond as well.
 */
import type { Case } from '../case.ts';
import { CLIENT_CASES } from './local/clients.ts';
import { LOSS_CASES } from './local/losses.ts';
import { OTHER_CASES } from './local/others.ts';
import { REQUEST_CASES } from './local/requests.ts';

export const LOCAL_CASES: readonly Case[] = [...REQUEST_CASES, ...CLIENT_CASES, ...LOSS_CASES, ...OTHER_CASES];
