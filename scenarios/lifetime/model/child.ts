/**
 * One child (C5): what it may send next, when, and with which status it ends, by what it was told, what it bound, and when it was asked to
 * stop.
 * Lacks: a child that speaks the table of the comment; one that has no pipes (--ipc-only) is judged by its end.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { SentFrame } from '../frames.ts';

/** How long an exit waits for a parent that does not read. */
const FLUSH_LIMIT = seconds(1);
const SLACK = millis(500);
/** Bytes that wait in the event pipe, past which a child may have to wait for room. */
const ROOMY = 16_384;
const STEP_DEFAULT = 3;
/** From anywhere to the end. */
const STEPS_MOST = 6;
const TYPE_MOST = 255;

export class ChildModel {
  readonly #step: number;
  readonly #tellsAddresses: boolean;
  readonly #p2p: number;
  readonly #rpc: number;
  /** Types of what is sent after 1,0; `undefined` where that is not known here. */
  readonly #extras: readonly string[] | undefined;
  #said = '';
  /** When the last message was sent. */
  #at: number;
  #asked: number | undefined;
  readonly #bound: string[] = [];
  #failed: string | undefined;
  #unread = 0;
  /** It may have waited for its parent. */
  #stuck = false;
  late = false;

  constructor(args: string, start: TraceEvent) {
    const given = args.split(' ');
    const all = (name: string): readonly string[] =>
      given.filter(each => each.startsWith(`--${name}=`)).map(each => each.slice(name.length + 3));
    const count = (name: string, off: string): number => (given.includes(`--${off}`) ? 0 : Math.max(1, all(name).length));
    this.#step = millis(Number(all('open-delay')[0] ?? STEP_DEFAULT));
    this.#tellsAddresses = given.includes('--boundaddrevents');
    this.#p2p = count('listen', 'nolisten');
    this.#rpc = count('rpclisten', 'norpc');
    const odd = all('blob').length + all('event').length > 0;
    const accepted = all('message').filter(isAccepted);
    const rounds = Array.from({ length: Number(all('repeat')[0] ?? 1) }, () => accepted);
    this.#extras = odd ? undefined : rounds.flat().map(each => each.split(':')[0] ?? '');
    this.#at = start.time;
    this.#stuck = given.includes('--ipc-only');
  }

  /** Somebody reads from its event pipe, or writes to it. */
  pipe({ kind, bytes }: TraceEvent): void {
    this.#unread += (kind === 'send' ? 1 : -1) * (bytes?.length ?? 0);
    this.#stuck ||= this.#unread > ROOMY;
  }

  asked(time: number): void {
    this.#asked ??= time;
  }

  does({ kind, data }: TraceEvent): string | undefined {
    const event = data?.['event'];
    if (kind === 'listen') return this.#listens(String(data?.['at']), data?.['error'] !== undefined);
    if (event === 'database-open-failed' || event === 'database-close-failed') this.#failed = String(event);
    if (event === 'pipe-failed') this.#stuck = true;
    return undefined;
  }

  #listens(at: string, failed: boolean): string | undefined {
    // What is decided once is done for all of them.
    const isRpc = this.#bound.length === this.#p2p;
    if (isRpc && this.#asked !== undefined && !this.#stuck) return 'it goes on to bind, though it was asked to stop';
    this.#bound.push(at);
    if (failed) this.#failed = 'listen-failed';
    return undefined;
  }

  says({ letter, payload, type }: SentFrame, time: number): string | undefined {
    const why = this.#wrong(letter, String.fromCharCode(...payload), type) ?? this.#untimely(letter, time);
    this.#said += letter === '' ? 'x' : letter;
    this.#at = time;
    return why;
  }

  #count(letter: string): number {
    return this.#said.split(letter).length - 1;
  }

  #wrong(letter: string, text: string, type: string): string | undefined {
    const before = this.#said.at(-1) ?? '';
    const asked = this.#asked !== undefined;
    const [p2p, rpc] = this.#tellsAddresses ? [this.#p2p, this.#rpc] : [0, 0];
    switch (letter) {
      case 'P':
      case 'C':
        if (asked && !this.#stuck) return `it starts more, though it was asked to stop`;
        return letter === 'P' || (this.#count('a') === p2p && this.#count('r') === rpc) ? undefined : 'it says 1,0 before all addresses';
      case 'a':
      case 'r': {
        const bound = this.#bound[this.#count('a') + this.#count('r')];
        const kind = this.#count('a') < p2p ? 'a' : 'r';
        return bound === text && kind === letter ? undefined : `it says ${letter} ${text}, and has bound ${bound}`;
      }
      case '': {
        const expected = this.#extras?.[this.#count('x')];
        return this.#extras === undefined || (expected === type && this.#count('C') === 1) ? undefined : `it sends ${type}`;
      }
      case 'p':
        if (!asked) return 'it stops its server, and nobody has asked';
        return this.#extras === undefined || this.#count('x') === this.#extras.length
          ? undefined
          : 'it has not sent all that it was told to';
      case 'd':
        return asked || this.#failed !== undefined || before === 'p' ? undefined : 'it closes its database, and nobody has asked';
      default:
        return undefined;
    }
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
    if (code === 2 && this.#said === '') return undefined;
    const opened = this.#failed !== 'database-open-failed';
    if (opened && this.#asked === undefined && this.#failed === undefined) return 'it exits, and nobody has asked';
    if (code !== (this.#failed === undefined ? 0 : 1)) return `it exits with status ${String(code)}`;
    if (!this.late && time > Math.max(this.#at, this.#asked ?? 0) + STEPS_MOST * this.#step + FLUSH_LIMIT + SLACK)
      return 'it exits too late';
    if (this.#stuck) return undefined;
    return time < this.#at + this.#step ? 'it exits too early' : undefined;
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
};

/** `TYPE:HEX[:SIZE]`. */
function isAccepted(message: string): boolean {
  const [type = '', body = '', size] = message.split(':');
  return utf8(type).length <= TYPE_MOST && (size === undefined || Number(size) === body.length / 2);
}
