/** What a bounded map keeps, and of what it lets go. */
import { expect, test } from 'vitest';
import { Recent } from '../../src/trace/recent.ts';

test('at least half of the limit, the latest, is there, whatever else came', () => {
  const recent = new Recent<number>(8);
  for (let number = 0; number < 100; number++) {
    recent.set(`k${number}`, number);
    for (let back = 0; back < 4 && back <= number; back++) expect(recent.get(`k${number - back}`)).toBe(number - back);
    expect(recent.size).toBeLessThanOrEqual(8);
  }
  expect(recent.get('k0')).toBeUndefined();
});

test('what was deleted is not there, however long it was', () => {
  const recent = new Recent<number>(4);
  for (const key of ['a', 'b', 'c']) recent.set(key, 1);
  for (const key of ['a', 'c']) recent.delete(key);
  expect([recent.get('a'), recent.get('b'), recent.get('c'), recent.size]).toEqual([undefined, 1, undefined, 1]);
});

test('what is asked for stays, what goes is told once, and what was deleted is not', () => {
  const gone: string[] = [];
  const recent = new Recent<number>(4, key => gone.push(key));
  recent.set('kept', 1);
  recent.set('deleted', 2);
  recent.delete('deleted');
  for (let number = 0; number < 8; number++) {
    recent.set(`k${number}`, number);
    expect(recent.get('kept')).toBe(1);
  }
  expect(gone).not.toContain('kept');
  expect(gone).not.toContain('deleted');
  expect(gone.length).toBeGreaterThan(3);
  expect(new Set(gone).size).toBe(gone.length);
});
