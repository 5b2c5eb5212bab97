/** Shims: the example in Python is a child of the lifetime protocol; what breaks the protocol is a setup error and never a verdict. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { LineSplitter, SHIM_LINE_LIMIT } from '../../../conformance/adapt/line-splitter.ts';
import { SHIM_BRIDGE, shimBridge } from '../../../conformance/adapt/shim-bridge.ts';
import type { Arm } from '../../../conformance/arms/arm.ts';
import type { Command } from '../../../conformance/arms/node/command.ts';
import { meet } from '../../../conformance/arms/node/meet.ts';
import { bridged } from '../../../conformance/arms/node/shim.ts';
import { simArm } from '../../../conformance/arms/sim.ts';
import type { Step, Wiring } from '../../../conformance/case.ts';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import type { Run } from '../../../conformance/run/runner.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { EMPTY, hex, textOf, unhex, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { realArm } from '../../support/arms.ts';
import { judged, TOY_WIRING, toyCase, toySuite } from '../support.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/shim-lifetime-child.py', import.meta.url));
const python = spawnSync('python3', ['--version']).status === 0;
if (!python) process.stderr.write('python3 is not here: examples/shim-lifetime-child.py was NOT tested\n');

const command = (...words: readonly string[]): Command => ({ words, environment: {}, directory: undefined });

const NODE = await realArm('lifetime');

async function run(
  suite: Suite,
  role: string,
  shim: Command,
  select: readonly string[] = [],
  answerSeconds = 20,
  real: Arm = NODE,
): Promise<Run> {
  const wiring = suite.roles[role];
  if (wiring === undefined) throw new Error('a role');
  const arm = meet(real, { kind: 'shim', command: shim }, { addresses: [] });
  const implementation = bridged(shim, wiring, answerSeconds);
  return judged({ suite, role, arm, implementation, claims: Object.keys(suite.claims), select, patience: 6_000 });
}
const verdicts = (ran: Run): unknown =>
  ran.outcome === 'ran' ? ran.rows.map(row => [row.testCase.id.split('.').slice(2).join('.'), row.grade, row.end]) : ran.why;

describe.skipIf(!python)('the example', () => {
  test('passes: what it says, what it is told, how it is stopped and how it ends', async () => {
    const select = ['events.reader-gone', 'stop.control-eof'].map(each => `lifetime.child.${each}`);
    const ran = await run(LIFETIME, 'child', command('python3', EXAMPLE), select);
    expect(ran.outcome === 'ran' && new Set(ran.rows.map(row => row.grade))).toEqual(new Set(['pass']));
  });

  test('says of another role that it is unsupported', async () => {
    const [first] = LIFETIME.cases.filter(each => each.role === 'parent');
    const ran = await run(LIFETIME, 'parent', command('python3', EXAMPLE), [first?.id ?? '']);
    expect(ran.outcome === 'ran' && ran.rows[0]?.verdict).toEqual({
      verdict: 'not-applicable',
      why: 'the implementation says that it does not support the case (exit status 89): only cases of a child are known here',
    });
  });
});

const within = seconds(5);
const LISTENS: readonly Step[] = [
  { verb: 'start' },
  { verb: 'send', channel: 'out', hex: '61' },
  {
    verb: 'expect-sequence',
    channel: 'in',
    items: [{ message: { type: 'a', name: 'an a', fields: { heard: 'a' } }, times: 'one' }],
    thenEof: true,
    within,
  },
  { verb: 'expect-exit', codes: [5], within },
];
const WIRING: Wiring = { ...TOY_WIRING, channels: { ...TOY_WIRING.channels, stderr: { descriptor: 2, direction: 'in' } } };
const TOY: Suite = { ...toySuite([toyCase(LISTENS)]), roles: { server: WIRING } };

interface Told {
  readonly cmd: string;
  readonly seq: number;
  readonly id: string;
  readonly role: string;
  readonly options: readonly string[];
  readonly signals: readonly string[];
  readonly channels: object;
  readonly host: string;
  readonly hex: string;
}
type Say = (value: object | string) => void;

/** A shim in the simulator: `take` is what it does with a command. */
const shim =
  (take: (told: Told, say: Say, host: Host) => void): Daemon =>
  host => {
    const lines = new LineSplitter();
    const output = host.descriptors.attach(1, 'write', { data: () => {} });
    const say: Say = value =>
      void (output.ok && output.value.write(utf8(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`)));
    host.descriptors.attach(0, 'read', {
      data: bytes => {
        for (const line of lines.feed(bytes)) if (line !== 'too long') take(JSON.parse(textOf(line)), say, host);
      },
      end: () => host.process.exit(0),
    });
  };

async function simulated(take: Parameters<typeof shim>[0], suite: Suite = TOY): Promise<Run> {
  const arm = simArm({ [SHIM_BRIDGE]: shimBridge, shim: shim(take) });
  return run(suite, 'server', command('shim'), [], 10, arm);
}

const hello = ({ cmd, seq }: Told, say: Say): boolean => {
  if (cmd === 'hello') say({ seq, version: 1 });
  return cmd === 'hello';
};
/** Knows the one case. */
const knows = (told: Told, say: Say): boolean => {
  if (told.cmd !== 'case') return hello(told, say);
  say(told.id === 'toy.server.case' ? { seq: told.seq, ok: true } : { seq: told.seq, unsupported: 'never heard of it' });
  return true;
};

describe('a shim of a few lines', () => {
  test('bytes and ends go both ways, and the end is as it says', async () => {
    const ran = await simulated((told, say) => {
      if (knows(told, say) || told.cmd === 'bye') return;
      say({ seq: told.seq, ok: true });
      const heard = textOf(unhex(told.hex) ?? EMPTY);
      say({ event: 'data', channel: 'in', hex: hex(utf8(`{"event":"a","heard":"${heard}"}\n`)) });
      say({ event: 'eof', channel: 'in' });
      say({ event: 'exit', code: 5 });
    });
    expect(ran.outcome === 'ran' && ran.rows.map(row => row.verdict)).toEqual([{ verdict: 'pass' }]);
  });

  test('a tester that does not read, or does not listen any more, keeps nobody alive', async () => {
    const much = hex(new Uint8Array(70_000));
    const talks = (told: Told, say: Say): void => {
      if (knows(told, say) || told.cmd === 'bye') return;
      say({ seq: told.seq, ok: true });
      say({ event: 'data', channel: 'in', hex: much });
      say({ event: 'exit', code: 5 });
    };
    for (const verb of ['close', 'pause'] as const) {
      const steps: readonly Step[] = [
        { verb: 'start' },
        { verb, channel: 'in' },
        { verb: 'send', channel: 'out', hex: '61' },
        { verb: 'expect-exit', codes: [5], within },
      ];
      expect(verdicts(await simulated(talks, { ...TOY, cases: [toyCase(steps)] }))).toEqual([['case', 'pass', 'exited 5']]);
    }
  });

  test('is told the options, the place and the signals of the case', async () => {
    const steps: readonly Step[] = [{ verb: 'start' }, { verb: 'expect-exit', within }, { verb: 'signal', signal: 'SIGHUP' }];
    const ran = await simulated(
      (told, say) => {
        const { seq, id, role, options, signals, channels, host } = told;
        if (!hello(told, say))
          say({ seq, unsupported: [id.startsWith('toy.'), role, options, signals, JSON.stringify(channels), host].join(' ') });
      },
      { ...TOY, cases: [toyCase(steps)] },
    );
    expect(ran.outcome === 'ran' && ran.rows[0]?.verdict).toMatchObject({
      why: expect.stringContaining('true server --toy SIGHUP {"in":"in","out":"out","stdout":"in"} 127.0.0.1'),
    });
  });
});

describe('never a verdict', () => {
  test.each<readonly [string, Parameters<typeof shim>[0], string]>([
    [
      'it says yes to every case',
      (told, say) => hello(told, say) || say({ seq: told.seq, ok: true }),
      'which does not exist, is unsupported: it would pass for supporting anything',
    ],
    ['another number', ({ seq }, say) => say({ seq: seq + 1, version: 1 }), 'an answer with seq 2 where one to hello (seq 1) was awaited'],
    ['another version', ({ seq }, say) => say({ seq, version: 9 }), 'it speaks version 9 and not 1'],
    ['no JSON', (_, say) => say('hello there'), 'a line is no JSON object: hello there'],
    ['an event that there is not', (told, say) => hello(told, say) && say({ event: 'boom' }), 'there is no event "boom"'],
    [
      'neither ok nor unsupported',
      (told, say) => hello(told, say) || say({ seq: told.seq, fine: true }),
      'the answer to case (seq 2) is neither ok nor unsupported',
    ],
    [
      'a channel that is not its own',
      (told, say) => knows(told, say) && told.id === 'toy.server.case' && say({ event: 'data', channel: 'out', hex: '00' }),
      'there is no channel "out" towards the tester',
    ],
    [
      'bytes that are none',
      (told, say) => knows(told, say) && told.id === 'toy.server.case' && say({ event: 'data', channel: 'in', hex: 'xy' }),
      'data without hexadecimal bytes',
    ],
    [
      'stop is unsupported',
      (told, say) => knows(told, say) || say({ seq: told.seq, unsupported: 'no' }),
      'is unsupported: that is to be said in the answer to case',
    ],
    ['it ends', (_, __, host) => host.process.exit(0), 'it ended, or closed its standard output, before it said exit'],
    ['no answer', (told, say) => hello(told, say), 'no answer to case (seq 2) within 10'],
  ])('%s', async (_name, take, why) => {
    const ran = await simulated(take);
    expect(ran).toMatchObject({ outcome: 'setup-error', rows: [] });
    expect(ran.outcome === 'setup-error' && ran.why).toContain(why);
  });

  test('there is no such program', async () => {
    const ran = await run(TOY, 'server', command('/no/such/shim'));
    expect(ran).toMatchObject({ outcome: 'setup-error', why: expect.stringContaining('/no/such/shim cannot be started: ENOENT') });
  });
});

describe('lines', () => {
  const fed = (...parts: readonly string[]): unknown => {
    const splitter = new LineSplitter();
    return parts.flatMap(part => splitter.feed(utf8(part)).map(line => (line === 'too long' ? line : textOf(line))));
  };
  test('in any pieces', () => expect(fed('a', 'b\n', '\nc', '', 'd\ne')).toEqual(['ab', '', 'cd']));
  test('one that is too long is the last', () => expect(fed('a\n', 'x'.repeat(SHIM_LINE_LIMIT), 'x\nb\n')).toEqual(['a', 'too long']));
});
