/**
 * Words that the cases of every suite are written in; what a protocol says stands in the vocabulary of its suite.
 */
import { type Duration, millis, seconds } from '../src/host/time.ts';
import type { Disturbance, ExpectedMessage, Pattern, Step } from './case.ts';

/** What nobody would call running, where no clause sets a time. */
export const WITHIN: Duration = seconds(5);
/** How long nothing has to happen before it counts as not happening. */
export const QUIET: Duration = millis(300);
export const OUT = 'stdout';
export const STDERR = 'stderr';

export const START: Step = { verb: 'start' };
export const KILL: Step = { verb: 'signal', signal: 'SIGKILL' };
export const TERM: Step = { verb: 'signal', signal: 'SIGTERM' };
export const HANG_UP: Step = { verb: 'signal', signal: 'SIGHUP' };
export const USR1: Step = { verb: 'signal', signal: 'SIGUSR1' };
export const ENDS: Step = { verb: 'expect-exit', within: WITHIN };
export const exits = (...codes: readonly number[]): Step => ({ verb: 'expect-exit', codes, within: WITHIN });

export const ANYTHING: Pattern = { type: '*', name: 'anything' };
export const one = (message: Pattern): ExpectedMessage => ({ message, times: 'one' });
export const optional = (message: Pattern): ExpectedMessage => ({ message, times: 'optional' });
export const any = (message: Pattern): ExpectedMessage => ({ message, times: 'any' });
export const some = (message: Pattern): ExpectedMessage => ({ message, times: 'some' });

/** These, one after the other, and none between them. */
export const expects = (channel: string, ...items: readonly ExpectedMessage[]): Step => expectsIn(WITHIN, channel, ...items);
export const expectsIn = (within: Duration, channel: string, ...items: readonly ExpectedMessage[]): Step => ({
  verb: 'expect-sequence',
  channel,
  items,
  within,
});
/** These and then the end of the channel. */
export const expectsLast = (channel: string, ...items: readonly ExpectedMessage[]): Step => expectsLastIn(WITHIN, channel, ...items);
export const expectsLastIn = (within: Duration, channel: string, ...items: readonly ExpectedMessage[]): Step => ({
  verb: 'expect-sequence',
  channel,
  items,
  thenEof: true,
  within,
});
export const among = (channel: string, message: Pattern): Step => ({ verb: 'expect-among', channel, message, within: WITHIN });
/** Among all that was said on the channel so far. */
export const counted = (channel: string, message: Pattern, least: number, most: number): Step => ({
  verb: 'expect-count',
  channel,
  message,
  least,
  most,
});
export const never = (channel: string, message: Pattern): Step => counted(channel, message, 0, 0);
export const once = (channel: string, message: Pattern): Step => counted(channel, message, 1, 1);
export const quiet = (lasting: Duration, ...channels: readonly string[]): Step => ({ verb: 'expect-silence', channels, lasting });
export const silent = (...channels: readonly string[]): Step => quiet(QUIET, ...channels);

export const disturb = (channel: string, fault: Disturbance): Step => ({ verb: 'disturb', channel, fault });
/** What the tester says comes a byte at a time. */
export const bytewise = (channel: string): Step => disturb(channel, { kind: 'split', bytes: 1, gap: millis(5) });

export const citing = (cites: string, step: Step): Step => ({ ...step, cites });
/** What these steps only prepare. Where one of them fails, nothing is said of what the case is about. */
export const setup = (name: string, ...steps: readonly Step[]): readonly Step[] => steps.map(step => ({ ...step, setup: name }));
