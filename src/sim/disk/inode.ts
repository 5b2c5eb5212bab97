/**
 * What a name of a disk stands for: the bytes of a file as processes see them, and what a power cut leaves of them.
 * Lacks: names (names.ts), permissions, sparse files.
 */
import { EMPTY } from '../../host/bytes.ts';
import type { FileStatus } from '../../host/host.ts';
import type { Instant } from '../../host/time.ts';
import type { Prng } from '../core/prng.ts';
import { Content } from './content.ts';

/** `kept`: everything; `lost`: only what was synced; `torn`: drawn, a write may be cut anywhere. */
export type Unsynced = 'kept' | 'lost' | 'torn';

/**
 * A kernel writes back what nobody syncs. Here it does so when more than this many writes of one file, or changes of
 * names, are outstanding; it bounds what a daemon that never syncs can make the disk remember.
 */
export const OUTSTANDING_MAX = 1_024;

export interface WriteRecord {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** A truncation comes before the bytes. */
  readonly truncate: boolean;
}

const SECOND = 1_000_000;

export class Inode {
  readonly kind: FileStatus['kind'];
  #content: Content = Content.EMPTY;
  /** Seconds and the rest, because a number of this size would be an object of its own. */
  #seconds = 0;
  #micros = 0;
  /** What is not durable: nothing; the whole content, written at once to an empty file; or what #writes says. */
  #state: 'synced' | 'new' | 'written' = 'synced';
  #writes: Writes | undefined;
  /** Of those that are free, the one behind it (names.ts). */
  next: Inode | undefined;

  constructor(kind: FileStatus['kind'], modified: Instant) {
    this.kind = kind;
    this.touch(modified);
  }

  /** As if it were made now. Only of a file that nothing knows any more. */
  renewed(now: Instant): Inode {
    this.touch(now);
    this.#content = Content.EMPTY;
    this.#writes = undefined;
    this.sync();
    return this;
  }

  get content(): Content {
    return this.#content;
  }

  get modified(): Instant {
    return (this.#seconds * SECOND + this.#micros) as Instant;
  }

  /** How many writes a power cut may take. */
  get outstanding(): number {
    return this.#state === 'new' ? 1 : (this.#writes?.unsynced.length ?? 0);
  }

  /** At the end, or in the place of all that was there. Nobody may write to `bytes` any more. */
  write(bytes: Uint8Array, truncate: boolean, now: Instant): void {
    this.touch(now);
    if (this.#state === 'synced' && this.#content.length === 0 && truncate) {
      this.#content = Content.of(bytes);
      this.#state = 'new';
      return;
    }
    const writes = this.#log();
    const write = { offset: truncate ? 0 : this.#content.length, bytes, truncate };
    this.#content = written(this.#content, write);
    writes.unsynced.push(write);
    if (writes.unsynced.length <= OUTSTANDING_MAX) return;
    // The older half of what is outstanding reaches the platter.
    for (const oldest of writes.unsynced.splice(0, OUTSTANDING_MAX / 2)) writes.durable = written(writes.durable, oldest);
  }

  sync(): void {
    const writes = this.#writes;
    if (writes?.failed === true) {
      // What a sync has failed to write before is not written by this one.
      writes.durable = writes.unsynced.splice(0).reduce(written, writes.durable);
      return;
    }
    this.#state = 'synced';
    if (writes !== undefined) this.#writes = undefined;
  }

  /** What is outstanding stays as it is seen, and never becomes durable. */
  failSync(): void {
    const writes = this.#log();
    writes.unsynced.length = 0;
    writes.failed = true;
  }

  /** What there would be if nothing more reached the platter, and what has not, oldest first. */
  atStake(): { readonly durable: Content; readonly unsynced: readonly WriteRecord[] } {
    if (this.#state === 'new') return { durable: Content.EMPTY, unsynced: [{ offset: 0, bytes: this.#content.bytes(), truncate: true }] };
    return this.#writes ?? { durable: this.#content, unsynced: [] };
  }

  /** How many writes were at stake. */
  powerCut(unsynced: Unsynced, prng: Prng): number {
    const affected = unsynced === 'kept' ? 0 : this.outstanding;
    if (unsynced !== 'kept' || this.#writes?.failed === true) {
      const { durable, unsynced: writes } = this.#log();
      if (unsynced === 'kept') this.#content = writes.reduce(written, durable);
      else this.#content = unsynced === 'lost' ? durable : torn(durable, writes, prng);
    }
    this.#writes = undefined;
    this.sync();
    return affected;
  }

  /** The content changed: of a directory, its names. */
  touch(now: Instant): void {
    this.#seconds = Math.floor(now / SECOND);
    this.#micros = now - this.#seconds * SECOND;
  }

  /** What is outstanding, one by one. */
  #log(): Writes {
    const fresh = this.#state === 'new';
    this.#writes ??= {
      durable: fresh ? Content.EMPTY : this.#content,
      unsynced: fresh ? [{ offset: 0, bytes: this.#content.bytes(), truncate: true }] : [],
    };
    this.#state = 'written';
    return this.#writes;
  }
}

interface Writes {
  durable: Content;
  /** Since the last sync, oldest first. */
  readonly unsynced: WriteRecord[];
  /** A sync has failed: the content is not what `durable` and `unsynced` give. */
  failed?: boolean;
}

/** Each unsynced write reached the platter or not, the last that did is cut anywhere; a gap before a kept one reads as zeros. */
function torn(durable: Content, unsynced: readonly WriteRecord[], prng: Prng): Content {
  const survivors = unsynced.filter(() => prng.chance(500));
  let content = durable;
  survivors.forEach((write, index) => {
    const whole = index < survivors.length - 1;
    const bytes = whole ? write.bytes : write.bytes.slice(0, prng.between(0, write.bytes.length));
    content = written(content, { ...write, bytes });
  });
  return content;
}

/** The content after a write. After a power cut an earlier one may be missing: a gap reads as zeros, old bytes stay behind it. */
export function written(content: Content, { offset, bytes, truncate }: WriteRecord): Content {
  if (truncate) return Content.of(bytes);
  const end = offset + bytes.length;
  const behind = content.length > end ? content.bytes().subarray(end) : EMPTY;
  return content.cut(offset).padded(offset).append(bytes).append(behind);
}
