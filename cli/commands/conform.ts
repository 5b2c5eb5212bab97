/**
 * `slipway conform`: a suite against an implementation, anyone's or ours.
 */

import { said } from '../../conformance/adapt/claims.ts';
import { FAKETIME_LIMIT } from '../../conformance/arms/node/faketime.ts';
import { typed } from '../../conformance/report/commands.ts';
import type { Form } from '../../conformance/report/forms.ts';
import { endsWell } from '../../conformance/report/outcome.ts';
import { renderTerminal } from '../../conformance/report/render/terminal.ts';
import type { Report } from '../../conformance/report/report.ts';
import type { Suite } from '../../conformance/suite.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import { openBaseline } from '../baselines.ts';
import { conformTo, NOBODY, programsOf, requireReportFolder, type Subject } from '../conforming.ts';
import type { Context } from '../context.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { unknown } from '../names.ts';
import { type AdapterFlags, doubtsOf, type FoundClaims, findClaims, parseFactor, type TestedRole, testedRoles } from '../tested-role.ts';

export interface ConformFlags extends AdapterFlags {
  readonly role?: readonly string[];
  readonly case?: readonly string[];
  readonly caseFile?: readonly string[];
  readonly claimsFile?: string;
  readonly init?: string | true;
  readonly probeUnclaimed?: boolean;
  readonly sim?: boolean;
  readonly patience?: string;
  readonly timeScale?: string;
  readonly repeat?: string;
  readonly jobs?: string;
  readonly slow?: boolean;
  readonly strict?: boolean;
  readonly report?: string;
  readonly format?: string;
  readonly pcap?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly force?: boolean;
}

export async function conform(
  name: string,
  command: readonly string[],
  flags: ConformFlags,
  { screen, catalogue, modules }: Context,
): Promise<ExitCode> {
  const named = catalogue.suiteNamed(name);
  const protocol = named === undefined ? undefined : catalogue.protocolOf(named);
  if (named === undefined || protocol === undefined)
    throw unknown(
      'suite',
      name,
      catalogue.suites.map(each => each.name),
    );
  const suite = flags.caseFile === undefined ? named : (await import('../case-files.ts')).suiteOf(named, flags.caseFile);
  const claims = flags.claimsFile === undefined ? undefined : await findClaims(flags.claimsFile, named);
  const roles = testedRoles(suite, rolesOf(suite, flags, claims), command, flags, claims);
  for (const doubt of roles.flatMap(role => doubtsOf(role, suite))) screen.note(doubt);
  if (flags.sim === true && roles.some(tested => tested.adapter.kind !== 'program'))
    throw usage('--sim tests ours; an implementation that is a program needs the real kernel');
  const forms = await formsOf(flags);
  const baseline = await openBaseline(suite, flags);
  if (flags.report !== undefined)
    requireReportFolder(
      flags.report,
      forms.map(each => each.file),
      flags.pcap === true,
    );
  const interrupt = new Interrupt();
  try {
    const subject = {
      ...subjectOf(protocol, suite, roles, command, flags, claims),
      modules,
      finish: (report: Report) => baseline.applied(report),
    };
    if (flags.init !== undefined) return await (await import('./init-claims.ts')).initClaims(subject, flags.init, screen, interrupt);
    const begun = performance.now();
    const report = await conformTo(subject, screen, interrupt);
    const wall = (performance.now() - begun) / 1_000;
    screen.line(renderTerminal(report, { colour: screen.colour }).trimEnd());
    if (report.arm === 'sim')
      screen.line(`\n${(report.virtualMicros / 1e6).toFixed(0)} s of virtual time in ${wall.toFixed(1)} s on the wall`);
    if (flags.report !== undefined) {
      screen.line(`\nreport: ${flags.report}/report.json, with a trace for each case in ${flags.report}/traces`);
      const { writeForms } = await import('../report-forms.ts');
      for (const path of writeForms(report, flags.report, forms)) screen.line(`        ${path}`);
    }
    screen.value(report);
    if (interrupt.asked) return EXIT.interrupted;
    const written = baseline.write(report);
    if (written !== undefined) screen.line(written);
    return exitOf(report, flags.strict === true);
  } finally {
    interrupt.release();
  }
}

/** What is written beside report.json: what always is, and what was asked for. */
async function formsOf({ report, format, pcap }: ConformFlags): Promise<readonly Form[]> {
  if (pcap === true && report === undefined) throw usage('--pcap needs --report: the folder to write to');
  if (format !== undefined && report === undefined) throw usage('--format needs --report: the folder to write to');
  if (report === undefined) return [];
  const { FORMS, formsNamed } = await import('../report-forms.ts');
  const asked = format === undefined ? [] : formsNamed(format);
  return FORMS.filter(form => form.always || asked.includes(form));
}

function subjectOf(
  protocol: Protocol,
  suite: Suite,
  roles: readonly TestedRole[],
  command: readonly string[],
  flags: ConformFlags,
  claims: FoundClaims | undefined,
): Omit<Subject, 'modules'> {
  const { timeScale, patience, limits = [], choices } = claims?.file ?? {};
  // The clock that is faked is the one by which its timers run.
  const scale = flags.timeScale ?? flags.faketime ?? (timeScale === undefined ? '1' : String(timeScale));
  return {
    suite,
    programs: programsOf(protocol),
    decoders: protocol.decoders,
    roles,
    arm: flags.sim === true ? 'sim' : 'node',
    identity: { ...NOBODY, ...identityOf(claims) },
    cases: flags.case ?? [],
    patience: Math.round(parseFactor('--patience', flags.patience ?? String(patience ?? 1)) * 1_000),
    timeScale: parseTimeScale(scale),
    probeUnclaimed: flags.probeUnclaimed === true,
    slow: flags.slow === true,
    ...(flags.repeat === undefined ? {} : { repeat: parseCount('--repeat', flags.repeat, 1, REPEAT_LIMIT) }),
    ...(flags.jobs === undefined ? {} : { jobs: parseCount('--jobs', flags.jobs, 1, JOBS_LIMIT) }),
    choices: said(choices),
    limits: [...limits, ...(flags.faketime === undefined ? [] : [FAKETIME_LIMIT])],
    options: repeated(flags, command),
    caseFiles: flags.caseFile,
    folder: flags.report,
    pcap: flags.pcap === true,
  };
}

function identityOf(claims: FoundClaims | undefined): Partial<Subject['identity']> {
  if (claims === undefined) return {};
  const { name, version, url = '', contact = '' } = claims.file.implementation;
  return { name, version, url, contact };
}

const REPEAT_LIMIT = 1_000;
/** Each is a few processes. */
const JOBS_LIMIT = 64;

/** In thousandths. */
function parseTimeScale(text: string): number {
  const factor = parseFactor('--time-scale', text);
  if (factor < 1) throw usage(`--time-scale is how many times as fast, from 1 on, not '${text}'`);
  return Math.round(factor * 1_000);
}

/** A SHOULD that is not met is told, and is a finding only where that was asked for. */
function exitOf(report: Report, strict: boolean): ExitCode {
  if (report.rows.some(row => row.verdict === 'error')) return EXIT.internal;
  return endsWell(report, strict) ? EXIT.ok : EXIT.findings;
}

/** Those asked for; those that files of cases have; those that the claims file has; the first of the suite. */
function rolesOf(suite: Suite, { role: asked, caseFile }: ConformFlags, claims: FoundClaims | undefined): readonly string[] {
  const known = Object.keys(suite.roles);
  if (asked === undefined && caseFile !== undefined) return known.filter(each => suite.cases.some(({ role }) => role === each));
  const claimed = claims === undefined ? known : known.filter(each => claims.file.roles[each] !== undefined);
  if (asked === undefined) return claims === undefined || claimed.length === 0 ? known.slice(0, 1) : claimed;
  if (asked.includes('all')) return claimed.length === 0 ? known : claimed;
  for (const role of asked)
    if (!known.includes(role)) throw usage(`the suite ${suite.name} has no role '${role}'; it has ${known.join(', ')}, and all`);
  return [...new Set(asked)];
}

/** The options that a reproduction must repeat. */
function repeated(flags: ConformFlags, command: readonly string[]): string {
  const words: string[] = [];
  if (flags.sim === true) words.push('--sim');
  if (flags.slow === true) words.push('--slow');
  if (flags.strict === true) words.push('--strict');
  if (flags.forks === true) words.push('--forks');
  if (flags.claims === false) words.push('--no-claims');
  if (flags.claim !== undefined) words.push('--claim', ...flags.claim.map(typed));
  if (flags.caseFile !== undefined) words.push('--case-file', ...flags.caseFile.map(typed));
  for (const [option, value] of [
    ['--claims-file', flags.claimsFile],
    ['--patience', flags.patience],
    ['--time-scale', flags.timeScale],
    ['--repeat', flags.repeat],
    ['--faketime', flags.faketime],
    ['--cwd', flags.cwd],
    ['--at', flags.at],
    ['--ready', flags.ready],
    ['--ready-within', flags.readyWithin],
    ['--pid-file', flags.pidFile],
    ['--shim', flags.shim],
    ['--exec', flags.exec],
  ] as const)
    if (value !== undefined) words.push(option, typed(value));
  for (const variable of flags.env ?? []) words.push('--env', typed(variable));
  for (const setting of flags.set ?? []) words.push('--set', typed(setting));
  for (const reader of flags.reader ?? []) words.push('--reader', typed(reader));
  for (const address of flags.attach ?? []) words.push('--attach', typed(address));
  if (command.length > 0) words.push('--', ...command.map(typed));
  return words.length === 0 ? '' : ` ${words.join(' ')}`;
}
