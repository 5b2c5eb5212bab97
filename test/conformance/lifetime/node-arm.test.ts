/**
 * The real arm: ours passes, and hostile implementations end in a verdict with nothing left behind. Real children load the
 * compiled table of programs. Implementations in other languages are tested in test/examples.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CORRECT } from '../../../conformance/lifetime/mutants/mutants.ts';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import type { Implementation } from '../../../conformance/peer.ts';
import type { Row } from '../../../conformance/run/runner.ts';
import { runSuite } from '../../../conformance/run/runner.ts';
import { realArm } from '../../support/arms.ts';
import { judgedRows } from '../support.ts';

const arm = await realArm('lifetime');
const CLAIMS = ['p2p-address', 'rpc-address', 'listeners'];
/** A busy machine starts a process slowly; that is no finding. */
const PATIENCE = 3_000;
/** Its name is on the command line of every probe started here: it reports into it. */
const ours = mkdtempSync(join(tmpdir(), 'slipway-node-arm-'));
process.env['TMPDIR'] = ours;
afterAll(() => rmSync(ours, { recursive: true, force: true }));

interface Asked {
  readonly role: string;
  readonly implementation: Implementation;
  readonly claims: readonly string[];
  readonly select?: readonly string[];
  readonly patience?: number;
}

const rowsOf = (asked: Asked): Promise<readonly Row[]> => judgedRows({ suite: LIFETIME, arm, patience: PATIENCE, repeat: 1, ...asked });

const notPassed = (rows: readonly Row[]): unknown =>
  rows.filter(row => row.verdict.verdict !== 'pass').map(row => [row.testCase.id, row.verdict, row.end, row.output.map(each => each.tail)]);

/** Processes of this machine that have the word on their command line. */
function alive(word: string): readonly string[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter(name => /^[0-9]+$/.test(name) && Number(name) !== process.pid)
    .map(commandLine)
    .filter(text => text.includes(word));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it ended meanwhile
  }
}

describe('real children of ours', () => {
  test('the child passes', async () => {
    const { claims, ...implementation } = LIFETIME.own['child'] ?? { program: '', args: [], claims: [] };
    const select = ['*.start.database-first', '*.stop.*'];
    expect(notPassed(await rowsOf({ role: 'child', implementation, claims, select }))).toEqual([]);
  });

  test('the parent passes', async () => {
    const { claims, ...implementation } = LIFETIME.own['parent'] ?? { program: '', args: [], claims: [] };
    const select = ['*.run.events', '*.stop.death', '*.payload.huge'];
    expect(notPassed(await rowsOf({ role: 'parent', implementation, claims, select }))).toEqual([]);
    expect(alive(ours)).toEqual([]);
  });

  test('the plain parent, which shares no code with it, passes', async () => {
    const plain = CORRECT.find(each => each.role === 'parent');
    if (plain === undefined) throw new Error('there is a plain parent');
    const select = ['*.run.events', '*.read.byte-by-byte'];
    expect(notPassed(await rowsOf({ role: 'parent', implementation: plain, claims: plain.claims ?? [], select }))).toEqual([]);
  });
});

describe('hostile implementations end in a verdict, within their deadline, and leave nothing behind', () => {
  /** A word on the command line to find it by; the shell ignores the argument. */
  const MARK = 'hostile-mark-of-this-test';
  const shell = (script: string): Implementation => ({ program: '/bin/sh', args: ['-c', script, MARK] });
  const select = ['*.start.database-first', '*.stop.control-eof'];

  test.each([
    ['exits at once', 'exit 7', 'exited 7'],
    ['is killed at once', 'kill -9 $$', 'killed by SIGKILL'],
    ['never speaks, and ignores SIGTERM', "trap '' TERM INT; while :; do sleep 1; done", 'killed by us after the deadline'],
    ['floods its output', "trap '' TERM; yes flood; yes flood", 'killed by us after the deadline'],
    ['floods the event pipe with garbage', 'exec yes >&3', 'killed by us after the verdict'],
    ['hides behind a child that holds the pipes', `sh -c 'sleep 300; :' ${MARK} & exit 0`, 'exited 0'],
  ])('%s', async (_name, script, end) => {
    const start = Date.now();
    const rows = await rowsOf({ role: 'child', implementation: shell(script), claims: CLAIMS, select, patience: 150 });
    // Waits this short are easily unfair ones.
    for (const { verdict } of rows) expect(['fail', 'inconclusive']).toContain(verdict.verdict);
    expect(rows[0]?.end).toBe(end);
    expect(Date.now() - start).toBeLessThan(20_000);
    expect(alive(MARK)).toEqual([]);
  });

  test('a flood is counted and its tail kept', async () => {
    const [row] = await rowsOf({
      role: 'child',
      implementation: shell('yes flood'),
      claims: CLAIMS,
      select: [select[0] ?? ''],
      patience: 150,
    });
    const output = row?.output.find(each => each.channel === 'stdout');
    expect(output?.bytes).toBeGreaterThan(500_000);
    expect(output?.tail.length).toBeLessThanOrEqual(2_048);
    const recorded = row?.events.reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0) ?? 0;
    expect(recorded).toBeLessThan(2_000_000);
  });

  test.skipIf(spawnSync('setsid', ['true']).status !== 0)('a parent that puts its child into a session of its own', async () => {
    const script = 'while [ "$1" != -- ]; do shift; done; shift; setsid "$@" --pipetx=3 3>/dev/null & sleep 300';
    const [row] = await rowsOf({
      role: 'parent',
      implementation: shell(script),
      claims: ['escalation'],
      select: ['*.run.events'],
      patience: 600,
    });
    expect(row).toBeDefined();
    expect(alive(ours)).toEqual([]);
    expect(alive(MARK)).toEqual([]);
  });

  test('what cannot be started is a setup error', async () => {
    for (const program of ['/no/such/program', 'no-such-program-anywhere', join(ours, 'no-such-program')]) {
      const run = await runSuite({ suite: LIFETIME, role: 'child', arm, implementation: { program, args: [] }, claims: CLAIMS });
      expect(run).toMatchObject({ outcome: 'setup-error', why: expect.stringContaining(program) });
    }
  });
});
