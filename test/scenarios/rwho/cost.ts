/**
 * What a status costs, counted in a world where all know each other and nothing goes wrong: on one network that broadcasts, and
 * where each was told of others. Every host makes one report in an interval, so that what one status costs all is what one host
 * pays for all in an interval. Greetings (R5) are left out: they end with the beginning.
 */
import { layOut } from '../../../scenarios/rwho/parts/graph.ts';
import { addMachine, CASTING, onWideLan, RWHOD } from '../../../scenarios/rwho/parts/network.ts';
import { headOf } from '../../../scenarios/rwho/properties/heads.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

export type Scheme = 'broadcast' | 'told of one' | 'told of two';
export const SCHEMES: readonly Scheme[] = ['broadcast', 'told of one', 'told of two'];

export interface Cost {
  /** Datagrams, of each host and in each interval. */
  readonly sent: number;
  readonly processed: number;
  /** By a machine on the same network that runs no server. */
  readonly bystander: number;
}

/** Told of one: a tree of eight branches at each knot. Of two: also of the host before it. */
const BRANCHES = 8;
/** All have heard all, and greeted. */
const FROM = seconds(200);
const UNTIL = seconds(380);
/** Whatever is underway arrives. */
const END = seconds(385);

export function costOf(scheme: Scheme, hosts: number): Cost {
  const counts = { statuses: new Set<string>(), sent: 0, processed: 0, broadcast: 0 };
  const sink = (event: TraceEvent): void => {
    const { kind, process, bytes, data, time } = event;
    if ((kind !== 'datagram' && kind !== 'receive') || !process.includes(`/${RWHOD}.`)) return;
    const head = headOf(bytes, 'wire');
    if (head === undefined) return;
    const status = `${head.hostName} ${head.sendTime}`;
    if (kind === 'datagram' && time >= FROM && time < UNTIL && process.startsWith(`${head.hostName}/`)) counts.statuses.add(status);
    if (!counts.statuses.has(status)) return;
    if (kind === 'receive') counts.processed += 1;
    else counts.sent += 1;
    if (kind === 'datagram' && String(data?.['to']).startsWith('10.0.255.255:')) counts.broadcast += 1;
  };
  const world = new World({ seed: 'cost', programs: CASTING, sink });
  if (scheme === 'broadcast')
    for (let host = 1; host <= hosts; host++) addMachine(world, { name: `h${host}`, addresses: [onWideLan(host)], rwhod: [] });
  else tell(world, hosts, scheme);
  world.run(instantOf(END));
  const per = (count: number): number => count / counts.statuses.size;
  return { sent: per(counts.sent), processed: per(counts.processed), bystander: per(counts.broadcast) };
}

function tell(world: World, hosts: number, scheme: Scheme): void {
  const others = Array.from({ length: hosts - 1 }, (_, index) => index + 1);
  const above = (one: number): number => Math.floor((one - 1) / BRANCHES);
  const tree = others.map(one => ({ other: above(one), way: 'told' as const }));
  const row = others.filter(one => above(one) !== one - 1).map(one => ({ one, other: one - 1, way: 'told' as const }));
  for (const [index, { addresses, neighbours }] of layOut({ tree, cycles: scheme === 'told of two' ? row : [] }).entries())
    addMachine(world, { name: `h${index + 1}`, addresses, rwhod: ['--forward', ...neighbours.map(address => `--neighbour=${address}`)] });
}

/** A row of the table. */
export const rowOf = (hosts: number, scheme: Scheme, { sent, processed, bystander }: Cost): string =>
  `| ${hosts} | ${scheme} | ${sent} | ${processed} | ${bystander * hosts} |`;
