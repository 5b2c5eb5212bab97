/**
 * How far a status gets, and what it costs: over the datagrams of servers that forward (N4 to N6).
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { type Duration, formatTime, type Instant, seconds } from '../../../src/host/time.ts';
import { elapsed } from '../../../src/impl/rwho/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { type Head, headOf } from './heads.ts';
import { shortened } from './knowledge.ts';
import { isRwhod, machineOf } from './places.ts';

/** Who runs a rwhod, and what it calls its host. */
class Servers {
  readonly names: Map<string, string> = new Map();

  see(event: TraceEvent): void {
    const { kind, data } = event;
    if (kind === 'power') this.names.delete(String(data?.['machine']));
    if (!isRwhod(event)) return;
    if (kind === 'exit') this.names.delete(machineOf(event));
    if (data?.['of'] === 'hostname') this.names.set(machineOf(event), shortened(String(data['answer'])));
  }
}

interface Underway {
  readonly head: Head;
  readonly due: Instant;
  /** Machines that it has not come to. */
  readonly missing: Set<string>;
}

/** Who was told of another and forgot it, or was forgotten, has talked to it again by then (N3). */
const TOGETHER = seconds(200);

/**
 * Counted from the healing on, for before it whatever is lost is lost. A status that a newer one overtakes need not arrive: it is
 * not newer than what is known there (R4).
 */
export const reachesEverybody = (within: Duration): AlwaysProperty =>
  always(
    'reaches-everybody',
    `Each status, or a newer one, comes to every server of a connected graph, ${formatTime(within)} after it was sent.`,
    () => {
      const servers = new Servers();
      const underway = new Map<string, Underway>();
      /** From here on statuses are judged. */
      let from = Number.POSITIVE_INFINITY;
      const late = (now: number): string | undefined => {
        for (const [key, { head, due, missing }] of underway) {
          if (due > now) return undefined;
          underway.delete(key);
          const [machine] = [...missing].filter(each => servers.names.has(each));
          if (machine !== undefined) return `the status of ${head.hostName} has not come to ${machine}`;
        }
        return undefined;
      };
      const sent = ({ process, time, bytes }: TraceEvent): void => {
        const head = headOf(bytes, 'wire');
        const key = `${process} ${head?.sendTime}`;
        if (
          time < from ||
          head === undefined ||
          underway.has(key) ||
          servers.names.get(process.slice(0, process.indexOf('/'))) !== head.hostName
        )
          return;
        const missing = new Set([...servers.names].filter(([, name]) => name !== head.hostName).map(([machine]) => machine));
        underway.set(key, { head, due: (time + within) as Instant, missing });
      };
      return {
        see: event => {
          servers.see(event);
          if (event.data?.['name'] === 'liveness') from = event.time + TOGETHER;
          const why = late(event.time);
          if (isRwhod(event) && event.kind === 'datagram') sent(event);
          const head = isRwhod(event) && event.kind === 'receive' ? headOf(event.bytes, 'wire') : undefined;
          if (head === undefined) return why;
          for (const each of underway.values())
            if (each.head.hostName === head.hostName && elapsed(each.head.sendTime, head.sendTime) >= 0)
              each.missing.delete(machineOf(event));
          return why;
        },
      };
    },
    ['phase', 'power', 'start', 'exit', 'inquire', 'datagram', 'receive'],
  );

const keyOf = (head: Head): string => `${head.hostName} ${head.sendTime} ${head.bootTime}`;

/** What a machine has is said by daemons/ways.ts, of whom it was told by its arguments, and whom it learned by its log. */
export const packetsBounded: AlwaysProperty = always(
  'packets-per-status-bounded',
  'A status costs at most one datagram for each way of each server.',
  () => {
    const counts = new Map<string, number>();
    /** `machine what` -> how many; `machine address`: one, that was learned. */
    const found = new Map<string, number>();
    /** Machines that have not said yet what networks they are on: until they have, counts are only kept. */
    const unsaid = new Set<string>();
    let ways = 0;
    const has = (event: TraceEvent, what: string, count: number): void => {
      const key = `${machineOf(event)} ${what}`;
      ways += count - (found.get(key) ?? 0);
      found.set(key, count);
    };
    return {
      see: event => {
        const { kind, data, bytes } = event;
        if (kind === 'log' && data?.['event'] === 'ways') {
          has(event, 'interfaces', Number(data['broadcasts']) + Number(data['links']));
          unsaid.delete(machineOf(event));
        }
        if (!isRwhod(event)) return undefined;
        if (kind === 'start' && !found.has(`${machineOf(event)} interfaces`)) unsaid.add(machineOf(event));
        if (kind === 'start') has(event, 'told', [...String(data?.['args']).matchAll(/--neighbour=/g)].length);
        if (kind === 'log' && data?.['event'] === 'neighbour-learned') has(event, String(data['address']), 1);
        const head = kind === 'datagram' ? headOf(bytes, 'wire') : undefined;
        if (head === undefined) return undefined;
        const count = (counts.get(keyOf(head)) ?? 0) + 1;
        counts.set(keyOf(head), count);
        return unsaid.size === 0 && count > ways
          ? `a status of ${head.hostName} costs ${count} datagrams, and all servers have ${ways} ways`
          : undefined;
      },
    };
  },
  ['start', 'log', 'datagram'],
);

/** An interval of a server is as long as one of a host, and begins at another time: twice what N6 has. */
const PASSED_MOST = 8;
const WINDOW = seconds(170);

export const passedOnSeldom: AlwaysProperty = always(
  'passed-on-seldom',
  `Of one host a server passes on at most ${PASSED_MOST} statuses in an interval.`,
  () => {
    const passed = new Map<string, { readonly status: string; readonly time: number }[]>();
    const own = new Map<string, string>();
    return {
      see: event => {
        const { data, bytes, process, time } = event;
        if (!isRwhod(event)) return undefined;
        if (data?.['of'] === 'hostname') own.set(process, shortened(String(data['answer'])));
        const head = event.kind === 'datagram' ? headOf(bytes, 'wire') : undefined;
        if (head === undefined || head.hostName === own.get(process)) return undefined;
        const key = `${process} ${head.hostName}`;
        const status = keyOf(head);
        const before = (passed.get(key) ?? []).filter(each => time - each.time < WINDOW);
        passed.set(key, before);
        if (before.at(-1)?.status === status) return undefined;
        before.push({ status, time });
        return before.length > PASSED_MOST ? `${machineOf(event)} passes on ${before.length} statuses of ${head.hostName}` : undefined;
      },
    };
  },
  ['inquire', 'datagram'],
);
