/**
 * One child (C5): what it may send next, when, what it tells its log, and with which status it ends, by what it was told, what it bound, and
 * when it was asked to stop.
 * Lacks: what one says that was not asked for both kinds of events.
 */
import { EMPTY, equalBytes, textOf, utf8 } from '../../../src/host/bytes.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import type { SentFrame } from '../frames.ts';
import { ChildLog } from './child-log.ts';
import { type Extra, extrasOf } from './told.ts';
import { wrongForChild } from './usage.ts';

/** How long an exit waits for a parent that does not read. */
const FLUSH_LIMIT = seconds(1);
const SLACK = millis(500);
/** What wakes it that nothing holds up. */
const SOON = millis(100);
/** Bytes that wait in the event pipe, past which a child may have to wait for room. */
const ROOMY = 16_384;
/** No pipe holds more. */
const PIPE_MOST = 65_536;
const STEP_DEFAULT = 3;
/** What only somebody does who has taken its options. */
const WORK: readonly EventKind[] = ['fire', 'listen', 'append', 'sync'];
/** Of a frame that tells of an event. */
const EVENT_BYTES = 21;
/** From anywhere to the end. */
const STEPS_MOST = 6;

export class ChildModel {
  readonly #wrong: readonly string[];
  readonly #step: number;
  readonly #tellsAddresses: boolean;
  readonly #p2p: number;
  readonly #rpc: number;
  readonly #database: string | undefined;
  readonly #log: ChildLog;
  /** What is sent after 1,0, and what is refused. */
  readonly #extras: readonly Extra[];
  /** It speaks the table of the comment. */
  readonly #comment: boolean;
  /** It says all that happens to it, to somebody. */
  readonly #speaks: boolean;
  #said = '';
  #sent = 0;
  /** When the last message was sent. */
  #at: number;
  #asked: number | undefined;
  readonly #bound: string[] = [];
  /** Those that are still open. */
  readonly #open: Set<string> = new Set();
  #failed: string | undefined;
  #unread = 0;
  /** When all that it had said by then was read. */
  #read = 0;
  /** It may have waited for its parent. */
  #stuck = false;
  /** What was changed below the directory of its database, and what of it is on the disk for sure. */
  readonly #written: Set<string> = new Set();
  readonly #synced: Set<string> = new Set();
  late = false;

  /** `files`: by path, what is on the disk. */
  constructor(args: string, start: TraceEvent, files: ReadonlyMap<string, Uint8Array>) {
    const given = args.split(' ');
    const all = (name: string): readonly string[] =>
      given.filter(each => each.startsWith(`--${name}=`)).map(each => each.slice(name.length + 3));
    const count = (name: string, off: string): number => (given.includes(`--${off}`) ? 0 : Math.max(1, all(name).length));
    this.#wrong = wrongForChild(given);
    this.#step = millis(Number(all('open-delay').at(-1) ?? STEP_DEFAULT));
    this.#tellsAddresses = given.includes('--boundaddrevents');
    this.#p2p = count('listen', 'nolisten');
    this.#rpc = count('rpclisten', 'norpc');
    this.#database = all('database').at(-1);
    this.#extras = this.#wrong.length > 0 ? [] : extrasOf({ args: given, files });
    this.#log = new ChildLog(this.#wrong, this.#extras);
    this.#at = start.time;
    this.#comment = all('event-ids').at(-1) === 'comment';
    this.#stuck = given.includes('--ipc-only');
    this.#speaks = all('pipetx').length > 0 && given.includes('--lifetimeevents') && !this.#stuck;
  }

  /** Somebody reads from its event pipe, or writes to it. */
  pipe({ kind, bytes, time }: TraceEvent): void {
    this.#unread += (kind === 'send' ? 1 : -1) * (bytes?.length ?? 0);
    if (this.#unread === 0) this.#read = time;
    this.#stuck ||= this.#unread > ROOMY;
  }

  /** `why`: as its log has to say it. */
  asked(time: number, why: string): void {
    this.#asked ??= time;
    this.#log.asked(why);
  }

  does(event: TraceEvent): string | undefined {
    const { kind, data } = event;
    if (this.#wrong.length > 0 && WORK.includes(kind)) return `it takes ${this.#wrong[0]}`;
    const error = data?.['error'];
    const path = String(data?.['path']);
    if (kind === 'listen') return this.#listens(event);
    if (kind === 'close') this.#open.delete(String(data?.['at']));
    if (kind === 'append' && error === undefined) {
      this.#written.add(path);
      if (path !== `${this.#database}/blocks` || textOf(event.bytes ?? EMPTY) !== 'open\n') return `it writes something else to ${path}`;
    }
    if (kind === 'sync' && error === undefined) this.#synced.add(path);
    if (kind !== 'log') return undefined;
    const what = data?.['event'];
    if (what === 'database-open-failed' || what === 'database-close-failed') this.#failed = String(what);
    if (what === 'pipe-failed') this.#stuck = true;
    return this.#log.line(event) ?? (what === 'shutdown-requested' ? this.#log.overflowed(this.#waiting) : undefined);
  }

  #listens({ data }: TraceEvent): string | undefined {
    const [at, error] = [String(data?.['at']), data?.['error']];
    // What is decided once is done for all of them.
    const isRpc = this.#bound.length === this.#p2p;
    if (isRpc && this.#asked !== undefined && !this.#stuck) return 'it goes on to bind, though it was asked to stop';
    this.#bound.push(at);
    if (error === undefined) this.#open.add(at);
    else {
      this.#failed = 'listen-failed';
      this.#log.failed({ at, error });
    }
    return undefined;
  }

  says({ letter: constant, payload, type }: SentFrame, time: number): string | undefined {
    const letter = this.#comment ? (COMMENT[`${type} ${payload.join()}`] ?? constant) : constant;
    const isExtra = this.#said.includes('C') && this.#sent < this.#extras.filter(each => each.refused === undefined).length;
    const why = isExtra ? this.#extra(type, payload) : (this.#wrongly(letter, payload, type) ?? this.#untimely(letter, time));
    this.#said += isExtra ? 'x' : letter;
    this.#at = time;
    return why;
  }

  /** What it was told to send after 1,0. */
  #extra(type: string, payload: Uint8Array): string | undefined {
    const expected = this.#extras.filter(each => each.refused === undefined)[this.#sent++];
    return expected?.type === type && equalBytes(expected.payload, payload)
      ? undefined
      : `it sends ${type} of ${payload.length} bytes, and not ${expected?.type} of ${expected?.payload.length}`;
  }

  #count(letter: string): number {
    return this.#said.split(letter).length - 1;
  }

  #wrongly(letter: string, payload: Uint8Array, type: string): string | undefined {
    const before = this.#said.at(-1) ?? '';
    const asked = this.#asked !== undefined;
    const [p2p, rpc] = this.#tellsAddresses ? [this.#p2p, this.#rpc] : [0, 0];
    if (letter !== 'D' && before === 'D') {
      const why = this.#unopened();
      if (why !== undefined) return why;
    }
    switch (letter) {
      case 'P':
      case 'C':
        if (asked && !this.#stuck) return `it starts more, though it was asked to stop`;
        return letter === 'P' || (this.#count('a') === p2p && this.#count('r') === rpc) ? undefined : 'it says 1,0 before all addresses';
      case 'a':
      case 'r': {
        const text = String.fromCharCode(...payload);
        const bound = this.#bound[this.#count('a') + this.#count('r')];
        const kind = this.#count('a') < p2p ? 'a' : 'r';
        return bound === text && kind === letter ? undefined : `it says ${letter} ${text}, and has bound ${bound}`;
      }
      case '':
        return `it sends ${type}`;
      case 'p':
        if (!asked) return 'it stops its server, and nobody has asked';
        return this.#log.unstarted ?? this.#log.unrefused;
      case 'd': {
        const untold = before === 'p' ? this.#log.unstopped : undefined;
        if (untold !== undefined) return untold;
        const [open] = this.#open;
        if (open !== undefined) return `it closes its database, and listens at ${open} still`;
        const isStopping = asked || this.#failed !== undefined || before === 'p';
        return isStopping && this.#count('T') === this.#count('t') ? undefined : `it closes its database in the state ${this.#said}`;
      }
      case 'T':
      case 't':
        return letter === 'T' || asked || this.#failed !== undefined ? undefined : 'it stops its ticket database, and nobody has asked';
      default:
        return undefined;
    }
  }

  /** Its database has to be open before anything starts that needs it. */
  #unopened(): string | undefined {
    const within = `${this.#database}/`;
    const isOpen = [...this.#written].some(path => path.startsWith(within));
    return this.#database === undefined || isOpen ? undefined : `it goes on, and has written nothing below ${this.#database}`;
  }

  /** What comes before, and how many steps must lie between. */
  #untimely(letter: string, time: number): string | undefined {
    if (this.#stuck) return undefined;
    const before = this.#said.at(-1) ?? '';
    const steps = STEPS[letter === 'p' ? 'p' : `${before}${letter}`];
    const from = letter === 'p' ? Math.max(this.#at, this.#asked ?? 0) : this.#at;
    if (steps === undefined) return undefined;
    if (time < from + steps[0] * this.#step) return `it says ${letter} too early`;
    return !this.late && time > from + steps[1] * this.#step + SLACK ? `it says ${letter} too late` : undefined;
  }

  exits({ data, time }: TraceEvent): string | undefined {
    const { code, signal } = data ?? {};
    if (signal === 'SIGKILL') return undefined;
    if (signal !== undefined) return `it dies of ${String(signal)}`;
    if (code === 2) return this.#said === '' ? this.#log.unused : 'it complains of its options, and has said something';
    if (this.#wrong.length > 0) return `it takes ${this.#wrong[0]}`;
    const opened = this.#failed !== 'database-open-failed';
    if (opened && this.#asked === undefined && this.#failed === undefined) return 'it exits, and nobody has asked';
    if (code !== (this.#failed === undefined ? 0 : 1)) return `it exits with status ${String(code)}`;
    const unsynced = [...this.#written].find(path => !this.#synced.has(path));
    if (code === 0 && unsynced !== undefined) return `it exits, and ${unsynced} may be lost`;
    // Nothing is to be waited for once all of it was read.
    const last = Math.max(this.#at, this.#asked ?? 0);
    const flushed = this.#unread === 0 ? Math.max(last, this.#read) + SOON : last + FLUSH_LIMIT + SLACK;
    if (!this.late && time > flushed + STEPS_MOST * this.#step) return 'it exits too late';
    const untold = this.#log.untold ?? (this.#speaks ? this.#log.lost(this.#owed, this.#said.length, this.#unread > PIPE_MOST) : undefined);
    return untold ?? (!this.#stuck && time < this.#at + this.#step ? 'it exits too early' : undefined);
  }

  /** Bytes of frames that nobody has taken by the time it runs, where only the first was ever begun; `undefined` where that is not known. */
  get #waiting(): number | undefined {
    if (this.#said !== 'D' || !this.#speaks || this.#comment || this.#p2p + this.#rpc > 0) return undefined;
    const lengths = this.#extras
      .filter(each => each.refused === undefined)
      .map(({ type, payload }) => 6 + utf8(type).length + payload.length);
    // Before them come 0,1 and 1,0.
    return lengths.reduce((sum, length) => sum + length, 2 * EVENT_BYTES);
  }

  /** Messages of a whole life, from 0,0 to 2,0. */
  get #owed(): number {
    const addresses = this.#tellsAddresses ? this.#p2p + this.#rpc : 0;
    return (this.#comment ? 7 : 5) + addresses + this.#extras.filter(each => each.refused === undefined).length;
  }
}

/** Least and most steps from one message to another. Addresses come between; the second of two is bound at once. */
const STEPS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  D: [0, 0],
  DP: [1, 1],
  Dd: [1, 1],
  Pa: [1, 1],
  Pr: [2, 2],
  PC: [3, 3],
  Pd: [1, 3],
  aa: [0, 0],
  ar: [1, 1],
  aC: [2, 2],
  ad: [0, 2],
  rr: [0, 0],
  rC: [1, 1],
  rd: [0, 1],
  p: [0, 0],
  pd: [1, 1],
  DT: [1, 1],
  TP: [1, 1],
  Tt: [1, 1],
  Pt: [1, 3],
  at: [0, 2],
  rt: [0, 1],
  pt: [1, 1],
  td: [1, 1],
};

/** What a message is of a child that counts a ticket database (DC-01): T and t are its start and its stop. */
const COMMENT: Readonly<Record<string, string>> = {
  'lifetimeevent 0,1': 'T',
  'lifetimeevent 0,2': 'P',
  'lifetimeevent 2,2': 'p',
  'lifetimeevent 2,1': 't',
};
