/**
 * What becomes of a datagram: the checks in their order (A5), the record, and whom it is passed on to. The rule against loops:
 * a report that is not newer than what is known of its host is neither stored nor passed on (N5 of the README). So every
 * server passes a report on at most once, however networks are joined.
 * May import: host, its own folder.
 */
import { EMPTY } from '../../host/bytes.ts';
import type { DatagramAddress, Host, LogFields } from '../../host/host.ts';
import type { Complaints } from './complaints.ts';
import { nameFault, reportedName } from './name.ts';
import type { Neighbours } from './neighbours.ts';
import type { RwhodOptions } from './options.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import { PREFIX } from './readers/spool-files.ts';
import { recordOf, turned } from './record.ts';
import type { Spool } from './spool.ts';
import { secondsOf, stampOf } from './time.ts';
import type { Decoded, Status } from './wire.ts';
import { decode, HEADER, isTerminated, OFFSET, REPORT_MAX, textAt, WHODTYPE_STATUS, WHODVERSION } from './wire.ts';

/** Of a path, in the published sources (A8). */
const PATH_BUFFER = 64;
/** Reports passed on in an interval by Debian, the breaker against storms (A11). */
const BREAKER = 181;

/** What the daemon does about a datagram that was taken. */
export interface Taken {
  /** Its host was not there before. */
  readonly newcomer: boolean;
  readonly passOn: readonly DatagramAddress[];
}

/** Where nothing is passed on. */
const NEWCOMER: Taken = { newcomer: true, passOn: [] };

export class Receiver {
  readonly #host: Host;
  readonly #options: RwhodOptions;
  readonly #neighbours: Neighbours;
  readonly #spool: Spool;
  readonly #complaints: Complaints;
  readonly #quirks: Quirks;
  readonly #port: number;
  readonly #forwards: boolean;
  /** Of the seed: one buffer for all datagrams, never cleared (RW-03). */
  readonly #buffer: Uint8Array = new Uint8Array(REPORT_MAX);
  #ownName: string;
  #passedOn = 0;
  #broken = false;

  constructor(host: Host, options: RwhodOptions, neighbours: Neighbours, spool: Spool, complaints: Complaints) {
    this.#host = host;
    this.#options = options;
    this.#neighbours = neighbours;
    this.#spool = spool;
    this.#complaints = complaints;
    this.#quirks = options.quirks;
    this.#port = options.port;
    this.#forwards = options.forwards;
    this.#ownName = reportedName(host);
  }

  /** An interval is over. */
  renew(): void {
    this.#ownName = reportedName(this.#host);
    this.#spool.renew();
    if (this.#broken && this.#quirks.has(QUIRK.BREAKER_STAYS)) return;
    this.#passedOn = 0;
    this.#broken = false;
  }

  /** The own record is written when the report is made: nobody else has a say in it, and no network is needed (R3). */
  keepOwn(report: Uint8Array): void {
    const decoded = decode(report);
    if (decoded === undefined || this.#quirks.has(QUIRK.TRUST_NAME)) return;
    this.#store(report, decoded.status);
  }

  take(datagram: Uint8Array, from: DatagramAddress): Taken | undefined {
    const quirks = this.#quirks;
    if (from.port !== this.#port) return this.#refuse('bad-port', { from: from.address, port: from.port });
    const bytes = this.#asReceived(datagram);
    if (bytes.length < HEADER && !quirks.has(QUIRK.STORE_SHORT) && !quirks.has(QUIRK.DIE_OF_UNDERFLOW))
      return this.#refuse('short', { from: from.address, length: datagram.length });
    if (bytes.length === 0) return undefined;
    const decoded = decode(this.#whole(bytes));
    if (decoded === undefined) return undefined;
    const wrong = decoded.version !== WHODVERSION || decoded.type !== WHODTYPE_STATUS;
    if (wrong && !quirks.has(QUIRK.ANY_VERSION))
      return this.#refuse('bad-version', { from: from.address, version: decoded.version, type: decoded.type });
    return this.#named(bytes, decoded, from);
  }

  /** Debian passes on before it looks at the name (RW-47). */
  #named(bytes: Uint8Array, decoded: Decoded, from: DatagramAddress): Taken | undefined {
    const quirks = this.#quirks;
    const hostName = this.#nameOf(bytes, decoded.status);
    const fault = nameFault(hostName, quirks.has(QUIRK.TAKE_SLASH) ? 'taken' : 'refused');
    if (fault !== undefined) {
      this.#refuse('bad-name', { from: from.address, why: fault });
      return quirks.has(QUIRK.RELAY_UNCHECKED) ? { newcomer: false, passOn: this.#onwards(from) } : undefined;
    }
    const status = hostName === decoded.status.hostName ? decoded.status : { ...decoded.status, hostName };
    if (bytes.length < HEADER) return this.#short(bytes, status);
    return this.#known(bytes, status, from);
  }

  /** A report of less than a header is no news of anybody, but it is written (RW-02, RW-05), or kills (RW-04). */
  #short(bytes: Uint8Array, { hostName }: Status): undefined {
    if (this.#quirks.has(QUIRK.DIE_OF_UNDERFLOW)) this.#die(hostName);
    this.#spool.write(hostName, this.#record(bytes, undefined));
    return undefined;
  }

  #known(bytes: Uint8Array, status: Status, from: DatagramAddress): Taken | undefined {
    const quirks = this.#quirks;
    const { hostName } = status;
    const standing = this.#spool.standing(status);
    const own = hostName === this.#ownName;
    const fresh = standing === 'new' || standing === 'newer';
    if (own && !quirks.has(QUIRK.TRUST_NAME)) {
      // What we said ourselves comes back by broadcast, and by those who pass it on.
      const echo = standing === 'again' || standing === 'late';
      return echo ? undefined : this.#refuse('own-name', { from: from.address });
    }
    if (!own) this.#neighbours.heard(from);
    if (standing === 'full') return this.#refuse('spool-full', { host: hostName });
    if (standing === 'twin') return this.#refuse('name-clash', { host: hostName, from: from.address });
    if (fresh || quirks.has(QUIRK.LATE_WINS) || quirks.has(QUIRK.RELAY_LOOPS)) this.#store(bytes, status);
    if (!this.#forwards) return standing === 'new' && !own ? NEWCOMER : undefined;
    const loops = quirks.has(QUIRK.RELAY_LOOPS);
    const passes = !own && (loops || (fresh && (quirks.has(QUIRK.BREAKER_STAYS) || this.#spool.passes(hostName))));
    return { newcomer: standing === 'new' && !own, passOn: passes ? this.#onwards(from) : [] };
  }

  #store(bytes: Uint8Array, status: Status): void {
    const stored = this.#spool.store(status, this.#record(bytes, status));
    if (!stored.ok) this.#refuse('not-written', { host: status.hostName, error: stored.error.code });
  }

  #record(bytes: Uint8Array, status: Status | undefined): Uint8Array {
    const quirks = this.#quirks;
    const stamp = stampOf(secondsOf(this.#host.clock.wall()));
    const asItCame = status === undefined || quirks.has(QUIRK.STORE_HALF);
    const record = asItCame ? turned(bytes, stamp, quirks.has(QUIRK.OPEN_NAME) ? 'as it came' : 'ended') : recordOf(status, stamp);
    if (quirks.has(QUIRK.OVERRUN_STAMP)) record.fill(0, OFFSET.hostName, OFFSET.hostName + 4);
    return record;
  }

  #onwards(from: DatagramAddress): readonly DatagramAddress[] {
    if (!this.#options.forwards || this.#broken || this.#neighbours.isOwn(from.address)) return [];
    const quirks = this.#quirks;
    this.#passedOn += 1;
    if ((quirks.has(QUIRK.RELAY_LOOPS) || quirks.has(QUIRK.BREAKER_STAYS)) && this.#passedOn > BREAKER) {
      this.#broken = true;
      this.#host.log('error', 'forwarding-disabled', { passed: BREAKER });
      return [];
    }
    return this.#neighbours.onwards(from);
  }

  // ── what the published sources did with their buffer ──────────────────────────────────────────────────────────────

  #asReceived(datagram: Uint8Array): Uint8Array {
    const cut = datagram.length > REPORT_MAX ? datagram.subarray(0, REPORT_MAX) : datagram;
    if (this.#quirks.has(QUIRK.KEEP_BUFFER)) this.#buffer.set(cut);
    return cut;
  }

  /** At least a header: the rest is what was in the buffer, or nothing. */
  #whole(bytes: Uint8Array): Uint8Array {
    if (this.#quirks.has(QUIRK.KEEP_BUFFER)) return this.#buffer.subarray(0, Math.max(HEADER, bytes.length));
    if (bytes.length >= HEADER) return bytes;
    const padded = new Uint8Array(HEADER);
    padded.set(bytes);
    return padded;
  }

  #nameOf(bytes: Uint8Array, { hostName }: Status): string {
    const quirks = this.#quirks;
    if (!quirks.has(QUIRK.OPEN_NAME)) return hostName;
    const whole = this.#whole(bytes);
    if (isTerminated(whole)) return hostName;
    const name = textAt(quirks.has(QUIRK.KEEP_BUFFER) ? this.#buffer : whole, OFFSET.hostName, REPORT_MAX);
    // sprintf into 64 bytes of the stack (RW-07).
    if (`${this.#options.spool}/${PREFIX}${name}`.length >= PATH_BUFFER) this.#die(undefined);
    return name;
  }

  /** As by a fault of memory; an empty record stays where the file had been opened (RW-04). */
  #die(hostName: string | undefined): never {
    if (hostName !== undefined) this.#host.storage.write(`${this.#options.spool}/${PREFIX}${hostName}`, EMPTY);
    this.#host.log('critical', 'fault', { signal: 'SIGSEGV' });
    return this.#host.process.exit(SEGMENTATION_FAULT);
  }

  #refuse(kind: string, fields: LogFields): undefined {
    this.#complaints.say(kind, fields);
    return undefined;
  }
}

/** What a shell gives for SIGSEGV, which a Host does not have. */
const SEGMENTATION_FAULT = 139;
