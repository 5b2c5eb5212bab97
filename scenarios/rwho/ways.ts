/**
 * One server that passes on what it hears, on any interfaces, told of anybody and anything: networks of several sizes that broadcast, one
 * that does not, and a link; to use some of them, or some ways only; and hosts on all of them that report, fall silent, and come back.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, evenly, flag, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import type { AddressOptions } from '../../src/sim/machine.ts';
import { FORGER, WAYS } from './daemons/names.ts';
import { forged, say } from './parts/forged.ts';
import { addMachine, CASTING } from './parts/network.ts';
import { learnedMet, relayedMet } from './properties/reports.ts';

interface Place {
  /** Of the server. */
  readonly own: AddressOptions;
  /** Of somebody who reports from there. */
  readonly other: AddressOptions;
}
const lan = (own: string, other: string, netmask: string, broadcasts = true): Place => ({
  own: { address: own, netmask, broadcasts },
  other: { address: other, netmask, broadcasts },
});
const PLACES: readonly Place[] = [
  lan('10.0.0.1', '10.0.0.200', '255.255.255.0'),
  lan('10.1.0.1', '10.1.255.2', '255.255.0.0'),
  lan('10.2.0.1', '10.2.0.2', '255.255.255.252'),
  lan('10.3.0.1', '10.3.0.2', '255.255.255.0', false),
  {
    own: { address: '10.4.0.1', netmask: '255.255.255.255', peer: '10.4.0.2' },
    other: { address: '10.4.0.2', netmask: '255.255.255.255', peer: '10.4.0.1' },
  },
];
/** Where hosts report of which each has to be learned. */
const CROWDED: Place = lan('10.5.0.1', '10.5.0.2', '255.255.0.0', false);
/** As many as are learned, and more. */
const LEARNED_MOST = 256;
const MANY: readonly number[] = [...Array.from({ length: 22 }, () => 0), LEARNED_MOST, LEARNED_MOST + 1];
const addressesOf = (count: number): readonly AddressOptions[] =>
  Array.from({ length: count }, (_, index) => ({ ...CROWDED.other, address: `10.5.${1 + (index >> 7)}.${1 + (index % 128)}` }));
const NEIGHBOURS: readonly string[] = [
  ...['10.3.0.2', '10.3.0.2:513', '10.3.0.2:514', '10.3.0.3', '10.0.0.200', '10.0.0.255', '10.4.0.2', '10.9.9.9', '10.0.0.1', '127.0.0.1'],
];
const NAMES = ['x', 'y', 'z'] as const;
/** Milliseconds: up to the silence after which somebody is forgotten, and beyond. */
const PAUSES: readonly number[] = [10, 100, 1_000, 1_000, 2_000, 2_000, 61_000, 181_000, 600_000, 659_000, 661_000, 850_000];

interface Heard {
  readonly pause: number;
  readonly place: number;
  readonly name: (typeof NAMES)[number];
  readonly port: number;
}
interface Joined {
  /** One bit for each place. */
  readonly places: number;
  readonly broadcasts: boolean;
  readonly links: boolean;
  readonly multicasts: boolean;
  readonly forwards: boolean;
  readonly learns: '' | 'yes' | 'no';
  /** Interfaces that are named; 0 for none. */
  readonly named: number;
  readonly neighbours: readonly number[];
  readonly interval: number;
  readonly heard: readonly Heard[];
  /** Hosts that report once, from addresses of their own, to a server that passes nothing on. */
  readonly many: number;
}
export type WaysPlan = CommonPlan & Joined;

const HEARD = workloads<Heard>({
  pause: choice(...PAUSES),
  place: evenly(0, PLACES.length - 1),
  name: choice(...NAMES, 'x', 'x'),
  port: choice(513, 513, 513, 513, 513, 513, 514),
});
const JOINED = workloads<Joined>({
  places: evenly(1, 2 ** PLACES.length - 1),
  broadcasts: choice(true, true, false),
  links: choice(true, true, false),
  multicasts: choice(false, false, true),
  forwards: flag(),
  learns: choice('', '', 'yes', 'no'),
  named: choice(0, 0, 0, 1, 2, 3, 5),
  neighbours: list(evenly(0, NEIGHBOURS.length - 1), 3),
  interval: choice(180, 60, 660),
  heard: list({ arbitrary: fc.record(HEARD.arbitraries, PLAIN), shape: object(HEARD.shapes) }, 16, 4),
  many: choice(...MANY),
});

export const ways: Scenario<WaysPlan> = defineScenario<WaysPlan>({
  name: 'rwho/ways',
  protocol: 'rwho',
  title: 'Whatever networks a server is on, each report goes by every way that it is to use, once, and by no other.',
  programs: () => CASTING,
  plans: profile => plans<Joined>(profile, {}, JOINED.arbitraries),
  workload: JOINED.shapes,
  build: (world, plan) => {
    const places = PLACES.filter((_, index) => (plan.places >> index) % 2 === 1);
    const isCrowded = plan.many > 0 && !plan.forwards;
    const own = [...places, ...(isCrowded ? [CROWDED] : [])].map(place => place.own);
    addMachine(world, { name: 'a', addresses: own, rwhod: argsOf(plan), after: 1, others: [[WAYS, '--each']] });
    if (isCrowded) {
      const crowd = [FORGER, `--to=${CROWDED.own.address}`, '--many=3000:20'];
      addMachine(world, { name: 'many', addresses: addressesOf(plan.many), others: [crowd] });
    }
    for (const [index, place] of places.entries()) {
      const said = saidFrom(plan, index, places.length);
      addMachine(world, { name: `f${index}`, addresses: [place.other], others: [[FORGER, `--to=${place.own.address}`, ...said]] });
    }
  },
  properties: [learnedMet, relayedMet],
  chaos: seconds(2_400),
  liveness: seconds(10),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});

function argsOf({ broadcasts, links, multicasts, forwards, learns, named, neighbours, interval }: Joined): readonly string[] {
  const when = (is: boolean, option: string): readonly string[] => (is ? [option] : []);
  return [
    ...when(!broadcasts, '--no-broadcast'),
    ...when(!links, '--no-point-to-point'),
    ...when(multicasts, '--multicast'),
    ...when(forwards, '--forward'),
    ...when(learns !== '', `--learn=${learns}`),
    ...[0, 1, 2].filter(each => (named >> each) % 2 === 1).map(each => `--interface=eth${each}`),
    ...neighbours.map(each => `--neighbour=${NEIGHBOURS[each] ?? ''}`),
    `--interval=${interval}`,
  ];
}

/** What somebody at a place has to say: each report was sent later than the one before. */
function saidFrom({ heard }: Joined, place: number, places: number): readonly string[] {
  let at = 3_000;
  return heard.flatMap(each => {
    at += each.pause;
    const sent = Math.floor(at / 1_000);
    return each.place % places === place ? [say(at, forged(each.name, { sent }), each.port)] : [];
  });
}
