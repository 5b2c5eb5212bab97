import { defineConfig } from 'vitest/config';

// CI asks for a report by file name; everybody else reads the screen.
const report = process.env['SLIPWAY_TEST_REPORT'];

export default defineConfig({
  test: {
    globalSetup: 'test/support/build.ts',
    include: ['test/**/*.test.ts'],
    // Many of them wait for processes: one worker for each core, the main thread has little to do.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
