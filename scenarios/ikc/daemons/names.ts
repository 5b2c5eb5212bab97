/**
 * Names of the programs that only these scenarios have.
 */

/** A peer that is not ours: it says what it is told to, and logs what it hears. */
export const PEER = 'ikc-peer';
/** Starts a program again that has failed, and tells it to end when its time has come. */
export const INIT = 'ikc-init';
/** Stores again what it is sent. */
export const MIRROR = 'ikc-mirror';
/** Has images stored again, and compares. */
export const STORER = 'ikc-storer';
/** Starts a program, and does not read all that it prints. */
export const READER = 'ikc-reader';
/** Has a kernel as a library. */
export const WATCHER = 'ikc-watcher';
