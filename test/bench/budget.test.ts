/** What a run costs, in counts: no more than bench/baseline.json says, and not so little that it says nothing any more. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { command, ROOT } from '../support/slipway.ts';

interface Budget {
  readonly node: number;
  readonly costs: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Parts of a hundred by which a count may be more or less. When it is meant to: `npm run bench:budget -- --write`. */
const MORE = 10;
const LESS = 25;
/** The heap depends on the version of the engine. */
const HEAP = 'heapBytesPerEvent';

const SPACE = ['--single-threaded', '--min-semi-space-size=256', '--max-semi-space-size=256'];
const baseline = JSON.parse(readFileSync(`${ROOT}bench/baseline.json`, 'utf8')) as Budget;
let now: Budget;
beforeAll(async () => {
  const { code, stdout, stderr } = await command(process.execPath, [...SPACE, `${ROOT}dist/bench/budget.js`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  now = JSON.parse(stdout) as Budget;
}, 120_000);

test('is measured of the scenarios that have one', () => {
  expect(Object.keys(now.costs)).toEqual(Object.keys(baseline.costs));
});

const counts = Object.entries(baseline.costs).flatMap(([name, costs]) =>
  Object.entries(costs).map(([count, value]) => ({ name, count, value })),
);
describe.each(counts)('$name: $count', ({ name, count, value }) => {
  test(`is about ${value}`, context => {
    if (count === HEAP && now.node !== baseline.node) context.skip();
    const found = now.costs[name]?.[count] ?? Number.NaN;
    expect(found).toBeLessThanOrEqual(value * (1 + MORE / 100));
    expect(found).toBeGreaterThanOrEqual(value * (1 - LESS / 100));
  });
});
