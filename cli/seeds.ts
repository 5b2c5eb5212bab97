/**
 * Seeds as a user writes them: `7`, `0..199`.
 */
import { SEED_LIMIT } from '../src/check/run.ts';
import { usage } from './exit.ts';

export interface Seeds {
  readonly from: number;
  readonly to: number;
}

export function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seed <= SEED_LIMIT)) throw usage(`--seed must be an integer from 0 to ${SEED_LIMIT}, not '${text}'`);
  return seed;
}

export function parseSeeds(text: string): Seeds {
  const parts = /^(\d{1,10})\.\.(\d{1,10})$/.exec(text);
  if (parts?.[1] === undefined || parts[2] === undefined) throw usage(`--seeds must look like 0..199, not '${text}'`);
  const range = { from: parseSeed(parts[1]), to: parseSeed(parts[2]) };
  if (range.from > range.to) throw usage(`--seeds ${text}: the first seed is greater than the last`);
  return range;
}

export const formatSeeds = ({ from, to }: Seeds): string => (from === to ? `--seed ${from}` : `--seeds ${from}..${to}`);
