/**
 * Text to trace, in pieces of any size. The file may come from anybody: whatever is wrong with it becomes a problem, with
 * its place and advice, and everything that can be read is given. The byte chain tells which block was changed; the
 * fingerprint tells whether the events are those that were recorded.
 * Lacks: files and compression (src/node); judgement of `engine`, which matters to a replay and not to a reader.
 */
import { ByteChain } from './chain.ts';
import { NO_HASH } from './encode.ts';
import type { TraceEvent, TraceFooter, TraceHeader } from './event.ts';
import type { CheckpointLine, EventLine, JsonObject, Read } from './fields.ts';
import { isObject, readCheckpoint, readEvent, readFooter } from './fields.ts';
import { Fingerprint } from './fingerprint.ts';
import { parseJson } from './json.ts';
import { EVENT_LIMIT, LINE_LIMIT, PROBLEM_LIMIT } from './limits.ts';
import type { Line } from './lines.ts';
import { LineSplitter } from './lines.ts';
import { readOpening } from './opening.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { UpgradeStep } from './upgrade.ts';

export type Item =
  /** `version`: as the file has it; the header is of today's where it was older. */
  | { readonly type: 'header'; readonly header: TraceHeader; readonly version: readonly [number, number] }
  /** `length` is that of the payload as it was; `event.bytes` is shorter when it was cut at writing. */
  | { readonly type: 'event'; readonly event: TraceEvent; readonly length: number }
  /** `verified`: the lines and the events since the checkpoint before are those that were written. */
  | { readonly type: 'checkpoint'; readonly index: number; readonly verified: boolean }
  | { readonly type: 'footer'; readonly footer: TraceFooter }
  | { readonly type: 'problem'; readonly problem: Problem };

/**
 * complete: as it was written, to the end. incomplete: as it was written, but the end is missing, or was not read because of
 * a limit. altered: something is not as it was written. unreadable: no trace, or one of another version.
 */
export type TraceState = 'complete' | 'incomplete' | 'altered' | 'unreadable';

export interface Finish {
  /** What the end of the file brought to light. */
  readonly items: readonly Item[];
  readonly state: TraceState;
  /** Events of kinds that this version does not know; a newer minor version may have such. They were given all the same. */
  readonly unknownKinds: number;
}

export interface DecoderOptions {
  readonly lineLimit?: number;
  readonly eventLimit?: number;
  readonly problemLimit?: number;
  /** From older versions of the format; default: those there are. */
  readonly steps?: readonly UpgradeStep[];
}

export class TraceDecoder {
  readonly #lines: LineSplitter;
  readonly #eventLimit: number;
  readonly #problemLimit: number;
  readonly #lineLimit: number;
  readonly #table: readonly UpgradeStep[] | undefined;
  readonly #chain = new ByteChain();
  readonly #fingerprint = new Fingerprint();
  #items: Item[] = [];
  #state: 'empty' | 'open' | 'ended' | 'stopped' | 'unreadable' = 'empty';
  #newer = false;
  #steps: readonly UpgradeStep[] = [];
  #altered = false;
  #problems = 0;
  #unknownKinds = 0;
  #events = 0;
  /** Index the next event must have; `undefined` after a line that may have been one. */
  #next: number | undefined = 0;
  #last = -1;
  #blockStart = 0;
  /** Off once an event was lost or a payload was cut: what the events hash to can no longer be what was written. */
  #fingerprintHolds = true;

  constructor(options: DecoderOptions = {}) {
    this.#lineLimit = options.lineLimit ?? LINE_LIMIT;
    this.#eventLimit = options.eventLimit ?? EVENT_LIMIT;
    this.#problemLimit = options.problemLimit ?? PROBLEM_LIMIT;
    this.#table = options.steps;
    this.#lines = new LineSplitter(this.#lineLimit, line => this.#line(line));
  }

  /** True once nothing more is read: a limit was passed, or this is no trace. What is pushed after that is ignored. */
  get stopped(): boolean {
    return !this.#reading();
  }

  push(bytes: Uint8Array): readonly Item[] {
    if (this.#reading() && !this.#lines.push(bytes)) {
      const message = `this line has more than ${this.#lineLimit} bytes`;
      this.#stop('limit', this.#lines.position, message, 'this is no trace, or it lost its line ends');
    }
    return this.#taken();
  }

  finish(): Finish {
    const rest = this.#reading() ? this.#lines.rest() : undefined;
    if (rest !== undefined) this.#unended(rest);
    if (this.#state === 'empty') this.#stop('format', this.#lines.position, 'the file is empty', 'see whether the recording was started');
    if (this.#state === 'open') {
      this.#problem(
        'incomplete',
        this.#lines.position,
        'the trace has no footer',
        'its recording was cut short; what is there can be used',
      );
      this.#state = 'stopped';
    }
    return { items: this.#taken(), state: this.#verdict(), unknownKinds: this.#unknownKinds };
  }

  #reading(): boolean {
    return this.#state === 'empty' || this.#state === 'open' || this.#state === 'ended';
  }

  #verdict(): TraceState {
    if (this.#state === 'unreadable') return 'unreadable';
    if (this.#altered) return 'altered';
    return this.#state === 'ended' ? 'complete' : 'incomplete';
  }

  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #line(line: Line): void {
    if (this.#state === 'empty') this.#header(line);
    else if (isComment(line)) return;
    else if (this.#state === 'open') this.#body(line);
    else if (this.#state === 'ended') this.#afterEnd(line);
  }

  /** The last line when it has no newline. One that was cut short lacks its brace, so what parses lacks nothing else. */
  #unended(line: Line): void {
    const whole = this.#state !== 'open' || isComment(line) || (line.text !== undefined && parseJson(line.text).ok);
    const message = `the last line stops after ${line.end - line.start} bytes and was left out`;
    if (whole) this.#line(line);
    else this.#problem('incomplete', line, message, 'the file was cut, or is still being written');
  }

  #header(line: Line): void {
    const opening = readOpening(line, this.#table);
    if (opening.ok) {
      this.#state = 'open';
      this.#newer = opening.newer;
      this.#steps = opening.steps;
      // What an older version wrote hashed its events as they were then.
      this.#fingerprintHolds = opening.steps.length === 0;
      this.#chain.addBytes(line.bytes, line.start, line.end);
      this.#items.push({ type: 'header', header: opening.header, version: opening.version });
    } else this.#stop(opening.code, line, opening.message, opening.advice);
  }

  #body(line: Line): void {
    const object = this.#object(line);
    // `end` is also what a process does to a stream; only an event has an index.
    if (object?.['k'] === 'end' && object['i'] === undefined) this.#footer(line, object);
    else if (object?.['k'] === '#') this.#checkpoint(line, object);
    else {
      this.#chain.addBytes(line.bytes, line.start, line.end);
      if (object !== undefined) this.#event(line, object);
    }
  }

  #event(line: Line, object: JsonObject): void {
    const read = this.#read(line, readEvent(object, this.#newer));
    if (read === undefined || !this.#inOrder(line, read.event.index)) return;
    if (this.#events >= this.#eventLimit) {
      this.#stop('limit', line, `the trace has more than ${this.#eventLimit} events`, 'raise the limit, or read a part of it');
      return;
    }
    this.#count(read);
    this.#items.push({ type: 'event', event: read.event, length: read.length });
  }

  #inOrder(line: Line, index: number): boolean {
    const gap = this.#next !== undefined && index !== this.#next;
    if (gap) this.#damage('order', line, `event ${this.#next} is next, found event ${index}`, 'lines were lost, added or moved');
    return !gap || index > this.#last;
  }

  #count(read: EventLine): void {
    const { event, length, unknown } = read;
    this.#events++;
    if (unknown) this.#unknownKinds++;
    this.#last = event.index;
    this.#next = event.index + 1;
    if (event.bytes !== undefined && event.bytes.length < length) this.#fingerprintHolds = false;
    if (this.#fingerprintHolds) this.#fingerprint.add(event);
  }

  #checkpoint(line: Line, object: JsonObject): void {
    const stated = this.#read(line, readCheckpoint(object));
    const hash = this.#chain.end();
    this.#chain.begin(stated?.hash ?? hash);
    if (stated === undefined) return;
    const placed = this.#next === undefined || stated.index === this.#last;
    if (!placed)
      this.#damage('order', line, `this checkpoint follows event ${stated.index}, found it after event ${this.#last}`, ADVICE.altered);
    const verified = this.#verify(line, hash, stated) && placed;
    this.#blockStart = stated.index + 1;
    this.#items.push({ type: 'checkpoint', index: stated.index, verified });
  }

  #footer(line: Line, object: JsonObject): void {
    const read = this.#read(line, readFooter(object));
    if (read === undefined) return;
    const { footer, hash } = read;
    // The first place that reads so is the key itself: within a JSON string the quotation marks would be escaped.
    this.#chain.addText(`${(line.text ?? '').replace(`"h":"${hash}"`, `"h":"${NO_HASH}"`)}\n`);
    const found = this.#chain.end();
    this.#verify(line, found, { index: footer.events - 1, hash, fingerprint: footer.fingerprint });
    if (footer.events !== this.#events) {
      this.#damage('altered', line, `the trace was written with ${footer.events} events, found ${this.#events}`, ADVICE.altered);
    }
    if (footer.at >= footer.events) this.#damage('field', line, `"at" must be the index of an event, found ${footer.at}`, ADVICE.field);
    this.#state = 'ended';
    this.#items.push({ type: 'footer', footer });
  }

  /** Each block is judged by itself: the chain goes on from what the file states, not from what was found. */
  #verify(line: Line, hash: string, stated: CheckpointLine): boolean {
    const block = `events ${this.#blockStart} to ${stated.index}`;
    if (hash !== stated.hash) {
      this.#damage(
        'altered',
        line,
        `the block of ${block} was changed: its bytes hash to ${hash}, written was ${stated.hash}`,
        ADVICE.altered,
      );
      this.#fingerprintHolds = false;
      return false;
    }
    const fingerprint = this.#fingerprint.digest();
    if (!this.#fingerprintHolds || fingerprint === stated.fingerprint) return true;
    const message = `the events up to ${stated.index} have fingerprint ${fingerprint}, recorded was ${stated.fingerprint}`;
    this.#damage('altered', line, message, 'the trace was written by hand, or by an encoder that does not agree with this one');
    return false;
  }

  #afterEnd(line: Line): void {
    this.#altered = true;
    this.#stop('order', line, 'nothing may follow the footer', 'one file holds one trace; cut the rest into a file of its own');
  }

  // ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #object(line: Line): JsonObject | undefined {
    if (line.text === undefined) return this.#lost('encoding', line, 'this line is not UTF-8', ADVICE.altered);
    const parsed = parseJson(line.text);
    if (!parsed.ok) return this.#lost(parsed.code, line, parsed.message, ADVICE.altered, parsed.column);
    if (isObject(parsed.value)) return this.#steps.reduce((upgraded, step) => step.line(upgraded), parsed.value);
    return this.#lost('syntax', line, 'every line of a trace is a JSON object', ADVICE.altered);
  }

  #read<T>(line: Line, read: Read<T>): T | undefined {
    return read.ok ? read.value : this.#lost('field', line, read.message, ADVICE.field);
  }

  /** A line that cannot be used. It may have been an event. */
  #lost(code: ProblemCode, line: Line, message: string, advice: string, column?: number): undefined {
    this.#next = undefined;
    this.#fingerprintHolds = false;
    this.#damage(code, line, message, advice, column);
  }

  #damage(code: ProblemCode, place: Position, message: string, advice: string, column?: number): void {
    this.#altered = true;
    this.#problem(code, place, message, advice, column);
  }

  #problem(code: ProblemCode, place: Position, message: string, advice: string, column?: number): void {
    if (!this.#reading()) return;
    this.#problems++;
    if (this.#problems > this.#problemLimit) {
      this.#state = 'stopped';
      const problem = { code: 'limit', message: `more than ${this.#problemLimit} problems`, advice: 'the rest was not read' } as const;
      this.#items.push({ type: 'problem', problem: { ...problem, line: place.number, offset: place.offset, column: undefined } });
      return;
    }
    const problem = { code, line: place.number, offset: place.offset, column, message, advice };
    this.#items.push({ type: 'problem', problem });
  }

  /** Nothing is read after this; what was read stands. */
  #stop(code: ProblemCode, place: Position, message: string, advice: string): void {
    this.#problem(code, place, message, advice);
    this.#state = this.#state === 'empty' ? 'unreadable' : 'stopped';
  }

  #taken(): readonly Item[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

interface Position {
  readonly number: number;
  readonly offset: number;
}

const isComment = (line: Line): boolean => line.bytes[line.start] === HASH_SIGN && line.bytes[line.start + 1] === SPACE;

const HASH_SIGN = 0x23;
const SPACE = 0x20;
const ADVICE = {
  field: 'the line was written by hand, or by a program that is not Slipway',
  altered: 'get the file again from where it was recorded; comments may be added only as lines that start with "# "',
} as const;
