/**
 * `slipway/node`: the real Host, and real implementations as processes of their own.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export { type NodeArmOptions, nodeArm } from '../conformance/arms/node/arm.ts';
export { createNodeHost } from '../src/node/host.ts';
