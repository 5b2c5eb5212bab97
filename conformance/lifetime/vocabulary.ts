/**
 * The words that the cases of both roles are written in: messages of the event pipe by name, and common steps.
 * May import: host, case.ts.
 */
import type { Duration } from '../../src/host/time.ts';
import { millis, seconds } from '../../src/host/time.ts';
import type { Expected, Pattern, Step, Want } from '../case.ts';

export const EVENTS = 'events';
export const CONTROL = 'control';
export const OUT = 'stdout';
export const REPORT = 'report';

/** How long a step may take: no clause sets a time, so this is only what nobody would call running. */
export const WITHIN: Duration = seconds(5);
export const DEADLINE: Duration = seconds(20);
/** How long nothing has to happen before it counts as not happening. */
export const QUIET: Duration = millis(300);

const lifetime = (name: string, fields: Readonly<Record<string, Want>>): Pattern => ({ type: 'lifetimeevent', fields, name });

export const START_DATABASE: Pattern = lifetime('about to start the block database', { kind: 0, id: 0 });
/** Of either table: 1 by the constants, 2 (after the ticket database, 1) by the comment. One case insists on the constants. */
export const START_SERVER: Pattern = lifetime('about to start the P2P server', { kind: 0, id: { oneOf: [1, 2] } });
export const COMPLETE: Pattern = lifetime('start-up complete', { kind: 1 });
export const STOP_SERVER: Pattern = lifetime('about to stop the P2P server', { kind: 2, id: { oneOf: [1, 2] } });
export const STOP_DATABASE: Pattern = lifetime('about to stop the block database', { kind: 2, id: 0 });
export const ANY_START: Pattern = lifetime('about to start something', { kind: 0 });
export const ANY_STOP: Pattern = lifetime('about to stop something', { kind: 2 });
export const ANY_LIFETIME: Pattern = lifetime('a lifetime event', {});
export const P2P_ADDRESS: Pattern = { type: 'p2plistenaddr', name: 'a P2P listener' };
export const RPC_ADDRESS: Pattern = { type: 'rpclistenaddr', name: 'an RPC listener' };
/** Of either type: whatever has the field. */
export const ANY_ADDRESS: Pattern = { type: '*', fields: { address: { form: 'any' } }, name: 'an address' };
export const ANYTHING: Pattern = { type: '*', name: 'any message' };

export const withField = (pattern: Pattern, name: string, want: Want): Pattern => ({
  ...pattern,
  fields: { ...pattern.fields, [name]: want },
});

export const one = (message: Pattern): Expected => ({ message, times: 'one' });
export const optional = (message: Pattern): Expected => ({ message, times: 'optional' });
export const any = (message: Pattern): Expected => ({ message, times: 'any' });
export const some = (message: Pattern): Expected => ({ message, times: 'some' });

export const expects = (channel: string, ...items: readonly Expected[]): Step => ({
  verb: 'expect-sequence',
  channel,
  items,
  within: WITHIN,
});
/** These and then the end of the channel. */
export const expectsLast = (channel: string, ...items: readonly Expected[]): Step => ({
  verb: 'expect-sequence',
  channel,
  items,
  thenEof: true,
  within: WITHIN,
});
export const exits = (...codes: readonly number[]): Step => ({ verb: 'expect-exit', codes, within: WITHIN });
export const ENDS: Step = { verb: 'expect-exit', within: WITHIN };
export const START: Step = { verb: 'start' };
export const KILL: Step = { verb: 'signal', signal: 'SIGKILL' };
export const CLOSE_CONTROL: Step = { verb: 'close', channel: CONTROL };
export const silence = (...channels: readonly string[]): Step => ({ verb: 'expect-silence', channels, lasting: QUIET });
export const none = (message: Pattern, channel: string): Step => ({ verb: 'expect-count', channel, message, least: 0, most: 0 });
export const someOf = (message: Pattern, channel: string): Step => ({ verb: 'expect-count', channel, message, least: 1 });
export const among = (channel: string, message: Pattern): Step => ({ verb: 'expect-among', channel, message, within: WITHIN });
/** Of all that was sent so far. */
export const onlyAfter = (after: Pattern, before: Pattern, channel: string): Step => ({ verb: 'expect-order', channel, before, after });
export const onlyBefore = (before: Pattern, after: Pattern, channel: string): Step => ({
  verb: 'expect-order',
  channel,
  before,
  after,
  every: true,
});
export const once = (message: Pattern, channel: string): Step => ({ verb: 'expect-count', channel, message, least: 1, most: 1 });
export const citing = (cites: string, step: Step): Step => ({ ...step, cites });
