/**
 * Which of a published source's doings are ours, by a name that plans, scenarios and command lines share.
 * Lacks: the traps themselves, which every protocol has as a table.
 */

/** corrected: what the published sources get wrong is put right (the default). as-written: done as they say. */
export const PROFILES = ['corrected', 'as-written'] as const;
export type Profile = (typeof PROFILES)[number];
