/**
 * A protocol as a value: everything that is known of it, and nothing of it is known anywhere else. index.ts lists those of this
 * package; somebody else's comes from their own files.
 * May import: all but cli.
 */
import type { Suite } from '../conformance/suite.ts';
import type { Scenario } from '../src/check/scenario.ts';
import type { Programs } from '../src/host/host.ts';
import type { Trap } from '../src/impl/command-line/traps.ts';

export interface Protocol {
  /** A slug. */
  readonly name: string;
  readonly title: string;
  /** Its daemons, by the names under which `slipway serve` and every Host start them. */
  readonly daemons: Programs;
  readonly scenarios: readonly Scenario[];
  readonly suite?: Suite;
  /** What a conformance run starts: the daemons, what helps the tester, and mutants. */
  readonly programs: Programs;
  /** The module that exports `programs`, as a path: a real process of its own loads them from there. */
  readonly module: string;
  /** What its published sources do that cannot have been meant. */
  readonly traps: readonly Trap<string>[];
  /** Commands of its own: `slipway NAME …`. */
  readonly commands?: readonly ProtocolCommand[];
}

/** A command that a protocol brings. */
export interface ProtocolCommand {
  readonly name: string;
  readonly description: string;
  /** What its arguments are. Those that begin with a dash and are not among `options` go to it as they came. */
  readonly args: string;
  readonly options: readonly CommandOption[];
  /** Command lines, without `slipway`. */
  readonly examples: readonly string[];
  /** Returns its exit code: 0, 1 where there was nothing to show, or what EXIT says. */
  readonly run: (args: readonly string[], options: Readonly<Record<string, string | undefined>>, output: CommandOutput) => Promise<number>;
}

export interface CommandOption {
  /** `spool` for `--spool <dir>`. */
  readonly name: string;
  readonly value: string;
  readonly text: string;
  /** The values it takes; absent: any. */
  readonly choices?: readonly string[];
}

export interface CommandOutput {
  /** Bytes for standard output. */
  out(bytes: Uint8Array): void;
  /** Bytes for standard error. */
  err(bytes: Uint8Array): void;
  /** Absent unless `--json` was given: then one value instead of lines. */
  readonly json: ((value: unknown) => void) | undefined;
}
