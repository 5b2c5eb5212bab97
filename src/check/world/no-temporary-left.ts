/**
 * NO TEMPORARY FILE IS LEFT: what was written under a name that is not its own is renamed or removed by whoever wrote it, or at the latest
 * by those who come after him. A name is temporary when it looks so, or when the same name but for its numbers was renamed to another one;
 * what is put aside, as a log is that begins anew, or goes on to another folder, had its own.
 *  - In the end a process that lives, or ended by itself, has left none, but for what it wrote in the last eighth of the liveness phase.
 *  - What those leave who are killed, or whom the disk failed, is found later: of one name but for its numbers there are never two of two
 *    such accidents.
 * Lacks: what is on a disk after a power cut, which only the next read can tell; directories.
 */
import type { EventData } from '../../host/event.ts';
import type { Duration } from '../../host/time.ts';
import type { EventKind, TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always, type RunEnding } from '../property.ts';
import { machineOf } from './housekeeping.ts';

const KINDS: readonly EventKind[] = ['write', 'append', 'rename', 'unlink', 'sync', 'exit', 'power', 'phase'];

/** `liveness`: the length of that phase. */
export const noTemporaryLeft = (liveness: Duration): AlwaysProperty =>
  always(
    'no-temporary-left',
    'A file with a temporary name is renamed or removed: none is left in the end, and what is left by accidents does not become more.',
    () => new TemporaryMonitor(liveness),
    KINDS,
  );

/** `state.new`, `x.tmp.12`, `tmp.A`, `.y~`. */
const TEMPORARY = /(?:^|[./_-])(?:tmp|temp|new|part|draft)(?:[./_-]?#)?$|(?:^|\/)(?:tmp|temp)[._-][^/]*$|~$/i;
/** In this part of the liveness phase, counted from its end, a file may be on its way. */
const LAST = 1 / 8;

interface Draft {
  readonly machine: string;
  readonly path: string;
  readonly writer: string;
  readonly at: number;
  readonly time: number;
  /** By what accident it is there: whose end, or a call that failed; '' for none. */
  accident: string;
}

class TemporaryMonitor implements AlwaysMonitor {
  readonly #liveness: number;
  /** `machine:path` -> a file that was written and neither renamed nor removed since. */
  readonly #drafts = new Map<string, Draft>();
  /** Names but for their numbers that files were renamed from. */
  readonly #renamed = new Set<string>();
  #begun = Number.POSITIVE_INFINITY;

  constructor(liveness: number) {
    this.#liveness = liveness;
  }

  see({ kind, process, data = {}, index, time }: TraceEvent): string | undefined {
    if (kind === 'phase') {
      if (data['name'] === 'liveness') this.#begun = time;
      return undefined;
    }
    if (kind === 'power') {
      for (const [key, draft] of this.#drafts) if (draft.machine === data['machine']) this.#drafts.delete(key);
      return undefined;
    }
    if (kind === 'exit') {
      if (data['signal'] !== undefined) for (const draft of this.#drafts.values()) if (draft.writer === process) draft.accident = process;
      return undefined;
    }
    const machine = machineOf(process);
    const path = String(data['path']);
    const key = `${machine}:${path}`;
    const draft = this.#drafts.get(key);
    if (data['error'] !== undefined) {
      if (draft !== undefined) draft.accident = String(index);
    } else if (kind === 'write' || kind === 'append') {
      this.#drafts.set(key, { machine, path, writer: process, at: index, time, accident: '' });
    } else if (kind !== 'sync') this.#gone(kind, key, data);
    return undefined;
  }

  end({ time, ended }: RunEnding): string | undefined {
    const recent = ended === 'quiet' ? time : this.#begun + this.#liveness * (1 - LAST);
    for (const { path, writer, at, time: written, accident } of this.#drafts.values())
      if (written <= recent && accident === '' && this.#isTemporary(path))
        return `${path}, which ${writer} wrote at event ${at}, is still there under its temporary name`;
    return this.#grown();
  }

  #gone(kind: EventKind, key: string, { path, to }: EventData): void {
    this.#drafts.delete(key);
    if (kind !== 'rename') return;
    if (!isPutAside(String(path), String(to))) this.#renamed.add(nameOf(String(path)));
    // Who was there under that name is gone, and who is there has his own name, whatever it looks like.
    this.#drafts.delete(`${key.slice(0, key.indexOf(':'))}:${String(to)}`);
  }

  #grown(): string | undefined {
    const first = new Map<string, Draft>();
    for (const draft of this.#drafts.values()) {
      if (draft.accident === '' || !this.#isTemporary(draft.path)) continue;
      const key = `${draft.machine}:${nameOf(draft.path)}`;
      const before = first.get(key);
      if (before !== undefined && before.accident !== draft.accident)
        return `${before.path} of ${before.writer} and ${draft.path} of ${draft.writer} are left: each such accident leaves one more`;
      first.set(key, before ?? draft);
    }
    return undefined;
  }

  #isTemporary(path: string): boolean {
    const name = nameOf(path);
    return this.#renamed.has(name) || TEMPORARY.test(name);
  }
}

/** Its name is kept, and more is added; or it has the same name in another folder. */
const isPutAside = (path: string, to: string): boolean => to.startsWith(path) || baseOf(to) === baseOf(path);
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** But for its numbers. */
const nameOf = (path: string): string => path.replace(/\d+/g, '#');
