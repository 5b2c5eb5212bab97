/** What an entry point exports belongs to everybody who imports it: nobody can change it for the others. */
import { describe, expect, it } from 'vitest';
import { ENTRIES } from './entries.ts';

const isTable = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The paths below `value` at which something could be put in, taken away or replaced. Does it, where that is possible. */
function changed(value: object, path: string): readonly string[] {
  const inside = Object.entries(value).flatMap(([key, each]) => (isTable(each) ? changed(each, `${path}.${key}`) : []));
  // A namespace of a module is one that Node itself keeps from being changed; a bundle has getters in its place, and nobody reads what is put in.
  const fields = Object.values(Object.getOwnPropertyDescriptors(value));
  if (fields.length > 0 && fields.every(({ get, set, configurable }) => get !== undefined && set === undefined && configurable !== true))
    return inside;
  // A view of no bytes has nothing to change.
  if (ArrayBuffer.isView(value)) return value.byteLength === 0 ? [] : [path];
  const first = Object.keys(value)[0] ?? 'none';
  const ways = [
    Reflect.set(value, first, 'replaced'),
    Reflect.set(value, 'surplus', 'put in'),
    Reflect.deleteProperty(value, first) && Object.hasOwn(value, first),
  ];
  return ways.includes(true) ? [path, ...inside] : inside;
}

describe.each(ENTRIES)('$name', ({ module }) => {
  it('exports tables and lists that nobody can change', async () => {
    const exported: Readonly<Record<string, unknown>> = await import(module);
    expect(Object.keys(exported).length).toBeGreaterThan(0);
    expect(Object.entries(exported).flatMap(([name, value]) => (isTable(value) ? changed(value, name) : []))).toEqual([]);
  });
});

it('is not blind', () => {
  expect(changed(['a'], 'list')).toEqual(['list']);
  expect(changed(Object.freeze({ deep: { list: [1] } }), 'table')).toEqual(['table.deep', 'table.deep.list']);
  expect(changed(Uint8Array.of(1), 'bytes')).toEqual(['bytes']);
});
