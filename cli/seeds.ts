/**
 * Seeds as a user writes them: `7`, `0..199`, or a text that they follow from, so that each commit tries others.
 */
import { execFileSync } from 'node:child_process';
import { SEED_LIMIT } from '../src/check/run.ts';
import { utf8 } from '../src/host/bytes.ts';
import { Murmur128 } from '../src/trace/murmur.ts';
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

/** As many seeds as there are in the range, from one on that is a function of the text; `commit` is that of the present folder. */
export function seedsFrom(text: string, { from, to }: Seeds): Seeds {
  const hash = new Murmur128();
  hash.update(utf8(text === 'commit' ? commit() : text));
  const first = Number.parseInt(hash.digest().slice(0, HASH_DIGITS), 16) % (SEED_LIMIT - (to - from) + 1);
  return { from: first, to: first + to - from };
}
/** 48 bits. */
const HASH_DIGITS = 12;

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    throw usage('--seeds-from commit: git knows no commit here; name the text that the seeds are to follow from');
  }
}
