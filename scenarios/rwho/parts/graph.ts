/**
 * Graphs of networks: every host is joined to one before it, and more joints make cycles, so that each graph is connected. A joint
 * is a network that broadcasts, new or the one that is there; a link between two; or the network that does not broadcast, of which
 * there is one, and on which the one is told of the other.
 */
import fc from 'fast-check';
import { PLAIN, pick } from '../../../src/check/plans.ts';
import { integerFrom, listUpTo, object, oneOf, type Shape } from '../../../src/check/shape.ts';
import type { AddressOptions } from '../../../src/sim/machine.ts';

/** segment: a network of their own. join: the first that broadcasts which `other` is on. */
const WAYS = ['segment', 'join', 'link', 'told'] as const;

type Way = (typeof WAYS)[number];

/** Joins the host that comes next to one before it, whose number is taken modulo how many there are. */
export interface Branch {
  readonly other: number;
  readonly way: Way;
}
/** Joins two that are there. */
export interface Cycle extends Branch {
  readonly one: number;
}

export interface Graph {
  readonly tree: readonly Branch[];
  readonly cycles: readonly Cycle[];
}

export const hostsOf = ({ tree }: Graph): number => tree.length + 1;

export interface Site {
  readonly addresses: readonly AddressOptions[];
  /** Neighbours, as --neighbour has them. */
  readonly neighbours: readonly string[];
}

/** As many as one network has addresses for. */
const HOSTS_MAX = 254;
const CYCLES_MAX = 400;
const CYCLES_DRAWN = 6;
const NUMBER_MAX = 1_000;

/** Most graphs are small, and all shrink to two hosts. */
export function graphs(): fc.Arbitrary<Graph> {
  const host = fc.noBias(fc.integer({ min: 0, max: NUMBER_MAX }));
  const branch = fc.record({ other: host, way: pick(WAYS) }, PLAIN);
  const cycle = fc.record({ one: host, other: host, way: pick(WAYS) }, PLAIN);
  const upTo = (maxLength: number): fc.Arbitrary<Branch[]> => fc.array(branch, { minLength: 1, maxLength, size: 'max' });
  const tree = fc.oneof({ arbitrary: upTo(5), weight: 150 }, { arbitrary: upTo(15), weight: 5 }, { arbitrary: upTo(39), weight: 1 });
  return fc.record({ tree, cycles: fc.array(cycle, { maxLength: CYCLES_DRAWN, size: 'max' }) }, PLAIN);
}

const number = integerFrom(0, NUMBER_MAX);
const way = oneOf(...WAYS);
const branches = listUpTo(HOSTS_MAX - 1, object({ other: number, way }));
export const graphShape: Shape = object({
  tree: (value, path) => branches(value, path) ?? (Array.isArray(value) && value.length === 0 ? `${path}: joins nobody` : undefined),
  cycles: listUpTo(CYCLES_MAX, object({ one: number, other: number, way })),
});

interface Making {
  readonly addresses: AddressOptions[];
  readonly neighbours: string[];
  /** Numbers of networks that broadcast. */
  readonly segments: number[];
}

const TOLD_NETWORK = 0;

/** Network `number` is 10.1.number.0/24, or follows on it. */
const at = (network: number, host: number): string => `10.${1 + (network >> 8)}.${network & 255}.${host + 1}`;

export function layOut(graph: Graph): readonly Site[] {
  const hosts = hostsOf(graph);
  const places = Array.from({ length: hosts }, (): Making => ({ addresses: [], neighbours: [], segments: [] }));
  let networks = TOLD_NETWORK + 1;
  const tie = (one: number, other: number, way: Way): void => {
    const [here, there] = [places[one], places[other]];
    if (here === undefined || there === undefined || one === other) return;
    if (way === 'told') tell(here, one, there, other);
    else if (way === 'link') link(here, one, there, other, networks++);
    else {
      const network = (way === 'join' ? there.segments[0] : undefined) ?? networks++;
      attach(here, one, network);
      attach(there, other, network);
    }
  };
  for (const [index, { other, way }] of graph.tree.entries()) tie(index + 1, other % (index + 1), way);
  for (const { one, other, way } of graph.cycles) tie(one % hosts, other % hosts, way);
  return places;
}

function attach({ addresses, segments }: Making, host: number, network: number): void {
  if (segments.includes(network)) return;
  segments.push(network);
  addresses.push({ address: at(network, host), netmask: '255.255.255.0' });
}

function link(here: Making, one: number, there: Making, other: number, network: number): void {
  const [from, to] = [at(network, one), at(network, other)];
  here.addresses.push({ address: from, netmask: '255.255.255.255', peer: to });
  there.addresses.push({ address: to, netmask: '255.255.255.255', peer: from });
}

/** The network without broadcast comes first: it is by its address there that a machine is known beyond its own networks. */
function tell(here: Making, one: number, there: Making, other: number): void {
  for (const [{ addresses }, host] of [
    [here, one],
    [there, other],
  ] as const) {
    const address = at(TOLD_NETWORK, host);
    if (!addresses.some(each => each.address === address)) addresses.unshift({ address, netmask: '255.255.255.0', broadcasts: false });
  }
  const neighbour = at(TOLD_NETWORK, other);
  if (!here.neighbours.includes(neighbour)) here.neighbours.push(neighbour);
}
