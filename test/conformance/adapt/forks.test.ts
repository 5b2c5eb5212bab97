/**
 * Implementations that fork and leave their first process: with a pid file and without, with a reaper and without, and what can be
 * wrong with them. Each verdict is judged again from the trace, and nothing is left of any of them.
 */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { simArm } from '../../../conformance/arms/sim.ts';
import type { Case, Step } from '../../../conformance/case.ts';
import type { Implementation } from '../../../conformance/peer.ts';
import { wireLog } from '../../../conformance/report/log.ts';
import type { Run, runSuite } from '../../../conformance/run/runner.ts';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import { findReaper } from '../../../src/node/reaper.ts';
import { realArm } from '../../support/arms.ts';
import { judged, TOY_WIRING, toyCase, toySuite } from '../support.ts';

const DAEMON = fileURLToPath(new URL('daemon.py', import.meta.url));
const PATIENCE = 3_000;

const START: Step = { verb: 'start' };
const within = seconds(2);
const SAYS_A: Step = { verb: 'expect-sequence', channel: 'in', items: [{ message: { type: 'a', name: 'an a' }, times: 'one' }], within };
const TERM: Step = { verb: 'signal', signal: 'SIGTERM' };
const KILL: Step = { verb: 'signal', signal: 'SIGKILL' };
const ends = (how: { codes?: number[]; signals?: 'SIGKILL'[] } = {}): Step => ({ verb: 'expect-exit', within, ...how });
const RUNS: Step = { verb: 'expect-silence', channels: ['in'], lasting: millis(1_500) };

/** With a directory of its own, for the pid file. */
const suiteOf = (steps: readonly Step[], more: Partial<Case> = {}) => ({
  ...toySuite([toyCase(steps, more)]),
  roles: { server: { ...TOY_WIRING, options: [], environment: { accepts: [], directories: [], files: {} } } },
});

async function run(arm: Parameters<typeof runSuite>[0]['arm'], implementation: Implementation, steps: readonly Step[]): Promise<Run> {
  const suite = suiteOf(steps);
  const ran = await judged({ suite, role: 'server', claims: [], arm, implementation, patience: PATIENCE, attempts: 1 });
  for (const row of ran.outcome === 'nothing-ran' ? [] : ran.rows) wireLog(row.testCase, suite.roles.server, row.events, row.tester);
  return ran;
}

const told = (ran: Run): unknown => (ran.outcome === 'ran' ? [ran.rows[0]?.verdict, ran.rows[0]?.end] : ran);

const PASS = { verdict: 'pass' };
const UNKNOWN = { verdict: 'inconclusive', why: expect.stringContaining('how was told to whoever adopted it') };
/** Many are met at once here: a wait may have been an unfair one. */
const NO_END = { verdict: expect.stringMatching(/^(?:fail|inconclusive)$/), by: expect.stringMatching(/^(?:time|starved)$/) };
const withStatus = (received: string): unknown => ({ verdict: 'fail', received, by: 'order' });
const never = (why: string): object => ({ outcome: 'setup-error', why: expect.stringContaining(why) });

interface Play {
  readonly how: string;
  readonly steps: readonly Step[];
  readonly pidFile?: boolean;
  /** Verdict and end; or what the run says, where nothing could be met. */
  readonly reaped: object;
  readonly alone: object;
}

const EXITS = 'exited 0';
const GONE = 'ended, nobody knows how';
const OURS = 'killed by us after the verdict';
const GOOD = [START, SAYS_A, RUNS, TERM, ends({ codes: [0] })];
/** Whatever is known of the end, it has come. */
const MODEST = [START, SAYS_A, RUNS, TERM, ends()];

const PLAYS: readonly Play[] = [
  { how: 'good', steps: GOOD, reaped: [PASS, EXITS], alone: [UNKNOWN, GONE] },
  { how: 'good', steps: GOOD, pidFile: true, reaped: [PASS, EXITS], alone: [UNKNOWN, GONE] },
  { how: 'good', steps: MODEST, pidFile: true, reaped: [PASS, EXITS], alone: [PASS, GONE] },
  { how: 'good', steps: [START, SAYS_A], reaped: [PASS, OURS], alone: [PASS, OURS] },
  {
    how: 'good',
    steps: [START, SAYS_A, KILL, ends({ signals: ['SIGKILL'] })],
    reaped: [PASS, 'killed by SIGKILL'],
    alone: [UNKNOWN, GONE],
  },
  { how: 'good', steps: [START, SAYS_A, TERM, ends(), START, TERM, ends()], reaped: [PASS, EXITS], alone: [PASS, GONE] },
  { how: 'ends_with_5', steps: GOOD, pidFile: true, reaped: [withStatus('exited 5'), 'exited 5'], alone: [UNKNOWN, GONE] },
  {
    how: 'ignores_term',
    steps: GOOD,
    reaped: [NO_END, 'killed by us after the deadline'],
    alone: [NO_END, 'killed by us after the deadline'],
  },
  { how: 'worker', steps: MODEST, reaped: [PASS, EXITS], alone: [PASS, GONE] },
  { how: 'worker', steps: MODEST, pidFile: true, reaped: [PASS, EXITS], alone: [PASS, GONE] },
  { how: 'another_session', steps: MODEST, pidFile: true, reaped: [PASS, EXITS], alone: [PASS, GONE] },
  // A process in between is taken for the main one, unless the machine is slow.
  { how: 'slow_between', steps: MODEST, reaped: [PASS, expect.stringMatching(`${EXITS}|${GONE}`)], alone: [PASS, GONE] },
  { how: 'slow_between', steps: GOOD, pidFile: true, reaped: [PASS, EXITS], alone: [UNKNOWN, GONE] },
  { how: 'kills_parent', steps: GOOD, pidFile: true, reaped: [UNKNOWN, GONE], alone: [UNKNOWN, GONE] },
  ...[true, false].map(
    (pidFile): Play => ({
      how: 'dies_at_once',
      steps: GOOD,
      pidFile,
      reaped: never('left no other that runs; the last to end exited 3'),
      alone: never('left no other that runs'),
    }),
  ),
  ...(
    [
      ['no_pid_file', 'there was no pid file {dir}/it.pid'],
      ['foreign_pid', 'named 1, which is no process of the implementation'],
      ['no_number', 'no number was in the pid file'],
      ['stays', 'its first process had not ended within 2'],
      ['ends_with_1', 'it ended before: never ready: exited 1'],
    ] as const
  ).map(([how, why]): Play => ({ how, steps: GOOD, pidFile: true, reaped: never(why), alone: never(why) })),
];

/** Interpreters are sometimes found through scripts, which would be one process more. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
const skip = PYTHON.status !== 0 && process.env['CI'] === undefined;
if (skip) process.stderr.write('python3 is not here: what forks is NOT tested\n');

const REAL = { reaped: await realArm('lifetime'), alone: await realArm('lifetime', { reaper: () => undefined }) };

/** Of a start of the daemon: what came of it, and that nothing is left. */
async function meet(kind: keyof typeof REAL, { how, steps, pidFile = false }: Play, word: string): Promise<Run> {
  const forks = { ...(pidFile ? { pidFile: '{dir}/it.pid' } : {}), within };
  const implementation = {
    program: PYTHON.stdout.trim(),
    args: [DAEMON, how, word, ...(pidFile ? ['{dir}/it.pid'] : []), '{options}'],
    forks,
  };
  const ran = await run(REAL[kind], implementation, steps);
  expect(left(word)).toEqual([]);
  return ran;
}

const left = (word: string): readonly string[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(pid => !/\) [ZX] /.test(textIn(`/proc/${pid}/stat`)) && textIn(`/proc/${pid}/cmdline`).includes(word));

function textIn(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has ended
  }
}

process.setMaxListeners(100);
describe.concurrent.each(['reaped', 'alone'] as const)('a daemon that forks, %s', kind => {
  test.skipIf(skip).for(PLAYS.map((play, index) => ({ ...play, index })))('$index $how', async play => {
    const ran = await meet(kind, play, `forks-${kind}-${play.index}-${process.pid}`);
    if (Array.isArray(play[kind])) expect(told(ran)).toMatchObject(play[kind]);
    else expect(ran).toMatchObject(play[kind]);
  });
});

test.skipIf(skip)('there is a reaper where there is python3, and with it nothing is left that has only its descent', async () => {
  expect(findReaper()).toBeDefined();
  const play = { how: 'second_process', steps: MODEST, pidFile: true, reaped: [], alone: [] };
  expect(told(await meet('reaped', play, `forks-second-${process.pid}`))).toEqual([PASS, EXITS]);
});

test.skipIf(skip)('unsupported, and a program that there is not', async () => {
  for (const arm of Object.values(REAL)) {
    const forks = { within };
    const it = await run(arm, { program: PYTHON.stdout.trim(), args: [DAEMON, 'unsupported', 'word', '{options}'], forks }, GOOD);
    expect(it).toMatchObject({
      rows: [{ verdict: { verdict: 'not-applicable' } }],
    });
    expect(await run(arm, { program: '/no/such', args: [], forks }, GOOD)).toMatchObject({
      outcome: 'setup-error',
      why: expect.stringContaining('ENOENT'),
    });
  }
});

test.skipIf(skip)('it is ready when it has forked and the sign is there, whichever is later', async () => {
  const forks = { within };
  for (const [how, ready] of [
    ['good', { file: 'it.pid', within }],
    ['good', { line: 'the first process says it', within }],
    ['slow_between', { file: 'it.pid', within }],
  ] as const) {
    const args = [DAEMON, how, 'ready', '{dir}/it.pid', '{options}'];
    expect(told(await run(REAL.reaped, { program: PYTHON.stdout.trim(), args, forks, ready }, MODEST))).toMatchObject([PASS, {}]);
  }
  const ready = { line: 'nobody says this', within };
  const args = [DAEMON, 'good', 'ready', '{dir}/it.pid', '{options}'];
  expect(await run(REAL.reaped, { program: PYTHON.stdout.trim(), args, forks, ready }, MODEST)).toMatchObject(never('nobody says this'));
});

describe('in the simulator', () => {
  const later = (host: Host, delay: number, act: () => void): void => void host.clock.setTimer(millis(delay), act);
  const first =
    (status: number, delay = 0, then = 'main'): Daemon =>
    host => {
      host.process.spawn(then, [], { descriptors: { 3: 3 } });
      later(host, delay, () => host.process.exit(status));
    };
  const main: Daemon = host => {
    host.storage.write('/case/it.pid', utf8(`${host.process.pid}\n`));
    host.signals.handle('SIGTERM', () => host.process.exit(0));
    const stream = host.descriptors.attach(3, 'write', { data: () => {} });
    if (stream.ok) stream.value.write(utf8('{"event":"a"}\n'));
    later(host, 100_000, () => {});
  };
  const gone: Daemon = host => later(host, 1, () => host.process.exit(0));
  const play = (table: Readonly<Record<string, Daemon>>, steps: readonly Step[], pidFile?: string): Promise<Run> => {
    const forks = { ...(pidFile === undefined ? {} : { pidFile }), within };
    return run(simArm(table), { program: 'first', args: [], forks }, steps);
  };

  test('a process in between is taken for the main one, and its heir follows it', async () => {
    const between: Daemon = host => {
      host.process.spawn('main', [], { descriptors: { 3: 3 } });
      later(host, 900, () => host.process.exit(0));
    };
    const table = { first: first(0, 0, 'between'), between, main };
    expect(told(await play(table, MODEST))).toEqual([PASS, GONE]);
  });

  test.each([undefined, 'it.pid'])('the same verdicts as of the real one without a reaper (pid file: %s)', async pidFile => {
    const table = { first: first(0), main };
    expect(told(await play(table, MODEST, pidFile))).toEqual([PASS, GONE]);
    expect(told(await play(table, GOOD, pidFile))).toEqual([UNKNOWN, GONE]);
    expect(told(await play(table, [START, SAYS_A], pidFile))).toEqual([PASS, OURS]);
    expect(await play({ first: first(1), main }, MODEST, pidFile)).toMatchObject(never('exited 1'));
    expect(await play({ first: first(0, 5_000_000), main }, MODEST, pidFile)).toMatchObject(never('had not ended within'));
    expect(await play({ first: first(0), main: gone }, MODEST, pidFile)).toMatchObject(never('left no other that runs'));
    expect(await play(table, MODEST, 'other.pid')).toMatchObject(never('there was no pid file other.pid'));
  });
});
