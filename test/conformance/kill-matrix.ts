/**
 * The tests of a kill matrix: ours passes every case of its role, and each mutant fails exactly the cases that it declares, on the
 * simulated arm. Of every case played, the trace alone gives the same verdict again.
 * `UPDATE=1` writes the table of what each mutant fails anew instead of comparing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import type { Mutant, Suite } from '../../conformance/suite.ts';
import type { Programs } from '../../src/host/host.ts';
import { judgedAgain } from './support.ts';

const update = process.env['UPDATE'] !== undefined;

export interface Matrix {
  readonly suite: Suite;
  readonly programs: Programs;
  /** All mutants there could be; those that no case sees are not in the suite. */
  readonly candidates: readonly Mutant[];
  /** The file with the table of what each mutant fails. */
  readonly table: URL;
  /** Cases of each role. */
  readonly counts: readonly number[];
}

export function testKillMatrix({ suite, programs, candidates, table, counts }: Matrix): void {
  const arm = simArm(programs);
  const observed = new Map<string, readonly string[]>();

  async function rowsOf(mutant: Pick<Mutant, 'role' | 'program' | 'args' | 'claims' | 'readers'>, seed = ''): Promise<readonly Row[]> {
    const { role, claims = [] } = mutant;
    const run = await runSuite({ suite, role, arm, implementation: mutant, claims, seed });
    if (run.outcome !== 'ran') throw new Error(run.why);
    for (const row of run.rows) {
      if (row.events.length > 0) expect(judgedAgain(row, suite), row.kase.id).toEqual({ verdict: row.verdict, end: row.end });
    }
    return run.rows;
  }

  describe('ours passes every case of its role', () => {
    const own = Object.entries(suite.own).flatMap(([role, each]) => ['', '1', '2'].map(seed => [role, seed, each] as const));
    test.each(own)('%s, seed "%s"', async (role, seed, each) => {
      const rows = await rowsOf({ ...each, role }, seed);
      expect(rows.filter(row => row.verdict.verdict !== 'pass').map(row => [row.kase.id, row.verdict])).toEqual([]);
      expect(rows.length).toBe(suite.cases.filter(kase => kase.role === role).length);
    });

    test('there are as many cases as there were', () => {
      const found = Object.keys(suite.roles).map(role => suite.cases.filter(kase => kase.role === role).length);
      expect(found).toEqual(counts);
    });
  });

  describe('each mutant fails exactly what it declares', () => {
    test.each((update ? candidates : suite.mutants).map(mutant => [mutant.name, mutant] as const))('%s', async (name, mutant) => {
      const rows = await rowsOf(mutant);
      const failed = rows
        .filter(row => row.verdict.verdict === 'fail')
        .map(row => row.kase.id)
        .sort();
      observed.set(name, failed);
      if (!update && mutant.depends === undefined) expect(failed).toEqual([...mutant.fails].sort());
      if (!update) expect(mutant.fails.filter(id => !failed.includes(id))).toEqual([]);
      expect(rows.filter(row => row.verdict.verdict === 'not-applicable')).toEqual([]);
      for (const row of rows) if (row.verdict.verdict === 'inconclusive') expect(row.verdict.why).toMatch(/valid twin|set-up failed/);
    });

    test('what is broken is seen in some role', () => {
      if (update) return;
      const seen = new Set(suite.mutants.map(({ name }) => name.split('/')[1]));
      expect(candidates.map(({ name }) => name.split('/')[1]).filter(name => !seen.has(name))).toEqual([]);
    });
  });

  /** What depends on chance keeps what it has: the cases that it always fails. */
  const declared = (name: string): readonly string[] => candidates.find(each => each.name === name)?.fails ?? [];

  afterAll(() => {
    if (!update) return;
    const lines = [...observed]
      .map(([name, ids]) => [name, candidates.find(each => each.name === name)?.depends === undefined ? ids : declared(name)] as const)
      .filter(([, ids]) => ids.length > 0)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, ids]) => `  '${name}': [${ids.map(id => `'${id.split('.').slice(2).join('.')}'`).join(', ')}],`);
    const text = readFileSync(table, 'utf8');
    writeFileSync(
      table,
      text.replace(/(export const FAILS[^{]*\{\n)[\s\S]*?\};/, (_all, open: string) => `${open}${lines.join('\n')}\n};`),
    );
  });
}
