/** Several plays of one case: when another one is asked for, and what they come to. */
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../conformance/case.ts';
import { isStarved, type Strain } from '../../conformance/judge/strain.ts';
import { type Attempt, countOf, type Plan, RACE_PLAYS, settled, wantsMore } from '../../conformance/run/attempts.ts';
import { Lanes } from '../../conformance/run/lanes.ts';
import { micros, millis, seconds, ZERO } from '../../src/host/time.ts';

const strain = (lost: number): Strain => ({ lag: ZERO, waited: millis(lost), stalled: ZERO });
const attempt = (verdict: Verdict, lost = 0): Attempt => ({ verdict, strain: strain(lost), lasted: seconds(1) });
const refuted = (by: 'order' | 'time', step = 1): Verdict => ({
  verdict: 'fail',
  step,
  requirement: 'r',
  expected: 'x',
  received: 'y',
  by,
});

const PASS = attempt({ verdict: 'pass' });
const LATE = attempt(refuted('time'));
const WRONG = attempt(refuted('order'));
/** The same while the computer had no time. */
const SHAKEN = attempt(refuted('order'), 900);
const CERTAIN = attempt({ ...refuted('order'), certain: true } as Verdict, 900);
const STARVED = attempt({ verdict: 'inconclusive', why: 'no time', by: 'starved' }, 900);

const ONCE: Plan = { least: 1, most: 3, races: false };
const RACE: Plan = { least: RACE_PLAYS, most: RACE_PLAYS, races: true };

const verdictOf = (attempts: readonly Attempt[], plan = ONCE): string => settled(attempts, plan).verdict.verdict;

describe('another play', () => {
  test.each<[string, readonly Attempt[], boolean]>([
    ['a pass is believed', [PASS], false],
    ['so is what came and must not have come', [WRONG], false],
    ['what a deadline refutes is played again', [LATE], true],
    ['and again', [LATE, LATE], true],
    ['but not for ever', [LATE, LATE, LATE], false],
    ['what decided nothing is played again', [STARVED], true],
    ['and is over once it passes', [STARVED, PASS], false],
    ['a refutation on a strained computer is played again', [SHAKEN], true],
    ['and believed without strain', [SHAKEN, WRONG], false],
    ['and at once where no strain brings it about', [CERTAIN], false],
    ['what passes only sometimes is played as often as a race', [LATE, PASS], true],
    ['until it has been refuted twice', [LATE, PASS, LATE], false],
    ['or often enough', [LATE, PASS, PASS, PASS, PASS, PASS], false],
  ])('%s', (_name, attempts, more) => {
    expect(wantsMore(attempts, ONCE)).toBe(more);
  });

  test('a race is played so often, whatever comes of it; a fault of the tester ends it', () => {
    expect(wantsMore([WRONG], RACE)).toBe(true);
    expect(wantsMore(Array<Attempt>(RACE_PLAYS).fill(PASS), RACE)).toBe(false);
    expect(wantsMore([{ ...PASS, verdict: { verdict: 'error', why: 'ours' } }], RACE)).toBe(false);
  });
});

describe('what they come to', () => {
  test.each<[string, readonly Attempt[], string]>([
    ['late every time', [LATE, LATE, LATE], 'fail'],
    ['a flood, however little time there was', [CERTAIN], 'fail'],
    ['never decided', [STARVED, STARVED, STARVED], 'inconclusive'],
    ['passed once there was time', [STARVED, PASS], 'pass'],
    ['refuted only under strain, at the same step each time', [SHAKEN, SHAKEN, SHAKEN], 'fail'],
    ['refuted only under strain, at different steps', [SHAKEN, attempt(refuted('order', 2), 900), SHAKEN], 'inconclusive'],
    ['refuted under strain once, and undecided', [SHAKEN, STARVED, STARVED], 'inconclusive'],
    ['refuted under strain, then passed', [SHAKEN, PASS], 'inconclusive'],
    ['one in six', [LATE, PASS, PASS, PASS, PASS, PASS], 'inconclusive'],
    ['two in three', [LATE, PASS, LATE], 'fail'],
  ])('%s', (_name, attempts, verdict) => {
    expect(verdictOf(attempts)).toBe(verdict);
  });

  test('of a race one refutation is one: sometimes', () => {
    const attempts = [PASS, LATE, PASS, STARVED, PASS, PASS];
    expect(verdictOf(attempts, RACE)).toBe('fail');
    expect(countOf(attempts)).toEqual({ played: 6, refuted: 1, late: 1, undecided: 1 });
    expect(verdictOf([PASS, SHAKEN, PASS], RACE)).toBe('inconclusive');
  });

  test('what came speaks before what did not come', () => {
    expect(settled([LATE, LATE, WRONG], ONCE).attempt).toBe(WRONG);
  });

  test('text of a row that is not decided names what would decide it', () => {
    const why = (attempts: readonly Attempt[]): string => {
      const { verdict } = settled(attempts, ONCE);
      return 'why' in verdict ? verdict.why : '';
    };
    expect(why([LATE, PASS, PASS, PASS, PASS, PASS])).toContain('--repeat');
    expect(why([SHAKEN, PASS])).toContain('--patience');
  });
});

test('a wait is unfair when a tenth of it was lost, or half of it to disks', () => {
  const wait = seconds(5);
  expect(isStarved({ lag: ZERO, waited: millis(499), stalled: ZERO }, wait)).toBe(false);
  expect(isStarved({ lag: ZERO, waited: millis(500), stalled: ZERO }, wait)).toBe(true);
  expect(isStarved({ lag: millis(500), waited: ZERO, stalled: ZERO }, wait)).toBe(true);
  expect(isStarved({ lag: ZERO, waited: ZERO, stalled: millis(2_499) }, wait)).toBe(false);
  expect(isStarved({ lag: ZERO, waited: ZERO, stalled: millis(2_500) }, wait)).toBe(true);
  expect(isStarved({ lag: millis(49), waited: ZERO, stalled: ZERO }, micros(1))).toBe(false);
});

describe('side by side', () => {
  const work = async (width: number, tasks: readonly number[], aloneAt: readonly number[] = []): Promise<readonly string[]> => {
    const lanes = new Lanes(width);
    const told: string[] = [];
    const done = new Set<number>();
    let at = 0;
    const turns = async (count: number): Promise<void> => {
      for (let turn = 0; turn < count; turn++) await Promise.resolve();
    };
    await lanes.run(tasks, {
      ready: task => task < 10 || done.has(task - 10),
      play: async task => {
        at += 1;
        told.push(`${task} of ${at}`);
        await turns(20);
        if (aloneAt.includes(task))
          await lanes.alone(async () => {
            told.push(`${task} alone, ${at}`);
            await turns(5);
            told.push(`${task} was alone`);
          });
        at -= 1;
        done.add(task);
      },
      stop: () => Promise.resolve(false),
    });
    return told;
  };

  test('so many at once, in order, and what waits for another after it', async () => {
    expect(await work(1, [1, 2, 3])).toEqual(['1 of 1', '2 of 1', '3 of 1']);
    const told = await work(2, [11, 1, 2]);
    expect(told).toEqual(['1 of 1', '2 of 2', '11 of 1']);
  });

  test('nothing is under way while one is alone', async () => {
    const told = await work(2, [1, 2, 3, 4], [1, 2]);
    const first = told.findIndex(each => each.includes('alone,'));
    expect(told[first + 1]).toBe(told[first]?.replace(/ alone.*/, ' was alone'));
    expect(told.filter(each => each.includes(' of '))).toHaveLength(4);
  });
});
