/**
 * Command lines of the two daemons: what ../command-line reads, with the rules of this protocol.
 */
import { type Duration, millis } from '../../host/time.ts';
import { Options as CommandLine } from '../command-line/options.ts';
import { quirkOptions } from '../command-line/traps.ts';
import { type Quirks, TRAPS } from './quirks.ts';

/** Some wrong thing in the arguments: `text` says what, and what would be right. */
export class UsageError {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Times are an hour at most. */
const MILLIS_MAX = 3_600_000;

export class Options extends CommandLine {
  millis(name: string): Duration | undefined {
    const count = this.number(name, MILLIS_MAX);
    return count === undefined ? undefined : millis(count);
  }

  quirks(): Quirks {
    return quirkOptions(this, TRAPS);
  }

  /** The first error, or that an option is left which nobody asked for. */
  end(): UsageError | undefined {
    const { problem } = this;
    return problem === undefined ? undefined : new UsageError(problem);
  }
}
