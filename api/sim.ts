/**
 * `slipway/sim`: the deterministic world: machines, network, disks, and the faults that hit them.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */

export type { LinkParameters, LocalParameters, Schedule, WorldOptions } from '../src/sim/core/options.ts';
export { LINK_DEFAULTS, LOCAL_DEFAULTS } from '../src/sim/core/options.ts';
export * from '../src/sim/fault.ts';
export type { Machine, MachineOptions } from '../src/sim/machine.ts';
export { type RunEnd, World } from '../src/sim/world.ts';
