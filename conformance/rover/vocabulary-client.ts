/**
 * How the cases of a client are written: the tester is the server that it calls, and reads what it tells of its answers.
 */
import { type Duration, seconds } from '../../src/host/time.ts';
import type { Case, FieldPattern, Pattern, Step } from '../case.ts';
import { ENDS, expects, expectsIn, KILL, one, put, rowOf, setup } from './vocabulary.ts';

export * from './vocabulary.ts';

export const OPTIONS: readonly string[] = ['--server={address}', '--user=ann', '--host=laptop', '--auth=s3cret', '--state={dir}/state'];
const ONE_BY_ONE = '--window=1';
const started = (options: readonly string[], sends: readonly string[]): Step => ({
  verb: 'start',
  options: [...OPTIONS, ...options, ...sends.map(each => `--send=${each}`)],
});
/** It has this to send, one after the other. */
export const sends = (...texts: readonly string[]): Step => started([ONE_BY_ONE], texts);
/** As many at a time as it likes. */
export const sendsAll = (...texts: readonly string[]): Step => started([], texts);

/** Connections that it makes, in their order. */
export const C1 = 'c1';
export const C2 = 'c2';
export const C3 = 'c3';
export const C4 = 'c4';
export const C5 = 'c5';
export const CALLS: readonly string[] = [C1, C2, C3, C4, C5, 'c6', 'c7', 'c8'];
/** What it tells, in its first life and in the next. */
export const TOLD = 'stdout';
export const TOLD_AGAIN = 'stdout-2';

/** Between two attempts it may wait. */
const AGAIN: Duration = seconds(20);
export const request = (number: number, fields: Readonly<Record<string, FieldPattern>> = {}): Pattern => ({
  type: 'request',
  name: `request ${number}`,
  fields: { method: 'POST', number, ...fields },
});
/** It calls, and asks this. */
export const asked = (channel: string, message: Pattern): readonly Step[] => [
  { verb: 'expect-open', channel, within: AGAIN },
  expectsIn(AGAIN, channel, one(message)),
];
/** Where the case is about what comes then. */
export const wasAsked = (channel: string, message: Pattern): readonly Step[] => setup('it asks', ...asked(channel, message));

const RESULTS: Readonly<Record<number, readonly [reason: string, result: string]>> = {
  200: ['OK', 'done'],
  202: ['Accepted', 'held'],
  400: ['Bad Request', 'refused'],
  422: ['Unprocessable', 'failed'],
  503: ['Service Unavailable', 'busy'],
};
/** An answer of a server, with its own number for the one that it awaits. */
export function answerText(status: number, number: number, body = '', next: number = number): string {
  const [reason, result] = RESULTS[status] ?? ['', ''];
  const fields = ['Content-Type: text/plain', `Content-Length: ${body.length}`, `Rover-Result: ${result}`];
  const place = [`Rover-Message: ${number}`, `Rover-Next: ${next}`];
  return [`HTTP/1.0 ${status} ${reason}`, ...fields, ...place, '', body].join('\r\n');
}
export const says = (channel: string, text: string): readonly Step[] => [put(channel, text), { verb: 'close', channel }];
export const answersDone = (channel: string, number: number, body = ''): readonly Step[] =>
  says(channel, answerText(200, number, body, number + 1));

const told = (number: number, fields: Readonly<Record<string, FieldPattern>>): Pattern => ({
  type: 'told',
  name: `the answer of ${number}`,
  fields: { number, ...fields },
});
export const toldDone = (number: number, body: FieldPattern = ''): Pattern => told(number, { status: 200, result: 'done', body });
export const toldAs = (number: number, status: number, result: string): Pattern => told(number, { status, result });
export const tells = (...messages: readonly Pattern[]): Step => expects(TOLD, ...messages.map(one));

/** Its machine loses power, or it is killed: its queue is all that it has left. */
export const DIES: readonly Step[] = setup('it is killed', KILL, ENDS);
const OVER: readonly Step[] = setup('the implementation is killed', KILL, ENDS);

const row = rowOf('client', seconds(120));
export const clientCase = (name: string, title: string, shows: string, ...steps: readonly Step[]): Case =>
  row(name, title, shows, ...steps, ...OVER);
/** It ends by itself. */
export const endingCase = (name: string, title: string, shows: string, ...steps: readonly Step[]): Case =>
  row(name, title, shows, ...steps);
