/** The command line of the client of Rover, and the lines that it prints. */
import { describe, expect, test } from 'vitest';
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import { clientOptions, requestOf } from '../../../src/impl/rover/client-options.ts';
import { escaped } from '../../../src/impl/rover/client-program.ts';
import { requestBytes, requestProblem } from '../../../src/impl/rover/client-request.ts';
import { BODY_MAX } from '../../../src/impl/rover/wire.ts';

const RIGHT = ['--server=127.0.0.1:9090', '--user=ann', '--host=laptop', '--state=/s'] as const;
const without = (name: string): readonly string[] => RIGHT.filter(each => !each.startsWith(`--${name}=`));

test('what is given', () => {
  const given = clientOptions([...RIGHT, '--auth=s', '--window=64', '--send=EXPORT Irolo__a x\ty  z']);
  expect(given).toEqual({
    client: {
      server: { transport: 'tcp', address: '127.0.0.1', port: 9090 },
      user: 'ann',
      host: 'laptop',
      auth: 's',
      state: '/s',
      window: 64,
    },
    requests: [{ command: 'EXPORT', object: 'Irolo__a', data: utf8('x\ty  z') }],
  });
});

test.each([
  [without('server'), '--server= is missing'],
  [without('user'), '--user= is missing'],
  [without('host'), '--host= is missing'],
  [without('state'), '--state= is missing'],
  [[...without('server'), '--server=example.org:80'], 'give an IPv4 address and a port'],
  [[...without('server'), '--server=127.0.0.1:0'], 'give an IPv4 address and a port'],
  [[...without('server'), '--server=127.0.0.1:65536'], 'give an IPv4 address and a port'],
  [[...without('user'), '--user=ann/..'], 'USER ann/..'],
  [[...without('host'), `--host=${'h'.repeat(65)}`], 'HOST hhh'],
  [[...RIGHT, '--window=0'], 'a number from 1 to 64'],
  [[...RIGHT, '--window=65'], 'a number from 1 to 64'],
  [[...RIGHT, `--auth=${'a'.repeat(1_025)}`], 'AUTH of 1025 bytes'],
  [[...RIGHT, `--send=EXPORT ${'o'.repeat(256)}`], 'OBJECT of 256 bytes'],
  [[...RIGHT, '--send=EXPORT a\0b'], 'NUL in the value of OBJECT'],
  [[...RIGHT, '--again'], '--again: no such option'],
] as const)('%j: %s', (args, problem) => {
  expect(clientOptions(args)).toHaveProperty('problem', expect.stringContaining(problem));
});

describe('a request', () => {
  test.each([
    ['TESTNULL', ['TESTNULL', '', '']],
    ['IMPORTDATA Irolo__a', ['IMPORTDATA', 'Irolo__a', '']],
    ['TESTECHO  two  blanks', ['TESTECHO', '', 'two  blanks']],
    ['EXPORT Irolo__a a\tb\nc d', ['EXPORT', 'Irolo__a', 'a\tb\nc d']],
  ])('%j', (text, [command, object, data = '']) => {
    expect(requestOf(text)).toEqual({ command, object, data: utf8(data) });
  });

  const sender = { user: 'ann', host: 'laptop', epoch: 3, auth: 's&t' };
  test('as it is sent', () => {
    const entry = { number: 7, request: requestOf('EXPORT Irolo__a x y'), stage: 'request' } as const;
    const [head, body = ''] = textOf(requestBytes(sender, entry, 4)).split('\r\n\r\n');
    expect(head?.split('\r\n')).toEqual([
      'POST /rover HTTP/1.0',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
    ]);
    expect(body).toBe('USER=ann&HOST=laptop&EPOCH=3&MSGID=7&ACKED=4&AUTH=s%26t&COMMAND=EXPORT&OBJECT=Irolo__a&DATA=x+y');
    expect(textOf(requestBytes(sender, { ...entry, stage: 'substitute' }, 0))).toMatch(/MSGID=7&AUTH=s%26t&COMMAND=TESTNULL$/);
  });

  test('of so many bytes at the most, with the longest numbers', () => {
    const fits = (length: number) => requestProblem(sender, { command: 'TESTECHO', object: '', data: new Uint8Array(length).fill(0x61) });
    const overhead =
      'USER=ann&HOST=laptop&EPOCH=9007199254740991&MSGID=9007199254740991&ACKED=9007199254740991&AUTH=s%26t&COMMAND=TESTECHO&DATA='.length;
    expect(fits(BODY_MAX - overhead)).toBeUndefined();
    expect(fits(BODY_MAX - overhead + 1)).toBe(`a request of ${BODY_MAX + 1} bytes; at most ${BODY_MAX}`);
  });
});

test.each([
  [utf8('two cards\n'), 'two cards\\n'],
  [utf8('a\tb\\n\r\u0000\u007f\u2028é'), 'a\\tb\\\\n\\r\\x00\\x7f\\u{2028}é'],
  [Uint8Array.of(0x61, 0xff, 0x0a), 'a\\xff\\n'],
])('a body in a line: %s', (body, line) => expect(escaped(body)).toBe(line));
