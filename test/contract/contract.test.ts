/** THE CONTRACT, held against both Hosts: one body, two arms. `case.ts` says what a case is, `programs.ts` lists them. */
import { describe, expect, it } from 'vitest';
import { micros, millis } from '../../src/host/time.ts';
import type { Schedule } from '../../src/sim/core/options.ts';
import { NETWORKS, ON_NETWORKS } from './networks.ts';
import { runOnNode } from './node-arm.ts';
import { expectationOf } from './observation.ts';
import { CASES, moduleOf, programs } from './programs.ts';
import { type Conditions, PLAIN, runInSimulator } from './sim-arm.ts';

/** Which of several ready callbacks comes first must not matter. */
const SCHEDULES: readonly Schedule[] = [
  { strategy: 'fifo' },
  { strategy: 'random' },
  { strategy: 'pct', depth: 3 },
  { strategy: 'walk', window: micros(500) },
  { strategy: 'priorities', window: millis(2), depth: 3, steps: 64 },
  { strategy: 'delays', window: millis(2), most: 3, steps: 64 },
  { strategy: 'races', most: 3, oneIn: 2 },
];
const isRoot = process.getuid?.() === 0;
/** Nor how much a read returns. */
const READS: readonly number[] = [65_536, 4_096, 1_000];
const CONDITIONS: readonly Conditions[] = Array.from({ length: 21 }, (_, index) => ({
  seed: `contract ${index}`,
  schedule: SCHEDULES[index % SCHEDULES.length] ?? PLAIN.schedule,
  readMax: READS[Math.floor(index / SCHEDULES.length) % READS.length] ?? PLAIN.readMax,
}));

describe('the suite', () => {
  it('names each case and each program once, and expects something of each', () => {
    const all = [...CASES, ...ON_NETWORKS];
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(programs)).toHaveLength(all.reduce((sum, one) => sum + Object.keys(one.programs).length, 0));
    expect(all.filter(({ expect: expected }) => Object.values(expected).flat().length === 0)).toEqual([]);
  });
});

for (const section of new Set(CASES.map(one => one.section))) {
  const cases = CASES.filter(one => one.section === section);

  describe(`the simulator: ${section}`, () => {
    for (const contract of cases) {
      it(`${contract.name}: ${contract.purpose}`, () => {
        for (const conditions of CONDITIONS) {
          const seen = runInSimulator(contract, conditions);
          expect(seen, JSON.stringify(conditions)).toEqual(expectationOf(contract, seen.notes));
        }
      });
    }
  });

  describe.concurrent(`Node: ${section}`, () => {
    for (const contract of cases) {
      it.skipIf(contract.asRoot && !isRoot)(`${contract.name}: ${contract.purpose}`, async ({ expect }) => {
        const seen = await runOnNode(contract, moduleOf(contract));
        expect(seen).toEqual(expectationOf(contract, seen.notes));
      });
    }
  });
}

// On Node they take a laboratory: test/lab/contract.test.ts.
describe('the simulator: networks', () => {
  for (const contract of ON_NETWORKS) {
    it(`${contract.name}: ${contract.purpose}`, () => {
      for (const conditions of CONDITIONS) {
        const seen = runInSimulator(contract, conditions, { addresses: NETWORKS });
        expect(seen, JSON.stringify(conditions)).toEqual(expectationOf(contract, seen.notes));
      }
    });
  }
});
