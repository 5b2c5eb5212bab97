/** Every moment of a run is tried: what only one moment shows is found, what needs two by pairs, and nothing is found where nothing is wrong. */
import { describe, expect, test } from 'vitest';
import { scenario } from '../../src/check/define.ts';
import { healthyPlan, momentsOf, pairsOf, struckPlan, tryPoints } from '../../src/check/exhaust.ts';
import { checkPlan } from '../../src/check/plan-shape.ts';
import { always, type Property } from '../../src/check/property.ts';
import { runPlan } from '../../src/check/run.ts';
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { Daemon } from '../../src/host/host.ts';
import { millis } from '../../src/host/time.ts';

/** Counts upwards in a file, and says each number when it is kept. `careful`: it syncs the name as well. */
const counter =
  (careful: boolean): Daemon =>
  ({ storage, clock, log }) => {
    const found = storage.read('/d/count');
    let count = found.ok ? Number(textOf(found.value)) : 0;
    log('info', 'begins', { count });
    const next = (): void => {
      storage.write('/d/count.new', utf8(String(count + 1)));
      storage.sync('/d/count.new');
      storage.rename('/d/count.new', '/d/count');
      if (careful) storage.sync('/d');
      count += 1;
      log('info', 'kept', { count });
      if (count < 5) clock.setTimer(millis(100), next);
    };
    if (count < 5) next();
  };

const neverBack: Property = always(
  'never-back',
  'What was said to be kept is there after a restart.',
  () => {
    let kept = 0;
    return {
      see: ({ data }) => {
        const count = Number(data?.['count'] ?? 0);
        if (data?.['event'] === 'kept') kept = Math.max(kept, count);
        return data?.['event'] === 'begins' && count < kept ? `${kept} was kept, and it begins with ${count}` : undefined;
      },
    };
  },
  ['log'],
);

const counting = (careful: boolean, budget: 'power' | 'kill' = 'power') =>
  scenario({
    name: `toy/counting-${careful ? 'carefully' : 'carelessly'}`,
    title: 'A counter in a file.',
    programs: { counter: counter(careful) },
    build: world => void world.machine('a', { directories: ['/d'] }).start('counter'),
    properties: [neverBack],
    faults:
      budget === 'power'
        ? { kinds: { 'power-cut': 1, 'disk-error': 1 }, machines: ['a'] }
        : { kinds: { kill: 1, reset: 1 }, programs: ['counter'] },
  });

function failing(careful: boolean): readonly string[] {
  const toy = counting(careful);
  const plan = healthyPlan(toy, 0, 'corrected');
  const { points } = momentsOf(toy, 0, plan);
  return points.filter(point => tryPoints(toy, 0, plan, [point]).result.violations.length > 0).map(({ what }) => what);
}

describe('every moment', () => {
  test('of a run is one for each call and fault, and those that nobody can tell apart are one', () => {
    const toy = counting(true);
    const { calls, points, same } = momentsOf(toy, 0, healthyPlan(toy, 0, 'corrected'));
    // Five rounds of write, sync, rename, sync, log and a timer, but for the last; a read and a log before.
    expect(calls).toBe(2 + 5 * 6 - 1);
    expect(points.filter(({ what }) => what === 'power-lost')).toHaveLength(calls + 1);
    expect(points.filter(({ what }) => what === 'power-torn')).toHaveLength(3 * calls + 1);
    expect(points.filter(({ what }) => what === 'EIO').map(({ name }) => name)).toEqual([
      'read',
      ...Array(5).fill(['write', 'sync', 'rename', 'sync']).flat(),
    ]);
    expect(points.some(({ what }) => what === 'kill')).toBe(false);
    expect(same).toBe(0);
  });

  test('finds the one at which a name was not synced, and nothing where it was', () => {
    expect(new Set(failing(false))).toEqual(new Set(['power-lost', 'power-torn']));
    // An error of the disk is not looked at by this daemon: it says that it has kept what it has not.
    expect(new Set(failing(true))).toEqual(new Set());
  });

  test('only what is asked for, and what strikes is in the plan, which a trace may hold', () => {
    const toy = counting(true);
    const plan = healthyPlan(toy, 0, 'corrected');
    const { points } = momentsOf(toy, 0, plan, ['EIO']);
    expect(new Set(points.map(({ what }) => what))).toEqual(new Set(['EIO']));
    const [first] = points;
    if (first === undefined) throw new Error('there is one');
    const struck = struckPlan(toy, plan, [first]);
    expect(checkPlan(toy, JSON.parse(JSON.stringify(struck)))).toMatchObject({ ok: true });
    const { events = [], firings } = runPlan(toy, struck, 0, { keep: true });
    expect(firings.map(({ fired }) => fired)).toEqual([1]);
    expect(events.find(({ kind }) => kind === 'read')?.data).toEqual({ path: '/d/count', error: 'EIO' });
  });

  test('before it strikes, the run is the one before', () => {
    const toy = counting(true);
    const plan = healthyPlan(toy, 0, 'corrected');
    const healthy = runPlan(toy, plan, 0, { keep: true }).events ?? [];
    const { points } = momentsOf(toy, 0, plan, ['power-kept']);
    expect(points.filter(({ after }) => after !== undefined)).toHaveLength(1);
    for (const point of points) {
      const { events = [] } = runPlan(toy, struckPlan(toy, plan, [point]), 0, { keep: true });
      const at = events.findIndex(({ kind }) => kind === 'fault');
      expect(at).toBeGreaterThan(0);
      expect(events.slice(0, at)).toEqual(healthy.slice(0, at));
    }
  });

  test('pairs are as many as are wanted, each of two moments in order, and all different', () => {
    const toy = counting(true);
    const { points } = momentsOf(toy, 0, healthyPlan(toy, 0, 'corrected'));
    const pairs = pairsOf(points, 50);
    expect(pairs.length).toBeGreaterThan(30);
    expect(pairs.length).toBeLessThanOrEqual(50);
    expect(pairs.every(([one, other]) => one.call < other.call)).toBe(true);
    expect(new Set(pairs.map(pair => JSON.stringify(pair))).size).toBe(pairs.length);
    expect(pairsOf(points, 0)).toEqual([]);
  });

  test('of a process that the budget names, and while faults may begin', () => {
    const toy = counting(true, 'kill');
    const plan = healthyPlan(toy, 0, 'corrected');
    const whats = new Set(momentsOf(toy, 0, plan).points.map(({ what }) => what));
    expect(whats).toEqual(new Set(['kill', 'reset']));
    const later = { ...toy, budget: { ...toy.budget, from: millis(150) } };
    expect(momentsOf(later, 0, plan).points.length).toBeLessThan(momentsOf(toy, 0, plan).points.length / 1.2);
  });
});
