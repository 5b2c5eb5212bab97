/**
 * The words that the cases of both roles are written in: messages of the event pipe by name, and common steps.
 */
import type { Duration } from '../../src/host/time.ts';
import { seconds } from '../../src/host/time.ts';
import type { FieldPattern, Pattern, Step } from '../case.ts';

export * from '../steps.ts';

export const EVENTS = 'events';
export const CONTROL = 'control';
export const REPORT = 'report';

export const DEADLINE: Duration = seconds(20);

const lifetime = (name: string, fields: Readonly<Record<string, FieldPattern>>): Pattern => ({ type: 'lifetimeevent', fields, name });

export const START_DATABASE: Pattern = lifetime('about to start the block database', { kind: 0, id: 0 });
/** Of either table: 1 by the constants, 2 (after the ticket database, 1) by the comment. One case insists on the constants. */
export const START_SERVER: Pattern = lifetime('about to start the P2P server', { kind: 0, id: { oneOf: [1, 2] } });
export const COMPLETE: Pattern = lifetime('start-up complete', { kind: 1 });
export const STOP_SERVER: Pattern = lifetime('about to stop the P2P server', { kind: 2, id: { oneOf: [1, 2] } });
export const STOP_DATABASE: Pattern = lifetime('about to stop the block database', { kind: 2, id: 0 });
export const ANY_STOP: Pattern = lifetime('about to stop something', { kind: 2 });
export const ANY_LIFETIME: Pattern = lifetime('a lifetime event', {});
export const P2P_ADDRESS: Pattern = { type: 'p2plistenaddr', name: 'a P2P listener' };
export const RPC_ADDRESS: Pattern = { type: 'rpclistenaddr', name: 'an RPC listener' };
/** Of either type: whatever has the field. */
export const ANY_ADDRESS: Pattern = { type: '*', fields: { address: { form: 'any' } }, name: 'an address' };
export const ANYTHING: Pattern = { type: '*', name: 'any message' };

export const withField = (pattern: Pattern, name: string, want: FieldPattern): Pattern => ({
  ...pattern,
  fields: { ...pattern.fields, [name]: want },
});

export const CLOSE_CONTROL: Step = { verb: 'close', channel: CONTROL };
export const someOf = (channel: string, message: Pattern): Step => ({ verb: 'expect-count', channel, message, least: 1 });
/** Of all that was sent so far. */
export const onlyAfter = (after: Pattern, before: Pattern, channel: string): Step => ({ verb: 'expect-order', channel, before, after });
export const onlyBefore = (before: Pattern, after: Pattern, channel: string): Step => ({
  verb: 'expect-order',
  channel,
  before,
  after,
  every: true,
});
