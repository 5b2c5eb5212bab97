/**
 * `slipway/conformance`: suites: requirements and cases as data, and the runner that plays them.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export * from '../conformance/case.ts';
export * from '../conformance/decoders.ts';
export { type CaseDefinition, defineSuite, type StepDefinition, type SuiteDefinition } from '../conformance/define.ts';
export { simArm } from '../conformance/play/arm-sim.ts';
export type { Implementation } from '../conformance/play/peer.ts';
export { type Row, type Run, type RunOptions, runSuite } from '../conformance/run/runner.ts';
export type { Mutant, OwnImplementation, Suite } from '../conformance/suite.ts';
