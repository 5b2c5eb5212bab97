/**
 * Every verdict is seen to be given, by the command that a user types and with the status that it ends with. The tables are records over
 * the unions of the product: a verdict that is new has no canary, and the compiler says so.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { NONDETERMINISM } from '../../src/check/repeat.ts';
import type { ReplayVerdict } from '../../src/check/replay.ts';
import type { Finding, SweepReport } from '../../src/check/sweep.ts';
import { WORLD_PROPERTY_NAMES, type WorldPropertyName } from '../../src/check/world/world.ts';
import { slipway } from '../support/slipway.ts';

const CONFIG = ['--config', 'test/canaries/slipway.config.ts'];
const root = mkdtempSync(join(tmpdir(), 'slipway-canaries-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Swept {
  readonly verdict: SweepReport['verdict'];
  readonly findings: readonly Finding[];
}

async function swept(words: string): Promise<Swept & { readonly code: number | null }> {
  const { code, stdout } = await slipway([
    'sweep',
    ...words.split(' '),
    '--jobs',
    '1',
    '--json',
    '--failures',
    join(root, 'failures'),
    ...CONFIG,
  ]);
  const [sweep] = JSON.parse(stdout).sweeps;
  return { code, verdict: sweep.verdict, findings: sweep.findings };
}

/** What a sweep of a canary finds, by kind; all end with 1. */
const FINDINGS: Readonly<Record<Finding['kind'], readonly [words: string, verdict: SweepReport['verdict']]>> = {
  violated: ['canary/says-wrong --seeds 0..1', 'fails'],
  hang: ['canary/hangs --seeds 0..0 --patience 1', 'fails'],
  nondeterministic: ['canary/remembers --seeds 0..3', 'fails'],
  undecided: ['canary/fine --seeds 0..1', 'vacuous'],
  'sometimes-unmet': ['canary/ends --seeds 0..99 --profile corrected', 'vacuous'],
  'fault-never-fired': ['canary/ends --seeds 0..99 --profile corrected', 'vacuous'],
  'quirk-not-seen': ['canary/ends --seeds 0..99 --profile broken', 'vacuous'],
};

describe('a sweep finds', () => {
  test.each(Object.entries(FINDINGS))('%s', async (kind, [words, verdict]) => {
    const { code, findings, ...found } = await swept(words);
    expect(findings.map(finding => finding.kind)).toContain(kind);
    expect({ code, verdict: found.verdict }).toEqual({ code: 1, verdict });
  });
});

/** Which canary violates what is judged of every scenario. */
const EVERYWHERE: Readonly<Record<WorldPropertyName | 'no-bug' | 'no-busy-loop' | 'event-limit', string>> = {
  'no-bug': 'throws',
  'no-busy-loop': 'spins',
  'event-limit': 'spins',
  'no-leak': 'leaks',
  'no-temporary-left': 'leaves-a-file',
  'no-unanswered-wait': 'waits-for-itself',
  'no-livelock': 'goes-round',
  'no-log-flood': 'floods',
  'no-signal-to-reaped': 'signals-the-dead',
  'ends-once-told': 'never-ends',
  'timers-act': 'idle-timer',
  'durable-before-told': 'tells-too-early',
};

describe('a run violates', () => {
  test.each(Object.entries(EVERYWHERE))('%s', async (property, name) => {
    const { code, stdout } = await slipway(['run', `canary/${name}`, '--seed', '0', '--json', ...CONFIG]);
    expect(code).toBe(1);
    const { outcome, violations } = JSON.parse(stdout);
    expect(outcome).toBe('fail');
    expect(violations.map((each: { property: string }) => each.property)).toContain(property);
  });

  test('and all that comes with the world has its canary', () => {
    for (const name of WORLD_PROPERTY_NAMES) expect(EVERYWHERE[name]).toBeDefined();
  });
});

describe('a daemon that is not deterministic', () => {
  test('is told at the event that first differs, and not as a failure of the protocol', async () => {
    const { code, stdout } = await slipway(['run', 'canary/remembers', '--seed', '0', '--json', ...CONFIG]);
    expect(code).toBe(1);
    const { violations } = JSON.parse(stdout);
    // Each second run says what is wrong, and that is not told.
    expect(violations).toMatchObject([{ property: NONDETERMINISM, at: 3 }]);
    expect(violations[0].why).toMatch(
      /^event 3 is another when the same run is repeated: "3 .*event=run-0.*", and then "3 .*event=run-1.*"\. A daemon/,
    );
  });

  test('is one failure of a sweep, which nobody makes smaller', async () => {
    const { stdout } = await slipway([
      'sweep',
      'canary/remembers',
      '--seeds',
      '0..9',
      '--jobs',
      '1',
      '--json',
      '--failures',
      join(root, 'none'),
      ...CONFIG,
    ]);
    const { findings, failures } = JSON.parse(stdout).sweeps[0];
    expect(findings.map((each: Finding) => each.kind)).toEqual(['nondeterministic']);
    expect(failures).toMatchObject([{ signature: { property: NONDETERMINISM } }]);
  });
});

/** How canary/replayed is when its trace is replayed, and how the command ends. */
const REPLAYS: Readonly<Record<ReplayVerdict, readonly [how: string, code: number]>> = {
  reproduced: ['as-recorded', 0],
  'reproduced-differently': ['later', 10],
  'not-reproduced': ['mended', 11],
  diverged: ['throws-instead', 12],
  unreplayable: ['of another engine', 13],
};

describe('a replay says', () => {
  const trace = join(root, 'replayed.jsonl');
  test.each(Object.entries(REPLAYS))('%s', async (verdict, [how, expected]) => {
    const { code: recorded } = await slipway(['run', 'canary/replayed', '--seed', '0', '--trace', trace, ...CONFIG]);
    expect(recorded).toBe(1);
    if (verdict === 'unreplayable') writeFileSync(trace, readFileSync(trace, 'utf8').replace(/"engine":\d+/, '"engine":99999'));
    const { code, stdout } = await slipway(['replay', trace, '--json', ...CONFIG], { env: { SLIPWAY_CANARY: how } });
    expect({ code, verdict: stdout.match(/"verdict": ?"([a-z-]+)"/)?.[1] }).toEqual({ code: expected, verdict });
  });
});
