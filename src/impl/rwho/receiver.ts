/**
 * What becomes of a datagram: the checks in their order (A5), the record, and whom it is passed on to. The rule against loops:
 * a report is known by its host and its time of sending, and one that was here before, or is older than what is known, is
 * neither stored nor passed on (N5 of the README). So every server passes a report on at most once, however networks are joined.
 * May import: host, its own folder.
 */
import type { DatagramAddress, Host, LogFields } from '../../host/host.ts';
import type { Complaints } from './complaints.ts';
import { nameFault, shortName } from './name.ts';
import type { Neighbours } from './neighbours.ts';
import type { RwhodOptions } from './options.ts';
import { QUIRK } from './quirks.ts';
import { PREFIX } from './readers/spool-files.ts';
import { turned } from './record.ts';
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

export class Receiver {
  readonly #host: Host;
  readonly #options: RwhodOptions;
  readonly #neighbours: Neighbours;
  readonly #spool: Spool;
  readonly #complaints: Complaints;
  /** Of the seed: one buffer for all datagrams, never cleared (RW-03). */
  readonly #buffer: Uint8Array = new Uint8Array(REPORT_MAX);
  #passedOn = 0;
  #broken = false;

  constructor(host: Host, options: RwhodOptions, neighbours: Neighbours, spool: Spool, complaints: Complaints) {
    this.#host = host;
    this.#options = options;
    this.#neighbours = neighbours;
    this.#spool = spool;
    this.#complaints = complaints;
  }

  /** An interval is over. */
  renew(): void {
    if (!this.#broken || !this.#options.quirks.has(QUIRK.BREAKER_STAYS)) {
      this.#passedOn = 0;
      this.#broken = false;
    }
  }

  take(datagram: Uint8Array, from: DatagramAddress): Taken | undefined {
    const { quirks, port } = this.#options;
    if (from.port !== port) return this.#refuse('bad-port', { from: from.address, port: from.port });
    const bytes = this.#asReceived(datagram);
    if (quirks.has(QUIRK.DIE_OF_UNDERFLOW) && datagram.length > OFFSET.hostName && datagram.length < HEADER) this.#die(bytes);
    if (bytes.length < HEADER && !quirks.has(QUIRK.STORE_SHORT))
      return this.#refuse('short', { from: from.address, length: datagram.length });
    const decoded = decode(this.#whole(bytes));
    if (decoded === undefined) return undefined;
    const wrong = decoded.version !== WHODVERSION || decoded.type !== WHODTYPE_STATUS;
    if (wrong && !quirks.has(QUIRK.ANY_VERSION))
      return this.#refuse('bad-version', { from: from.address, version: decoded.version, type: decoded.type });
    return this.#named(bytes, decoded, from);
  }

  /** Debian passes on before it looks at the name (RW-47). */
  #named(bytes: Uint8Array, decoded: Decoded, from: DatagramAddress): Taken | undefined {
    const { quirks } = this.#options;
    const hostName = this.#nameOf(bytes);
    const fault = nameFault(hostName, quirks.has(QUIRK.TAKE_SLASH) ? 'taken' : 'refused');
    if (fault !== undefined) {
      this.#refuse('bad-name', { from: from.address, why: fault });
      return quirks.has(QUIRK.RELAY_UNCHECKED) ? { newcomer: false, passOn: this.#onwards(from) } : undefined;
    }
    const own = hostName === shortName(this.#host.system.hostName());
    if (own && !quirks.has(QUIRK.TRUST_NAME) && !this.#neighbours.isOwn(from.address))
      return this.#refuse('own-name', { from: from.address });
    return this.#known(bytes, { ...decoded.status, hostName }, from, own);
  }

  #known(bytes: Uint8Array, status: Status, from: DatagramAddress, own: boolean): Taken | undefined {
    const { quirks } = this.#options;
    if (!own) this.#neighbours.heard(from);
    const standing = this.#spool.standing(status);
    if (standing === 'full') return this.#refuse('spool-full', { host: status.hostName });
    if (standing === 'twin') return this.#refuse('name-clash', { host: status.hostName, from: from.address });
    const comesRound = standing === 'again' || standing === 'late';
    if (comesRound && !quirks.has(QUIRK.RELAY_LOOPS) && !(standing === 'late' && quirks.has(QUIRK.LATE_WINS))) return undefined;
    this.#store(bytes, status);
    return { newcomer: standing === 'new' && !own, passOn: own ? [] : this.#onwards(from) };
  }

  #store(bytes: Uint8Array, status: Status): void {
    const { quirks } = this.#options;
    const stored =
      bytes.length < HEADER
        ? this.#spool.write(status.hostName, turned(bytes, this.#stamp(), 'as it came'))
        : this.#spool.store(status, bytes);
    if (!stored.ok) this.#refuse('not-written', { host: status.hostName, error: stored.error.code });
    else if (quirks.has(QUIRK.OVERRUN_STAMP)) {
      const spoilt = turned(bytes, this.#stamp(), 'as it came');
      spoilt.fill(0, OFFSET.hostName, OFFSET.hostName + 4);
      this.#spool.write(status.hostName, spoilt);
    }
  }

  #onwards(from: DatagramAddress): readonly DatagramAddress[] {
    if (!this.#options.forwards || this.#broken || this.#neighbours.isOwn(from.address)) return [];
    this.#passedOn += 1;
    if (this.#options.quirks.has(QUIRK.RELAY_LOOPS) && this.#passedOn > BREAKER) {
      this.#broken = true;
      this.#host.log('error', 'forwarding-disabled', { passed: BREAKER });
      return [];
    }
    return this.#neighbours.onwards(from);
  }

  // ── what the published sources did with their buffer ──────────────────────────────────────────────────────────────

  #asReceived(datagram: Uint8Array): Uint8Array {
    const cut = datagram.subarray(0, REPORT_MAX);
    if (this.#options.quirks.has(QUIRK.KEEP_BUFFER)) this.#buffer.set(cut);
    return cut;
  }

  /** At least a header: the rest is what was in the buffer, or nothing. */
  #whole(bytes: Uint8Array): Uint8Array {
    if (this.#options.quirks.has(QUIRK.KEEP_BUFFER)) return this.#buffer.subarray(0, Math.max(HEADER, bytes.length));
    if (bytes.length >= HEADER) return bytes;
    const padded = new Uint8Array(HEADER);
    padded.set(bytes);
    return padded;
  }

  #nameOf(bytes: Uint8Array): string {
    const whole = this.#whole(bytes);
    const { quirks, spool } = this.#options;
    if (!quirks.has(QUIRK.OPEN_NAME) || isTerminated(whole)) return textAt(whole, OFFSET.hostName, 31);
    const name = textAt(this.#buffer, OFFSET.hostName, REPORT_MAX);
    // sprintf into 64 bytes of the stack (RW-07).
    if (`${spool}/${PREFIX}${name}`.length >= PATH_BUFFER) this.#die(undefined);
    return name;
  }

  /** As by a fault of memory; an empty record stays where the file had been opened (RW-04). */
  #die(bytes: Uint8Array | undefined): never {
    const name = bytes === undefined ? '' : textAt(this.#whole(bytes), OFFSET.hostName, 31);
    if (nameFault(name) === undefined) this.#host.storage.write(`${this.#options.spool}/${PREFIX}${name}`, new Uint8Array(0));
    this.#host.log('critical', 'fault', { signal: 'SIGSEGV' });
    return this.#host.process.exit(SEGMENTATION_FAULT);
  }

  #stamp(): number {
    return stampOf(secondsOf(this.#host.clock.wall()));
  }

  #refuse(kind: string, fields: LogFields): undefined {
    this.#complaints.say(kind, fields);
    return undefined;
  }
}

/** What a shell gives for SIGSEGV, which a Host does not have. */
const SEGMENTATION_FAULT = 139;
