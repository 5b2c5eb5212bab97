/**
 * The words that the cases of all roles are written in: requests, and what is awaited of their answers.
 */
import type { Duration } from '../../src/host/time.ts';
import { seconds } from '../../src/host/time.ts';
import type { Case, FieldPattern, Pattern, Step } from '../case.ts';
import { ANYTHING, any, expects, expectsIn, expectsLast, expectsLastIn, one, WITHIN } from '../steps.ts';

export * from '../steps.ts';

/** What the text of a fatal error has in it, to be found on standard error. */
export const MARK = 'deliberate-end-7f3a';

// ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Pairs = Readonly<Record<string, string>>;
const BODY = 'application/x-www-form-urlencoded';

/** Letters, digits and - . _ as they are, a blank as +, every other byte as %XX. */
export const escaped = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()*~]/g, each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
export const form = (pairs: Pairs): string =>
  Object.entries(pairs)
    .map(([token, value]) => `${token}=${escaped(value)}`)
    .join('&');

/** Lines of a header that stand in place of those of the same name, or are left out. */
export type Fields = Readonly<Record<string, string | undefined>>;
export const post = (body: string, fields: Fields = {}, start = 'POST /rover HTTP/1.0'): string => {
  const all: Fields = { 'Content-Type': BODY, 'Content-Length': String(body.length), ...fields };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [start, ...lines, '', body].join('\r\n');
};

/** Who asks; `ann` and `bob` are in the file of users. */
export const ANN: Pairs = { USER: 'ann', HOST: 'laptop', AUTH: 's3cret' };
export const BOB: Pairs = { USER: 'bob', HOST: 'desk', AUTH: 'hunter2' };
export const NOBODY: Pairs = { USER: 'nobody', HOST: 'kiosk' };

export const CARDS = 'Irolo__work';
/** `importing(1)`: what the request with number 1 of a stream asks. */
export const importing = (number: number, who: Pairs = NOBODY): Pairs => ({
  ...who,
  MSGID: String(number),
  COMMAND: 'IMPORTDATA',
  OBJECT: CARDS,
});
export const exporting = (number: number, data: string, who: Pairs = ANN): Pairs => ({
  ...who,
  MSGID: String(number),
  COMMAND: 'EXPORT',
  OBJECT: CARDS,
  DATA: data,
});
export const testing = (number: number, command: string, data: string, who: Pairs = NOBODY): Pairs => ({
  ...who,
  MSGID: String(number),
  COMMAND: command,
  DATA: data,
});

// ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const answer = (name: string, fields: Readonly<Record<string, FieldPattern>>): Pattern => ({ type: 'answer', name, fields });
export const DONE: Pattern = answer('that it is done', { done: true });
export const done = (text: FieldPattern): Pattern => answer('that it is done, with its result', { done: true, text });
/** With a text of these lines: the last may be ended or not. */
export const doneLines = (...lines: readonly string[]): Pattern => done({ oneOf: [lines.join('\n'), `${lines.join('\n')}\n`] });
export const NOT_DONE: Pattern = answer('that it is not done', { done: false });
export const HELD: Pattern = answer('that it is held', { held: true });
export const status = (code: number, fields: Readonly<Record<string, FieldPattern>> = {}): Pattern =>
  answer(`the status ${code}`, { status: code, ...fields });

export const hearsIn = (within: Duration, channel: string, message: Pattern): Step => expectsIn(within, channel, one(message));
export const hears = (channel: string, message: Pattern): Step => expects(channel, one(message));
/** And then the end of the connection. */
export const hearsLast = (channel: string, message: Pattern): Step => expectsLast(channel, one(message));
/** The connection ends, whatever is said on it. */
export const ends = (channel: string, within: Duration = WITHIN): Step => expectsLastIn(within, channel, any(ANYTHING));

export const put = (channel: string, text: string, repeat = 1): Step => ({ verb: 'say', channel, text, repeat });

export const rowOf =
  (role: string, deadline: Duration = seconds(60)) =>
  (name: string, title: string, shows: string, ...steps: readonly Step[]): Case => ({
    rev: 1,
    role,
    deadline,
    id: `rover.${role}.${name}`,
    title,
    requirements: shows.split(' ').map(each => `rover.${role}.${each}`),
    steps,
  });
/** With one thing wrong that another case has right. */
export const deviating = (twin: string, deviation: string, testCase: Case): Case => ({
  ...testCase,
  twin: `rover.${testCase.role}.${twin}`,
  deviation,
});
export const needing = (claims: string, testCase: Case): Case => ({ ...testCase, needs: claims.split(' ') });
