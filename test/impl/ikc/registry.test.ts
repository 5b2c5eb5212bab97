/** Names: whose they are, who gets them next, and what the published responder makes of that. */
import { describe, expect, test } from 'vitest';
import { AS_WRITTEN_RESPONDER } from '../../../src/impl/ikc/as-written-responder.ts';
import { PERMISSIONS_MAX, Permissions } from '../../../src/impl/ikc/permissions.ts';
import { type Change, Registry, type RegistryRules } from '../../../src/impl/ikc/registry.ts';
import { CORRECTED_RESPONDER } from '../../../src/impl/ikc/responder-rules.ts';

interface Peer {
  readonly label: string;
}
const [one, two, three]: readonly [Peer, Peer, Peer] = [{ label: 'one' }, { label: 'two' }, { label: 'three' }];
const registry = (trap?: string): Registry<Peer> =>
  new Registry<Peer>(['own', 'Own'], {
    ...CORRECTED_RESPONDER,
    ...(trap === undefined ? {} : (AS_WRITTEN_RESPONDER[trap] as RegistryRules)),
  });
const told = (changes: readonly Change<Peer>[]): readonly string[] =>
  changes.map(({ change, name, isId, peer }) => `${change === 'registered' ? '+' : '-'}${name}${isId ? '!' : ''} ${peer?.label ?? 'own'}`);

describe('names', () => {
  test('are told of one by one, the id first', () => {
    const names = registry();
    expect(told(names.register(one, { id: 'id1', aliases: ['A', 'B', 'A', 'id1'] }))).toEqual(['+id1! one', '+A one', '+B one']);
    expect(['id1', 'A', 'B', 'C'].map(name => names.find(name)?.label)).toEqual(['one', 'one', 'one', undefined]);
    expect(names.registered).toEqual([one]);
    expect(told(names.unregister(one).changes)).toEqual(['-id1! one', '-A one', '-B one']);
    expect(names.find('A')).toBeUndefined();
    expect(told(names.unregister(one).changes)).toEqual([]);
  });

  test('B-T15: an alias stays with the first who said it, and goes to the next when that one leaves', () => {
    const names = registry();
    names.register(one, { id: 'id1', aliases: ['Same'] });
    expect(told(names.register(two, { id: 'id2', aliases: ['Same', 'Other'] }))).toEqual(['+id2! two', '+Other two']);
    expect(told(names.unregister(two).changes)).toEqual(['-id2! two', '-Other two']);
    expect(names.find('Same')).toBe(one);
    names.register(three, { id: 'id3', aliases: ['Same'] });
    expect(told(names.unregister(one).changes)).toEqual(['-id1! one', '-Same one', '+Same three']);
  });

  test('B-T15 as written: it is deleted with whoever has said it', () => {
    const names = registry('B-T15');
    names.register(one, { id: 'id1', aliases: ['Same'] });
    names.register(two, { id: 'id2', aliases: ['Same'] });
    expect(told(names.unregister(two).changes)).toEqual(['-id2! two', '-Same one']);
    expect(names.find('Same')).toBeUndefined();
    expect(names.find('id1')).toBe(one);
  });

  test('B-T16: an id that somebody has leaves the next one without names, until it is free', () => {
    const names = registry();
    names.register(one, { id: 'id', aliases: ['A'] });
    expect(told(names.register(two, { id: 'id', aliases: ['B'] }))).toEqual([]);
    expect(told(names.register(three, { id: 'id', aliases: ['C'] }))).toEqual([]);
    expect(names.unregister(three)).toEqual({ changes: [], closes: undefined });
    expect(names.find('id')).toBe(one);
    expect(told(names.unregister(one).changes)).toEqual(['-id! one', '-A one', '+id! two', '+B two']);
    expect(names.registered).toEqual([two]);
  });

  test('B-T16 as written: the second takes the first along, and whoever has our id takes us', () => {
    const names = registry('B-T16');
    names.register(one, { id: 'id', aliases: ['A'] });
    names.register(two, { id: 'id', aliases: [] });
    const { changes, closes } = names.unregister(two);
    expect(told(changes)).toEqual(['-id! one', '-A one']);
    expect(closes).toBe(one);
    names.register(three, { id: 'own', aliases: [] });
    expect(told(names.unregister(three).changes)).toEqual(['-own! own']);
    expect(names.isOwn('own')).toBe(false);
  });

  test('our own names are nobody else’s', () => {
    const names = registry();
    expect(told(names.register(one, { id: 'own', aliases: ['A'] }))).toEqual([]);
    expect(told(names.register(two, { id: 'id2', aliases: ['Own', 'B'] }))).toEqual(['+id2! two', '+B two']);
    expect(names.find('Own')).toBeUndefined();
    expect(names.registered).toEqual([two]);
    expect(names.unregister(one)).toEqual({ changes: [], closes: undefined });
    expect(names.isOwn('own')).toBe(true);
  });
});

describe('permissions', () => {
  const place = { session: 'IKC', state: 'response0' };

  test('are of the peer that was asked, and used up', () => {
    const permissions = new Permissions(CORRECTED_RESPONDER);
    expect(permissions.grant(one, place)).toBe(true);
    permissions.grant(one, place);
    expect(permissions.use(two, place)).toBe(false);
    expect(permissions.use(one, { session: 'IK', state: 'Cresponse0' })).toBe(false);
    expect([1, 2, 3].map(() => permissions.use(one, place))).toEqual([true, true, false]);
  });

  test('B-T18 as written: whoever comes first has it', () => {
    const permissions = new Permissions({ ...CORRECTED_RESPONDER, ...AS_WRITTEN_RESPONDER['B-T18'] });
    permissions.grant(one, place);
    expect([permissions.use(two, place), permissions.use(one, place)]).toEqual([true, false]);
  });

  test('as many as the limit, and one more', () => {
    const permissions = new Permissions(CORRECTED_RESPONDER);
    const grants = Array.from({ length: PERMISSIONS_MAX + 1 }, (_, index) => permissions.grant(one, { session: 'IKC', state: `${index}` }));
    expect(grants.indexOf(false)).toBe(PERMISSIONS_MAX);
    expect(permissions.grant(two, place)).toBe(true);
  });
});
