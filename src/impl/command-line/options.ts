/**
 * Command lines of daemons: `--name=value` and `--name`, nothing else. Reading them collects what is wrong; the first of it is
 * what people are told.
 * Lacks: short options, abbreviations, `--name value`.
 */
import { ipv4 } from '../../host/address.ts';
import { printable } from '../../host/bytes.ts';

const OPTION = /^--([a-z][a-z-]*)(?:=(.*))?$/s;
const DIGITS = /^[0-9]{1,10}$/;

export class Options {
  readonly #given: Map<string, (string | undefined)[]> = new Map();
  #problem: string | undefined;

  constructor(args: readonly string[]) {
    for (const argument of args) {
      const [, name, value] = OPTION.exec(argument) ?? [];
      if (name === undefined) this.refuse(`'${printable(argument)}' is not an option: write --name or --name=value`);
      else this.#given.set(name, [...(this.#given.get(name) ?? []), value]);
    }
  }

  /** All values given, in order, and removed from what `problem` complains of. */
  all(name: string): readonly string[] {
    const values = this.#given.get(name) ?? [];
    this.#given.delete(name);
    if (values.includes(undefined)) this.refuse(`--${name} takes a value: --${name}=…`);
    return values.flatMap(value => (value === undefined ? [] : [value]));
  }

  /** The last value given. */
  text(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  flag(name: string): boolean {
    const values = this.#given.get(name) ?? [];
    this.#given.delete(name);
    if (values.some(value => value !== undefined)) this.refuse(`--${name} takes no value`);
    return values.length > 0;
  }

  /** A whole number in decimal digits. */
  number(name: string, most: number, least = 0): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = DIGITS.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    this.refuse(`--${name}=${printable(value)}: give a number from ${least} to ${most}`);
    return undefined;
  }

  /** Dotted IPv4. */
  address(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || ipv4(value) !== undefined) return value;
    this.refuse(`--${name}=${printable(value)}: give an IPv4 address`);
    return undefined;
  }

  /** One of a few words. */
  choice<T extends string>(name: string, words: readonly T[], otherwise: T): T {
    const value = this.text(name);
    if (value === undefined) return otherwise;
    const found = words.find(word => word === value);
    if (found === undefined) this.refuse(`--${name}=${printable(value)}: choose one of ${words.join(', ')}`);
    return found ?? otherwise;
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
