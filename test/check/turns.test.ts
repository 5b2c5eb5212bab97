/** Turns of searches: dear ones keep no other from its own, and nobody is left out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { chargeOf, costOf, strided, Turns } from '../../src/check/turns.ts';

/** Whose turns they were. */
function played(costs: readonly number[], turns: number): readonly number[] {
  const order = new Turns(costs.length);
  return Array.from({ length: turns }, () => {
    const [turn = -1] = order.inOrder();
    order.take(turn);
    order.cost(turn, costs[turn] ?? 0);
    return turn;
  });
}

test('everyone has a turn before anyone has two', () => {
  const first = played([500, 1, 70_000, 3, 20], 5);
  expect([...first].sort()).toEqual([0, 1, 2, 3, 4]);
});

test('who costs a hundred times as much has a hundredth of the turns', () => {
  const turns = played([1, 100], 1_010);
  expect(turns.filter(each => each === 1)).toHaveLength(10);
});

test('who had fewer turns is before who cost as little', () => {
  const turns = new Turns(2);
  turns.take(0);
  expect(turns.inOrder()).toEqual([1, 0]);
});

test('who has nothing left to do has no turn', () => {
  const turns = new Turns(3);
  turns.end(1);
  expect([...turns.inOrder()].sort()).toEqual([0, 2]);
});

test('a run costs something that has no event', () => {
  expect(costOf(0)).toBeGreaterThan(0);
  expect(costOf(7, 3)).toBe(7 + 3 * costOf(0));
});

test('strided places are all places, and neighbours are far apart', () => {
  fc.assert(
    fc.property(fc.nat({ max: 300 }), length => {
      const places = strided(length);
      expect([...places].sort((one, other) => one - other)).toEqual(Array.from({ length }, (_, place) => place));
    }),
  );
  expect(strided(8)).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
});

test('a run of a scenario about a trap counts for more where the trap is not, and nothing else is drawn that could go wrong', () => {
  const still = NO_FAULTS;
  const trap = { corrected: 'holds', 'as-written': { fails: ['x'] } } as const;
  expect(chargeOf({ budget: still, expected: trap }, 'corrected')).toBeGreaterThan(1);
  expect(chargeOf({ budget: still, expected: trap }, 'as-written')).toBe(1);
  expect(chargeOf({ budget: { ...still, kinds: { kill: 1 } }, expected: trap }, 'corrected')).toBe(1);
  expect(chargeOf({ budget: still, expected: { corrected: 'holds' } }, 'corrected')).toBe(1);
});
