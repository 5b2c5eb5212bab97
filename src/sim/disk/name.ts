/**
 * One path that a disk knows, and what it stands for.
 * Lacks: how that changes (names.ts).
 */
import type { Inode } from './inode.ts';

/** A path after all but its last name was looked up. */
export interface ResolvedName {
  readonly name: Name;
  /** It ends in `.` or `..`, or is the root. */
  readonly dots: boolean;
  /** Slashes follow. */
  readonly slash: boolean;
  /** The kernel finds that out when it looks the name up, and not before. */
  readonly tooLong: boolean;
}

/** As most paths are written, it is the place they lead to. */
export class Name implements ResolvedName {
  /** Of the root: itself. */
  readonly parent: Name;
  inode: Inode | undefined;
  durable: Inode | undefined;
  /** Whether `inode` is one. */
  directory = false;
  /** Outstanding changes that are about it, and names that lie in it. What is used, or stands for something, is known. */
  changes = 0;
  below = 0;
  known = false;
  /** In its normal form. */
  readonly path: string;
  /** When the path came to stand for something: the order in which a directory is listed. */
  since = 0;
  durableSince = 0;

  constructor(path: string, parent: Name | undefined) {
    this.path = path;
    this.parent = parent ?? this;
  }

  get name(): Name {
    return this;
  }
  get dots(): boolean {
    return false;
  }
  get slash(): boolean {
    return false;
  }
  get tooLong(): boolean {
    return false;
  }
}
