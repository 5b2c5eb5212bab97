/** The forked server in a world, behind an httpd that starts it for each request: alone, and before a daemon. */
import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/host/bytes.ts';
import type { Daemon } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { QUIRK, type Quirk, TRAPS } from '../../../src/impl/rover/quirks.ts';
import { bytesOf, textOf } from '../../../src/impl/rover/text.ts';
import { type Setup, serve, short } from './world.ts';

interface Hit {
  /** Milliseconds. */
  readonly at?: number;
  readonly method?: string;
  /** Of a GET the query, otherwise standard input. */
  readonly body: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments; default: a state folder of its own, and the users. */
  readonly args?: readonly string[];
  /** Standard input stays open behind the body. */
  readonly open?: true;
}

const LOCAL = ['--state=/var/cgi', '--users=/var/users', '--tests'];
const DAEMON = ['--daemon=127.0.0.1:9090'];

/** What the httpd got of each, and how it ended. */
function hit(
  hits: readonly Hit[],
  quirks: readonly Quirk[] = [],
  setup: Setup = {},
): { readonly shorts: readonly string[]; readonly texts: readonly string[]; readonly served: ReturnType<typeof serve> } {
  const outputs: Uint8Array[][] = hits.map(() => []);
  const httpd: Daemon = host => {
    for (const [index, { at = 1_000 + 200 * index, method = 'POST', body, environment = {}, args = LOCAL, open }] of hits.entries())
      host.clock.setTimer(millis(at), () => {
        const [down, up] = [host.descriptors.pipe(), host.descriptors.pipe()];
        if (!down.ok || !up.ok) throw new Error('no pipe');
        const variables = {
          REQUEST_METHOD: method,
          ...(method === 'GET'
            ? { QUERY_STRING: body }
            : { CONTENT_LENGTH: String(body.length), CONTENT_TYPE: 'application/x-www-form-urlencoded' }),
          ...environment,
        };
        const all = [...args, ...quirks.map(each => `--quirk=${each}`)];
        host.process.spawn('rover-cgi', all, { descriptors: { 0: down.value.read, 1: up.value.write }, environment: variables });
        host.descriptors.close(down.value.read);
        host.descriptors.close(up.value.write);
        const input = host.descriptors.attach(down.value.write, 'write', { data: () => {} });
        if (input.ok && method !== 'GET') input.value.write(bytesOf(body));
        if (input.ok && open !== true) input.value.end();
        host.descriptors.attach(up.value.read, 'read', { data: bytes => void outputs[index]?.push(bytes) });
        host.process.wait(() => {});
      });
  };
  const served = serve([], { until: 200_000, ...setup, also: [[50, httpd], ...(setup.also ?? [])] });
  const texts = outputs.map(parts => textOf(concat(parts)));
  return { shorts: texts.map(short), texts, served };
}

const form = (user: string, command: string, more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({ USER: user, AUTH: user, COMMAND: command, ...more })
    .map(([token, value]) => `${token}=${encodeURIComponent(value)}`)
    .join('&');
const card = (user: string, name: string, more: Readonly<Record<string, string>> = {}): string =>
  form(user, 'EXPORT', { OBJECT: 'Irolo__work', DATA: `${name}\t1`, ...more });
const cards = (user: string, more: Readonly<Record<string, string>> = {}): string =>
  form(user, 'IMPORTDATA', { OBJECT: 'Irolo__work', ...more });

const ECHO = form('ann', 'TESTECHO', { DATA: 'x' });

describe('alone', () => {
  test('POST and GET, one object for each user, and what was taken away is gone', () => {
    const { shorts, texts, served } = hit([
      { body: card('ann', 'a') },
      { body: card('ann', 'b') },
      { body: cards('ann'), method: 'GET' },
      { body: cards('bob'), method: 'GET' },
      { body: form('ann', 'RESET', { OBJECT: 'Irolo__work' }) },
      { body: cards('ann') },
      { body: form('ann', 'RESET', { OBJECT: 'Irolo__work' }) },
    ]);
    expect(shorts).toEqual([
      '200 done "1 cards\\n"',
      '200 done "2 cards\\n"',
      '200 done "a\\t1\\nb\\t1\\n"',
      '200 done',
      '200 done "0 cards\\n"',
      '200 done',
      '200 done "0 cards\\n"',
    ]);
    expect(texts[0]).toMatch(/^Status: 200 OK\r\nContent-Type: text\/plain\r\n/);
    expect(served.files).not.toContain('objects');
    expect(served.ends.filter(each => each.startsWith('rover-cgi'))).toEqual(Array.from({ length: 7 }, () => 'rover-cgi 0'));
  });

  test('the Agent delivers; without a place the line has none', () => {
    const { shorts, served } = hit([
      { body: form('ann', 'EXPORT', { OBJECT: 'Agent__box', DATA: 'hello' }) },
      { body: form('ann', 'EXPORT', { OBJECT: 'Agent__box', DATA: 'again', HOST: 'h', MSGID: '7', EPOCH: '2' }) },
      { body: form('ann', 'IMPORTDATA', { OBJECT: 'Agent__box' }) },
    ]);
    expect(shorts[2]).toBe('200 done "ann - 0 0 hello\\nann h 2 7 again\\n"');
    expect(served.file('/var/cgi/agents/Agent__box')).toBe('ann - 0 0 hello\nann h 2 7 again\n');
  });

  test.each<readonly [string, Hit, string]>([
    ['another method', { method: 'PUT', body: 'x' }, '405 refused "GET or POST, not PUT\\n"'],
    ['no method', { method: '', body: 'x' }, '405 refused "GET or POST, not \\n"'],
    ['no length', { body: 'x', environment: { CONTENT_LENGTH: '' } }, '411 refused "no Content-Length\\n"'],
    [
      'a negative length',
      { body: 'x', environment: { CONTENT_LENGTH: '-1' } },
      '400 refused "Content-Length: -1 is no number of bytes\\n"',
    ],
    ['a huge length', { body: 'x', environment: { CONTENT_LENGTH: '1048577' } }, '413 refused "a body of more than 1048576 bytes\\n"'],
    ['more than there is', { body: 'x', environment: { CONTENT_LENGTH: '2' } }, '400 refused "the end after 1 of 2 bytes of the body\\n"'],
    [
      'another type',
      { body: 'x', environment: { CONTENT_TYPE: 'text/plain' } },
      '415 refused "a body of type text/plain; it has to be application/x-www-form-urlencoded\\n"',
    ],
    ['no type', { body: cards('ann'), environment: { CONTENT_TYPE: '' } }, '200 done'],
    ['less than there is', { body: `${ECHO}junk`, environment: { CONTENT_LENGTH: String(ECHO.length) } }, '200 done "x"'],
    ['input that stays open', { body: cards('ann'), open: true }, '200 done'],
    ['no pair', { body: 'x' }, '400 refused "a pair without =, at byte 0\\n"'],
    ['a bad escape in a query', { method: 'GET', body: 'USER=%zz' }, '400 refused "% without two hexadecimal digits, at byte 5\\n"'],
    ['an empty query', { method: 'GET', body: '' }, '400 refused "USER is missing\\n"'],
    ['no user', { body: 'COMMAND=TESTNULL' }, '400 refused "USER is missing\\n"'],
    ['another secret', { body: card('ann', 'a', { AUTH: 'x' }) }, '401 refused "ann has another secret, or is not known\\n"'],
    ['nobody, who exports', { body: card('nobody', 'a') }, '403 failed "EXPORT is not for nobody\\n"'],
    ['a GET that changes', { method: 'GET', body: card('ann', 'a') }, '405 failed "EXPORT is not by GET\\n"'],
    ['no module', { body: cards('ann', { OBJECT: 'Foo__x' }) }, '404 failed "no module has an object Foo__x\\n"'],
    [
      'a name out of the folder',
      { body: card('ann', 'a', { OBJECT: 'Irolo__/../../x' }) },
      '404 failed "no module has an object Irolo__/../../x\\n"',
    ],
    ['a user called ..', { body: cards('..') }, '401 refused ".. has another secret, or is not known\\n"'],
    ['a long test', { body: form('ann', 'TESTSLEEP', { DATA: '3000' }) }, '200 done'],
    ['no test', { body: form('ann', 'TESTNULL'), args: ['--state=/var/cgi', '--users=/var/users'] }, '422 failed "no command TESTNULL\\n"'],
  ])('%s', (_, given, answer) => {
    expect(hit([given]).shorts).toEqual([answer]);
  });

  test('fatalError: status 70, and nothing on standard output', () => {
    const { texts, served } = hit([{ body: form('ann', 'TESTFATAL', { DATA: 'gone' }) }]);
    expect([texts, served.ends, served.fields('fatal', 'text')]).toEqual([[''], ['rover-cgi 70'], ['gone']]);
  });

  test.each(['disk-full', 'disk-error'] as const)('%s: it is told, and the value before stays', kind => {
    const fault = { kind, machine: 'server', at: 1_500_000 as never, duration: 1_000_000 as never } as const;
    const { shorts } = hit([{ body: card('ann', 'a') }, { at: 2_000, body: card('ann', 'b') }, { at: 5_000, body: cards('ann') }], [], {
      faults: [fault],
    });
    expect(shorts[1]).toBe(
      kind === 'disk-full' ? '503 busy "it cannot be written: ENOSPC\\n"' : '503 busy "it cannot be known who asks\\n"',
    );
    expect(shorts[2]).toBe('200 done "a\\t1\\n"');
  });
});

describe('before a daemon', () => {
  const placed = (number: number): Readonly<Record<string, string>> => ({ HOST: 'laptop', MSGID: String(number) });

  test('the daemon has the order and the log', () => {
    const { shorts } = hit([
      { args: DAEMON, body: card('ann', 'c', placed(2)) },
      { args: DAEMON, body: card('ann', 'a', placed(1)) },
      { args: DAEMON, body: card('ann', 'c', placed(2)) },
      { args: DAEMON, body: cards('ann', placed(3)), method: 'GET' },
    ]);
    expect(shorts).toEqual([
      '202 held 2>1 "2 is held; 1 has not come\\n"',
      '200 done 1>3 "1 cards\\n"',
      '200 done 2>3 again "2 cards\\n"',
      '200 done 3>4 "a\\t1\\nc\\t1\\n"',
    ]);
  });

  test.each<readonly [string, Hit, string]>([
    ['no place', { args: DAEMON, body: cards('ann') }, '400 refused "HOST is missing\\n"'],
    ['a GET that changes', { args: DAEMON, method: 'GET', body: card('ann', 'a', placed(1)) }, '405 failed "EXPORT is not by GET\\n"'],
    [
      'another secret',
      { args: DAEMON, body: card('ann', 'a', { ...placed(1), AUTH: 'x' }) },
      '401 refused "ann has another secret, or is not known\\n"',
    ],
    ['no daemon', { args: ['--daemon=127.0.0.1:1'], body: cards('ann', placed(1)) }, '503 busy "no daemon: ECONNREFUSED\\n"'],
  ])('%s', (_, given, answer) => {
    expect(hit([given]).shorts).toEqual([answer]);
  });

  test('one that dies over the request, or says nothing for a minute and a half', () => {
    const body = form('ann', 'TESTFATAL', placed(1));
    expect(hit([{ args: DAEMON, body }]).shorts).toEqual(['503 busy "the daemon: no answer\\n"']);
    const mute: Daemon = host =>
      host.network.listen(
        { transport: 'tcp', address: '127.0.0.1', port: 9091 },
        { backlog: 1 },
        { opened: () => {}, accept: () => ({ data: () => {} }) },
      );
    const { shorts } = hit([{ args: ['--daemon=127.0.0.1:9091'], body }], [], { also: [[500, mute]] });
    expect(shorts).toEqual(['503 busy "the daemon does not answer\\n"']);
  });
});

describe('command lines', () => {
  test.each([
    [[], '--state= and --daemon= are missing: give one of them'],
    [['--daemon=x'], '--daemon=x: give an IPv4 address and a port, such as 127.0.0.1:9090'],
    [['--state='], '--state=: give a folder'],
  ])('%j', (args, problem) => {
    expect(hit([{ args, body: 'x' }]).served.fields('usage', 'problem')).toEqual([problem]);
  });
});

describe('traps', () => {
  const daemonAnd = [...DAEMON, ...LOCAL];
  const placed = { HOST: 'laptop', MSGID: '2' };
  const powerCut = {
    kind: 'power-cut',
    machine: 'server',
    unsynced: 'lost',
    at: 1_800_000 as never,
    duration: 1_000_000 as never,
  } as const;
  type Row = readonly [Quirk, readonly Hit[], see: (seen: ReturnType<typeof hit>) => unknown, corrected: unknown, written: unknown, Setup?];
  const shown: readonly Row[] = [
    [QUIRK.GET_CHANGES, [{ method: 'GET', body: card('ann', 'a') }], ({ shorts }) => shorts[0]?.slice(0, 3), '405', '200'],
    [QUIRK.CGI_UNORDERED, [{ args: daemonAnd, body: card('ann', 'a', placed) }], ({ shorts }) => shorts[0]?.slice(0, 3), '202', '200'],
    [QUIRK.CGI_IS_NOBODY, [{ body: card('ann', 'a') }], ({ shorts }) => shorts[0]?.slice(0, 3), '200', '403'],
    [
      QUIRK.CGI_UNSYNCED,
      [{ body: card('ann', 'a') }],
      ({ shorts, served }) => [shorts[0], served.file('/var/cgi/objects/of-ann/Irolo__work')],
      ['200 done "1 cards\\n"', 'a\t1\n'],
      ['200 done "1 cards\\n"', undefined],
      { faults: [powerCut] },
    ],
  ];

  test.each(shown.map(row => [row[0], row] as const))('%s', (_, [quirk, hits, see, corrected, written, setup = {}]) => {
    expect([see(hit(hits, [], setup)), see(hit(hits, [quirk], setup))]).toEqual([corrected, written]);
  });

  test('all that the forked server has are shown', () => {
    expect(shown.map(([quirk]) => quirk)).toEqual(
      TRAPS.flatMap(({ side, quirk }) => (side === 'cgi' && quirk !== undefined ? [quirk] : [])),
    );
  });
});
