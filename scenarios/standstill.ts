/**
 * Faults amid which a process may stand still, so that it is late and nothing is wrong with it. One that strikes at a single call may be a
 * pause; the trace does not say what struck.
 */
export const STANDSTILLS: readonly unknown[] = ['pause', 'slow-sync', 'strike'];
