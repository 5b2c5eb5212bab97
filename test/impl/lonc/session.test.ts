/** A session of lond, without sockets. */
import { describe, expect, test } from 'vitest';
import { SecureText } from '../../../src/impl/lonc/secure-text.ts';
import type { SessionAction } from '../../../src/impl/lonc/session.ts';
import { LOND_FACTS, SESSION_TRANSITIONS, Session } from '../../../src/impl/lonc/session.ts';

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
  open.begin();
  open.line('init');
  open.line('4711');
  return open;
}

describe('who calls', () => {
  test('a known host says init, echoes the challenge, and is admitted', () => {
    const known = session();
    expect(words(known.begin())).toBe('60s');
    expect(words(known.line('init'))).toBe('>4711 60s');
    expect(words(known.line('47-11\r'))).toBe('>ok admitted');
    expect(known.state).toBe('open');
  });

  test('an unknown address is not even read', () => {
    const unknown = new Session({ own: 'b', caller: undefined, facts: LOND_FACTS, challenge: () => '1', buildKey: () => '1' });
    expect(words(unknown.begin())).toBe('>bye >refused refused close');
    expect(words(unknown.line('init'))).toBe('');
  });

  test.each([['ping'], [''], ['INIT'], ['initx'], ['x'.repeat(1_000)]])('the first line is %s', line => {
    const wrong = session();
    wrong.begin();
    expect(words(wrong.line(line))).toBe('>bye >refused refused close');
    expect(words(wrong.line('init'))).toBe('');
    expect(words(wrong.timeout())).toBe('');
  });

  test.each([['4712'], [''], ['init'], ['471'], ['47111']])('the echo is %s', line => {
    const wrong = session();
    wrong.begin();
    wrong.line('init');
    expect(words(wrong.line(line))).toBe('>bye >refused refused close');
  });

  test('nothing comes in time, or the end', () => {
    const silent = session();
    silent.begin();
    expect(words(silent.timeout())).toBe('close');
    const ended = session();
    ended.begin();
    ended.line('init');
    expect(words(ended.end('x'))).toBe('close');
    expect(ended.state).toBe('closed');
  });
});

describe('requests', () => {
  test('ping, pong, exit, a second init', () => {
    const open = opened();
    expect(words(open.line('ping'))).toBe('>b');
    expect(words(open.line('pong'))).toBe('120s reverse-ping');
    expect(words(open.answer('con_lost'))).toBe('>b:con_lost');
    expect(words(open.line('exit'))).toBe('>bye close');
    expect(words(opened().line('init'))).toBe('>bye close');
  });

  test('what is asked meanwhile waits, in order, up to a limit', () => {
    const open = opened();
    expect(words(open.line('put:x'))).toBe('120s do put:x');
    expect(words(open.line('ping'))).toBe('');
    expect(words(open.line('get:y'))).toBe('');
    expect(words(open.line('ping'))).toBe('');
    expect(words(open.answer('ok'))).toBe('>ok >b 120s do get:y');
    expect(words(open.answer('v'))).toBe('>v >b');
    open.line('put:x');
    for (let count = 0; count < 16; count++) expect(words(open.line('ping'))).toBe('');
    expect(words(open.line('ping'))).toBe('close');
    expect(words(open.answer('late'))).toBe('');
  });

  test('no answer in time ends it', () => {
    const open = opened();
    open.line('put:x');
    expect(words(open.timeout())).toBe('close');
  });

  test('some commands are refused in clear; encrypted they get through, and their replies come back', () => {
    const open = opened();
    expect(words(open.line('auth:d:u:p'))).toBe('>refused');
    expect(words(open.line('enc:1:00'))).toBe('>error:no_key');
    const [, key] = open.line('ekey');
    const text = new SecureText({ server: 'b', client: 'a' });
    text.build({ reply: key?.action === 'send' ? key.text : '' });
    expect(words(open.line(text.encrypt('auth:d:u:p')))).toBe('120s do auth:d:u:p');
    open.answer('authorized');
    open.line('eget:d:u:n:k');
    const [, reply] = open.answer('secret');
    expect(reply?.action === 'send' && reply.text).toMatch(/^enc:6:[0-9a-f]{16}$/);
    expect(text.decrypt(reply?.action === 'send' ? reply.text : '')).toBe('secret');
  });

  test.each([['enc:'], ['enc:x:00'], ['enc:99999999999:00'], ['enc:8:0000000000000000'], ['enc:1:zz'], ['enc:0:0000000000000000']])(
    '%s is answered, not obeyed',
    line => {
      const open = opened();
      open.line('ekey');
      expect(words(open.line(line))).toBe('>error:not_decrypted');
    },
  );
});

test('the table ends in closed', () => {
  expect(SESSION_TRANSITIONS.closed).toEqual({});
  for (const row of Object.values(SESSION_TRANSITIONS))
    for (const next of Object.values(row)) expect(SESSION_TRANSITIONS[next]).toBeDefined();
});
