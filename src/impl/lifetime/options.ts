/**
 * Command lines of the two daemons: `--name=value` and `--name`, nothing else.
 * Lacks: short options, abbreviations, `--name value`.
 * May import: host, quirks.
 */
import { printable } from '../../host/bytes.ts';
import type { Duration } from '../../host/time.ts';
import { millis } from '../../host/time.ts';
import type { Profile, Quirk, Quirks } from './quirks.ts';
import { isQuirk, quirksOf } from './quirks.ts';

/** Some wrong thing in the arguments: `text` says what, and what would be right. */
export class UsageError {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The options of one command line. Reading them collects the errors; `problem` is the first. */
export class Options {
  readonly #given: Map<string, string[]> = new Map();
  #problem: UsageError | undefined;

  constructor(args: readonly string[]) {
    for (const argument of args) {
      if (!argument.startsWith('--')) {
        this.#wrong(`'${printable(argument)}' is not an option: write --name or --name=value`);
        continue;
      }
      const equals = argument.indexOf('=');
      const name = equals < 0 ? argument.slice(2) : argument.slice(2, equals);
      const values = this.#given.get(name) ?? [];
      values.push(equals < 0 ? '' : argument.slice(equals + 1));
      this.#given.set(name, values);
    }
  }

  /** All values given, in order, and removed from what `end` complains of. */
  all(name: string): readonly string[] {
    const values = this.#given.get(name) ?? [];
    this.#given.delete(name);
    return values;
  }

  /** The last value given. */
  text(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  flag(name: string): boolean {
    const value = this.text(name);
    if (value !== undefined && value !== '') this.#wrong(`--${name} takes no value`);
    return value !== undefined;
  }

  number(name: string, most: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = DIGITS.test(value) ? Number(value) : Number.NaN;
    if (number <= most) return number;
    this.#wrong(`--${name}=${printable(value)}: give a number from 0 to ${most}`);
    return undefined;
  }

  millis(name: string): Duration | undefined {
    const count = this.number(name, MILLIS_MAX);
    return count === undefined ? undefined : millis(count);
  }

  one<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const choice = choices.find(candidate => candidate === value);
    if (choice === undefined) this.#wrong(`--${name}=${printable(value)}: choose one of ${choices.join(', ')}`);
    return choice;
  }

  quirks(): Quirks {
    const profile = this.one<Profile>('profile', ['corrected', 'as-written']) ?? 'corrected';
    const added: Quirk[] = [];
    for (const slug of this.all('quirk')) {
      if (isQuirk(slug)) added.push(slug);
      else this.#wrong(`--quirk=${printable(slug)}: no such quirk; README.md lists them`);
    }
    return quirksOf(profile, added);
  }

  /** For what a daemon finds wrong itself. */
  refuse(text: string): void {
    this.#wrong(text);
  }

  /** The first error, or that an option is left which nobody asked for. */
  end(): UsageError | undefined {
    for (const name of this.#given.keys()) this.#wrong(`--${printable(name)}: no such option`);
    return this.#problem;
  }

  #wrong(text: string): void {
    this.#problem ??= new UsageError(text);
  }
}

const DIGITS = /^[0-9]{1,10}$/;
/** An hour. */
const MILLIS_MAX = 3_600_000;
