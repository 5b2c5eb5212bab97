/**
 * The words that the cases of both roles are written in.
 */
import type { Duration } from '../../src/host/time.ts';
import { seconds } from '../../src/host/time.ts';
import type { ExpectedMessage, FieldPattern, Pattern, Save, Step } from '../case.ts';
import { ANYTHING, among, any, ENDS, expects, expectsIn, expectsLastIn, KILL, one, setup, WITHIN } from '../steps.ts';

export * from '../steps.ts';

/** Connections that the tester makes, or is called on. */
export const A = 'a';
export const B = 'b';
export const C = 'c';
export const CONNECTIONS: readonly string[] = [A, B, C];

/** What the tester calls itself on a connection: the id of its kernel, its name, an alias. */
export interface Names {
  readonly me: string;
  readonly 'my-name': string;
  readonly 'my-alias': string;
  /** The id on another connection. */
  readonly other: string;
}
const idOf = (channel: string): string => `tester-6b02241d-000059c8-0000000${CONNECTIONS.indexOf(channel) + 1}`;
export const namesOf = (channel: string): Names => ({
  me: idOf(channel),
  'my-name': `Tester${channel.toUpperCase()}`,
  'my-alias': `Alias${channel.toUpperCase()}`,
  other: idOf(channel === B ? A : B),
});

/** Where the id of the kernel under test is kept, once it has told it. */
export const KERNEL = 'kernel';

export const DEADLINE: Duration = seconds(60);
/** Every case ends like this: what happens at an orderly end has cases of its own. */
export const OVER: readonly Step[] = setup('the implementation is killed', KILL, ENDS);

// ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const quoted = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
export const line = (text: string): Pattern => ({ type: '*', fields: { text }, name: `the line '${quoted(text)}'` });
/** Any line that tells a name. */
export const A_NAME: Pattern = { type: 'iam', name: 'IAM and a name' };
const toExpected = (each: Pattern | string): ExpectedMessage => one(typeof each === 'string' ? line(each) : each);
/** These, one after the other, and nothing between them. */
export const hears = (channel: string, ...items: readonly (Pattern | string)[]): Step => expects(channel, ...items.map(toExpected));
export const hearsIn = (within: Duration, channel: string, ...items: readonly (Pattern | string)[]): Step =>
  expectsIn(within, channel, ...items.map(toExpected));
/** These, and then the end of the connection. */
export const hearsLast = (channel: string, ...items: readonly (Pattern | string)[]): Step =>
  expectsLastIn(WITHIN, channel, ...items.map(toExpected));
/** The connection ends, whatever is still said on it. */
export const ends = (channel: string, within: Duration = WITHIN): Step => expectsLastIn(within, channel, any(ANYTHING));
/** A name, kept. */
export const keepsName = (channel: string, as: string): Step => expects(channel, { ...one(A_NAME), save: { field: 'name', as } });
/** Bytes as they are, but for the frames in them (frames.ts). */
export const put = (channel: string, text: string, repeat = 1): Step => ({ verb: 'say', channel, text, repeat });
export const say = (channel: string, ...lines: readonly string[]): Step => put(channel, lines.map(text => `${text}\r\n`).join(''));
/** What is said, and what is heard of it before anything else. */
export const asks = (channel: string, text: string, ...items: readonly (Pattern | string)[]): readonly Step[] => [
  say(channel, text),
  hears(channel, ...items),
];
export const close = (channel: string): Step => ({ verb: 'close', channel });
/** It ends its side, and has been seen to be gone when the other side ends. */
export const leaves = (channel: string): readonly Step[] => [{ verb: 'half-close', channel }, ends(channel)];
export const calls = (channel: string): Step => ({ verb: 'dial', channel, to: { tcp: 'port' }, within: WITHIN });

// ── frames ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const sends = (channel: string, ...names: readonly string[]): Step => put(channel, names.map(name => `<<${name}>>`).join(''));
export const request = (name: string, fields: Readonly<Record<string, FieldPattern>>): Pattern => ({ type: 'frame', fields, name });
/** To the state of the tester that the request named. */
export const answer = (state: string, params: FieldPattern, fields: Readonly<Record<string, FieldPattern>> = {}): Pattern =>
  request(`the answer to ${state}`, { 'event-session': 'caller', 'event-state': state, params, ...fields });
export const PONG: Pattern = answer('pong', '"PONG"');
export const pong = (number: number): Pattern => answer(`pong${number}`, '"PONG"');
export const error = (fields: Readonly<Record<string, FieldPattern>> = {}): Pattern =>
  request('a remote error', { 'event-session': 'IKC', 'event-state': 'remote_error', error: true, ...fields });
export const ERROR: Pattern = error();
export const keepsFields = (channel: string, message: Pattern, ...save: readonly Save[]): Step =>
  expects(channel, { ...one(message), save });
/** Answers ping, and nothing comes before that. */
export const pings = (channel: string): readonly Step[] => [sends(channel, 'ping'), hears(channel, PONG)];
/** The same, whatever else is said before. */
export const stillPings = (channel: string): readonly Step[] => [sends(channel, 'ping'), among(channel, PONG)];
