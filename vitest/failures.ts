/**
 * Where what is kept of a failure lies, of a test as of `slipway sweep`.
 *   FOLDER/upper/exchange.json       plans that failed once, to be committed (regressions.ts)
 *   FOLDER/upper/exchange@7.jsonl    the trace of a failure: that of seed 7, or of a signature (src/check/signature.ts)
 * Lacks: vitest, which the command has not.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../src/node/errors.ts';

/** Where nobody names another. */
export const FAILURES = 'slipway-failures';

export const regressionsFile = (folder: string, scenario: string): string => `${join(folder, ...scenario.split('/'))}.json`;

/** `which`: the seed, or the id of a signature. */
export const traceFile = (folder: string, scenario: string, which: number | string): string =>
  join(folder, ...`${scenario}@${which}.jsonl`.split('/'));

/** Makes the folder as well. What kept it from being written, if anything did. */
export function written(file: string, text: string): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return undefined;
  } catch (thrown) {
    return `${file}: cannot be written: ${codeOf(thrown)}`;
  }
}
