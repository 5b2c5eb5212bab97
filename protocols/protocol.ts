/**
 * A protocol as a value: everything that is known of it, and nothing of it is known anywhere else. index.ts lists those of this
 * package; somebody else's comes from their own files.
 */
import { HELPERS } from '../conformance/helpers.ts';
import type { Suite } from '../conformance/suite.ts';
import type { Recording } from '../src/check/recording.ts';
import type { Scenario } from '../src/check/scenario.ts';
import type { Programs } from '../src/host/host.ts';
import type { Trap } from '../src/impl/command-line/traps.ts';
import type { Disclosure } from '../src/trace/anonymise/disclosure.ts';
import { CARRIERS, type Decoders } from '../src/trace/message.ts';

export interface Protocol {
  /** A slug. */
  readonly name: string;
  readonly title: string;
  /** Its daemons, by the names under which `slipway serve` and every Host start them. */
  readonly daemons: Programs;
  readonly scenarios: readonly Scenario[];
  /** Runs of them that are kept as files. */
  readonly recordings?: readonly Recording[];
  /** Who is who in them, for the page that tells of them. */
  readonly stage?: string;
  readonly suite?: Suite;
  /** What a conformance run starts: the daemons, what helps the tester, and mutants. */
  readonly programs: Programs;
  /** The module that exports `programs`, as a path: a real process of its own loads them from there. */
  readonly module: string;
  /** What its published sources do that cannot have been meant. */
  readonly traps: readonly Trap<string>[];
  /** What its bytes mean, by what they go through: `slipway show` tells the messages beside them. Those of its suite, as a rule. */
  readonly decoders?: Decoders;
  /** What of its messages anybody may see: `slipway anonymise` replaces the rest. Absent: nothing of them. */
  readonly disclosed?: Disclosure;
  /** Commands of its own: `slipway NAME …`. */
  readonly commands?: readonly ProtocolCommand[];
  /** What `slipway tour` shows; the first protocol that has one is shown. */
  readonly tour?: Tour;
}

/** Half a minute of a protocol. */
export interface Tour {
  readonly healthy: { readonly scenario: string; readonly seed: number };
  /** A scenario whose as-written profile shows the bug of this trap. */
  readonly bug: { readonly scenario: string; readonly trap: string; readonly text: string };
  /** A program in another language, as a path from the root of the package, with a fault that only the case `found` shows. */
  readonly foreign: {
    readonly role: string;
    readonly interpreter: { readonly name: string; readonly program: string };
    readonly file: string;
    readonly fault: { readonly args: readonly string[]; readonly text: string; readonly found: string };
    readonly cases: readonly string[];
  };
}

/** A protocol as its author writes it: what is left out is empty. */
export interface ProtocolDefinition extends Pick<Protocol, 'name' | 'daemons'>, Partial<Omit<Protocol, 'name' | 'daemons' | 'module'>> {}

/**
 * A protocol of somebody else. Throws an Error that says what is wrong.
 * `module`: the file that brings it.
 */
export function protocolOf(given: unknown, module: string): Protocol {
  if (typeof given !== 'object' || given === null) throw new Error('a protocol is an object: defineProtocol({ name, daemons, … })');
  const {
    name,
    title = name,
    daemons,
    scenarios = [],
    programs = {},
    traps = [],
    recordings = [],
    ...rest
  } = given as Partial<ProtocolDefinition>;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new Error(`the name of a protocol is a slug such as my-protocol, not ${JSON.stringify(name) ?? 'absent'}`);
  if (typeof daemons !== 'object' || daemons === null) throw new Error(`protocol ${name}: daemons is a table of daemons by name`);
  for (const [daemon, run] of Object.entries({ ...daemons, ...programs }))
    if (typeof run !== 'function') throw new Error(`protocol ${name}: the daemon ${daemon} is not a function that takes a Host`);
  if (![scenarios, traps, recordings].every(Array.isArray)) throw new Error(`protocol ${name}: scenarios, traps and recordings are lists`);
  const foreign = scenarios.find(each => !each.name.startsWith(`${name}/`));
  if (foreign !== undefined) throw new Error(`protocol ${name}: the name of scenario ${foreign.name} must begin with ${name}/`);
  if (rest.suite !== undefined && rest.suite.name !== name)
    throw new Error(`protocol ${name}: its suite is named ${rest.suite.name}, and must have its name`);
  for (const [carrier, decoder] of Object.entries(rest.decoders ?? {}))
    if (typeof decoder !== 'function') throw new Error(`protocol ${name}: decoders.${carrier} is a function that makes a decoder`);
  const strange = Object.keys(rest.decoders ?? {}).find(each => !CARRIERS.some(carrier => carrier === each));
  if (strange !== undefined) throw new Error(`protocol ${name}: decoders are for ${CARRIERS.join(', ')}, not ${JSON.stringify(strange)}`);
  return {
    ...rest,
    name,
    title: title ?? name,
    daemons,
    scenarios,
    programs: { ...HELPERS, ...daemons, ...programs },
    module,
    traps,
    recordings,
  };
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
