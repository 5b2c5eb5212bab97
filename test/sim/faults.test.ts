/**
 * Every kind of fault: a scenario in which it fires, once in the trace, and does what it says; and one in which it is armed
 * and cannot. The scenarios are two machines: `a` listens or writes files, `b` calls it.
 */
import { describe, expect, it } from 'vitest';
import type { Programs } from '../../src/host/host.ts';
import { millis, seconds, ZERO } from '../../src/host/time.ts';
import type { WorldOptions } from '../../src/sim/core/options.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from '../../src/sim/fault.ts';
import { burst, chatter, during, hearing, idle, longest, opening, receivedIn, shouting, sink, ticking, writing } from './fault-daemons.ts';
import { AT_ONCE, echo, Stage } from './kit.ts';

interface Scenario {
  readonly fault: Fault;
  readonly programs: Programs;
  /** What it does, seen after `until` seconds. */
  readonly does: (stage: Stage) => void;
  readonly until?: number;
  readonly options?: Partial<WorldOptions>;
  /** The same fault where there is nothing for it to do. */
  readonly idle: Programs;
}

const SCENARIOS: Readonly<Record<FaultKind, Scenario>> = {
  latency: {
    fault: { kind: 'latency', ...during, extra: millis(500) },
    programs: { a: echo, b: chatter },
    does: stage => {
      expect(longest(stage)).toBeGreaterThan(100_000);
      expect(longest(stage)).toBeLessThan(520_000);
    },
    idle: { a: ticking, b: ticking },
  },
  segmentation: {
    fault: { kind: 'segmentation', ...during, most: 7 },
    programs: { a: sink, b: burst },
    does: stage => {
      const sizes = stage.of('recv', 'a').map(event => event.bytes?.length ?? 0);
      expect(Math.max(...sizes)).toBe(7);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000);
    },
    idle: { a: echo, b: chatter },
  },
  loss: {
    fault: { kind: 'loss', ...during, chance: 1_000 },
    programs: { a: hearing, b: shouting },
    does: stage => {
      expect(receivedIn(stage, 2.001, 12)).toBe(0);
      expect(receivedIn(stage, 12, 30)).toBe(8 * 5);
    },
    idle: { a: ticking, b: ticking },
  },
  duplicate: {
    fault: { kind: 'duplicate', ...during, chance: 1_000 },
    programs: { a: hearing, b: shouting },
    does: stage => expect(receivedIn(stage, 0, 30)).toBe(19 * 5 + 10 * 5),
    idle: { a: echo, b: chatter },
  },
  reorder: {
    fault: { kind: 'reorder', ...during, chance: 500 },
    programs: { a: hearing, b: shouting },
    options: { link: { latencyMin: millis(1), latencyMax: millis(1) } },
    does: stage => {
      const order = stage.of('receive').map(event => event.message);
      expect(order).toHaveLength(19 * 5);
      expect(order).not.toEqual([...order].sort((left, right) => left - right));
    },
    idle: { a: echo, b: chatter },
  },
  reset: {
    fault: { kind: 'reset', at: seconds(3), program: 'b' },
    programs: { a: sink, b: chatter },
    does: stage => {
      expect(stage.logs('a').at(-1)).toBe('close-ECONNRESET');
      expect(stage.logs('b').at(-1)).toBe('close-ECONNRESET');
      expect(Math.max(...stage.of('close').map(event => event.time))).toBeLessThan(3_100_000);
    },
    idle: { a: ticking, b: ticking },
  },
  'half-open': {
    fault: { kind: 'half-open', at: seconds(3), program: 'b' },
    programs: { a: sink, b: chatter },
    until: 2_000,
    does: stage => {
      // The reader is told nothing, ever; the writer gives up 924 s after the first byte that was not acknowledged.
      expect(stage.logs('a').filter(event => event !== 'data')).toEqual([]);
      expect(stage.logs('b')).toEqual(['close-ETIMEDOUT']);
      const silent = stage.of('send', 'b').find(event => event.time > 3_000_000)?.time ?? 0;
      const waited = (stage.of('close', 'b')[0]?.time ?? 0) - silent;
      expect(Math.floor(waited / 1_000_000)).toBe(924);
    },
    idle: { a: ticking, b: ticking },
  },
  partition: {
    fault: { kind: 'partition', ...during, shape: 'symmetric', machines: ['a', 'b'] },
    programs: { a: echo, b: chatter },
    does: stage => {
      const received = stage.of('recv', 'a').map(event => event.time);
      expect(received.filter(time => time > 2_100_000 && time < 12_000_000)).toEqual([]);
      // Nothing is lost, it only comes later.
      expect(stage.of('recv', 'a').reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0)).toBe(20);
    },
    idle: { a: ticking, b: ticking },
  },
  kill: {
    fault: { kind: 'kill', at: seconds(3), program: 'b' },
    programs: { a: sink, b: chatter },
    does: stage => {
      expect(stage.of('exit', 'b').map(event => [event.time, event.data?.['signal']])).toEqual([[3_000_000, 'SIGKILL']]);
      expect(stage.logs('a').at(-1)).toBe('end');
    },
    idle: { a: sink, c: idle },
  },
  pause: {
    fault: { kind: 'pause', ...during, program: 'b' },
    programs: { a: echo, b: ticking },
    does: stage => {
      const seconds = stage.of('log', 'b').map(event => Math.floor(event.time / 1_000_000));
      expect(seconds).toEqual([1, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19].slice(0, 19));
      const due = stage.of('fire', 'b').map(event => event.data?.['id']);
      expect(due).toEqual([...due].sort((left, right) => Number(left) - Number(right)));
    },
    idle: { a: sink, c: idle },
  },
  'power-cut': {
    fault: { kind: 'power-cut', ...during, machine: 'a', unsynced: 'lost' },
    programs: { a: sink, b: chatter },
    does: stage => {
      expect(stage.of('power').map(event => [event.time, event.data?.['state']])).toEqual([
        [2_000_000, 'off'],
        [12_000_000, 'on'],
      ]);
      expect(stage.of('start', 'a')).toHaveLength(2);
      // The new kernel knows nothing of the old connection and answers what is retransmitted with RST.
      expect(stage.logs('b')).toEqual(['close-ECONNRESET']);
      expect(stage.of('close', 'b')[0]?.time).toBeGreaterThan(12_000_000);
    },
    idle: { c: idle, d: idle },
  },
  'disk-full': {
    fault: { kind: 'disk-full', ...during, machine: 'a' },
    programs: { a: writing },
    does: stage => expect(stage.logs()).toEqual(['ok', ...new Array(10).fill('ENOSPC'), ...new Array(8).fill('ok')]),
    idle: { a: ticking },
  },
  'disk-error': {
    fault: { kind: 'disk-error', ...during, machine: 'a' },
    programs: { a: writing },
    does: stage => expect(stage.logs()).toEqual(['ok', ...new Array(10).fill('EIO'), ...new Array(8).fill('ok')]),
    idle: { a: ticking },
  },
  'slow-sync': {
    fault: { kind: 'slow-sync', at: seconds(2), duration: seconds(1), machine: 'a', extra: seconds(4) },
    programs: { a: writing },
    does: stage =>
      expect(
        stage
          .of('sync')
          .slice(0, 5)
          .map(event => Math.floor(event.time / 1_000_000)),
      ).toEqual([1, 2, 6, 6, 6]),
    idle: { a: ticking },
  },
  'clock-step': {
    fault: { kind: 'clock-step', at: millis(2_500), machine: 'a', by: seconds(-3_600) },
    programs: { a: ticking },
    does: stage => {
      const wall = stage.data('log', 'wall').map(Number);
      expect(Math.round(((wall[2] ?? 0) - (wall[1] ?? 0)) / 1_000_000)).toBe(1 - 3_600);
      const at = stage.data('log', 'at').map(Number);
      expect(Math.round(((at[2] ?? 0) - (at[1] ?? 0)) / 1_000_000)).toBe(1);
    },
    idle: { c: ticking },
  },
  'clock-drift': {
    fault: { kind: 'clock-drift', ...during, machine: 'a', partsPerMillion: 250_000 },
    programs: { a: ticking },
    options: { local: AT_ONCE },
    does: stage => {
      // From 2 s to 12 s of true time the machine counts 12.5 of its seconds.
      const times = stage.of('log').map(event => event.time / 1_000_000);
      expect(times[2]).toBeCloseTo(2.8, 2);
      expect(times[13]).toBeCloseTo(11.6, 2);
      expect(times[18]).toBeCloseTo(16.5, 2);
      const at = stage.data('log', 'at').map(Number);
      expect(at.map(each => Math.round(each / 1_000_000))).toEqual(Array.from({ length: 19 }, (_, index) => index + 1));
    },
    idle: { c: ticking },
  },
  'no-descriptors': {
    fault: { kind: 'no-descriptors', ...during, program: 'b' },
    programs: { a: idle, b: opening, c: idle },
    does: stage => expect(opened(stage, 'connect')).toEqual(refusedInBetween('EMFILE', 'ECONNREFUSED')),
    idle: { a: opening, c: idle },
  },
  'no-processes': {
    fault: { kind: 'no-processes', ...during, program: 'b' },
    programs: { a: idle, b: opening, c: idle },
    does: stage => {
      expect(opened(stage, 'spawn')).toEqual(refusedInBetween('EAGAIN', 'ok'));
      expect(new Set(opened(stage, 'pipe'))).toEqual(new Set(['ok']));
    },
    idle: { a: opening, c: idle },
  },
  'no-memory': {
    fault: { kind: 'no-memory', ...during, program: 'b' },
    programs: { a: idle, b: opening, c: idle },
    does: stage => {
      for (const what of ['spawn', 'pipe']) expect(opened(stage, what)).toEqual(refusedInBetween('ENOMEM', 'ok'));
    },
    idle: { a: opening, c: idle },
  },
  strike: {
    fault: { kind: 'strike', at: ZERO, duration: seconds(1), call: 40, program: 'b', machine: 'b', what: 'kill' },
    programs: { a: sink, b: chatter },
    does: stage => {
      expect(stage.of('exit', 'b').map(event => event.data?.['signal'])).toEqual(['SIGKILL']);
      expect(stage.of('start', 'b')).toHaveLength(1);
    },
    idle: { a: sink, c: ticking },
  },
};

/** What became of what was opened each second; the fault holds from the second to the twelfth. */
const opened = (stage: Stage, what: string): readonly string[] =>
  stage
    .logs('b')
    .map(String)
    .filter(each => each.startsWith(`${what}-`))
    .map(each => each.slice(what.length + 1));
const refusedInBetween = (code: string, otherwise: string): readonly string[] => [
  otherwise,
  ...new Array<string>(10).fill(code),
  ...new Array<string>(8).fill(otherwise),
];

/** FAULT_KINDS has each kind once, and SCENARIOS one for each: the compiler says so. */
const KINDS = Object.keys(FAULT_KINDS) as FaultKind[];

describe.each(KINDS)('%s', kind => {
  const scenario = SCENARIOS[kind];

  it('fires, is in the trace, and does what it says', () => {
    const stage = Stage.of(scenario.programs, scenario.options, ['/d']);
    stage.inject(scenario.fault).run(scenario.until ?? 60);
    expect(stage.fired()[0]).toBeGreaterThan(0);
    const steps = stage.steps(kind);
    expect(steps.filter(step => step === 'begin')).toHaveLength(1);
    expect(steps.filter(step => step === 'fire')).toHaveLength(1);
    expect(steps.filter(step => step === 'end')).toHaveLength(1);
    expect(stage.of('bug')).toEqual([]);
    scenario.does(stage);
  });

  it('is armed and does not fire where it cannot', () => {
    const stage = Stage.of(scenario.idle, { link: { latencyMin: millis(1), latencyMax: millis(1) } }, ['/d']);
    stage.inject(scenario.fault).run(60);
    expect(stage.fired()).toEqual([0]);
    // A strike waits for its call, which another program makes here.
    expect(stage.steps(kind)).toEqual(kind === 'strike' ? [] : ['begin', 'end']);
  });

  it('does not begin after healing, and is over with it', () => {
    const late = Stage.of(scenario.programs, scenario.options, ['/d']);
    late.world.heal();
    late.inject(scenario.fault).run(scenario.until ?? 60);
    expect(late.fired()).toEqual([0]);
    expect(late.of('fault')).toEqual([]);
  });
});
