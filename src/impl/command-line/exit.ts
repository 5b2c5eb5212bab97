/** How daemons end: what their exit codes mean. */

export const EXIT_CLEAN = 0;
export const EXIT_FAILURE = 1;
/** The command line is wrong. */
export const EXIT_USAGE = 2;
/** sysexits.h EX_TEMPFAIL: there was something short that may be there the next time. */
export const EXIT_TEMPFAIL = 75;
