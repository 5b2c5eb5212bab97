/**
 * A suite as tests of vitest, in the simulator: ours passes every case, and each mutant fails the cases that it says, and no others: so a
 * case that cannot fail is found.
 * Lacks: implementations as real processes; `slipway conform` meets them.
 */
import { describe, expect, test } from 'vitest';
import { simArm } from '../conformance/arms/sim.ts';
import type { Implementation } from '../conformance/peer.ts';
import { type Row, runSuite } from '../conformance/run/runner.ts';
import type { ProtocolDefinition } from '../protocols/protocol.ts';

/** Throws where the protocol has no suite. */
export function suiteTests({ name, suite, daemons, programs = {} }: ProtocolDefinition): void {
  if (suite === undefined) throw new Error(`protocol ${name}: it has no suite`);
  const arm = simArm({ ...daemons, ...programs });
  const failedOf = async (role: string, implementation: Implementation, claims: readonly string[] = []) => {
    const run = await runSuite({ suite, role, arm, implementation, claims });
    if (run.outcome !== 'ran') throw new Error(run.why);
    return run.rows.filter(row => row.verdict.verdict === 'fail' || (row.verdict.verdict === 'inconclusive' && !isTwin(row)));
  };

  describe(`suite ${suite.name}, simulated`, () => {
    test.each(Object.entries(suite.own))('our %s passes every case', async (role, { claims, ...own }) => {
      const failed = await failedOf(role, own, claims);
      expect(failed.map(whyOf)).toEqual([]);
    });
    test.each(suite.mutants.map(mutant => [mutant.name, mutant] as const))('%s fails what it must', async (_, mutant) => {
      const failed = (await failedOf(mutant.role, mutant, mutant.claims)).map(row => row.testCase.id);
      if (mutant.depends === undefined) expect(failed.toSorted()).toEqual(mutant.fails.toSorted());
      else expect(failed).toEqual(expect.arrayContaining([...mutant.fails]));
    });
    test('every case is failed by some mutant', () => {
      const caught = new Set(suite.mutants.flatMap(each => each.fails));
      expect(suite.cases.map(each => each.id).filter(id => !caught.has(id))).toEqual([]);
    });
  });

  /** What comes after a twin that failed is not to be listed. */
  function isTwin({ testCase }: Row): boolean {
    return testCase.twin !== undefined;
  }
}

function whyOf({ testCase, verdict }: Row): string {
  const why =
    verdict.verdict === 'fail' ? `expected ${verdict.expected}, received ${verdict.received}` : 'why' in verdict ? verdict.why : '';
  return `${testCase.id}: ${why}`;
}
