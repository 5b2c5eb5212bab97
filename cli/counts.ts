/**
 * Whole numbers as a user writes them.
 */
import { printable } from '../src/host/bytes.ts';
import { usage } from './exit.ts';

/** From `least` to `most`, both included; nothing else is taken. */
export function parseCount(option: string, text: string, least: number, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= most)) throw usage(`${option} is a whole number from ${least} to ${most}, not '${printable(text, 40)}'`);
  return count;
}
