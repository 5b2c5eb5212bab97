/**
 * One parent (README of src/impl/lifetime: lifetime-parent): what it has to observe, when it has to stop its child and how, and with which
 * status it has to end.
 * Lacks: a parent whose observations wait for a reader.
 */
import { millis, seconds } from '../../../src/host/time.ts';
import { canonicalJson } from '../../../src/trace/canonical.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Family } from '../family.ts';
import type { Observed } from '../wire.ts';
import { type Line, Reading } from './reading.ts';
import { wrongForParent } from './usage.ts';

/** How long the end of the event pipe may follow the child's. */
const EOF_LIMIT = seconds(1);
/** Past the moment at which something is due; nobody is so slow. */
const SLACK = millis(500);
const PAYLOAD_LIMIT = 1_048_576;
const MESSAGES: readonly unknown[] = ['lifetime', 'address', 'unknown', 'violation'];

export class ParentModel {
  readonly #stopAfter: number | undefined;
  /** How long each way to stop a child has to help. */
  readonly #waits: readonly number[];
  readonly #reading: Reading;
  readonly #wrong: readonly string[];
  #usage: string | undefined;
  #due: Line[] = [];
  #spawned: number | undefined;
  /** Why it has to stop its child at once. */
  #mustStop: string | undefined;
  #stops: string[] = [];
  #stopped = 0;
  #reaped: { readonly time: number; readonly code: unknown; readonly signal: unknown } | undefined;
  #eof = false;
  #ended = false;
  /** It may have stood still: nothing is too late. */
  late = false;

  /** Numbers of ends of pipes that it has, and has not attached. */
  readonly #ends: Set<number> = new Set();

  constructor(args: string) {
    const own = args.split(' -- ')[0]?.split(' ') ?? [];
    this.#wrong = wrongForParent(args.split(' ').filter(each => each !== ''));
    const number = (name: string): number | undefined => {
      const given = own.findLast(each => each.startsWith(`--${name}=`));
      return given === undefined ? undefined : Number(given.slice(name.length + 3));
    };
    const after = number('stop-after');
    this.#stopAfter = after === undefined ? undefined : millis(after);
    this.#waits = [millis(number('grace') ?? 5_000), millis(number('kill-after') ?? 5_000)];
    this.#reading = new Reading(number('payload-limit') ?? PAYLOAD_LIMIT);
  }

  /** It makes, takes or lets go ends of pipes. */
  holds({ kind, data }: TraceEvent): void {
    if (kind === 'pipe') for (const end of ['read', 'write']) this.#ends.add(Number(data?.[end]));
    else this.#ends.delete(Number(data?.['fd']));
  }

  /** Something comes to it: what came before is done. */
  comes({ kind, data, channel, bytes, time }: TraceEvent, family: Family): string | undefined {
    const why = this.#undone(time);
    if (why !== undefined) return why;
    if (kind === 'recv' && channel === family.events && bytes !== undefined) {
      if (this.#reading.stopped) return 'it reads on after a violation';
      this.#due.push(...this.#reading.push(bytes));
    }
    if (kind === 'eof' && channel === family.events) {
      this.#eof = true;
      this.#due.push({ event: 'eof' }, ...this.#reading.end());
    }
    if (this.#reading.stopped) this.#mustStop = 'a violation';
    if (kind === 'signal' && (data?.['signal'] === 'SIGTERM' || data?.['signal'] === 'SIGINT')) this.#mustStop = String(data['signal']);
    if (kind === 'wait' && data?.['child'] !== undefined) this.#reaped = { time, code: data['code'], signal: data['signal'] };
    return undefined;
  }

  spawns({ data, time }: TraceEvent): string | undefined {
    if (data?.['child'] !== undefined) this.#spawned = time;
    return this.#wrong.length > 0 ? `it takes ${this.#wrong[0]}` : undefined;
  }

  #undone(time: number): string | undefined {
    const [due] = this.#due;
    if (due !== undefined) return `it does not tell of ${JSON.stringify(due)}`;
    const alive = this.#reaped === undefined && this.#spawned !== undefined;
    // That of the control pipe, until it is closed: who keeps an end of his child's never learns that the child is gone.
    if (alive && this.#ends.size > (this.#stops.length === 0 ? 1 : 0))
      return `it keeps ${this.#ends.size} ends of pipes that it does not use`;
    if (alive && this.#stops.length === 0 && this.#mustStop !== undefined) return `it does not stop its child after ${this.#mustStop}`;
    if (this.late || !alive) return undefined;
    const next = this.#nextStop();
    return next !== undefined && time > next + SLACK ? `it stops its child too late: ${this.#stops.length} ways are tried` : undefined;
  }

  /** When the next way to stop its child is due. */
  #nextStop(): number | undefined {
    const count = this.#stops.length;
    if (count === 0) return this.#stopAfter === undefined || this.#spawned === undefined ? undefined : this.#spawned + this.#stopAfter;
    const wait = this.#waits[count - 1];
    return wait === undefined ? undefined : this.#stopped + wait;
  }

  observes(line: Observed, time: number): string | undefined {
    if (this.#ended) return 'it says something after its last line';
    const { event } = line;
    if (event === 'stop') return this.#stop(String(line['by']), time);
    if (event === 'ended') return this.#end(line, time);
    if (event !== 'eof' && !MESSAGES.includes(event)) return undefined;
    const due = this.#due.shift();
    return canonicalJson(line) === canonicalJson(due ?? {})
      ? undefined
      : `it tells of ${JSON.stringify(line)}, and not of ${JSON.stringify(due ?? 'nothing')}`;
  }

  /** A line of its log, beside its observations. */
  logs({ data }: TraceEvent): string | undefined {
    const { severity, event: slug, ...fields } = data ?? {};
    const says = `its log says ${String(severity)} ${String(slug)} ${JSON.stringify(fields)}`;
    if (slug === 'usage') {
      this.#usage = String(fields['text']);
      const named = this.#wrong.some(each => this.#usage?.includes(each));
      return severity === 'error' && named ? undefined : says;
    }
    if (slug === 'event-table') return severity === 'info' && fields['speaks'] === this.#reading.speaks ? undefined : says;
    if (slug === 'no-eof') return severity === 'warning' && this.#reaped !== undefined && !this.#eof ? undefined : says;
    return undefined;
  }

  #stop(by: string, time: number): string | undefined {
    const expected = ['control', 'SIGTERM', 'SIGKILL'][this.#stops.length];
    const due = this.#nextStop();
    const early = due === undefined || time < due;
    if (by !== expected) return `it stops its child by ${by}, and not by ${expected}`;
    if (this.#reaped !== undefined) return `it stops a child that has ended, by ${by}`;
    if (early && !(by === 'control' && this.#mustStop !== undefined)) return `it stops its child too early, by ${by}`;
    this.#stops = [...this.#stops, by];
    this.#stopped = time;
    return undefined;
  }

  kills({ data }: TraceEvent, family: Family): string | undefined {
    const { signal, target } = data ?? {};
    const said = this.#stops.at(-1);
    return family.child.endsWith(`.${String(target)}`) && signal === said ? undefined : `it sends ${String(signal)} to ${String(target)}`;
  }

  #end(line: Observed, time: number): string | undefined {
    this.#ended = true;
    if (this.#reaped === undefined) return 'it says that its child has ended, which it has not waited for';
    const { code, signal } = this.#reaped;
    if (line['code'] !== code || line['signal'] !== signal) return 'it says that its child has ended otherwise than it has';
    const waited = this.#eof || this.#reading.stopped || time >= this.#reaped.time + EOF_LIMIT;
    if (!waited) return 'it ends, and has not read to the end';
    return !this.late && time > this.#reaped.time + EOF_LIMIT + SLACK ? 'it ends too late' : undefined;
  }

  exits({ data, time }: TraceEvent): string | undefined {
    const { code, signal } = data ?? {};
    if (signal === 'SIGKILL') return undefined;
    if (signal !== undefined) return `it dies of ${String(signal)}`;
    if (code === 2) return this.#usage === undefined ? 'it ends as by a wrong option, and does not say which' : undefined;
    if (this.#wrong.length > 0) return `it takes ${this.#wrong[0]}`;
    const undone = this.#undone(time);
    if (undone !== undefined) return undone;
    if (this.#spawned === undefined) return code === 1 ? undefined : `it exits with status ${String(code)}, and has started nothing`;
    if (!this.#ended) return 'it exits, and has not said how its child ended';
    const clean = this.#reaped?.code === 0 && this.#stops.length > 0 && !this.#reading.stopped;
    return code === (clean ? 0 : 1) ? undefined : `it exits with status ${String(code)}`;
  }
}
