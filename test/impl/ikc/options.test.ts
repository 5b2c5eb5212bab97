/** Command lines: what is read of them, each limit, and what is said of the rest. */
import { describe, expect, test } from 'vitest';
import { addressOf, clientOptions, liteOptions, serverOptions } from '../../../src/impl/ikc/options.ts';
import { run, SERVER } from './bench.ts';

const problem = (options: object): string | undefined => ('problem' in options ? String(options.problem) : undefined);
const times = (count: number, arg: string): readonly string[] => Array.from({ length: count }, () => arg);

test.each([
  ['127.0.0.1:603', { transport: 'tcp', address: '127.0.0.1', port: 603 }],
  ['localhost:0', { transport: 'tcp', address: '127.0.0.1', port: 0 }],
  ['/run/ikc', { transport: 'unix', path: '/run/ikc' }],
  ['./ikc', { transport: 'unix', path: './ikc' }],
  ['unix:ikc', { transport: 'unix', path: 'ikc' }],
  [`/${'x'.repeat(106)}`, { transport: 'unix', path: `/${'x'.repeat(106)}` }],
  [`/${'x'.repeat(107)}`, undefined],
  ['unix:', undefined],
  ['/a\0b', undefined],
  ['127.0.0.1', undefined],
  ['127.0.0.1:', undefined],
  ['127.0.0.1:65536', undefined],
  ['256.0.0.1:1', undefined],
  ['::1:603', undefined],
  ['somewhere:603', undefined],
  ['', undefined],
])('an address %j', (text, endpoint) => {
  expect(addressOf(text)?.endpoint).toEqual(endpoint);
});

describe('limits', () => {
  test.each([
    [64, undefined],
    [65, '--alias= can be given 64 times, not 65'],
  ])('%i aliases', (count, text) => {
    expect(problem(serverOptions([...SERVER, ...times(count, '--alias=a')]))).toBe(text);
  });

  test.each([
    [10_000, undefined],
    [10_001, 'a client does 10000 things, not 10001'],
  ])('%i steps', (count, text) => {
    expect(problem(clientOptions(['--connect=127.0.0.1:1', ...times(count, '--call=poe:/a/b')]))).toBe(text);
  });

  test('of numbers', () => {
    for (const [arg, text] of [
      ['--processes=65', '--processes=65: give a number from 1 to 64'],
      ['--concurrency=0', '--concurrency=0: give a number from 1 to 8192'],
      ['--connections=0', '--connections=0: give a number from 1 to 1000000000'],
      ['--negotiation-timeout=86401', '--negotiation-timeout=86401: give a number from 1 to 86400'],
      ['--other', '--other: no such option'],
      ['--quirk=none', '--quirk=none: no such quirk; README.md lists them'],
    ] as const)
      expect(problem(serverOptions([...SERVER, arg]))).toBe(text);
  });
});

test('steps are in the order of the command line, whatever they are', () => {
  const options = clientOptions([
    '--connect=127.0.0.1:1',
    '--post=poe:/a/b  [1]',
    '--call=poe:/a/c',
    '--repeat=2',
    '--post=poe:/a/d {"x":null}',
  ]);
  if ('problem' in options) throw new Error(options.problem);
  expect(options.steps).toEqual([
    { verb: 'post', to: 'poe:/a/b', params: [1] },
    { verb: 'call', to: 'poe:/a/c', params: null },
    { verb: 'post', to: 'poe:/a/d', params: new Map([['x', null]]) },
  ]);
});

test('the small client does less', () => {
  const args = ['--connect=127.0.0.1:1'];
  expect(problem(liteOptions(args))).toBeUndefined();
  expect(problem(liteOptions([...args, '--subscribe=poe:/a']))).toBe('--subscribe= is not for the small client');
  for (const flag of ['--reconnect', '--stay', '--publish'])
    expect(problem(liteOptions([...args, flag]))).toBe('--reconnect, --stay and --publish are not for the small client');
});

test('the demo says what it does not take', () => {
  const calls = [
    'add 5',
    'add ["x"]',
    'add [9007199254740991,1]',
    'add ["-3", 4]',
    'slow -1',
    'slow 3600001',
    'slow {}',
    'forward 1',
    'forward ["::"]',
    'forward ["poe://Nobody/a/b"]',
  ].map(each => `--call=poe:/demo/${each}`);
  const { fields } = run([
    { on: 'b', program: 'ikc-server', args: SERVER },
    { program: 'ikc-client', args: ['--connect=10.0.0.2:603', ...calls], at: 1 },
  ]);
  expect(fields('answer', 'value')).toEqual(['1']);
  expect(fields('error', 'text').map(text => String(text).split(' [')[0])).toEqual([
    'add takes a list of integers',
    'add takes a list of integers',
    'add takes integers whose sum is below 2^53',
    'slow takes a number of milliseconds, up to 3600000',
    'slow takes a number of milliseconds, up to 3600000',
    'slow takes a number of milliseconds, up to 3600000',
    'forward takes a specifier and the parameters for it',
    'forward takes a specifier and the parameters for it',
    "Not forwarded to poe://Nobody/a/b: there is no kernel 'Nobody'",
  ]);
});
