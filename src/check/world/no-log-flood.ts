/**
 * NO FLOOD OF LOG LINES: nobody can make a daemon write more than so many lines, by whatever comes to it. Counted of each thing that happens to a
 * process (its callback runs to the end before the next one starts), and of each second of virtual time.
 * Lacks: the length of a line, and what is printed to a descriptor.
 */
import { seconds } from '../../host/time.ts';
import type { EventKind, TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always } from '../property.ts';
import { programOf } from './housekeeping.ts';

/** Lines for one thing that happens: more than any daemon here has to say of it (5), with room. */
export const LOG_LINES_PER_INPUT = 32;
/** Lines of one process in one second, whatever happens to it. */
export const LOG_LINES_PER_SECOND = 1_000;

/** What begins a callback. */
const INPUTS: readonly EventKind[] = ['start', 'recv', 'receive', 'fire', 'accept', 'open', 'eof', 'signal', 'wait', 'drain', 'close'];

/** `prints`: programs whose lines are what they are for. */
export const noLogFlood = (prints: readonly string[]): AlwaysProperty =>
  always(
    'no-log-flood',
    `No process logs more than ${LOG_LINES_PER_INPUT} lines for one thing that happens to it, nor more than ${LOG_LINES_PER_SECOND} in one second.`,
    () => new LogMonitor(prints),
    ['log', ...INPUTS],
  );

interface Lines {
  input: number;
  ofInput: number;
  second: number;
  ofSecond: number;
}

class LogMonitor implements AlwaysMonitor {
  readonly #prints: readonly string[];
  readonly #lines = new Map<string, Lines>();
  /** The last event that began a callback, of whatever process: what is logged after it is logged in that callback. */
  #input = -1;

  constructor(prints: readonly string[]) {
    this.#prints = prints;
  }

  see(event: TraceEvent): string | undefined {
    if (event.kind !== 'log') {
      this.#input = event.index;
      return undefined;
    }
    const { process } = event;
    const lines = this.#linesOf(process);
    const second = Math.floor(event.time / seconds(1));
    if (lines.input !== this.#input) {
      lines.input = this.#input;
      lines.ofInput = 0;
    }
    if (lines.second !== second) {
      lines.second = second;
      lines.ofSecond = 0;
    }
    lines.ofInput++;
    lines.ofSecond++;
    if (lines.ofInput <= LOG_LINES_PER_INPUT && lines.ofSecond <= LOG_LINES_PER_SECOND) return undefined;
    if (this.#prints.includes(programOf(process))) return undefined;
    return lines.ofInput > LOG_LINES_PER_INPUT
      ? `${process} logs more than ${LOG_LINES_PER_INPUT} lines for what came at event ${lines.input}`
      : `${process} logs more than ${LOG_LINES_PER_SECOND} lines in second ${second}`;
  }

  #linesOf(process: string): Lines {
    let lines = this.#lines.get(process);
    if (lines === undefined) {
      lines = { input: -1, ofInput: 0, second: -1, ofSecond: 0 };
      this.#lines.set(process, lines);
    }
    return lines;
  }
}
