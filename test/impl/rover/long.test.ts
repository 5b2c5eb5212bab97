/** Requests that take too long or end the server: the alarm, workers, fatal errors, and what they do to others. */
import { describe, expect, test } from 'vitest';
import type { Daemon } from '../../../src/host/host.ts';
import { pauseBefore } from '../../../src/impl/rover/parent.ts';
import { WORKERS_MAX } from '../../../src/impl/rover/workers.ts';
import { type Ask, ask, serve } from './world.ts';

const slow = (at: number, user: string, number: number, pause: number, name: string): Ask =>
  ask(at, user, number, 'TESTEXPORT', { OBJECT: 'Irolo__work', DATA: `${pause}\n${name}\t1` });
const cards = (at: number, user: string, number: number): Ask => ask(at, user, number, 'IMPORTDATA', { OBJECT: 'Irolo__work' });

describe('the alarm', () => {
  test.each([
    [999, 0],
    [1_001, 1],
  ])('a request of %d ms is handed over %d times', (pause, times) => {
    const { fields, shorts } = serve([slow(1_000, 'ann', 1, pause, 'a')]);
    expect([fields('handed-over', 'user').length, shorts]).toEqual([times, ['200 done 1>2 "1 cards\\n"']]);
  });

  test('--timeout says when', () => {
    expect(serve([slow(1_000, 'ann', 1, 300, 'a')], { args: ['--timeout=200'] }).fields('handed-over', 'number')).toEqual([1]);
  });

  test('others wait no longer than it, and the stream of the long one is held up until it has ended', () => {
    const { answers, ran } = serve([
      slow(1_000, 'ann', 1, 5_000, 'a'),
      cards(1_100, 'ann', 2),
      cards(1_200, 'bob', 1),
      cards(8_000, 'ann', 2),
    ]);
    expect(answers.map(each => each.short)).toEqual([
      '200 done 1>3 "1 cards\\n"',
      '202 held 2>3 "2 is held; 3 has not come\\n"',
      '200 done 1>2',
      '200 done 2>3 again "a\\t1\\n"',
    ]);
    expect(answers[2]?.first).toBeLessThan(2_100);
    expect(answers[0]?.first).toBeGreaterThan(7_000);
    expect(ran).toEqual(['ann 1', 'bob 1', 'ann 2']);
  });

  test('it does not go off in the next request', () => {
    const { fields } = serve([slow(1_000, 'ann', 1, 900, 'a'), slow(1_001, 'bob', 1, 900, 'b')]);
    expect(fields('handed-over', 'user')).toEqual([]);
  });
});

describe('workers', () => {
  test('at most eight at a time; the next waits for one', () => {
    const asks = Array.from({ length: WORKERS_MAX + 2 }, (_, index) =>
      ask(1_000 + 1_100 * index, 'ann', 1, 'TESTSLEEP', { DATA: '40000', HOST: `h${index}` }),
    );
    let most = 0;
    const { trace, shorts } = serve(asks);
    let living = 0;
    for (const { kind, process } of trace) {
      if (!process.includes('rover-worker')) continue;
      if (kind === 'start') living += 1;
      if (kind === 'exit') living -= 1;
      most = Math.max(most, living);
    }
    expect([most, new Set(shorts)]).toEqual([WORKERS_MAX, new Set(['200 done 1>2'])]);
  });

  test('what another host of the same user changes meanwhile is not lost: the worker is begun again', () => {
    const card = (at: number): Ask => ask(at, 'ann', 1, 'EXPORT', { OBJECT: 'Irolo__work', DATA: 'b\t1', HOST: 'phone' });
    const { shorts, fields, answers } = serve([slow(1_000, 'ann', 1, 5_000, 'a'), card(4_000), cards(20_000, 'ann', 2)]);
    expect(shorts).toEqual(['200 done 1>2 "2 cards\\n"', '200 done 1>2 "1 cards\\n"', '200 done 2>3 "a\\t1\\nb\\t1\\n"']);
    expect([fields('handed-over', 'host'), fields('running', 'attempt')]).toEqual([
      ['laptop', 'laptop'],
      [1, 1, 1],
    ]);
    expect(answers[1]?.first).toBeLessThan(4_500);
  });

  test('one that is killed is begun again, three times in all, and no daemon is', () => {
    const kill: Daemon = host => {
      for (let pid = 103; pid < 130; pid++) host.process.kill(pid, 'SIGKILL');
    };
    const once = serve([slow(1_000, 'ann', 1, 5_000, 'a'), cards(30_000, 'ann', 2)], { also: [[3_000, kill]] });
    expect(once.shorts).toEqual(['200 done 1>2 "1 cards\\n"', '200 done 2>3 "a\\t1\\n"']);
    expect([once.fields('running', 'attempt'), once.ends]).toEqual([
      [1, 2, 1],
      ['rover-worker SIGKILL', 'rover-worker 0'],
    ]);
    const always = serve([slow(1_000, 'ann', 1, 5_000, 'a'), cards(30_000, 'ann', 2)], {
      also: Array.from({ length: 30 }, (_, index) => [3_000 + 500 * index, kill] as const),
    });
    expect(always.shorts).toEqual(['500 failed 1>2 "it has ended the server 3 times\\n"', '200 done 2>3']);
    expect(new Set(always.ends)).toEqual(new Set(['rover-worker SIGKILL']));
  });

  test('one that cannot be started for want of processes is started when there are some', () => {
    const { shorts, fields } = serve([slow(1_000, 'ann', 1, 5_000, 'a')], {
      faults: [{ kind: 'no-processes', program: 'rover-daemon', at: 1_500_000 as never, duration: 5_000_000 as never }],
    });
    expect([shorts, fields('no-worker', 'error').length > 0]).toEqual([['200 done 1>2 "1 cards\\n"'], true]);
  });

  test('they end when the daemon is killed, and what they did is done by the next life', () => {
    const { shorts, ends } = serve([slow(1_000, 'ann', 1, 5_000, 'a'), cards(20_000, 'ann', 2)], {
      also: [[4_000, host => void host.process.kill(102, 'SIGKILL')]],
    });
    expect([shorts, ends.slice(0, 2).toSorted()]).toEqual([
      ['', '200 done 2>3 "a\\t1\\n"'],
      ['rover-daemon SIGKILL', 'rover-worker 1'],
    ]);
  });

  test('identity=system: a worker for each request of a user, who it becomes; whom the machine does not know is told so', () => {
    const { shorts, fields } = serve(
      [slow(1_000, 'ann', 1, 10, 'a'), cards(2_000, 'ann', 2), cards(3_000, 'nobody', 1), cards(4_000, 'carl', 1)],
      { args: ['--identity=system'] },
    );
    expect(shorts).toEqual([
      '200 done 1>2 "1 cards\\n"',
      '200 done 2>3 "a\\t1\\n"',
      '200 done 1>2',
      '403 failed 1>2 "this machine has no user carl, or does not let him be\\n"',
    ]);
    expect(fields('handed-over', 'user')).toEqual(['ann', 'ann', 'carl']);
  });

  test('identity=system where it is not permitted: the parent does not start', () => {
    const { ends, fields } = serve([], { args: ['--identity=system'], users: 'carl carl\nann ann\n' });
    expect([ends, fields('not-started', 'why')]).toEqual([
      ['rover-worker 77', 'rover 77'],
      ['--identity=system: no process of this one can become carl'],
    ]);
  });
});

describe('fatal errors', () => {
  test('the process ends, the parent starts it again, and after three times the answer is that it failed', () => {
    const fatal = (at: number): Ask => ask(at, 'ann', 1, 'TESTFATAL', { DATA: 'no more' });
    const { shorts, ends, fields, slugs } = serve([fatal(1_000), fatal(10_000), cards(11_000, 'bob', 1), cards(12_000, 'ann', 2)]);
    expect(shorts).toEqual(['', '500 failed 1>2 again "it has ended the server 3 times\\n"', '200 done 1>2', '200 done 2>3']);
    expect(ends).toEqual(Array.from({ length: 3 }, () => 'rover-daemon 70'));
    expect(fields('fatal', 'text')).toEqual(['no more', 'no more', 'no more']);
    expect(slugs.filter(each => each === 'daemon-restarting')).toHaveLength(3);
  });

  test('in a worker it is the worker that ends', () => {
    const replaced = { 'rover-worker': (host => host.process.exit(70)) satisfies Daemon };
    const { shorts, ends } = serve([slow(1_000, 'ann', 1, 5_000, 'a'), cards(3_500, 'bob', 1)], { replaced });
    expect(shorts).toEqual(['500 failed 1>2 "it has ended the server 3 times\\n"', '200 done 1>2']);
    expect(ends).toEqual(Array.from({ length: 3 }, () => 'rover-worker 70'));
  });

  test('the parent waits the longer the sooner the daemon dies', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map(each => pauseBefore(each) / 1_000_000)).toEqual([0, 1, 2, 4, 8, 16, 30, 30]);
    const { trace } = serve([], { replaced: { 'rover-daemon': host => host.process.exit(78) }, until: 100_000 });
    const times = trace
      .filter(({ kind, process }) => kind === 'exit' && process.includes('rover-daemon'))
      .map(({ time }) => time / 1_000_000);
    const pauses = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
    expect(pauses).toEqual([0, 1, 2, 4, 8, 16, 30, 30]);
  });

  test('a daemon that has lived for ten seconds is started again at once', () => {
    const dies: Daemon = host => void host.clock.setTimer(10_000_000 as never, () => host.process.exit(1));
    const { trace } = serve([], { replaced: { 'rover-daemon': dies }, until: 65_000 });
    expect(trace.filter(({ kind, process }) => kind === 'exit' && process.includes('rover-daemon'))).toHaveLength(6);
  });
});
