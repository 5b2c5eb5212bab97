/**
 * Correct daemons pass every case, and each mutant fails exactly the cases it declares: on the simulated arm. Of every
 * case played, the trace alone gives the same verdict again.
 * `MATRIX=1` prints the matrix; `UPDATE=1` writes conformance/lifetime/mutants/fails.ts anew instead of comparing.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import { CORRECT } from '../../conformance/lifetime/mutants/mutants.ts';
import { programs } from '../../conformance/lifetime/programs.ts';
import { LIFETIME } from '../../conformance/lifetime/suite.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import type { Mutant } from '../../conformance/suite.ts';
import { killsOf } from '../../conformance/suite.ts';
import { judgedAgain } from './support.ts';

const arm = simArm(programs);
const table = new URL('../../conformance/lifetime/mutants/fails.ts', import.meta.url);
const observed = new Map<string, readonly string[]>();

async function rowsOf(mutant: Pick<Mutant, 'role' | 'program' | 'args' | 'claims'>, seed = ''): Promise<readonly Row[]> {
  const { role, claims = [] } = mutant;
  const run = await runSuite({ suite: LIFETIME, role, arm, implementation: mutant, claims, seed });
  if (run.outcome !== 'ran') throw new Error(run.why);
  for (const row of run.rows) {
    if (row.events.length > 0) expect(judgedAgain(row, LIFETIME), row.kase.id).toEqual({ verdict: row.verdict, end: row.end });
  }
  return run.rows;
}

const idsOf = (rows: readonly Row[], verdict: string): readonly string[] =>
  rows
    .filter(row => row.verdict.verdict === verdict)
    .map(row => row.kase.id)
    .sort();

describe('correct daemons pass every case of their role', () => {
  const own = Object.entries(LIFETIME.own).map(([role, each]) => ({ ...each, name: `${role}/ours`, role }));
  test.each([...own, ...CORRECT].flatMap(each => ['', '1'].map(seed => [each.name, seed, each] as const)))(
    '%s, seed "%s"',
    async (_name, seed, each) => {
      const rows = await rowsOf(each, seed);
      expect(rows.filter(row => row.verdict.verdict !== 'pass').map(row => [row.kase.id, row.verdict])).toEqual([]);
      expect(rows.length).toBe(LIFETIME.cases.filter(kase => kase.role === each.role).length);
    },
  );
});

describe('each mutant fails exactly what it declares', () => {
  test.each(LIFETIME.mutants.map(mutant => [mutant.name, mutant] as const))('%s', async (name, mutant) => {
    const rows = await rowsOf(mutant);
    const failed = idsOf(rows, 'fail');
    observed.set(name, failed);
    if (process.env['UPDATE'] !== undefined) return;
    if (mutant.depends === undefined) expect(failed).toEqual([...mutant.fails].sort());
    else {
      expect(failed.length).toBeGreaterThan(0);
      expect(mutant.fails.filter(id => !failed.includes(id))).toEqual([]);
    }
    expect(idsOf(rows, 'not-applicable')).toEqual([]);
    for (const row of rows) if (row.verdict.verdict === 'inconclusive') expect(row.verdict.why).toMatch(/valid twin|set-up failed/);
  });

  test('the matrix, on request', () => {
    if (process.env['MATRIX'] !== undefined) {
      for (const [id, kills] of killsOf(LIFETIME)) process.stdout.write(`${id}\n    ${kills.join('\n    ')}\n`);
    }
    if (process.env['UPDATE'] !== undefined) writeFileSync(table, updated(readFileSync(table, 'utf8')));
    expect(observed.size).toBe(LIFETIME.mutants.length);
  });
});

/** The table with what was observed; mutants whose failures depend on chance keep what they have. */
function updated(text: string): string {
  const lines = [...LIFETIME.mutants]
    .map(({ name, depends, fails }) => ({ name, ids: depends === undefined ? (observed.get(name) ?? []) : fails }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, ids }) => `  '${name}': [${ids.map(id => `'${id.split('.').slice(2).join('.')}'`).join(', ')}],`);
  return text.replace(/(export const FAILS[^{]*\{\n)[\s\S]*?\n\};/, (_all, open: string) => `${open}${lines.join('\n')}\n};`);
}
