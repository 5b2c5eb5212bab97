/** How the programs end: sysexits.h. */

/** EX_SOFTWARE: a fatalError. */
export const EXIT_FATAL = 70;
/** EX_NOPERM: the kernel does not let it become another user. */
export const EXIT_NO_PERMISSION = 77;
/** EX_CONFIG: the log is not to be used, or cannot be. */
export const EXIT_LOG = 78;
