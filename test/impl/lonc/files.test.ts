/** What is kept in files: delayed messages and users' namespaces, over a power cut and on a disk that fails. */
import { describe, expect, test } from 'vitest';
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { fail } from '../../../src/host/result.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { answerCommand } from '../../../src/impl/lonc/commands.ts';
import { delayedFiles, readDelayed, storeDelayed } from '../../../src/impl/lonc/delayed.ts';
import { DelayedRun } from '../../../src/impl/lonc/delayed-run.ts';
import { Journal } from '../../../src/impl/lonc/journal.ts';
import { delayedDirectory } from '../../../src/impl/lonc/places.ts';
import { parseSettings } from '../../../src/impl/lonc/settings.ts';
import { UserStore } from '../../../src/impl/lonc/user-store.ts';
import { REQUEST_MAX } from '../../../src/impl/lonc/wire.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import { World } from '../../../src/sim/world.ts';
import { confFor, run } from './bench.ts';

/** Runs `act` on a machine with a disk; again at every boot. */
function onDisk(act: (host: Host, boot: number) => void, faults: readonly Fault[] = [], seed = 's'): void {
  let boot = 0;
  let bug = '';
  const daemon: Daemon = host => act(host, ++boot);
  const sink = (event: { kind: string; data: Readonly<Record<string, unknown>> | undefined }): void => {
    if (event.kind === 'bug') bug = String(event.data?.['message']);
  };
  const world = new World({ seed, programs: { daemon }, sink });
  world.machine('m', { directories: ['/delayed'] }).start('daemon');
  world.inject(faults);
  world.run(instantOf(20_000_000), 10_000);
  if (bug !== '') throw new Error(bug);
}

const names = (host: Host, peer: string): readonly string[] => {
  const files = delayedFiles(host.storage, '/delayed', peer);
  return files.ok ? files.value : [];
};

describe('delayed messages', () => {
  test('what storeDelayed says it has kept survives a power cut, whole', () => {
    let kept: readonly string[] = [];
    onDisk(
      (host, boot) => {
        if (boot === 1)
          for (let count = 1; count <= 3; count++) storeDelayed(host, '/delayed', { command: `put:${count}`, peer: 'b', count });
        else kept = names(host, 'b').map(name => JSON.stringify(readDelayed(host.storage, `/delayed/${name}`)));
      },
      [{ kind: 'power-cut', at: seconds(1), duration: seconds(1), machine: 'm', unsynced: 'lost' }],
    );
    expect(kept).toEqual([1, 2, 3].map(count => `{"kind":"command","text":"put:${count}"}`));
  });

  test('two messages that have all of a name in common are two, in the order in which they were kept', () => {
    let kept: readonly string[] = [];
    onDisk(host => {
      for (const command of ['put:a:b:c:value=1', 'put:a:b:c:value=2', 'put:a:b:c:value=3'])
        storeDelayed(host, '/delayed', { command, peer: 'b', count: 1 });
      kept = names(host, 'b').map(name => JSON.stringify(readDelayed(host.storage, `/delayed/${name}`)));
    });
    expect(kept).toEqual([1, 2, 3].map(value => `{"kind":"command","text":"put:a:b:c:value=${value}"}`));
  });

  test('nothing of a secret is in the name', () => {
    let kept = '';
    onDisk(host => {
      for (const command of ['auth', 'encrypt:a:secret', 'passwd:secret']) storeDelayed(host, '/delayed', { command, peer: 'b', count: 1 });
      kept = names(host, 'b')
        .map(name => name.split('.').slice(-2, -1).join())
        .join();
    });
    expect(kept).toBe('auth,encrypt,passwd');
  });

  test('on a full disk it says so, and leaves nothing', () => {
    let result = 'not run';
    onDisk(
      host => {
        host.clock.setTimer(seconds(2), () => {
          const stored = storeDelayed(host, '/delayed', { command: 'put', peer: 'b', count: 1 });
          const left = host.storage.list('/delayed');
          result = `${stored.ok ? 'ok' : stored.error.code} ${left.ok ? left.value.length : '?'}`;
        });
      },
      [{ kind: 'disk-full', at: seconds(1), duration: seconds(9), machine: 'm' }],
    );
    expect(result).toBe('ENOSPC 0');
  });

  test.each([
    ['1.2.3.put.b', 'b'],
    ['1.put.b', 'b'],
    ['1.2.3..a.b', 'a.b'],
    ['1.2.3.put.b.bad', 'b.bad'],
    ['.7.1', ''],
    ['put.b', ''],
    ['x.put.b', ''],
    ['1.b', ''],
    ['1.pu-t.b', ''],
    ['9999999999999.put.b', ''],
  ])('%s is for %j', (name, peer) => {
    const found: string[] = [];
    onDisk(host => {
      host.storage.write(`/delayed/${name}`, utf8('x\n'));
      for (const candidate of ['b', 'a.b', 'b.bad', '1', 't.b']) if (names(host, candidate).length > 0) found.push(candidate);
    });
    expect(found.join()).toBe(peer);
  });

  test('a command that is too long is no message', () => {
    let kind = '';
    onDisk(host => {
      host.storage.write('/delayed/1.a.b', new Uint8Array(REQUEST_MAX + 2).fill(0x61));
      kind = readDelayed(host.storage, '/delayed/1.a.b').kind;
    });
    expect(kind).toBe('malformed');
  });
});

type Call = 'read' | 'sync';

/** The same Host, whose disk fails a number of times at one call about one path. */
function failing(host: Host, call: Call, path: string, times = 1): Host {
  let left = times;
  const fails = (now: Call, asked: string): boolean => now === call && asked === path && left-- > 0;
  const { clock, network, descriptors, process, signals, system, random, log, storage } = host;
  const others = {
    write: storage.write.bind(storage),
    append: storage.append.bind(storage),
    rename: storage.rename.bind(storage),
    unlink: storage.unlink.bind(storage),
    makeDirectory: storage.makeDirectory.bind(storage),
    list: storage.list.bind(storage),
    stat: storage.stat.bind(storage),
  };
  const read: Host['storage']['read'] = asked => (fails('read', asked) ? fail('EIO', `read ${asked}`) : storage.read(asked));
  const sync: Host['storage']['sync'] = asked => (fails('sync', asked) ? fail('EIO', `sync ${asked}`) : storage.sync(asked));
  return { clock, network, descriptors, process, signals, system, random, log, storage: { ...others, read, sync } };
}

describe('a message that could not be kept', () => {
  test('is not sent after all: its sender was told con_failed', () => {
    let left: readonly string[] = ['not run'];
    onDisk(host => {
      const stored = storeDelayed(failing(host, 'sync', '/delayed'), '/delayed', { command: 'put', peer: 'b', count: 1 });
      expect(stored.ok).toBe(false);
      left = names(host, 'b');
    });
    expect(left).toEqual([]);
  });
});

describe("users' files", () => {
  const put = (host: Host, value: string): string =>
    answerCommand(`put:d:u:n:a=${value}`, { store: new UserStore(host.storage, '/users'), sessions: () => [0, 1] });

  test('a put is acknowledged when its directories are durable, whoever made them', () => {
    const said: string[] = [];
    onDisk(host => {
      const flaky = failing(host, 'sync', '/users', 2);
      said.push(put(flaky, '1'), put(flaky, '2'), put(flaky, '3'));
    });
    expect(said).toEqual(['error:EIO', 'error:EIO', 'ok']);
  });

  test('a log entry that was acknowledged is durable', () => {
    let kept = '';
    onDisk(
      (host, boot) => {
        if (boot === 1) kept = answerCommand('log:d:u:text', { store: new UserStore(host.storage, '/users'), sessions: () => [0, 1] });
        else {
          const file = host.storage.read('/users/d/u/activity.log');
          kept += file.ok ? textOf(file.value) : file.error.code;
        }
      },
      [{ kind: 'power-cut', at: seconds(1), duration: seconds(1), machine: 'm', unsynced: 'lost' }],
    );
    expect(kept).toBe('oktext\n');
  });

  test('of a put that failed nothing is left', () => {
    const said: string[] = [];
    onDisk(host => {
      said.push(put(host, '1'), put(failing(host, 'sync', '/users/d/u/n.db.new'), '2'));
      const left = host.storage.list('/users/d/u');
      said.push(...(left.ok ? left.value : ['?']));
    });
    expect(said).toEqual(['ok', 'error:EIO', 'n.db']);
  });
});

test('what is wrong in one of several configuration files is named by its own line', () => {
  const { trace } = run({
    before: host => void host.storage.write('/etc/more.conf', utf8('# more\nPerlSetVar odd\n')),
    start: 'gateway',
    args: ['--conf=/etc/more.conf'],
    until: 2,
  });
  const [problem] = trace.filter(event => event.kind === 'log' && event.data?.['event'] === 'configuration');
  expect([problem?.data?.['path'], problem?.data?.['line']]).toEqual(['/etc/more.conf', 2]);
});

describe('a run of delayed messages', () => {
  test('lets nothing overtake a message that cannot be read for now', () => {
    const seen: (string | undefined)[] = [];
    onDisk(host => {
      for (const directory of ['/d', '/d/logs', '/s', '/s/delayed']) host.storage.makeDirectory(directory);
      const { settings } = parseSettings(confFor('a'));
      if (settings === undefined) throw new Error('settings');
      for (let count = 1; count <= 2; count++)
        storeDelayed(host, delayedDirectory(settings), { command: `put:${count}`, peer: 'b', count });
      const files = delayedFiles(host.storage, delayedDirectory(settings), 'b');
      const flaky = failing(host, 'read', `${delayedDirectory(settings)}/${files.ok ? files.value[0] : ''}`);
      const delayed = new DelayedRun(flaky, { peer: 'b', settings }, new Journal(host, settings, 'lonc', 'a'), () => {});
      delayed.find();
      seen.push(delayed.next()?.command, delayed.next()?.command);
      delayed.find();
      seen.push(delayed.next()?.command, delayed.next()?.command);
    });
    expect(seen).toEqual([undefined, undefined, 'put:1', 'put:2']);
  });
});

describe('the journal', () => {
  test('one entry is one line, whatever it says', () => {
    let text = '';
    onDisk(host => {
      host.storage.makeDirectory('/d');
      host.storage.makeDirectory('/d/logs');
      const parsed = parseSettings(confFor('a')).settings;
      if (parsed === undefined) throw new Error('settings');
      const journal = new Journal(host, parsed, 'lonc', 'a');
      journal.status('two\nlines');
      journal.log('warning', 'x', 'a\nb\u001b[0m');
      journal.permanent('D', 'b', 'c\nd');
      for (const name of ['lonc.log', 'lonnet.perm.log']) {
        const file = host.storage.read(`/d/logs/${name}`);
        if (file.ok) text += textOf(file.value);
      }
    });
    const lines = text.split('\n');
    expect(lines.length).toBe(3);
    expect(lines[0]).toMatch(/two\\u\{a\}lines\]: <font color=blue>WARNING: a\\u\{a\}b\\u\{1b\}\[0m<\/font>$/);
    expect(lines[1]).toMatch(/^[0-9]+:D:b:c\\u\{a\}d:/);
  });
});

describe('commands', () => {
  const answer = (requests: readonly string[]): readonly string[] => {
    const replies: string[] = [];
    onDisk(host => {
      const store = new UserStore(host.storage, '/users');
      for (const request of requests) replies.push(answerCommand(request, { store, sessions: () => [3, 4] }));
    });
    return replies;
  };

  test('keys without values, values with equals signs, all kinds of bytes', () => {
    expect(answer(['put:d:u:n:a&b=c=d&%0A=\u00ff&=e', 'get:d:u:n:a&b&%0A&&z', 'keys:d:u:n', 'dump:d:u:n', 'load'])).toEqual([
      'ok',
      '&c=d&\u00ff&e&',
      'a&b&%0A&',
      'a=&b=c=d&%0A=\u00ff&=e',
      '75',
    ]);
  });

  test.each([
    ['put'],
    ['put:'],
    ['put:d:u'],
    ['put:d:u:n'],
    ['put:d:u:n:'],
    ['put:d:u:n:a=b:c'],
    ['put:../..:u:n:a=b'],
    ['put:d:.:n:a=b'],
    ['put:d:u:../x:a=b'],
    ['put:d:u:n/x:a=b'],
    [`put:d:${'u'.repeat(65)}:n:a=b`],
    [`put:d:u:n:${'a&'.repeat(5_000)}`],
    ['get:d:u:'],
    ['home:d'],
    ['log:d'],
  ])('%s is an error', request => expect(answer([request])[0]).toMatch(/^error:/));

  test.each([[''], ['constructor:x'], ['toString'], ['__proto__'], ['PUT:d:u:n:a=b'], ['put\r']])('%j is unknown', request =>
    expect(answer([request])).toEqual(['unknown_cmd']),
  );

  test('a put that was acknowledged survives a power cut; one that was not leaves the old or the new', () => {
    for (const unsynced of ['lost', 'torn', 'kept'] as const) {
      let reply = '';
      onDisk(
        (host, boot) => {
          const store = new UserStore(host.storage, '/users');
          const context = { store, sessions: () => [0, 1] as const };
          if (boot === 1) answerCommand('put:d:u:n:a=1&b=2', context);
          else reply = answerCommand('get:d:u:n:a&b', context);
        },
        [{ kind: 'power-cut', at: seconds(1), duration: seconds(1), machine: 'm', unsynced }],
        unsynced,
      );
      expect(reply).toBe('1&2');
    }
  });
});
