/**
 * Command lines of the daemons: `--name=value`, nothing else.
 * Lacks: short options, abbreviations, `--name value`, flags.
 * May import: host, quirks.
 */
import { ipv4 } from '../../host/address.ts';
import { printable } from '../../host/bytes.ts';
import type { Profile, Quirk, Quirks } from './quirks.ts';
import { isQuirk, quirksOf } from './quirks.ts';

/** The options of one command line. Reading them collects the errors; `problem` is the first, for people. */
export class Options {
  readonly #given: Map<string, string[]> = new Map();
  #problem: string | undefined;

  constructor(args: readonly string[]) {
    for (const argument of args) {
      const parts = OPTION.exec(argument);
      if (parts === null) {
        this.refuse(`'${printable(argument)}' is not an option: write --name=value`);
        continue;
      }
      const name = parts[1] ?? '';
      this.#given.set(name, [...(this.#given.get(name) ?? []), parts[2] ?? '']);
    }
  }

  /** All values given, in order, and removed from what `problem` complains of. */
  all(name: string): readonly string[] {
    const values = this.#given.get(name) ?? [];
    this.#given.delete(name);
    return values;
  }

  /** The last value given. */
  text(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) this.refuse(`--${name}= is missing`);
    return value ?? '';
  }

  number(name: string, most: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = DIGITS.test(value) ? Number(value) : Number.NaN;
    if (number <= most) return number;
    this.refuse(`--${name}=${printable(value)}: give a number from 0 to ${most}`);
    return undefined;
  }

  /** Dotted IPv4. */
  address(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || ipv4(value) !== undefined) return value;
    this.refuse(`--${name}=${printable(value)}: give an IPv4 address`);
    return undefined;
  }

  quirks(): Quirks {
    const profile = this.text('profile') ?? 'corrected';
    const added: Quirk[] = [];
    for (const slug of this.all('quirk')) {
      if (isQuirk(slug)) added.push(slug);
      else this.refuse(`--quirk=${printable(slug)}: no such quirk; README.md lists them`);
    }
    if (isProfile(profile)) return quirksOf(profile, added);
    this.refuse(`--profile=${printable(profile)}: choose one of corrected, as-written`);
    return new Set(added);
  }

  refuse(text: string): void {
    this.#problem ??= text;
  }

  /** The first error, or that an option is left which nobody asked for. */
  get problem(): string | undefined {
    for (const name of this.#given.keys()) this.refuse(`--${printable(name)}: no such option`);
    return this.#problem;
  }
}

const isProfile = (text: string): text is Profile => text === 'corrected' || text === 'as-written';

const OPTION = /^--([a-z][a-z-]*)=(.*)$/s;
const DIGITS = /^[0-9]{1,10}$/;
