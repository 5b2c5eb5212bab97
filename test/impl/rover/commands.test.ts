/** Commands and modules: what each does to whom, and what it says where it does not. */
import { describe, expect, test } from 'vitest';
import { agent } from '../../../src/impl/rover/agent.ts';
import { COMMANDS } from '../../../src/impl/rover/commands.ts';
import { OBJECT_BYTES_MAX, SLEEP_MAX } from '../../../src/impl/rover/wire.ts';
import { type Ask, ask, serve } from './world.ts';

type Said = readonly [command: string, more?: Readonly<Record<string, string>>];

/** What ann is told, one after the other. */
const told = (said: readonly Said[], args: readonly string[] = []): readonly string[] =>
  serve(
    said.map(([command, more], index): Ask => ask(1_000 + 100 * index, 'ann', index + 1, command, more)),
    { args },
  ).shorts.map(each => each.replace(/ \d+>\d+/, ''));

const IROLO = { OBJECT: 'Irolo__work' };

describe('Irolo', () => {
  test('cards are put in, replaced, taken away, and told by name', () => {
    expect(
      told([
        ['IMPORTDATA', IROLO],
        ['EXPORT', { ...IROLO, DATA: 'bob\t555-1234\nann\tx\r\n' }],
        ['EXPORT', { ...IROLO, DATA: 'bob\t555-4321\n\u00e4\t1' }],
        ['IMPORTDATA', IROLO],
        ['EXPORT', { ...IROLO, DATA: 'ann\t' }],
        ['IMPORTDATA', IROLO],
        ['EXPORT', { ...IROLO, DATA: '' }],
        ['RESET', IROLO],
        ['IMPORTDATA', IROLO],
      ]),
    ).toEqual([
      '200 done',
      '200 done "2 cards\\n"',
      '200 done "3 cards\\n"',
      '200 done "ann\\tx\\nbob\\t555-4321\\n\u00e4\\t1\\n"',
      '200 done "2 cards\\n"',
      '200 done "bob\\t555-4321\\n\u00e4\\t1\\n"',
      '200 done "2 cards\\n"',
      '200 done "0 cards\\n"',
      '200 done',
    ]);
  });

  test('a line that is no card changes nothing, and uses up its number', () => {
    expect(
      told([
        ['EXPORT', { ...IROLO, DATA: 'ann\t1' }],
        ['EXPORT', { ...IROLO, DATA: 'bob\t2\nnonsense' }],
        ['EXPORT', { ...IROLO, DATA: 'bob\t2\t3' }],
        ['EXPORT', { ...IROLO, DATA: '\t3' }],
        ['IMPORTDATA', IROLO],
      ]),
    ).toEqual([
      '200 done "1 cards\\n"',
      '422 failed "line 2 of DATA is no card (NAME, tab, TEXT): nonsense\\n"',
      '422 failed "line 1 of DATA is no card (NAME, tab, TEXT): bob\\\\u{9}2\\\\u{9}3\\n"',
      '422 failed "line 1 of DATA is no card (NAME, tab, TEXT): \\\\u{9}3\\n"',
      '200 done "ann\\t1\\n"',
    ]);
  });

  test.each([
    [-1, '200'],
    [0, '200'],
    [1, '422'],
  ])('an object of the most bytes and %d', (more, status) => {
    // Two exports, since the form of one has no room for all of it.
    const half = 'x'.repeat(500_000);
    const rest = 'y'.repeat(OBJECT_BYTES_MAX + more - 500_000 - 'a\t\nb\t\n'.length);
    const [first, second] = told([
      ['EXPORT', { ...IROLO, DATA: `a\t${half}` }],
      ['EXPORT', { ...IROLO, DATA: `b\t${rest}` }],
    ]);
    expect([first?.slice(0, 3), second?.slice(0, 3)]).toEqual(['200', status]);
  });

  test('a user has room for so many objects; one that is taken away makes room', () => {
    const large = (at: number, user: string, number: number, name: string): Ask =>
      ask(at, user, number, 'EXPORT', { OBJECT: `Irolo__${name}`, DATA: `a\t${'x'.repeat(1_040_000)}` });
    const { shorts } = serve(
      [
        ...[1, 2, 3, 4].map(each => large(1_000 * each, 'ann', each, `${each}`)),
        large(5_000, 'ann', 5, '5'),
        large(6_000, 'bob', 1, '5'),
        ask(7_000, 'ann', 6, 'RESET', { OBJECT: 'Irolo__1' }),
        large(8_000, 'ann', 7, '5'),
      ],
      { until: 20_000 },
    );
    expect(shorts.slice(3).map(each => each.replace(/ \d+>\d+/, ''))).toEqual([
      '200 done "1 cards\\n"',
      '422 failed "no room for so much\\n"',
      '200 done "1 cards\\n"',
      '200 done "0 cards\\n"',
      '200 done "1 cards\\n"',
    ]);
  });

  test('IMPORTBINARY has the same bytes as a stream of them', () => {
    const { answers } = serve([
      ask(1_000, 'ann', 1, 'EXPORT', { ...IROLO, DATA: 'a\t1' }),
      ask(1_100, 'ann', 2, 'IMPORTBINARY', IROLO),
      ask(1_200, 'ann', 3, 'IMPORTDATA', IROLO),
    ]);
    const [, binary = { text: '' }, text = { text: '' }] = answers;
    expect(binary.text).toContain('Content-Type: application/octet-stream\r\n');
    expect(text.text).toContain('Content-Type: text/plain\r\n');
    expect(binary.text.endsWith('\r\n\r\na\t1\n')).toBe(true);
  });
});

describe('Agent', () => {
  test('a delivery is a line of its own, and what is no line is refused', () => {
    const { shorts, file } = serve([
      ask(1_000, 'ann', 1, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'one' }),
      ask(1_100, 'ann', 2, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'two\nthree' }),
      ask(1_200, 'ann', 3, 'EXPORT', { OBJECT: 'Agent__box', DATA: '' }),
      ask(1_300, 'ann', 4, 'RESET', { OBJECT: 'Agent__box' }),
      ask(1_400, 'bob', 1, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'one', EPOCH: '5' }),
    ]);
    expect(shorts).toEqual([
      '200 done 1>2 "delivered\\n"',
      '422 failed 2>3 "DATA of a delivery is one line, and not empty\\n"',
      '422 failed 3>4 "DATA of a delivery is one line, and not empty\\n"',
      '422 failed 4>5 "Agent__ has no command procedure\\n"',
      '200 done 1>2 "delivered\\n"',
    ]);
    expect(file('/var/rover/agents/Agent__box')).toBe('ann laptop 0 1 one\nbob laptop 5 1 one\n');
  });

  test('it has no command procedure, and a recovery procedure', () => {
    expect([agent.command, typeof agent.recover]).toEqual([undefined, 'function']);
  });
});

describe('objects', () => {
  test.each([
    ['Irolo__', 404],
    ['irolo__x', 404],
    ['xIrolo__y', 404],
    ['Foo__x', 404],
    ['', 404],
    ['Irolo_x', 404],
    ['Email__x', 404],
    ['Irolo__a/b', 404],
    ['Agent__../../x', 404],
    ['Irolo__a\tb', 404],
    ['Irolo__a\u007f', 404],
    ['Irolo__x', 200],
    ['Irolo__Irolo__', 200],
    ['Irolo__\u00e4 b', 200],
    [`Irolo__${'x'.repeat(248)}`, 200],
  ])('%j: %d', (object, status) => {
    for (const command of ['IMPORTDATA', 'EXPORT', 'RESET']) {
      const [answer] = told([[command, { OBJECT: object, DATA: 'a\t1' }]]);
      expect([command, answer?.slice(0, 3)]).toEqual([command, String(status)]);
    }
  });
});

describe('commands', () => {
  test('the tests', () => {
    expect(
      told([
        ['TESTNULL', { DATA: 'x' }],
        ['TESTECHO', { DATA: 'a\0\u00ff' }],
        ['TESTERROR', { DATA: 'no\u001b' }],
        ['TESTSLEEP', { DATA: '10' }],
        ['TESTSLEEP', { DATA: '-1' }],
        ['TESTSLEEP', { DATA: String(SLEEP_MAX + 1) }],
        ['TESTEXPORT', { ...IROLO, DATA: '20\na\t1' }],
        ['TESTEXPORT', { ...IROLO, DATA: 'a\t1' }],
      ]),
    ).toEqual([
      '200 done',
      '200 done "a\\u0000\u00ff"',
      '422 failed "no\\\\u{1b}\\n"',
      '200 done',
      `422 failed "DATA -1: milliseconds from 0 to ${SLEEP_MAX}\\n"`,
      `422 failed "DATA ${SLEEP_MAX + 1}: milliseconds from 0 to ${SLEEP_MAX}\\n"`,
      '200 done "1 cards\\n"',
      `422 failed "DATA a\\\\u{9}1: milliseconds from 0 to ${SLEEP_MAX}\\n"`,
    ]);
  });

  test('are there in capitals, and the tests where they were asked for', () => {
    expect(told([['importdata', IROLO], ['constructor'], ['__proto__'], ['']])).toEqual([
      '422 failed "no command importdata\\n"',
      '422 failed "no command constructor\\n"',
      '422 failed "no command __proto__\\n"',
      '422 failed "no command \\n"',
    ]);
    const without = serve(
      Object.keys(COMMANDS)
        .filter(each => each.startsWith('TEST'))
        .flatMap((command, index) => [
          ask(1_000 + 50 * index, 'ann', index + 1, command),
          ask(1_000 + 50 * index, 'nobody', index + 1, command),
        ]),
      {
        program: 'untested',
        replaced: {
          untested: host =>
            void host.process.exec(
              'rover',
              host.process.args.filter(each => each !== '--tests'),
            ),
        },
      },
    );
    expect(new Set(without.shorts.map(each => each.slice(0, 3)))).toEqual(new Set(['422', '403']));
  });
});
