/** utmp, as glibc writes it on Linux. */
import { expect, it } from 'vitest';
import { encodeUtmp, parseUtmp } from '../../src/node/utmp.ts';

const SIZE = 384;
const USER_PROCESS = 7;
const BOOT_TIME = 2;

function record(type: number, line: string, user: string, seconds: number): Buffer {
  const bytes = Buffer.alloc(SIZE);
  bytes.writeInt16LE(type, 0);
  bytes.write(line, 8, 32, 'latin1');
  bytes.write(user, 44, 32, 'latin1');
  bytes.writeInt32LE(seconds, 340);
  bytes.writeInt32LE(250_000, 344);
  return bytes;
}

it('gives the people who are logged in, and nobody else', () => {
  const file = Buffer.concat([
    record(BOOT_TIME, '~', 'reboot', 1_700_000_000),
    record(USER_PROCESS, 'slipway/none', 'ada', 1_700_000_100),
    record(USER_PROCESS, 'slipway/none', '', 1_700_000_200),
  ]);
  expect(parseUtmp(file)).toEqual([{ line: 'slipway/none', user: 'ada', since: 1_700_000_100_250_000, idle: undefined }]);
});

it('takes names that fill their field, bytes above 127, and leaves a record that is being written alone', () => {
  const long = 'ü'.repeat(40);
  const file = Buffer.concat([record(USER_PROCESS, long, long, 1), record(USER_PROCESS, 'x', 'y', 2).subarray(0, SIZE - 1)]);
  const [login, ...rest] = parseUtmp(file);
  expect(rest).toEqual([]);
  expect(login?.user).toBe('ü'.repeat(32));
  expect(login?.line).toBe('ü'.repeat(32));
});

it('looks at no node outside /dev', () => {
  const idle = (line: string): unknown => parseUtmp(record(USER_PROCESS, line, 'ada', 1))[0]?.idle;
  expect(idle('null')).toBeTypeOf('number');
  expect(idle('../etc/passwd')).toBeUndefined();
  expect(idle('/etc/passwd')).toBeUndefined();
  expect(idle('.')).toBeTypeOf('number');
});

it('reads what it writes, cut to the fields', () => {
  const people = [
    { line: 'pts/0', user: 'ada', since: 1_700_000_100 },
    { line: 'l'.repeat(40), user: 'u'.repeat(40), since: 4_000_000_000 },
  ];
  const read = parseUtmp(encodeUtmp(people));
  expect(read.map(({ line, user, since }) => [line.length, user.length, since / 1e6])).toEqual([
    [5, 3, 1_700_000_100],
    [32, 32, 4_000_000_000],
  ]);
});
