/** A thousand hosts on one network, with the faults of some seed: every verdict is right, and explained. */
import { expect, test } from 'vitest';
import type { DomainPlan } from '../../../scenarios/rwho/domain.ts';
import { checkPlan } from '../../../src/check/plan-shape.ts';
import { planOf, runPlan } from '../../../src/check/run.ts';
import type { Scenario } from '../../../src/check/scenario.ts';
import { scenarioNamed } from '../../support/protocols.ts';

// As it is listed: with what is known of its programs.
const domain = scenarioNamed('rwho/domain') as Scenario<DomainPlan>;
const SEEDS = 2_000;
const drawn: readonly DomainPlan[] = Array.from({ length: SEEDS }, (_, seed) => planOf(domain, seed, 'corrected'));

test('most plans are small, some have dozens of hosts, and all shrink to two', () => {
  const large = drawn.filter(({ hosts }) => hosts > 5);
  expect(large.length).toBeGreaterThan(SEEDS * 0.01);
  expect(large.length).toBeLessThan(SEEDS * 0.05);
  expect(Math.max(...large.map(({ hosts }) => hosts))).toBeGreaterThan(40);
  const shrunk = [...domain.plans('corrected').shrink({ ...planOf(domain, 0, 'corrected'), hosts: 50 }, undefined)];
  expect(Math.min(...shrunk.map(({ value }) => value.hosts))).toBe(2);
});

test('a thousand hosts: four that keep records, and 996 that tell', () => {
  const seed = drawn.findIndex(({ faults }) => faults.length === 4 && faults.some(({ kind }) => kind === 'clock-step'));
  const plan: DomainPlan = { ...planOf(domain, seed, 'corrected'), hosts: 4, crowd: 996 };
  expect(checkPlan(domain, plan)).toMatchObject({ ok: true });
  const files = new Set<string>();
  const result = runPlan(domain, plan, seed, {
    sink: ({ kind, process, data }) => {
      if (kind === 'rename' && process.startsWith('h3/')) files.add(String(data?.['to']));
    },
  });
  expect(result.violations).toEqual([]);
  expect(files.size).toBeGreaterThanOrEqual(1_000);
  expect(result.met).toContain('seen-up');
});
