/**
 * How an implementation is started: when it is ready, when it says that it does not support a case, and with a clock that runs
 * faster. In virtual time, and a few times for real; each verdict is judged again from the trace.
 */

import { describe, expect, test } from 'vitest';
import { simArm } from '../../../conformance/arms/sim.ts';
import type { Case, Step, Wiring } from '../../../conformance/case.ts';
import type { Implementation, Ready } from '../../../conformance/peer.ts';
import type { Row, Run, RunOptions } from '../../../conformance/run/runner.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import { realArm } from '../../support/arms.ts';
import { judged, TOY_WIRING, toyCase, toySuite } from '../support.ts';

const within = seconds(5);
const START: Step = { verb: 'start' };
const a: Step = { verb: 'expect-sequence', channel: 'in', items: [{ message: { type: 'a', name: 'an a' }, times: 'one' }], within };
const NOTHING: Step = { verb: 'expect-sequence', channel: 'in', items: [], thenEof: true, within };
const silent = (lasting = seconds(10)): Step => ({ verb: 'expect-silence', channels: ['in'], lasting });

/** A port of the case, on which nobody of the tester listens. */
const SOCKETS: Wiring = { ...TOY_WIRING, options: [], environment: { accepts: [], directories: [], files: {} } };

const run = (suite: Suite, more: Partial<RunOptions> & Pick<RunOptions, 'arm' | 'implementation'>): Promise<Run> =>
  judged({ suite, role: 'server', claims: [], ...more });

async function rowOf(suite: Suite, more: Parameters<typeof run>[1]): Promise<Row> {
  const ran = await run(suite, more);
  const row = ran.outcome === 'ran' ? ran.rows.at(-1) : undefined;
  if (row === undefined) throw new Error(ran.outcome === 'ran' ? 'no row' : ran.why);
  return row;
}

/** Writes text to a descriptor of its own. */
function write(host: Host, descriptor: number, text: string): void {
  const stream = host.descriptors.attach(descriptor, 'write', { data: () => {} });
  if (stream.ok) stream.value.write(utf8(text));
}
const later = (host: Host, delay: number, act: () => void): void => void host.clock.setTimer(millis(delay), act);
const idle = (host: Host): void => later(host, 100_000, () => {});

const inWorld = (toy: Daemon, steps: readonly Step[], ready?: Ready, wiring: Wiring = TOY_WIRING, more: Partial<RunOptions> = {}) => {
  const suite = { ...toySuite([toyCase(steps)]), roles: { server: wiring } };
  const implementation: Implementation = { program: 'toy', args: [], ...(ready === undefined ? {} : { ready }) };
  return run(suite, { arm: simArm({ toy }), implementation, ...more });
};
const verdictOf = (ran: Run): unknown => (ran.outcome === 'ran' ? ran.rows[0]?.verdict : ran);

describe('the start is over when it is ready', () => {
  /** Says `a` at once: whoever waits for it hears nothing more. */
  const early = (sign: (host: Host) => void): Daemon => {
    return host => {
      write(host, 3, '{"event":"a"}\n');
      later(host, 300, () => sign(host));
      idle(host);
    };
  };
  const startedAt = (ran: Run): readonly number[] => {
    const events = ran.outcome === 'ran' ? (ran.rows[0]?.events ?? []) : [];
    const at = (label: string): number => events.find(each => each.data?.['event'] === label)?.time ?? -1;
    return [at('case-started'), at('case-ready')];
  };

  test('a line on its output, whatever is around the text, in pieces', async () => {
    const says = early(host => {
      const out = host.descriptors.attach(1, 'write', { data: () => {} });
      for (const text of ['not rea', 'dy yet\nnow it is rea', 'dy to serve\n']) if (out.ok) out.value.write(utf8(text));
    });
    const ran = await inWorld(says, [START, a], { line: 'is ready', within: seconds(2) });
    expect(verdictOf(ran)).toEqual({ verdict: 'pass' });
    const [started = 0, ready = 0] = startedAt(ran);
    expect(ready - started).toBeGreaterThanOrEqual(300_000);
  });

  test('a file', async () => {
    const makes = early(host => void host.storage.write('/case/it.pid', utf8('1')));
    const ran = await inWorld(makes, [START, a], { file: '{dir}/it.pid', within: seconds(2) }, SOCKETS);
    expect(verdictOf(ran)).toEqual({ verdict: 'pass' });
    expect(startedAt(ran)[1]).toBeGreaterThan(300_000);
  });

  test('somebody accepts at the port of the case', async () => {
    const listens: Daemon = host =>
      early(() => {
        const at = { transport: 'tcp', address: '127.0.0.1', port: Number(host.process.args[0]) } as const;
        host.network.listen(at, { backlog: 1 }, { opened: () => {}, accept: () => ({ data: () => {} }) });
      })(host);
    const suite = { ...toySuite([toyCase([START, a])]), roles: { server: SOCKETS } };
    const implementation: Implementation = { program: 'toy', args: ['{port}'], ready: { port: true, within: seconds(2) } };
    const ran = await run(suite, { arm: simArm({ toy: listens }), implementation });
    expect(verdictOf(ran)).toEqual({ verdict: 'pass' });
    expect(startedAt(ran)[1]).toBeGreaterThan(300_000);
  });

  test('the time of the case begins then', async () => {
    const slow = early(host => later(host, 5_000, () => host.storage.write('/case/x', utf8(''))));
    const testCase = toyCase([START, a, silent(seconds(3))], { deadline: seconds(4) });
    const suite = { ...toySuite([testCase]), roles: { server: SOCKETS } };
    const implementation = { program: 'toy', args: [], ready: { file: 'x', within: seconds(9) } } as const;
    expect(verdictOf(await run(suite, { arm: simArm({ toy: slow }), implementation }))).toEqual({ verdict: 'pass' });
  });

  test('never: nothing is said about the protocol', async () => {
    const ran = await inWorld(idle, [START, a], { line: 'ready', within: seconds(2) });
    expect(ran).toMatchObject({
      outcome: 'setup-error',
      why: expect.stringContaining('no line of its output had "ready" in it within 2'),
    });
  });

  test('it ends instead', async () => {
    const ends: Daemon = host => later(host, 10, () => host.process.exit(3));
    const ran = await inWorld(ends, [START, a], { line: 'ready', within: seconds(2) });
    expect(ran).toMatchObject({ outcome: 'setup-error', why: expect.stringContaining('it ended before: never ready: exited 3') });
  });

  test('without a sign it is over at once', async () => {
    const ran = await inWorld(
      early(() => {}),
      [START, a],
    );
    expect(startedAt(ran)[1]).toBe(-1);
  });
});

describe('unsupported is an answer of its own', () => {
  const exits = (code: number, before = ''): Daemon => {
    return host => {
      write(host, 1, 'toy: no such thing here\n');
      if (before !== '') write(host, 3, before);
      later(host, 50, () => host.process.exit(code));
    };
  };

  test.each([
    ['where something was awaited', [START, a]],
    ['where a silence was', [START, silent()]],
    ['where the end would have done', [START, NOTHING]],
  ])('%s', async (_, steps) => {
    expect(verdictOf(await inWorld(exits(89), steps))).toEqual({
      verdict: 'not-applicable',
      why: 'the implementation says that it does not support the case (exit status 89): toy: no such thing here',
    });
  });

  test('not with another status, and not after something was said', async () => {
    expect(verdictOf(await inWorld(exits(90), [START, a]))).toMatchObject({ verdict: 'fail' });
    expect(verdictOf(await inWorld(exits(89, '{"event":"b"}\n'), [START, a]))).toMatchObject({ verdict: 'fail' });
    expect(verdictOf(await inWorld(exits(89, '{"event":"a"}\n'), [START, a, NOTHING]))).toMatchObject({ verdict: 'pass' });
  });

  test('a case whose twin is unsupported is not applicable either', async () => {
    const twin: Case = toyCase([START, a], { id: 'toy.server.twin' });
    const bad = toyCase([START, a], { twin: twin.id, deviation: 'something' });
    const suite = toySuite([bad, twin]);
    const ran = await run(suite, { arm: simArm({ toy: exits(89) }), implementation: { program: 'toy', args: [] } });
    expect(ran.outcome === 'ran' && ran.rows.map(row => row.grade)).toEqual(['not-applicable', 'not-applicable']);
  });
});

describe('a clock that runs faster', () => {
  const speaks = (after: number): Daemon => {
    return host => later(host, after, () => write(host, 3, '{"event":"a"}\n'));
  };
  const timeScale = 10_000;

  test('a silence is shorter by just as much, and a little more', async () => {
    expect(verdictOf(await inWorld(speaks(1_100), [START, silent()], undefined, TOY_WIRING, { timeScale }))).toEqual({ verdict: 'pass' });
    expect(verdictOf(await inWorld(speaks(700), [START, silent()], undefined, TOY_WIRING, { timeScale }))).toMatchObject({
      verdict: 'fail',
    });
    expect(verdictOf(await inWorld(speaks(1_100), [START, silent()]))).toMatchObject({ verdict: 'fail' });
  });

  test('of a deadline the time for timers is shorter, and what a computer needs stays', async () => {
    const long: Step = { ...a, within: seconds(100) };
    const suite = { ...toySuite([toyCase([START, long], { deadline: seconds(200) })]) };
    const play = (after: number) =>
      run(suite, { arm: simArm({ toy: speaks(after) }), implementation: { program: 'toy', args: [] }, timeScale });
    expect(verdictOf(await play(14_000))).toEqual({ verdict: 'pass' });
    expect(verdictOf(await play(16_000))).toMatchObject({ verdict: 'fail', by: 'time' });
    expect(verdictOf(await inWorld(speaks(4_900), [START, a], undefined, TOY_WIRING, { timeScale }))).toEqual({ verdict: 'pass' });
  });
});

const arm = await realArm('lifetime');

describe('for real', () => {
  const shell = (script: string, ready?: Ready): Implementation => ({
    program: 'sh',
    args: ['-c', script],
    ...(ready === undefined ? {} : { ready }),
  });
  const suite = toySuite([toyCase([START, a])]);
  const patience = 4_000;

  test('placeholders, a line, and the words of the case', async () => {
    const script = `[ {case}={role} = toy.server.case=server ] && echo {options} up && sleep 0.2 && echo '{"event":"a"}' >&{fd:in}; sleep 60`;
    const row = await rowOf(suite, { arm, implementation: shell(script, { line: '--toy up', within }), patience });
    expect(row.verdict).toEqual({ verdict: 'pass' });
  });

  test('status 89', async () => {
    const row = await rowOf(suite, { arm, implementation: shell('echo never heard of {case}; exit 89'), patience });
    expect(row.verdict).toMatchObject({ verdict: 'not-applicable', why: expect.stringContaining('never heard of toy.server.case') });
    expect(row.end).toBe('exited 89');
  });

  test('a slow case is played when the clock makes it a short one', async () => {
    const slow = toySuite([toyCase([START, silent(seconds(100))], { slow: true, deadline: seconds(400) })]);
    const implementation = shell('sleep 60');
    expect((await rowOf(slow, { arm, implementation, patience, timeScale: 5_000 })).grade).toBe('not-applicable');
    const row = await rowOf(slow, { arm, implementation, patience: 1_000, timeScale: 200_000 });
    expect(row.verdict).toEqual({ verdict: 'pass' });
    expect(row.millis).toBeGreaterThan(490);
    expect(row.millis).toBeLessThan(20_000);
  });
});
