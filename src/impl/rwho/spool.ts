/**
 * The records of all hosts: what is known of each, and its file. A reader sees a whole record or none, a power cut included: a
 * new file, synced, takes the place of the old one. There is room for so many; a host that is down makes room for a new one, a
 * host that is up does not, so that invented names cannot drive out those that are there (R6 of the README).
 * Lacks: a lock, and sync of the directory: a record that a power cut takes is reported again within minutes.
 */

import type { Host } from '../../host/host.ts';
import { compareCodeUnits } from '../../host/order.ts';
import { DONE, type Result } from '../../host/result.ts';
import { after, type Duration, type Instant, micros, seconds, since, ZERO } from '../../host/time.ts';
import type { RwhodOptions } from './options.ts';
import { PREFIX } from './readers/spool-files.ts';
import { parseRecord, recordOf } from './record.ts';
import { elapsed, secondsOf, stampOf } from './time.ts';
import type { Status } from './wire.ts';

/** A host that has been silent for so long is down, as for the readers. */
const DOWN_AFTER = seconds(660);
/** How long the last report of a host stands against one that is older, or of another start: two intervals and a half. */
const STANDS = seconds(450);
/** Two starts that are less apart are one: a machine computes the time of its start anew for each report. */
const SAME_START_SECONDS = 5;
/** Reports of one host that are passed on in an interval: one, one more for newcomers, and what operators ask for. */
const PASSED_MOST = 4;
/** The name of a file that is not whole yet: readers do not look for it. */
const NEW_FILE = '.new';

interface Known {
  readonly hostName: string;
  /** Where its record is: made once, since it is used with every report. */
  readonly path: string;
  bootTime: number;
  sendTime: number;
  heard: Instant;
  /** Grows with every report that is taken of any host: whose is the least was heard first. */
  turn: number;
  /** Reports passed on in the interval with this number. */
  passed: number;
  passedIn: number;
}

/**
 * new: never heard, or heard again after it was down or was started anew. newer: the next of a host that is up. again: of the
 * same second as the last one: the same report. late: overtaken by a newer one. twin: of another start than the one that
 * stands, and not later than it: another host of that name, or one whose clock was set back. full: no room.
 */
export type Standing = 'new' | 'newer' | 'late' | 'again' | 'twin' | 'full';

export interface SpoolRules {
  /** Records there is room for, of those that were asked for. */
  readonly room: (asked: number) => number;
  /** Puts a record in its place; `fresh` is the path of a file that nobody looks for. */
  readonly write: (host: Host, path: string, record: Uint8Array, fresh: string) => Result<void>;
  /** How a report of another start stands that is not later than the one that stands. */
  readonly twin: Standing;
  /** Records are stamped anew when the clock is set, so that they stay as old as they are. */
  readonly restamps: boolean;
}

export const CORRECTED_SPOOL: SpoolRules = {
  room: asked => asked, // RW-43: invented names do not fill the disk
  write: replaceFile, // RW-09: a reader finds the old record or the new one
  twin: 'twin', // RW-41: the host that was started last has the record
  restamps: true, // RW-40: a clock that is set makes nobody older
};

function replaceFile({ storage }: Host, path: string, record: Uint8Array, fresh: string): Result<void> {
  const written = storage.write(fresh, record);
  const kept = written.ok ? storage.sync(fresh) : written;
  const renamed = kept.ok ? storage.rename(fresh, path) : kept;
  if (!renamed.ok) storage.unlink(fresh);
  return renamed;
}

export class Spool {
  readonly #host: Host;
  readonly #options: RwhodOptions<SpoolRules>;
  /** What is known of a host stays the same object: there may be thousands, and each is heard every three minutes. */
  readonly #known: Map<string, Known> = new Map();
  /** Seconds by which stamps are still to be moved, because their records could not be written when the clock was set. */
  readonly #owed: Map<string, number> = new Map();
  readonly #fresh: string;
  readonly #rules: SpoolRules;
  readonly #room: number;
  #turn = 0;
  #interval = 0;
  #last: Known | undefined;
  /** The one with the least turn of all that are known, if it was looked for since it was last heard. */
  #first: Known | undefined;

  constructor(host: Host, options: RwhodOptions<SpoolRules>) {
    this.#host = host;
    this.#options = options;
    this.#rules = options.rules;
    this.#room = options.rules.room(options.records);
    this.#fresh = [options.spool, '/', NEW_FILE].join('');
  }

  get size(): number {
    return this.#known.size;
  }

  /** What an earlier daemon left: the newest, if there is more than there is room for. An error: the spool cannot be read. */
  load(): Result<void> {
    const names = this.#host.storage.list(this.#options.spool);
    if (!names.ok) return names;
    const found = names.value
      .filter(file => file.startsWith(PREFIX))
      .flatMap(file => this.#left(file))
      .sort((one, other) => other.silent - one.silent || compareCodeUnits(one.status.hostName, other.status.hostName));
    const now = this.#host.clock.monotonic();
    for (const { status, silent } of found) {
      const { hostName, bootTime, sendTime } = status;
      if (this.#isFull) this.#evict(this.#silentest(ZERO));
      this.#known.set(hostName, this.#heardOf(hostName, bootTime, sendTime, after(now, micros(-silent))));
    }
    return DONE;
  }

  /** A record that is from the future, because a clock was set back meanwhile, is stamped anew: it would be up for ever. */
  #left(file: string): readonly { readonly status: Status; readonly silent: Duration }[] {
    const path = `${this.#options.spool}/${file}`;
    const read = this.#host.storage.read(path);
    const status = read.ok ? parseRecord(read.value) : undefined;
    if (status === undefined || `${PREFIX}${status.hostName}` !== file) return [];
    const silent = elapsed(status.receiveTime, this.#stamp());
    const ahead = silent < 0 && this.#rules.restamps;
    if (ahead && !this.#write(path, recordOf(status, this.#stamp())).ok) this.#owed.set(status.hostName, silent);
    return [{ status, silent: seconds(Math.max(0, silent)) }];
  }

  /** An interval is over: nothing has been passed on in the next one. */
  renew(): void {
    this.#interval += 1;
    for (const [hostName, bySeconds] of this.#owed) this.#restampOne(hostName, bySeconds);
  }

  /** Whether one more report of that host is passed on in this interval; of a host that is not known, any. */
  passes(hostName: string): boolean {
    const known = this.#of(hostName);
    if (known === undefined) return true;
    if (known.passedIn !== this.#interval) known.passed = 0;
    known.passedIn = this.#interval;
    if (known.passed >= PASSED_MOST) return false;
    known.passed += 1;
    return true;
  }

  /**
   * What a report is to what is known of its host; nothing changes. The times of sending of what is taken only grow, until a
   * host has been silent for STANDS: so no report is taken twice (N5).
   */
  standing({ hostName, sendTime, bootTime }: Status): Standing {
    const known = this.#of(hostName);
    if (known === undefined) return this.#isFull && this.#silentest(DOWN_AFTER) === undefined ? 'full' : 'new';
    const newer = elapsed(known.sendTime, sendTime);
    // Whoever was stopped for long finds copies of what it took before.
    if (newer === 0 && known.bootTime === bootTime) return 'again';
    const silent = since(known.heard, this.#host.clock.monotonic());
    if (silent >= STANDS) return silent > DOWN_AFTER ? 'new' : 'newer';
    if (newer === 0) return 'again';
    const started = elapsed(known.bootTime, bootTime);
    if (Math.abs(started) <= SAME_START_SECONDS) return newer > 0 ? 'newer' : 'late';
    if (started > 0 && newer > 0) return 'new';
    return this.#rules.twin;
  }

  /** Remembers a report and writes its record. There is room: another host was refused before, and the own record makes some. */
  store({ hostName, bootTime, sendTime }: Status, record: Uint8Array): Result<void> {
    let known = this.#of(hostName);
    if (known === undefined) {
      if (this.#isFull) this.#evict(this.#silentest(ZERO));
      known = this.#heardOf(hostName, bootTime, sendTime, this.#host.clock.monotonic());
      this.#known.set(hostName, known);
      this.#last = known;
    } else {
      known.bootTime = bootTime;
      known.sendTime = sendTime;
      known.heard = this.#host.clock.monotonic();
      known.turn = ++this.#turn;
      if (this.#first === known) this.#first = undefined;
    }
    const written = this.#write(known.path, record);
    if (written.ok && this.#owed.size > 0) this.#owed.delete(hostName);
    return written;
  }

  /** The file of a host of which nothing is remembered. */
  write(hostName: string, record: Uint8Array): Result<void> {
    return this.#write(this.#pathOf(hostName), record);
  }

  /** Joined, not added: it is kept as one piece of memory, and not as the parts it was made of. */
  #pathOf(hostName: string): string {
    return [this.#options.spool, '/', PREFIX, hostName].join('');
  }

  #heardOf(hostName: string, bootTime: number, sendTime: number, heard: Instant): Known {
    return { hostName, path: this.#pathOf(hostName), bootTime, sendTime, heard, turn: ++this.#turn, passed: 0, passedIn: this.#interval };
  }

  /** What is known of a host; the one that was asked for last is mostly asked for again. */
  #of(hostName: string): Known | undefined {
    if (this.#last?.hostName !== hostName) this.#last = this.#known.get(hostName);
    return this.#last;
  }

  #write(path: string, record: Uint8Array): Result<void> {
    return this.#rules.write(this.#host, path, record, this.#fresh);
  }

  /**
   * The wall clock was set: every record is as old as it was (RW-40). Gives how many could not be written; they are tried again in
   * each interval, for a host that says nothing any more has nobody else who would renew its record.
   */
  restamp(bySeconds: number): number {
    let failed = 0;
    const all = [...this.#known.values()].sort((one, other) => one.turn - other.turn);
    for (const { hostName } of all) if (!this.#restampOne(hostName, bySeconds + (this.#owed.get(hostName) ?? 0))) failed += 1;
    return failed;
  }

  #restampOne(hostName: string, bySeconds: number): boolean {
    const read = this.#host.storage.read(`${this.#options.spool}/${PREFIX}${hostName}`);
    const status = read.ok ? parseRecord(read.value) : undefined;
    // Nobody finds what is not there, or is no record.
    const gone = read.ok ? status === undefined : read.error.code === 'ENOENT';
    const done = gone || (status !== undefined && this.write(hostName, recordOf(status, stampOf(status.receiveTime + bySeconds))).ok);
    if (done) this.#owed.delete(hostName);
    else this.#owed.set(hostName, bySeconds);
    return done;
  }

  #stamp(): number {
    return stampOf(secondsOf(this.#host.clock.wall()));
  }

  get #isFull(): boolean {
    return this.#known.size >= this.#room;
  }

  /** The host that has been silent for the longest time, if that is longer than `atLeast`. */
  #silentest(atLeast: Duration): Known | undefined {
    if (this.#first === undefined)
      for (const known of this.#known.values()) if (this.#first === undefined || known.turn < this.#first.turn) this.#first = known;
    const first = this.#first;
    return first !== undefined && since(first.heard, this.#host.clock.monotonic()) >= atLeast ? first : undefined;
  }

  #evict(known: Known | undefined): void {
    if (known === undefined) return;
    this.#known.delete(known.hostName);
    this.#owed.delete(known.hostName);
    if (this.#first === known) this.#first = undefined;
    this.#host.storage.unlink(known.path);
    this.#host.log('info', 'record-evicted', { host: known.hostName });
  }
}
