/** The runner: what it plays, in which order, and what it says when there is nothing to play. */
import { describe, expect, test } from 'vitest';
import type { Arm } from '../../conformance/arms/arm.ts';
import { simArm } from '../../conformance/arms/sim.ts';
import type { Case, Step } from '../../conformance/case.ts';
import { CHANNEL_LIMIT } from '../../conformance/judge/inbox.ts';
import { type Row, type RunOptions, runSuite } from '../../conformance/run/runner.ts';
import { selectCases } from '../../conformance/run/select.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Daemon } from '../../src/host/host.ts';
import { seconds } from '../../src/host/time.ts';
import { judgedAgain, rowsIn, toyCase, toySuite } from './support.ts';

/** Says its argument, one event for each letter, and exits. */
const speaker: Daemon = host => {
  const stream = host.descriptors.attach(3, 'write', { data: () => {} });
  const letters = host.process.args[0] ?? '';
  if (stream.ok) for (const letter of letters) stream.value.write(utf8(`{"event":"${letter}"}\n`));
  host.process.exit(0);
};

const says = (...letters: readonly string[]): readonly Step[] => [
  { verb: 'start' },
  {
    verb: 'expect-sequence',
    channel: 'in',
    items: letters.map(letter => ({ message: { type: letter, name: letter }, times: 'one' })),
    thenEof: true,
    within: seconds(5),
  },
  { verb: 'expect-exit', codes: [0], within: seconds(5) },
];
const twin: Case = toyCase(says('a'), { id: 'toy.server.twin' });
const negative: Case = toyCase(says('a'), { id: 'toy.server.negative', twin: 'toy.server.twin', deviation: 'none, for this test' });
const should: Case = toyCase(says('b'), { id: 'toy.server.should', requirements: ['toy.server.should'] });
const extra: Case = toyCase(says('a'), { id: 'toy.server.extra', needs: ['extra'] });
const suite = toySuite([negative, should, extra, twin]);

const run = (letters: string, more: Partial<RunOptions> = {}) =>
  runSuite({
    suite,
    role: 'server',
    arm: simArm({ speaker }),
    implementation: { program: 'speaker', args: [letters] },
    claims: [],
    ...more,
  });

const rows = async (letters: string, more: Partial<RunOptions> = {}): Promise<readonly Row[]> => rowsIn(await run(letters, more));

const summary = (all: readonly Row[]): readonly string[] => all.map(row => `${row.testCase.id.slice(11)} ${row.grade}`);

describe('a run', () => {
  test('plays a twin before what deviates from it', async () => {
    expect(summary(await rows('a'))).toEqual(['twin pass', 'negative pass', 'should nonstrict', 'extra not-applicable']);
  });

  test('plays the twin of a case also when only the case was selected', async () => {
    expect(summary(await rows('a', { select: ['*.negative'] }))).toEqual(['twin pass', 'negative pass']);
  });

  test('calls a case whose twin fails inconclusive, without playing it', async () => {
    const all = await rows('b');
    expect(summary(all)).toEqual(['twin fail', 'negative inconclusive', 'should pass', 'extra not-applicable']);
    expect(all[1]).toMatchObject({ end: 'not played', events: [], verdict: { why: expect.stringContaining('toy.server.twin') } });
  });

  test('keeps no events where nobody wants them at the end', async () => {
    const told: number[] = [];
    const kept = await rows('a', { forgetful: true, progress: row => told.push(row.events.length) });
    expect(kept.every(row => row.events.length === 0)).toBe(true);
    expect(told.some(events => events > 0)).toBe(true);
  });

  test('plays what an implementation claims', async () => {
    expect(summary(await rows('a', { claims: ['extra'], select: ['*.extra'] }))).toEqual(['extra pass']);
  });

  test('gives a row the level of the requirement that was broken', async () => {
    const all = await rows('a');
    expect(all.map(row => row.level)).toEqual(['MUST', 'MUST', 'SHOULD', 'MUST']);
    expect(all[2]).toMatchObject({ verdict: { expected: 'b (b) on in', step: 1, by: 'order' }, end: 'exited 0' });
  });

  test('is the same again, event for event', async () => {
    const [first, second] = [await rows('ab'), await rows('ab')];
    expect(second).toEqual(first);
    for (const row of first) if (row.events.length > 0) expect(judgedAgain(row, suite)).toEqual({ verdict: row.play, end: row.end });
  });
});

test('a flood is a finding, costs little, and its trace says so too', async () => {
  const flood: Daemon = host => {
    const pour = (): void => {
      if (stream.ok) stream.value.write(utf8(`${'all work and no play '.repeat(50)}\n`.repeat(100)));
    };
    const stream = host.descriptors.attach(3, 'write', { data: () => {}, drain: pour });
    pour();
  };
  const [row] = await rows('', { arm: simArm({ flood }), implementation: { program: 'flood', args: [] }, select: ['*.twin'] });
  if (row === undefined) throw new Error('no row');
  expect(row.verdict).toMatchObject({ verdict: 'fail', expected: expect.stringContaining(`${CHANNEL_LIMIT} bytes`) });
  // Of so much it counts otherwise.
  expect(judgedAgain(row, suite)).toMatchObject({ verdict: { verdict: 'fail' }, end: row.end });
  const received = row.events.filter(event => event.kind === 'recv' && event.process === row.tester);
  expect(received.reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0)).toBe(CHANNEL_LIMIT + 1);
});

describe('nothing to tell', () => {
  test('no case of the role', async () => {
    expect(await run('a', { role: 'client' })).toMatchObject({ outcome: 'nothing-ran' });
  });

  test('a pattern that matches no case, even when another does', async () => {
    expect(await run('a', { select: ['toy.*', 'typo.*'] })).toMatchObject({
      outcome: 'nothing-ran',
      why: expect.stringContaining('typo.*'),
    });
  });

  test('an implementation that cannot be started is a setup error, after one try', async () => {
    let tried = 0;
    const done = await run('a', { implementation: { program: 'no-such-program', args: [] }, progress: () => tried++ });
    expect(done).toMatchObject({ outcome: 'setup-error', why: expect.stringContaining('no-such-program') });
    expect(tried).toBe(1);
  });

  describe('an implementation that ends before it does anything', () => {
    /** A wrong command line; of `refuses` one case, and of `nothing` all of them, and there is no error. */
    const mistyped: Daemon = host => {
      host.log('error', 'usage');
      host.process.exit(host.process.args[0] === 'nothing' ? 0 : 2);
    };
    /** As if it had taken time by the clock on the wall. */
    const real = (daemon: Daemon): Arm => {
      const arm = simArm({ speaker: daemon });
      return { ...arm, play: async play => ({ ...(await arm.play(play)), millis: 1 }) };
    };
    const cases = ['one', 'two', 'three', 'four'].map(id => toyCase(says('a'), { id: `toy.server.${id}` }));
    const tried = async (argument: string, more: Partial<RunOptions> = {}): Promise<readonly [Awaited<ReturnType<typeof run>>, number]> => {
      let done = 0;
      const ran = await run(argument, {
        suite: toySuite(cases),
        arm: real(mistyped),
        progress: () => done++,
        ...more,
      });
      return [ran, done];
    };

    test('is a setup error after three cases', async () => {
      const [ran, done] = await tried('wrong');
      expect(ran).toMatchObject({
        outcome: 'setup-error',
        why: 'the implementation ends before it does anything: speaker wrong: exited 2',
      });
      expect(done).toBe(3);
    });

    test('is judged where fewer cases are played: to end may be what one of them makes it do', async () => {
      expect(summary(rowsIn((await tried('wrong', { select: ['*.one', '*.two'] }))[0]))).toEqual(['one fail', 'two fail']);
    });

    test('is judged in the simulator, where nothing is mistyped and nothing takes time', async () => {
      const [ran, done] = await tried('wrong', { arm: simArm({ speaker: mistyped }) });
      expect([ran.outcome, done]).toEqual(['ran', 4]);
    });

    test('is judged when it calls that a success', async () => {
      const [ran, done] = await tried('nothing');
      expect([ran.outcome, done]).toEqual(['ran', 4]);
    });

    test('is judged when it did something in one of them, or was right to end', async () => {
      const ends = toyCase([{ verb: 'start' }, { verb: 'expect-exit', codes: [2], within: seconds(5) }], { id: 'toy.server.ends' });
      const [ran] = await tried('wrong', { suite: toySuite([ends, ...cases]) });
      expect(ran.outcome).toBe('ran');
      const speaks: Daemon = host => {
        const stream = host.descriptors.attach(3, 'write', { data: () => {} });
        if (stream.ok) stream.value.write(utf8('{"event":"a"}\n'));
        host.process.exit(2);
      };
      const [some, done] = await tried('a', { arm: real(speaks) });
      expect([some.outcome, done]).toEqual(['ran', 4]);
    });
  });

  test('a tester that fails is told as such, and is no verdict', async () => {
    const broken = toyCase([
      { verb: 'start' },
      { verb: 'expect-count', channel: 'nowhere', message: { type: 'a', name: 'a' }, least: 0, most: 0 },
    ]);
    const done = await runSuite({
      suite: toySuite([broken]),
      role: 'server',
      arm: simArm({ speaker }),
      implementation: { program: 'speaker', args: ['a'] },
      claims: [],
    });
    expect(done).toMatchObject({
      rows: [{ grade: 'error', verdict: { verdict: 'error', why: expect.stringContaining('no channel nowhere') } }],
    });
  });
});

test('patterns: a star is any text, a dot is a dot', () => {
  const ids = (patterns: readonly string[]) => selectCases(suite.cases, 'server', patterns).cases.map(each => each.id);
  expect(ids(['toy.server.t*'])).toEqual(['toy.server.twin']);
  expect(ids(['toy?server?twin'])).toEqual([]);
  expect(ids(['toy.server.tw.n'])).toEqual([]);
  expect(ids([])).toHaveLength(4);
});
