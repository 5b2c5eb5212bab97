/**
 * What a hostile implementation can make the tester record is bounded. In the simulator, where a flood comes exactly as fast as
 * it has to, and on the real arm, where a trace that is cut must not give a verdict.
 */

import { expect, test } from 'vitest';
import type { Arm } from '../../conformance/arms/arm.ts';
import { simArm } from '../../conformance/arms/sim.ts';
import type { Case, Step, Wiring } from '../../conformance/case.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Host } from '../../src/host/host.ts';
import { micros, seconds } from '../../src/host/time.ts';
import { lines, toyCase, toySuite } from '../conformance/support.ts';
import { realArm } from '../support/arms.ts';

const WIRING: Wiring = {
  channels: { stdout: { descriptor: 1, direction: 'in' }, first: { descriptor: undefined, direction: 'both', decoder: lines } },
  options: ['{port}'],
  probe: undefined,
  environment: { accepts: ['first'], directories: [], files: {} },
};
/** Waits for what does not come. */
const STEPS: readonly Step[] = [
  { verb: 'start' },
  { verb: 'expect-among', channel: 'first', message: { type: 'never', name: 'what nobody says' }, within: seconds(4) },
];

/** Of four seconds, in thousandths. */
const SHORT = 100;
const LONG = 4_000;

async function rowOf(arm: Arm, program: string, args: readonly string[] = [], patience = 1_000): Promise<Row> {
  const testCase: Case = toyCase(STEPS);
  const suite: Suite = { ...toySuite([testCase]), roles: { server: WIRING } };
  const run = await runSuite({
    suite,
    role: 'server',
    arm,
    implementation: { program, args },
    claims: [],
    attempts: 1,
    patience,
  });
  if (run.outcome !== 'ran' || run.rows[0] === undefined) throw new Error('one row');
  return run.rows[0];
}

const count = (row: Row, kind: string): number => row.events.filter(event => event.kind === kind && event.process === row.tester).length;
const again = (host: Host, every: number, act: () => void): void => {
  host.clock.setTimer(micros(every), () => {
    act();
    again(host, every, act);
  });
};

test('bytes that come one by one are a flood as well', async () => {
  const dripping = (host: Host): void => {
    const out = host.descriptors.attach(1, 'write', { data: () => {} });
    again(host, 100, () => out.ok && out.value.write(utf8('x')));
  };
  const row = await rowOf(simArm({ dripping }), 'dripping');
  expect(row.grade).toBe('fail');
  expect(row.output.find(each => each.channel === 'stdout')?.bytes).toBeGreaterThan(10_000);
  expect(count(row, 'recv')).toBeLessThan(8_000);
});

test('connections beyond those of a case are turned away, and then nobody listens', async () => {
  const connecting = (host: Host): void => {
    const at = { transport: 'tcp', address: '127.0.0.1', port: Number(host.process.args[0]) } as const;
    again(host, 200, () => host.network.connect(at, {}, () => ({ data: () => {} })));
  };
  const row = await rowOf(simArm({ connecting }), 'connecting');
  expect(row.grade).toBe('fail');
  expect(count(row, 'accept')).toBeGreaterThan(400);
  expect(count(row, 'accept')).toBeLessThan(600);
});

test('a trace that had to be cut gives no verdict', async () => {
  const limit = 60;
  const arm = await realArm('lifetime', { eventLimit: limit });
  const row = await rowOf(arm, 'sh', ['-c', 'while echo x; do sleep 0.01; done'], LONG);
  expect(row.verdict).toEqual({ verdict: 'error', why: `the tester failed: the trace of the case has more than ${limit} events` });
  expect(row.events).toHaveLength(limit);
  // On a busy computer it is not decided.
  expect(['fail', 'inconclusive']).toContain((await rowOf(arm, 'sleep', ['60'], SHORT)).grade);
});
