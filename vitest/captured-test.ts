/**
 * A case that was made of a capture, as a test of vitest in the simulator: ours does what was captured.
 * Lacks: implementations as real processes; `slipway conform --case-file` meets them.
 */
import { expect, test } from 'vitest';
import { simArm } from '../conformance/arms/sim.ts';
import { runSuite } from '../conformance/run/runner.ts';
import { loadProtocols } from '../protocols/index.ts';
import type { ProtocolDefinition } from '../protocols/protocol.ts';

export interface CapturedOptions {
  /** One of this package by its name, or somebody's own. */
  readonly protocol: string | ProtocolDefinition | undefined;
  /** For ours: `--profile=as-written`. */
  readonly args?: readonly string[];
}

/** `captured`: the case, as `slipway case-from` writes it. */
export function capturedTest({ protocol, args = [] }: CapturedOptions, captured: object): void {
  const { title = 'a capture' } = captured as { readonly title?: string };
  test(title, async () => {
    const found = typeof protocol === 'string' ? (await loadProtocols([protocol]))[0] : protocol;
    const { suite, daemons, programs = {} } = found ?? {};
    if (suite === undefined) throw new Error(`${typeof protocol === 'string' ? protocol : 'the protocol'} is not known, or has no suite`);
    // What checks a file of somebody is loaded where there is one.
    const { readCase, withCases } = await import('../conformance/captured/suite.ts');
    const testCase = readCase(JSON.stringify(captured), suite);
    if (typeof testCase === 'string') throw new Error(testCase);
    const own = suite.own[testCase.role];
    if (own === undefined) throw new Error(`there is no ${testCase.role} of ours`);
    const run = await runSuite({
      ...{ suite: withCases(suite, [testCase]), role: testCase.role, arm: simArm({ ...daemons, ...programs }) },
      ...{ implementation: { ...own, args: [...own.args, ...args] }, claims: own.claims, slow: true },
    });
    if (run.outcome !== 'ran') throw new Error(run.why);
    const [row] = run.rows;
    const { verdict } = row ?? {};
    const why =
      verdict?.verdict === 'fail'
        ? `captured ${verdict.expected}, played ${verdict.received}`
        : verdict !== undefined && 'why' in verdict
          ? verdict.why
          : '';
    expect(verdict?.verdict, why).toBe('pass');
  });
}
