/**
 * `slipway/vitest`: sweeps, suites and traces in tests of vitest. Importing it adds the matchers to `expect`.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export { planArbitrary } from '../src/check/plans.ts';
export { runPlan, runSeed } from '../src/check/run.ts';
export { type CapturedOptions, capturedTest } from '../vitest/captured-test.ts';
export type { EventPattern, Traced, TraceMatchers } from '../vitest/matchers.ts';
export { type SimTestOptions, SimulationFailure, simTest, simulate } from '../vitest/sim-test.ts';
export { suiteTests } from '../vitest/suite-tests.ts';

import '../vitest/matchers.ts';
