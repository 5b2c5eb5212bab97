/**
 * What the user sees: results on standard output, progress and complaints on standard error. Colour and the moving
 * progress line only where a terminal is on the other side.
 * Lacks: tables and boxes; commands lay out their own lines.
 */
import { printable, printableJson } from '../src/host/bytes.ts';
import { COLUMNS } from '../src/trace/sequence.ts';

export interface ScreenOptions {
  /** Results are JSON; everything else is kept quiet. */
  readonly json: boolean;
}

/** A moving line is drawn at most this often. */
const PROGRESS_INTERVAL_MS = 100;
const COLUMNS_LEAST = 40;
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof CODES;

export class Screen {
  readonly json: boolean;
  readonly #colour: boolean;
  readonly #moving: boolean;
  #shown = false;
  #last = 0;

  constructor(options: ScreenOptions) {
    this.json = options.json;
    // NO_COLOR (no-color.org) and FORCE_COLOR are what other tools obey.
    const forced = process.env['FORCE_COLOR'];
    this.#colour = forced === undefined || forced === '0' ? process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined : true;
    this.#moving = process.stderr.isTTY === true && !options.json;
  }

  /** Whether results may be coloured. */
  get colour(): boolean {
    return this.#colour && !this.json;
  }

  /** Characters of a line: of the terminal, or as many as a file is pleasant to read with. */
  get columns(): number {
    return Math.max(COLUMNS_LEAST, process.stdout.columns ?? COLUMNS);
  }

  style(style: Style, text: string): string {
    return this.colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  }

  /** A result for people; nothing with --json. */
  line(text = ''): void {
    if (this.json) return;
    this.#clear();
    process.stdout.write(`${text}\n`);
  }

  /** The one result with --json; nothing without. */
  value(value: unknown): void {
    if (this.json) process.stdout.write(`${printableJson(JSON.stringify(value, null, 2))}\n`);
  }

  note(text: string): void {
    this.#clear();
    process.stderr.write(`${text}\n`);
  }

  /** Shows how far a long work is; replaced by the next one, gone at the next line. */
  progress(text: () => string): void {
    const now = performance.now();
    if (!this.#moving || now - this.#last < PROGRESS_INTERVAL_MS) return;
    this.#last = now;
    const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(`\r\u001b[2K${printable(text(), width)}`);
    this.#shown = true;
  }

  #clear(): void {
    if (!this.#shown) return;
    process.stderr.write('\r\u001b[2K');
    this.#shown = false;
  }
}

/** `1 234 567`, the same everywhere. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

export const plural = (number: number, noun: string, nouns = `${noun}s`): string => `${count(number)} ${number === 1 ? noun : nouns}`;
