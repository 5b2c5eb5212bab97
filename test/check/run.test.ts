import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareFingerprints, eventsOf, fingerprintLines } from '../../src/check/determinism.ts';
import { judgeTrace } from '../../src/check/judge.ts';
import { always, eventually, sometimes } from '../../src/check/property.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import { type CommonPlan, defineScenario, propertiesOf, type Scenario } from '../../src/check/scenario.ts';
import {
  countRun,
  ENOUGH_RUNS,
  formatFinding,
  judgeSweep,
  mergeCounts,
  noCounts,
  type SweepCounts,
  type SweepRange,
  sweep,
} from '../../src/check/sweep.ts';
import { seconds } from '../../src/host/time.ts';
import { type ToyPlan, toy } from './toy.ts';

function counts<Plan extends CommonPlan>(scenario: Scenario<Plan>, range: SweepRange): SweepCounts {
  let sum = noCounts(scenario, range.profile);
  for (const result of sweep(scenario, range)) sum = countRun(sum, result);
  return sum;
}
const corrected = (from: number, to: number): SweepRange => ({ from, to, profile: 'corrected' });

describe('a run', () => {
  const plan = planOf(toy, 3, 'corrected');
  test('gives the same events each time, and keeps them only when asked', () => {
    const [one, other] = [runPlan(toy, plan, 3), runPlan(toy, plan, 3, { keep: true })];
    expect(one.fingerprint).toBe(other.fingerprint);
    expect(one.eventCount).toBe(other.events?.length);
    expect(one.events).toBeUndefined();
    expect(runPlan(toy, plan, 4).fingerprint).not.toBe(one.fingerprint);
  });
  test('has three phases, and its judgement is a function of its events', () => {
    const seed = [...sweep(toy, { from: 0, to: 39, profile: 'as-written' })].find(each => each.outcome === 'fail')?.seed ?? 0;
    const result = runPlan(toy, planOf(toy, seed, 'as-written'), seed, { keep: true });
    const events = result.events ?? [];
    const phases = events.filter(event => event.kind === 'phase').map(event => `${event.data?.['name']} ${event.time}`);
    expect(phases).toEqual(['chaos 0', 'heal 2000000', 'liveness 2000000']);
    expect(result.outcome).toBe('fail');
    const again = judgeTrace(propertiesOf(toy), events, result.ending);
    expect(again.violations).toEqual(result.violations);
    expect(again.met).toEqual(result.met);
  });
  test('that uses up its events fails for it', () => {
    const result = runPlan({ ...toy, maxEvents: 40 }, plan, 3);
    expect(result.violations.map(each => each.property)).toEqual(['event-limit']);
    expect(result.ending.ended).toBe('event-limit');
  });
  test('with a daemon that throws fails no-bug', () => {
    const broken: Scenario<ToyPlan> = {
      ...toy,
      programs: made => ({
        ...toy.programs(made),
        server: () => {
          throw new TypeError('x is undefined');
        },
      }),
    };
    const result = runPlan(broken, { ...plan, faults: [] }, 3);
    // The trace has the name only: engines word their own errors differently. People get the whole.
    expect(result.violations[0]).toMatchObject({ property: 'no-bug', why: expect.stringMatching(/threw: TypeError$/) });
    expect(result.bugs[0]).toContain('x is undefined');
  });
  test('with a daemon that spins fails no-busy-loop', () => {
    const spin: Scenario<ToyPlan> = {
      ...toy,
      busyLoop: 1000,
      programs: made => ({
        ...toy.programs(made),
        server: host => {
          const again = (): void => void host.clock.setTimer(0 as ReturnType<typeof seconds>, again);
          again();
        },
      }),
    };
    expect(runPlan(spin, { ...plan, faults: [] }, 3, { stopAt: 'no-busy-loop' }).violations[0]?.property).toBe('no-busy-loop');
  });
  test('stops soon after the property it was told, and at no other', () => {
    const early = always('early', 'No event 100.', () => ({ see: event => (event.index === 100 ? 'event 100' : undefined) }));
    const scenario: Scenario<ToyPlan> = { ...toy, properties: [...toy.properties, early] };
    const full = runPlan(scenario, plan, 3);
    expect(full.eventCount).toBeGreaterThan(512);
    expect(runPlan(scenario, plan, 3, { stopAt: 'early' }).eventCount).toBeLessThan(400);
    expect(runPlan(scenario, plan, 3, { stopAt: 'no-bug' }).eventCount).toBe(full.eventCount);
  });
});

describe('a sweep', () => {
  test('of the corrected profile holds, and every fault fires', () => {
    const report = judgeSweep(toy, counts(toy, corrected(0, 39)));
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('holds');
    expect(report.counts.runs).toBe(40);
    for (const count of Object.values(report.counts.faults)) expect(count.fired).toBeGreaterThan(0);
  });
  test('sees the quirk fail, which is as expected', () => {
    const report = judgeSweep(toy, counts(toy, { from: 0, to: 39, profile: 'as-written' }));
    expect(report.verdict).toBe('holds');
    expect(report.expected['pongs-again']?.runs).toBeGreaterThan(3);
    expect(report.expected['pongs-again']?.seeds.length).toBeLessThanOrEqual(10);
  });
  test('the same failure in the corrected profile is not', () => {
    const report = judgeSweep(
      toy,
      counts({ ...toy, programs: made => toy.programs({ ...made, profile: 'as-written' }) }, corrected(0, 19)),
    );
    expect(report.verdict).toBe('fails');
    expect(formatFinding(report.findings[0] as (typeof report.findings)[number], 20)).toMatch(
      /^pongs-again is violated in \d+ of 20 runs; seeds /,
    );
  });
  test('a quirk that is not seen is a finding', () => {
    const cured: Scenario<ToyPlan> = { ...toy, programs: made => toy.programs({ ...made, profile: 'corrected' }) };
    const report = judgeSweep(cured, counts(cured, { from: 0, to: 9, profile: 'as-written' }), 10);
    expect(report.verdict).toBe('vacuous');
    expect(report.findings.map(each => formatFinding(each, 10))).toContain(
      'quirk toy-no-timeout was not seen to violate pongs-again in 10 runs',
    );
  });
  test('a violation the quirk does not explain is a failure', () => {
    const picky: Scenario<ToyPlan> = {
      ...toy,
      properties: [
        ...toy.properties,
        always('quiet', 'Nobody logs.', () => ({ see: event => (event.kind === 'log' ? 'a log' : undefined) })),
      ],
    };
    const range: SweepRange = { from: 0, to: 39, profile: 'as-written' };
    expect(judgeSweep(picky, counts(picky, range)).verdict).toBe('fails');
    const allowed: Scenario<ToyPlan> = {
      ...picky,
      expected: { corrected: 'holds', 'as-written': { fails: ['pongs-again'], mayFail: ['quiet'] } },
    };
    expect(judgeSweep(allowed, counts(allowed, range)).verdict).toBe('holds');
  });
  test('an unmet sometimes is a finding', () => {
    const vain = sometimes('flies', 'It flies.', () => ({ see: event => event.kind === 'mkdir' }));
    const scenario: Scenario<ToyPlan> = { ...toy, properties: [...toy.properties, vain] };
    const counted = counts(scenario, corrected(0, 39));
    const few = judgeSweep(scenario, counted);
    expect(few).toMatchObject({
      verdict: 'holds',
      findings: [],
      notes: [{ kind: 'sometimes-unmet', property: 'flies', needs: ENOUGH_RUNS }],
    });
    // What is rare needs more, however many are enough for the rest.
    const rare = judgeSweep({ ...scenario, rare: { flies: 41 } }, counted, 40);
    expect(rare).toMatchObject({ verdict: 'holds', findings: [], notes: [{ property: 'flies', needs: 41 }] });
    expect(judgeSweep({ ...scenario, rare: { flies: 40 } }, counted, 100).verdict).toBe('vacuous');
    expect(() => defineScenario({ ...scenario, rare: { swims: 200 } })).toThrow('no property and no fault is named swims');
    const report = judgeSweep(scenario, counted, 40);
    expect(report.verdict).toBe('vacuous');
    expect(report.findings).toEqual([{ kind: 'sometimes-unmet', property: 'flies', text: 'It flies.' }]);
    expect(formatFinding({ kind: 'sometimes-unmet', property: 'flies', text: 'It flies.' }, 40)).toBe(
      'flies was not met in 40 runs: It flies.',
    );
  });
  test('a fault that was armed and never fired is a finding', () => {
    const budget = { ...toy.budget, kinds: { 'disk-error': 1 } };
    const disk = { kind: 'disk-error', at: seconds(1), duration: seconds(1), machine: 'a' } as const;
    const scenario: Scenario<ToyPlan> = {
      ...toy,
      budget,
      properties: [],
      plans: profile => toy.plans(profile).map(plan => ({ ...plan, faults: [disk] })),
    };
    const report = judgeSweep(scenario, counts(scenario, corrected(0, 4)), 5);
    expect(report.verdict).toBe('vacuous');
    expect(report.findings).toEqual([{ kind: 'fault-never-fired', fault: 'disk-error', armed: 5 }]);
  });
  test('of nothing has a verdict of its own', () => {
    expect(judgeSweep(toy, counts(toy, corrected(5, 4))).verdict).toBe('nothing-run');
  });
  test('can be divided among workers', () => {
    const asWritten = (from: number, to: number) => counts(toy, { from, to, profile: 'as-written' });
    const [first, second, whole] = [asWritten(0, 19), asWritten(20, 39), asWritten(0, 39)];
    expect(first.failed * second.failed).toBeGreaterThan(0);
    expect(mergeCounts(second, first)).toEqual(whole);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
    expect(() => mergeCounts(first, noCounts(toy, 'corrected'))).toThrow('two different sweeps');
  });
});

describe('determinism', () => {
  test('the same seeds give the same lines', () => {
    const [one, other] = [[...fingerprintLines(toy, corrected(0, 9))], [...fingerprintLines(toy, corrected(0, 9))]];
    expect(one[4]).toMatch(/^toy\/ping corrected 4 [0-9a-f]{16}$/);
    expect(compareFingerprints(one, other)).toEqual({ equal: 10, mismatches: [] });
  });
  test('so they do in another process', () => {
    const script = fileURLToPath(new URL('./fingerprints.ts', import.meta.url));
    const lines = execFileSync(process.execPath, ['--import', 'tsx', script, '0', '19'], { encoding: 'utf8', timeout: 240_000 });
    expect(compareFingerprints(lines.split('\n'), fingerprintLines(toy, corrected(0, 19)))).toEqual({ equal: 20, mismatches: [] });
  });
  test('other lines are told apart, missing ones too', () => {
    const comparison = compareFingerprints(
      ['s corrected 1 aa', 's corrected 2 bb', 's corrected 3 cc'],
      ['s corrected 2 xx', 's corrected 1 aa', ''],
    );
    expect(comparison).toEqual({
      equal: 1,
      mismatches: [
        { run: 's corrected 2', left: 'bb', right: 'xx' },
        { run: 's corrected 3', left: 'cc', right: undefined },
      ],
    });
  });
  test('a scenario with a memory of its own is found out', () => {
    let runs = 0;
    const leaky: Scenario<ToyPlan> = {
      ...toy,
      build: (world, plan) => toy.build(world, { ...plan, interval: plan.interval + (runs++ % 2) }),
    };
    const comparison = compareFingerprints(fingerprintLines(leaky, corrected(0, 0)), fingerprintLines(leaky, corrected(0, 0)));
    expect(comparison.mismatches).toHaveLength(1);
    expect(eventsOf(toy, 1, 'corrected').length).toBeGreaterThan(100);
  });
});

test('an eventually of a quiet world is decided at its end', () => {
  const never = eventually('never', 'It never happens.', { within: seconds(4) }, () => ({ see: () => false }));
  const scenario: Scenario<ToyPlan> = { ...toy, properties: [never], build: world => void world.machine('a') };
  const result = runPlan(scenario, { ...planOf(toy, 1, 'corrected'), faults: [] }, 1);
  expect(result.ending.ended).toBe('quiet');
  expect(result.violations.map(each => each.property)).toEqual(['never']);
});
