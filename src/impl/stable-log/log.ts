/**
 * A log that outlives power cuts: what was called back is durable, and what was committed together is there whole or not at all. All
 * commits of one turn, and of those that follow it at once, cost one write and one sync (group commit). When the segment is full the next
 * begins with what still matters.
 * After a write or sync that failed nothing is known of what it left, not even by a sync that succeeds later (the kernel may have
 * marked the pages clean): the segment is never written to again, and a new one is begun from memory, or from what can be read.
 * Lacks: a lock; reading while it is open. README.md has the form of the files, and what disks are relied on for.
 */
import { concat } from '../../host/bytes.ts';
import type { Host, Timer } from '../../host/host.ts';
import { DONE, fail, type HostError, type Result } from '../../host/result.ts';
import { ZERO } from '../../host/time.ts';
import { type Contents, listed, type Refusal, readFolder, segmentName, UNFINISHED } from './folder.ts';
import { FRAME_BYTES, FRAME_MAX, frameBytes, type LogRecord, SEGMENT_MAX, type SegmentHeader, segmentBytes, sizeOf } from './segment.ts';

export interface LogOptions {
  /** Where the segments lie. Made if it is not there; the folder above it must be. */
  readonly folder: string;
  /** A segment of so many bytes is full. Default: 1 MiB. One that begins with more than half of that has room for as much again. */
  readonly segment?: number;
  /**
   * All that still matters: everything that was called back with success, at least. What is committed and was not called back yet may be
   * in it or not; its records follow, and must change nothing if they are in it already.
   */
  readonly checkpoint: () => Iterable<LogRecord>;
}

export type Opened =
  | ({ readonly ok: true; readonly log: StableLog } & Pick<Contents, 'records' | 'cut' | 'sealed'>)
  | { readonly ok: false; readonly refusal: Refusal };

/** Told when its records are durable, or will not be. */
export type Committed = (result: Result<void>) => void;

const SEGMENT_DEFAULT: number = 2 ** 20;
/** Written and synced at once, unless a single commit is larger. The rest waits for the next turn. */
const BATCH_MAX: number = 4 * 2 ** 20;
/** Turns that a commit waits at most while each brings another: a kernel hands out what has come one by one. */
const TURNS_MAX = 64;
/** Records of a checkpoint share frames of about this size. */
const CHECKPOINT_FRAME: number = 65_536;

/**
 * Reads a log. Its records have to be applied, and `renew` to succeed, before anything can be committed. That is also the way to go on
 * after a failure with what can be read.
 */
export function openLog(host: Pick<Host, 'storage' | 'clock' | 'random'>, options: LogOptions): Opened {
  const read = readFolder(host.storage, options.folder);
  if (!read.ok) return read;
  const { records, cut, sealed } = read.value;
  return { ok: true, records, cut, sealed, log: new StableLog(host, options, read.value) };
}

interface Waiting {
  readonly records: readonly LogRecord[];
  /** Of its frame. */
  readonly bytes: number;
  readonly then: Committed;
}

export class StableLog {
  readonly #host: Pick<Host, 'storage' | 'clock' | 'random'>;
  readonly #options: LogOptions;
  #state: 'read' | 'open' | 'failed' | 'closed' = 'read';
  /** Why it takes nothing, while it does not. */
  #error: HostError = { code: 'EINVAL', call: 'a log that was not renewed' };
  /** Of the segment that is written to, or was last. */
  #number: number;
  #mark: SegmentHeader['mark'] = [0, 0];
  /** Of the next frame. */
  #sequence: number;
  /** Bytes of the segment, and how many make it full. */
  #size = 0;
  #full = 0;
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;
  /** How many waited a turn ago, and for how many turns they have been written by nobody. */
  #waited = 0;
  #turns = 0;

  constructor(host: Pick<Host, 'storage' | 'clock' | 'random'>, options: LogOptions, { number, sequence }: Contents) {
    this.#host = host;
    this.#options = options;
    this.#number = number;
    this.#sequence = sequence;
  }

  /** It takes commits. */
  get open(): boolean {
    return this.#state === 'open';
  }

  /** Bytes of the segment that is written to. */
  get size(): number {
    return this.#size;
  }

  /**
   * Makes the records durable, all or none, after those of earlier commits, and then calls back: never before it has returned. No
   * records: calls back in turn. A commit of more than FRAME_MAX bytes is refused (EFBIG) and does no harm. Any other error means that
   * nothing is taken any more: all that wait are told the same, and so is who commits later.
   */
  commit(records: readonly LogRecord[], then: Committed): void {
    this.#waiting.push({ records, bytes: records.length === 0 ? 0 : FRAME_BYTES + sizeOf(records), then });
    this.#arm();
  }

  /**
   * Begins a new segment with a checkpoint, now. Of a log that was just read, or has failed, that opens it. ESTALE: another process has
   * begun one; this one must not go on. Other errors: it has failed, and this can be tried again.
   */
  renew(): Result<void> {
    if (this.#state === 'closed') throw new Error('a log that was closed');
    return this.#begin([]);
  }

  /**
   * Makes durable what waits, calls back, and writes that all is: what is damaged from now on will be found. Nothing can be committed
   * afterwards. A log that is not open is left as it is.
   */
  close(): Result<void> {
    while (this.#waiting.length > 0) this.#flush();
    this.#timer?.cancel();
    const sealed = this.#state === 'open' ? this.#append([this.#frame([])]) : fail(this.#error.code, this.#error.call);
    this.#state = 'closed';
    this.#error = { code: 'EINVAL', call: 'a log that was closed' };
    return sealed;
  }

  #arm(): void {
    this.#timer ??= this.#host.clock.setTimer(ZERO, this.#turn);
  }

  readonly #turn = (): void => {
    this.#timer = undefined;
    const more = this.#waiting.length > this.#waited && this.#turns < TURNS_MAX;
    if (!more) {
      this.#flush();
      return;
    }
    this.#waited = this.#waiting.length;
    this.#turns++;
    this.#arm();
  };

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const batch = this.#takeBatch();
    this.#waited = 0;
    this.#turns = 0;
    const result = this.#state === 'open' ? this.#write(batch) : fail(this.#error.code, this.#error.call);
    if (this.#waiting.length > 0) this.#arm();
    for (const { bytes, then } of batch) then(tooLarge(bytes) ? fail('EFBIG', `a commit of ${bytes} bytes`) : result);
  }

  #takeBatch(): readonly Waiting[] {
    let bytes = 0;
    const count = this.#waiting.findIndex((one, at) => {
      bytes += one.bytes;
      return at > 0 && bytes > BATCH_MAX;
    });
    return this.#waiting.splice(0, count < 0 ? this.#waiting.length : count);
  }

  #write(batch: readonly Waiting[]): Result<void> {
    const commits = batch.filter(({ bytes }) => bytes > 0 && !tooLarge(bytes));
    if (commits.length === 0) return DONE;
    const bytes = commits.reduce((sum, one) => sum + one.bytes, 0);
    if (this.#size + bytes > this.#full) return this.#begin(commits);
    const durable = this.#sequence - 1;
    return this.#append(commits.map(({ records }) => this.#frame(records, durable)));
  }

  #frame(records: readonly LogRecord[], durable = this.#sequence - 1): Uint8Array {
    return frameBytes(this.#mark, { sequence: this.#sequence++, durable }, records);
  }

  #append(frames: readonly Uint8Array[]): Result<void> {
    const { storage } = this.#host;
    const path = this.#path();
    const bytes = concat(frames);
    // To append would create it anew.
    const there = storage.stat(path);
    if (!there.ok) return this.#fail(there.error.code === 'ENOENT' ? stale(path) : there.error);
    if (there.value.size !== this.#size) return this.#fail(stale(path));
    const written = storage.append(path, bytes);
    const synced = written.ok ? storage.sync(path) : written;
    if (!synced.ok) return this.#fail(synced.error);
    this.#size += bytes.length;
    return DONE;
  }

  /** A new segment with a checkpoint and these. It is the log from the moment at which its name is durable. */
  #begin(commits: readonly Waiting[]): Result<void> {
    const { storage, random } = this.#host;
    const { folder } = this.#options;
    const names = storage.list(folder);
    if (!names.ok) return this.#fail(names.error);
    const { segments, unfinished } = listed(names.value);
    if ((segments.at(-1) ?? 0) > this.#number) return this.#fail(stale(folder));
    const number = this.#number + 1;
    // Not 0: nothing is not to look like a frame.
    this.#mark = [1 + random.below(2 ** 32 - 1), random.below(2 ** 32)];
    const sequence = this.#sequence;
    const frames = this.#checkpoint();
    const start = frames.reduce((sum, { length }) => sum + length, 0);
    for (const { records } of commits) frames.push(this.#frame(records));
    const bytes = segmentBytes({ number, mark: this.#mark, sequence }, frames);
    if (bytes.length > SEGMENT_MAX) return this.#fail({ code: 'EFBIG', call: `a checkpoint of ${bytes.length} bytes` });
    const fresh = this.#path(number) + UNFINISHED;
    const written = storage.write(fresh, bytes);
    const synced = written.ok ? storage.sync(fresh) : written;
    const renamed = synced.ok ? storage.rename(fresh, this.#path(number)) : synced;
    if (!renamed.ok) {
      // It may be in the way of the next: the disk may be full of it.
      storage.unlink(fresh);
      return this.#fail(renamed.error);
    }
    this.#number = number;
    const named = storage.sync(folder);
    if (!named.ok) return this.#fail(named.error);
    this.#state = 'open';
    this.#size = bytes.length;
    this.#full = Math.max(this.#options.segment ?? SEGMENT_DEFAULT, 2 * start);
    // Not synced: whatever comes back of them is older than this one, and goes at the next time.
    for (const name of [...segments.map(segmentName), ...unfinished]) storage.unlink(`${folder}/${name}`);
    return DONE;
  }

  #checkpoint(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let together: LogRecord[] = [];
    let size = 0;
    for (const record of this.#options.checkpoint()) {
      together.push(record);
      size += record.payload.length;
      if (size < CHECKPOINT_FRAME) continue;
      frames.push(this.#frame(together));
      together = [];
      size = 0;
    }
    if (together.length > 0) frames.push(this.#frame(together));
    return frames;
  }

  #fail(error: HostError): Result<never> {
    this.#state = 'failed';
    this.#error = error;
    return fail(error.code, error.call);
  }

  readonly #path = (number = this.#number): string => `${this.#options.folder}/${segmentName(number)}`;
}

const tooLarge = (bytes: number): boolean => bytes > FRAME_BYTES + FRAME_MAX;
const stale = (path: string): HostError => ({ code: 'ESTALE', call: `another process has changed ${path}` });
