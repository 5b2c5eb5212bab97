/**
 * The words that the cases of the three roles are written in.
 */
import type { Duration } from '../../src/host/time.ts';
import { seconds } from '../../src/host/time.ts';
import type { ExpectedMessage, Pattern, Step } from '../case.ts';
import { ANYTHING, any, ENDS, expects, expectsIn, expectsLastIn, KILL, one, START, setup, WITHIN } from '../steps.ts';
import { BUILD_KEY } from './channels.ts';

export * from '../steps.ts';

/** Connections of the gateway to the tester, in order. */
export const LOND = 'lond';
export const LOND2 = 'lond2';
export const CONNECTIONS: readonly string[] = ['lond', 'lond2', 'lond3', 'lond4', 'lond5', 'lond6', 'lond7', 'lond8'];
/** Local clients of the gateway, and callers of a lond: connections that the tester makes. */
export const A = 'a';
export const B = 'b';
export const C = 'c';

/** Host ids: of the lond, and of the gateway. */
export const SERVER = 'srv1';
export const CLIENT = 'cli1';
/** With these ids it gives a key whose blocks are published. */
export const KEY_LINE = '12345ABCDEF7890ABCDEF01234';
export const CHALLENGE = '100861774300123';

/** More than the pause before `pong`. */
export const SETTLING: Duration = seconds(12);
export const DEADLINE: Duration = seconds(40);

/** At least as long as a gateway waits for the answer to its farewell. */
export const LEAVING: Duration = seconds(20);

/** Every case ends like this: what happens at an orderly end has cases of its own. */
export const OVER: readonly Step[] = setup('the implementation is killed', KILL, ENDS);

const quoted = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
export const line = (text: string): Pattern => ({ type: 'line', fields: { text }, name: `the line '${quoted(text)}'` });
export const ANY_LINE: Pattern = { type: 'line', name: 'a line' };
export const begins = (text: string): Pattern => ({
  type: 'line',
  fields: { text: { begins: text } },
  name: `a line that begins with '${quoted(text)}'`,
});
export const lineOfLength = (length: number): Pattern => ({ type: 'line', fields: { length }, name: `a line of ${length} bytes` });
export const oneOf = (...texts: readonly string[]): Pattern => ({
  type: 'line',
  fields: { text: { oneOf: texts } },
  name: `one of the lines ${texts.map(quoted).join(', ')}`,
});
export const sealedText = (text: string): Pattern => ({ type: 'enc', fields: { text }, name: `'${quoted(text)}', encrypted` });

const toExpected = (each: Pattern | string): ExpectedMessage => one(typeof each === 'string' ? line(each) : each);
/** These lines, one after the other, and none between them. */
export const hears = (channel: string, ...items: readonly (Pattern | string)[]): Step => hearsIn(WITHIN, channel, ...items);
export const hearsIn = (within: Duration, channel: string, ...items: readonly (Pattern | string)[]): Step =>
  expectsIn(within, channel, ...items.map(toExpected));
/** These lines, and then the end of the channel. */
export const hearsLast = (channel: string, ...items: readonly (Pattern | string)[]): Step => hearsLastIn(WITHIN, channel, ...items);
export const hearsLastIn = (within: Duration, channel: string, ...items: readonly (Pattern | string)[]): Step =>
  expectsLastIn(within, channel, ...items.map(toExpected));
/** The channel ends, whatever is still said on it. */
export const ends = (channel: string, within: Duration = WITHIN): Step => expectsLastIn(within, channel, any(ANYTHING));
/** One line, kept under a name. */
export const keeps = (channel: string, as: string): Step => expects(channel, { ...one(ANY_LINE), save: { field: 'text', as } });
/** A line, ended. */
export const say = (channel: string, text: string): Step => ({ verb: 'say', channel, text: `${text}\n` });
/** Bytes as they are. */
export const put = (channel: string, text: string, repeat = 1): Step => ({ verb: 'say', channel, text, repeat });
export const close = (channel: string): Step => ({ verb: 'close', channel });
export const opens = (channel: string, within: Duration = WITHIN): Step => ({ verb: 'expect-open', channel, within });
export const place = (path: string, text: string): Step => ({ verb: 'place', path, text });
export const fileHas = (path: string, contains: string): Step => ({ verb: 'expect-file', path, contains, within: WITHIN });
export const noFile = (path: string): Step => ({ verb: 'expect-file', path, within: WITHIN });

// ── the dialogue of a gateway, played by the tester as its lond ─────────────────────────────────────────────────────

export const SOCKET = 'sock/srv1';
/** A local client connects. */
export const joins = (channel: string, path: string = SOCKET): Step => ({ verb: 'dial', channel, to: { unix: path }, within: SETTLING });
export const turnsAway = (path: string = SOCKET): Step => ({ verb: 'expect-refused', to: { unix: path }, within: WITHIN });

export const greets = (channel: string): readonly Step[] => [opens(channel), hears(channel, 'init')];
export const admits = (channel: string): readonly Step[] => [
  ...greets(channel),
  say(channel, CHALLENGE),
  hears(channel, CHALLENGE),
  say(channel, 'ok'),
];
export const ponged = (channel: string): readonly Step[] => [
  ...admits(channel),
  hearsIn(SETTLING, channel, 'pong'),
  say(channel, `${SERVER}:${CLIENT}`),
];
/** The whole dialogue: requests can follow. */
export const dialogue = (channel: string, key: string = KEY_LINE): readonly Step[] => [
  ...ponged(channel),
  hears(channel, 'ekey'),
  say(channel, key),
];
/** A gateway that has gone through the dialogue. */
export const CONNECTED: readonly Step[] = [START, ...setup('the gateway goes through the dialogue', ...dialogue(LOND))];
/** The same, with one local client. */
export const ONLINE: readonly Step[] = [...CONNECTED, ...setup('the gateway comes online', joins(A))];
export const alsoJoins = (...channels: readonly string[]): readonly Step[] =>
  setup('more clients connect', ...channels.map(channel => joins(channel)));
/** The gateway has connected again. */
export const connectedAgain = (channel: string, key: string = KEY_LINE): readonly Step[] =>
  setup('the gateway connects again', ...dialogue(channel, key));
/**
 * The connection ends while client A waits for an answer. A leaves when it has been told: a client that stays is told again by the
 * published gateway (A-B03), which has cases of its own.
 */
export const LOSES: readonly Step[] = setup(
  'a request loses its connection',
  say(A, 'ping'),
  hears(LOND, 'ping'),
  close(LOND),
  hears(A, 'con_lost'),
  close(A),
);

// ── the dialogue of a lond, played by the tester as its caller ──────────────────────────────────────────────────────

export const calls = (channel: string): Step => ({ verb: 'dial', channel, to: { tcp: 'port' }, within: WITHIN });
export const admitted = (channel: string): readonly Step[] => [
  calls(channel),
  say(channel, 'init'),
  keeps(channel, `challenge-${channel}`),
  say(channel, `{challenge-${channel}}`),
  hears(channel, 'ok'),
];
export const keyed = (channel: string): readonly Step[] => [...admitted(channel), say(channel, 'ekey'), keeps(channel, BUILD_KEY)];
