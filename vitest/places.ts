/**
 * Where what is kept of a failure lies, and what has to be typed to see it again.
 *   FOLDER/upper/exchange.json       plans that failed once, to be committed (regressions.ts)
 *   FOLDER/upper/exchange@7.jsonl    the trace of the failure of seed 7
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'vitest';
import { commandLine } from '../conformance/report/commands.ts';
import { traceOf } from '../src/check/record.ts';
import type { RunResult } from '../src/check/run.ts';
import type { Scenario } from '../src/check/scenario.ts';
import { codeOf } from '../src/node/errors.ts';
import { CONFIG_NAMES } from '../src/node/load.ts';

export interface Places {
  readonly folder: string;
  readonly regressions: string;
  /** Options of `slipway` that name the module with the scenario; `undefined`: nobody said where it is. */
  readonly config: readonly string[] | undefined;
}

export function placesOf(
  { name }: Pick<Scenario, 'name'>,
  { folder = 'slipway-failures', config }: { readonly folder?: string; readonly config?: string },
): Places {
  const found = CONFIG_NAMES.some(each => existsSync(each)) ? [] : undefined;
  return {
    folder,
    regressions: `${join(folder, ...name.split('/'))}.json`,
    config: config === undefined ? found : ['--config', config],
  };
}

const traceFile = ({ folder }: Places, { scenario, seed }: Pick<RunResult, 'scenario' | 'seed'>): string =>
  join(folder, ...`${scenario}@${seed}.jsonl`.split('/'));

/** Lines that say where it is. A disk that takes no trace hides no failure. */
export function saveTrace(
  scenario: Pick<Scenario, 'name' | 'title'>,
  result: RunResult,
  property: string,
  places: Places,
): readonly string[] {
  const file = traceFile(places, result);
  const failed = written(file, [...traceOf(scenario, result, { kind: 'shrunk', property })].join(''));
  return [failed ?? `trace: ${file}`];
}

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

/** Where no module brings the scenario, the test itself: it tries the plan that failed first. */
export const replayLine = (scenario: Pick<Scenario, 'name'>, result: Pick<RunResult, 'seed'>, places: Places): string =>
  places.config === undefined
    ? testLine()
    : commandLine(['npx', 'slipway', 'replay', traceFile(places, { scenario: scenario.name, seed: result.seed }), ...places.config]);

export const sweepLine = ({ name }: Pick<Scenario, 'name'>, { config }: Places, from: number, to: number): string =>
  config === undefined ? testLine() : commandLine(['npx', 'slipway', 'run', name, '--seeds', `${from}..${to}`, ...config]);

function testLine(): string {
  const { testPath, currentTestName = '' } = expect.getState();
  const name = currentTestName.split(' > ').at(-1) ?? '';
  const file = testPath === undefined ? [] : [relative(process.cwd(), testPath)];
  return commandLine(['npx', 'vitest', 'run', ...file, '-t', name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]);
}
