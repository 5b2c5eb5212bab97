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
import { CALLS, closed, FORKS, type Occurrence, type Traced } from './calls.ts';
import { type Description, Descriptors } from './descriptors.ts';
import { LineReader, type StraceLine, type SystemCall } from './line.ts';
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
  /** Who is about to have a child. */
  readonly #forking = new Set<TracedProcess>();
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
    if (FORKS.has(call.name)) this.#forking[call.begun === true ? 'add' : 'delete'](traced);
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
    const [parent] = this.#forking.size === 1 ? this.#forking : [];
    return parent === undefined ? this.#add(pid, UNKNOWN_PROGRAM, new Descriptors()) : this.#born(parent, pid);
  }

  #born(parent: TracedProcess, pid: number): TracedProcess {
    const child = this.#add(pid, parent.program, parent.descriptors.copy());
    parent.event('spawn', { data: { child: pid, program: parent.program, args: '' } });
    return child;
  }

  #add(pid: number, program: string, descriptors: Descriptors): TracedProcess {
    const traced = new TracedProcess(pid, program, descriptors, {
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
  readonly serial: () => number;
  readonly warn: (offset: number, message: string) => void;
  readonly emit: (process: string, kind: EventKind, occurrence: Occurrence) => void;
  readonly spawned: (parent: TracedProcess, child: number, isThread: boolean) => void;
}

class TracedProcess implements Traced {
  readonly pid: number;
  program: string;
  descriptors: Descriptors;
  /** Of the line that is being read. */
  offset = 0;
  readonly #surroundings: Surroundings;

  constructor(pid: number, program: string, descriptors: Descriptors, surroundings: Surroundings) {
    this.pid = pid;
    this.program = program;
    this.descriptors = descriptors;
    this.#surroundings = surroundings;
  }

  descriptor(number: number): Description | undefined {
    return this.descriptors.get(number);
  }

  open(number: number, description: Omit<Description, 'holders'>): void {
    this.descriptors.set(number, { ...description, holders: 0 });
  }

  close(number: number): Description | undefined {
    return this.descriptors.close(number);
  }

  duplicate(from: number, to: number): void {
    const held = this.descriptors.get(from);
    if (held !== undefined && from !== to) this.descriptors.set(to, held);
  }

  serial(): number {
    return this.#surroundings.serial();
  }

  exec(path: string, args: readonly string[]): void {
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
