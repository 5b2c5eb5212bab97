/**
 * Plans of a mesh: how many hosts there are and whom each of them knows, what is asked and what is kept, and the machines that
 * this makes. Hosts stand in a ring, and each knows itself and its neighbours, as many on either side as the plan says.
 * Most plans have two or three hosts, so that a sweep is fast; one in ten has from five to twenty. All shrink towards one.
 */
import fc from 'fast-check';
import { PLAIN, pick } from '../../../src/check/plans.ts';
import type { CommonPlan } from '../../../src/check/scenario.ts';
import { boolean, type Fields, integerFrom, listUpTo, object, oneOf } from '../../../src/check/shape.ts';
import { CLIENT, KEEPER } from '../daemons/names.ts';
import { clearAsk, KEYS, secretAsk } from './asks.ts';
import { LATER } from './link.ts';
import { GATEWAY, HOSTS_MAX, hostIds, LOND, type MachineSpec, quirkArgs } from './network.ts';

/** Two hosts by their numbers, which are taken modulo how many there are: one of all, and one of those it knows. */
interface Between {
  readonly from: number;
  readonly to: number;
  /** When it happens, in seconds. */
  readonly at: number;
}
interface Ask extends Between {
  /** How many requests are sent together. */
  readonly count: number;
  readonly secret: boolean;
  /** Milliseconds after which the client leaves, answered or not; 0: it stays. */
  readonly leaves: number;
}

export interface MeshWorkload {
  readonly hosts: number;
  /** Neighbours on either side that each host knows. */
  readonly reach: number;
  readonly asks: readonly Ask[];
  /** Messages that are kept for later. */
  readonly keeps: readonly Between[];
}
export type MeshPlan = CommonPlan & MeshWorkload;

const ASKS_MAX = 12;
const KEEPS_MAX = 6;
const TOGETHER_MAX = 4;
const LEAVES = [0, 1, 5, 20, 1_000, 60_000];
/** The last key is that of the probes. */
const PROBE = KEYS - 1;
/** Probes begin so many milliseconds after healing. */
const PROBES_AFTER = 100;
const REACH_MAX = HOSTS_MAX / 2;

/** Values with how often each is drawn, the smallest first. */
type Weight = readonly [value: number, weight: number];
const each = (least: number, most: number): readonly Weight[] => Array.from({ length: most - least + 1 }, (_, index) => [least + index, 1]);
const HOSTS: readonly Weight[] = [[1, 8], [2, 84], [3, 48], [4, 12], ...each(5, HOSTS_MAX)];
const REACHES: readonly Weight[] = [[1, 34], [2, 6], ...each(3, REACH_MAX)];

/** `seconds`: how long chaos lasts. */
export function meshWorkload(seconds: number): { [Field in keyof MeshWorkload]: fc.Arbitrary<MeshWorkload[Field]> } {
  const host = fc.integer({ min: 0, max: HOSTS_MAX - 1 });
  const between = { from: host, to: host, at: fc.noBias(fc.integer({ min: 0, max: seconds })) };
  const count = fc.integer({ min: 1, max: TOGETHER_MAX });
  const ask = fc.record({ ...between, count, secret: fc.boolean(), leaves: weighted([[0, 8], ...LEAVES.slice(1).map(one)]) }, PLAIN);
  return {
    hosts: weighted(HOSTS),
    reach: weighted(REACHES),
    asks: fc.array(ask, { maxLength: ASKS_MAX, size: 'max' }),
    keeps: fc.array(fc.record(between, PLAIN), { maxLength: KEEPS_MAX, size: 'max' }),
  };
}

const one = (value: number): Weight => [value, 1];
const weighted = (weights: readonly Weight[]): fc.Arbitrary<number> =>
  fc.noBias(pick(weights.flatMap(([value, weight]) => Array.from({ length: weight }, () => value))));

export function meshShape(seconds: number): Fields {
  const host = integerFrom(0, HOSTS_MAX - 1);
  const between = { from: host, to: host, at: integerFrom(0, seconds) };
  return {
    hosts: integerFrom(1, HOSTS_MAX),
    reach: integerFrom(1, REACH_MAX),
    asks: listUpTo(ASKS_MAX, object({ ...between, count: integerFrom(1, TOGETHER_MAX), secret: boolean, leaves: oneOf(...LEAVES) })),
    keeps: listUpTo(KEEPS_MAX, object(between)),
  };
}

/** Who knows whom: the same in both directions, for a lond lets in only those of its own table. */
export function circles({ hosts, reach }: Pick<MeshPlan, 'hosts' | 'reach'>): readonly (readonly string[])[] {
  const ids = hostIds(hosts);
  const distance = (one: number, other: number): number => Math.min((one - other + hosts) % hosts, (other - one + hosts) % hosts);
  return ids.map((_, own) => ids.filter((_, index) => distance(own, index) <= reach));
}

export const linkCount = (plan: Pick<MeshPlan, 'hosts' | 'reach'>): number => circles(plan).reduce((sum, known) => sum + known.length, 0);

/** Probes begin when chaos ends. */
export function meshMachines(plan: MeshPlan, seconds: number): readonly MachineSpec[] {
  const known = circles(plan);
  return hostIds(plan.hosts).map((id, own) => {
    const knows = known[own] ?? [];
    const mine = ({ from }: Between): boolean => from % plan.hosts === own;
    const asks = plan.asks.map((ask, number) => (mine(ask) ? clientFor(ask, number, knows) : [])).filter(line => line.length > 0);
    const probe = `--probe=${seconds * 1_000 + PROBES_AFTER}:${clearAsk(PROBE)}`;
    return {
      id,
      after: LATER,
      knows,
      daemons: [[LOND], [GATEWAY, ...quirkArgs(plan.profile)]],
      others: [...asks, ...keepersOf(id, plan.keeps.filter(mine), knows), ...knows.map(peer => [CLIENT, `--peer=${peer}`, probe])],
    };
  });
}

function clientFor({ to, at, count, secret, leaves }: Ask, number: number, knows: readonly string[]): readonly string[] {
  const keys = Array.from({ length: count }, (_, index) => number * TOGETHER_MAX + index);
  const lines = keys.map(secret ? secretAsk : clearAsk).join('|');
  const leave = leaves === 0 ? [] : [`--leave=${at * 1_000 + leaves}`];
  return [CLIENT, `--peer=${knows[to % knows.length]}`, `--say=${at * 1_000}:${lines}`, ...leave];
}

/** There is one process for each peer, so that the order of the messages is known. */
function keepersOf(id: string, keeps: readonly Between[], knows: readonly string[]): readonly (readonly string[])[] {
  return knows.flatMap((peer, index) => {
    const times = keeps.filter(({ to }) => to % knows.length === index).map(({ at }) => at * 1_000);
    const texts = times.sort((one, other) => one - other).map(at => `--keep=${at}:put:net:all:env:${id}d#=1`);
    return texts.length === 0 ? [] : [[KEEPER, `--peer=${peer}`, ...texts]];
  });
}
