/**
 * What is written, and by whose word: over the writes of rwhod and what it received.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { nameFault } from '../../../src/impl/rwho/name.ts';
import { PREFIX, SPOOL } from '../../../src/impl/rwho/readers/spool-files.ts';
import { parseRecord } from '../../../src/impl/rwho/record.ts';
import { elapsed } from '../../../src/impl/rwho/time.ts';
import { ENTRY, HEADER, hostNameOf } from '../../../src/impl/rwho/wire.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { type Head, headOf, isSame } from './heads.ts';
import { shortened } from './knowledge.ts';
import { isRwhod, machineOf } from './places.ts';

/** Where it is written: the file of a host, or the new file that will take its place. */
const target = ({ data }: TraceEvent): string => String(data?.['to'] ?? data?.['path']);
const hostOf = (path: string): string | undefined =>
  path.startsWith(`${SPOOL}/${PREFIX}`) ? path.slice(SPOOL.length + 1 + PREFIX.length) : undefined;

export const wholeRecords: AlwaysProperty = always(
  'whole-records',
  'What is written is a header and whole entries.',
  () => ({
    see: event => {
      if (!isRwhod(event)) return undefined;
      const length = event.bytes?.length ?? 0;
      return length >= HEADER && (length - HEADER) % ENTRY === 0 ? undefined : `${length} bytes are written to ${target(event)}`;
    },
  }),
  ['write'],
);

export const insideTheSpool: AlwaysProperty = always(
  'inside-the-spool',
  'No name leads out of the spool.',
  () => ({
    see: event => {
      const path = target(event);
      const inside = path.startsWith(`${SPOOL}/`) && !path.slice(SPOOL.length + 1).includes('/');
      return !isRwhod(event) || inside ? undefined : `${event.kind} of ${path}`;
    },
  }),
  ['write', 'rename', 'unlink'],
);

export const recordsWereReported: AlwaysProperty = always(
  'records-were-reported',
  'A record is of a host that a whole report named, of version 1 and type 1, or of the machine itself.',
  () => {
    const named = new Map<string, Set<string>>();
    const names = (event: TraceEvent): Set<string> => {
      const found = named.get(event.process) ?? new Set();
      named.set(event.process, found);
      return found;
    };
    return {
      see: event => {
        if (!isRwhod(event)) return undefined;
        const { kind, bytes, data } = event;
        if (kind === 'inquire' && data?.['of'] === 'hostname') names(event).add(shortened(String(data['answer'])));
        if (kind === 'receive' && bytes !== undefined) {
          const head = bytes[0] === 1 && bytes[1] === 1 ? headOf(bytes, 'wire') : undefined;
          if (head !== undefined) names(event).add(head.hostName);
        }
        if (kind === 'read' && data?.['error'] === undefined) names(event).add(hostOf(target(event)) ?? '');
        const written = [kind === 'write' && (bytes?.length ?? 0) >= HEADER && bytes !== undefined ? hostNameOf(bytes) : undefined];
        if (kind === 'write' || kind === 'rename') written.push(hostOf(target(event)));
        const odd = written.find(name => name !== undefined && !names(event).has(name));
        return odd === undefined ? undefined : `nobody named '${odd}'`;
      },
    };
  },
  ['inquire', 'receive', 'read', 'write', 'rename'],
);

/**
 * Judges each record against the one before it that stands (R4): of another host, and kept less than 450 seconds ago. A record
 * that is only stamped anew, because a clock was set, is as old as it was.
 */
function against(name: string, text: string, why: (head: Head, before: Head) => string | undefined): AlwaysProperty {
  return always(
    name,
    text,
    () => {
      const last = new Map<string, { readonly head: Head; readonly time: number }>();
      const own = new Map<string, string>();
      const lives = new Map<string, number>();
      const received = new Map<string, Head | undefined>();
      return {
        see: event => {
          const { kind, process, time, data, bytes } = event;
          if (!isRwhod(event)) return undefined;
          const machine = machineOf(event);
          if (kind === 'start') lives.set(machine, (lives.get(machine) ?? 0) + 1);
          if (kind === 'receive') received.set(process, headOf(bytes, 'wire'));
          if (data?.['of'] === 'hostname') own.set(process, shortened(String(data['answer'])));
          const head = kind === 'write' && data?.['error'] === undefined ? headOf(bytes, 'file') : undefined;
          if (head === undefined || own.get(process) === head.hostName) return undefined;
          const key = `${process} ${head.hostName}`;
          const known = last.get(key);
          if (known !== undefined && isSame(known.head, head)) return undefined;
          // What an earlier daemon left may be of any time.
          const heard = received.get(process);
          if (known === undefined && lives.get(machine) !== 1 && (heard === undefined || !isSame(heard, head))) return undefined;
          last.set(key, { head, time });
          return known === undefined || time - known.time >= STANDS ? undefined : why(head, known.head);
        },
      };
    },
    ['start', 'inquire', 'receive', 'write'],
  );
}

/** Less what a clock that drifts is off by then. */
const STANDS = 449_000_000;

export const newestStands: AlwaysProperty = against(
  'newest-stands',
  'What is stored of a host is never older than what was stored in the last 450 seconds.',
  ({ hostName, sendTime }, before) =>
    elapsed(before.sendTime, sendTime) < 0 ? `the report of ${hostName} is older than the one before` : undefined,
);

export const oneTwinStands: AlwaysProperty = against(
  'one-twin-stands',
  'Of two hosts of one name the one started last has the record, until it is silent.',
  ({ hostName, bootTime }, before) =>
    elapsed(before.bootTime, bootTime) < -5 ? `the record of ${hostName} is that of an earlier start` : undefined,
);

export const ownRecordIsOwn: AlwaysProperty = always(
  'own-record-is-own',
  'The record of the machine itself has the load that the machine has told.',
  () => {
    const names = new Map<string, string>();
    const loads = new Map<string, string>();
    return {
      see: event => {
        const { kind, process, data, bytes } = event;
        if (!isRwhod(event)) return undefined;
        if (kind === 'inquire' && data?.['of'] === 'hostname') names.set(process, String(data['answer']));
        if (kind === 'inquire' && data?.['of'] === 'load') loads.set(process, String(data['answer']));
        const mine = kind === 'write' && bytes !== undefined && hostNameOf(bytes) === names.get(process);
        const status = mine ? parseRecord(bytes) : undefined;
        // What was left of an earlier run is not judged, though it may be stamped anew.
        const load = loads.get(process);
        const foreign = status !== undefined && load !== undefined && status.load.join(' ') !== load;
        return foreign ? `somebody else reported for ${status.hostName}` : undefined;
      },
    };
  },
  ['inquire', 'write'],
);

export const spoolBounded: AlwaysProperty = always(
  'spool-bounded',
  'There are never more records than --records allows.',
  () => {
    const files = new Map<string, Set<string>>();
    const limits = new Map<string, number>();
    return {
      see: event => {
        const { kind, data } = event;
        if (!isRwhod(event)) return undefined;
        const machine = machineOf(event);
        if (kind === 'start') limits.set(machine, Number(/--records=(\d+)/.exec(String(data?.['args']))?.[1] ?? 4_096));
        const all = files.get(machine) ?? new Set<string>();
        files.set(machine, all);
        const host = hostOf(target(event));
        if (host === undefined || data?.['error'] !== undefined) return undefined;
        if (kind === 'unlink') all.delete(host);
        else if (kind === 'write' || kind === 'rename') all.add(host);
        const limit = limits.get(machine) ?? 0;
        return all.size > limit ? `${all.size} records, where there is room for ${limit}` : undefined;
      },
    };
  },
  ['start', 'write', 'rename', 'unlink'],
);

export const nameIsOne: AlwaysProperty = always(
  'only-reports-are-passed-on',
  'Nothing is sent whose name no receiver would take.',
  () => ({
    see: event => {
      const fault = isRwhod(event) && event.bytes !== undefined ? nameFault(hostNameOf(event.bytes)) : undefined;
      return fault === undefined ? undefined : `a report is sent whose name is wrong: ${fault}`;
    },
  }),
  ['datagram'],
);
