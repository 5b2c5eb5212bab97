/**
 * Names of the programs that only these scenarios have.
 */

/** Looks at the records again and again, and says what it makes of them. */
export const READER = 'rwho-reader';
/** Sends what nobody should, and signals. */
export const FORGER = 'rwho-forger';
/** Says what networks its machine is on. */
export const WAYS = 'rwho-ways';
/** Says who is logged in on its machine. */
export const WITNESS = 'rwho-witness';
/** Many hosts that only tell. */
export const CROWD = 'rwho-crowd';
/** Somebody types commands, and reads what they print. */
export const TERMINAL = 'rwho-terminal';
