import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// CI asks for a report by file name; everybody else reads the screen.
const report = process.env['SLIPWAY_TEST_REPORT'];

/** Minutes each: they begin first, so that no processor waits for the last of them. */
const LONG = [
  ...[
    'test/examples/programs',
    'test/contract/contract',
    'test/docs',
    'test/tools/sources',
    'scenarios/rover/caught',
    'test/hostile/hostile',
    'test/examples/ikc',
  ],
  ...[
    'test/tutorial/tutorial',
    'test/capture/real',
    'test/capture/replay',
    'test/outside/upper',
    'test/lab/conform',
    '/node-arm',
    'test/conformance/adapt/',
  ],
];
/** It makes the machine busy on purpose: nothing else runs beside it. */
const LOAD = 'test/conformance/load.test.ts';

/** The interpreter itself: a script that looks for it, as version managers have, takes ten times as long to start. */
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() ?? '';
const PATH = [...(python === '' ? [] : [dirname(python)]), process.env['PATH'] ?? ''].join(delimiter);

/** They change nothing that others see, and so share what they import: half of their time was importing. */
const PURE = ['host', 'trace', 'check', 'sim', 'impl', 'scenarios', 'viewer', 'conformance/report'].map(
  each => `test/${each}/**/*.test.ts`,
);

/** Tests of a protocol that is added to a copy of this package. */
const ADDED = 'test/outside/added/**';

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some(each => moduleId.includes(each));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter(file => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    globalSetup: 'test/support/build.ts',
    // Many of them wait for processes: one worker more than there are processors has something to do.
    maxWorkers: availableParallelism() + 1,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    env: { PATH },
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: [LOAD, ADDED, ...PURE] } },
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      { extends: true, test: { name: 'load', include: [LOAD], sequence: { groupOrder: 1 } } },
    ],
    // That one hangs: they share two processors with one another, and take five times as long on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
