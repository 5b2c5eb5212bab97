/**
 * Names of the programs that only scenarios have.
 */

/** Writes files, then becomes the program it was told to be. */
export const SETUP = 'lifetime-setup';
/** A parent that is not ours: deaf, hasty, or with other descriptors. */
export const OTHER_PARENT = 'other-parent';
/** Fills a pipe. */
export const FILLER = 'pipe-filler';
/** Reads what a parent observes, and not at once. */
export const OBSERVER = 'observer';
/** Sends signals, as an operator does. */
export const SIGNALLER = 'signaller';
/** A child that does not keep to the protocol. */
export const HOSTILE_CHILD = 'hostile-child';
