/**
 * `slipway/host`: the contract that every daemon stands on, and the values that cross it.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export * from '../src/host/address.ts';
export * from '../src/host/bytes.ts';
export * from '../src/host/host.ts';
export * from '../src/host/logs.ts';
export * from '../src/host/result.ts';
export * from '../src/host/signal.ts';
export * from '../src/host/time.ts';
