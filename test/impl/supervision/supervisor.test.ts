/** The supervisor in a simulated world, with children made for the test. */
import { describe, expect, test } from 'vitest';
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Programs } from '../../../src/host/host.ts';
import type { Signal } from '../../../src/host/signal.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { holdLifeline, LIFELINE } from '../../../src/impl/supervision/lifeline.ts';
import type { SupervisorPolicy } from '../../../src/impl/supervision/supervisor.ts';
import { SUPERVISOR_DEFAULTS, Supervisor } from '../../../src/impl/supervision/supervisor.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

const PID_FILE = '/run/parent.pid';

interface Setup {
  readonly peers?: readonly string[];
  readonly policy?: Partial<SupervisorPolicy>;
  /** What a child does beside holding its lifeline. */
  readonly child?: (host: Host) => void;
  readonly deafChild?: boolean;
  readonly farewell?: (peer: string, done: () => void) => void;
  /** [second, what the tester does]. */
  readonly acts?: readonly (readonly [second: number, act: (host: Host, parent: number) => void])[];
  readonly until?: number;
  readonly faults?: readonly Fault[];
  readonly before?: (host: Host) => void;
}

interface Run {
  /** `second event peer…`, of the parents. */
  readonly words: readonly string[];
  readonly ended: string[];
  readonly trace: readonly TraceEvent[];
  readonly files: () => Host['storage'];
  /** The largest number of children of one peer that lived at once. */
  readonly twins: number;
}

function run(setup: Setup = {}): Run {
  const trace: TraceEvent[] = [];
  const words: string[] = [];
  const ended: string[] = [];
  let storage: Host['storage'] | undefined;
  const parent: Daemon = host => {
    new Supervisor(host, {
      pidFile: PID_FILE,
      peers: setup.peers ?? ['a'],
      policy: { ...SUPERVISOR_DEFAULTS, ...setup.policy },
      launch: peer => ({ program: setup.child === undefined ? 'child' : 'made', args: [peer] }),
      farewell: setup.farewell ?? ((_peer, done) => done()),
      report: ({ event, ...fields }) =>
        words.push([event, ...('peer' in fields ? [fields.peer] : []), ...('attempt' in fields ? [fields.attempt] : [])].join(' ')),
      successor: { program: 'parent', args: [] },
    }).start();
  };
  const base: Daemon = host => {
    if (setup.deafChild === true) host.signals.handle('SIGINT', 'ignore');
    host.signals.handle('SIGUSR1', () => host.log('info', 'status'));
    const held = holdLifeline(host, LIFELINE, () => host.process.exit(7));
    if (!held.ok) host.process.exit(9);
    setup.child?.(host);
  };
  const tester: Daemon = host => {
    storage = host.storage;
    setup.before?.(host);
    const pid = must(host.process.spawn('parent', []));
    const wait = (): void =>
      host.process.wait(result => {
        if (!result.ok) return;
        ended.push(JSON.stringify(result.value.status));
        wait();
      });
    wait();
    for (const [second, act] of setup.acts ?? []) host.clock.setTimer(seconds(second), () => act(host, pid));
  };
  const programs: Programs = { parent, child: base, made: base, tester };
  const world = new World({ seed: 's', programs, sink: event => trace.push(event) });
  world.machine('m', { directories: ['/run'] }).start('tester');
  world.inject(setup.faults ?? []);
  world.run(instantOf((setup.until ?? 60) * 1_000_000), 100_000);
  const bug = trace.find(event => event.kind === 'bug');
  if (bug !== undefined) throw new Error(`${bug.process}: ${bug.data?.['message']}`);
  return { words, ended, trace, twins: twinsOf(trace), files: () => storage ?? fail() };
}

function twinsOf(trace: readonly TraceEvent[]): number {
  const living = new Map<string, string>();
  let most = 0;
  for (const event of trace) {
    if (!/\/(child|made)\./.test(event.process)) continue;
    if (event.kind === 'start') living.set(event.process, String(event.data?.['args']));
    if (event.kind === 'exit') living.delete(event.process);
    const peers = [...living.values()];
    most = Math.max(most, ...peers.map(peer => peers.filter(other => other === peer).length));
  }
  return most;
}

const fail = (): never => {
  throw new Error('not there');
};
function must<Value>(result: { ok: true; value: Value } | { ok: false; error: { code: string } }): Value {
  return result.ok ? result.value : fail();
}
const to =
  (signal: Signal) =>
  (host: Host, parent: number): void => {
    host.process.kill(parent, signal);
  };
const killChild = (host: Host, parent: number): void => {
  // Children have the pids after the parent's.
  for (let pid = parent + 12; pid > parent; pid--) if (host.process.kill(pid, 'SIGKILL').ok) return;
};
const pidFile = (host: Host): string => {
  const file = host.storage.read(PID_FILE);
  return file.ok ? textOf(file.value) : '';
};
/** Ends one second after its start. */
const short = (host: Host): void => {
  host.clock.setTimer(seconds(1), () => host.process.exit(0));
};

describe('lives', () => {
  test('a child for each peer, in order', () => {
    const { words, trace } = run({ peers: ['a', 'b'] });
    expect(words).toEqual(['starting', 'starting-child a', 'starting-child b', 'started']);
    expect(trace.filter(event => event.kind === 'exit')).toEqual([]);
  });

  test('five restarts, then it is given up, and SIGUSR1 revives it', () => {
    const { words, twins } = run({ child: short, acts: [[30, to('SIGUSR1')]], until: 31 });
    const attempts = words.filter(word => word.startsWith('restarting'));
    expect(attempts.slice(0, 5)).toEqual([1, 2, 3, 4, 5].map(n => `restarting a ${n}`));
    expect(words.slice(words.indexOf('gave-up a'))).toEqual(['gave-up a', 'rearming', 'rearmed a', 'starting-child a', 'sweeping']);
    expect(twins).toBe(1);
  });

  test('a program that does not exist is given up at once', () => {
    const missing = runMissing();
    expect(missing).toEqual([
      'starting',
      'starting-child',
      'spawn-failed',
      'restarting',
      'starting-child',
      'spawn-failed',
      'gave-up',
      'started',
    ]);
  });

  const startsOf = (trace: readonly TraceEvent[]) =>
    trace
      .filter(({ kind, process }) => kind === 'start' && /\/(child|made)\./.test(process))
      .map(({ time }) => Math.round(time / 1_000_000));

  test.each(['no-processes', 'no-descriptors', 'no-memory'] as const)('where there are %s an attempt waits until there may be', kind => {
    const short = (duration: number): readonly Fault[] => [{ kind, at: seconds(2), duration: seconds(duration), program: 'parent' }];
    const dies = [3, killChild] as const;
    const soon = run({ faults: short(100), acts: [dies], until: 200 });
    expect(soon.words.filter(word => word === 'spawn-failed a')).toHaveLength(2);
    expect(startsOf(soon.trace)).toEqual([0, 123]);
    // A shortage that does not pass ends in giving up.
    const never = run({ faults: short(1_000), acts: [dies], until: 900 });
    expect(never.words.slice(-2)).toEqual(['spawn-failed a', 'gave-up a']);
    expect(never.words.filter(word => word.startsWith('restarting'))).toHaveLength(5);
    // Nobody is started who is not wanted any more, and nobody twice.
    const stopped = run({ faults: short(10), acts: [dies, [20, to('SIGTERM')]], until: 200 });
    expect(stopped.ended).toEqual(['{"code":0}']);
    expect(startsOf(stopped.trace)).toEqual([0]);
  });

  test('a child that could not begin for want of something is tried after a pause', () => {
    const { trace, words } = run({ child: host => void host.process.exit(75), until: 400 });
    expect(startsOf(trace)).toEqual([0, 60, 120, 180, 240, 300]);
    expect(words.at(-1)).toBe('gave-up a');
  });

  test('a child that has ended is started again after the pause of its attempt, and not when nobody is wanted any more', () => {
    const policy = { restartPause: (attempt: number) => seconds(attempt <= 1 ? 0 : 10 * attempt) };
    const { trace } = run({ child: host => void host.process.exit(1), until: 200, policy });
    expect(startsOf(trace)).toEqual([0, 0, 20, 50, 90, 140]);
    const stopped = run({ child: host => void host.process.exit(1), until: 200, policy, acts: [[30, to('SIGTERM')]] });
    expect([startsOf(stopped.trace), stopped.ended]).toEqual([[0, 0, 20], ['{"code":0}']]);
  });

  test('never two children of a peer, unless re-arming goes by the count', () => {
    const acts: Setup['acts'] = [...[1, 2, 3, 4, 5].map(second => [second, killChild] as const), [10, to('SIGUSR1')]];
    expect(run({ acts, until: 20 }).twins).toBe(1);
    const twins = run({ acts, until: 20, policy: { rearm: 'spent' } });
    expect(twins.twins).toBe(2);
  });

  test('children of a killed parent end with it', () => {
    const { trace } = run({ peers: ['a', 'b'], acts: [[5, to('SIGKILL')]] });
    const exits = trace.filter(event => event.kind === 'exit' && event.process.includes('/child.'));
    expect(exits.map(event => event.data)).toEqual([{ code: 7 }, { code: 7 }]);
  });
});

function runMissing(): readonly string[] {
  const words: string[] = [];
  const parent: Daemon = host => {
    new Supervisor(host, {
      pidFile: PID_FILE,
      peers: ['a'],
      policy: { ...SUPERVISOR_DEFAULTS, attemptsMax: 1 },
      launch: () => ({ program: 'missing', args: [] }),
      farewell: (_peer, done) => done(),
      report: ({ event }) => words.push(event),
      successor: { program: 'parent', args: [] },
    }).start();
  };
  const world = new World({ seed: 's', programs: { parent } });
  world.machine('m', { directories: ['/run'] }).start('parent');
  world.run(instantOf(1_000_000), 1_000);
  return words;
}

describe('the sweep', () => {
  test('asks every child, one second apart, and says who is dead', () => {
    const { trace, words } = run({ peers: ['a', 'b', 'c'], acts: [[5, to('SIGUSR1')]] });
    const asked = trace
      .filter(event => event.kind === 'log' && event.data?.['event'] === 'status')
      .map(event => Math.floor(event.time / 1e6));
    expect(asked).toEqual([6, 7, 8]);
    expect(words.slice(-2)).toEqual(['rearming', 'sweeping']);
  });

  test('a child that dies meanwhile is reported', () => {
    const { words } = run({
      peers: ['a', 'b'],
      policy: { attemptsMax: 0 },
      acts: [
        [5, to('SIGUSR1')],
        [5.5, killChild],
      ],
    });
    expect(words.filter(word => word === 'child-dead').length).toBe(1);
  });
});

describe('the end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s: farewell, signal, pid file removed, status 0', signal => {
    const said: string[] = [];
    const files: string[] = [];
    const {
      words,
      ended,
      files: storage,
    } = run({
      peers: ['a', 'b'],
      farewell: (peer, done) => {
        said.push(peer);
        done();
      },
      acts: [
        [4, host => files.push(pidFile(host))],
        [5, to(signal)],
      ],
    });
    expect(files).toEqual([expect.stringMatching(/^[0-9]+\n$/)]);
    expect(said).toEqual(['a', 'b']);
    expect(words.slice(4)).toEqual(['stopping', 'stop-signal a', 'stop-signal b', 'child-ended a', 'child-ended b', 'stopped']);
    expect(ended).toEqual(['{"code":0}']);
    expect(storage().read(PID_FILE).ok).toBe(false);
  });

  test('a farewell that never ends, and a child that does not listen, have their limits', () => {
    const { words, ended, trace } = run({ deafChild: true, farewell: () => {}, acts: [[5, to('SIGTERM')]] });
    expect(words.slice(-3)).toEqual(['stop-signal a', 'child-ended a', 'stopped']);
    expect(ended).toEqual(['{"code":0}']);
    const exit = trace.find(event => event.kind === 'exit' && event.process.includes('/child.'));
    expect(exit?.data).toEqual({ signal: 'SIGKILL' });
    expect(Math.floor((exit?.time ?? 0) / 1e6)).toBe(20);
  });

  test('SIGHUP begins anew in the same process, after all children have ended', () => {
    const { words, trace, ended, twins } = run({
      deafChild: true,
      acts: [
        [5, to('SIGHUP')],
        [20, to('SIGTERM')],
      ],
    });
    expect(words.slice(0, 9)).toEqual([
      'starting',
      'starting-child a',
      'started',
      'stopping',
      'stop-signal a',
      'child-ended a',
      'stopped',
      'starting',
      'starting-child a',
    ]);
    const starts = trace.filter(event => event.kind === 'exec');
    expect(starts.length).toBe(1);
    expect(ended).toEqual(['{"code":0}']);
    expect(twins).toBe(1);
  });

  test('nothing is re-armed or restarted while it ends', () => {
    const { words } = run({
      farewell: () => {},
      acts: [
        [5, to('SIGTERM')],
        [6, to('SIGUSR1')],
        [7, killChild],
      ],
    });
    expect(words.slice(3)).toEqual(['stopping', 'child-ended a', 'stopped']);
  });

  test('SIGQUIT ends the parent at once, and the lifeline its children', () => {
    const { words, ended, trace } = run({ acts: [[5, to('SIGQUIT')]] });
    expect(words.at(-1)).toBe('quit');
    expect(ended).toEqual(['{"code":1}']);
    expect(trace.filter(event => event.kind === 'exit').length).toBe(2);
  });

  test('unguarded start-up dies of SIGTERM by default', () => {
    const policy = { unguardedMax: seconds(100) };
    const { words, ended } = run({ policy, acts: [[0.5, to('SIGTERM')]] });
    expect(words.at(-1)).toBe('started');
    expect(ended).toEqual(['{"signal":"SIGTERM"}']);
  });
});

describe('the pid file', () => {
  const second = (host: Host): void => {
    must(host.process.spawn('parent', []));
  };
  test('a second parent says already-running and ends with 1; the file stays', () => {
    const { words, ended, twins } = run({ acts: [[5, second]] });
    expect(words.at(-1)).toBe('already-running');
    expect(ended).toEqual(['{"code":1}']);
    expect(twins).toBe(1);
  });

  // '1' is what a power cut may leave of '104\n', and process 1 always lives.
  test.each(['', '1', 'nonsense\n', '99999\n', '-1\n', '0\n', '1 2\n', '9'.repeat(60)])('%j does not keep it from starting', text => {
    const { words } = run({ before: host => host.storage.write(PID_FILE, utf8(text)) });
    expect(words.at(-1)).toBe('started');
  });

  test('its own pid, left by an earlier life of the machine, is nobody else', () => {
    const { words, trace } = run({ before: host => host.storage.write(PID_FILE, utf8(`${host.process.pid + 1}\n`)) });
    expect(trace.some(event => event.kind === 'start' && event.process === 'm/parent.101')).toBe(true);
    expect(words.at(-1)).toBe('started');
  });

  test('a parent without a place for it does not start', () => {
    const { words, ended } = run({ before: host => must(host.storage.makeDirectory(PID_FILE)) });
    expect(words).toEqual(['pid-file-failed']);
    expect(ended).toEqual(['{"code":1}']);
  });
});
