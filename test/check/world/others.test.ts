/** Useless timers, promises before their sync, signals to the dead: daemons with the mistake and without. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Listener, Stream } from '../../../src/host/host.ts';
import type { Result } from '../../../src/host/result.ts';
import { millis } from '../../../src/host/time.ts';
import { every, HERE, HOUR, streamOf, violated } from './small.ts';

describe('timers-act', () => {
  const judged = { housekeeping: { programs: { it: { holds: { timers: 1 }, idleTimers: [millis(7)] } } } };
  const later =
    (delay: number, act: (host: Host) => void): Daemon =>
    host =>
      void host.clock.setTimer(millis(delay), () => act(host));

  test('a timer that does nothing is useless, but for one of the lengths that may', () => {
    const useless = ['timers-act: the timer that fired at event 3 did nothing: m/it.100 had no use for it any more'];
    expect(
      violated(
        later(5, () => {}),
        judged,
      ),
    ).toEqual(useless);
    expect(
      violated(
        later(5, host => void host.clock.monotonic()),
        judged,
      ),
    ).toEqual(useless);
    expect(
      violated(
        later(7, () => {}),
        judged,
      ),
    ).toEqual([]);
    expect(violated(later(5, () => {}))).toEqual([]);
  });

  const ACTS: Readonly<Record<string, (host: Host) => void>> = {
    'a line of the log': host => host.log('info', 'acts'),
    'a look at a file': host => void host.storage.stat('/'),
    'another timer': host => void host.clock.setTimer(HOUR, () => {}),
    'its end': host => void host.process.exit(0),
  };
  test.each(Object.entries(ACTS))('%s is something', (_, act) => {
    expect(violated(later(5, act), judged)).toEqual([]);
  });

  test('two that are due at once are two', () => {
    const two: Daemon = host => {
      host.clock.setTimer(millis(5), () => {});
      host.clock.setTimer(millis(5), () => host.log('info', 'acts'));
    };
    expect(violated(two, judged)).toEqual([expect.stringContaining('at event 4 did nothing')]);
  });
});

describe('durable-before-told', () => {
  const told = { housekeeping: { directories: { '/s/kept': 'told', '/s/made': 'told' } } } as const;
  const whole = { housekeeping: { directories: { '/s/kept': 'whole' } } } as const;
  const FILE = '/s/kept/file';
  const DRAFT = '/s/kept/draft';
  type Step = (host: Host) => void;
  const write =
    (path: string): Step =>
    ({ storage }) =>
      void storage.write(path, utf8('x'));
  const sync =
    (path: string): Step =>
    ({ storage }) =>
      void storage.sync(path);
  const make =
    (path: string): Step =>
    ({ storage }) =>
      void storage.makeDirectory(path);
  const IN = '/s/kept/d/file';
  const rename: Step = ({ storage }) => void storage.rename(DRAFT, FILE);
  const unlink: Step = ({ storage }) => void storage.unlink(DRAFT);
  const tell: Step = host => {
    const pipe = host.descriptors.pipe();
    const out = pipe.ok ? host.descriptors.attach(pipe.value.write, 'write', { data: () => {} }) : pipe;
    if (out.ok) out.value.write(utf8('done'));
  };
  const does =
    (...steps: readonly Step[]): Daemon =>
    host => {
      for (const step of steps) step(host);
    };

  test.each<[string, readonly Step[]]>([
    ['the content, then the name', [write(DRAFT), sync(DRAFT), rename, sync('/s/kept'), tell]],
    ['a draft that is thrown away', [write(DRAFT), unlink, tell]],
    ['what lies elsewhere', [write('/s/other'), tell]],
    ['what is told before', [tell, write(FILE)]],
    ['a failure, which is told', [write(FILE), write('/nowhere/file'), tell]],
    ['an end with another status', [write(FILE), host => void host.process.exit(1)]],
    ['what was there before', [write(FILE), sync(FILE), sync('/s/kept'), write(FILE), sync(FILE), tell]],
    ['a directory', [make('/s/kept/d'), sync('/s/kept'), tell]],
    ['a new place for all', [make('/s/made'), sync('/s'), write('/s/made/file'), sync('/s/made/file'), sync('/s/made'), tell]],
    ['what is in a directory that is synced itself', [make('/s/kept/d'), sync('/s/kept'), write(IN), sync(IN), sync('/s/kept/d'), tell]],
    [
      'a directory above, of which nothing is kept',
      [make('/s/other'), write('/s/other/file'), write(FILE), sync(FILE), sync('/s/kept'), tell],
    ],
  ])('%s', (_, steps) => {
    expect(violated(does(...steps), told)).toEqual([]);
  });

  test.each<[string, readonly Step[], string]>([
    [
      'a content that is not synced',
      [write(FILE), tell],
      'm/it.100 says something, or ends well, before the content of /s/kept/file is synced',
    ],
    [
      'a new name',
      [write(FILE), sync(FILE), tell],
      'm/it.100 says something, or ends well, before /s/kept is synced, so that /s/kept/file may be lost',
    ],
    ['a name after a rename', [write(DRAFT), sync(DRAFT), sync('/s/kept'), rename, tell], 'before /s/kept is synced, so that /s/kept/file'],
    ['a directory that was there', [write(FILE), make('/s/kept'), tell], 'before the content of /s/kept/file is synced'],
    [
      'a directory in which all is synced, and which may go itself',
      [make('/s/made'), write('/s/made/file'), sync('/s/made/file'), sync('/s/made'), tell],
      'before /s is synced, so that /s/made may be lost',
    ],
    ['a directory', [make('/s/kept/d'), tell], 'before /s/kept is synced, so that /s/kept/d'],
    ['an end with status 0', [write(FILE), host => void host.process.exit(0)], 'before the content of /s/kept/file is synced'],
    ['a draft that is renamed unsynced', [write(DRAFT), rename], 'renames /s/kept/draft to /s/kept/file before its content is synced'],
    ['a write after the sync', [write(FILE), sync(FILE), sync('/s/kept'), write(FILE), tell], 'before the content of /s/kept/file'],
  ])('%s', (_, steps, why) => {
    expect(violated(does(...steps), told)).toEqual([expect.stringMatching(`^durable-before-told: .*${why}`)]);
  });

  test('where a file is only whole, nothing else has to be synced', () => {
    expect(violated(does(write(DRAFT), sync(DRAFT), rename, tell), whole)).toEqual([]);
    expect(violated(does(write(FILE), tell), whole)).toEqual([]);
    expect(violated(does(write(DRAFT), rename), whole)).toEqual([expect.stringContaining('before its content is synced')]);
  });
});

describe('no-signal-to-reaped', () => {
  const child: Daemon = host => host.clock.setTimer(millis(10), () => host.process.exit(0));
  const signals =
    (signal: 'SIGTERM' | 0, reaps: boolean): Daemon =>
    host => {
      const spawned = host.process.spawn('child', []);
      if (!spawned.ok) return;
      if (reaps) host.process.wait(() => {});
      host.clock.setTimer(millis(500), () => host.process.kill(spawned.value, signal));
    };

  test('a pid is nobody’s once it was waited for', () => {
    expect(violated(signals('SIGTERM', true), {}, { child })).toEqual([
      'no-signal-to-reaped: m/it.100 sends SIGTERM to 101, which it has waited for',
    ]);
    expect(violated(signals(0, true), {}, { child })).toEqual([]);
    expect(violated(signals('SIGTERM', false), {}, { child })).toEqual([]);
  });
});

describe('ends-once-told', () => {
  const told =
    (act: (host: Host) => void, signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' = 'SIGTERM'): Daemon =>
    host => {
      host.signals.handle(signal, () => act(host));
      every(host, millis(1_000), () => {});
      host.clock.setTimer(millis(10), () => host.process.kill(host.process.pid, signal));
    };
  const later =
    (delay: number): ((host: Host) => void) =>
    host =>
      void host.clock.setTimer(millis(delay), () => host.process.exit(0));
  const bound = { housekeeping: { programs: { it: { holds: { timers: 3 }, endsWithin: millis(300) } } } };
  const LATE = /^ends-once-told: m\/it\.100 got SIG(TERM|INT) at event \d+, and ended at /;

  test('who is told ends, sooner or later', () => {
    expect(violated(told(() => {}))).toEqual([
      expect.stringMatching(/^ends-once-told: m\/it\.100 got SIGTERM at event \d+, and has not ended$/),
    ]);
    expect(violated(told(() => {}, 'SIGINT'))).toEqual([expect.stringContaining('got SIGINT')]);
    expect(violated(told(() => {}, 'SIGHUP'))).toEqual([]);
    expect(violated(told(later(500)))).toEqual([]);
  });

  test('within a bound where there is one, counted from the healing', () => {
    expect(violated(told(later(90)), bound)).toEqual([]);
    expect(violated(told(later(1_040)), bound)).toEqual([]);
    expect(violated(told(later(5_000)), bound)).toEqual([expect.stringMatching(LATE)]);
  });

  test('and accepts nobody any more', () => {
    const accepting =
      (closes: boolean): Daemon =>
      host => {
        let listener: Listener | undefined;
        const opened = (result: Result<Listener>): void => {
          if (result.ok) listener = result.value;
        };
        host.network.listen(HERE, { backlog: 1 }, { opened, accept: () => ({ data: () => {} }) });
        host.signals.handle('SIGTERM', () => {
          if (closes) listener?.close();
          later(500)(host);
        });
        host.clock.setTimer(millis(10), () => host.process.kill(host.process.pid, 'SIGTERM'));
        host.clock.setTimer(millis(20), () => host.network.connect(HERE, {}, () => ({ data: () => {} })));
      };
    expect(violated(accepting(false))).toEqual([expect.stringMatching(/^ends-once-told: .* got SIGTERM at event \d+, and accepts /)]);
    expect(violated(accepting(true))).toEqual([]);
  });
});

describe('what the world refuses', () => {
  test('a write to a stream that is over, by whomever', () => {
    const writes =
      (after: (host: Host, stream: Stream) => void): Daemon =>
      host => {
        host.network.listen(HERE, { backlog: 1 }, { opened: () => {}, accept: stream => ({ data: () => stream.close() }) });
        host.network.connect(HERE, {}, result => {
          const stream = streamOf(result);
          stream.write(utf8('x'));
          after(host, stream);
          return { data: () => {}, end: () => stream.end() };
        });
      };
    const late = (host: Host, stream: Stream): void => void host.clock.setTimer(millis(500), () => stream.write(utf8('x')));
    expect(violated(writes(() => {}))).toEqual([]);
    expect(violated(writes(late))).toEqual(['no-bug: m/it.100 threw: Error: write after end']);
    expect(
      violated(
        writes((host, stream) => {
          stream.close();
          late(host, stream);
        }),
      ),
    ).toEqual(['no-bug: m/it.100 threw: Error: write after close']);
  });

  test('a call after the end, whatever is caught', () => {
    let went = 0;
    const stubborn: Daemon = host => {
      const tries = (act: () => void): void => {
        try {
          act();
        } catch {
          went++;
        }
      };
      tries(() => host.process.exit(0));
      for (let each = 0; each < 3; each++) tries(() => host.log('info', 'still here'));
    };
    expect(violated(stubborn)).toEqual([]);
    expect(went).toBe(4);
  });
});

test('an exemption is no property', () => {
  const leaks: Daemon = host => every(host, millis(1_000), () => void host.clock.setTimer(HOUR, () => {}));
  expect(violated(leaks).length).toBe(1);
  expect(violated(leaks, { exempt: { 'no-leak': 'It is a leak by design.' } })).toEqual([]);
});
