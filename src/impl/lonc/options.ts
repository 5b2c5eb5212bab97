/**
 * Command lines of the daemons: what ../command-line reads, with the quirks of this protocol.
 */
import { Options as CommandLine } from '../command-line/options.ts';
import { quirkOptions } from '../command-line/traps.ts';
import type { Quirks } from './quirks.ts';
import { TRAPS } from './quirks.ts';

export class Options extends CommandLine {
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) this.refuse(`--${name}= is missing`);
    return value ?? '';
  }

  quirks(): Quirks {
    return quirkOptions(this, TRAPS);
  }
}
