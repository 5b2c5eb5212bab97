/**
 * A case starts what it tests again and again, each time with variables and pipes of its own, as an httpd starts a CGI program.
 */
import { describe, expect, test } from 'vitest';
import type { Arm } from '../../conformance/arms/arm.ts';
import { nodeArm } from '../../conformance/arms/node/arm.ts';
import { simArm } from '../../conformance/arms/sim.ts';
import type { Case, ChannelWiring, Step, Wiring } from '../../conformance/case.ts';
import { textLines } from '../../conformance/decoders.ts';
import { describeStep } from '../../conformance/judge/describe.ts';
import type { Implementation } from '../../conformance/peer.ts';
import { outOfReach } from '../../conformance/run/reach.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Daemon } from '../../src/host/host.ts';
import { seconds } from '../../src/host/time.ts';
import { findReaper } from '../../src/node/reaper.ts';
import { judgedRows, toyCase, toySuite } from './support.ts';

const pipes = (start: number): Readonly<Record<string, ChannelWiring>> => ({
  [`in-${start}`]: { descriptor: 0, direction: 'out', start },
  [`out-${start}`]: { descriptor: 1, direction: 'in', start, decoder: textLines() },
});
const WIRING: Wiring = {
  channels: { ...pipes(1), ...pipes(2), ...pipes(3) },
  options: [],
  probe: undefined,
  environment: { accepts: [], directories: [], files: {} },
};
const within = seconds(5);
/** It is asked with a variable and a line, and answers with both. */
const asks = (start: number, value: string, line: string, answer: string): readonly Step[] => [
  { verb: 'start', environment: { TOY_VALUE: value, 'TOY-PORT': '{port}' } },
  { verb: 'say', channel: `in-${start}`, text: `${line}\n` },
  {
    verb: 'expect-sequence',
    channel: `out-${start}`,
    items: [{ message: { type: 'line', name: answer, fields: { text: answer } }, times: 'one' }],
    thenEof: true,
    within,
  },
  { verb: 'expect-exit', codes: [0], within },
];
const caseOf = (...steps: readonly Step[]): Case => toyCase(steps, { id: 'toy.server.environment' });

/** Echoes its variable and its line. */
const toy: Daemon = host => {
  const output = host.descriptors.attach(1, 'write', { data: () => {}, drain: () => host.process.exit(0) });
  const answered = (line: Uint8Array): void => {
    if (!output.ok) throw new Error('no standard output');
    const whole = Uint8Array.from([...utf8(`${host.process.environment('TOY_VALUE') ?? 'nothing'} `), ...line]);
    if (output.value.write(whole) === 0) host.process.exit(0);
  };
  host.descriptors.attach(0, 'read', { data: answered });
};
const OURS: Implementation = { program: 'toy', args: [] };
const SHELL = 'read -r line; printf "%s %s\\n" "$TOY_VALUE" "$line"';
const FOREIGN: Implementation = { program: 'sh', args: ['-c', SHELL] };

const real = (reaper?: ReturnType<typeof findReaper>): Arm => nodeArm({ toy }, '/nowhere', { reaper: () => reaper });
const verdictOf = async (arm: Arm, implementation: Implementation, testCase: Case): Promise<string> => {
  const suite = { ...toySuite([testCase]), roles: { server: WIRING } };
  const [row] = await judgedRows({ suite, role: 'server', arm, implementation, claims: [], patience: 3_000, repeat: 1 });
  return JSON.stringify(row?.verdict);
};
const PASS = '{"verdict":"pass"}';

describe.each([
  ['in the simulator', () => simArm({ toy }), OURS],
  ['for real', () => real(), FOREIGN],
] as const)('%s', (_name, arm, implementation) => {
  test('each start has its own variables and pipes', async () => {
    const played = caseOf(...asks(1, 'one', 'a', 'one a'), ...asks(2, 'two words', 'b', 'two words b'), ...asks(3, '', 'c', ' c'));
    expect(await verdictOf(arm(), implementation, played)).toBe(PASS);
  });
  test('what another start said is no answer', async () => {
    expect(await verdictOf(arm(), implementation, caseOf(...asks(1, 'one', 'a', 'one a'), ...asks(2, 'two', 'b', 'one b')))).toContain(
      '"expected":"one b (line, text one b)',
    );
  });
  test('placeholders stand for the places of the case', async () => {
    const port: Step = { verb: 'start', environment: { TOY_VALUE: 'at {host}' } };
    expect(await verdictOf(arm(), implementation, caseOf(port, ...asks(1, '', 'a', 'at 127.0.0.1 a').slice(1)))).toBe(PASS);
  });
});

test.each([['Node alone', undefined] as const, ['a reaper', findReaper()] as const])(
  'one that forks has them too, with %s',
  async (_name, reaper) => {
    const forking: Implementation = {
      program: 'sh',
      args: ['-c', `exec 3<&0; { exec 0<&3; ${SHELL}; exec >&-; sleep 60; } & exit 0`],
      forks: { within },
    };
    const steps = asks(1, 'forked', 'a', 'forked a').slice(0, 3);
    const killed: readonly Step[] = [
      { verb: 'signal', signal: 'SIGKILL' },
      { verb: 'expect-exit', within },
    ];
    expect(await verdictOf(real(reaper), forking, caseOf(...steps, ...killed))).toBe(PASS);
  },
);

test('a start says in a report what it has, and needs an implementation that is ours to start', () => {
  const start: Step = { verb: 'start', options: ['-x'], environment: { REQUEST_METHOD: 'GET' } };
  expect(describeStep(start)).toBe('start the implementation with -x REQUEST_METHOD=GET');
  expect(describeStep({ verb: 'start', environment: { A: 'b' } })).toBe('start the implementation with A=b');
  expect(outOfReach(caseOf({ verb: 'start', environment: {} }), WIRING)).toContain('starts it with an environment of its own');
});
