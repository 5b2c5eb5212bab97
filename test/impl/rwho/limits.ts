/** What the real readers printed over spools at the limits of every type and buffer (vectors/limits.json says how it was made). */
import { readFileSync } from 'node:fs';
import type { Files } from './images.ts';
import { bytesOf } from './images.ts';

export interface Printed {
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly status: number;
}
export interface LimitRun {
  readonly command: 'ruptime' | 'rwho';
  readonly args: readonly string[];
  /** By the names of editions, with a blank between them. */
  readonly printed: Readonly<Record<string, Printed>>;
  readonly undefined?: Readonly<Record<string, Printed>>;
}
export interface Limit {
  readonly say: string;
  readonly now: number;
  readonly files: Files;
  readonly runs: readonly LimitRun[];
}

interface Written extends Omit<Limit, 'files'> {
  readonly files: Readonly<Record<string, string>>;
}

// The tests fail where it has another form.
const written = JSON.parse(readFileSync(new URL('vectors/limits.json', import.meta.url), 'utf8')) as {
  readonly cases: Readonly<Record<string, Written>>;
};

export const LIMITS: Readonly<Record<string, Limit>> = Object.fromEntries(
  Object.entries(written.cases).map(([name, { files, ...rest }]) => [
    name,
    { ...rest, files: Object.fromEntries(Object.entries(files).map(([file, hex]) => [file, hex === 'DIR' ? hex : bytesOf(hex)])) },
  ]),
);
