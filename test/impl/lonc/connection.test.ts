/** The connection of a gateway child, without sockets: every step, every failure, in words. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { replacedBy } from '../../../src/impl/lonc/as-written.ts';
import { CORRECTED } from '../../../src/impl/lonc/child.ts';
import { Connection, type Link } from '../../../src/impl/lonc/connection.ts';
import type { Action, Input } from '../../../src/impl/lonc/connection-actions.ts';
import { REQUEST_TIMEOUT, TABLE } from '../../../src/impl/lonc/connection-table.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import { QUIRK } from '../../../src/impl/lonc/quirks.ts';
import type { Upstream } from '../../../src/impl/lonc/upstream.ts';

/** `init`, `reply …`, `end`, `end …`, `timeout`, `ask …` and so on. */
function inputOf(word: string): Input {
  const [name = '', ...rest] = word.split(' ');
  const text = rest.join(' ');
  switch (name) {
    case 'line':
      return { input: 'line', text };
    case 'ask':
      return { input: 'request', text, timeout: REQUEST_TIMEOUT };
    case 'end':
      return { input: 'end', rest: text };
    case 'refused':
    case 'not-listening':
      return { input: name, reason: text };
    case 'violation':
      return { input: 'violation', detail: text };
    case 'begin':
    case 'opened':
    case 'timeout':
    case 'drained':
    case 'listening':
      return { input: name };
    default:
      throw new Error(word);
  }
}

function wordOf(action: Action): string {
  switch (action.action) {
    case 'send':
      return `>${action.text}`;
    case 'timer':
      return `${action.delay / 1_000_000}s`;
    case 'key':
      return `key:${action.reply}${action.cut ? '!' : ''}`;
    case 'answer':
      return `=${action.text}${action.cut ? '!' : ''}`;
    case 'no-answer':
      return `none:${action.cause}`;
    case 'back-off':
      return `back-off:${action.step}:${action.seconds}`;
    case 'note':
      return `(${action.note}${action.text === '' ? '' : ` ${action.text}`})`;
    default:
      return action.action;
  }
}

const GREETING = ['begin', 'opened', 'line 123', 'line ok', 'timeout', 'line b:a', 'line KEY'];
const ONLINE = [...GREETING, 'drained', 'listening'];
const FAILED = (step: string): string => `disconnect back-off:${step}:127 127s`;

/** The connection as a child has it; what a trap does with its stream is heard as a word. */
function connection(quirks: readonly Quirk[], aside: (word: string) => void): Link {
  const rules = { ...CORRECTED, ...replacedBy(new Set(quirks)) };
  return rules.sides({
    host: {} as Host,
    hooks: { arrived: () => {}, accepted: () => {}, refused: () => {} },
    connection: new Connection({ peer: 'b', random: () => 7 }, rules),
    upstream: { forgetPartial: () => aside('forget-partial') } as Upstream,
    handle: () => {},
  }).link;
}

/** What the last input does, and the state after it. */
function drive(inputs: readonly string[], quirks: readonly Quirk[] = []): string {
  let words: string[] = [];
  const driven = connection(quirks, word => words.push(word));
  for (const word of inputs) {
    words = [];
    for (const action of driven.handle(inputOf(word))) {
      if (action.action === 'aside') action.act();
      else words.push(wordOf(action));
    }
  }
  return `${words.join(' ')} | ${driven.state}`.trim();
}

describe('the dialogue', () => {
  test.each([
    [1, 'connect | connect'],
    [2, '(connected) >init 60s | init'],
    [3, '>123 60s | challenge'],
    [4, '5s | settle'],
    [5, '(ponging) >pong 60s | pong'],
    [6, '>ekey 60s | key'],
    [7, 'cancel key:KEY (open) drain | delayed'],
    [8, 'listen | listen'],
    [9, 'serve | serve'],
  ])('step %i: %s', (count, words) => expect(drive(ONLINE.slice(0, count))).toBe(words));

  test('any line may be the challenge, an empty one too', () => {
    expect(drive(['begin', 'opened', 'line '])).toBe('>  60s | challenge'.replace('  ', ' '));
  });

  test('the reply to pong is only looked at', () => {
    expect(drive([...GREETING.slice(0, 5), 'line zz'])).toBe('(pong-reply zz) >ekey 60s | key');
    expect(drive([...GREETING.slice(0, 5), 'line '])).toBe('(pong-reply) >ekey 60s | key');
    expect(drive([...GREETING.slice(0, 5), 'line bb:con_lost'])).toBe('>ekey 60s | key');
  });

  test.each([
    [1, 'refused ECONNREFUSED', FAILED('connect')],
    [2, 'timeout', FAILED('init')],
    [2, 'end', FAILED('init')],
    [2, 'end 12', FAILED('init')],
    [2, 'violation x', FAILED('init')],
    [3, 'timeout', `(init-timeout) ${FAILED('challenge')}`],
    [3, 'end', FAILED('challenge')],
    [3, 'line refused', `(init-reply refused) ${FAILED('challenge')}`],
    [3, 'line ok\r', `(init-reply ok\r) ${FAILED('challenge')}`],
    [4, 'line early', FAILED('settle')],
    [4, 'end', FAILED('settle')],
    [5, 'timeout', FAILED('pong')],
    [5, 'end', FAILED('pong')],
    [6, 'timeout', FAILED('key')],
    [6, 'end', FAILED('key')],
    [8, 'not-listening EACCES', FAILED('listen')],
  ])('after step %i, %j: backs off', (count, input, words) => {
    expect(drive([...ONLINE.slice(0, count), input])).toBe(`${words} | back-off`);
    expect(drive([...ONLINE.slice(0, count), input, 'timeout'])).toBe('end | ended');
  });

  test('the back-off is 120 to 359 seconds', () => {
    for (const [drawn, rest] of [
      [0, 120],
      [239, 359],
    ] as const) {
      const bounds: number[] = [];
      const random = (bound: number): number => {
        bounds.push(bound);
        return drawn;
      };
      const driven = new Connection({ peer: 'b', random });
      driven.handle({ input: 'begin' });
      const actions = driven.handle({ input: 'refused', reason: '' });
      expect(actions).toContainEqual({ action: 'timer', delay: seconds(rest) });
      expect(bounds).toEqual([240]);
    }
  });
});

describe('requests', () => {
  test('one at a time, answered by the next line', () => {
    expect(drive([...ONLINE, 'ask ping'])).toBe('>ping 300s | asking');
    expect(drive([...ONLINE, 'ask ping', 'line b'])).toBe('cancel =b | serve');
    expect(drive([...ONLINE, 'ask ping', 'line con_lost'])).toBe('cancel =con_lost | serve');
    expect(() => drive([...ONLINE, 'ask ping', 'ask ping'])).toThrow("'request' in state asking");
    expect(() => drive(['begin', 'ask ping'])).toThrow("'request' in state connect");
  });

  test.each([
    ['timeout', 'cancel none:timeout cancel lost disconnect | reconnect'],
    ['end', 'cancel none:end cancel lost disconnect | reconnect'],
    ['end par', 'cancel none:end cancel lost disconnect | reconnect'],
    ['end 0', 'cancel none:end cancel lost disconnect | reconnect'],
    ['violation long', 'cancel none:violation cancel lost disconnect | reconnect'],
  ])('%s: no answer, and the connection is lost', (input, words) => expect(drive([...ONLINE, 'ask x', input])).toBe(words));

  test('an idle connection that ends or speaks is lost', () => {
    expect(drive([...ONLINE, 'end'])).toBe('cancel lost disconnect | reconnect');
    expect(drive([...ONLINE, 'line what'])).toBe('cancel lost disconnect | reconnect');
    expect(drive([...ONLINE, 'ask x', 'line y', 'line z'])).toBe('cancel lost disconnect | reconnect');
  });

  test('after a reconnect it serves at once, and a later failure of the dialogue backs off', () => {
    const again = [...ONLINE, 'end', ...GREETING];
    expect(drive(again)).toBe('cancel key:KEY (open) serve | serve');
    expect(drive([...again, 'ask x', 'line y'])).toBe('cancel =y | serve');
    expect(drive([...ONLINE, 'end', 'begin', 'refused X'])).toBe(`${FAILED('connect')} | back-off`);
  });

  test('a delayed message that is not answered costs the connection; the next one is as the first', () => {
    expect(drive([...GREETING, 'ask put', 'line ok'])).toBe('cancel =ok | delayed');
    expect(drive([...GREETING, 'ask put', 'timeout'])).toBe('cancel none:timeout cancel lost disconnect | reconnect');
    expect(drive([...GREETING, 'ask put', 'timeout', ...GREETING])).toBe('cancel key:KEY (open) drain | delayed');
  });
});

describe('quirks', () => {
  test.each([
    [QUIRK.IGNORE_INIT_TIMEOUT, ['begin', 'opened', 'timeout'], '> 60s | challenge'],
    [QUIRK.IGNORE_INIT_TIMEOUT, ['begin', 'opened', 'timeout', 'line 123'], `(init-reply 123) ${FAILED('challenge')} | back-off`],
    [QUIRK.NO_BACK_OFF, ['begin', 'opened', 'line 1', 'timeout'], '(init-timeout) disconnect end | ended'],
    [QUIRK.WAIT_FOR_PONG, GREETING.slice(0, 5), '(ponging) cancel >pong | pong'],
    [QUIRK.WAIT_FOR_PONG, GREETING.slice(0, 6), 'cancel >ekey | key'],
    [QUIRK.ACCEPT_EOF, [...GREETING.slice(0, 6), 'end'], 'cancel key:! (open) drain | delayed'],
    [QUIRK.ACCEPT_EOF, [...GREETING.slice(0, 5), 'end'], '(pong-reply) >ekey 60s cancel key:! (open) drain | delayed'],
    [QUIRK.ACCEPT_EOF, [...GREETING.slice(0, 4), 'end'], '| settle'],
    [
      QUIRK.ACCEPT_EOF,
      [...GREETING.slice(0, 4), 'end', 'timeout'],
      '(ponging) >pong 60s (pong-reply) >ekey 60s cancel key:! (open) drain | delayed',
    ],
    [QUIRK.PASS_UNTERMINATED, [...ONLINE, 'ask x', 'end par'], 'cancel =par! cancel lost disconnect | reconnect'],
    [QUIRK.DEFER_RECONNECT, [...ONLINE, 'ask x', 'timeout'], 'cancel none:timeout | serve'],
    [QUIRK.DEFER_RECONNECT, [...ONLINE, 'ask x', 'timeout', 'ask y'], '>y 300s cancel none:end | serve'],
    [QUIRK.IDLE_UNREAD, [...ONLINE, 'end'], '| serve'],
    [QUIRK.IDLE_UNREAD, [...ONLINE, 'end', 'end', 'ask y'], '>y 300s cancel none:end cancel lost disconnect | reconnect'],
    [QUIRK.IDLE_UNREAD, [...ONLINE, 'line stray', 'ask y'], '>y 300s cancel =stray | serve'],
    [QUIRK.HOLD_FAILED, ['begin', 'opened', 'end'], `${FAILED('init').replace('disconnect ', '')} | back-off`],
    [QUIRK.HOLD_FAILED, ['begin', 'opened', 'end', 'line 1', 'end', 'timeout'], 'end | ended'],
    [QUIRK.DEFER_RECONNECT, [...ONLINE, 'ask x', 'timeout', 'violation declared'], 'cancel lost disconnect | reconnect'],
    [QUIRK.KEEP_LATE_REPLY, [...ONLINE, 'line late', 'ask y'], '>y 300s cancel =late | serve'],
  ])('%s after %j', (quirk, inputs, words) => {
    expect(drive(inputs, [quirk])).toBe(words);
    const corrected = (): string => drive(inputs);
    // What is refused corrected cannot be driven further.
    let same = false;
    try {
      same = corrected() === words;
    } catch {}
    expect(same).toBe(false);
  });

  test('an unterminated 0 is no answer either way', () => {
    const words = 'cancel none:end cancel lost disconnect | reconnect';
    expect(drive([...ONLINE, 'ask x', 'end 0'], [QUIRK.PASS_UNTERMINATED])).toBe(words);
    expect(drive([...ONLINE, 'ask x', 'line 0'])).toBe('cancel =0 | serve');
  });

  test('a late reply is the answer to the next request, and its partial head is forgotten', () => {
    const late = [QUIRK.DEFER_RECONNECT, QUIRK.KEEP_LATE_REPLY];
    expect(drive([...ONLINE, 'ask slow', 'timeout', 'ask ping', 'line AAA'], late)).toBe('cancel =AAA | serve');
    expect(drive([...ONLINE, 'ask slow', 'timeout'], [...late, QUIRK.DROP_PARTIAL])).toBe('cancel none:timeout forget-partial | serve');
  });
});

/** `input, input -> next` of a state, by next. */
function waysOf(state: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const row: Readonly<Record<string, readonly { readonly next: string }[]>> = TABLE[state as keyof typeof TABLE];
  for (const [input, ways] of Object.entries(row)) for (const { next } of ways) found.set(next, (found.get(next) ?? new Set()).add(input));
  return found;
}

const STATES = Object.keys(TABLE);

describe('the table', () => {
  test('every state is reached and, but for the last, left', () => {
    const targets = STATES.flatMap(state => [...waysOf(state).keys()]);
    for (const state of STATES) if (state !== 'start') expect(targets).toContain(state);
    for (const state of STATES) expect(waysOf(state).size > 0).toBe(state !== 'ended');
  });

  test('where lond has a stream, whatever it does leads on', () => {
    const without = ['start', 'connect', 'reconnect', 'back-off', 'ended'];
    for (const [state, row] of Object.entries(TABLE))
      if (!without.includes(state)) expect(Object.keys(row)).toEqual(expect.arrayContaining(['line', 'end', 'violation']));
  });

  test('the last way of an input is always open', () => {
    for (const row of Object.values(TABLE)) for (const ways of Object.values(row)) expect(ways.at(-1)?.when).toBeUndefined();
  });

  test('the README has the same', () => {
    const lines = readFileSync(new URL('../../../src/impl/lonc/README.md', import.meta.url), 'utf8').split('\n');
    for (const state of STATES) {
      const [, , , ways = ''] = (lines.find(line => line.startsWith(`| \`${state}\` `)) ?? '').split('|');
      const told = ways.split(';').flatMap(text => {
        const [inputs = '', next] = text.split('->').map(part => part.trim());
        return next === undefined ? [] : [[next, new Set(inputs.split(', '))] as const];
      });
      expect([state, new Map(told)]).toEqual([state, waysOf(state)]);
    }
  });
});
