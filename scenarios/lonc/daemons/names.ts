/**
 * Names of the programs that only these scenarios have.
 */

/** Writes the files of a machine, then becomes the program it was told to be. */
export const SETUP = 'lonc-setup';
/** A local program that asks a gateway child. */
export const CLIENT = 'lonc-client';
/** Another one, with a series of questions. */
export const ASKER = 'lonc-asker';
/** Leaves messages in files, as the library does when a request was not answered. */
export const KEEPER = 'lonc-keeper';
/** A lond that does what ours never would. */
export const OTHER_LOND = 'other-lond';
/** A local program that uses our library. */
export const LIBRARY = 'lonc-library';
/** Calls a lond, and has nothing of our gateway. */
export const CALLER = 'lonc-caller';
/** Sends signals. */
export const OPERATOR = 'lonc-operator';

/** Has the socket of a gateway child, and answers as it likes. */
export const ANSWERING = 'lonc-answering';

/** What a child says first that is not ours and has the name of one: what ours must do it need not. */
export const NOT_OURS = 'not-ours';

/** Whose requests are to be answered. */
export const LOCAL_PROGRAMS: readonly string[] = [CLIENT, ASKER];
