/** Graphs are connected, whatever is drawn, and most are small; a large one holds. */
import { expect, test } from 'vitest';
import type { NeighboursPlan } from '../../../scenarios/rwho/neighbours.ts';
import { hostsOf, layOut, type Site } from '../../../scenarios/rwho/parts/graph.ts';
import { checkPlan } from '../../../src/check/plan-shape.ts';
import { planOf, runPlan } from '../../../src/check/run.ts';
import type { Scenario } from '../../../src/check/scenario.ts';
import { broadcastOf } from '../../../src/host/address.ts';
import { scenarioNamed } from '../../support/protocols.ts';

// As it is listed: with what is known of its programs.
const neighbours = scenarioNamed('rwho/neighbours') as Scenario<NeighboursPlan>;
const SEEDS = 1_000;
const drawn: readonly NeighboursPlan[] = Array.from({ length: SEEDS }, (_, seed) => planOf(neighbours, seed, 'corrected'));

/** Whom a host reaches by itself. */
function reached({ addresses, neighbours }: Site, places: readonly Site[]): readonly number[] {
  const segments = addresses.flatMap(({ address, netmask, peer, broadcasts }) =>
    peer === undefined && broadcasts !== false ? [broadcastOf(address, netmask)] : [],
  );
  const others = new Set([...neighbours, ...addresses.flatMap(({ peer }) => (peer === undefined ? [] : [peer]))]);
  return places.flatMap((other, index) => {
    const shares = other.addresses.some(
      each => others.has(each.address) || (each.peer === undefined && segments.includes(broadcastOf(each.address, each.netmask))),
    );
    return shares ? [index] : [];
  });
}

/** Who hears of whom: a told one learns who told it. */
function together(places: readonly Site[]): number {
  const edges = places.map(place => reached(place, places));
  const found = new Set([0]);
  for (const host of found) {
    for (const other of edges[host] ?? []) found.add(other);
    for (const [other, theirs] of edges.entries()) if (theirs.includes(host)) found.add(other);
  }
  return found.size;
}

test('every graph is connected', () => {
  for (const { graph } of drawn) expect(together(layOut(graph))).toBe(hostsOf(graph));
});

test('addresses are of one host each, and every way of joining is drawn', () => {
  for (const { graph } of drawn) {
    const all = layOut(graph).flatMap(({ addresses }) => addresses.map(({ address }) => address));
    expect(new Set(all).size).toBe(all.length);
  }
  expect(new Set(drawn.flatMap(({ graph }) => graph.tree.map(({ way }) => way)))).toEqual(new Set(['segment', 'join', 'link', 'told']));
});

test('most graphs are small, some have dozens of hosts, and all shrink to two', () => {
  const large = drawn.filter(({ graph }) => hostsOf(graph) > 6);
  expect(large.length).toBeGreaterThan(SEEDS * 0.01);
  expect(large.length).toBeLessThan(SEEDS * 0.06);
  const [largest] = [...large].sort((one, other) => hostsOf(other.graph) - hostsOf(one.graph));
  if (largest === undefined) throw new Error('none is large');
  expect(hostsOf(largest.graph)).toBeGreaterThan(20);
  const shrunk = [...neighbours.plans('corrected').shrink(largest, undefined)];
  expect(Math.min(...shrunk.map(({ value }) => hostsOf(value.graph)))).toBe(2);
});

test('nobody is joined to nobody', () => {
  const plan = planOf(neighbours, 0, 'corrected');
  expect(checkPlan(neighbours, { ...plan, graph: { tree: [], cycles: [] } })).toMatchObject({ ok: false });
});

test('fifty hosts, while datagrams are lost', () => {
  const seed = drawn.findIndex(({ faults }) => faults.some(({ kind }) => kind === 'loss'));
  const ways = ['segment', 'join', 'join', 'link', 'told'] as const;
  const tree = Array.from({ length: 49 }, (_, index) => ({ other: index * 7, way: ways[index % ways.length] ?? 'join' }));
  const cycles = Array.from({ length: 12 }, (_, index) => ({
    one: index * 4,
    other: index * 3 + 1,
    way: ways[index % ways.length] ?? 'join',
  }));
  const plan: NeighboursPlan = { ...planOf(neighbours, seed, 'corrected'), graph: { tree, cycles } };
  expect(checkPlan(neighbours, plan)).toMatchObject({ ok: true });
  const { violations, met, firings } = runPlan(neighbours, plan, seed);
  expect(violations).toEqual([]);
  expect(met).toEqual(expect.arrayContaining(['passed-on', 'neighbour-learned', 'seen-up']));
  expect(firings.filter(({ fault }) => fault.kind === 'loss').map(({ fired }) => fired > 0)).toEqual([true]);
});
