/** The daemon in a world: order, duplicates, what is held, who may ask, connections, and how it ends. */
import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { FIFO_LIMITS } from '../../../src/impl/fifo/fifo.ts';
import { ANSWER_TIME } from '../../../src/impl/rover/connection.ts';
import { CONNECTIONS_MAX } from '../../../src/impl/rover/connections.ts';
import { type Ask, ask, serve } from './world.ts';

const card = (at: number, user: string, number: number, name: string, more: Readonly<Record<string, string>> = {}): Ask =>
  ask(at, user, number, 'EXPORT', { OBJECT: 'Irolo__work', DATA: `${name}\t1`, ...more });

describe('order', () => {
  test('what comes early is held and run behind what it waits for; its answer is there when it is asked for again', () => {
    const { shorts, ran } = serve([
      card(1_000, 'ann', 3, 'c'),
      card(2_000, 'ann', 2, 'b'),
      card(3_000, 'ann', 1, 'a'),
      card(4_000, 'ann', 3, 'c'),
      ask(5_000, 'ann', 4, 'IMPORTDATA', { OBJECT: 'Irolo__work' }),
    ]);
    expect(shorts).toEqual([
      '202 held 3>1 "3 is held; 1 has not come\\n"',
      '202 held 2>1 "2 is held; 1 has not come\\n"',
      '200 done 1>4 "1 cards\\n"',
      '200 done 3>4 again "3 cards\\n"',
      '200 done 4>5 "a\\t1\\nb\\t1\\nc\\t1\\n"',
    ]);
    expect(ran).toEqual(['ann 1', 'ann 2', 'ann 3', 'ann 4']);
  });

  test('a duplicate is never run again, and a gap holds up its own stream alone', () => {
    const { shorts, ran } = serve([
      card(1_000, 'ann', 1, 'a'),
      card(1_500, 'ann', 1, 'a'),
      card(2_000, 'ann', 3, 'c'),
      card(2_500, 'ann', 3, 'c'),
      card(3_000, 'bob', 1, 'x'),
      card(3_500, 'ann', 1, 'a', { HOST: 'phone' }),
    ]);
    expect(shorts).toEqual([
      '200 done 1>2 "1 cards\\n"',
      '200 done 1>2 again "1 cards\\n"',
      '202 held 3>2 "3 is held; 2 has not come\\n"',
      '202 held 3>2 "3 is held; 2 has not come\\n"',
      '200 done 1>2 "1 cards\\n"',
      '200 done 1>2 "1 cards\\n"',
    ]);
    expect(ran).toEqual(['ann 1', 'bob 1', 'ann 1']);
  });

  test('a number with other content is refused, whether it is held, was run, or runs', () => {
    const { shorts, ran } = serve([
      card(1_000, 'ann', 1, 'a'),
      card(1_100, 'ann', 1, 'b'),
      card(1_200, 'ann', 3, 'c'),
      card(1_300, 'ann', 3, 'd'),
      ask(2_000, 'bob', 1, 'TESTSLEEP', { DATA: '800' }),
      ask(2_100, 'bob', 1, 'TESTSLEEP', { DATA: '801' }),
      ask(2_200, 'bob', 1, 'TESTSLEEP', { DATA: '800', USERTIME: 'later' }),
    ]);
    expect(shorts).toEqual([
      '200 done 1>2 "1 cards\\n"',
      '409 refused 1>2 "1 was another request\\n"',
      '202 held 3>2 "3 is held; 2 has not come\\n"',
      '409 refused 3>2 "3 was another request\\n"',
      '200 done 1>2',
      '409 refused 1>2 "1 was another request\\n"',
      '200 done 1>2',
    ]);
    expect(ran).toEqual(['ann 1', 'bob 1']);
  });

  test('a higher epoch begins anew, what was held is gone, and a lower one is refused', () => {
    const { shorts, ran } = serve([
      card(1_000, 'ann', 1, 'a'),
      card(1_100, 'ann', 3, 'c'),
      card(1_200, 'ann', 2, 'y', { EPOCH: '7' }),
      card(1_300, 'ann', 1, 'x', { EPOCH: '7' }),
      card(1_400, 'ann', 2, 'b'),
      card(1_500, 'ann', 3, 'z', { EPOCH: '7' }),
    ]);
    expect(shorts).toEqual([
      '200 done 1>2 "1 cards\\n"',
      '202 held 3>2 "3 is held; 2 has not come\\n"',
      '202 held 2>1 "2 is held; 1 has not come\\n"',
      '200 done 1>3 "2 cards\\n"',
      '409 refused 2>3 "epoch 0 is over; it is 7\\n"',
      '200 done 3>4 "4 cards\\n"',
    ]);
    expect(ran).toEqual(['ann 1', 'ann 1', 'ann 2', 'ann 3']);
  });

  test('a higher epoch waits for what runs', () => {
    const { shorts, ran } = serve([
      ask(1_000, 'ann', 1, 'TESTSLEEP', { DATA: '900' }),
      card(1_100, 'ann', 1, 'x', { EPOCH: '1' }),
      card(3_000, 'ann', 1, 'x', { EPOCH: '1' }),
    ]);
    expect(shorts).toEqual(['200 done 1>2', '202 held 1>2 "1 is held; 2 has not come\\n"', '200 done 1>2 again "1 cards\\n"']);
    expect(ran).toEqual(['ann 1', 'ann 1']);
  });

  test('ACKED: answers up to it are not kept, and the others are', () => {
    const { shorts } = serve([
      card(1_000, 'ann', 1, 'a'),
      card(1_100, 'ann', 2, 'b'),
      card(1_200, 'ann', 3, 'c', { ACKED: '1' }),
      card(1_300, 'ann', 1, 'a'),
      card(1_400, 'ann', 2, 'b'),
    ]);
    expect(shorts.slice(3)).toEqual(['410 done 1>4 "1 was done, and its answer is not kept\\n"', '200 done 2>4 again "2 cards\\n"']);
  });

  test.each([
    [FIFO_LIMITS.ahead, 202],
    [FIFO_LIMITS.ahead + 1, 202],
    [FIFO_LIMITS.ahead + 2, 503],
  ])('number %d, while 1 is awaited', (number, status) => {
    const { shorts } = serve([card(1_000, 'ann', number, 'x')]);
    expect(shorts[0]?.slice(0, 3)).toBe(String(status));
  });

  test('the 64 last answers are kept', () => {
    const count = FIFO_LIMITS.answers + 1;
    const asks = Array.from({ length: count }, (_, index) =>
      ask(1_000 + 50 * index, 'ann', index + 1, 'TESTECHO', { DATA: String(index + 1) }),
    );
    const { shorts } = serve([...asks, ask(10_000, 'ann', 1, 'TESTECHO', { DATA: '1' }), ask(10_100, 'ann', 2, 'TESTECHO', { DATA: '2' })]);
    expect(shorts.slice(count)).toEqual([
      `410 done 1>${count + 1} "1 was done, and its answer is not kept\\n"`,
      `200 done 2>${count + 1} again "2"`,
    ]);
  });
});

describe('who asks', () => {
  test('is asked before the order: nobody moves the stream of another', () => {
    const { shorts, ran } = serve([
      card(1_000, 'ann', 1, 'forged', { AUTH: 'bob' }),
      ask(1_100, 'dora', 1, 'TESTNULL'),
      card(1_200, 'ann', 1, 'a'),
      ask(1_300, 'nobody', 1, 'TESTNULL'),
    ]);
    expect(shorts).toEqual([
      '401 refused "ann has another secret, or is not known\\n"',
      '401 refused "dora has another secret, or is not known\\n"',
      '200 done 1>2 "1 cards\\n"',
      '200 done 1>2',
    ]);
    expect(ran).toEqual(['ann 1', 'nobody 1']);
  });

  test('nobody may read and test, and what he may not use up is used up', () => {
    const { shorts } = serve([
      card(1_000, 'nobody', 1, 'a'),
      ask(1_100, 'nobody', 2, 'RESET', { OBJECT: 'Irolo__x' }),
      ask(1_200, 'nobody', 3, 'COLOUR'),
      ask(1_300, 'nobody', 4, 'IMPORTDATA', { OBJECT: 'Irolo__x' }),
      ask(1_400, 'nobody', 5, 'IMPORTBINARY', { OBJECT: 'Agent__x' }),
      ask(1_500, 'nobody', 6, 'TESTECHO', { DATA: 'a\0b' }),
      ask(1_600, 'nobody', 7, 'TESTEXPORT', { OBJECT: 'Irolo__x', DATA: '1\na\tb' }),
    ]);
    expect(shorts).toEqual([
      '403 failed 1>2 "EXPORT is not for nobody\\n"',
      '403 failed 2>3 "RESET is not for nobody\\n"',
      '403 failed 3>4 "COLOUR is not for nobody\\n"',
      '200 done 4>5',
      '200 done 5>6',
      '200 done 6>7 "a\\u0000b"',
      '403 failed 7>8 "TESTEXPORT is not for nobody\\n"',
    ]);
  });

  test('an object is of its user', () => {
    const { shorts } = serve([
      card(1_000, 'ann', 1, 'a'),
      card(1_100, 'bob', 1, 'b'),
      ask(1_200, 'ann', 2, 'IMPORTDATA', { OBJECT: 'Irolo__work' }),
      ask(1_300, 'ann', 3, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'from ann' }),
      ask(1_400, 'bob', 2, 'IMPORTDATA', { OBJECT: 'Agent__box' }),
      ask(1_500, 'ann', 4, 'IMPORTDATA', { OBJECT: 'Agent__box' }),
    ]);
    expect(shorts.slice(2)).toEqual([
      '200 done 2>3 "a\\t1\\n"',
      '200 done 3>4 "delivered\\n"',
      '200 done 2>3',
      '200 done 4>5 "ann laptop 0 3 from ann\\n"',
    ]);
  });
});

describe('connections', () => {
  test('one that is silent is told so after 30 s, and holds up nobody', () => {
    const { answers } = serve([
      { at: 1_000, bytes: '' },
      { at: 1_000, bytes: 'POST / HTTP/1.0\r\nContent-Le' },
      card(1_500, 'ann', 1, 'a'),
    ]);
    expect(answers.map(each => each.short)).toEqual([
      '408 refused "no whole request in time\\n"',
      '408 refused "no whole request in time\\n"',
      '200 done 1>2 "1 cards\\n"',
    ]);
    expect(answers.map(({ first }) => Math.floor((first ?? 0) / 1_000))).toEqual([31, 31, 1]);
  });

  test('the end of input: nothing at all is not answered, a part is refused, and a whole request gets its answer', () => {
    const whole = card(1_000, 'ann', 1, 'a');
    const { shorts } = serve([
      { at: 1_000, bytes: '', ends: true },
      { at: 1_000, bytes: 'POST / HT', ends: true },
      { at: 1_000, bytes: 'POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\nUSER=ann', ends: true },
      { ...whole, ends: true },
      { ...whole, at: 2_000, pieces: 1 },
    ]);
    expect(shorts).toEqual([
      '',
      '400 refused "the end in the middle of the header\\n"',
      '400 refused "the end after 8 of 9 bytes of the body\\n"',
      '200 done 1>2 "1 cards\\n"',
      '200 done 1>2 again "1 cards\\n"',
    ]);
  });

  test('bytes behind the body are not looked at, and the answer comes all the same', () => {
    const { bytes, ...rest } = card(1_000, 'ann', 1, 'a');
    const { shorts } = serve([{ ...rest, bytes: `${String.fromCharCode(...(bytes as Uint8Array))}${'x'.repeat(100_000)}` }]);
    expect(shorts).toEqual(['200 done 1>2 "1 cards\\n"']);
  });

  test('a body that waits for leave', () => {
    const body = 'USER=nobody&HOST=h&MSGID=1&COMMAND=TESTNULL';
    const head = `POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`;
    const { answers } = serve([{ at: 1_000, bytes: head + body, pieces: 10 }]);
    expect(answers[0]?.text.startsWith('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n')).toBe(true);
  });

  test('who does not take his answer has a time limit', () => {
    const { trace } = serve([{ at: 1_000, bytes: 'GET / HTTP/1.0\r\n\r\n' }], {
      also: [
        [
          900,
          host =>
            void host.network.connect({ transport: 'tcp', address: '127.0.0.1', port: 9090 }, {}, opened => {
              if (opened.ok) opened.value.write(new TextEncoder().encode('GET / HTTP/1.0\r\n\r\n'));
              return { data: () => {} };
            }),
        ],
      ],
    });
    const closed = trace.filter(({ kind, process, time }) => kind === 'close' && process.includes('rover-daemon') && time > ANSWER_TIME);
    expect(closed.length).toBe(1);
  });

  test('one more than there may be is told to come again', () => {
    const crowd = Array.from({ length: CONNECTIONS_MAX }, () => ({ at: 1_000, bytes: 'POST' }));
    const { shorts } = serve([...crowd, { ...card(2_000, 'ann', 1, 'a'), from: 1 }, card(40_000, 'ann', 1, 'a')]);
    expect(shorts.slice(CONNECTIONS_MAX)).toEqual(['503 busy "too many connections\\n"', '200 done 1>2 "1 cards\\n"']);
  });
});

test('a disk that fails for a time: what waits is told to come again, and what is due is run when the log is there again', () => {
  const fault = { kind: 'disk-error', machine: 'server', at: 1_500_000 as never, duration: 2_000_000 as never } as const;
  const { shorts, ran, slugs } = serve(
    [
      ask(1_000, 'ann', 1, 'TESTSLEEP', { DATA: '800' }),
      card(1_200, 'ann', 2, 'b'),
      card(2_500, 'bob', 1, 'x'),
      card(9_000, 'ann', 2, 'b'),
    ],
    { faults: [fault] },
  );
  expect(shorts).toEqual([
    '503 busy 1>3 "the log cannot be written\\n"',
    '202 held 2>3 "2 is held; 3 has not come\\n"',
    '503 busy "the log cannot be written\\n"',
    '200 done 2>3 again "1 cards\\n"',
  ]);
  expect([ran, slugs.filter(each => each === 'log-again')]).toEqual([['ann 1', 'ann 2'], ['log-again']]);
});

test('who was turned away and stays is not waited for, and of very many not all are told', () => {
  const crowd = (at: number, count: number): readonly Ask[] => Array.from({ length: count }, () => ({ at, bytes: 'POST', stays: true }));
  const { answers } = serve([...crowd(1_000, CONNECTIONS_MAX), ...crowd(2_000, CONNECTIONS_MAX + 5), ...crowd(6_000, 1)]);
  const late = answers.slice(CONNECTIONS_MAX).map(each => each.short);
  expect([late.filter(each => each.startsWith('503')).length, late.at(-1)?.slice(0, 3)]).toEqual([CONNECTIONS_MAX + 1, '503']);
});

describe('the end', () => {
  const term = [1_200, (host: Host): void => void host.process.kill(101, 'SIGTERM')] as const;

  test('what runs is ended, what has not asked is closed, what asks now is told to come again, and both end well', () => {
    const { shorts, ends, slugs } = serve(
      [
        ask(1_000, 'ann', 1, 'TESTSLEEP', { DATA: '900' }),
        { at: 1_000, bytes: 'POST' },
        { ...card(1_100, 'bob', 1, 'x'), pieces: 1 },
        card(1_500, 'carl', 1, 'x'),
      ],
      { also: [term] },
    );
    expect(shorts).toEqual(['200 done 1>2', '', '', 'ECONNREFUSED']);
    expect(ends).toEqual(['rover-daemon 0', 'rover 0']);
    expect(slugs.slice(-2)).toEqual(['stopped', 'daemon-ended']);
  });

  test('what takes longer than five seconds is not waited for, and is run by the next life', () => {
    const { trace, ends } = serve([ask(1_000, 'ann', 1, 'TESTSLEEP', { DATA: '30000' })], { also: [term] });
    const at = trace.find(({ kind, process }) => kind === 'exit' && process.includes('rover-daemon'))?.time ?? 0;
    expect([Math.floor(at / 1_000_000), ends.toSorted()]).toEqual([6, ['rover 0', 'rover-daemon 0', 'rover-worker 1']]);
  });

  test('without its parent the daemon ends', () => {
    const { ends, living } = serve([card(1_000, 'ann', 1, 'a')], { also: [[2_000, host => void host.process.kill(101, 'SIGKILL')]] });
    expect([ends, living]).toEqual([['rover SIGKILL', 'rover-daemon 0'], ['server']]);
  });

  test('a second pair with the same state does not start', () => {
    const { fields } = serve([], { also: [[1_000, host => void host.process.spawn('rover', ['--state=/var/rover'])]] });
    expect(fields('not-started', 'why')).toEqual(['process 101 has this folder']);
  });
});

describe('a start that fails', () => {
  test.each([
    ['--listen=nowhere', 'usage', '--listen=nowhere: give an IPv4 address and a port, such as 127.0.0.1:9090'],
    ['--timeout=0', 'usage', '--timeout=0: give a number from 1 to 3600000'],
    ['--segment=1', 'usage', '--segment=1: give a number from 4096 to 67108864'],
    ['--identity=root', 'usage', '--identity=root: choose one of abstract, system'],
    ['--quirk=none', 'usage', '--quirk=none: no such quirk; README.md lists them'],
    ['--what', 'usage', '--what: no such option'],
  ])('%s', (arg, slug, problem) => {
    const { fields, ends } = serve([], { args: [arg] });
    expect([fields(slug, 'problem'), ends]).toEqual([[problem], ['rover 2']]);
  });

  test('a file of users that is none', () => {
    expect(serve([], { users: 'ann', until: 500 }).fields('no-users', 'problem')[0]).toBe('line 1 of the file of users: no NAME SECRET');
    expect(serve([], { args: ['--users=/var/none'], until: 500 }).fields('no-users', 'problem')[0]).toBe('/var/none: ENOENT');
  });

  test('the folder of the state cannot be made, or is a file', () => {
    expect(serve([], { args: ['--state=/none/x'] }).fields('not-started', 'why')).toEqual(['the pid file cannot be written: ENOENT']);
    expect(serve([], { args: ['--state=/var/users'] }).fields('not-started', 'why')).toEqual(['the pid file cannot be written: ENOTDIR']);
  });
});
