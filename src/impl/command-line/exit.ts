/** How daemons end: what their exit codes mean. */

export const EXIT_CLEAN = 0;
export const EXIT_FAILURE = 1;
/** The command line is wrong. */
export const EXIT_USAGE = 2;
