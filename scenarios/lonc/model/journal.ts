/**
 * What one process writes about itself: every entry is in the catalogue and has its form, at its time and in its file; and what is owed is said
 * before the process does anything else (README.md of lonc, L8).
 * Lacks: what is owed, and why (child-tells.ts, parent-tells.ts, lond-tells.ts).
 */
import type { Instant } from '../../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { PERMANENT } from '../parts/places.ts';
import { type Catalogue, type Fact, MARKS, NOT_KEPT } from './log-facts.ts';

export interface Writer {
  readonly pid: string;
  /** Host id of its child, or of itself. */
  readonly peer: string;
  readonly catalogue: Catalogue;
}

interface Owed {
  readonly what: string;
  readonly text: string | undefined;
}

/** With these a process is called by its Host: what it did before is done. */
const CALLS: readonly EventKind[] = ['fire', 'signal', 'wait', 'accept', 'open', 'recv', 'eof'];
const STATUS = /^\/w\/lon-status\/lon[cd]status\.txt$/;
/** A text that is written down as it is. */
const PLAIN = /^[ -"$-~]{0,900}$/;
const DAY = 86_400;

/** A wall clock of ctime(3); undefined: not on the first day of the world, or nobody knows. */
export function stampAt(time: Instant): string | undefined {
  const seconds = Math.floor(time / 1_000_000);
  const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
  return seconds < DAY ? `Thu Jan  1 ${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)} 2026` : undefined;
}

export class JournalModel {
  readonly #writer: Writer;
  /** Whether clocks go as they should. */
  readonly #inTime: () => boolean;
  /** What it is doing, as a pattern; undefined: only the catalogue knows. */
  readonly #doing: () => string | undefined;
  /** What it must say, or write, before it is called again; and how. */
  #owed: readonly Owed[] = [];
  #tag: string;
  /** What was logged, and has to be written now. */
  #said: { readonly fact: Fact; readonly text: string } | undefined;
  /** The last entry, with its time. */
  #entry = '';
  last = '';

  constructor(writer: Writer, tag: string, inTime: () => boolean, doing: () => string | undefined) {
    this.#writer = writer;
    this.#tag = tag;
    this.#inTime = inTime;
    this.#doing = doing;
  }

  retag(tag: string): void {
    this.#tag = tag;
  }

  /** A slug, `status`, `header` or `permanent`; with the text that it must have. */
  owe(what: string, text?: string): void {
    this.#owed = [...this.#owed, { what, text }];
  }

  /** Whether it is owed: for what is only said when it is. */
  owes(what: string): boolean {
    return this.#owed.some(each => each.what === what);
  }

  /** What is owed and is done with this text; undefined: another one is. */
  #settle(what: string, is: (right: string) => boolean): Owed | undefined {
    const done = this.#owed.find(each => each.what === what && (each.text === undefined || is(each.text)));
    this.#owed = this.#owed.filter(each => each !== done);
    return done;
  }

  see(event: TraceEvent, text: string): string | undefined {
    const { kind, data } = event;
    if (this.#said !== undefined && kind !== 'exit') return this.#written(event, text);
    const [first] = this.#owed;
    if (first !== undefined && (CALLS.includes(kind) || (kind === 'exit' && data?.['signal'] === undefined)))
      return `does not say '${first.text ?? first.what}'`;
    const path = String(data?.['path']);
    if (kind === 'log') return this.#logged(event);
    if (kind === 'write' && STATUS.test(path)) return this.#header(event, text);
    if (kind !== 'append') return undefined;
    if (STATUS.test(path)) return this.#status(event, text);
    if (path === PERMANENT) return this.#permanent(event, text);
    return path === this.#writer.catalogue.log ? `writes '${text}', and has not said it` : undefined;
  }

  #logged({ data }: TraceEvent): string | undefined {
    const slug = String(data?.['event']);
    if (NOT_KEPT.includes(slug)) return undefined;
    const fact = this.#writer.catalogue.facts[slug];
    if (fact === undefined) return `logs '${slug}', which is in no catalogue`;
    const text = String(data?.['text']);
    if (!this.#is(fact.text, text)) return `logs '${slug}' with '${text}'`;
    if (data?.['severity'] !== MARKS[fact.grade][2]) return `logs '${slug}' as ${String(data?.['severity'])}`;
    const right = this.#owed.find(({ what }) => what === slug);
    if (this.#settle(slug, each => each === text) === undefined && right !== undefined) return `says '${text}' instead of '${right.text}'`;
    this.#said = { fact, text };
    this.last = slug;
    return undefined;
  }

  /** `<ctime> (<pid>) [<tag>] [<ctime>: <phrase>]: <text>` */
  #written({ kind, time, data }: TraceEvent, line: string): string | undefined {
    const { fact, text } = this.#said ?? { fact: undefined, text: '' };
    this.#said = undefined;
    const { pid, catalogue } = this.#writer;
    if (kind !== 'append' || data?.['path'] !== catalogue.log || fact === undefined) return `does not write down '${text}'`;
    const [, stamp = '', by, tag, doing, entry = ''] = /^(.{24}) \(([0-9]+)\) \[([^\]]*)\] \[(.*?)\]: (.*)\n$/.exec(line) ?? [];
    const [before, after] = MARKS[fact.grade];
    this.#entry = `${stamp}: ${entry}`;
    if (by !== pid || tag !== this.#tag || doing === undefined) return `writes '${line}', which has not the form of an entry`;
    if (!entry.startsWith(before) || !entry.endsWith(after)) return `writes '${line}', which is ${fact.grade}`;
    if (PLAIN.test(text) && entry !== `${before}${text}${after}`) return `writes '${line}', and has said '${text}'`;
    return this.#wrongStamp(stamp, time) ?? this.#wrongDoing(doing, time, fact.doing) ?? this.#wrongDoing(doing, time, this.#doing());
  }

  /** `pid TAB tag TAB status TAB last entry` */
  #status({ time }: TraceEvent, line: string): string | undefined {
    this.#settle('status', () => true);
    const [pid, tag, doing = '', entry, more] = line.split('\t');
    if (pid !== this.#writer.pid || tag !== this.#tag || more !== undefined) return `writes '${line}' into the status file`;
    if (entry !== `${this.#entry}\n`) return `tells of '${entry}' in the status file, and its last entry is '${this.#entry}'`;
    return this.#wrongDoing(doing, time, this.#doing());
  }

  #header({ time }: TraceEvent, text: string): string | undefined {
    this.#settle('header', () => true);
    const [, name, stamp = '', pid] = /^(LON[CD]) status (.{24}) - parent ([0-9]+)\n\n$/.exec(text) ?? [];
    const right = name === this.#writer.catalogue.log.slice(-8, -4).toUpperCase() && pid === this.#writer.pid;
    return right ? this.#wrongStamp(stamp, time) : `begins its status file with '${text}'`;
  }

  /** `<epoch>:<letter>:<host>:<command>:<ctime>` */
  #permanent({ time }: TraceEvent, line: string): string | undefined {
    const [, epoch, entry = '', stamp = ''] = /^([0-9]+):(.*):(.{24})\n$/.exec(line) ?? [];
    if (this.#settle('permanent', right => this.#is(right, entry)) === undefined) return `writes '${line}' into the permanent log`;
    const now = 1_767_225_600 + Math.floor(time / 1_000_000);
    if (this.#inTime() && epoch !== String(now)) return `writes '${line}' into the permanent log at ${now}`;
    return this.#wrongStamp(stamp, time);
  }

  #wrongStamp(stamp: string, time: Instant): string | undefined {
    const now = stampAt(time);
    return now === undefined || !this.#inTime() || stamp === now ? undefined : `writes '${stamp}', and it is ${now}`;
  }

  #wrongDoing(doing: string, time: Instant, wanted: string | undefined): string | undefined {
    const now = stampAt(time);
    const [, stamp = '', phrase = ''] = /^(.{24}): (.*)$/s.exec(doing) ?? [];
    if (wanted !== undefined && !this.#is(wanted, phrase)) return `says that it does '${phrase}' instead of '${wanted}'`;
    const late = now !== undefined && this.#inTime() && stamp > now;
    return late ? `says that it does '${phrase}' since ${stamp}, and it is ${now}` : undefined;
  }

  #is(pattern: string, text: string): boolean {
    return matcherOf(pattern.replaceAll('{P}', this.#writer.peer.replaceAll('.', '\\.')).replaceAll('{pid}', this.#writer.pid)).test(text);
  }
}

/** By their patterns: there are few, and they come again and again. */
const MATCHERS = new Map<string, RegExp>();

function matcherOf(pattern: string): RegExp {
  const known = MATCHERS.get(pattern);
  if (known !== undefined) return known;
  const matcher = new RegExp(`^(?:${pattern})$`, 's');
  MATCHERS.set(pattern, matcher);
  return matcher;
}
