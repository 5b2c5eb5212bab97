/**
 * Graphs of networks: every host is joined to one before it, and more joints make cycles, so that each graph is connected. A joint
 * is a network that broadcasts, new or the one that is there; a link between two; or a network that does not broadcast, on which
 * the one is told of the other.
 * May import: check, sim, fast-check.
 */
import fc from 'fast-check';
import { PLAIN, pick } from '../../../src/check/plans.ts';
import { integerFrom, listUpTo, object, oneOf, type Shape } from '../../../src/check/shape.ts';
import type { AddressOptions } from '../../../src/sim/machine.ts';

/** segment: a network of their own. join: the first that broadcasts which `other` is on. */
const WAYS = ['segment', 'join', 'link', 'told'] as const;

export interface Joint {
  /** Numbers of hosts, modulo how many there are. */
  readonly one: number;
  readonly other: number;
  readonly way: (typeof WAYS)[number];
}

export interface Place {
  readonly addresses: readonly AddressOptions[];
  /** Neighbours, as --neighbour has them. */
  readonly told: readonly string[];
}

/** As many as one network has addresses for. */
export const HOSTS_MOST = 254;
const JOINTS_MOST = 400;

export function jointsUpTo(most: number): fc.Arbitrary<readonly Joint[]> {
  const host = fc.noBias(fc.integer({ min: 0, max: most }));
  return fc.array(fc.record({ one: host, other: host, way: pick(WAYS) }, PLAIN), { maxLength: most, size: 'max' });
}

export const jointsShape: Shape = listUpTo(
  JOINTS_MOST,
  object({ one: integerFrom(0, 1_000), other: integerFrom(0, 1_000), way: oneOf(...WAYS) }),
);

/** Network `number` is 10.n.n.0/24. */
export function layOut(hosts: number, joints: readonly Joint[]): readonly Place[] {
  const places = Array.from({ length: hosts }, () => ({ addresses: [] as AddressOptions[], told: [] as string[], joined: [] as number[] }));
  let networks = 0;
  const at = (network: number, host: number): string => `10.${1 + (network >> 8)}.${network & 255}.${host + 1}`;
  const add = (host: number, network: number, more: Partial<AddressOptions>): void =>
    void places[host]?.addresses.push({ address: at(network, host), netmask: '255.255.255.0', ...more });
  const tie = (one: number, other: number, way: Joint['way']): void => {
    if (one === other) return;
    const known = way === 'join' ? places[other]?.joined[0] : undefined;
    const network = known ?? networks++;
    if (way === 'segment' || way === 'join') {
      for (const host of [one, other]) {
        if (places[host]?.joined.includes(network) !== false) continue;
        places[host].joined.push(network);
        add(host, network, {});
      }
    } else if (way === 'link') {
      add(one, network, { netmask: '255.255.255.255', peer: at(network, other) });
      add(other, network, { netmask: '255.255.255.255', peer: at(network, one) });
    } else {
      for (const host of [one, other]) add(host, network, { broadcasts: false });
      places[one]?.told.push(at(network, other));
    }
  };
  for (let host = 1; host < hosts; host++) {
    const { other, way } = joints[host - 1] ?? { other: 0, way: 'join' };
    tie(host, other % host, way);
  }
  for (const { one, other, way } of joints.slice(hosts - 1)) tie(one % hosts, other % hosts, way);
  return places;
}
