/**
 * `slipway/conformance`: suites: requirements and cases as data, and the runner that plays them.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export { simArm } from '../conformance/arms/sim.ts';
export * from '../conformance/case.ts';
export * from '../conformance/decoders.ts';
export {
  type CaseDefinition,
  type ChannelDefinition,
  defineSuite,
  type RoleDefinition,
  type StepDefinition,
  type SuiteDefinition,
} from '../conformance/define.ts';
export * from '../conformance/dialogue.ts';
export type { Implementation } from '../conformance/peer.ts';
export { type Row, type Run, type RunOptions, runSuite } from '../conformance/run/runner.ts';
export type { Mutant, OwnImplementation, Suite } from '../conformance/suite.ts';
