/**
 * The lines of `strace -f -ttt -xx`: who, when, and a call with its answer, a signal, or an end. A call that was interrupted by lines of
 * others (`<unfinished ...>`, `<... read resumed>`) is one line again, at the time of its answer.
 * Lacks: other forms of time than `-ttt`; they are told.
 */
import { PROCESS_LIMIT } from '../limits.ts';

export interface SystemCall {
  readonly is: 'call';
  readonly pid: number;
  /** Microseconds since 1970, of the answer where both are told. */
  readonly time: number;
  readonly name: string;
  /** Between the parentheses. */
  readonly args: string;
  /** Absent: it did not come back (`= ?`), or is no number. */
  readonly result: number | undefined;
  /** `ENOENT`, where it failed. */
  readonly error: string | undefined;
  /** It has begun, and its answer comes later. Only told of calls that make processes. */
  readonly begun?: boolean;
}
export interface SignalLine {
  readonly is: 'signal';
  readonly pid: number;
  readonly time: number;
  readonly signal: string;
}
export interface EndLine {
  readonly is: 'end';
  readonly pid: number;
  readonly time: number;
  readonly code: number | undefined;
  readonly signal: string | undefined;
}
export type StraceLine = SystemCall | SignalLine | EndLine;

export class LineReader {
  /** Calls that are under way, by process. */
  readonly #open = new Map<number, { readonly name: string; readonly text: string }>();

  /** A line without its end. `undefined`: nothing (yet); a text: what is wrong with it. */
  read(line: string): StraceLine | string | undefined {
    const head = /^(?:\[pid +(\d+)\] |(\d+) +)?(\d{1,12})\.(\d{6,9}) /.exec(line);
    if (head === null) return line.trim() === '' ? undefined : 'it has no time as -ttt writes it';
    const [whole = '', bracketed, plain, seconds, part = ''] = head;
    const pid = Number(bracketed ?? plain ?? 0);
    const time = Number(seconds) * 1_000_000 + Number(part.slice(0, 6));
    return this.#body(pid, time, line.slice(whole.length));
  }

  #body(pid: number, time: number, text: string): StraceLine | string | undefined {
    const end = /^\+\+\+ (?:exited with (\d+)|killed by (SIG\w+).*?) \+\+\+$/.exec(text);
    if (end !== null) {
      this.#open.delete(pid);
      return { is: 'end', pid, time, code: end[1] === undefined ? undefined : Number(end[1]), signal: end[2] };
    }
    const signal = /^--- (SIG\w+) .*---$/.exec(text);
    if (signal !== null) return { is: 'signal', pid, time, signal: signal[1] ?? '' };
    if (/^(?:---|\+\+\+|strace:)/.test(text)) return undefined; // stopped by, superseded by
    const resumed = /^<\.\.\. (\w+) resumed>/.exec(text);
    if (resumed !== null) return this.#resume(pid, time, resumed[1] ?? '', text.slice(resumed[0].length));
    const unfinished = /^(\w+)\((.*?),? *<unfinished \.\.\.>$/s.exec(text);
    if (unfinished !== null) return this.#begin(pid, time, unfinished[1] ?? '', unfinished[2] ?? '');
    return this.#whole(pid, time, text);
  }

  #begin(pid: number, time: number, name: string, args: string): SystemCall | string | undefined {
    if (this.#open.size >= PROCESS_LIMIT) return `more than ${PROCESS_LIMIT} calls are under way`;
    this.#open.set(pid, { name, text: `${name}(${args}` });
    return { is: 'call', pid, time, name, args, result: undefined, error: undefined, begun: true };
  }

  #resume(pid: number, time: number, name: string, rest: string): SystemCall | string {
    const open = this.#open.get(pid);
    this.#open.delete(pid);
    if (open === undefined || open.name !== name) return `${name} goes on, and has not begun`;
    const comma = open.text.endsWith('(') || /^\s*(?:\)|,)/.test(rest) ? '' : ', ';
    return this.#whole(pid, time, `${open.text}${comma}${rest.trimStart()}`);
  }

  #whole(pid: number, time: number, text: string): SystemCall | string {
    // The answer is behind the last closing parenthesis that an equals sign follows: strings have none, they are hexadecimal with -xx.
    const match = /^(\w+)\((.*)\) +=> *(.*)$/s.exec(text) ?? /^(\w+)\((.*)\) *= (.*)$/s.exec(text);
    if (match === null) return 'it is no call, no signal and no end';
    const [, name = '', args = '', answer = ''] = match;
    const [, number] = /^(-?\d+|0x[\da-f]+)/.exec(answer) ?? [];
    const [, error] = /^-1 (E\w+)/.exec(answer) ?? [];
    return { is: 'call', pid, time, name, args, result: number === undefined ? undefined : Number(number), error };
  }
}
