/**
 * Looks into /proc, where what is looked at may be gone the moment after, or another user's, or not be there at all on this system:
 * all of that is as good as empty.
 */
import fs from 'node:fs';

export function attempt<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** A command line may be of any bytes: each is a character. */
export const textAt = (path: string): string => attempt('', () => fs.readFileSync(path, 'latin1'));

export const namesIn = (path: string): readonly string[] => attempt([], () => fs.readdirSync(path));
