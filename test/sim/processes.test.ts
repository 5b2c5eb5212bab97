/** Processes: birth, death, what a parent learns, signals, and that nothing runs when it must not. */
import { describe, expect, it } from 'vitest';
import type { Daemon, Host, Programs } from '../../src/host/host.ts';
import { formatExit } from '../../src/host/signal.ts';
import { micros, millis, seconds } from '../../src/host/time.ts';
import { LOCAL_DEFAULTS } from '../../src/sim/core/options.ts';
import { CALLBACK_CALL_LIMIT } from '../../src/sim/process/process.ts';
import { bytesOf, codeOf, later, logging, must, nothing, Stage } from './kit.ts';

/** All on one machine; `main` is started. */
function stageOf(programs: Programs, options: ConstructorParameters<typeof Stage>[1] = {}): Stage {
  const stage = new Stage(programs, options);
  stage.add('m', ['/d']).start('main');
  return stage;
}

function run(programs: Programs, until = 10): Stage {
  const stage = stageOf(programs);
  stage.run(until);
  return stage;
}

const exiting =
  (code: number, delay = 1): Daemon =>
  host =>
    later(host, seconds(delay), () => host.process.exit(code));

/** Logs what each wait answers. */
const waiting = (host: Host): void =>
  host.process.wait(result => host.log('info', result.ok ? formatExit(result.value.status) : result.error.code));

describe('children', () => {
  it('are waited for, one call each, and then there are none', () => {
    const main: Daemon = host => {
      must(host.process.spawn('seven', []));
      must(host.process.spawn('eight', []));
      for (let call = 0; call < 3; call++) waiting(host);
    };
    const stage = run({ main, seven: exiting(7), eight: exiting(8, 2) });
    expect(stage.logs()).toEqual(['exit 7', 'exit 8', 'ECHILD']);
    expect(stage.of('wait').map(event => event.data)).toEqual([{ child: 101, code: 7 }, { child: 102, code: 8 }, { error: 'ECHILD' }]);
  });

  it('that ended stay until they are waited for', () => {
    const main: Daemon = host => {
      const child = must(host.process.spawn('child', []));
      later(host, seconds(3), () => host.log('info', codeOf(host.process.kill(child, 0))));
      later(host, seconds(4), () => waiting(host));
      later(host, seconds(5), () => host.log('info', codeOf(host.process.kill(child, 0))));
    };
    expect(run({ main, child: exiting(0) }).logs()).toEqual(['ok', 'exit 0', 'ESRCH']);
  });

  it('go to init when their parent ends, and leave the table when they end', () => {
    const main: Daemon = host => {
      must(host.process.spawn('child', []));
      must(host.process.spawn('zombie', []));
      later(host, seconds(2), () => host.process.exit(0));
    };
    const child: Daemon = host => {
      const before = host.process.parent();
      later(host, seconds(3), () => host.log('info', `${before} ${host.process.parent()}`));
      later(host, seconds(4), () => host.process.exit(0));
    };
    const stage = stageOf({ main, child, zombie: exiting(0) });
    stage.run(1.5);
    expect(stage.machine('m').process(102)).toBeDefined();
    stage.run(10);
    expect(stage.logs()).toEqual(['100 1']);
    expect([100, 101, 102].map(pid => stage.machine('m').process(pid))).toEqual([undefined, undefined, undefined]);
  });

  it('inherit the mask and the ignored signals, not the handlers', () => {
    const main: Daemon = host => {
      host.signals.mask('block', ['SIGUSR1']);
      host.signals.handle('SIGUSR2', 'ignore');
      host.signals.handle('SIGHUP', () => host.log('info', 'parent'));
      must(host.process.spawn('child', []));
    };
    const child: Daemon = host => {
      const { pid } = host.process;
      host.process.kill(pid, 'SIGUSR2');
      host.process.kill(pid, 'SIGUSR1');
      later(host, seconds(1), () => {
        host.log('info', host.signals.pending().join());
        host.process.kill(pid, 'SIGHUP');
        host.log('info', 'not reached');
      });
    };
    const stage = run({ main, child });
    expect(stage.logs()).toEqual(['SIGUSR1']);
    expect(stage.data('exit', 'signal')).toEqual(['SIGHUP']);
  });

  it('of no known program are not born', () => {
    const main: Daemon = host => {
      host.log('info', codeOf(host.process.spawn('toString', [])));
      host.log('info', codeOf(host.process.spawn('main', [], { descriptors: { 3: 77 } })));
    };
    const stage = run({ main });
    expect(stage.logs()).toEqual(['ENOENT', 'EBADF']);
    expect(stage.data('spawn', 'error')).toEqual(['ENOENT', 'EBADF']);
  });

  it('are stopped before they start, and start when they are continued', () => {
    const main: Daemon = host => {
      const child = must(host.process.spawn('child', []));
      must(host.process.kill(child, 'SIGSTOP'));
      later(host, seconds(5), () => must(host.process.kill(child, 'SIGCONT')));
    };
    const stage = stageOf({ main, child: host => host.log('info', 'born') });
    stage.run(4);
    expect(stage.of('start', 'child')).toEqual([]);
    stage.run(10);
    expect(stage.logs()).toEqual(['born']);
  });
});

describe('a program', () => {
  const born: Daemon = host => host.log('info', 'born', { at: host.clock.monotonic() });
  const between = (time: number): void => {
    expect(time).toBeGreaterThanOrEqual(LOCAL_DEFAULTS.startMin);
    expect(time).toBeLessThanOrEqual(LOCAL_DEFAULTS.startMax);
  };

  it('takes its time to start: at boot, spawned, in the place of another, and after a power cut', () => {
    const main: Daemon = host => {
      must(host.process.spawn('child', []));
      host.process.exec('born', []);
    };
    const stage = stageOf({ main, child: born, born });
    stage.inject({ kind: 'power-cut', at: seconds(1), duration: seconds(1), machine: 'm', unsynced: 'kept' }).run(10);
    const starts = (program: string): readonly number[] => stage.of('start', program).map(event => event.time);
    const boots = starts('main');
    for (const [life, boot] of boots.entries()) {
      between(boot - 2_000_000 * life);
      for (const program of ['born', 'child']) between((starts(program)[life] ?? 0) - boot);
    }
    expect(boots).toHaveLength(2);
    expect(stage.logs()).toEqual(Array(4).fill('born'));
    // Six draws out of 59,000.
    expect(new Set(stage.of('start').map(event => event.time)).size).toBe(6);
  });

  it('starts when it does whoever else starts: the draw is its own', () => {
    const startOf = (others: number): unknown => {
      const stage = new Stage({ born, other: () => {} });
      const [machine, busy] = [stage.add('m'), stage.add('busy')];
      for (let count = 0; count < others; count++) busy.start('other');
      machine.start('born');
      stage.run(1);
      return stage.data('log', 'at');
    };
    expect(startOf(3)).toEqual(startOf(0));
  });

  it('that has not started has no handlers yet: a signal does what it does by default, unless it is blocked or ignored', () => {
    const main: Daemon = host => {
      host.signals.mask('block', ['SIGUSR1']);
      host.signals.handle('SIGUSR2', 'ignore');
      for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGTERM'] as const) {
        const child = must(host.process.spawn('child', []));
        must(host.process.kill(child, signal));
      }
      for (let count = 0; count < 3; count++) waiting(host);
    };
    const child: Daemon = host => {
      host.signals.handle('SIGTERM', () => host.log('info', 'handled'));
      host.log('info', `pending ${host.signals.pending().join()}`);
      host.process.exit(0);
    };
    const stage = run({ main, child });
    expect(stage.logs('child').toSorted()).toEqual(['pending ', 'pending SIGUSR1']);
    expect(stage.logs('main').toSorted()).toEqual(['exit 0', 'exit 0', 'killed by SIGTERM']);
    expect(stage.of('start', 'child')).toHaveLength(2);
  });
});

describe('exec', () => {
  it('keeps pid, children, mask, pending signals and plain descriptors; streams, timers and listeners are gone', () => {
    const main: Daemon = host => {
      must(host.process.spawn('child', []));
      host.signals.mask('block', ['SIGUSR1']);
      host.process.kill(host.process.pid, 'SIGUSR1');
      later(host, seconds(2), () => host.log('info', 'old timer'));
      host.network.listen({ transport: 'tcp', address: '0.0.0.0', port: 1 }, { backlog: 1 }, { opened: () => {}, accept: () => nothing });
      const { read, write } = must(host.descriptors.pipe());
      later(host, seconds(1), () => {
        must(host.descriptors.attach(write, 'write', nothing)).write(bytesOf('x'));
        host.process.exec('next', [String(read)]);
        host.log('info', 'not reached');
      });
    };
    const next: Daemon = host => {
      host.log('info', `${host.process.pid} ${host.signals.pending().join()} ${host.process.args.join()}`);
      must(host.descriptors.attach(Number(host.process.args[0]), 'read', logging(host)));
      waiting(host);
      host.network.listen(
        { transport: 'tcp', address: '0.0.0.0', port: 1 },
        { backlog: 1 },
        { opened: result => host.log('info', `listen ${codeOf(result)}`), accept: () => nothing },
      );
    };
    const stage = run({ main, next, child: exiting(3, 4) });
    expect(stage.logs('next')).toContain('100 SIGUSR1 3');
    expect([...stage.logs('next')].slice(1).sort((left, right) => (String(left) < String(right) ? -1 : 1))).toEqual([
      'close',
      'data',
      'end',
      'exit 3',
      'listen ok',
    ]);
    expect(stage.logs('main')).toEqual([]);
    expect(stage.of('bug')).toEqual([]);
  });

  it('does not let the old program go on, even one that catches what unwinds it', () => {
    const main: Daemon = host => {
      for (let attempt = 0; attempt < 3; attempt++) {
        try {
          host.process.exec('next', []);
        } catch {
          // Goes on.
        }
      }
      try {
        host.log('info', 'old');
      } catch {
        throw new Error('a bug of a program that is gone');
      }
    };
    const stage = run({ main, next: host => host.log('info', 'new') });
    expect(stage.logs()).toEqual(['new']);
    expect(stage.of('exec')).toHaveLength(1);
    expect(stage.of('bug')).toEqual([]);
  });

  it('returns when there is no such program', () => {
    const stage = run({ main: host => host.log('info', codeOf(host.process.exec('none', []))) });
    expect(stage.logs()).toEqual(['ENOENT']);
    expect(stage.data('exec', 'error')).toEqual(['ENOENT']);
  });

  it('keeps the alarm', () => {
    const main: Daemon = host => {
      host.signals.alarm(seconds(5));
      later(host, seconds(2), () => host.process.exec('next', []));
    };
    const stage = run({ main, next: host => host.signals.handle('SIGALRM', () => host.log('info', 'alarm')) });
    expect(stage.logs()).toEqual(['alarm']);
    expect(Math.round((stage.of('log')[0]?.time ?? 0) / 1_000_000)).toBe(5);
  });
});

describe('signals', () => {
  it('that are blocked wait, once, and come in the order of the table', () => {
    const main: Daemon = host => {
      const { pid } = host.process;
      for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) host.signals.handle(signal, () => host.log('info', signal));
      const before = host.signals.mask('block', ['SIGUSR1', 'SIGUSR2', 'SIGKILL']);
      for (const signal of ['SIGUSR2', 'SIGUSR1', 'SIGUSR2', 'SIGUSR1'] as const) host.process.kill(pid, signal);
      later(host, seconds(1), () => {
        host.log('info', `${before.join()}|${host.signals.pending().join()}`);
        host.signals.mask('set', []);
        host.log('info', 'unblocked');
      });
    };
    expect(run({ main }).logs()).toEqual(['|SIGUSR1,SIGUSR2', 'unblocked', 'SIGUSR1', 'SIGUSR2']);
  });

  it('are dropped while they are ignored, and when they come to be ignored', () => {
    const main: Daemon = host => {
      const { pid } = host.process;
      host.signals.handle('SIGTERM', 'ignore');
      host.process.kill(pid, 'SIGTERM');
      host.process.kill(pid, 'SIGCHLD');
      host.signals.handle('SIGTERM', () => host.log('info', 'SIGTERM'));
      host.signals.handle('SIGCHLD', () => host.log('info', 'SIGCHLD'));
      host.signals.mask('block', ['SIGHUP']);
      host.process.kill(pid, 'SIGHUP');
      host.signals.handle('SIGHUP', 'ignore');
      host.signals.handle('SIGHUP', () => host.log('info', 'SIGHUP'));
      host.signals.mask('unblock', ['SIGHUP']);
    };
    expect(run({ main }).logs()).toEqual([]);
  });

  it('do not interrupt a callback, and end their own sender at once when nothing handles them', () => {
    const main: Daemon = host => {
      host.signals.handle('SIGUSR1', () => host.log('info', 'handler'));
      host.process.kill(host.process.pid, 'SIGUSR1');
      host.log('info', 'after kill');
      later(host, seconds(1), () => {
        host.process.kill(host.process.pid, 'SIGTERM');
        host.log('info', 'not reached');
      });
    };
    const stage = run({ main });
    expect(stage.logs()).toEqual(['after kill', 'handler']);
    expect(stage.data('exit', 'signal')).toEqual(['SIGTERM']);
  });

  it('cannot be handled where that is impossible, nor sent to nobody or to init', () => {
    const main: Daemon = host => {
      host.log('info', codeOf(host.signals.handle('SIGKILL', 'ignore')));
      host.log('info', codeOf(host.process.kill(999, 'SIGTERM')));
      host.log('info', codeOf(host.process.kill(1, 'SIGTERM')));
      host.log('info', codeOf(host.process.kill(1, 0)));
    };
    expect(run({ main }).logs()).toEqual(['EINVAL', 'ESRCH', 'EPERM', 'ok']);
  });

  it('stop: nothing runs, everything waits, and comes in its order when continued', () => {
    const main: Daemon = host => {
      const child = must(host.process.spawn('child', []));
      later(host, seconds(1), () => host.process.kill(child, 'SIGSTOP'));
      later(host, seconds(2), () => host.process.kill(child, 'SIGUSR1'));
      later(host, seconds(6), () => host.process.kill(child, 'SIGCONT'));
    };
    const child: Daemon = host => {
      host.signals.handle('SIGUSR1', () => host.log('info', 'SIGUSR1'));
      for (const second of [0.5, 3, 4, 5]) later(host, seconds(second), () => host.log('info', `timer ${second}`));
    };
    const stage = stageOf({ main, child });
    stage.run(5.5);
    expect(stage.logs('child')).toEqual(['timer 0.5']);
    stage.run(10);
    expect(stage.logs('child')).toEqual(['timer 0.5', 'timer 3', 'timer 4', 'timer 5', 'SIGUSR1']);
  });

  it('stop and continue: the last one counts', () => {
    const main: Daemon = host => {
      const child = must(host.process.spawn('child', []));
      later(host, seconds(1), () => {
        host.process.kill(child, 'SIGSTOP');
        host.process.kill(child, 'SIGCONT');
        host.process.kill(child, 'SIGSTOP');
      });
    };
    const child: Daemon = host => later(host, seconds(2), () => host.log('info', 'ran'));
    expect(run({ main, child }).logs()).toEqual([]);
  });

  it('stop a wait as well: the child stays until the parent goes on', () => {
    const main: Daemon = host => {
      must(host.process.spawn('child', []));
      waiting(host);
    };
    const stage = stageOf({ main, child: exiting(0, 2) });
    stage.inject({ kind: 'pause', at: seconds(1), duration: seconds(5), program: 'main' }).run(5);
    expect(stage.of('wait')).toEqual([]);
    expect(stage.machine('m').process(101)).toBeDefined();
    stage.run(10);
    expect(stage.logs('main')).toEqual(['exit 0']);
  });

  it('kill a stopped process', () => {
    const main: Daemon = host => {
      const child = must(host.process.spawn('child', []));
      later(host, seconds(1), () => host.process.kill(child, 'SIGSTOP'));
      later(host, seconds(2), () => host.process.kill(child, 'SIGKILL'));
      waiting(host);
    };
    expect(run({ main, child: () => {} }).logs()).toEqual(['killed by SIGKILL']);
  });

  it('alarm: a new one replaces the old and tells what was left of it', () => {
    const left: number[] = [];
    const main: Daemon = host => {
      host.signals.handle('SIGALRM', () => host.log('info', 'alarm'));
      left.push(host.signals.alarm(seconds(10)));
      later(host, seconds(4), () => left.push(host.signals.alarm(seconds(2))));
      later(host, seconds(7), () => left.push(host.signals.alarm(seconds(2)), host.signals.alarm(seconds(0))));
    };
    const stage = run({ main }, 20);
    expect(left).toEqual([0, 6_000_000, 0, 2_000_000]);
    expect(stage.logs()).toHaveLength(1);
  });
});

describe('death', () => {
  it('of a daemon that throws is a bug in the trace and exit 70', () => {
    const main: Daemon = host =>
      later(host, seconds(1), () => {
        throw new TypeError('no such thing');
      });
    const stage = run({ main });
    expect(stage.data('bug', 'message')).toEqual(['TypeError']);
    expect(stage.data('exit', 'code')).toEqual([70]);
  });

  it('is not survived by catching what unwinds the daemon', () => {
    let turns = 0;
    const main: Daemon = host => {
      try {
        host.process.exit(0);
      } catch {
        for (let turn = 0; turn < 5; turn++) {
          try {
            host.log('info', 'still here');
          } catch {
            turns++;
          }
        }
        throw new Error('a bug of the dead');
      }
    };
    const stage = run({ main });
    expect(turns).toBe(5);
    expect(stage.of('log')).toEqual([]);
    expect(stage.of('bug')).toEqual([]);
    expect(stage.data('exit', 'code')).toEqual([0]);
  });

  it('takes timers, listeners and streams with it', () => {
    const main: Daemon = host => {
      later(host, seconds(2), () => host.log('info', 'late'));
      later(host, seconds(1), () => host.process.exit(4));
      host.network.listen({ transport: 'tcp', address: '0.0.0.0', port: 1 }, { backlog: 1 }, { opened: () => {}, accept: () => nothing });
    };
    const stage = stageOf({ main });
    expect(stage.run(1.5)).toBe('quiet');
    expect(stage.machine('m').stack.tcp.receivers.length).toBe(0);
    expect(stage.logs()).toEqual([]);
  });

  it('ends a callback that calls without end, even one that catches all it meets', () => {
    let caught = 0;
    let answered = 0;
    const main: Daemon = host => {
      while (caught < 10) {
        try {
          host.clock.wall();
          answered++;
        } catch {
          caught++;
        }
      }
    };
    const child: Daemon = host => {
      const again = (left: number): void => {
        for (let call = 0; call < 1_000; call++) host.clock.wall();
        if (left > 0) later(host, micros(1), () => again(left - 1));
        else host.log('info', 'done');
      };
      again(1_500);
    };
    const stage = new Stage({ main, child });
    const machine = stage.add('m');
    machine.start('main');
    machine.start('child');
    stage.run(5);
    expect(stage.data('bug', 'message')).toEqual([`Error: more than ${CALLBACK_CALL_LIMIT} Host calls in one callback`]);
    expect(stage.of('exit').map(event => [event.process, event.data?.['code']])).toEqual([['m/main.100', 70]]);
    expect(answered).toBe(CALLBACK_CALL_LIMIT);
    // More calls in all, but not in one callback.
    expect(stage.logs('child')).toEqual(['done']);
  });

  it('wants a status from 0 to 255', () => {
    for (const status of [-1, 256, 1.5])
      expect(run({ main: host => host.process.exit(status) }).data('bug', 'message')[0]).toContain('exit status');
  });
});

describe('time in a process', () => {
  it('stands still while a slow sync lasts, and what was due comes after it', () => {
    const main: Daemon = host => {
      must(host.storage.write('/d/f', bytesOf('x')));
      later(host, seconds(1), () => {
        must(host.storage.sync('/d/f'));
        host.log('info', 'synced');
      });
      later(host, seconds(2), () => host.log('info', 'timer'));
    };
    const stage = stageOf({ main });
    stage.inject({ kind: 'slow-sync', at: seconds(0), duration: seconds(10), machine: 'm', extra: seconds(3) }).run(10);
    expect(stage.of('log').map(event => [event.data?.['event'], Math.floor(event.time / 1_000_000)])).toEqual([
      ['synced', 1],
      ['timer', 4],
    ]);
  });

  it('cancels a timer that is due but waits', () => {
    const main: Daemon = host => {
      const timer = host.clock.setTimer(seconds(2), () => host.log('info', 'cancelled'));
      later(host, seconds(1), () => {
        timer.cancel();
        timer.cancel();
      });
    };
    const stage = stageOf({ main });
    stage.inject({ kind: 'pause', at: millis(500), duration: seconds(5), program: 'main' }).run(10);
    // Both timers came due while it was stopped; the one that was due first cancels the other.
    expect(stage.logs()).toEqual([]);
    expect(stage.of('cancel')).toHaveLength(1);
  });

  it('draws chance that no other process changes', () => {
    const draws = (more: boolean): readonly unknown[] => {
      const main: Daemon = host => {
        for (let draw = 0; draw < 5; draw++) host.random.below(1_000);
      };
      const other: Daemon = host => {
        if (more) host.random.fill(new Uint8Array(100));
      };
      const stage = new Stage({ main, other }, { local: { latencyMin: micros(1), latencyMax: micros(1) } });
      const machine = stage.add('m');
      machine.start('other');
      machine.start('main');
      stage.run(1);
      return stage.data('random', 'value', 'main');
    };
    expect(draws(true)).toEqual(draws(false));
    expect(new Set(draws(false)).size).toBeGreaterThan(1);
  });
});
