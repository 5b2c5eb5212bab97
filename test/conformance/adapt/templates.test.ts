/** Placeholders in the command line of an implementation. */
import { describe, expect, test } from 'vitest';
import {
  fillArguments,
  fillText,
  type Places,
  passedOn,
  placeholdersOf,
  quoted,
  templateFault,
} from '../../../conformance/play/templates.ts';
import { TOY_WIRING } from '../support.ts';

const PLACES: Places = {
  host: '127.0.0.1',
  address: '/tmp/a b/socket',
  tester: '127.0.0.9',
  port: 5_663,
  dir: '/tmp/a b',
  case: 'toy.server.case',
  role: 'server',
  scale: 2_500,
  signals: ['SIGTERM', 'SIGHUP'],
};
const fill = (...args: readonly string[]): readonly string[] => fillArguments(args, ['--one', 'a b', "it's"], PLACES, TOY_WIRING);

describe('of an argument', () => {
  test.each([
    ['{host}:{port}', '127.0.0.1:5663'],
    ['{dir}/x', '/tmp/a b/x'],
    ['--listen={address}', '--listen=/tmp/a b/socket'],
    ['{case}@{role}', 'toy.server.case@server'],
    ['x{scale} {percent}%', 'x2.5 40%'],
    ['{signals}', 'SIGTERM,SIGHUP'],
    ['{fd:in}-{fd:out}', '3-4'],
  ])('%s', (word, filled) => expect(fill(word)[0]).toBe(filled));

  test('other braces, and channels that there are not, stay as they are', () => {
    expect(fill('{print $1}', '{}', '{fd:nowhere}', '{fd:constructor}').slice(0, 4)).toEqual([
      '{print $1}',
      '{}',
      '{fd:nowhere}',
      '{fd:constructor}',
    ]);
  });

  test('what a value brings is not replaced again', () => {
    expect(fillText('{dir}', { ...PLACES, dir: '/{port}' })).toBe('/{port}');
  });
});

describe('{options}', () => {
  test('come last where nothing says where', () => expect(fill('serve')).toEqual(['serve', '--one', 'a b', "it's"]));
  test('as a word it is these words', () => expect(fill('{options}', 'serve')).toEqual(['--one', 'a b', "it's", 'serve']));
  test('within a word they are quoted for a shell', () =>
    expect(fill('-c', 'exec x {options}; y')).toEqual(['-c', `exec x --one 'a b' 'it'\\''s'; y`]));
});

test('a word for a shell', () => expect([quoted('a-b/c'), quoted(''), quoted('$x')]).toEqual(['a-b/c', "''", "'$x'"]));

test('what a role has not is said before anything is started', () => {
  expect(templateFault(['x', '{fd:events}'], TOY_WIRING, 'server')).toBe(
    '{fd:events}: the role server has no such channel; its pipes are {fd:in}, {fd:out}, {fd:stdout}',
  );
  expect(templateFault(['{host}:{port}'], TOY_WIRING, 'server')).toBe('{port}: the role server has no port');
  expect(templateFault(['{address}'], TOY_WIRING, 'server')).toBe('{address}: the role server has no port');
  expect(templateFault(['{fd:in}', '{dir}'], TOY_WIRING, 'server')).toBeUndefined();
});

test('where the tester hears, and seconds that pass faster', () => {
  expect(fill('{tester}', '--interval={seconds:180}', '{seconds:1}', '{seconds:x}').slice(0, 4)).toEqual([
    '127.0.0.9',
    '--interval=72',
    '1',
    '{seconds:x}',
  ]);
});

test('what looks like a placeholder and is none', () => {
  expect(passedOn(['{fdin}', 'a{prot}b{port}', '{fd:in}', '{print $1}', '{}', '{A}', '{second:3}'])).toEqual([
    '{fdin}',
    '{prot}',
    '{second:3}',
  ]);
  expect(placeholdersOf(TOY_WIRING)).toContain('{fd:in}');
  expect(passedOn(placeholdersOf(TOY_WIRING).map(each => each.replace(':N}', ':1}')))).toEqual([]);
});
