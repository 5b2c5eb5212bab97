/** The two arms themselves: that they notice a case gone wrong, say what was seen so far, and leave nothing behind. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STAYS, THROWS, UNEXPECTED } from './broken.ts';
import type { ContractCase } from './case.ts';
import { runOnNode } from './node-arm.ts';
import { ALL_ENDED, expectationOf, type Observation } from './observation.ts';
import { PLAIN, runInSimulator } from './sim-arm.ts';

const ARMS: Readonly<Record<string, (contract: ContractCase) => Promise<Observation>>> = {
  'the simulator': async contract => runInSimulator(contract, PLAIN),
  Node: contract => runOnNode(contract, 'broken.js'),
};

describe.each(Object.keys(ARMS))('the arm of %s', name => {
  const run = ARMS[name] ?? (() => Promise.reject(new Error(name)));

  it('tells that a process has stayed, and what was seen until then', async () => {
    const seen = await run(STAYS);
    expect(seen.end).not.toBe(ALL_ENDED);
    expect(seen.lines['main']).toEqual(['started']);
    expect(seen.lines['child']).toHaveLength(1);
  });

  it('tells that a daemon threw, and what', async () => {
    const seen = await run(THROWS);
    expect(seen).not.toEqual(expectationOf(THROWS, seen.notes));
    expect(seen.lines).toEqual({ main: ['before'] });
    expect(seen.notes.join('\n')).toContain('a bug made for this test');
  });

  it('does not overlook a line nobody expects', async () => {
    const seen = await run(UNEXPECTED);
    expect(seen.end).toBe(ALL_ENDED);
    expect(seen).not.toEqual(expectationOf(UNEXPECTED, seen.notes));
  });
});

describe('the arm of Node', () => {
  it('leaves no process behind', async () => {
    const { lines } = await runOnNode(STAYS, 'broken.js');
    const pid = Number(lines['child']?.[0]);
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => lives(pid), { timeout: 60_000 }).toBe(false);
  });
});

/** Whether there is such a process, zombies not counted: those are its new parent's to reap. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
