/**
 * What the tester writes into the log for the judge: labels, each with its fields. With the crossings of the Host they are
 * all that a verdict follows from.
 */

import type { EventData } from '../../src/host/event.ts';
import type { Settings } from '../peer.ts';

/** `attach`, `timer` and `open` are of the crossing that follows the note. */
export const NOTE = {
  attach: 'case-attach', // channel
  /** Of the UDP socket that is bound next. */
  bind: 'case-bind', // channel
  begin: 'case-begin', // at, port [, timeScale, patience] [, set.NAME …]
  step: 'case-step', // step, verb
  filled: 'case-filled',
  /**
   * awaits: it is not ready yet; attached: it was there before us, and there is no pid; forks: its end is told by `gone`, and not by
   * the end of our child.
   */
  started: 'case-started', // pid [, awaits] [, forks] | attached
  /** Of one that forks: the process that signals go to from here on. */
  main: 'case-main', // pid, by
  /** That process has ended. Without a code and a signal: nobody told us how. */
  gone: 'case-gone', // pid [, code | signal]
  notStarted: 'case-not-started', // code
  ready: 'case-ready', // by
  notReady: 'case-not-ready', // why
  armed: 'case-armed', // step
  deadline: 'case-deadline',
  /** Before a deadline that is over: the computer had no time for it. Microseconds. */
  starved: 'case-starved', // lag, waited, stalled
  /** The same: the tester did not read the channel all the time. */
  withheld: 'case-withheld', // channel
  /** What was sent on a channel that is disturbed has left, or never will. */
  delivered: 'case-delivered', // channel
  /** A fault of the channel has broken it. */
  broke: 'case-broke', // channel, how
  connect: 'case-connect',
  dial: 'case-dial', // channel
  file: 'case-file', // path, there, text
  /** hex: where it is there. */
  content: 'case-content', // path, channel, there, hex
  asked: 'case-asked', // reader, channel
  report: 'case-report', // channel, text
  verdict: 'case-verdict', // verdict
} as const;

const SET = 'set.';
/** Settings as fields of a note, and back. */
export const noted = (settings: Settings): EventData =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [SET + name, value]));
export const settingsOf = (data: EventData): Settings =>
  Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => (name.startsWith(SET) ? [[name.slice(SET.length), String(value)]] : [])),
  );
