/**
 * The results of judging, a JSON line each: an interrupted run goes on where it was, and of two lines about one mutant the later counts.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mutant } from './mutator.ts';
import type { Ending } from './task.ts';

export interface Result extends Omit<Mutant, 'module'>, Ending {}

/** A protocol in which nothing was found as long as nothing was changed. */
interface Unchanged {
  readonly unchanged: string;
  readonly runs: number;
  readonly cpu: number;
}

export class Results {
  readonly #path: string;
  readonly #results: Map<number, Result> = new Map();
  readonly #unchanged: Set<string> = new Set();

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    // What a kill has cut off is made again.
    for (const line of lines.filter(each => each.endsWith('}'))) this.#take(JSON.parse(line) as Result | Unchanged);
  }

  /** What is known of this mutant; of an earlier text of the sources, nothing. */
  of({ seed, path, line, after }: Omit<Mutant, 'module'>): Result | undefined {
    const known = this.#results.get(seed);
    return known?.path === path && known.line === line && known.after === after ? known : undefined;
  }

  isGreen(protocol: string): boolean {
    return this.#unchanged.has(protocol);
  }

  add(line: Result | Unchanged): void {
    this.#take(line);
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }

  #take(line: Result | Unchanged): void {
    if ('unchanged' in line) this.#unchanged.add(line.unchanged);
    else this.#results.set(line.seed, line);
  }
}
