/** The same options give the same events: twice in one process, in another process, with and without somebody who listens. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { busyRun, lineOf, scheduleOf } from './busy-world.ts';

const STRATEGIES = ['fifo', 'random', 'pct'];

function traced(
  seed: string,
  strategy: string,
): { readonly lines: readonly string[]; readonly fingerprint: string; readonly fired: readonly number[] } {
  const lines: string[] = [];
  const { fingerprint, fired } = busyRun(seed, scheduleOf(strategy), event => lines.push(lineOf(event)));
  return { lines, fingerprint, fired };
}

/** Says where two runs differ, instead of printing both. */
function firstDifference(one: readonly string[], other: readonly string[]): string | undefined {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index++) if (one[index] !== other[index]) return `${index}: ${one[index]} / ${other[index]}`;
  return undefined;
}

describe.each(STRATEGIES)('under %s', strategy => {
  const first = traced('seed', strategy);

  it('the world is busy: nearly every fault fires, nearly every kind of event happens', () => {
    expect(first.lines.length).toBeGreaterThan(5_000);
    expect(first.fired.filter(count => count === 0).length).toBeLessThanOrEqual(3);
    const kinds = new Set(first.lines.map(line => /"kind":"([a-z]+)"/.exec(line)?.[1]));
    expect(kinds.size).toBeGreaterThan(30);
    expect(kinds.has('bug')).toBe(false);
    expect(kinds.has('choice')).toBe(strategy !== 'fifo');
  });

  it('two runs are one', () => {
    const second = traced('seed', strategy);
    expect(firstDifference(first.lines, second.lines)).toBeUndefined();
    expect(second.fingerprint).toBe(first.fingerprint);
  });

  it('events are numbered without a gap, and time never goes back', () => {
    let last = 0;
    first.lines.forEach((line, index) => {
      const event: { index: number; time: number; cause: number } = JSON.parse(line);
      if (event.index !== index || event.time < last || event.cause >= index) expect.fail(`${index}: ${line}`);
      last = event.time;
    });
  });

  it('a run in another process is the same', () => {
    const script = fileURLToPath(new URL('busy-world.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--import', 'tsx', script, 'seed', strategy], { encoding: 'utf8', timeout: 240_000 });
    expect(child.stderr).toBe('');
    const lines = createHash('sha256')
      .update(first.lines.map(line => `${line}\n`).join(''))
      .digest('hex');
    expect(JSON.parse(child.stdout)).toEqual({ fingerprint: first.fingerprint, events: first.lines.length, fired: first.fired, lines });
  });

  it('a run that nobody listens to is the same', () => {
    expect(busyRun('seed', scheduleOf(strategy))).toEqual({
      fingerprint: first.fingerprint,
      events: first.lines.length,
      fired: first.fired,
    });
  });

  it('another seed is another run', () => {
    const seeds = ['seed', 'seed2', 'seed3', ''];
    expect(new Set(seeds.map(seed => busyRun(seed, scheduleOf(strategy)).fingerprint)).size).toBe(seeds.length);
  });
});
