/** What a daemon leaves behind that nobody asked for: temporary files, and lines of the log without end. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { every, violated } from './small.ts';

describe('no-temporary-left', () => {
  const at =
    (delay: number, act: (host: Host) => void): Daemon =>
    host =>
      void host.clock.setTimer(millis(delay), () => act(host));
  const write = ({ storage }: Host, path: string): void => void storage.write(path, utf8('x'));

  test.each(['/s/state.new', '/s/state.tmp', '/s/tmp.77', '/s/.state.part', '/s/state~', '/s/x-temp-12', '/s/draft'])(
    '%s looks temporary',
    path => {
      expect(violated(at(1, host => write(host, path)))).toEqual([
        `no-temporary-left: ${path}, which m/it.100 wrote at event 4, is still there under its temporary name`,
      ]);
    },
  );
  test.each(['/s/state', '/s/temperature', '/s/renewed', '/s/party', '/s/12'])('%s does not', path => {
    expect(violated(at(1, host => write(host, path)))).toEqual([]);
  });

  test('what is renamed or removed is not left', () => {
    const tidy = (host: Host): void => {
      write(host, '/s/a.new');
      host.storage.rename('/s/a.new', '/s/a');
      write(host, '/s/b.new');
      host.storage.unlink('/s/b.new');
    };
    expect(violated(at(1, tidy))).toEqual([]);
  });

  test('a name is temporary from which a file was renamed, whatever its numbers', () => {
    const keepsOne = (host: Host): void => {
      write(host, '/s/spool/1');
      write(host, '/s/spool-1');
      host.storage.rename('/s/spool-1', '/s/spool');
      write(host, '/s/spool-2');
    };
    expect(violated(at(1, keepsOne))).toEqual([expect.stringContaining('/s/spool-2, which m/it.100 wrote')]);
  });

  test.each([
    ['a log that begins anew', '/s/log', '/s/log.1', '/s/log'],
    ['a message that nobody understands', '/s/queue/1', '/s/queue/1.bad', '/s/queue/2'],
    ['a message that was dealt with', '/s/queue/1', '/s/done/1', '/s/queue/2'],
  ])('%s is put aside, and the next has its own name', (_what, path, to, next) => {
    const puts = (host: Host): void => {
      write(host, path);
      host.storage.rename(path, to);
      write(host, next);
    };
    expect(violated(at(1, puts))).toEqual([]);
  });

  test('who is killed leaves one, which his successor finds', () => {
    const dies =
      (name: (pid: number) => string): Daemon =>
      host => {
        write(host, name(host.process.pid));
        host.clock.setTimer(millis(10), () => host.process.kill(host.process.pid, 'SIGKILL'));
      };
    const twice: Daemon = host => {
      host.process.spawn('child', []);
      host.clock.setTimer(millis(500), () => host.process.spawn('child', []));
    };
    expect(violated(twice, {}, { child: dies(() => '/s/a.new') })).toEqual([]);
    expect(violated(twice, {}, { child: dies(pid => `/s/a.${pid}.new`) })).toEqual([
      'no-temporary-left: /s/a.101.new of m/child.101 and /s/a.102.new of m/child.102 are left: each such accident leaves one more',
    ]);
  });

  test('what a failing call leaves is the disk’s doing once, and a leak when each failure leaves another', () => {
    const renames =
      (names: readonly string[]): Daemon =>
      host => {
        for (const name of names) {
          write(host, name);
          host.storage.rename(name, '/nowhere/state');
        }
      };
    expect(violated(renames(['/s/a.new', '/s/a.new']))).toEqual([]);
    expect(violated(renames(['/s/1.new', '/s/2.new']))).toEqual([
      'no-temporary-left: /s/1.new of m/it.100 and /s/2.new of m/it.100 are left: each such accident leaves one more',
    ]);
  });

  test('what was begun just now is not left yet', () => {
    const begins =
      (delay: number): Daemon =>
      host => {
        every(host, millis(100), () => {});
        at(delay, () => write(host, '/s/a.new'))(host);
      };
    expect(violated(begins(16_500))).toEqual([]);
    expect(violated(begins(14_000))).toEqual([expect.stringContaining('/s/a.new')]);
  });
});

describe('no-log-flood', () => {
  const says =
    (lines: number): Daemon =>
    host =>
      void host.clock.setTimer(millis(1), () => {
        for (let each = 0; each < lines; each++) host.log('info', 'again', { each });
      });

  test('more than 32 lines for one thing that happens', () => {
    expect(violated(says(32))).toEqual([]);
    expect(violated(says(33))).toEqual(['no-log-flood: m/it.100 logs more than 32 lines for what came at event 3']);
    expect(violated(says(33), { housekeeping: { prints: ['it'] } })).toEqual([]);
  });

  test('more than 1000 lines in one second, whatever for', () => {
    const often =
      (lines: number): Daemon =>
      host =>
        every(host, millis(10), () => {
          for (let each = 0; each < lines; each++) host.log('info', 'again', {});
        });
    expect(violated(often(9))).toEqual([]);
    expect(violated(often(11))).toEqual([expect.stringMatching(/^no-log-flood: m\/it\.100 logs more than 1000 lines in second \d+$/)]);
  });
});
