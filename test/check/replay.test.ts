import { describe, expect, test } from 'vitest';
import { always } from '../../src/check/property.ts';
import { traceOf } from '../../src/check/record.ts';
import { type ReplayVerdict, replay } from '../../src/check/replay.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { shrinkPlan } from '../../src/check/shrink/shrink.ts';
import { sweep } from '../../src/check/sweep.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import type { TraceHeader } from '../../src/trace/event.ts';
import { type ReadTrace, readTrace } from '../../src/trace/read.ts';
import { type ToyPlan, toy } from './toy.ts';

/** The first seed that fails with several faults, so that there is something to leave out. */
const FAILING_SEED = firstFailure(0);
const plan = planOf(toy, FAILING_SEED, 'as-written');
const failed = runPlan(toy, plan, FAILING_SEED, { keep: true });

function firstFailure(from: number): number {
  for (const result of sweep(toy, { from, to: from + 500, profile: 'as-written' })) {
    const { faults, interval, schedule } = result.plan;
    if (result.outcome === 'fail' && faults.length > 2 && interval > 20 && schedule.strategy === 'random') return result.seed;
  }
  throw new Error('no seed fails');
}

const passed = runPlan(toy, planOf(toy, 2, 'corrected'), 2, { keep: true });

const textOf = (pieces: Iterable<string>): string => [...pieces].join('');
const read = (text: string): ReadTrace => readTrace([utf8(text)]);
const recordedFailure = textOf(traceOf(toy, failed));
const recordedPass = textOf(traceOf(toy, passed));

/** Against this scenario, when the trace names it. */
const against = (scenario: Scenario<ToyPlan>, trace: ReadTrace) => replay(name => (name === scenario.name ? scenario : undefined), trace);
const verdict = (scenario: Scenario<ToyPlan>, text: string): ReplayVerdict => against(scenario, read(text)).verdict;

const cured: Scenario<ToyPlan> = { ...toy, programs: made => toy.programs({ ...made, profile: 'corrected' }) };
/** As toy, but the server says something more. */
const chatty: Scenario<ToyPlan> = {
  ...toy,
  programs: made => {
    const { server, client } = toy.programs(made);
    return {
      ...(client === undefined ? {} : { client }),
      server: host => {
        host.log('info', 'hello');
        server?.(host);
      },
    };
  },
};
const strict = always('strict', 'Nobody listens.', () => ({ see: event => (event.kind === 'listen' ? 'somebody listens' : undefined) }));

describe('a trace', () => {
  test('of a run says what was run and how it ended', () => {
    const trace = read(recordedFailure);
    expect(trace.state).toBe('complete');
    expect(trace.header).toMatchObject({ name: 'toy/ping', kind: 'sim', clock: 'virtual', seed: String(FAILING_SEED), plan });
    expect(trace.footer).toMatchObject({
      outcome: 'fail',
      check: 'pongs-again',
      fingerprint: failed.fingerprint,
      at: failed.violations[0]?.at,
    });
    expect(read(recordedPass).footer).toMatchObject({ outcome: 'pass', check: '', at: -1 });
  });
  test('needs the events', () => {
    expect(() => textOf(traceOf(toy, runPlan(toy, plan, FAILING_SEED)))).toThrow('did not keep its events');
    expect(() => textOf(traceOf(toy, failed, { property: 'no-garble' }))).toThrow('does not violate no-garble');
  });
});

describe('a recorded failure', () => {
  test('is reproduced by the same scenario', () => {
    const result = against(toy, read(recordedFailure));
    expect(result).toMatchObject({ verdict: 'reproduced', property: 'pongs-again', notes: [] });
    expect(result.why).toMatch(/^pongs-again fails again at event \d+, on the same events: /);
    expect(result.difference).toBeUndefined();
  });
  test('is reproduced differently when the same property fails on other events', () => {
    const result = against(chatty, read(recordedFailure));
    expect(result.verdict).toBe('reproduced-differently');
    expect(result.difference?.category).toBe('extra');
  });
  test('is not reproduced when nothing fails', () => {
    const result = against(cured, read(recordedFailure));
    expect(result.verdict).toBe('not-reproduced');
    expect(result.why).toBe('pongs-again had failed and nothing fails now, and the events are others');
    const forgiving: Scenario<ToyPlan> = { ...toy, properties: [] };
    expect(against(forgiving, read(recordedFailure)).why).toBe('pongs-again had failed and nothing fails now, on the same events');
  });
  test('has diverged when another property fails', () => {
    expect(verdict({ ...cured, properties: [...toy.properties, strict] }, recordedFailure)).toBe('diverged');
  });
});

describe('a recorded pass', () => {
  test('is reproduced by the same events', () => {
    expect(against(toy, read(recordedPass))).toMatchObject({ verdict: 'reproduced', property: '' });
  });
  test('has diverged when an event differs, or when something fails', () => {
    const other = against(chatty, read(recordedPass));
    expect(other.verdict).toBe('diverged');
    expect(other.why).toMatch(/^nothing fails, but event \d+ differs$/);
    const now = against({ ...toy, properties: [strict] }, read(recordedPass));
    expect(now.verdict).toBe('diverged');
    expect(now.why).toMatch('the recording passed; now strict fails');
  });
});

describe('a damaged recording', () => {
  const lines = recordedFailure.trimEnd().split('\n');
  test('without its end is compared as a beginning', () => {
    const cut = `${lines.slice(0, lines.length >> 1).join('\n')}\n`;
    const result = against(toy, read(cut));
    expect(result.verdict).toBe('reproduced');
    expect(result.notes[0]).toMatch('the recording has no end');
    expect(verdict(chatty, cut)).toBe('diverged');
  });
  test('that was altered has diverged where it was altered', () => {
    const at = lines.findIndex(line => line.includes('"k":"send"'));
    const altered = lines.map((line, index) => (index === at ? line.replace(/"t":(\d+)/, '"t":1') : line)).join('\n');
    const result = against(toy, read(`${altered}\n`));
    expect(result.verdict).toBe('reproduced-differently');
    expect(result.difference?.index).toBe(at - 1);
    expect(result.notes[0]).toMatch('the file is not as it was written');
  });
});

describe('unreplayable', () => {
  const header = read(recordedPass).header as TraceHeader;
  const why = (change: Partial<TraceHeader>, outcome: 'pass' | 'inconclusive' = 'pass'): string => {
    const ending = { outcome, check: '', at: -1, why: '' };
    const result = against(toy, read(textOf(encodeTrace({ ...header, ...change }, [], ending))));
    expect(result.verdict).toBe('unreplayable');
    expect(result.result).toBeUndefined();
    return result.why;
  };
  test.each<[string, Partial<TraceHeader>]>([
    ['name: there is no scenario other', { name: 'other' }],
    ['engine: recorded by engine 99, this is engine', { engine: 99 }],
    ['kind: a conformance trace is judged again by its case', { kind: 'conformance' }],
    ['clock: only a simulated run repeats, this trace has a monotonic clock', { clock: 'monotonic' }],
    ['seed: must be an integer from 0 to 4294967295, is "01"', { seed: '01' }],
    ['seed: must be an integer from 0 to 4294967295, is "4294967296"', { seed: '4294967296' }],
    ['plan of toy/ping: the value: must be an object, is null', { plan: null }],
    ['plan of toy/ping: interval: must be an integer from 10 to 100, is 5', { plan: { ...(header.plan as object), interval: 5 } }],
  ])('%s', (expected, change) => {
    expect(why(change)).toContain(expected);
  });
  test('another major version, and what is no trace', () => {
    expect(against(toy, read(recordedPass.replace('"v":[1,', '"v":[2,')))).toMatchObject({ verdict: 'unreplayable' });
    expect(against(toy, read('{}\n')).verdict).toBe('unreplayable');
    expect(against(toy, { ...read(recordedPass), header: { ...header, version: [2, 0] } }).why).toBe(
      'version: the trace has major 2, this is 1',
    );
  });
  test('an outcome no simulated run has', () => {
    expect(why({}, 'inconclusive')).toBe('outcome: a simulated run passes or fails, this trace says inconclusive');
  });
});

describe('shrinking', () => {
  test('leaves one fault, that of the silent connection, and its trace is reproduced', () => {
    const seen: number[] = [];
    const shrunk = shrinkPlan(toy, plan, FAILING_SEED, 'pongs-again', { onProgress: each => seen.push(each.runs) });
    expect(plan.faults.length).toBeGreaterThan(1);
    expect(shrunk?.plan.faults).toHaveLength(1);
    expect(['half-open', 'power-cut']).toContain(shrunk?.plan.faults[0]?.kind);
    expect(shrunk?.plan.schedule).toEqual({ strategy: 'fifo' });
    expect(shrunk?.plan.interval).toBeLessThan(plan.interval);
    expect(shrunk?.finished).toBe(true);
    expect(seen).toEqual(Array.from({ length: shrunk?.runs ?? 0 }, (_, index) => index + 1));
    if (shrunk === undefined) return;
    const trace = textOf(traceOf(toy, shrunk.result, { kind: 'shrunk', property: 'pongs-again' }));
    expect(verdict(toy, trace)).toBe('reproduced');
    expect(read(trace).events.at(-1)?.index).toBe(shrunk.violation.at);
    expect(verdict(chatty, trace)).toBe('reproduced-differently');
  });
  test('ends a trace where its property was decided, and a replay compares it that far', () => {
    const scenario: Scenario<ToyPlan> = { ...toy, properties: [strict] };
    const shrunk = shrinkPlan(scenario, plan, FAILING_SEED, 'strict', { maxRuns: 20 });
    const trace = shrunk === undefined ? '' : textOf(traceOf(scenario, shrunk.result, { kind: 'shrunk' }));
    expect(read(trace).events.at(-1)?.kind).toBe('listen');
    expect(shrunk?.result.eventCount).toBeGreaterThan(100);
    expect(against(scenario, read(trace))).toMatchObject({ verdict: 'reproduced', notes: [] });
  });
  test('gives the same plan each time', () => {
    const once = () => shrinkPlan(toy, plan, FAILING_SEED, 'pongs-again', { maxRuns: 60 })?.plan;
    expect(once()).toEqual(once());
  });
  test('works from a plan that was read from a file', () => {
    const fromFile = read(recordedFailure).header?.plan as unknown as ToyPlan;
    expect(shrinkPlan(toy, fromFile, FAILING_SEED, 'pongs-again', { maxRuns: 60 })?.plan.faults).toHaveLength(1);
  });
  test('stops when its runs are used up, with the best so far', () => {
    const shrunk = shrinkPlan(toy, plan, FAILING_SEED, 'pongs-again', { maxRuns: 3 });
    expect(shrunk).toMatchObject({ runs: 3, finished: false });
    expect(shrunk?.violation.property).toBe('pongs-again');
  });
  test('a property that holds leaves nothing to shrink', () => {
    expect(shrinkPlan(toy, plan, FAILING_SEED, 'no-garble')).toBeUndefined();
  });
  test('does not slip to another property', () => {
    // Fails always, and most of all without faults: shrinking pongs-again must not end there.
    const scenario: Scenario<ToyPlan> = { ...toy, properties: [...toy.properties, strict] };
    const shrunk = shrinkPlan(scenario, plan, FAILING_SEED, 'pongs-again', { maxRuns: 100 });
    expect(shrunk?.plan.faults).toHaveLength(1);
    expect(shrinkPlan(scenario, plan, FAILING_SEED, 'strict')?.plan.faults).toEqual([]);
  });
  test('plans that cannot be shrunk without context are drawn again from their seed', () => {
    const opaque: Scenario<ToyPlan> = { ...toy, plans: profile => toy.plans(profile).map(each => ({ ...each })) };
    const shrunk = shrinkPlan(opaque, planOf(opaque, FAILING_SEED, 'as-written'), FAILING_SEED, 'pongs-again');
    expect(shrunk?.plan.faults).toHaveLength(1);
    expect(shrunk?.plan.interval).toBeLessThan(plan.interval);
  });
});
