/**
 * Which variant of the programs a run has, by its name. corrected: the one that must hold (the default). as-written, of our protocols:
 * what the published sources get wrong is done as they say. A scenario may have others, each broken in a way that has to be seen.
 * Lacks: what a variant does.
 */
export type Profile = string;

/** What `slipway run --profile` takes whatever scenario is meant. */
export const PROFILES: readonly Profile[] = ['corrected', 'as-written'];
