/**
 * `slipway conform`: a suite against an implementation: anyone's, as a child process, or ours.
 * May import: conformance, cli.
 */
import parseArgv from 'string-argv';
import type { Implementation } from '../../../conformance/play/tester.ts';
import { renderTerminal } from '../../../conformance/report/render/terminal.ts';
import type { Report } from '../../../conformance/report/report.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { conformTo, NOBODY, type Part } from '../conforming.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { SUITES, suiteNamed, unknown } from '../registry.ts';
import type { Screen } from '../screen.ts';

export interface ConformFlags {
  readonly exec?: string;
  readonly role?: readonly string[];
  readonly case?: readonly string[];
  readonly claim?: readonly string[];
  readonly claims?: boolean;
  readonly sim?: boolean;
  readonly patience: string;
  readonly slow?: boolean;
  readonly strict?: boolean;
  readonly report?: string;
}

export async function conform(name: string, command: readonly string[], flags: ConformFlags, screen: Screen): Promise<ExitCode> {
  const suite = suiteNamed(name);
  if (suite === undefined)
    throw unknown(
      'suite',
      name,
      SUITES.map(each => each.name),
    );
  const roles = rolesOf(suite, flags.role);
  const given = givenImplementation(command, flags);
  if (given !== undefined && flags.sim === true) throw usage('--sim tests ours; an implementation that is a program needs the real kernel');
  const interrupt = new Interrupt();
  try {
    const report = await conformTo(
      {
        suite,
        parts: roles.map(role => partOf(suite, role, given, flags)),
        arm: flags.sim === true ? 'sim' : 'node',
        identity: NOBODY,
        cases: flags.case ?? [],
        patience: parsePatience(flags.patience),
        slow: flags.slow === true,
        options: repeated(flags, command),
        folder: flags.report,
      },
      screen,
      interrupt,
    );
    screen.line(renderTerminal(report, { colour: screen.colour }).trimEnd());
    if (flags.report !== undefined)
      screen.line(`\nreport: ${flags.report}/report.html, and report.json beside it, with a trace for each case in ${flags.report}/traces`);
    screen.value(report);
    if (interrupt.asked) return EXIT.interrupted;
    return exitOf(report, flags.strict === true);
  } finally {
    interrupt.release();
  }
}

/** A SHOULD that is not met is told, and is a finding only where that was asked for. */
function exitOf({ rows, conforms, grid }: Report, strict: boolean): ExitCode {
  if (rows.some(row => row.verdict === 'error')) return EXIT.internal;
  return conforms && !(strict && grid.SHOULD.nonstrict > 0) ? EXIT.ok : EXIT.findings;
}

function rolesOf(suite: Suite, asked: readonly string[] | undefined): readonly string[] {
  const known = Object.keys(suite.roles);
  if (asked === undefined) return known.slice(0, 1);
  if (asked.includes('all')) return known;
  for (const role of asked)
    if (!known.includes(role)) throw usage(`the suite ${suite.name} has no role '${role}'; it has ${known.join(', ')}, and all`);
  return [...new Set(asked)];
}

function partOf(suite: Suite, role: string, given: Implementation | undefined, flags: ConformFlags): Part {
  const own = suite.own[role];
  const implementation = given ?? own;
  if (implementation === undefined) throw usage(`there is no implementation of ours for the role ${role}; name one with --exec`);
  const { program, args } = implementation;
  return { role, implementation: { program, args }, claims: claimsOf(suite, flags, given === undefined ? (own?.claims ?? []) : undefined) };
}

function givenImplementation(command: readonly string[], flags: ConformFlags): Implementation | undefined {
  if (flags.exec !== undefined && command.length > 0) throw usage('--exec and a command after -- exclude each other');
  const words = flags.exec === undefined ? command : parseArgv(flags.exec);
  const [program, ...args] = words;
  if (program === undefined) {
    if (flags.exec !== undefined) throw usage('--exec names no program');
    return undefined;
  }
  return { program, args };
}

/** What an implementation of ours claims is known; anyone else's claims everything unless told otherwise. */
function claimsOf(suite: Suite, flags: ConformFlags, own: readonly string[] | undefined): readonly string[] {
  if (flags.claims === false) return [];
  if (flags.claim === undefined) return own ?? Object.keys(suite.claims);
  for (const claim of flags.claim)
    if (!Object.hasOwn(suite.claims, claim))
      throw usage(`the suite ${suite.name} has no claim '${claim}'; it has ${Object.keys(suite.claims).join(', ')}`);
  return flags.claim;
}

function parsePatience(text: string): number {
  const factor = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (factor <= 0) throw usage(`--patience must be a number from 0.001 to 9999, not '${text}'`);
  return Math.round(factor * 1_000);
}

/** The options that a reproduction must repeat. */
function repeated(flags: ConformFlags, command: readonly string[]): string {
  const parts: string[] = [];
  if (flags.sim === true) parts.push('--sim');
  if (flags.slow === true) parts.push('--slow');
  if (flags.strict === true) parts.push('--strict');
  if (flags.claims === false) parts.push('--no-claims');
  if (flags.claim !== undefined) parts.push('--claim', ...flags.claim.map(quoted));
  if (flags.patience !== '1') parts.push('--patience', flags.patience);
  if (flags.exec !== undefined) parts.push('--exec', quoted(flags.exec));
  if (command.length > 0) parts.push('--', ...command.map(quoted));
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}

/** For a POSIX shell. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
