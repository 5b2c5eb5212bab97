/** A fault at one Host call: of which process it is, before it has an effect, and what it leaves. */
import { describe, expect, it } from 'vitest';
import type { Daemon } from '../../src/host/host.ts';
import { seconds, ZERO } from '../../src/host/time.ts';
import { REFUSALS, type RefusableCall, type RefusalCode } from '../../src/sim/core/refusals.ts';
import type { Strike, StrikeFault } from '../../src/sim/fault.ts';
import { bytesOf, calling, codeOf, later, logging, Stage, serving } from './kit.ts';

const at = (call: number, what: Strike, program = 'a'): StrikeFault => ({
  kind: 'strike',
  at: ZERO,
  duration: seconds(5),
  call,
  program,
  machine: program,
  what,
});

/** One call of each kind that may be refused, each with what it was answered. */
const everything: Daemon = host => {
  const say = (call: string, code: string): void => host.log('info', `${call} ${code}`);
  const { storage, network } = host;
  say('write', codeOf(storage.write('/d/f', bytesOf('x'))));
  say('append', codeOf(storage.append('/d/f', bytesOf('y'))));
  say('read', codeOf(storage.read('/d/f')));
  say('stat', codeOf(storage.stat('/d/f')));
  say('list', codeOf(storage.list('/d')));
  say('sync', codeOf(storage.sync('/d/f')));
  say('rename', codeOf(storage.rename('/d/f', '/d/g')));
  say('unlink', codeOf(storage.unlink('/d/g')));
  say('mkdir', codeOf(storage.makeDirectory('/d/e')));
  say('pipe', codeOf(host.descriptors.pipe()));
  say('spawn', codeOf(host.process.spawn('b', [])));
  network.listen(
    { transport: 'tcp', address: '0.0.0.0', port: 7 },
    { backlog: 1 },
    { opened: result => say('listen', codeOf(result)), accept: () => ({ data: () => {} }) },
  );
  network.bind({ address: '0.0.0.0', port: 9 }, {}, { opened: result => say('bind', codeOf(result)), message: () => {} });
  network.connect({ transport: 'tcp', address: '10.0.0.1', port: 1 }, {}, result => {
    say('connect', codeOf(result));
    return { data: () => {} };
  });
};

/** The Host calls that may be refused, by their numbers. */
function refusable(): ReadonlyMap<RefusableCall, number> {
  const stage = new Stage({ a: everything, b: () => {} });
  const found = new Map<RefusableCall, number>();
  stage.world.observe({ called: () => {}, refusable: (call, name) => found.set(name, call), over: () => {} });
  stage.add('a', ['/d']).start('a');
  stage.run(5);
  return found;
}

describe('a call that may be refused', () => {
  const calls = refusable();
  const CASES = Object.entries(REFUSALS).flatMap(([call, codes]) => codes.map(code => [call as RefusableCall, code] as const));

  it('is one of each kind here', () => expect([...calls.keys()].sort()).toEqual(Object.keys(REFUSALS).sort()));

  it.each(CASES)('%s is refused with %s, and has no effect', (call, code) => {
    const stage = new Stage({ a: everything, b: () => {} });
    stage.add('a', ['/d']).start('a');
    stage.inject(at(calls.get(call) ?? 0, code)).run(5);
    expect(stage.fired()).toEqual([1]);
    const said = stage.logs('a').map(each => String(each).split(' '));
    expect(said.find(([name]) => name === call)).toEqual([call, code]);
    // What depends on a file that was not written is not there.
    const struck = said.filter(([, answer]) => answer === code).map(([name]) => name);
    expect(struck).toEqual([call]);
  });

  it('is not refused with what it cannot be', () => {
    const wrong: readonly (readonly [RefusableCall, RefusalCode])[] = [
      ['stat', 'ENOSPC'],
      ['spawn', 'EIO'],
      ['connect', 'EAGAIN'],
    ];
    for (const [call, code] of wrong) {
      const stage = new Stage({ a: everything, b: () => {} });
      stage.add('a', ['/d']).start('a');
      stage.inject(at(calls.get(call) ?? 0, code)).run(5);
      expect(stage.fired()).toEqual([0]);
    }
  });
});

describe('what strikes', () => {
  /** Writes twice and syncs in between: calls 1 to 3. */
  const writing: Daemon = host => {
    const before = host.storage.read('/d/f');
    host.log('info', before.ok ? `found-${before.value.length}` : before.error.code);
    host.storage.write('/d/f', bytesOf('one'));
    host.storage.sync('/d/f');
    host.storage.append('/d/f', bytesOf('two'));
    host.log('info', 'done');
  };
  const struck = (call: number, what: Strike): readonly unknown[] => {
    const stage = new Stage({ a: writing });
    stage.add('a', ['/d']).start('a');
    stage.inject(at(call, what)).run(20);
    return stage.logs();
  };

  it('does so before the call has an effect', () => {
    // Read, log, write, sync, append, log.
    expect(struck(3, 'power-kept')).toEqual(['ENOENT', 'ENOENT', 'done']);
    expect(struck(4, 'power-kept')).toEqual(['ENOENT', 'found-3', 'done']);
    expect(struck(4, 'power-lost')).toEqual(['ENOENT', 'ENOENT', 'done']);
    // Its name was not synced.
    expect(struck(5, 'power-lost')).toEqual(['ENOENT', 'ENOENT', 'done']);
    expect(struck(6, 'power-kept')).toEqual(['ENOENT', 'found-6', 'done']);
  });

  it('ends the process by a kill, stops it by a pause, and lets it go on', () => {
    expect(struck(2, 'kill')).toEqual([]);
    const stage = new Stage({ a: host => later(host, seconds(1), () => host.log('info', 'on')) });
    stage.add('a').start('a');
    stage.inject(at(1, 'pause')).run(20);
    expect(stage.of('log').map(({ time }) => Math.floor(time / 1_000_000))).toEqual([5]);
  });

  it('tears in one of several ways, the same each time', () => {
    const left = (draw: number): string => {
      const stage = new Stage({
        a: host => {
          const found = host.storage.list('/d');
          host.log('info', found.ok ? [...found.value].sort().join('') : found.error.code);
          for (const name of 'abcdefgh') host.storage.write(`/d/${name}`, bytesOf('x'));
          host.log('info', 'written');
        },
      });
      stage.add('a', ['/d']).start('a');
      stage.inject({ ...at(11, 'power-torn'), draw }).run(20);
      return String(stage.logs()[1]);
    };
    const draws = [0, 1, 2, 3, 4, 5];
    expect(draws.map(left)).toEqual(draws.map(left));
    expect(new Set(draws.map(left)).size).toBeGreaterThan(2);
  });

  it('resets what the process has, or silences it', () => {
    const programs = {
      a: serving((_stream, host) => logging(host)),
      b: calling((stream, host) => {
        for (let second = 1; second < 9; second++) later(host, seconds(second), () => stream.write(bytesOf('x')));
        return logging(host);
      }),
    };
    const seen = (what: Strike): readonly unknown[] => {
      const calls: number[] = [];
      const first = Stage.of(programs);
      first.world.observe({ called: call => calls.push(call), refusable: () => {}, over: () => {} });
      first.run(20);
      const stage = Stage.of(programs);
      // In the midst of the writes, whoever makes the call.
      const middle = Math.floor(calls.length / 2);
      stage.inject({ ...at(middle, what), program: 'a' }, { ...at(middle, what), program: 'b' }).run(20);
      return stage.logs('a');
    };
    expect(seen('reset').at(-1)).toBe('close-ECONNRESET');
    expect(seen('half-open').at(-1)).toBe('data');
    expect(seen('half-open').length).toBeLessThan(seen('kill').length + 8);
  });

  it('not after healing, and each of a pair at its own call', () => {
    const stage = new Stage({ a: writing });
    stage.add('a', ['/d']).start('a');
    stage.inject(at(3, 'EIO'), at(5, 'ENOSPC')).run(20);
    expect(stage.of('write').map(event => event.data?.['error'])).toEqual(['EIO']);
    expect(stage.of('append').map(event => event.data?.['error'])).toEqual(['ENOSPC']);
    const healed = new Stage({ a: writing });
    healed.add('a', ['/d']).start('a');
    healed.inject(at(3, 'EIO'));
    healed.world.heal();
    healed.run(20);
    expect(healed.fired()).toEqual([0]);
  });
});
