/** A session of lond, without sockets. */
import { describe, expect, test } from 'vitest';
import { SecureText } from '../../../src/impl/lonc/secure-text.ts';
import { Session } from '../../../src/impl/lonc/session.ts';
import type { SessionAction } from '../../../src/impl/lonc/session-actions.ts';
import { LOND_FACTS, SESSION_TABLE } from '../../../src/impl/lonc/session-table.ts';

function session(caller: string | undefined = 'a'): Session {
  return new Session({ own: 'b', caller, facts: LOND_FACTS, challenge: () => '4711', buildKey: () => '48213AC7B9E0F0B29A7D512' });
}

function words(actions: readonly SessionAction[]): string {
  return actions
    .filter(action => action.action !== 'cancel')
    .map(action => {
      if (action.action === 'send') return `>${action.text}`;
      if (action.action === 'command') return `do ${action.text}`;
      return action.action === 'timer' ? `${action.delay / 1_000_000}s` : action.action;
    })
    .join(' ');
}

function opened(): Session {
  const open = session();
  open.handle({ input: 'begin' });
  open.handle({ input: 'line', text: 'init' });
  open.handle({ input: 'line', text: '4711' });
  return open;
}

describe('who calls', () => {
  test('a known host says init, echoes the challenge, and is admitted', () => {
    const known = session();
    expect(words(known.handle({ input: 'begin' }))).toBe('60s');
    expect(words(known.handle({ input: 'line', text: 'init' }))).toBe('>4711 60s');
    expect(words(known.handle({ input: 'line', text: '47-11\r' }))).toBe('>ok admitted');
    expect(known.state).toBe('open');
  });

  test('an unknown address is not even read', () => {
    const unknown = new Session({ own: 'b', caller: undefined, facts: LOND_FACTS, challenge: () => '1', buildKey: () => '1' });
    expect(words(unknown.handle({ input: 'begin' }))).toBe('>bye >refused refused close');
    expect(words(unknown.handle({ input: 'line', text: 'init' }))).toBe('');
  });

  test.each([['ping'], [''], ['INIT'], ['initx'], ['x'.repeat(1_000)]])('the first line is %s', line => {
    const wrong = session();
    wrong.handle({ input: 'begin' });
    expect(words(wrong.handle({ input: 'line', text: line }))).toBe('>bye >refused refused close');
    expect(words(wrong.handle({ input: 'line', text: 'init' }))).toBe('');
    expect(words(wrong.handle({ input: 'timeout' }))).toBe('');
  });

  test.each([['4712'], [''], ['init'], ['471'], ['47111']])('the echo is %s', line => {
    const wrong = session();
    wrong.handle({ input: 'begin' });
    wrong.handle({ input: 'line', text: 'init' });
    expect(words(wrong.handle({ input: 'line', text: line }))).toBe('>bye >refused refused close');
  });

  test('nothing comes in time, or the end', () => {
    const silent = session();
    silent.handle({ input: 'begin' });
    expect(words(silent.handle({ input: 'timeout' }))).toBe('close');
    const ended = session();
    ended.handle({ input: 'begin' });
    ended.handle({ input: 'line', text: 'init' });
    expect(words(ended.handle({ input: 'end', detail: 'x' }))).toBe('close');
    expect(ended.state).toBe('closed');
  });
});

describe('requests', () => {
  test('ping, pong, exit, a second init', () => {
    const open = opened();
    expect(words(open.handle({ input: 'line', text: 'ping' }))).toBe('>b');
    expect(words(open.handle({ input: 'line', text: 'pong' }))).toBe('120s reverse-ping');
    expect(words(open.handle({ input: 'answer', text: 'con_lost' }))).toBe('>b:con_lost');
    expect(words(open.handle({ input: 'line', text: 'exit' }))).toBe('>bye close');
    expect(words(opened().handle({ input: 'line', text: 'init' }))).toBe('>bye close');
  });

  test('what is asked meanwhile waits, in order, up to a limit', () => {
    const open = opened();
    expect(words(open.handle({ input: 'line', text: 'put:x' }))).toBe('120s do put:x');
    expect(words(open.handle({ input: 'line', text: 'ping' }))).toBe('');
    expect(words(open.handle({ input: 'line', text: 'get:y' }))).toBe('');
    expect(words(open.handle({ input: 'line', text: 'ping' }))).toBe('');
    expect(words(open.handle({ input: 'answer', text: 'ok' }))).toBe('>ok >b 120s do get:y');
    expect(words(open.handle({ input: 'answer', text: 'v' }))).toBe('>v >b');
    open.handle({ input: 'line', text: 'put:x' });
    for (let count = 0; count < 16; count++) expect(words(open.handle({ input: 'line', text: 'ping' }))).toBe('');
    expect(words(open.handle({ input: 'line', text: 'ping' }))).toBe('close');
    expect(words(open.handle({ input: 'answer', text: 'late' }))).toBe('');
  });

  test('no answer in time ends it', () => {
    const open = opened();
    open.handle({ input: 'line', text: 'put:x' });
    expect(words(open.handle({ input: 'timeout' }))).toBe('close');
  });

  test('some commands are refused in clear; encrypted they get through, and their replies come back', () => {
    const open = opened();
    expect(words(open.handle({ input: 'line', text: 'auth:d:u:p' }))).toBe('>refused');
    expect(words(open.handle({ input: 'line', text: 'enc:1:00' }))).toBe('>error:no_key');
    const [, key] = open.handle({ input: 'line', text: 'ekey' });
    const text = new SecureText({ server: 'b', client: 'a' });
    text.build({ reply: key?.action === 'send' ? key.text : '' });
    expect(words(open.handle({ input: 'line', text: text.encrypt('auth:d:u:p') }))).toBe('120s do auth:d:u:p');
    open.handle({ input: 'answer', text: 'authorized' });
    open.handle({ input: 'line', text: 'eget:d:u:n:k' });
    const [, reply] = open.handle({ input: 'answer', text: 'secret' });
    expect(reply?.action === 'send' && reply.text).toMatch(/^enc:6:[0-9a-f]{16}$/);
    expect(text.decrypt(reply?.action === 'send' ? reply.text : '')).toBe('secret');
  });

  test.each([['enc:'], ['enc:x:00'], ['enc:99999999999:00'], ['enc:8:0000000000000000'], ['enc:1:zz'], ['enc:0:0000000000000000']])(
    '%s is answered, not obeyed',
    line => {
      const open = opened();
      open.handle({ input: 'line', text: 'ekey' });
      expect(words(open.handle({ input: 'line', text: line }))).toBe('>error:not_decrypted');
    },
  );
});

test('from each state that can be reached there is a way to closed, and none from there', () => {
  const waysOf = (row: object): readonly { readonly next: string }[] => Object.values(row).flat();
  for (const [state, row] of Object.entries(SESSION_TABLE))
    expect(
      waysOf(row).map(({ next }) => next),
      state,
    ).toContain('closed');
  expect(new Set(waysOf(SESSION_TABLE.closed).map(({ next }) => next))).toEqual(new Set(['closed']));
});

test('what cannot come is a bug, and refused', () => {
  expect(() => session().handle({ input: 'line', text: 'init' })).toThrow("'line' in state start");
});
