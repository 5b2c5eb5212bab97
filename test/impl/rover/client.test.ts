/** The client of Rover against a server that shares no code with it, in the simulator. */
import { describe, expect, test } from 'vitest';
import { MOODS } from '../../../scenarios/rover/daemons/foreign.ts';
import type { Daemon } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { roverClient } from '../../../src/impl/rover/client-program.ts';
import { QUEUE_MAX } from '../../../src/impl/rover/client-queue.ts';
import { live } from './client-world.ts';

const SENDS = ['--send=EXPORT Irolo__work a\t1', '--send=IMPORTDATA Irolo__work', '--send=TESTNULL'] as const;

describe('a client', () => {
  test('sends what it was told to, in order, tells the answers, and ends well', () => {
    const { told, did, ends } = live({ clients: [[0, ...SENDS]] });
    expect(did).toEqual(['1 EXPORT Irolo__work a\t1', '2 IMPORTDATA Irolo__work ', '3 TESTNULL  ']);
    expect(told).toEqual(['1 200 done', '2 200 done', '3 200 done']);
    expect(ends).toEqual([0]);
  });

  test.each(MOODS)('whose server has the mood %s tells each answer once', mood => {
    const { told, did, ends, fields } = live({ clients: [[0, ...SENDS]], server: [`--moods=${mood}`, '--calm=20000'] });
    // After 1 s, 2 s, 4 s, 8 s and 16 s at the most, and when another number had an answer.
    expect(fields('sent', 'number').length).toBeLessThanOrEqual(3 * 7);
    expect(did.map(each => each.split(' ')[0])).toEqual(['1', '2', '3']);
    expect(told).toEqual(['1 200 done', '2 200 done', '3 200 done']);
    expect(ends).toEqual([0]);
  });

  test('waits for a server that is not there', () => {
    const { told, ends, fields } = live({
      clients: [[0, ...SENDS]],
      faults: [{ kind: 'partition', at: 0 as never, duration: 100_000_000 as never, shape: 'symmetric', machines: ['server', 'laptop'] }],
    });
    expect(fields('again', 'outcome').length).toBeGreaterThan(3);
    expect(told).toEqual(['1 200 done', '2 200 done', '3 200 done']);
    expect(ends).toEqual([0]);
  });

  test('goes on with what an earlier life has left, before what is new', () => {
    const { told, did, ends } = live({
      clients: [
        [0, ...SENDS],
        [9, '--send=TESTECHO  hello'],
      ],
      faults: [{ kind: 'kill', at: 500_000 as never, program: 'rover-client' }],
      server: ['--moods=silent', '--calm=8000'],
    });
    expect(ends).toEqual(['SIGKILL', 0]);
    expect(did.at(-1)).toBe('4 TESTECHO  hello');
    expect(told).toEqual(['1 200 done', '2 200 done', '3 200 done', '4 200 done']);
  });

  test('tells in the order of the numbers, whatever comes first', () => {
    const { told } = live({ clients: [[0, ...SENDS]], server: ['--moods=close,answer,answer', '--calm=20000'] });
    expect(told.map(each => each.split(' ')[0])).toEqual(['1', '2', '3']);
  });

  test('ends with 1 if one has failed', () => {
    const { told, ends } = live({ clients: [[0, ...SENDS]], server: ['--moods=answer', '--fail=2'] });
    expect(told).toEqual(['1 200 done', '2 422 failed', '3 200 done']);
    expect(ends).toEqual([1]);
  });

  test('puts TESTNULL in the place of what is refused, and tells the refusal', () => {
    const { told, did, ends } = live({ clients: [[0, ...SENDS]], server: ['--moods=answer', '--refuse=2'] });
    expect(did).toEqual(['1 EXPORT Irolo__work a\t1', '2 TESTNULL  ', '3 TESTNULL  ']);
    expect(told).toEqual(['1 200 done', '2 409 refused', '3 200 done']);
    expect(ends).toEqual([1]);
  });

  test('stops where that is refused as well, and goes on with it in its next life', () => {
    const { told, ends, fields } = live({ clients: [[0, ...SENDS], [5]], server: ['--moods=answer', '--stuck=2'], until: 8 });
    expect(told).toEqual(['1 200 done', '2 409 refused']);
    expect(fields('stuck', 'number')).toEqual([2, 2]);
    expect(fields('queue-open', 'waiting')).toEqual([0, 2]);
    expect(ends).toEqual([1, 1]);
  });

  test('leaves its queue when it is told to end', () => {
    const ending: Daemon = host => {
      roverClient(host);
      host.clock.setTimer(seconds(2), () => void host.process.kill(host.process.pid, 'SIGTERM'));
    };
    const lives = { server: ['--moods=silent', '--calm=1000000'], until: 5 };
    const { ends, fields, told } = live({ clients: [[0, ...SENDS]], client: ending, ...lives });
    expect([ends, fields('left', 'waiting'), told]).toEqual([[1], [3], []]);
  });

  test('sends a window at a time', () => {
    const { trace } = live({ clients: [[0, '--window=2', ...SENDS]], server: ['--moods=silent', '--calm=20000'], until: 10 });
    expect(trace.filter(({ kind, data }) => kind === 'open' && data?.['error'] === undefined)).toHaveLength(2);
  });

  test.each([
    [['--user=bob'], 'the queue of ann at laptop'],
    [['--host=desk'], 'the queue of ann at laptop'],
  ])('does not take the queue of another: %s', (args, what) => {
    const { ends, fields } = live({
      clients: [
        [0, ...SENDS],
        [5, ...args],
      ],
    });
    expect(fields('log-damaged', 'what')).toEqual([what]);
    expect(ends).toEqual([0, 2]);
  });

  test('that starts beside another takes the queue over', () => {
    const { ends, told, fields } = live({ clients: [[0, ...SENDS], [2]], server: ['--moods=slow', '--calm=60000'], until: 200 });
    expect(fields('queue-open', 'waiting')).toEqual([0, 3]);
    expect(ends).toEqual([1, 0]);
    expect(told).toEqual(['1 200 done', '2 200 done', '3 200 done']);
  });

  test('has room for so many', () => expect(QUEUE_MAX).toBe(65_536));
});
