/**
 * A hostile implementation cannot harm the tester: each behaviour ends within its deadline, with the right verdict, in bounded
 * memory, and with nothing left running. The real command meets each on the real arm.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alive } from '../node/arm.ts';
import { type Fought, fight, reportOf } from './arena.ts';
import { BEHAVIOURS, type Behaviour } from './behaviours.ts';

const able = existsSync('/proc/self/environ') && spawnSync('python3', ['--version']).status === 0;
if (!able) process.stderr.write('without python3 and /proc: hostile implementations were NOT tested\n');

/** Beyond what a run against an implementation takes that harms nobody. */
const MEMORY_MEGABYTES = 250;
/** At a time; most of them wait for a deadline. */
const LANES = 5;

const fought = new Map<string, Promise<Fought>>();
const victim = able ? spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }) : undefined;

/** All of them, a few at a time; each test waits for its own. */
function fightAll(): void {
  const queue = [...BEHAVIOURS];
  const settle = new Map<string, (fought: Promise<Fought>) => void>();
  for (const { name } of queue) fought.set(name, new Promise(resolve => settle.set(name, resolve)));
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const done = fight(next, { prepare: folder => writeFileSync(join(folder, 'victim'), String(victim?.pid)) });
      settle.get(next.name)?.(done);
      await done.catch(() => {});
    }
  };
  for (let count = 0; count < LANES; count++) void lane();
}

beforeAll(() => {
  if (able) fightAll();
});

afterAll(async () => {
  victim?.kill();
  process.stderr.write(await table());
});

describe.skipIf(!able)('a hostile implementation', () => {
  test.each(BEHAVIOURS.map(each => [each.name, each] as const))('%s', { timeout: 180_000 }, async (name, behaviour) => {
    const outcome = await result(name);
    expect(outcome.left).toEqual([]);
    expect(outcome.listening).toBe(false);
    expect(outcome.millis).toBeLessThan(outcome.limitMillis);
    if (behaviour.killed === true) {
      expect([outcome.signal, outcome.code]).toEqual(name === 'terminates_tester' ? [null, 128 + 15] : ['SIGKILL', null]);
    } else judge(behaviour, outcome);
  });

  test('nobody else is killed for it', async () => {
    await result('report_victim');
    expect(alive(victim?.pid ?? 0)).toBe(true);
  });

  test('memory', async () => {
    const idle = (await result('right')).peakMegabytes ?? 0;
    expect(idle).toBeGreaterThan(20);
    for (const { name, killed } of BEHAVIOURS) {
      const { peakMegabytes } = await result(name);
      if (killed !== true) expect(peakMegabytes, name).toBeLessThan(idle + MEMORY_MEGABYTES);
    }
  });
});

function judge({ suite, role, cases, received }: Behaviour, outcome: Fought): void {
  const { rows } = reportOf(outcome);
  const expected = Object.entries(cases).map(([id, verdict]) => [`${suite}.${role}.${id}`, verdict]);
  const byId = (left: readonly string[], right: readonly string[]): number => ((left[0] ?? '') < (right[0] ?? '') ? -1 : 1);
  expect(rows.map(row => [row.case, row.verdict, row.why])).toEqual(
    expected.sort(byId).map(([id, verdict], index) => [id, verdict, rows[index]?.why]),
  );
  for (const row of rows) expect(row.why).not.toContain('the tester');
  if (received !== undefined) expect(rows.find(row => row.verdict === 'fail')?.refuted?.received).toMatch(received);
  expect(outcome.files).toEqual([]);
}

async function result(name: string): Promise<Fought> {
  const found = await fought.get(name);
  if (found === undefined) throw new Error(`no behaviour ${name}`);
  return found;
}

async function table(): Promise<string> {
  const lines = ['peak memory of the tester, and time:'];
  for (const { name, text } of able ? BEHAVIOURS : []) {
    const { peakMegabytes, millis } = await result(name);
    lines.push(`${String(peakMegabytes ?? '–').padStart(6)} MB ${(millis / 1_000).toFixed(1).padStart(6)} s  ${name}: ${text}`);
  }
  return `${lines.join('\n')}\n`;
}
