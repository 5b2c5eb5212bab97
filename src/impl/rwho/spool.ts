/**
 * The records of all hosts: what is known of each, and its file. A reader sees a whole record or none: a new file takes the
 * place of the old one. There is room for so many; a host that is down makes room for a new one, a host that is up does not,
 * so that invented names cannot drive out those that are there.
 * Lacks: a lock, and sync: what a power cut takes is reported again within minutes.
 * May import: host, its own folder.
 */
import { EMPTY } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { DONE } from '../../host/result.ts';
import type { Duration, Instant } from '../../host/time.ts';
import { after, micros, seconds, since } from '../../host/time.ts';
import type { RwhodOptions } from './options.ts';
import { QUIRK } from './quirks.ts';
import { PREFIX } from './readers/spool-files.ts';
import { HOST_ORDER, parseRecord, recordOf, turned } from './record.ts';
import { elapsed, secondsOf, stampOf } from './time.ts';
import type { Status } from './wire.ts';
import { encode } from './wire.ts';

/** As the readers have it. */
const DOWN_AFTER = seconds(660);
/** How long the last report of a host stands against one that is older, or of an earlier start: two intervals and a half. */
const STANDS = seconds(450);
/** Two starts that are less apart are one: a machine computes the time of its start anew for each report. */
const SAME_BOOT_SECONDS = 5;
/** Reports of one host that are remembered, to see one that comes again. */
const REMEMBERED = 16;
/** Between emptying a file and writing it, where that is two steps (RW-09). */
const WINDOW = micros(50);
/** Not a name that readers look for. */
const NEW_FILE = '.new';

interface Known {
  bootTime: number;
  sendTime: number;
  heard: Instant;
  readonly recent: number[];
}

/**
 * new: never heard, or heard again after it was down or started anew. newer: the next of a host that is up. late: overtaken by
 * a newer one. again: this very report was here before. twin: of a host of the same name that was started earlier. full: no
 * room.
 */
export type Standing = 'new' | 'newer' | 'late' | 'again' | 'twin' | 'full';

export class Spool {
  readonly #host: Host;
  readonly #options: RwhodOptions;
  readonly #known: Map<string, Known> = new Map();

  constructor(host: Host, options: RwhodOptions) {
    this.#host = host;
    this.#options = options;
  }

  get size(): number {
    return this.#known.size;
  }

  /** What an earlier daemon left. ENOENT and its like: the spool cannot be read. */
  load(): Result<void> {
    const { storage, clock } = this.#host;
    const names = storage.list(this.#options.spool);
    if (!names.ok) return names;
    const now = clock.monotonic();
    for (const file of names.value.filter(each => each.startsWith(PREFIX))) {
      if (this.#known.size >= this.#options.records) break;
      const read = storage.read(`${this.#options.spool}/${file}`);
      const status = read.ok ? parseRecord(read.value) : undefined;
      if (status === undefined || `${PREFIX}${status.hostName}` !== file) continue;
      const silent = seconds(Math.max(0, elapsed(status.receiveTime, this.#stamp())));
      const { bootTime, sendTime } = status;
      this.#known.set(status.hostName, { bootTime, sendTime, heard: after(now, micros(-silent)), recent: [sendTime] });
    }
    return DONE;
  }

  /** What a report is to what is known of its host. Nothing changes. */
  standing({ hostName, sendTime, bootTime }: Status): Standing {
    const known = this.#known.get(hostName);
    if (known === undefined) return this.#isFull && this.#silentest() === undefined ? 'full' : 'new';
    const silent = since(known.heard, this.#host.clock.monotonic());
    if (known.recent.includes(sendTime)) return 'again';
    const { quirks } = this.#options;
    const started = elapsed(known.bootTime, bootTime);
    if (started < -SAME_BOOT_SECONDS && silent < STANDS && !quirks.has(QUIRK.LAST_TWIN_WINS)) return 'twin';
    if (elapsed(known.sendTime, sendTime) < 0 && silent < STANDS && started <= SAME_BOOT_SECONDS && !quirks.has(QUIRK.LATE_WINS))
      return 'late';
    return silent > DOWN_AFTER || started > SAME_BOOT_SECONDS ? 'new' : 'newer';
  }

  /** Remembers a report and writes its record; `bytes` are those of the datagram. */
  store(status: Status, bytes: Uint8Array): Result<void> {
    const { hostName, bootTime, sendTime } = status;
    const known = this.#known.get(hostName);
    if (known === undefined && this.#isFull) this.#evict(this.#silentest());
    const recent = [...(known?.recent ?? []), sendTime].slice(-REMEMBERED);
    this.#known.set(hostName, { bootTime, sendTime, heard: this.#host.clock.monotonic(), recent });
    const stamp = this.#stamp();
    const half = this.#options.quirks.has(QUIRK.STORE_HALF);
    return this.write(hostName, half ? turned(bytes, stamp, 'as it came') : recordOf(status, stamp));
  }

  /** The file of a host. */
  write(hostName: string, record: Uint8Array): Result<void> {
    const { storage, clock } = this.#host;
    const path = `${this.#options.spool}/${PREFIX}${hostName}`;
    if (this.#options.quirks.has(QUIRK.WRITE_IN_PLACE)) {
      const emptied = storage.write(path, EMPTY);
      if (emptied.ok) clock.setTimer(WINDOW, () => storage.write(path, record));
      return DONE;
    }
    const fresh = `${this.#options.spool}/${NEW_FILE}`;
    const written = storage.write(fresh, record);
    if (!written.ok) {
      storage.unlink(fresh);
      return written;
    }
    return storage.rename(fresh, path);
  }

  /** The wall clock was set: every record is as old as it was (RW-40). Gives how many could not be written. */
  restamp(bySeconds: number): number {
    let failed = 0;
    for (const hostName of this.#known.keys()) {
      const read = this.#host.storage.read(`${this.#options.spool}/${PREFIX}${hostName}`);
      const status = read.ok ? parseRecord(read.value) : undefined;
      if (status === undefined) continue;
      const receiveTime = stampOf(status.receiveTime + bySeconds);
      if (!this.write(hostName, encode({ ...status, receiveTime }, HOST_ORDER)).ok) failed += 1;
    }
    return failed;
  }

  #stamp(): number {
    return stampOf(secondsOf(this.#host.clock.wall()));
  }

  get #isFull(): boolean {
    return this.#known.size >= this.#options.records && !this.#options.quirks.has(QUIRK.UNBOUNDED);
  }

  /** Of the hosts that are down the one that has been silent for the longest time. */
  #silentest(): string | undefined {
    const now = this.#host.clock.monotonic();
    let found: string | undefined;
    let silence: Duration = DOWN_AFTER;
    for (const [hostName, { heard }] of this.#known) {
      const silent = since(heard, now);
      if (silent <= silence) continue;
      silence = silent;
      found = hostName;
    }
    return found;
  }

  #evict(hostName: string | undefined): void {
    if (hostName === undefined) return;
    this.#known.delete(hostName);
    this.#host.storage.unlink(`${this.#options.spool}/${PREFIX}${hostName}`);
    this.#host.log('info', 'record-evicted', { host: hostName });
  }
}
