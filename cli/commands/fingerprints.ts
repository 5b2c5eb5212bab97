/**
 * `slipway fingerprints`: the other side of --check-determinism.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { fingerprints } from '../determinism.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { parseSeeds } from '../seeds.ts';

/** Lines written at once, and milliseconds after which fewer are: who does not read any more is noticed in between. */
const BATCH = 256;
const PERIOD_MS = 100;

export async function printFingerprints(jobs: readonly string[], seeds: string, { catalogue }: Context): Promise<ExitCode> {
  let lines: string[] = [];
  let flushed = performance.now();
  const flush = (): void => {
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
    lines = [];
  };
  for (const line of fingerprints(catalogue, jobs, parseSeeds(seeds))) {
    lines.push(line);
    if (lines.length < BATCH && performance.now() - flushed < PERIOD_MS) continue;
    flush();
    await nextTurn();
    flushed = performance.now();
  }
  flush();
  return EXIT.ok;
}
