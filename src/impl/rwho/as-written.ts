/**
 * What the published sources decide instead, by trap (quirks.ts): the members of the rules that each replaces, and the code of
 * their mistakes. Of traps that replace the same member the last stands: so of RW-20, RW-22 and RW-23 one is played at a time.
 */
import { EMPTY } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { DONE, type Result } from '../../host/result.ts';
import { micros } from '../../host/time.ts';
import { rulesOf as applied } from '../command-line/traps.ts';
import { nameFault, shortName } from './name.ts';
import { type Quirks, TRAPS } from './quirks.ts';
import { PREFIX } from './readers/spool-files.ts';
import type { Passing, Receiver, ReceiverRules } from './receiver.ts';
import { startSender } from './sender.ts';
import { CORRECTED, type Rules, type Server } from './server.ts';
import type { Spool } from './spool.ts';
import { ENTRIES_MAX, ENTRY, encode, HEADER, HOSTNAME_MAX, OFFSET, REPORT_MAX, type Status, textAt } from './wire.ts';

/** gethostname fails for Debian's sender from this length on (RW-24). */
const LONG_NAME = 63;
/** Bytes of a path in the published sources (A8). */
const PATH_BUFFER = 64;
/** Reports that Debian passes on in an interval (A11). */
const BREAKER = 181;
/** Between emptying a file and writing it (RW-09). */
const WINDOW = micros(50);
/** What a shell gives for SIGSEGV, which a Host does not have. */
const SEGMENTATION_FAULT = 139;
const LAST_OF_NAME = OFFSET.hostName + HOSTNAME_MAX;

export const AS_WRITTEN: Readonly<Record<string, Partial<Rules>>> = {
  'RW-02': { short: short(keepShort) },
  'RW-03': { memory: oneBuffer },
  'RW-04': { short: short((receiver, { hostName }) => die(receiver, hostName)) },
  'RW-06': { understands: () => true },
  'RW-07': { named: readOn },
  'RW-08': { nameFault: hostName => nameFault(hostName.replaceAll('/', '.')) },
  'RW-09': { write: writeInPlace },
  // An unbound socket gets a port of its own with the first datagram it sends.
  'RW-13': { otherwise: ({ port }) => (port === 0 ? undefined : { address: '0.0.0.0', port: 0 }) },
  'RW-16': { stamped: record => void record.fill(0, OFFSET.hostName, OFFSET.hostName + 4) },
  'RW-20': { begins: server => byAlarm(server, 'once') },
  'RW-22': { begins: server => byAlarm(server, 'until logins cannot be read') },
  'RW-23': { begins: startSender },
  'RW-24': { hostName: full => (full.length < LONG_NAME ? shortName(full) : undefined) },
  'RW-25': {
    unsaid: (report, hostName, random) => {
      random.fill(report.subarray(OFFSET.receiveTime, OFFSET.receiveTime + 4));
      random.fill(report.subarray(OFFSET.hostName + Math.min(hostName.length, HOSTNAME_MAX) + 1, LAST_OF_NAME));
    },
  },
  'RW-26': { encodes: spilt },
  'RW-27': { idleUnknown: spiltIdle },
  'RW-30': { entriesMost: ENTRIES_MAX - 1 },
  'RW-31': { record: asItCame },
  'RW-40': { restamps: false },
  'RW-41': { twin: 'newer' },
  'RW-42': { ownRecord: 'by anybody' },
  'RW-43': { room: () => Number.POSITIVE_INFINITY },
  'RW-46': { addresses: all => all.filter(({ name }, index) => all.findIndex(each => each.name === name) === index) },
  'RW-47': { badName: 'is passed on' },
  'RW-48': { stores: 'all', relays: 'all', passing: (spool, host) => new Breaker(spool, host, 'comes back') },
  'RW-49': { passing: (spool, host) => new Breaker(spool, host, 'stays') },
  'RW-50': {
    hungUp: server => {
      server.neighbours.refresh();
      if (server.interval === undefined) return;
      server.interval.cancel();
      server.inIntervals();
    },
  },
  'RW-51': { nextInterval: interval => interval },
  'RW-52': { newcomer: 'left to wait' },
  'RW-54': { stores: 'all' },
  'RW-56': { repeated: 'logged' },
  'RW-59': { tellsIdle: index => index % 2 === 0 },
  'RW-60': { entriesMost: 0 },
};

export const rulesOf = (quirks: Quirks): Rules => applied(CORRECTED, AS_WRITTEN, TRAPS, quirks);

// ── what is heard ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Less than a header is checked as a whole one: what it lacks is zero, or what was in the buffer. */
function short(does: (receiver: Receiver, status: Status, datagram: Uint8Array) => void): ReceiverRules['short'] {
  return (receiver, datagram, from, memory) => {
    if (datagram.length === 0) return;
    const whole = new Uint8Array(Math.max(HEADER, memory.length));
    whole.set(memory);
    const status = receiver.checked(datagram, from, whole, whole.subarray(0, HEADER));
    if (status !== undefined) does(receiver, status, datagram);
  };
}

/** It is no news of its host, but it is written. */
function keepShort(receiver: Receiver, status: Status, datagram: Uint8Array): void {
  const { rules } = receiver.options;
  const record = asItCame(datagram, status, receiver.stamp(), rules);
  rules.stamped(record);
  receiver.spool.write(status.hostName, record);
}

/** One buffer for all datagrams, which is never cleared. */
function oneBuffer(): (datagram: Uint8Array) => Uint8Array {
  const buffer = new Uint8Array(REPORT_MAX);
  return datagram => {
    buffer.set(datagram.subarray(0, REPORT_MAX));
    return buffer;
  };
}

/** A name goes on to the next NUL. sprintf has 64 bytes of the stack for its path. */
function readOn(status: Status, receiver: Receiver, memory: Uint8Array): Status {
  if (memory.subarray(OFFSET.hostName, LAST_OF_NAME + 1).includes(0)) return status;
  const hostName = textAt(memory.subarray(0, REPORT_MAX), OFFSET.hostName, REPORT_MAX);
  if (`${receiver.options.spool}/${PREFIX}${hostName}`.length >= PATH_BUFFER) die(receiver);
  return { ...status, hostName };
}

/** Dies as by a fault of memory; of a host that was named, an empty record stays where the file had been opened (RW-04). */
function die({ host, options }: Receiver, hostName?: string): never {
  if (hostName !== undefined) host.storage.write(`${options.spool}/${PREFIX}${hostName}`, EMPTY);
  host.log('critical', 'fault', { signal: 'SIGSEGV' });
  return host.process.exit(SEGMENTATION_FAULT);
}

/** Who reads a name beyond its field does not end it there. */
function asItCame(report: Uint8Array, _status: Status, stamp: number, { named }: ReceiverRules): Uint8Array {
  return turned(report, stamp, named === readOn ? 'as it came' : 'ended');
}

/**
 * As the published receivers do it (A5): the numbers of the header and of every whole entry are turned round in place, the time
 * of arrival is put in, and all other bytes stay what they were, those of half an entry as well. netkit and Debian end the name
 * at its 32nd byte; the seed and BSD do not.
 */
export function turned(datagram: Uint8Array, receiveTime: number, name: 'ended' | 'as it came' = 'ended'): Uint8Array {
  const bytes = datagram.slice(0, REPORT_MAX);
  const view = new DataView(bytes.buffer);
  const turn = (at: number): void => {
    if (at + 4 <= bytes.length) view.setInt32(at, view.getInt32(at), true);
  };
  for (const at of [OFFSET.sendTime, OFFSET.load, OFFSET.load + 4, OFFSET.load + 8, OFFSET.bootTime]) turn(at);
  const whole = Math.min(ENTRIES_MAX, Math.floor((bytes.length - HEADER) / ENTRY));
  for (let index = 0; index < whole; index++) {
    for (const field of [16, 20]) turn(HEADER + index * ENTRY + field);
  }
  if (bytes.length >= OFFSET.receiveTime + 4) view.setInt32(OFFSET.receiveTime, receiveTime, true);
  if (name === 'ended' && bytes.length > LAST_OF_NAME) bytes[LAST_OF_NAME] = 0;
  return bytes;
}

function writeInPlace({ storage, clock }: Host, path: string, record: Uint8Array): Result<void> {
  const emptied = storage.write(path, EMPTY);
  if (emptied.ok) clock.setTimer(WINDOW, () => storage.write(path, record));
  return DONE;
}

/** Debian's breaker against storms: it counts the reports of all hosts. */
class Breaker implements Passing {
  readonly #spool: Spool;
  readonly #host: Host;
  readonly #comesBack: boolean;
  #passed = 0;
  #broken = false;

  constructor(spool: Spool, host: Host, next: 'comes back' | 'stays') {
    this.#spool = spool;
    this.#host = host;
    this.#comesBack = next === 'comes back';
  }

  passes(): boolean {
    if (this.#broken) return false;
    this.#passed += 1;
    this.#broken = this.#passed > BREAKER;
    if (this.#broken) this.#host.log('error', 'forwarding-disabled', { passed: BREAKER });
    return !this.#broken;
  }

  renew(): void {
    this.#spool.renew();
    if (this.#broken && !this.#comesBack) return;
    this.#passed = 0;
    this.#broken = false;
  }
}

// ── what is said ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The seed is driven by SIGALRM. */
function byAlarm(server: Server, handled: 'once' | 'until logins cannot be read'): void {
  const { signals, system } = server.host;
  const onAlarm = (): void => {
    if (handled !== 'once' && !system.logins().ok) return;
    if (handled === 'once') signals.handle('SIGALRM', 'default');
    server.renew();
    server.report();
    signals.alarm(server.options.interval);
  };
  signals.handle('SIGALRM', onAlarm);
  onAlarm();
  if (handled === 'once') signals.handle('SIGALRM', onAlarm);
}

/** A long name runs on into the load. */
function spilt(status: Status): Uint8Array {
  const report = encode(status);
  const { hostName } = status;
  for (let index = HOSTNAME_MAX; index < hostName.length && OFFSET.hostName + index < OFFSET.bootTime; index++)
    report[OFFSET.hostName + index] = hostName.charCodeAt(index);
  return report;
}

/** A field of 32 bytes is copied into one of eight: four of them land in the idle time, which is then sent as it is. */
function spiltIdle(user: string): number {
  const byte = (at: number): number => user.charCodeAt(at) || 0;
  return (byte(12) << 24) | (byte(13) << 16) | (byte(14) << 8) | byte(15);
}
