import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditScenario } from '../../src/check/audit.ts';
import { type FaultBudget, SPARES_MAX, withinBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { checkPlan } from '../../src/check/plan-shape.ts';
import { around, links, locals, pick, plans, schedules } from '../../src/check/plans.ts';
import { planOf, runPlan, SEED_LIMIT } from '../../src/check/run.ts';
import { defineScenario, type Profile, type Scenario } from '../../src/check/scenario.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { LOCAL_DEFAULTS } from '../../src/sim/core/options.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from '../../src/sim/fault.ts';
import { TOY_BUDGET, type ToyPlan, toy } from './toy.ts';

// FAULT_KINDS is Record<FaultKind, …>, so its keys are exactly the kinds. A strike is not drawn.
const ALL_KINDS = (Object.keys(FAULT_KINDS) as FaultKind[]).filter(kind => kind !== 'strike');
const WIDE: FaultBudget = {
  kinds: Object.fromEntries(ALL_KINDS.map(kind => [kind, 2])),
  total: 6,
  longest: seconds(5),
  programs: ['p', 'q'],
  machines: ['a', 'b', 'c'],
};
const AIM = { until: seconds(10), timeouts: [seconds(1)], moments: [seconds(4)] };
const overFile = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const kill = (at: number): Fault => ({ kind: 'kill', at: millis(at), program: 'p' });

describe('a fault budget', () => {
  const faultsOf = (...list: unknown[]) => withinBudget(list as Fault[], WIDE);
  test.each([
    [[kill(1), kill(2), kill(3)], 'faults: 3 of kind kill, the budget allows 2'],
    [Array(7).fill(kill(1)), 'faults: must have at most 6 items, has 7'],
    [[{ ...kill(1), program: 'init' }], 'faults[0].program: must be one of "p", "q", is "init"'],
    [[kill(1), { ...kill(1), at: 0.5 }], 'faults[1].at: must be an integer from 0 to 9007199254740991, is 0.5'],
    [[{ kind: 'pause', at: 0, duration: 5_000_001, program: 'p' }], 'faults[0].duration: must be an integer from 0 to 5000000, is 5000001'],
    [[{ kind: 'loss', at: 0, duration: 1, chance: 501 }], 'faults[0].chance: must be an integer from 0 to 500, is 501'],
    [[{ kind: 'loss', at: 0, duration: 1, chance: 5, odds: 1 }], 'faults[0].odds: no such field'],
    [[{ kind: 'loss', at: 0, duration: 1 }], 'faults[0].chance: is missing'],
    [
      [{ kind: 'partition', at: 0, duration: 1, shape: 'isolate', machines: ['z'] }],
      'faults[0].machines[0]: must be one of "a", "b", "c", is "z"',
    ],
    [[{ kind: 'partition', at: 0, duration: 1, shape: 'isolate', machines: [] }], 'faults[0].machines: names no machine'],
    [[{ kind: 'partition', at: 0, duration: 1, shape: 'symmetric', machines: ['a', 'a'] }], 'faults[0].machines: names a machine twice'],
    [[null], 'faults[0]: must be an object, is null'],
  ])('%j is refused', (list, why) => {
    expect(faultsOf(...list)).toBe(why);
  });
  test('what keeps to it passes', () => {
    expect(faultsOf(kill(1), { ...kill(2), call: 7 })).toBeUndefined();
  });
  test('single calls are refused where the budget says how many', () => {
    const full = (calls: number): Fault => ({ kind: 'disk-full', at: millis(0), duration: millis(1), machine: 'a', calls });
    const budget = { kinds: { 'disk-full': 1 }, total: 1, longest: seconds(1), machines: ['a'] } as const;
    expect(withinBudget([full(1)], budget)).toBe('faults[0].calls: no such field');
    const counted = { ...budget, severity: { refusals: 2 } };
    expect(withinBudget([full(2)], counted)).toBeUndefined();
    expect(withinBudget([full(3)], counted)).toBe('faults[0].calls: must be an integer from 1 to 2, is 3');
    const drawn = fc.sample(faults(counted, { until: seconds(1), timeouts: [seconds(1)] }), { seed: 1, numRuns: 200 }).flat();
    expect(new Set(drawn.map(fault => ('calls' in fault ? fault.calls : 0)))).toEqual(new Set([0, 1, 2]));
    expect(new Set(drawn.map(fault => ('spares' in fault ? fault.spares : 0))).size).toBeGreaterThan(SPARES_MAX / 2);
    for (const each of drawn) expect(withinBudget([each], counted)).toBeUndefined();
  });
  test('a kind left out may not happen', () => {
    expect(withinBudget([kill(1)], { ...WIDE, kinds: { pause: 1 } })).toBe('faults[0].kind: must be one of "pause", "strike", is "kill"');
  });
  test('a moment of what it allows may strike, of whom it may hit', () => {
    const strike = (what: string, program: string, machine: string) => ({
      kind: 'strike',
      at: 0,
      duration: 0,
      call: 7,
      program,
      machine,
      what,
    });
    const narrow = { ...WIDE, kinds: { kill: 1, 'disk-full': 1 } };
    const whys = [
      strike('kill', 'p', 'z'),
      strike('ENOSPC', 'z', 'a'),
      strike('kill', 'z', 'a'),
      strike('ENOSPC', 'p', 'z'),
      strike('EIO', 'p', 'a'),
    ].map(each => withinBudget([each as Fault], narrow));
    expect(whys.slice(0, 2)).toEqual([undefined, undefined]);
    expect(whys.slice(2, 4)).toEqual(['faults[0]: hits whom the budget spares', 'faults[0]: hits whom the budget spares']);
    expect(whys[4]).toMatch(/^faults\[0\].what: must be one of "kill", "ENOSPC"/);
  });
  test('a plan beyond it is our own mistake, and throws', () => {
    const plan = { ...planOf(toy, 1, 'corrected'), faults: [{ kind: 'kill', at: millis(1), program: 'server' } as const] };
    expect(() => runPlan(toy, plan, 1)).toThrow('scenario toy/ping: the plan is outside the fault budget: faults[0].kind');
  });
});

describe('the plan of a seed', () => {
  test('is drawn from what is built once for each profile, and does not depend on what was drawn before', () => {
    const built: string[] = [];
    const plans = (profile: Profile) => {
      built.push(profile);
      return toy.plans(profile);
    };
    const counted = { ...toy, plans };
    for (const seed of [5, 0, 5, 1])
      for (const profile of ['corrected', 'as-written'] as const)
        expect(planOf(counted, seed, profile)).toEqual(fc.sample(toy.plans(profile), { seed, numRuns: 1 })[0]);
    expect(built).toEqual(['corrected', 'as-written']);
  });
});

describe('drawn faults', () => {
  const drawn = fc.sample(faults(WIDE, AIM), { seed: 7, numRuns: 500 });
  test('keep to the budget, in the order of their starts', () => {
    for (const list of drawn) {
      expect(withinBudget(list, WIDE)).toBeUndefined();
      expect(list.map(fault => fault.at)).toEqual(list.map(fault => fault.at).toSorted((one, other) => one - other));
    }
  });
  test('have every kind, and no fault at all, among them', () => {
    expect(new Set(drawn.flat().map(fault => fault.kind))).toEqual(new Set(ALL_KINDS));
    const few = fc.sample(faults({ ...WIDE, kinds: { kill: 2, pause: 1 } }, AIM), { seed: 1, numRuns: 50 });
    expect(few.some(list => list.length === 0)).toBe(true);
    expect(drawn.some(list => list.length === WIDE.total)).toBe(true);
  });
  test('last from half to twice a timeout', () => {
    const lengths = drawn.flat().flatMap(fault => ('duration' in fault ? [fault.duration] : []));
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(seconds(0.5));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(seconds(2));
    expect(lengths.some(length => length > seconds(1.5))).toBe(true);
    expect(lengths.some(length => length < seconds(0.75))).toBe(true);
  });
  test('a clock jumps by half to twice of what a protocol sees, either way', () => {
    const steps = [seconds(2), seconds(600)];
    const some = fc.sample(faults(WIDE, { ...AIM, steps }), { seed: 7, numRuns: 500 }).flat();
    const sizes = some.flatMap(fault => (fault.kind === 'clock-step' ? [fault.by] : []));
    const near = (step: number, sign: number): boolean => sizes.some(by => by * sign >= step / 2 && by * sign <= step * 2);
    for (const step of steps) expect([near(step, 1), near(step, -1)]).toEqual([true, true]);
    const fits = (by: number): boolean => steps.some(step => Math.abs(by) >= step / 2 && Math.abs(by) <= step * 2);
    expect(sizes.filter(by => !fits(by))).toEqual([]);
  });
  test('start near a dangerous moment half of the time', () => {
    const near = drawn.flat().filter(fault => Math.abs(fault.at - seconds(4)) <= millis(50)).length;
    expect(near / drawn.flat().length).toBeGreaterThan(0.4);
    expect(near / drawn.flat().length).toBeLessThan(0.6);
  });
  test('can be shrunk once they were written to a file and read', () => {
    for (const list of drawn) expect(faults(WIDE, AIM).canShrinkWithoutContext(overFile(list))).toBe(true);
    expect(faults(WIDE, AIM).canShrinkWithoutContext([{ ...kill(1), at: -1 }])).toBe(false);
  });
  test('need somebody to hit', () => {
    expect(() => faults({ kinds: { kill: 1 }, total: 1, longest: seconds(1) }, AIM)).toThrow('allows kill but names no program');
  });
});

describe('drawn parameters', () => {
  const everything = [
    links({ latency: millis(50), loss: 10 }),
    locals(),
    schedules(),
    around([seconds(1)], seconds(9)),
    pick([{ x: 1 }, { x: 2 }]),
  ];
  test.each(everything.map((arbitrary, index) => [index, arbitrary as fc.Arbitrary<unknown>] as const))(
    'number %i can be shrunk from a file',
    (_, arbitrary) => {
      for (const value of fc.sample(arbitrary, { seed: 3, numRuns: 100 }))
        expect(arbitrary.canShrinkWithoutContext(overFile(value))).toBe(true);
    },
  );
  test('delays are in order', () => {
    for (const link of fc.sample(links(), { seed: 3, numRuns: 200 })) expect(link.latencyMin).toBeLessThanOrEqual(link.latencyMax);
    for (const local of fc.sample(locals(), { seed: 3, numRuns: 200 })) {
      expect(local.latencyMin).toBeLessThanOrEqual(local.latencyMax);
      expect(local.startMin).toBeLessThanOrEqual(local.startMax);
    }
  });
});

describe('a plan', () => {
  test('is a function of scenario, seed and profile', () => {
    expect(planOf(toy, 5, 'corrected')).toEqual(planOf(toy, 5, 'corrected'));
    expect(planOf(toy, 5, 'corrected')).not.toEqual(planOf(toy, 6, 'corrected'));
    expect(planOf(toy, 0x8000_0005, 'corrected')).not.toEqual(planOf(toy, 5, 'corrected'));
  });
  test.each([-1, 1.5, SEED_LIMIT + 1, Number.NaN])('%d is no seed', seed => {
    expect(() => planOf(toy, seed, 'corrected')).toThrow('a seed is an integer');
  });
  test('keeps what src/check relies on', () => {
    expect(auditScenario(toy, 100)).toEqual([]);
  });
  test('the audit finds plans that do not', () => {
    const shapeless: Scenario<ToyPlan> = { ...toy, workload: {} };
    expect(auditScenario(shapeless, 1)[0]).toBe('toy/ping, corrected, seed 0: interval: no such field');
    const stuck: Scenario<ToyPlan> = {
      ...toy,
      plans: profile => plans<{ interval: number }>(profile, {}, { interval: fc.gen().map(() => 10) }),
    };
    expect(auditScenario(stuck, 1)[0]).toMatch('cannot be shrunk');
  });
});

describe('a plan from a file', () => {
  const good = planOf(toy, 1, 'corrected');
  const why = (change: Record<string, unknown>): string => {
    const checked = checkPlan(toy, overFile({ ...good, ...change }));
    return checked.ok ? '' : checked.why;
  };
  test('is taken when it fits', () => {
    expect(why({})).toBe('');
  });
  test.each([
    [{ profile: 'perfect' }, 'profile: must be one of "corrected", "as-written", is "perfect"'],
    [{ interval: 9 }, 'interval: must be an integer from 10 to 100, is 9'],
    [{ interval: '10' }, 'interval: must be an integer from 10 to 100, is "10"'],
    [{ faults: {} }, 'faults: must be a list, is an object'],
    [{ link: { ...good.link, loss: 1001 } }, 'link.loss: must be an integer from 0 to 1000, is 1001'],
    [{ link: { ...good.link, latencyMin: 9, latencyMax: 8 } }, 'link.latencyMin: must not be above latencyMax, is 9 and 8'],
    [{ local: { ...good.local, startMin: 9, startMax: 8 } }, 'local.startMin: must not be above startMax, is 9 and 8'],
    [{ local: { latencyMin: 0, latencyMax: 1, readMax: 1, startMin: 1 } }, 'local: startMin and startMax belong together'],
    [{ local: { ...good.local, readMax: 0 } }, 'local.readMax: must be an integer from 1 to 65536, is 0'],
    [{ schedule: { strategy: 'pct' } }, 'schedule.depth: is missing'],
    [
      { schedule: { strategy: '\u001b[31m' } },
      'schedule.strategy: must be one of "fifo", "random", "pct", "walk", "priorities", "delays", "races", is "\\u{1b}[31m"',
    ],
    [{ faults: [{ kind: 'reset', at: 2_000_001, program: 'server' }] }, 'faults[0].at: must be an integer from 0 to 2000000, is 2000001'],
    [{ faults: Array(2).fill({ kind: 'latency', at: 1, duration: 1, extra: 1 }) }, 'faults: 2 of kind latency, the budget allows 1'],
  ])('%j is refused, by its field', (change, expected) => {
    expect(why(change)).toBe(expected);
  });
  test('that says nothing of the time to start, as older ones, gets the default', () => {
    const { startMin: _least, startMax: _most, ...older } = good.local;
    const checked = checkPlan(toy, overFile({ ...good, local: older }));
    const { startMin, startMax } = LOCAL_DEFAULTS;
    expect(checked).toEqual({ ok: true, plan: { ...good, local: { ...good.local, startMin, startMax } } });
  });
  test.each([null, [], 'x', 7, { __proto__: null }])('%j is refused', value => {
    expect(checkPlan(toy, value).ok).toBe(false);
  });
  test('a hostile key is no field', () => {
    const checked = checkPlan(toy, JSON.parse('{"__proto__":{"profile":"corrected"}}'));
    expect(checked).toEqual({ ok: false, why: '__proto__: no such field' });
    expect(why({ schedule: { strategy: 'constructor' } })).toBe(
      'schedule.strategy: must be one of "fifo", "random", "pct", "walk", "priorities", "delays", "races", is "constructor"',
    );
  });
  test('needs a profile the scenario has', () => {
    const checked = checkPlan({ ...toy, expected: { corrected: 'holds' } }, overFile({ ...good, profile: 'as-written' }));
    expect(checked).toEqual({ ok: false, why: 'profile: toy/ping has no plans that are as-written' });
  });
});

describe('a scenario is refused', () => {
  test.each<[string, Partial<Scenario<ToyPlan>>]>([
    ['the name is not a slug', { name: 'Toy' }],
    ['two properties are named no-garble', { properties: [...toy.properties, ...toy.properties] }],
    ['two properties are named no-bug', { properties: [{ ...toy.properties[0], name: 'no-bug' } as (typeof toy.properties)[number]] }],
    ['pongs-again has a bound longer than the liveness phase', { liveness: seconds(2) }],
    ['no property is named typo', { expected: { corrected: 'holds', 'as-written': { fails: ['typo'] } } }],
    ['the workload redefines faults', { workload: { ...toy.workload, faults: () => undefined } }],
  ])('when %s', (why, change) => {
    expect(() => defineScenario({ ...toy, ...change })).toThrow(why);
  });
  test('not when all is well', () => {
    expect(defineScenario({ ...toy, budget: TOY_BUDGET })).toBeDefined();
  });
});
