/**
 * What is written, and by whose word: over the writes of rwhod and what it received.
 * May import: host, impl, check, trace, the folder above.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { nameFault } from '../../../src/impl/rwho/name.ts';
import { PREFIX, SPOOL } from '../../../src/impl/rwho/readers/spool-files.ts';
import { parseRecord } from '../../../src/impl/rwho/record.ts';
import { elapsed } from '../../../src/impl/rwho/time.ts';
import type { Status } from '../../../src/impl/rwho/wire.ts';
import { decode, ENTRY, HEADER, hostNameOf } from '../../../src/impl/rwho/wire.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { isRwhod, machineOf } from './places.ts';

/** Where it is written: the file of a host, or the new file that will take its place. */
const target = ({ data }: TraceEvent): string => String(data?.['to'] ?? data?.['path']);
const hostOf = (path: string): string | undefined =>
  path.startsWith(`${SPOOL}/${PREFIX}`) ? path.slice(SPOOL.length + 1 + PREFIX.length) : undefined;

/** A monitor of records as they are written, with their machine. */
const onRecords = (see: (status: Status, event: TraceEvent) => string | undefined) => ({
  see: (event: TraceEvent): string | undefined => {
    if (!isRwhod(event) || event.bytes === undefined) return undefined;
    const status = parseRecord(event.bytes);
    return status === undefined ? undefined : see(status, event);
  },
});

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
        if (kind === 'inquire' && data?.['of'] === 'hostname')
          names(event).add(String(data['answer']).split('.', 1)[0]?.slice(0, 31) ?? '');
        if (kind === 'receive' && bytes !== undefined) {
          const report = decode(bytes);
          if (report?.version === 1 && report.type === 1) names(event).add(report.status.hostName);
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

export const newestStands: AlwaysProperty = always(
  'newest-stands',
  'What is stored of a host is never older than what was stored in the last 450 seconds.',
  () => {
    const last = new Map<string, { readonly sent: number; readonly time: number }>();
    return onRecords(({ hostName, sendTime }, { process, time }) => {
      const key = `${process} ${hostName}`;
      const known = last.get(key);
      last.set(key, { sent: sendTime, time });
      const older = known !== undefined && elapsed(known.sent, sendTime) < 0 && time - known.time < STANDS;
      return older ? `the report of ${hostName} is older than the one before` : undefined;
    });
  },
  ['write'],
);

export const oneTwinStands: AlwaysProperty = always(
  'one-twin-stands',
  'Of two hosts of one name the one started last has the record, until it is silent.',
  () => {
    const last = new Map<string, { readonly booted: number; readonly time: number }>();
    return onRecords(({ hostName, bootTime }, { process, time }) => {
      const key = `${process} ${hostName}`;
      const known = last.get(key);
      last.set(key, { booted: bootTime, time });
      const back = known !== undefined && elapsed(known.booted, bootTime) < -5 && time - known.time < STANDS;
      return back ? `the record of ${hostName} is that of an earlier start` : undefined;
    });
  },
  ['write'],
);
const STANDS = 450_000_000;

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
        const status = kind === 'write' && bytes !== undefined ? parseRecord(bytes) : undefined;
        const foreign = status !== undefined && status.hostName === names.get(process) && status.load.join(' ') !== loads.get(process);
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
