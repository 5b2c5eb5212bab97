/**
 * A hostile implementation cannot harm the tester: each behaviour ends within its deadline, with the right verdict, in bounded
 * memory, and with nothing left running. The real command meets each on the real arm.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { alive } from '../node/arm.ts';
import { type Fought, fight, reportOf } from './arena.ts';
import { BEHAVIOURS, type Behaviour } from './behaviours.ts';
import { leaksIn } from './texts.ts';

const able = existsSync('/proc/self/environ') && spawnSync('python3', ['--version']).status === 0;
if (!able) process.stderr.write('without python3 and /proc: hostile implementations were NOT tested\n');

/** Beyond what a run takes against an implementation that harms nobody. */
const MEMORY_MEGABYTES = 150;
const [HARMLESS] = BEHAVIOURS;

const lines: string[] = [];
afterAll(() => {
  process.stderr.write(`peak memory of the tester, and time:\n${lines.join('\n')}\n`);
});

describe.skipIf(!able)('a hostile implementation', () => {
  const idle = once(() => (HARMLESS === undefined ? Promise.reject(new Error('an empty table')) : fight(HARMLESS)));
  /** Somebody else's process, that a hostile implementation gives out as its own. */
  const bystander = once(() => spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }));
  afterAll(() => void bystander().kill());

  test.concurrent.each(BEHAVIOURS.map(each => [each.ruptime ?? each.name, each] as const))('%s', async (name, behaviour) => {
    const { pid = 0 } = bystander();
    const fought = await fight(behaviour, { prepare: folder => writeFileSync(join(folder, 'victim'), String(pid)) });
    lines.push(told(behaviour, fought));
    expect(fought.left).toEqual([]);
    expect(fought.listening).toBe(false);
    expect(fought.millis).toBeLessThan(fought.limitMillis);
    expect(alive(pid)).toBe(true);
    if (behaviour.killed === true) {
      expect([fought.signal, fought.code]).toEqual(name === 'terminates_tester' ? [null, 128 + 15] : ['SIGKILL', null]);
      return;
    }
    judge(behaviour, fought);
    expect(fought.files).toEqual([]);
    expect(fought.peakMegabytes).toBeGreaterThan(20);
    expect(fought.peakMegabytes).toBeLessThan(((await idle()).peakMegabytes ?? 0) + MEMORY_MEGABYTES);
  });
});

/** Several are met at once, with waits that are short, and some make the machine busy: what would be decided may be undecided, and is never the opposite. */
function judge({ suite, role, cases, received }: Behaviour, fought: Fought): void {
  const { rows } = reportOf(fought);
  const wanted: Readonly<Record<string, string>> = cases;
  const seen = rows.map((row): readonly [string, string] => {
    const name = row.case.slice(suite.length + role.length + 2);
    const undecided = row.verdict === 'inconclusive' && row.attempts.undecided > 0;
    return [name, undecided ? (wanted[name] ?? row.verdict) : row.verdict];
  });
  expect(Object.fromEntries(seen)).toEqual(cases);
  const refuted = rows.find(row => row.refuted !== undefined)?.refuted;
  if (received !== undefined && refuted !== undefined) expect(refuted.received).toMatch(received);
  expect(leaksIn('json', fought.stdout)).toEqual([]);
  expect(leaksIn('plain', fought.stderr)).toEqual([]);
}

const told = ({ name, ruptime, text }: Behaviour, { peakMegabytes, millis }: Fought): string =>
  `${String(peakMegabytes ?? '–').padStart(6)} MB ${(millis / 1_000).toFixed(1).padStart(6)} s  ${ruptime ?? name}: ${text}`;

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
