/** What is asked: tokens that have to be there, the form of their values, each limit, and which requests are the same. */
import { describe, expect, test } from 'vitest';
import { formOf, identityOf, type Request } from '../../../src/impl/rover/form.ts';
import { isRefusal } from '../../../src/impl/rover/header.ts';
import { bytesOf } from '../../../src/impl/rover/text.ts';
import { knows, usersOf } from '../../../src/impl/rover/users.ts';
import { NAME_MAX, NUMBER_MAX, OBJECT_MAX, TEXT_MAX } from '../../../src/impl/rover/wire.ts';

const BASE = { USER: 'ann', HOST: 'laptop', MSGID: '1', COMMAND: 'TESTNULL' };

function form(changes: Readonly<Record<string, string | undefined>>, ordered = true): Request | string {
  const pairs = new Map(
    Object.entries({ ...BASE, ...changes }).flatMap(([token, value]) => (value === undefined ? [] : [[token, bytesOf(value)] as const])),
  );
  const request = formOf(pairs, ordered);
  return isRefusal(request) ? `${request.status} ${request.why}` : request;
}

const refusal = (changes: Readonly<Record<string, string | undefined>>): unknown => {
  const request = form(changes);
  return typeof request === 'string' ? request : undefined;
};

describe('a form', () => {
  test('has a place, and what is not said is nothing', () => {
    expect(form({})).toMatchObject({
      user: 'ann',
      host: 'laptop',
      place: { stream: { owner: 'ann', place: 'laptop' }, epoch: 0, number: 1 },
      acked: undefined,
      command: 'TESTNULL',
      object: '',
      class: '',
      logId: '',
    });
    expect(form({ EPOCH: '7', ACKED: '3', OBJECT: 'Irolo__\u00e4', AUTH: 'x', LOGID: 'l' })).toMatchObject({
      place: { epoch: 7 },
      acked: 3,
      object: 'Irolo__\u00e4',
      logId: 'l',
    });
  });

  test('without an order HOST and MSGID may be missing, and not be wrong', () => {
    expect(form({ HOST: undefined, MSGID: undefined }, false)).toMatchObject({ host: '', place: undefined });
    expect(form({ MSGID: 'x' }, false)).toMatch(/^400 MSGID x/);
  });

  test('AUTH is not kept, nor what is not known', () => {
    const request = form({ AUTH: 'secret', COLOUR: 'red', SERVICE: 's' });
    expect(typeof request === 'object' && [...request.pairs.keys()]).toEqual(['USER', 'HOST', 'MSGID', 'SERVICE', 'COMMAND']);
  });

  test.each(['USER', 'HOST', 'MSGID', 'COMMAND'])('%s is missing', token => {
    expect(refusal({ [token]: undefined })).toBe(`400 ${token} is missing`);
  });

  test.each([
    ['a/b', false],
    ['../x', false],
    ['a@b', false],
    ['', false],
    ['a b', false],
    ['a\0', false],
    ['\u00e4', false],
    ['..', true],
    ['A-Z_a.9', true],
    ['n'.repeat(NAME_MAX - 1), true],
    ['n'.repeat(NAME_MAX), true],
    ['n'.repeat(NAME_MAX + 1), false],
  ])('USER and HOST %j: %s', (name, good) => {
    for (const token of ['USER', 'HOST']) expect([token, refusal({ [token]: name }) === undefined]).toEqual([token, good]);
  });

  test.each([
    ['0', false],
    ['1', true],
    ['01', false],
    ['-1', false],
    ['1.0', false],
    ['1e3', false],
    ['x', false],
    ['', false],
    [' 1', false],
    [String(NUMBER_MAX - 1), true],
    [String(NUMBER_MAX), true],
    ['9007199254740992', false],
    ['99999999999999999', false],
  ])('MSGID %j: %s', (number, good) => {
    expect(refusal({ MSGID: number }) === undefined).toBe(good);
  });

  test.each(['EPOCH', 'ACKED'])('%s may be 0', token => {
    expect([refusal({ [token]: '0' }), refusal({ [token]: '00' }) === undefined]).toEqual([undefined, false]);
  });

  test.each([
    ['OBJECT', OBJECT_MAX],
    ['CLASS', OBJECT_MAX],
    ['SERVICE', TEXT_MAX],
    ['LOGID', TEXT_MAX],
    ['USERTIME', TEXT_MAX],
    ['USERSERVER', TEXT_MAX],
    ['AUTH', TEXT_MAX],
    ['COMMAND', TEXT_MAX],
  ])('%s has at most %d bytes', (token, most) => {
    expect(refusal({ [token]: 'x'.repeat(most - 1) })).toBeUndefined();
    expect(refusal({ [token]: 'x'.repeat(most) })).toBeUndefined();
    expect(refusal({ [token]: 'x'.repeat(most + 1) })).toBe(`400 ${token} of ${most + 1} bytes; at most ${most}`);
  });
});

describe('the same request', () => {
  const identity = (changes: Readonly<Record<string, string>>): string => {
    const request = form(changes);
    if (typeof request === 'string') throw new Error(request);
    return identityOf(request);
  };

  test('may have another AUTH, ACKED, USERTIME, and what is not known', () => {
    const one = identity({ DATA: 'x' });
    for (const changes of [{ AUTH: 'y' }, { ACKED: '3' }, { USERTIME: 'now' }, { COLOUR: 'red' }])
      expect(identity({ DATA: 'x', ...changes })).toBe(one);
  });

  test('has nothing else different', () => {
    const all = [
      { DATA: 'x' },
      { DATA: 'y' },
      { DATA: '' },
      {},
      { COMMAND: 'RESET' },
      { OBJECT: 'x' },
      { CLASS: 'x' },
      { SERVICE: 'x' },
      { LOGID: 'x' },
      { USERSERVER: 'x' },
      { OBJECT: 'DATA', CLASS: 'x' },
      { OBJECT: 'DATAx', CLASS: '' },
      { EPOCH: '1' },
      { MSGID: '2' },
    ];
    expect(new Set(all.map(identity)).size).toBe(all.length);
  });
});

describe('users', () => {
  const users = usersOf(bytesOf('# who may\nann s3cret\n\n  bob\tb0b  # a comment\n'));
  const known = (name: string, said: string | undefined): boolean =>
    'problem' in users ? false : knows(users, name, said === undefined ? undefined : bytesOf(said));

  test('each has a secret, and nobody needs none', () => {
    expect([known('ann', 's3cret'), known('bob', 'b0b'), known('nobody', undefined), known('nobody', 'x')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    for (const said of [undefined, '', 's3cre', 's3cret ', 's3creT', 's3cret\0', 'b0b'])
      expect([said, known('ann', said)]).toEqual([said, false]);
    for (const said of [undefined, '', 's3cret']) expect([said, known('carl', said)]).toEqual([said, false]);
  });

  test.each([
    ['ann', 'line 1 of the file of users: no NAME SECRET'],
    ['ann a b', 'line 1 of the file of users: no NAME SECRET'],
    ['\nann a\nann b', 'line 3 of the file of users: ann twice'],
    ['a/b x', 'line 1 of the file of users: no NAME SECRET'],
    ['nobody x', 'line 1 of the file of users: nobody has no secret'],
    [`${'n'.repeat(65)} x`, 'line 1 of the file of users: a name of 65 characters; at most 64'],
    [`ann ${'x'.repeat(1025)}`, 'line 1 of the file of users: a secret of 1025 bytes; at most 1024'],
    ['ann \u00ff', 'the file of users is no UTF-8'],
  ])('%#: what is no file of users', (text, problem) => {
    expect(usersOf(bytesOf(text))).toEqual({ problem });
  });
});
