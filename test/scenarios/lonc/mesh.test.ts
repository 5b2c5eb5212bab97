/** Plans of the mesh: from 1 to 20 hosts, most of them few; a large one is bounded, and shrinks to a small one. */
import { expect, test } from 'vitest';
import { mesh } from '../../../scenarios/lonc/mesh.ts';
import { circles, linkCount, type MeshPlan } from '../../../scenarios/lonc/parts/mesh-plan.ts';
import { planOf, runPlan } from '../../../src/check/run.ts';

const SEEDS = 1_000;
const drawn: readonly MeshPlan[] = Array.from({ length: SEEDS }, (_, seed) => planOf(mesh, seed, 'corrected'));

test('every number of hosts from 1 to 20 is drawn, and most plans are small', () => {
  expect([...new Set(drawn.map(({ hosts }) => hosts))].toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  expect(drawn.filter(({ hosts }) => hosts <= 4).length).toBeGreaterThan(SEEDS * 0.8);
  expect(drawn.filter(plan => linkCount(plan) > 100).length).toBeLessThan(SEEDS * 0.05);
  expect(new Set(drawn.map(({ reach }) => reach)).size).toBe(10);
});

test('knowing is mutual, and everybody knows himself', () => {
  expect(circles({ hosts: 1, reach: 10 })).toEqual([['h1']]);
  expect(circles({ hosts: 5, reach: 1 })[0]).toEqual(['h1', 'h2', 'h5']);
  expect(linkCount({ hosts: 20, reach: 1 })).toBe(60);
  expect(linkCount({ hosts: 20, reach: 10 })).toBe(400);
  const known = circles({ hosts: 20, reach: 3 });
  for (const [index, ids] of known.entries()) for (const id of ids) expect(known[Number(id.slice(1)) - 1]).toContain(`h${index + 1}`);
});

test('twenty hosts, with the faults of some seed', () => {
  const seed = drawn.findIndex(({ faults }) => faults.length === 4);
  const result = runPlan(mesh, { ...planOf(mesh, seed, 'corrected'), hosts: 20, reach: 3 }, seed);
  expect(result.violations).toEqual([]);
  // It stays far below the limit at which a run is given up.
  expect(result.eventCount).toBeLessThan(70_000);
});

test('who shrinks a plan tries the smallest network first, then larger ones', () => {
  const plan = { ...planOf(mesh, 0, 'as-written'), hosts: 20, reach: 10 };
  const tried = [...mesh.plans('as-written').shrink(plan, undefined)].map(({ value }) => value.hosts).filter(hosts => hosts < plan.hosts);
  expect(tried[0]).toBe(1);
  expect(tried.length).toBeGreaterThan(3);
  expect(tried).toEqual(tried.toSorted((one, other) => one - other));
});
