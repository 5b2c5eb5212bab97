/**
 * The tests of a kill matrix: ours passes every case of its role, and each mutant fails exactly the cases that it declares, on the
 * simulated arm. Of every case played, the trace alone gives the same verdict again.
 * `UPDATE=1` writes the golden file of what each mutant fails, conformance/<suite>/mutants/fails.json, instead of comparing; read the
 * change before you keep it.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Row } from '../../conformance/run/runner.ts';
import type { Mutant, Suite } from '../../conformance/suite.ts';
import { simulatedArm } from '../support/arms.ts';
import { judgedRows } from './support.ts';

const update = process.env['UPDATE'] !== undefined;

const idsOf = (rows: readonly Row[], verdict: string): readonly string[] =>
  rows
    .filter(row => row.verdict.verdict === verdict)
    .map(row => row.testCase.id)
    .sort();

/**
 * `candidates`: all mutants there could be; those that no case sees are not in the suite.
 * `correct`: right, though not ours.
 */
export async function testKillMatrix(suite: Suite, candidates: readonly Mutant[], correct: readonly Mutant[] = []): Promise<void> {
  const arm = await simulatedArm(suite.name);
  const golden = new URL(`../../conformance/${suite.name}/mutants/fails.json`, import.meta.url);
  const observed = new Map<Mutant, readonly string[]>();

  const rowsOf = (mutant: Pick<Mutant, 'role' | 'program' | 'args' | 'claims' | 'readers'>, seed = ''): Promise<readonly Row[]> =>
    judgedRows({ suite, role: mutant.role, arm, implementation: mutant, claims: mutant.claims ?? [], seed });

  describe('ours passes every case of its role', () => {
    const own = [...Object.entries(suite.own).map(([role, each]) => ({ ...each, name: `${role}/ours`, role })), ...correct];
    test.each(own.flatMap(each => ['', '1', '2'].map(seed => [each.name, seed, each] as const)))(
      '%s, seed "%s"',
      async (_name, seed, each) => {
        const rows = await rowsOf(each, seed);
        expect(rows.filter(row => row.verdict.verdict !== 'pass').map(row => [row.testCase.id, row.verdict])).toEqual([]);
        expect(rows.length).toBe(suite.cases.filter(testCase => testCase.role === each.role).length);
      },
    );
  });

  describe('each mutant fails exactly what it declares', () => {
    test.each((update ? candidates : suite.mutants).map(mutant => [mutant.name, mutant] as const))('%s', async (_name, mutant) => {
      const rows = await rowsOf(mutant);
      const failed = idsOf(rows, 'fail');
      observed.set(mutant, failed);
      expect(idsOf(rows, 'not-applicable')).toEqual([]);
      for (const row of rows) if (row.verdict.verdict === 'inconclusive') expect(row.verdict.why).toMatch(/valid twin|set-up failed/);
      if (update) return;
      expect(failed.length).toBeGreaterThan(0);
      // What fails by chance as well is not declared.
      expect(mutant.depends === undefined ? failed : failed.filter(id => mutant.fails.includes(id))).toEqual([...mutant.fails].sort());
    });

    test.skipIf(update)('what is broken is seen in some role', () => {
      const seen = new Set(suite.mutants.map(({ name }) => name.split('/')[1]));
      expect(candidates.map(({ name }) => name.split('/')[1]).filter(name => !seen.has(name))).toEqual([]);
    });
  });

  afterAll(() => {
    if (!update) return;
    const lines = [...observed]
      .filter(([, failed]) => failed.length > 0)
      .sort(([left], [right]) => (left.name < right.name ? -1 : 1))
      // What depends on chance keeps what it has: the cases that it always fails.
      .map(([{ name, depends, fails }, failed]) => [name, depends === undefined ? failed : fails] as const)
      .map(([name, ids]) => ` "${name}": [${ids.map(id => `"${id.split('.').slice(2).join('.')}"`).join(', ')}]`);
    writeFileSync(golden, `{\n${lines.join(',\n')}\n}\n`);
  });
}
