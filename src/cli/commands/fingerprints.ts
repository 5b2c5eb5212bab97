/**
 * `slipway fingerprints`: the other side of --check-determinism.
 * May import: cli.
 */
import { fingerprints } from '../determinism.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { parseSeeds } from '../seeds.ts';

/** Lines written at once. */
const BATCH = 256;

export function printFingerprints(jobs: readonly string[], seeds: string): ExitCode {
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
    lines = [];
  };
  for (const line of fingerprints(jobs, parseSeeds(seeds))) {
    lines.push(line);
    if (lines.length >= BATCH) flush();
  }
  flush();
  return EXIT.ok;
}
