/**
 * A log of `strace -f -ttt -xx` as the events of a trace, line by line: sockets, pipes, signals, files and processes of a live daemon. Each
 * process is a lane `host/PROGRAM.PID`; threads are one with their process.
 * Lacks: what crossed between two traced processes over TCP as one stream: each end has its own channel.
 */
import { fromUtf8 } from '../../host/bytes.ts';
import type { Instant } from '../../host/time.ts';
import { type EventKind, NO_CAUSE, type TraceEvent } from '../../trace/event.ts';
import { LINE_LIMIT, PROCESS_LIMIT } from '../limits.ts';
import { Problems } from '../problem.ts';
import { CALLS, closed, FORKS, isThread } from './calls.ts';
import { type Description, Descriptors } from './descriptors.ts';
import { Fifos } from './fifos.ts';
import { Folders } from './folders.ts';
import { LineReader, type StraceLine, type SystemCall } from './line.ts';
import type { Occurrence, Traced } from './traced.ts';
import { valuesOf } from './value.ts';

/** The machine of all lanes: the log does not say its name. */
const MACHINE = 'host';
/** Until an `execve` is seen. */
const UNKNOWN_PROGRAM = 'process';

export class StraceImport {
  readonly problems: Problems = new Problems();
  readonly #take: (event: TraceEvent) => void;
  readonly #lines = new LineReader();
  readonly #processes = new Map<number, TracedProcess>();
  /** Who is about to have a child, and whether that is a thread. */
  readonly #forking = new Map<TracedProcess, boolean>();
  readonly #fifos = new Fifos();
  readonly #folders = new Folders();
  #rest = '';
  #offset = 0;
  #index = 0;
  #serial = 0;
  #now = 0;
  #began: number | undefined;
  #lineCount = 0;
  #known = 0;
  /** More lines may come. */
  reading = true;

  constructor(take: (event: TraceEvent) => void) {
    this.#take = take;
  }

  get events(): number {
    return this.#index;
  }

  get counts(): Readonly<Record<string, number>> {
    return { lines: this.#lineCount, processes: this.#known };
  }

  /** Bytes that were looked at. */
  get bytes(): number {
    return this.#offset;
  }

  /** Of the first line, in microseconds since 1970. */
  get began(): number | undefined {
    return this.#began;
  }

  feed(chunk: Uint8Array): void {
    if (!this.reading) return;
    let text = this.#rest;
    // Latin-1, so that a character is a byte and the offset is that of the file.
    for (let at = 0; at < chunk.length; at += PIECE) text += String.fromCharCode(...chunk.subarray(at, at + PIECE));
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#line(text.slice(from, end));
      from = end + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length <= LINE_LIMIT) return;
    this.problems.add(this.#offset, `a line of more than ${LINE_LIMIT} bytes; nothing after it is read`);
    this.reading = false;
  }

  end(): void {
    if (this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
    this.reading = false;
  }

  #line(text: string): void {
    const offset = this.#offset;
    this.#offset += text.length + 1;
    this.#lineCount++;
    const line = this.#lines.read(text);
    if (typeof line === 'string') this.problems.add(offset, line);
    else if (line !== undefined) this.#one(line, offset);
  }

  #one(line: StraceLine, offset: number): void {
    this.#began ??= line.time;
    this.#now = Math.max(this.#now, line.time - this.#began);
    const traced = this.#processOf(line.pid, offset);
    if (traced === undefined) return;
    traced.offset = offset;
    if (line.is === 'signal') traced.event('signal', { data: { signal: line.signal, action: 'delivered' } });
    else if (line.is === 'call') this.#call(traced, line);
    else if (traced.pid === line.pid) {
      traced.end(line.code === undefined ? { signal: line.signal ?? '' } : { code: line.code });
      this.#processes.delete(line.pid);
      this.#forking.delete(traced);
    } else this.#processes.delete(line.pid); // a thread
  }

  #call(traced: TracedProcess, call: SystemCall): void {
    if (FORKS.has(call.name)) {
      if (call.begun === true) this.#forking.set(traced, isThread(call));
      else this.#forking.delete(traced);
    }
    if (call.begun === true || !Object.hasOwn(CALLS, call.name)) return;
    CALLS[call.name]?.(traced, valuesOf(call.args), call);
  }

  /** A process that nobody has told of: whoever is about to have a child has had it. */
  #processOf(pid: number, offset: number): TracedProcess | undefined {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    if (this.#processes.size >= PROCESS_LIMIT) {
      this.problems.add(offset, `more than ${PROCESS_LIMIT} processes`);
      return undefined;
    }
    const [begun] = this.#forking.size === 1 ? this.#forking : [];
    if (begun === undefined) return this.#add(pid, UNKNOWN_PROGRAM, new Descriptors(), this.#folders.unknown());
    const [parent, thread] = begun;
    if (!thread) return this.#born(parent, pid);
    this.#processes.set(pid, parent);
    return parent;
  }

  #born(parent: TracedProcess, pid: number): TracedProcess {
    const child = this.#add(pid, parent.program, parent.descriptors.copy(), parent.folder);
    parent.event('spawn', { data: { child: pid, program: parent.program, args: '' } });
    return child;
  }

  #add(pid: number, program: string, descriptors: Descriptors, folder: string): TracedProcess {
    const traced = new TracedProcess(pid, program, descriptors, folder, {
      fifos: this.#fifos,
      folders: this.#folders,
      serial: () => ++this.#serial,
      warn: (offset, message) => this.problems.add(offset, message),
      emit: (process, kind, occurrence) => this.#event(process, kind, occurrence),
      spawned: (parent, child, isThread) => {
        if (isThread) this.#processes.set(child, parent);
        else if (!this.#processes.has(child)) this.#born(parent, child);
      },
    });
    this.#processes.set(pid, traced);
    this.#known++;
    return traced;
  }

  #event(process: string, kind: EventKind, { channel = '', bytes, data }: Occurrence): void {
    this.#take({ index: this.#index++, time: this.#now as Instant, process, kind, cause: NO_CAUSE, message: 0, channel, bytes, data });
  }
}

interface Surroundings {
  readonly fifos: Fifos;
  readonly folders: Folders;
  readonly serial: () => number;
  readonly warn: (offset: number, message: string) => void;
  readonly emit: (process: string, kind: EventKind, occurrence: Occurrence) => void;
  readonly spawned: (parent: TracedProcess, child: number, isThread: boolean) => void;
}

class TracedProcess implements Traced {
  readonly pid: number;
  program: string;
  descriptors: Descriptors;
  folder: string;
  /** Of the line that is being read. */
  offset = 0;
  readonly #surroundings: Surroundings;
  /** What the process had when its program began, by what it was not yet used for. */
  #handedOver: Readonly<Record<'read' | 'write', Map<Description, number>>> = { read: new Map(), write: new Map() };

  constructor(pid: number, program: string, descriptors: Descriptors, folder: string, surroundings: Surroundings) {
    this.pid = pid;
    this.program = program;
    this.descriptors = descriptors;
    this.folder = folder;
    this.#surroundings = surroundings;
    this.#begin();
  }

  descriptor(number: number): Description | undefined {
    return this.descriptors.get(number);
  }

  open(number: number, description: Omit<Description, 'holders'>, passing: boolean): void {
    this.descriptors.set(number, { ...description, holders: 0 }, passing);
  }

  close(number: number): Description | undefined {
    return this.descriptors.close(number);
  }

  closeBetween(first: number, last: number): readonly Description[] {
    return this.descriptors.between(first, last).flatMap(number => this.descriptors.close(number) ?? []);
  }

  duplicate(from: number, to: number, passing: boolean): void {
    const held = this.descriptors.get(from);
    if (held !== undefined && from !== to) this.descriptors.set(to, held, passing);
  }

  pass(number: number, passing: boolean): void {
    this.descriptors.pass(number, passing);
  }

  used(held: Description, direction: 'read' | 'write'): void {
    const channel = direction === 'read' ? held.into : held.out;
    const fd = this.#handedOver[direction].get(held);
    if (fd === undefined || channel === '' || (held.kind !== 'pipe' && held.kind !== 'stream')) return;
    this.#handedOver[direction].delete(held);
    this.event('attach', { channel, data: { fd, direction } });
  }

  #begin(): void {
    const { numbers } = this.descriptors;
    this.#handedOver = { read: new Map(numbers), write: new Map(numbers) };
  }

  get fifos(): Fifos {
    return this.#surroundings.fifos;
  }

  place(name: string, folder?: number): string | undefined {
    const { folders } = this.#surroundings;
    if (folder === undefined || name.startsWith('/')) return folders.placeIn(this.folder, name);
    const held = this.descriptors.get(folder);
    return held?.kind === 'place' ? folders.placeIn(held.at, name) : undefined;
  }

  enter(place: string | undefined): void {
    this.folder = place ?? this.#surroundings.folders.unknown();
  }

  isIn(place: string): void {
    const learnt = this.#surroundings.folders.learn(this.folder, place);
    if (learnt !== undefined) this.fifos.move(...learnt);
    this.folder = place;
  }

  serial(): number {
    return this.#surroundings.serial();
  }

  exec(path: string, args: readonly string[]): void {
    for (const held of this.descriptors.exec()) closed(this, held);
    this.#begin();
    this.program = path.replace(/^.*\//, '').replace(/\.\d+$/, '') || UNKNOWN_PROGRAM;
    this.event('start', { data: { program: path, args: args.slice(1).join(' '), parent: 0 } });
  }

  spawn(child: number, thread: boolean): void {
    this.#surroundings.spawned(this, child, thread);
  }

  end(status: { readonly code: number } | { readonly signal: string }): void {
    for (const held of this.descriptors.clear()) closed(this, held);
    this.event('exit', { data: status });
  }

  event(kind: EventKind, occurrence: Occurrence = {}): void {
    this.#surroundings.emit(`${MACHINE}/${this.program}.${this.pid}`, kind, occurrence);
  }

  warn(message: string): void {
    this.#surroundings.warn(this.offset, message);
  }
}

/** Characters that are made at once. */
const PIECE = 8_192;

/** The file begins as such a log does: with who and when. */
export const isStrace = (bytes: Uint8Array): boolean =>
  /^(?:\[pid +\d+\] |\d+ +)?\d{9,12}\.\d{6,9} (?:\w+\(|---|\+\+\+|<\.\.\.)/.test(fromUtf8(bytes.subarray(0, 200)) ?? '');
