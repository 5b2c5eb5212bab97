/**
 * The bounds of a trace on disk, by name: what a writer keeps to and a reader insists on.
 * Lacks: policy; the reader in decode.ts says what happens when one is passed.
 */

/** Events between two checkpoint lines. */
export const CHECKPOINT_INTERVAL = 1024;
/** Bytes of one line with its newline. Room for a payload of 4 MiB and the plan of a long run; one line is held in memory whole. */
export const LINE_LIMIT = 16_777_216;
/** Payload bytes written of one event; what is longer is cut and its true length kept. Two digits a byte stay well below LINE_LIMIT. */
export const RAW_LIMIT = 4_194_304;
/** Objects and lists inside each other. An event needs 2; a plan is written by hand and hardly needs 10. */
export const NESTING_LIMIT = 64;
/** Events that `readTrace` keeps in memory, some 300 bytes each. */
export const EVENT_LIMIT = 2_000_000;
/** Problems reported before a reader gives up: by then the file is something else. */
export const PROBLEM_LIMIT = 100;
