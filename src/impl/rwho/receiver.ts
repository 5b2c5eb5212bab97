/**
 * What becomes of a datagram: the checks in their order (A5), the record, and whom it is passed on to. The rule against loops:
 * a report that is not newer than what is known of its host is neither stored nor passed on (N5 of the README). So every
 * server passes a report on at most once, however networks are joined.
 */
import type { DatagramAddress, Host, LogFields } from '../../host/host.ts';
import type { Complaint, Complaints } from './complaints.ts';
import { nameFault, reportedName } from './name.ts';
import type { Neighbours } from './neighbours.ts';
import type { RwhodOptions } from './options.ts';
import { recordOf } from './record.ts';
import type { Spool } from './spool.ts';
import { secondsOf, stampOf } from './time.ts';
import { type Decoded, decode, HEADER, type Status, WHODTYPE_STATUS, WHODVERSION } from './wire.ts';

/** Decides for each report whether it is passed on in this interval. */
export interface Passing {
  passes(hostName: string): boolean;
  /** An interval is over. */
  renew(): void;
}

export interface ReceiverRules {
  /** Makes what a datagram is read into: everything from its first byte on that can be read. */
  readonly memory: () => (datagram: Uint8Array) => Uint8Array;
  /** What becomes of less than a header. */
  readonly short: (receiver: Receiver, datagram: Uint8Array, from: DatagramAddress, memory: Uint8Array) => undefined;
  readonly understands: (report: Decoded) => boolean;
  /** The status under the name that it is kept by. */
  readonly named: (status: Status, receiver: Receiver, memory: Uint8Array) => Status;
  /** What is wrong with a name, or `undefined`. */
  readonly nameFault: (hostName: string) => string | undefined;
  /** Who makes the record of this machine: itself, or whoever reports under its name. */
  readonly ownRecord: 'by itself' | 'by anybody';
  /** What is stored of a host that is there: what is newer than its record, or all. */
  readonly stores: 'newer' | 'all';
  readonly record: (report: Uint8Array, status: Status, stamp: number, rules: ReceiverRules) => Uint8Array;
  /** What a stamp changes beside its four bytes. */
  readonly stamped: (record: Uint8Array) => void;
  /** What is passed on: what is newer than what is known, or all. */
  readonly relays: 'newer' | 'all';
  /** What becomes of a report with a bad name. */
  readonly badName: 'stays' | 'is passed on';
  readonly passing: (spool: Spool, host: Host) => Passing;
}

export const CORRECTED_RECEIVER: ReceiverRules = {
  memory: () => datagram => datagram, // RW-03: every report stands alone
  // RW-02, RW-04: what is short is no news of anybody; of nothing at all not even a line
  short: (receiver, { length }, from) => (length === 0 ? undefined : receiver.refuse('short', { from: from.address, length })),
  understands: ({ version, type }) => version === WHODVERSION && type === WHODTYPE_STATUS, // RW-06: there is one version, and one type
  named: status => status, // RW-07: a name ends with its field
  nameFault, // RW-08: a name is one component of a path
  ownRecord: 'by itself', // RW-42: nobody can report for this machine
  stores: 'newer', // RW-54: the newest stays
  record: (_report, status, stamp) => recordOf(status, stamp), // RW-31: only whole entries are kept
  stamped: () => {}, // RW-16: a stamp has 32 bits
  relays: 'newer', // RW-48: a report is passed on once
  badName: 'stays', // RW-47: what is refused is not passed on
  passing: spool => spool, // RW-49: so many of each host in an interval
};

export class Receiver {
  readonly host: Host;
  readonly options: RwhodOptions<ReceiverRules>;
  readonly spool: Spool;
  readonly #neighbours: Neighbours;
  readonly #complaints: Complaints;
  readonly #send: (report: Uint8Array, to: DatagramAddress) => void;
  readonly #rules: ReceiverRules;
  readonly #memory: (datagram: Uint8Array) => Uint8Array;
  readonly #passing: Passing;
  readonly #port: number;
  readonly #forwards: boolean;
  #ownName: string;

  /** `send` passes a report on. */
  constructor(
    host: Host,
    options: RwhodOptions<ReceiverRules>,
    neighbours: Neighbours,
    spool: Spool,
    complaints: Complaints,
    send: (report: Uint8Array, to: DatagramAddress) => void,
  ) {
    this.host = host;
    this.options = options;
    this.spool = spool;
    this.#neighbours = neighbours;
    this.#complaints = complaints;
    this.#send = send;
    this.#rules = options.rules;
    this.#memory = options.rules.memory();
    this.#passing = options.rules.passing(spool, host);
    this.#port = options.port;
    this.#forwards = options.forwards;
    this.#ownName = reportedName(host);
  }

  /** An interval is over. */
  renew(): void {
    this.#ownName = reportedName(this.host);
    this.#passing.renew();
  }

  /** The own record is written when the report is made: nobody else has a say in it, and no network is needed (R3). */
  keepOwn(report: Uint8Array): void {
    const decoded = decode(report);
    if (decoded !== undefined && this.#rules.ownRecord === 'by itself') this.#store(report, decoded.status);
  }

  /** newcomer: its host was not there before. */
  take(datagram: Uint8Array, from: DatagramAddress): 'newcomer' | undefined {
    if (from.port !== this.#port) return this.refuse('bad-port', { from: from.address, port: from.port });
    const memory = this.#memory(datagram);
    if (datagram.length < HEADER) return this.#rules.short(this, datagram, from, memory);
    const status = this.checked(datagram, from, memory);
    return status === undefined ? undefined : this.#known(datagram, status, from);
  }

  /** What a datagram says, read as `report`, unless it is refused. */
  checked(datagram: Uint8Array, from: DatagramAddress, memory: Uint8Array, report: Uint8Array = datagram): Status | undefined {
    const rules = this.#rules;
    const decoded = decode(report);
    if (decoded === undefined) return undefined;
    if (!rules.understands(decoded))
      return this.refuse('bad-version', { from: from.address, version: decoded.version, type: decoded.type });
    const status = rules.named(decoded.status, this, memory);
    const why = rules.nameFault(status.hostName);
    if (why === undefined) return status;
    this.refuse('bad-name', { from: from.address, why });
    if (rules.badName === 'is passed on') this.#passOn(datagram, status, from);
    return undefined;
  }

  #known(datagram: Uint8Array, status: Status, from: DatagramAddress): 'newcomer' | undefined {
    const rules = this.#rules;
    const { hostName } = status;
    const standing = this.spool.standing(status);
    const own = hostName === this.#ownName;
    if (own && rules.ownRecord === 'by itself') {
      // What we said ourselves comes back by broadcast, and by those who pass it on.
      const echo = standing === 'again' || standing === 'late';
      return echo ? undefined : this.refuse('own-name', { from: from.address });
    }
    if (!own) this.#neighbours.heard(from);
    if (standing === 'full') return this.refuse('spool-full', { host: hostName });
    if (standing === 'twin') return this.refuse('name-clash', { host: hostName, from: from.address });
    const newer = standing === 'new' || standing === 'newer';
    if (newer || rules.stores === 'all') this.#store(datagram, status);
    if (!own && (newer || rules.relays === 'all')) this.#passOn(datagram, status, from);
    return standing === 'new' && !own ? 'newcomer' : undefined;
  }

  #store(report: Uint8Array, status: Status): void {
    const record = this.#rules.record(report, status, this.stamp(), this.#rules);
    this.#rules.stamped(record);
    const stored = this.spool.store(status, record);
    if (!stored.ok) this.refuse('not-written', { host: status.hostName, error: stored.error.code });
  }

  #passOn(report: Uint8Array, { hostName }: Status, from: DatagramAddress): void {
    if (!this.#forwards || this.#neighbours.isOwn(from.address) || !this.#passing.passes(hostName)) return;
    for (const to of this.#neighbours.onwards(from)) this.#send(report, to);
  }

  /** The time, as a record has it. */
  stamp(): number {
    return stampOf(secondsOf(this.host.clock.wall()));
  }

  refuse(kind: Complaint, fields: LogFields): undefined {
    this.#complaints.say(kind, fields);
    return undefined;
  }
}
