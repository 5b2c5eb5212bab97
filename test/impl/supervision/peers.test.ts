/** The table of peers, without a world. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { instantOf, seconds } from '../../../src/host/time.ts';
import type { RestartPolicy } from '../../../src/impl/supervision/peers.ts';
import { Peers, TRANSITIONS } from '../../../src/impl/supervision/peers.ts';

const at = (second: number) => instantOf(second * 1_000_000);
const POLICY: RestartPolicy = { attemptsMax: 2, healthyLife: seconds(100), rearm: 'given-up' };

describe('a peer', () => {
  test('has its attempts, is given up, and is re-armed', () => {
    const peers = new Peers(['a'], POLICY);
    peers.born('a', 1, at(0));
    expect(peers.died(1, at(1))).toEqual({ peer: 'a', verdict: 'restart', attempt: 1 });
    peers.born('a', 2, at(1));
    expect(peers.died(2, at(2))).toEqual({ peer: 'a', verdict: 'restart', attempt: 2 });
    peers.born('a', 3, at(2));
    expect(peers.rearm()).toEqual([]);
    expect(peers.died(3, at(3))).toMatchObject({ verdict: 'restart', attempt: 1 });
    peers.born('a', 4, at(3));
    expect(peers.died(4, at(4))).toMatchObject({ attempt: 2 });
    peers.born('a', 5, at(4));
    expect(peers.died(5, at(5))).toEqual({ peer: 'a', verdict: 'give-up' });
    expect(peers.state('a')).toBe('given-up');
    expect(peers.rearm()).toEqual(['a']);
    expect(peers.state('a')).toBe('running');
    expect(peers.rearm()).toEqual([]);
  });

  test('a healthy life begins the count anew, one moment less does not', () => {
    const peers = new Peers(['a'], POLICY);
    peers.born('a', 1, at(0));
    peers.died(1, at(1));
    peers.born('a', 2, at(1));
    expect(peers.died(2, at(100.999))).toMatchObject({ attempt: 2 });
    peers.born('a', 3, at(200));
    expect(peers.died(3, at(300))).toMatchObject({ attempt: 1 });
    const never = new Peers(['a'], { ...POLICY, healthyLife: undefined });
    never.born('a', 1, at(0));
    never.died(1, at(1_000));
    never.born('a', 2, at(1_000));
    expect(never.died(2, at(9_000))).toMatchObject({ attempt: 2 });
  });

  test('re-arming by count starts a second child beside a living one, re-arming by state never', () => {
    for (const [rearm, starts] of [
      ['spent', ['a']],
      ['given-up', []],
    ] as const) {
      const peers = new Peers(['a', 'b'], { ...POLICY, rearm });
      for (const pid of [1, 2, 3]) {
        peers.born('a', pid, at(pid));
        if (pid < 3) peers.died(pid, at(pid));
      }
      expect(peers.rearm()).toEqual(starts);
    }
  });

  test('unknown pids are nobody, and a stopped peer stays so', () => {
    const peers = new Peers(['a', 'b'], POLICY);
    expect(peers.died(9, at(0))).toBeUndefined();
    peers.born('a', 1, at(0));
    peers.stop();
    expect([peers.state('a'), peers.state('b')]).toEqual(['stopping', 'stopped']);
    expect(peers.rearm()).toEqual([]);
    expect(peers.died(1, at(1))).toEqual({ peer: 'a', verdict: 'nothing' });
    expect(peers.state('a')).toBe('stopped');
    expect(peers.living).toEqual([]);
  });

  test('what cannot be started uses up the attempts', () => {
    const peers = new Peers(['a'], POLICY);
    const verdicts = [1, 2, 3].map(() => peers.stillborn('a').verdict);
    expect(verdicts).toEqual(['restart', 'restart', 'give-up']);
  });

  test('every state of the table can be left or is the last', () => {
    const targets = new Set(Object.values(TRANSITIONS).flatMap(row => Object.values(row)));
    for (const state of Object.keys(TRANSITIONS)) if (state !== 'idle') expect([...targets]).toContain(state);
    expect(Object.keys(TRANSITIONS.stopped)).toEqual([]);
  });
});

test('the README has the same table', () => {
  const lines = readFileSync(new URL('../../../src/impl/supervision/README.md', import.meta.url), 'utf8').split('\n');
  for (const [state, row] of Object.entries(TRANSITIONS)) {
    const line = lines.find(candidate => candidate.startsWith(`| \`${state}\` `)) ?? '';
    expect([state, line.split('->').length - 1]).toEqual([state, Object.keys(row).length]);
    for (const [input, next] of Object.entries(row)) expect(line).toContain(`${input} -> ${next}`);
  }
});
