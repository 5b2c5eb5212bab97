/**
 * DURABLE BEFORE TOLD: who says something has synced what it changed before, so that no power cut at that instant makes it untrue. What
 * is not durable follows from the calls alone: a file since its last write, a name until its directory is synced. Nothing depends
 * on when a power cut strikes, or on what one leaves by luck. To end with status 0 is to say that all went well.
 * A directory that is not durable takes with it what is in it: whoever made it, who keeps something there has to sync the one above.
 * Lacks: removals, which a power cut may undo: who promises them must say so by a property of its own.
 */
import type { EventKind, TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always } from '../property.ts';
import { type Durability, machineOf } from './housekeeping.ts';

type Directories = Readonly<Record<string, Durability>>;

export const durableBeforeTold = (directories: Directories): AlwaysProperty =>
  always(
    'durable-before-told',
    `What is renamed below ${Object.keys(directories).join(', ')} has been synced, and what is told of it cannot be lost.`,
    () => new DurableMonitor(directories),
    KINDS,
  );

const KINDS: readonly EventKind[] = [
  'write',
  'append',
  'rename',
  'unlink',
  'mkdir',
  'sync',
  'read',
  'stat',
  'send',
  'datagram',
  'exec',
  'exit',
  'power',
];

/** Of one process: what it changed and has not synced. */
class Unsynced {
  readonly contents: Set<string> = new Set();
  readonly names: Set<string> = new Set();

  get nothing(): boolean {
    return this.contents.size === 0 && this.names.size === 0;
  }

  sync(path: string): void {
    this.contents.delete(path);
    forgetIn(path, this.names);
  }

  move(from: string, to: string): void {
    if (this.contents.has(from)) this.contents.add(to);
    this.remove(from);
    this.names.add(to);
  }

  remove(path: string): void {
    this.contents.delete(path);
    this.names.delete(path);
  }
}

class DurableMonitor implements AlwaysMonitor {
  readonly #directories: readonly (readonly [directory: string, durability: Durability])[];
  readonly #unsynced = new Map<string, Unsynced>();
  /** `machine:path` of what was there before. */
  readonly #known = new Set<string>();
  /** By machine: directories that were made, and may be lost. */
  readonly #made = new Map<string, Set<string>>();

  constructor(directories: Directories) {
    this.#directories = Object.entries(directories).map(([directory, durability]) => [`${directory}/`, durability]);
  }

  see(event: TraceEvent): string | undefined {
    const { kind, process, data } = event;
    switch (kind) {
      case 'send':
      case 'datagram':
        return this.#unsynced.size === 0 ? undefined : this.#told(process);
      case 'exec':
      case 'exit': {
        const why = data?.['code'] === 0 ? this.#told(process) : undefined;
        this.#unsynced.delete(process);
        return why;
      }
      case 'power':
        for (const each of this.#unsynced.keys()) if (machineOf(each) === data?.['machine']) this.#unsynced.delete(each);
        this.#made.delete(String(data?.['machine']));
        return undefined;
      default:
        return this.#stored(event);
    }
  }

  #stored({ kind, process, data = {} }: TraceEvent): string | undefined {
    const path = String(data['path']);
    const to = String(data['to'] ?? path);
    if (data['error'] !== undefined) {
      // Who was told of a failure knows that not all is kept, and says so. That a directory is there is none.
      if (kind !== 'read' && kind !== 'stat' && data['error'] !== 'EEXIST') this.#unsynced.delete(process);
      return undefined;
    }
    const own = this.#unsynced.get(process) ?? new Unsynced();
    const torn = kind === 'rename' && own.contents.has(path) && this.#durabilityOf(to) !== undefined;
    this.#inDirectories(own, kind, to, machineOf(process));
    this.#change(own, kind, path, to, `${machineOf(process)}:${to}`);
    if (own.nothing) this.#unsynced.delete(process);
    else this.#unsynced.set(process, own);
    return torn
      ? `${process} renames ${path} to ${to} before its content is synced: a power cut may leave neither the old nor the new`
      : undefined;
  }

  #change(own: Unsynced, kind: EventKind, path: string, to: string, known: string): void {
    const durability = this.#durabilityOf(to);
    const told = durability === 'told';
    if (kind === 'sync') own.sync(path);
    else if (kind === 'unlink') own.remove(path);
    else if (kind === 'rename' && told) own.move(path, to);
    else if (kind === 'rename') own.remove(path);
    if ((kind === 'write' || kind === 'append') && durability !== undefined) own.contents.add(path);
    if (kind !== 'sync' && kind !== 'unlink' && !this.#known.has(known)) {
      this.#known.add(known);
      if (told && kind !== 'read' && kind !== 'stat') own.names.add(to);
    }
  }

  /** A directory goes with those above it, and whoever keeps something in it relies on all of them. */
  #inDirectories(own: Unsynced, kind: EventKind, path: string, machine: string): void {
    const made = this.#made.get(machine);
    if (kind === 'mkdir') this.#made.set(machine, (made ?? new Set()).add(path));
    if (made === undefined || made.size === 0) return;
    if (kind === 'sync') {
      forgetIn(path, made);
      for (const [process, { names }] of this.#unsynced) if (machineOf(process) === machine) forgetIn(path, names);
    } else if (CHANGES.has(kind) && this.#durabilityOf(path) === 'told')
      for (const each of made) if (path.startsWith(`${each}/`)) own.names.add(each);
  }

  #told(process: string): string | undefined {
    const own = this.#unsynced.get(process);
    if (own === undefined) return undefined;
    for (const path of own.contents)
      if (this.#durabilityOf(path) === 'told') return `${process} says something, or ends well, before the content of ${path} is synced`;
    for (const path of own.names)
      return `${process} says something, or ends well, before ${parentOf(path)} is synced, so that ${path} may be lost`;
    return undefined;
  }

  #durabilityOf(path: string): Durability | undefined {
    return this.#directories.find(([directory]) => path.startsWith(directory))?.[1];
  }
}

/** What is durable once this directory is. */
function forgetIn(directory: string, names: Set<string>): void {
  for (const name of names) if (parentOf(name) === directory) names.delete(name);
}

const CHANGES: ReadonlySet<EventKind> = new Set(['write', 'append', 'rename', 'mkdir'] as const);
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
