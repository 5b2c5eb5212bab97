/** A fault of the tester's own, in what all decoders stand on, is one row and no more: it is told from the trace as well. */
import { expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import type { Decoder, Step, Wiring } from '../../conformance/case.ts';
import { captureOfRow } from '../../conformance/report/capture.ts';
import { wireLog } from '../../conformance/report/log.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Daemon } from '../../src/host/host.ts';
import { seconds } from '../../src/host/time.ts';
import { judgedAgain, lines, TOY_WIRING, toyCase, toySuite } from './support.ts';

/** Fails at the second line that it is fed. */
function broken(): Decoder {
  const good = lines();
  return {
    feed: bytes => {
      if (bytes.includes(0x62)) throw new Error('a decoder broken on purpose');
      return good.feed(bytes);
    },
    end: () => good.end(),
  };
}

const WIRING: Wiring = { ...TOY_WIRING, channels: { ...TOY_WIRING.channels, in: { descriptor: 3, direction: 'in', decoder: broken } } };
const says = (type: string): Step => ({
  verb: 'expect-sequence',
  channel: 'in',
  items: [{ message: { type, name: type }, times: 'one' }],
  within: seconds(1),
});

test('the row is an error with its stack, the next one is played, and the log, the capture and the judge get to their ends', async () => {
  const toy: Daemon = host => {
    const stream = host.descriptors.attach(3, 'write', { data: () => {} });
    for (const type of ['a', 'b', 'c']) if (stream.ok) stream.value.write(utf8(`{"event":"${type}"}\n`));
  };
  const cases = [
    toyCase([{ verb: 'start' }, says('a'), says('b')]),
    toyCase([{ verb: 'expect-silence', channels: [], lasting: seconds(1) }], { id: 'toy.server.other' }),
  ];
  const suite = { ...toySuite(cases), roles: { server: WIRING } };
  const ran = await runSuite({ suite, role: 'server', claims: [], arm: simArm({ toy }), implementation: { program: 'toy', args: [] } });
  const [row, other] = ran.outcome === 'ran' ? ran.rows : [];
  if (row === undefined) throw new Error('no row');
  expect(row.verdict).toMatchObject({ verdict: 'error', why: expect.stringContaining('a decoder broken on purpose') });
  expect(other?.testCase.id).toBe('toy.server.other');
  expect(wireLog(row.testCase, WIRING, row.events, row.tester).lines.map(line => line.text)).toContain('the implementation is started');
  expect(captureOfRow(row, WIRING).parts.length).toBeGreaterThan(0);
  expect(judgedAgain(row, suite).verdict).toEqual({
    verdict: 'inconclusive',
    why: 'the tester fails at what it saw: a decoder broken on purpose',
  });
});
