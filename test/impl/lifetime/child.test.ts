/** The child in a simulated world: its sequences, and each quirk beside what the corrected child does. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import { seconds } from '../../../src/host/time.ts';
import type { Bench, ChildRun, ChildSetup } from './bench.ts';
import { runChild } from './bench.ts';

const NORMAL = '0,0 0,1 p2p rpc 1,0 2,1 2,0';
/** TEST-NET-3: no machine here has it. */
const NOWHERE = '203.0.113.1:9108';

/** Runs, and closes the control pipe when `word` is heard. */
const closingAt = (word: string, setup: ChildSetup = {}): ChildRun =>
  runChild({ ...setup, heard: (heard, bench) => (heard === word ? bench.closeControl() : undefined) });

/** Runs, and closes the control pipe after two seconds. */
const closingLater = (setup: ChildSetup = {}): ChildRun =>
  runChild({
    ...setup,
    started: bench => {
      setup.started?.(bench);
      bench.host.clock.setTimer(seconds(2), () => bench.closeControl());
    },
  });

const seeds = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `seed ${index}`);

describe('sequences', () => {
  test('started, then its control pipe is closed', () => {
    expect(closingAt('1,0')).toMatchObject({ words: NORMAL, status: 'exit 0' });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s is the same', signal => {
    const run = runChild({ heard: (word, bench) => (word === '1,0' ? bench.kill(signal) : undefined) });
    expect(run).toMatchObject({ words: NORMAL, status: 'exit 0' });
  });

  test('SIGKILL leaves out the stops', () => {
    const run = runChild({ heard: (word, bench) => (word === '1,0' ? bench.kill('SIGKILL') : undefined) });
    expect(run).toMatchObject({ words: '0,0 0,1 p2p rpc 1,0', status: 'killed by SIGKILL' });
  });

  test.each([
    [['--norpc'], '0,0 0,1 p2p 1,0 2,1 2,0'],
    [['--nolisten'], '0,0 0,1 rpc 1,0 2,1 2,0'],
    [['--nolisten', '--norpc'], '0,0 0,1 1,0 2,1 2,0'],
    [['--listen=127.0.0.1:0', '--listen=127.0.0.1:0'], '0,0 0,1 p2p p2p rpc 1,0 2,1 2,0'],
  ])('%j', (args, words) => expect(closingAt('1,0', { args })).toMatchObject({ words, status: 'exit 0' }));

  test('addresses are those that listen', () => {
    const run = closingAt('1,0', { args: ['--listen=127.0.0.1:9108', '--rpclisten=127.0.0.1:9109'] });
    for (const address of ['127.0.0.1:9108', '127.0.0.1:9109']) {
      expect(run.trace.some(event => event.kind === 'listen' && event.data?.['at'] === address)).toBe(true);
      expect(run.bytes).toContain(Buffer.from(address).toString('hex'));
    }
  });

  test.each([
    [[`--listen=${NOWHERE}`], '0,0 0,1 2,0'],
    [[`--rpclisten=${NOWHERE}`], '0,0 0,1 p2p 2,0'],
  ])('%j cannot be bound: start-up ends with status 1', (args, words) =>
    expect(runChild({ args })).toMatchObject({ words, status: 'exit 1' }),
  );

  test.each([
    ['0,0', '0,0 2,0'],
    ['0,1', '0,0 0,1 p2p 2,0'],
    ['p2p', '0,0 0,1 p2p 2,0'],
    ['rpc', '0,0 0,1 p2p rpc 2,0'],
    ['1,0', NORMAL],
  ])('control pipe closed at %s', (word, words) => {
    expect(closingAt(word)).toMatchObject({ words, status: 'exit 0' });
  });

  test('a server that is not completed has stopped before 2,0', () => {
    const { trace } = closingAt('p2p', { args: ['--listen=127.0.0.1:9108'] });
    const closed = trace.findIndex(event => event.kind === 'close' && event.data?.['at'] === '127.0.0.1:9108');
    const last = trace.findLastIndex(event => event.kind === 'send' && event.process.includes('child'));
    expect(closed).toBeGreaterThan(0);
    expect(closed).toBeLessThan(last);
  });

  test('it runs until it is asked to stop', () => {
    expect(runChild()).toMatchObject({ words: '0,0 0,1 p2p rpc 1,0', status: 'running' });
  });

  test('control pipe closed before the start', () => {
    for (const seed of seeds(20)) {
      expect(runChild({ seed, before: bench => bench.closeControl() })).toMatchObject({ words: '0,0 2,0', status: 'exit 0' });
    }
  });

  test('data on the control pipe is discarded; its end stops the child', () => {
    const run = closingLater({ started: bench => bench.writeControl(new Uint8Array(5_600).fill(1)) });
    expect(run).toMatchObject({ words: NORMAL, status: 'exit 0' });
    const stop = run.trace.find(event => event.kind === 'log' && event.data?.['event'] === 'shutdown-requested');
    expect(stop?.time).toBeGreaterThan(2_000_000);
  });

  test('without pipes or events it runs all the same', () => {
    const kill = (bench: Bench): void => void bench.host.clock.setTimer(seconds(1), () => bench.kill('SIGTERM'));
    const stop = { started: kill };
    expect(runChild({ events: undefined, control: undefined, ...stop })).toMatchObject({ words: '', status: 'exit 0' });
    expect(closingLater({ flags: [] })).toMatchObject({ words: '', status: 'exit 0' });
    expect(closingLater({ flags: ['--lifetimeevents'] }).words).toBe('0,0 0,1 1,0 2,1 2,0');
    expect(closingLater({ flags: ['--boundaddrevents'] }).words).toBe('p2p rpc');
  });

  test('a child of 2016 speaks the table of the comment', () => {
    const run = closingAt('1,0', { args: ['--event-ids=comment'] });
    expect(run).toMatchObject({ words: '0,0 0,1 0,2 p2p rpc 1,0 2,2 2,1 2,0', status: 'exit 0' });
    expect(closingAt('0,0', { args: ['--event-ids=comment'] }).words).toBe('0,0 2,0');
    expect(closingAt('0,1', { args: ['--event-ids=comment'] }).words).toBe('0,0 0,1 2,1 2,0');
  });

  test('the database', () => {
    expect(closingAt('1,0', { args: ['--database=/var/blocks'] })).toMatchObject({ words: NORMAL, status: 'exit 0' });
    const unlinked = closingLater({
      args: ['--database=/var/blocks'],
      heard: (word, bench) => (word === '1,0' ? bench.host.storage.unlink('/var/blocks/blocks') : undefined),
    });
    expect(unlinked).toMatchObject({ words: NORMAL, status: 'exit 1' });
    const run = runChild({ args: ['--database=/missing/blocks'] });
    expect(run).toMatchObject({ words: '0,0', status: 'exit 1' });
    expect(run.logs).toContain('database-open-failed');
  });

  test.each([['--no-such'], ['--listen=nonsense'], ['--quirk=none'], ['--repeat=-1'], ['--message=x:0'], ['word'], ['--profile=other']])(
    '%s is a usage error',
    option => {
      const run = runChild({ args: [option] });
      expect(run).toMatchObject({ words: '', status: 'exit 2', logs: ['usage'] });
    },
  );

  test('the parent is gone: it runs on and stops as usual', () => {
    const run = closingLater({ started: bench => bench.closeEvents() });
    expect(run).toMatchObject({ words: '', status: 'exit 0' });
    expect(run.logs.filter(slug => slug === 'pipe-failed').length).toBe(1);
  });

  test('the same seed gives the same run', () => {
    for (const args of [[], ['--profile=as-written']]) {
      const once = runChild({ args, seed: 's' });
      expect(runChild({ args, seed: 's' }).trace).toEqual(once.trace);
    }
  });
});

describe('quirks', () => {
  const quirk = (slug: string, ...more: string[]): readonly string[] => [`--quirk=${slug}`, ...more];

  test('DC-03: the stop of the server is sent before it, or after it', () => {
    const order = (args: readonly string[]): readonly string[] =>
      closingAt('1,0', { args }).trace.flatMap(event => {
        if (event.kind === 'log' && event.data?.['event'] === 'server-stopped') return ['stopped'];
        return event.kind === 'send' && event.process.includes('child') && event.bytes?.at(-2) === 2 && event.bytes.at(-1) === 1
          ? ['2,1']
          : [];
      });
    expect(order([])).toEqual(['2,1', 'stopped']);
    expect(order(quirk('late-server-stop-event'))).toEqual(['stopped', '2,1']);
  });

  test('DC-04: a request before the listener waits is lost, on some seeds', () => {
    const lost = (args: readonly string[]): number =>
      seeds(40).filter(seed => runChild({ args, seed, before: bench => bench.closeControl() }).status === 'running').length;
    expect(lost([])).toBe(0);
    const count = lost(quirk('lost-shutdown-request'));
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(40);
  });

  test('DC-05: without writer and drain the first event blocks, or goes nowhere', () => {
    expect(closingLater({ args: ['--ipc-only'] })).toMatchObject({ words: '', status: 'running' });
    const stopped = (args: readonly string[]) =>
      runChild({ args, started: bench => bench.host.clock.setTimer(seconds(2), () => bench.kill('SIGTERM')) });
    expect(stopped(['--ipc-only'])).toMatchObject({ words: '', status: 'exit 0' });
    expect(stopped(quirk('notify-without-writer-blocks', '--ipc-only')).status).toBe('running');
  });

  test('DC-06: a parent that does not read stops the child, or does not', () => {
    const flood = ['--event=0,1', '--repeat=5000'];
    const unread = (args: readonly string[]) => closingLater({ args, started: bench => bench.pauseEvents() });
    expect(unread(flood)).toMatchObject({ status: 'exit 0' });
    const blocked = unread(quirk('blocking-notify', ...flood));
    expect(blocked.status).toBe('running');
    expect(blocked.logs).toContain('shutdown-requested');
    // 3120 frames of 21 bytes are in the pipe and one waits to be; addresses are the longer ones.
    const sent = blocked.trace.filter(event => event.kind === 'send' && event.process.includes('child'));
    expect(sent.length).toBeGreaterThan(3_100);
    expect(sent.length).toBeLessThan(3_122);
  });

  test('DC-06: what is queued has a limit, and the rest is counted', () => {
    const run = closingLater({ args: ['--event=0,1', '--repeat=110000'], started: bench => bench.pauseEvents() });
    expect(run.status).toBe('exit 0');
    expect(run.logs.filter(slug => slug === 'pipe-failed').length).toBe(1);
    const lost = run.trace.find(event => event.kind === 'log' && event.data?.['event'] === 'events-lost');
    // The last that was sent is not in the pipe; what is not in the pipe is counted.
    const sent = run.trace.filter(event => event.kind === 'send' && event.process.includes('child')).length - 1;
    expect(sent).toBeGreaterThan(3_000);
    expect(lost?.data?.['count']).toBe(7 + 110_000 - sent);
  });

  test('DC-06: a parent that reads late hears everything', () => {
    const run = closingLater({
      args: ['--event=0,1', '--repeat=5000'],
      started: bench => {
        bench.pauseEvents();
        bench.host.clock.setTimer(seconds(2.5), () => bench.resumeEvents());
      },
    });
    expect(run.words.split(' ').length).toBe(5_007);
    expect(run.words.endsWith('0,1 2,1 2,0')).toBe(true);
    expect(run.status).toBe('exit 0');
  });

  test('DC-06: a request that comes while events are sent is seen', () => {
    const run = closingAt('1,0', { args: quirk('blocking-notify', '--event=0,1', '--repeat=100000') });
    expect(run.words.split(' ').length).toBeLessThan(50_000);
    expect(run.status).toBe('exit 0');
  });

  test('DC-07: losses are counted, or not', () => {
    const gone = (args: readonly string[]) => closingLater({ args, started: bench => bench.closeEvents() }).logs;
    expect(gone([])).toContain('events-lost');
    expect(gone(quirk('silent-event-loss'))).not.toContain('events-lost');
    expect(gone(quirk('silent-event-loss')).filter(slug => slug === 'pipe-failed').length).toBe(1);
  });

  test('DC-08: a payload that fails in the middle', () => {
    const before: ChildSetup['before'] = bench => bench.host.storage.write('/var/half', new Uint8Array(5_000));
    const blob = '--blob=broken:/var/half,/var/missing:5010';
    const whole = closingLater({ args: [blob], before });
    expect(whole.words).toBe(NORMAL);
    expect(whole.logs).toContain('message-refused');
    const partial = closingLater({ args: quirk('partial-frame-on-failure', blob), before });
    expect(partial.words).toBe('0,0 0,1 p2p rpc 1,0 violation C2 frames are whole');
    expect(partial.status).toBe('exit 0');
    expect(partial.bytes.length / 2 - partial.bytes.indexOf('010662726f6b656e') / 2).toBe(4_096);
    const twice = runChild({
      args: quirk('partial-frame-on-failure', '--blob=fill:/var/fill', blob),
      before: bench => {
        bench.host.storage.write('/var/half', new Uint8Array(5_000));
        bench.host.storage.write('/var/fill', new Uint8Array(60_000));
        bench.pauseEvents();
      },
      started: bench => {
        bench.host.clock.setTimer(seconds(1), () => bench.closeEvents());
        bench.host.clock.setTimer(seconds(2), () => bench.closeControl());
      },
    });
    // The pipe is full when the payload fails, and breaks later: that is still one failure.
    expect(twice.trace.filter(event => event.kind === 'close' && event.data?.['error'] === 'EPIPE').length).toBe(1);
    const failures = twice.trace.flatMap(event => (event.data?.['event'] === 'pipe-failed' ? [String(event.data['reason'])] : []));
    expect(failures).toEqual(['payload source failed: ENOENT read /var/missing']);
    const good = closingLater({ args: ['--blob=fine:/var/half,/var/half'], before });
    expect(good.words).toBe('0,0 0,1 p2p rpc 1,0 unknown fine 10000 2,1 2,0');
  });

  test('DC-10: a type of 300 bytes', () => {
    const message = `--message=${'t'.repeat(300)}:aabb`;
    expect(closingLater({ args: [message] }).words).toBe(NORMAL);
    expect(closingLater({ args: quirk('type-length-wraps', message) }).words).toContain('violation');
  });

  test('DC-11: a size that is a lie', () => {
    const message = '--message=liar:4c4c4c4c4c:2';
    expect(closingLater({ args: [message] }).words).toBe(NORMAL);
    expect(closingLater({ args: quirk('unchecked-payload-size', message) }).words).toBe(
      '0,0 0,1 p2p rpc 1,0 unknown liar 2 violation C2 version is 1',
    );
  });

  test('DC-12: descriptor 1 is like others, or its reader keeps the child alive', () => {
    const gone = (args: readonly string[], events: number) => closingLater({ args, events, started: bench => bench.closeEvents() }).status;
    expect(gone([], 1)).toBe('exit 0');
    expect(gone(quirk('standard-descriptors-differ'), 3)).toBe('exit 0');
    expect(gone(quirk('standard-descriptors-differ'), 1)).toBe('killed by SIGPIPE');
    expect(closingAt('1,0', { events: 1 }).words).toBe(NORMAL);
    const mixed = closingLater({ args: quirk('standard-descriptors-differ'), events: 1 });
    expect(mixed.words).toContain('violation C2 version is 1');
  });

  test('DC-13: descriptor 0 is a descriptor, or off', () => {
    expect(closingLater({ control: 0 }).status).toBe('exit 0');
    expect(closingLater({ control: 0, args: quirk('descriptor-zero-is-off') })).toMatchObject({
      words: '0,0 0,1 p2p rpc 1,0',
      status: 'running',
    });
  });

  test('DC-14: a bad descriptor is a usage error, or an early shutdown, or silence', () => {
    const wrong = { status: 'exit 2', words: '', logs: ['bad-descriptor'] };
    expect(runChild({ noEvents: true })).toMatchObject(wrong);
    expect(runChild({ noControl: true })).toMatchObject(wrong);
    const args = quirk('bad-descriptors-accepted');
    expect(runChild({ noControl: true, args })).toMatchObject({ words: '0,0 2,0', status: 'exit 0' });
    expect(closingLater({ noEvents: true, args })).toMatchObject({ words: '', status: 'exit 0' });
  });

  test('DC-18: the last frame is always heard, or not on some seeds', () => {
    const lost = (args: readonly string[]): number =>
      seeds(60).filter(seed => {
        const run = closingAt('1,0', { args: [...args, '--open-delay=1'], seed });
        expect(run.status).toBe('exit 0');
        return run.words !== NORMAL;
      }).length;
    expect(lost([])).toBe(0);
    const count = lost(quirk('exit-without-flush'));
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(20);
  });

  test('DC-23: the status of a shutdown inside server creation', () => {
    const args = quirk('start-up-interrupt-fails');
    expect(closingAt('0,1', { args })).toMatchObject({ words: '0,0 0,1 p2p 2,0', status: 'exit 1' });
    expect(closingAt('0,0', { args })).toMatchObject({ words: '0,0 2,0', status: 'exit 0' });
  });

  test('DC-28: an id that no table defines', () => {
    expect(closingLater({ args: ['--event=0,255'] }).words).toBe(NORMAL);
    expect(closingLater({ args: quirk('undefined-ids-sent', '--event=0,255') }).words).toBe('0,0 0,1 p2p rpc 1,0 0,255 2,1 2,0');
  });

  test('DC-29: one of two listeners cannot be bound', () => {
    const listeners = ['--listen=127.0.0.1:0', `--listen=${NOWHERE}`];
    expect(runChild({ args: listeners })).toMatchObject({ words: '0,0 0,1 2,0', status: 'exit 1' });
    const args = quirk('listener-failure-unseen', ...listeners);
    expect(closingAt('1,0', { args })).toMatchObject({ words: NORMAL, status: 'exit 0' });
    expect(runChild({ args: quirk('listener-failure-unseen', `--listen=${NOWHERE}`) }).status).toBe('exit 1');
  });

  test('as written, all of them at once, the usual run is the usual one', () => {
    const statuses = seeds(20).map(seed => closingAt('1,0', { seed, args: ['--profile=as-written'] }));
    expect(statuses.filter(run => run.words === NORMAL && run.status === 'exit 0').length).toBeGreaterThan(10);
  });

  test('an extra message is sent', () => {
    expect(closingLater({ args: ['--message=x:0102', '--repeat=2'] }).words).toBe('0,0 0,1 p2p rpc 1,0 unknown x 2 unknown x 2 2,1 2,0');
  });

  test('nothing of what it cannot read is harmful', () => {
    const run = closingLater({ started: bench => bench.writeControl(utf8('\u0000\u0001 shutdown')) });
    expect(run.words).toBe(NORMAL);
  });
});
