import { describe, expect, test } from 'vitest';
import { noBug, noBusyLoop } from '../../src/check/builtin.ts';
import { judgeTrace } from '../../src/check/judge.ts';
import { always, eventually, type Property, type RunEnding, responds, sometimes } from '../../src/check/property.ts';
import { millis } from '../../src/host/time.ts';
import { at, eventsFrom, phase, type Sketch, sketch } from './event.ts';

const quiet = (ms: number): RunEnding => ({ time: at(ms), ended: 'quiet' });
const cut = (ms: number): RunEnding => ({ time: at(ms), ended: 'time-limit' });

function violations(property: Property, sketches: readonly Sketch[], ending: RunEnding): readonly string[] {
  return judgeTrace([property], eventsFrom(sketches), ending).violations.map(each => `${each.property}@${each.at}: ${each.why}`);
}

describe('always', () => {
  const noExit = always('no-exit', 'Nobody exits.', () => ({ see: event => (event.kind === 'exit' ? 'it exited' : undefined) }));

  test('is broken by the first event its monitor objects to, and only once', () => {
    expect(violations(noExit, [sketch(1, 'start'), sketch(2, 'exit'), sketch(3, 'exit')], quiet(3))).toEqual(['no-exit@1: it exited']);
    expect(violations(noExit, [sketch(1, 'start')], quiet(3))).toEqual([]);
  });

  test('may be decided at the end', () => {
    const counted = always('two', 'There are two.', () => {
      let count = 0;
      return {
        see: () => {
          count++;
          return undefined;
        },
        end: () => (count === 2 ? undefined : `there are ${count}`),
      };
    });
    expect(violations(counted, [sketch(1, 'start')], quiet(1))).toEqual(['two@0: there are 1']);
    expect(violations(counted, [sketch(1, 'start'), sketch(1, 'exit')], quiet(1))).toEqual([]);
    expect(violations(counted, [sketch(1, 'start')], { time: at(1), ended: 'event-limit' })).toEqual([]);
  });

  test('every judgement has a monitor of its own, which sees only the kinds it asked for', () => {
    const seen: string[][] = [];
    const spy = always(
      'spy',
      'Sees.',
      () => {
        const mine: string[] = [];
        seen.push(mine);
        return {
          see: event => {
            mine.push(event.kind);
            return undefined;
          },
        };
      },
      ['exit'],
    );
    const events = [sketch(1, 'start'), sketch(2, 'exit')];
    violations(spy, events, quiet(3));
    violations(spy, events, quiet(3));
    expect(seen).toEqual([['exit'], ['exit']]);
  });
});

describe('sometimes', () => {
  const logs = sometimes('logs', 'It logs.', () => ({ see: event => event.kind === 'log' }));
  test('is met or unmet, never violated', () => {
    expect(judgeTrace([logs], eventsFrom([sketch(1, 'log')]), quiet(1))).toEqual({
      violations: [],
      met: ['logs'],
      unmet: [],
      undecided: [],
    });
    expect(judgeTrace([logs], eventsFrom([sketch(1, 'send')]), quiet(1))).toEqual({
      violations: [],
      met: [],
      unmet: ['logs'],
      undecided: [],
    });
  });
});

describe('eventually', () => {
  const bound = { within: millis(100) };
  const up = (goal: 'reached' | 'stays') =>
    eventually(
      'up',
      'The service is up.',
      { ...bound, goal },
      () => {
        let listening = false;
        return {
          see: event => {
            if (event.kind === 'listen') listening = true;
            if (event.kind === 'exit') listening = false;
            return listening;
          },
          missing: () => 'nobody listens',
        };
      },
      ['listen', 'exit'],
    );

  test('the bound starts at healing: what happens before does not count against it', () => {
    expect(violations(up('reached'), [sketch(0, 'start'), phase(500, 'heal'), sketch(600, 'listen')], cut(1000))).toEqual([]);
  });
  test('late is violated, by the event that shows it is late', () => {
    const late = [phase(500, 'heal'), sketch(601, 'start'), sketch(602, 'listen')];
    expect(violations(up('reached'), late, cut(1000))).toEqual(['up@1: not within 0.100000 s of healing: nobody listens']);
    expect(violations(up('reached'), [phase(500, 'heal'), sketch(601, 'listen')], cut(1000))).toHaveLength(1);
  });
  test('a goal that holds at healing is reached, even when no event of its kinds follows', () => {
    expect(violations(up('reached'), [sketch(1, 'listen'), phase(500, 'heal')], cut(1000))).toEqual([]);
  });
  test('a goal that holds before anything happened is reached, though only a phase was there to ask it at', () => {
    const alive = eventually('alive', 'Nobody has exited.', bound, () => ({ see: event => event.kind !== 'exit' }), ['exit']);
    expect(violations(alive, [phase(500, 'heal')], cut(1000))).toEqual([]);
  });
  test('never reached is violated at the end, when the world is quiet or the bound is over', () => {
    expect(violations(up('reached'), [phase(500, 'heal')], quiet(510))).toHaveLength(1);
    expect(violations(up('reached'), [phase(500, 'heal')], cut(600))).toHaveLength(1);
    expect(violations(up('reached'), [phase(500, 'heal')], cut(599))).toEqual([]);
  });
  test('a run without healing decides nothing', () => {
    expect(violations(up('reached'), [sketch(1, 'start')], quiet(1000))).toEqual([]);
  });
  test('stays: may come and go within the bound, must hold from there on', () => {
    const flutter = [phase(0, 'heal'), sketch(10, 'listen'), sketch(20, 'exit'), sketch(90, 'listen'), sketch(150, 'log')];
    expect(violations(up('stays'), flutter, cut(1000))).toEqual([]);
    expect(violations(up('stays'), [...flutter, sketch(200, 'exit')], cut(1000))).toEqual([
      'up@5: no longer, at 0.200000 s: nobody listens',
    ]);
    const gone = [phase(0, 'heal'), sketch(10, 'listen'), sketch(20, 'exit')];
    expect(violations(up('stays'), gone, cut(1000))).toHaveLength(1);
    expect(violations(up('reached'), gone, cut(1000))).toEqual([]);
  });
});

describe('responds', () => {
  const answered = responds(
    'answered',
    'Every request is answered.',
    millis(100),
    () => ({
      trigger: event => (event.kind === 'send' ? String(event.data?.['id']) : undefined),
      response: event => (event.kind === 'recv' ? String(event.data?.['id']) : undefined),
      excuses: (event, key) => event.kind === 'exit' && event.data?.['id'] === key,
    }),
    ['send', 'recv', 'exit'],
  );
  const send = (ms: number, id: string) => sketch(ms, 'send', { id });
  const recv = (ms: number, id: string) => sketch(ms, 'recv', { id });

  test('counts from the trigger, or from healing when that is later', () => {
    expect(violations(answered, [send(1, 'x'), phase(500, 'heal'), recv(600, 'x')], cut(1000))).toEqual([]);
    expect(violations(answered, [send(1, 'x'), phase(500, 'heal'), recv(601, 'x')], cut(1000))).toEqual([
      'answered@2: no response to x, triggered at 0.001000 s, within 0.100000 s',
    ]);
    expect(violations(answered, [phase(0, 'heal'), send(300, 'x'), recv(400, 'x'), send(401, 'y'), recv(450, 'y')], cut(1000))).toEqual([]);
    expect(
      violations(answered, [phase(0, 'heal'), send(300, 'x'), send(350, 'y'), recv(360, 'y'), sketch(401, 'log')], cut(402)),
    ).toHaveLength(1);
  });
  test('what was asked too near the end is undecided, unless the world is quiet', () => {
    expect(violations(answered, [phase(0, 'heal'), send(950, 'x')], cut(1000))).toEqual([]);
    expect(violations(answered, [phase(0, 'heal'), send(950, 'x')], quiet(1000))).toHaveLength(1);
  });
  test('an excuse takes the obligation away', () => {
    expect(violations(answered, [phase(0, 'heal'), send(1, 'x'), sketch(2, 'exit', { id: 'x' })], quiet(1000))).toEqual([]);
  });
});

describe('built in', () => {
  test('no-bug', () => {
    expect(violations(noBug, [sketch(1, 'bug', { message: 'x is undefined' })], quiet(1))).toEqual([
      'no-bug@0: a/p.1 threw: x is undefined',
    ]);
  });
  test('no-busy-loop counts each process and each second for itself, and not the world', () => {
    const burst = (ms: number, count: number, process: string) =>
      Array.from({ length: count }, () => sketch(ms, 'timer', undefined, process));
    const property = noBusyLoop(5);
    expect(violations(property, [...burst(1, 5, 'a/p.1'), ...burst(2, 5, 'b/p.1'), ...burst(1001, 5, 'a/p.1')], quiet(2000))).toEqual([]);
    expect(violations(property, burst(1, 20, ''), quiet(2000))).toEqual([]);
    expect(violations(property, burst(1500, 6, 'a/p.1'), quiet(2000))).toEqual([
      'no-busy-loop@5: a/p.1 had more than 5 events in second 1',
    ]);
  });
});
