/**
 * The programs of examples/ share no code with ours and were written from the facts of their protocols alone. The suites
 * find nothing wrong with them, and where one is broken on purpose exactly what is broken.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { LIFETIME } from '../../conformance/lifetime/suite.ts';
import { LONC } from '../../conformance/lonc/suite.ts';
import { ROVER } from '../../conformance/rover/suite.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { seconds } from '../../src/host/time.ts';
import { judgedAgain } from '../conformance/support.ts';
import { realArm } from '../support/arms.ts';
import { casesOf, rowsOf, type Tested } from './support.ts';

const CHILD: Tested = { suite: LIFETIME, role: 'child', claims: ['p2p-address', 'rpc-address', 'listeners'] };
const ROVERD: Tested = {
  suite: ROVER,
  role: 'daemon',
  claims: ['users', 'tests', 'cards', 'agent', 'fields', 'epochs', 'acked'],
};
const ROVER_CGI: Tested = { suite: ROVER, role: 'cgi', claims: ['users', 'tests', 'cards', 'fields', 'hands-on'] };
const LOND: Tested = { suite: LONC, role: 'lond', claims: ['commands'] };

/** By fault: exactly these cases do not pass. What comes after a twin that does not pass is among them. */
type Faults = Readonly<Record<string, readonly string[]>>;
interface Example {
  readonly file: string;
  /** Says where the interpreter is: it may be found through a script that takes longer than a case. */
  readonly interpreter: readonly [program: string, flag: string, question: string];
  /** What makes it be in the role, beside the options of the role. */
  readonly more?: readonly string[];
  readonly tested: Tested;
  readonly faults: Faults;
}

const PYTHON = ['python3', '-c', 'import sys; print(sys.executable)'] as const;
const PERL = ['perl', '-e', 'print $^X'] as const;

const allBut = (tested: Tested, ...ids: readonly string[]): readonly string[] => casesOf(tested).filter(id => !ids.includes(id));
const child = (...names: readonly string[]): readonly string[] => names.map(name => `lifetime.child.${name}`);
const rover = (role: string, ...names: readonly string[]): readonly string[] => names.map(name => `rover.${role}.${name}`);
const lond = (...names: readonly string[]): readonly string[] => names.map(name => `lonc.lond.${name}`);

const EXAMPLES: readonly Example[] = [
  {
    file: 'rover.py',
    interpreter: PYTHON,
    tested: ROVERD,
    faults: {
      // What all of these ask first is whether a request that comes early is held.
      'early-runs': rover(
        'daemon',
        ...['early', 'gap', 'held', 'held-answer', 'held-conflict', 'held-twice', 'reverse'].map(name => `order.${name}`),
        'epochs.held',
        'fields.told',
        'limits.ahead',
        'restart.held',
        'restart.stopped',
        'streams.hosts',
        'streams.users',
      ),
      'early-forgotten': rover('daemon', 'restart.held', 'restart.stopped', 'restart.unfinished'),
      'nobody-exports': rover('daemon', 'fields.told', 'nobody.export', 'nobody.reset', 'nobody.status'),
    },
  },
  {
    file: 'rover.py',
    interpreter: PYTHON,
    more: ['--cgi'],
    tested: ROVER_CGI,
    faults: { 'nobody-exports': rover('cgi', 'answer.result', 'nobody.export', 'nobody.reset') },
  },
  { file: 'rover.py', interpreter: PYTHON, tested: { suite: ROVER, role: 'client', claims: [] }, faults: {} },
  {
    file: 'lond.pl',
    interpreter: PERL,
    tested: LOND,
    faults: {
      'one-at-a-time': lond('connections.reset', 'connections.two', 'greeting.other-connection', 'store.shared'),
      'strips-cr': lond('lines.cr'),
    },
  },
  {
    file: 'lond.py',
    interpreter: PYTHON,
    tested: LOND,
    faults: {
      'key-order': lond('enc.broken', 'enc.clear-after-key', 'enc.eget', 'enc.eget-no-key', 'enc.long', 'enc.new-key', 'enc.request'),
      'one-challenge': lond('greeting.other-connection'),
    },
  },
  {
    file: 'lifetime-child.py',
    interpreter: PYTHON,
    tested: CHILD,
    faults: {
      'comment-ids': child('ids.constants'),
      'keyboard-interrupt': child('stop.sigint'),
    },
  },
  {
    file: 'lifetime-child.pl',
    interpreter: PERL,
    tested: CHILD,
    faults: {
      'blocking-events': child('events.full-pipe'),
      // Nothing is sent in these two.
      'network-order': allBut(CHILD),
    },
  },
];

/** Where tests are counted, what is not tested is a failure. */
const COUNTED = process.env['CI'] !== undefined;

const told = (row: Row): unknown => [row.testCase.id, row.verdict, row.end, row.output.map(each => each.tail)];

describe.concurrent.each(EXAMPLES)('$file, $tested.role', ({ file, interpreter: [program, ...question], more = [], tested, faults }) => {
  const found = spawnSync(program, question, { encoding: 'utf8' });
  const present = found.status === 0;
  if (!present) process.stderr.write(`${program} is not here: examples/${file} is NOT tested\n`);
  const command = present ? found.stdout.trim() : program;
  const path = fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));
  const skip = !present && !COUNTED;

  // Where a program has several roles, the first has all of its faults.
  test.skipIf(skip || more.length > 0 || Object.keys(faults).length === 0)('lists these faults', ({ expect }) => {
    const help = spawnSync(command, [path, '--help'], { encoding: 'utf8' });
    expect(help.status).toBe(0);
    const [, list = ''] = help.stdout.split('faults:\n');
    expect([...list.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name).sort()).toEqual(Object.keys(faults).sort());
    expect(spawnSync(command, [path, '--conf=none', '--fault=no-such-fault']).status).toBe(2);
  });

  test.skipIf(skip || file !== 'lond.pl').for([
    ['a pid file and a reaper', true],
    ['neither', false],
  ] as const)('passes as a daemon as well, with %s', async ([, known], { expect }) => {
    const forks = { ...(known ? { pidFile: '{dir}/lond.pid' } : {}), within: seconds(20) };
    const args = [path, '--daemon', ...(known ? ['--pid-file={dir}/lond.pid'] : []), '{options}'];
    const arm = await realArm(tested.suite.name, known ? {} : { reaper: () => undefined });
    const rows = await rowsOf(tested, { program: command, args, forks }, { arm, some: known ? [] : [''] });
    expect(rows.length).toBeGreaterThan(casesOf(tested).length / 16);
    expect(rows.filter(row => row.grade !== 'pass').map(told)).toEqual([]);
    for (const row of rows) expect(judgedAgain(row, tested.suite), row.testCase.id).toEqual({ verdict: row.play, end: row.end });
  });

  const plays: readonly (readonly [title: string, args: readonly string[], fails: readonly string[]])[] = [
    ['passes every case', [], []],
    // Two programs of one protocol have the same faults: RARE=1 plants them in both.
    ...(file.endsWith('.pl') && process.env['RARE'] === undefined ? [] : Object.entries(faults)).map(
      ([fault, fails]) => [`${fault} is found, and nothing else`, [`--fault=${fault}`], fails] as const,
    ),
  ];
  test.skipIf(skip).for(plays)('%s', async ([, args, fails], { expect }) => {
    const all = args.length === 0;
    const rows = await rowsOf(tested, { program: command, args: [path, ...more, ...args] }, all ? {} : { some: fails });
    const notPassed = rows.filter(row => row.grade !== 'pass');
    if (all) expect(rows.map(row => row.testCase.id).sort()).toEqual([...casesOf(tested)].sort());
    expect(notPassed.filter(row => !fails.includes(row.testCase.id)).map(told)).toEqual([]);
    expect(notPassed.map(row => row.testCase.id).sort()).toEqual([...fails].sort());
    for (const row of rows) {
      if (row.events.length > 0) expect(judgedAgain(row, tested.suite), row.testCase.id).toEqual({ verdict: row.play, end: row.end });
    }
  });
});
