/** Lines, texts, times and the two configuration files, with hostile inputs. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import { instantOf } from '../../../src/host/time.ts';
import { ctime } from '../../../src/impl/calendar/ctime.ts';
import { HOST_ID_MAX, HOSTS_MAX, hostAt, parseHostsTable } from '../../../src/impl/lonc/hosts-table.ts';
import { bytesOf, latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { LineReader } from '../../../src/impl/lonc/lines.ts';
import { parseSettings } from '../../../src/impl/lonc/settings.ts';
import { discreet, escapeArgument, lineOf, recorded, shown, unescapeArgument, wordsOf } from '../../../src/impl/lonc/wire.ts';

const every = Uint8Array.from({ length: 256 }, (_, index) => index);

/** The words of a reader: a text, or `!clause@offset`. */
function read(pieces: readonly Uint8Array[], limit = 16): readonly string[] {
  const reader = new LineReader(limit);
  return pieces
    .flatMap(piece => reader.push(piece))
    .map(event => (event.kind === 'line' ? event.text : `!${event.clause}@${event.offset}`));
}

describe('lines', () => {
  const stream = utf8('init\n\nping\r\nlast');

  test('every segmentation gives the same lines', () => {
    const whole = read([stream]);
    expect(whole).toEqual(['init', '', 'ping\r']);
    for (let cut = 0; cut <= stream.length; cut++) expect(read([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(whole);
    expect(read([...stream].map(byte => Uint8Array.of(byte)))).toEqual(whole);
  });

  test('a line may be as long as the limit, and no longer, ended or not', () => {
    expect(read([utf8('0123456789abcdef\nx\n')])).toEqual(['0123456789abcdef', 'x']);
    expect(read([utf8('ok\n0123456789abcdefg\nx\n')])).toEqual(['ok', '!L1@3']);
    expect(read([utf8('ok\n0123456789'), utf8('abcdefg'), utf8('h\n')])).toEqual(['ok', '!L1@3']);
  });

  test('offsets count the line feeds', () => {
    const reader = new LineReader(16);
    const offsets = [...reader.push(utf8('a\n\nbc\n')), ...reader.push(utf8('d\n'))].map(event => event.offset);
    expect(offsets).toEqual([0, 2, 3, 6]);
  });

  test('what did not end', () => {
    const reader = new LineReader(16);
    reader.push(utf8('a\npart'));
    expect(reader.buffered).toBe(4);
    expect(reader.rest()).toBe('part');
    expect(reader.rest()).toBe('');
  });

  test('all bytes', () => {
    expect(bytesOf(latin1Of(every))).toEqual(every);
    const lines = every.filter(byte => byte !== 10);
    expect(bytesOf(read([lines, Uint8Array.of(10)], 300)[0] ?? '')).toEqual(lines);
    expect(() => bytesOf('€')).toThrow('U+20ac');
    expect(latin1Of(new Uint8Array(100_000)).length).toBe(100_000);
  });
});

describe('texts', () => {
  test('a text with a line feed is never sent', () => {
    expect(() => lineOf('ping\nexit')).toThrow('one line');
    expect(lineOf('')).toEqual(Uint8Array.of(10));
  });

  test('what lond compares', () => {
    expect(wordsOf(' in-it\r')).toBe('init');
    expect(wordsOf('é:1_2')).toBe('1_2');
  });

  test('what a log shows', () => {
    expect(discreet('encrypt:passwd:dom:me:secret')).toBe('encrypt:<20 bytes>');
    // Refused by a lond, and written in a log for good if it is shown.
    expect(discreet('passwd:dom:me:secret')).toBe('passwd:<13 bytes>');
    expect(recorded('makeuser:dom:me:secret')).toBe('makeuser:<13 bytes>');
    expect([discreet('auth'), discreet('author:x'), recorded('put:a')]).toEqual(['auth<0 bytes>', 'author:x', 'put:a']);
    expect(shown('a\nb\u001b[31m')).toBe('a\\u{a}b\\u{1b}[31m');
    expect(shown('x'.repeat(1_000)).length).toBe(201);
  });

  test('escapes', () => {
    const text = latin1Of(every);
    expect(unescapeArgument(escapeArgument(text))).toBe(text);
    expect(escapeArgument('a:b&c=d\n')).toBe('a%3Ab%26c%3Dd%0A');
    expect(unescapeArgument('%4')).toBe('%4');
    expect(() => escapeArgument('€')).toThrow('U+20ac');
  });
});

test.each([
  [0, 'Thu Jan  1 00:00:00 1970'],
  [951_827_696, 'Tue Feb 29 12:34:56 2000'],
  [1_022_562_729, 'Tue May 28 05:12:09 2002'],
  [4_107_542_399, 'Sun Feb 28 23:59:59 2100'],
  [4_107_542_400, 'Mon Mar  1 00:00:00 2100'],
  [-1, 'Wed Dec 31 23:59:59 1969'],
])('ctime of %i', (second, text) => {
  expect(ctime(instantOf(second * 1_000_000))).toBe(text);
  expect(new Date(second * 1_000).toUTCString()).toContain(text.slice(11, 19));
});

test('ctime agrees with the platform on every 11th day of four centuries', () => {
  for (let day = 0; day < 146_100; day += 11) {
    const date = new Date(day * 86_400_000);
    const [week, month] = [date.toUTCString().slice(0, 3), date.toUTCString().slice(8, 11)];
    expect(ctime(instantOf(day * 86_400_000_000))).toBe(
      `${week} ${month} ${String(date.getUTCDate()).padStart(2)} 00:00:00 ${date.getUTCFullYear()}`,
    );
  }
});

describe('hosts.tab', () => {
  const problems = (text: string): readonly number[] => parseHostsTable(text).problems.map(problem => problem.line);

  test('fields, comments, CR LF', () => {
    const { hosts, problems } = parseHostsTable(
      '# x:a:b:c:1.2.3.4\r\n\r\nmsul1:msu:library:zaphod:10.0.0.1\r\nb.2:d:access:n:10.0.0.2:more:x\n',
    );
    expect(problems).toEqual([]);
    expect([...hosts.values()]).toEqual([
      { id: 'msul1', name: 'zaphod', address: '10.0.0.1' },
      { id: 'b.2', name: 'n', address: '10.0.0.2' },
    ]);
    expect(hostAt(hosts, '10.0.0.2')).toBe('b.2');
    expect(hostAt(hosts, '10.0.0.3')).toBeUndefined();
  });

  test.each([
    ['a:b:c:d'],
    ['../x:b:c:d:1.2.3.4'],
    ['.x:b:c:d:1.2.3.4'],
    [':b:c:d:1.2.3.4'],
    ['a b:b:c:d:1.2.3.4'],
    [`${'a'.repeat(HOST_ID_MAX + 1)}:b:c:d:1.2.3.4`],
    ['a:b:c:d:'],
    ['a:b:c:d:1.2.3.256'],
    ['a:b:c:d:1.2.3.4 '],
    ['a:b:c:d:host.name'],
    [`a:b:c:d:1.2.3.4:${'x'.repeat(5_000)}`],
    ['x:b:c:d:1.2.3.4\nx:b:c:d:1.2.3.4'],
  ])('%s is a problem of its line', text => {
    const lines = `ok:d:r:n:10.0.0.9\n${text}\n`.split('\n').length - 1;
    expect(problems(`ok:d:r:n:10.0.0.9\n${text}\n`)).toEqual([lines]);
  });

  test('the number of hosts has a limit, and one problem says so', () => {
    const many = Array.from({ length: HOSTS_MAX + 10 }, (_, index) => `h${index}:d:r:n:10.0.0.1`).join('\n');
    const parsed = parseHostsTable(many);
    expect(parsed.hosts.size).toBe(HOSTS_MAX);
    expect(parsed.problems.map(problem => problem.line)).toEqual([HOSTS_MAX + 1]);
  });
});

describe('loncapa.conf', () => {
  const good = ['lonHostID a', 'lonDaemons /d', 'lonTabDir /t', 'lonSockDir /s', 'lonDocRoot /w'].map(text => `PerlSetVar ${text}\n`);

  test('variables among other directives', () => {
    const { settings, problems } = parseSettings(
      `# PerlSetVar x\nListen 80\r\n${good.join('')}  PerlSetVar\tlondPort 17\nPerlSetVar lonHostID b\r\n`,
    );
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      lonHostID: 'b',
      lonDaemons: '/d',
      lonTabDir: '/t',
      lonSockDir: '/s',
      lonDocRoot: '/w',
      lonUsersDir: '/d/users',
      londPort: 17,
      lonTimePercent: 100,
    });
  });

  test.each([
    ['PerlSetVar', 6, true],
    ['PerlSetVar x', 6, true],
    ['PerlSetVar x a b', 6, true],
    ['PerlSetVar londPort 0', 6, false],
    ['PerlSetVar londPort 65536', 6, false],
    ['PerlSetVar londPort 1e3', 6, false],
    ['PerlSetVar lonSockDir ../s', 6, false],
    ['PerlSetVar lonTimePercent 0', 6, false],
    ['PerlSetVar lonTimePercent 101', 6, false],
    ['PerlSetVar lonTimePercent 2.0001', 6, false],
    ['PerlSetVar lonTimePercent 100.001', 6, false],
    ['PerlSetVar lonTimePercent .5', 6, false],
    ['PerlSetVar londPort 2.5', 6, false],
  ])('%s', (line, at, usable) => {
    const parsed = parseSettings(`${good.join('')}${line}\n`);
    expect(parsed.problems.map(problem => problem.line)).toEqual([at]);
    expect(parsed.settings !== undefined).toBe(usable);
  });

  test('a missing variable is named', () => {
    const { settings, problems } = parseSettings(good.slice(1).join(''));
    expect(settings).toBeUndefined();
    expect(problems).toEqual([{ line: 0, text: 'lonHostID is not set: add PerlSetVar lonHostID VALUE' }]);
  });
});
