/**
 * The three files a daemon writes about itself: its log, the status file, and the permanent log of delayed messages.
 * One entry, one line: what a line may not hold is shown as an escape. Spec: README.md, L8.
 * Lacks: rotation; and complaints: what cannot be written there is still in the Host's log.
 */
import { printable, utf8 } from '../../host/bytes.ts';
import type { Host, Severity } from '../../host/host.ts';
import type { Instant } from '../../host/time.ts';
import { ctime, epochOf } from '../calendar/ctime.ts';
import { logPath, permanentLogPath, statusPath } from './places.ts';
import type { Settings } from './settings.ts';

/** How a line looks, from the worst: `critical` red, `warning` blue, `notice` yellow, `good` green, `plain`. */
export type Grade = 'critical' | 'warning' | 'notice' | 'good' | 'plain';

const SEVERITY: Readonly<Record<Grade, Severity>> = {
  critical: 'critical',
  warning: 'warning',
  notice: 'info',
  good: 'info',
  plain: 'debug',
};

/** The letters of the permanent log: delayed, could not be delayed, sent. */
export type PermanentLetter = 'D' | 'F' | 'S';

/** The longest text of an entry. */
const ENTRY_MAX = 1_000;
/** What of a command goes into the permanent log: it may be needed to do by hand what was not done. */
const COMMAND_MAX = 65_536;

export class Journal {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #daemon: 'lonc' | 'lond';
  /** The process that writes: `SHELL`, `PARENT`, or the host id of a child. */
  #tag: string;
  #status = '';
  #since: Instant | undefined;
  #last = '';

  constructor(host: Host, settings: Settings, daemon: 'lonc' | 'lond', tag: string) {
    this.#host = host;
    this.#settings = settings;
    this.#daemon = daemon;
    this.#tag = tag;
  }

  retag(tag: string): void {
    this.#tag = tag;
  }

  /** What this process is doing, from now on. It becomes text only when somebody reads it. */
  status(phrase: string): void {
    this.#since = this.#host.clock.wall();
    this.#status = phrase;
  }

  /** `event` is the slug for the Host's log, which never changes. */
  log(grade: Grade, event: string, text: string): void {
    const entry = markUp(grade, printable(text, ENTRY_MAX));
    const now = this.#now();
    this.#last = `${now}: ${entry}`;
    this.#host.log(SEVERITY[grade], event, { text });
    const line = `${now} (${this.#host.process.pid}) [${this.#tag}] [${this.#doing()}]: ${entry}\n`;
    this.#host.storage.append(logPath(this.#settings, this.#daemon), utf8(line));
  }

  /** False when it could not be written. */
  permanent(letter: PermanentLetter, peer: string, command: string): boolean {
    const wall = this.#host.clock.wall();
    const line = `${epochOf(wall)}:${letter}:${peer}:${printable(command, COMMAND_MAX)}:${ctime(wall)}\n`;
    this.#host.log('info', 'permanent', { letter, peer });
    return this.#host.storage.append(permanentLogPath(this.#settings), utf8(line)).ok;
  }

  /** Adds the line of this process to the status file. */
  writeStatus(): void {
    const line = `${this.#host.process.pid}\t${this.#tag}\t${this.#doing()}\t${this.#last}\n`;
    this.#host.storage.append(statusPath(this.#settings, this.#daemon), utf8(line));
  }

  /** Begins the status file anew. */
  beginStatus(): void {
    const header = `${this.#daemon.toUpperCase()} status ${this.#now()} - parent ${this.#host.process.pid}\n\n`;
    this.#host.storage.write(statusPath(this.#settings, this.#daemon), utf8(header));
  }

  #doing(): string {
    return this.#since === undefined ? '' : `${ctime(this.#since)}: ${printable(this.#status, ENTRY_MAX)}`;
  }

  #now(): string {
    return ctime(this.#host.clock.wall());
  }
}

function markUp(grade: Grade, text: string): string {
  switch (grade) {
    case 'critical':
      return `<font color=red>CRITICAL: ${text}</font>`;
    case 'warning':
      return `<font color=blue>WARNING: ${text}</font>`;
    case 'notice':
      return `<font color=yellow>INFO: ${text}</font>`;
    case 'good':
      return `<font color=green>INFO: ${text}</font>`;
    case 'plain':
      return text;
    default:
      return grade satisfies never;
  }
}
