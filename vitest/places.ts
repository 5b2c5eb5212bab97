/**
 * Where a test keeps what it finds (failures.ts), and what has to be typed to see it again.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { expect } from 'vitest';
import { commandLine } from '../conformance/report/commands.ts';
import { traceOf } from '../src/check/record.ts';
import type { RunResult } from '../src/check/run.ts';
import type { Scenario } from '../src/check/scenario.ts';
import { CONFIG_NAMES } from '../src/node/load.ts';
import { FAILURES, regressionsFile, traceFile, written } from './failures.ts';

export interface Places {
  readonly folder: string;
  readonly regressions: string;
  /** Options of `slipway` that name the module with the scenario; `undefined`: nobody said where it is. */
  readonly config: readonly string[] | undefined;
}

export function placesOf(
  { name }: Pick<Scenario, 'name'>,
  { folder = FAILURES, config }: { readonly folder?: string; readonly config?: string },
): Places {
  const found = CONFIG_NAMES.some(each => existsSync(each)) ? [] : undefined;
  return {
    folder,
    regressions: regressionsFile(folder, name),
    config: config === undefined ? found : ['--config', config],
  };
}

/** Lines that say where it is. A disk that takes no trace hides no failure. */
export function saveTrace(
  scenario: Pick<Scenario, 'name' | 'title'>,
  result: RunResult,
  property: string,
  places: Places,
): readonly string[] {
  const file = traceFile(places.folder, result.scenario, result.seed);
  const failed = written(file, [...traceOf(scenario, result, { kind: 'shrunk', property })].join(''));
  return [failed ?? `trace: ${file}`];
}

/** Where no module brings the scenario, the test itself: it tries the plan that failed first. */
export const replayLine = (scenario: Pick<Scenario, 'name'>, result: Pick<RunResult, 'seed'>, places: Places): string =>
  places.config === undefined
    ? testLine()
    : commandLine(['npx', 'slipway', 'replay', traceFile(places.folder, scenario.name, result.seed), ...places.config]);

export const sweepLine = ({ name }: Pick<Scenario, 'name'>, { config }: Places, from: number, to: number): string =>
  config === undefined ? testLine() : commandLine(['npx', 'slipway', 'run', name, '--seeds', `${from}..${to}`, ...config]);

function testLine(): string {
  const { testPath, currentTestName = '' } = expect.getState();
  const name = currentTestName.split(' > ').at(-1) ?? '';
  const file = testPath === undefined ? [] : [relative(process.cwd(), testPath)];
  return commandLine(['npx', 'vitest', 'run', ...file, '-t', name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]);
}
